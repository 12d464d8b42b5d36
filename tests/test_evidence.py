"""Does what is cited carry the sentence? Single cases, and rates over planted faults, part of them never tuned on."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from planted_faults import planted

from rag.answer import State
from rag.article import Article, NewsTime
from rag.citation import Citation
from rag.embedder import WordHashEmbedder, embedder_named
from rag.evidence import check
from rag.passage import Passage
from rag.quantity import quantities
from rag.sentences import sentences
from rag.words import terms

BODY = (
    "The bridge at Orle will cost 12 million crowns, Mayor Edda Holt said on Monday. It opens on 4 May.\n\n"
    "“We have waited thirty years for it,” she said. Divers found cracks in 2 piers, 45 percent of the steel is rust.\n\n"
    "The German engineer Jean-Luc Müller of the European Union's road office did not attend. "
    "About 1,432,000 cars cross it a year."
)
WORD_HASH = WordHashEmbedder()


def cited(text: str, body: str = BODY, day: str = "2026-03-04") -> Citation:
    published = NewsTime(datetime.fromisoformat(day).replace(tzinfo=UTC), day, "test")
    article = Article(
        identity="a", headline="Bridge at Orle", body=body, publisher="Orle Bell", first_published=published
    )
    wanted = set(terms(text))
    span = max(sentences(body), key=lambda s: len(wanted & set(terms(s.of(body)))))
    return Citation(1, article, Passage(article.id, article.revision, 0, 0, len(body), body), span.start, span.end)


def state(text: str, body: str = BODY) -> State:
    return check(text, [cited(text, body)], WORD_HASH).state


@pytest.mark.parametrize(
    "text",
    [
        "It opens on 4 May.",
        "“We have waited thirty years for it,” she said.",
        "divers found cracks in 2 piers",
    ],
)
def test_the_words_of_the_passage_are_verbatim(text):
    assert state(text) is State.VERBATIM


@pytest.mark.parametrize(
    "text",
    [
        "The Orle bridge will cost 12,000,000 crowns, Edda Holt said on Monday.",
        "On 2 March, Mayor Holt said the bridge at Orle would cost 12m crowns.",  # the Monday before publication
        "The bridge opens on May 4, 2026.",
        "Holt’s bridge will cost twelve million crowns.",
        "“We have waited … for it,” said Holt of the bridge.",
        "Divers found cracks in two piers, and 45% of the steel is rust.",
        "Some 1.4 million cars cross the bridge a year.",
        "Jean-Luc Muller, an engineer from Germany, did not attend.",
        "The engineer Müller of the EU road office did not attend.",
        "The Orle Bell reported on Wednesday that divers found cracks in 2 piers.",
    ],
)
def test_other_words_for_the_same_are_supported(text):
    assert check(text, [cited(text)], WORD_HASH).faults == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("The bridge at Orle will cost 13 million crowns.", "13 million is not in the source"),
        ("The bridge at Orle will cost 12 billion crowns.", "12 billion is not in the source"),
        ("The bridge at Orle will cost 12 million euros.", "12 million is not in the source"),
        ("Divers found cracks in five piers.", "five is not in the source"),
        ("12 percent of the steel is rust.", "12 is not in the source"),
        ("Mayor Edda Holt said on Friday what the bridge costs.", "Friday is not in the source"),
        ("The bridge opens on 5 May.", "5 May is not in the source"),
        ("The bridge opens in July.", "July is not in the source"),
        (
            "Mayor Edda Brandt said the bridge will cost 12 million crowns.",
            "“Mayor Edda Brandt” is not named in the source",
        ),
        ("Brandt said the bridge will cost 12 million crowns.", "“Brandt” is not named in the source"),
        (
            "“We have waited forty days for it,” she said.",
            "“We have waited forty days for it,” is not quoted word for word",
        ),
        ("The engineer Müller did attend, the bridge closes on 4 May.", "the source says “opens”"),
        ("The bridge at Orle will not cost 12 million crowns, Holt said.", "the source does not deny it"),
        (
            "2 million crowns, Mayor Edda Holt said on Monday.",
            "2 million is not in the source",
        ),  # stands in "12 million"
    ],
)
def test_what_is_not_there_is_named(text, fault):
    verdict = check(text, [cited(text)], WORD_HASH)
    assert verdict.state is State.MISMATCH and fault in verdict.faults


def test_another_matter_is_unsupported():
    assert state("The harvest of apples was poor and farmers asked for help.") is State.UNSUPPORTED
    assert check("It opens on 4 May.", [], WORD_HASH).state is State.UNSUPPORTED


RUMOUR = (
    "The council met on Monday. After an inquiry of two years the judge said it is not true that the mayor took bribes. "
    "The treasurer denied that the bridge was sold, and a rival alleged that the fund is empty. "
    "There is no evidence that the bank knew. Holt did not say that the school would close. "
    "The baker is guilty, a court wrongly found. The road is open, the police said."
)


@pytest.mark.parametrize(
    "text",
    [
        "The mayor took bribes.",
        "The bridge was sold.",
        "The fund is empty.",
        "The bank knew.",
        "The school would close.",
    ],
)
def test_words_cut_out_of_a_denial_are_no_quotation(text):
    verdict = check(text, [cited(text, RUMOUR)], WORD_HASH)
    assert verdict.state is State.MISMATCH and "the source does not say that it is so" in verdict.faults


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("The road is open.", State.VERBATIM),
        ("The council met on Monday.", State.VERBATIM),
        ("There is no evidence that the bank knew. Holt did not say that the school would close.", State.VERBATIM),
        ("The mayor did not attend.", State.VERBATIM),
        ("A rival left.", State.SUPPORTED),
        ("The baker is guilty.", State.SUPPORTED),  # what follows takes it back
        ("The judge said it is not true that the mayor took bribes.", State.SUPPORTED),
    ],
)
def test_whole_sentences_and_first_clauses_are_verbatim(text, verdict):
    assert state(text, RUMOUR + " The mayor did not attend. Ash denied the theft, and a rival left.") is verdict


def test_words_that_another_sentence_says_plainly_are_no_denial():
    assert state("The bank knew.", RUMOUR + "\n\nThe bank knew.") is State.VERBATIM


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-03-04"])
@pytest.mark.parametrize("word", ["yesterday", "tomorrow", "on Monday", "on Sunday", "on 31 December"])
def test_the_first_and_the_last_day_of_the_calendar_are_days(word, day):
    body = f"The old bridge at Orle was closed {word}. It stays so."
    assert check(f"The bridge closed {word}.", [cited("bridge", body, day)], WORD_HASH).state is not State.UNSUPPORTED


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("$1.4 million", [(1.4e6, "dollar")]),
        ("1,400,000 and 1.400.000 and 1.4m", [(1.4e6, "")] * 3),
        ("forty per cent, 3,5 percent", [(3.5, "%"), (40.0, "%")]),
        ("two hundred and fifty homes, twenty-five men", [(250.0, ""), (25.0, "")]),
        ("€3bn against 2 billion pounds", [(3e9, "euro"), (2e9, "pound")]),
        ("one of them", []),
        ("1.2.3.4", []),
    ],
)
def test_numbers_are_read_in_every_form(text, values):
    assert [(q.value, q.unit) for q in quantities(text)] == values


class TestPlantedFaults:
    """Rates with the embedder that ships. Part 0 was tuned on; of part 1 three plain bugs were mended; part 2 was only
    measured. Few cases: no false alarm in 26 only bounds the rate at 11 %."""

    # The least share that each part must reach; beside it what was measured (part 0, 1, 2).
    FLOORS = {
        "number changed": 0.95,  # 27/27, 26/27, 15/15
        "name swapped": 0.95,  # 25/26, 32/32, 11/11
        "weekday moved": 0.85,  # 7/8, 6/6, 3/3
        "month moved": 0.95,  # 11/11, 7/7, 4/4
        "quotation changed": 0.95,  # 9/9, 9/9, 4/4
        "quotation invented": 0.95,  # 9/9, 10/10, 2/2
        "citation moved": 0.95,  # 54/54, 53/54, 26/26
        "citation moved to the same topic": 0.9,  # 52/54, 53/54, 24/26
        "not added": 0.85,  # 17/19, 21/21, 10/10
        "turned round": 0.65,  # 7/8, 7/9, 2/3
        "speaker swapped": 0.4,  # 6/12, 10/17, 2/5: both stand in the passage, and who speaks is not always known
    }
    MOST_FALSE_ALARMS = 0.05  # 0/54, 1/54, 0/26

    @pytest.fixture(scope="class")
    def counts(self) -> tuple[Counter, Counter]:
        """How many there are and how many were found, by fault and part."""
        embedder = embedder_named("minilm")
        there, found = Counter(), Counter()
        for case in planted():
            there[case.fault, case.part] += 1
            found[case.fault, case.part] += not check(case.text, [case.citation], embedder).holds
        return there, found

    @pytest.mark.parametrize("part", [0, 1, 2])
    def test_few_honest_sentences_are_accused(self, counts, part):
        there, found = counts
        assert there["", part] >= 26
        assert found["", part] / there["", part] <= self.MOST_FALSE_ALARMS

    @pytest.mark.parametrize("part", [0, 1, 2])
    @pytest.mark.parametrize("fault", FLOORS)
    def test_planted_faults_are_found(self, counts, fault, part):
        there, found = counts
        assert found[fault, part] / there[fault, part] >= self.FLOORS[fault], (found[fault, part], there[fault, part])
