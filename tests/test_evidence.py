"""Does what is cited carry the sentence? Single cases, and rates over planted faults, part of them never tuned on."""

from datetime import UTC, datetime

import pytest

from eval import floors
from eval.faults import CHANGES
from eval.planted import HONEST, measured, planted, total
from eval.question import Split
from rag.answer import State
from rag.archive import Archive
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
        ("The bridge closes on 4 May.", "the source says “opens”"),
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


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("The court allowed fishing in the bay again.", "The court lifted the ban on fishing in the bay."),
        ("Orle beat Ferrow 2-0 on Sunday.", "Ferrow lost 2-0 to Orle on Sunday."),
        ("Strand bought the yard from Voss.", "Voss sold the yard to Strand."),
        ("Voss was acquitted of fraud.", "The court found Voss not guilty of fraud."),
        ("The mayor did not comment on the bridge.", "The mayor declined to comment on the bridge."),
        ("The council did not approve the plan for the bridge.", "The council rejected the plan for the bridge."),
        ("The bank kept its rates unchanged.", "The bank did not raise its rates."),
        ("The storm hit on 29 August.", "The storm hit on Aug. 29, the county said."),
        ("The bridge was closed in February.", "The bridge was closed last month, the county said."),
        ("The bridge reopens in 2027.", "The bridge reopens next year, the county said."),
        ("Iranian officials met the Italian envoy.", "Officials of Iran met the envoy of Italy."),
        ("The United States sent two ships.", "The U.S. sent two ships."),
        ("Several British soldiers were hurt in Orle.", "Some soldiers from Britain were hurt in Orle."),
        (
            "Pellow Cordage will move its 300 workers to a new hall by autumn.",
            "Pellow Cordage has made ropes since 1851. The company will move its 300 workers to a new hall in Orle by autumn.",
        ),
        (
            "The fire, which broke out at 3 a.m., destroyed 12 homes.",
            "The fire destroyed 12 homes in Orle. It broke out at 3 a.m. in a kitchen.",
        ),
        ("In Orle 40 people were injured.", "Twelve people were killed in Orle. Another 40 people were injured."),
        ("Prices rose by 3% to 5%.", "Prices rose by 3 to 5 percent."),
        ("The hall costs $3 million to $5 million.", "The hall costs between $3 and $5 million."),
        ("Half a million people came to Orle.", "About 500,000 people came to Orle."),
    ],
)
def test_an_ordinary_paraphrase_is_not_accused(text, body):
    assert check(text, [cited(text, body)], WORD_HASH).faults in ((), ("the cited passage speaks of something else",))


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
        ("The road is open.", State.SUPPORTED),  # the police said so
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


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("The strike will begin on Monday.", "The strike will begin on Monday, unless the talks succeed."),
        ("The minister will resign.", "The minister will resign, if he loses the vote."),
        ("The mayor took bribes.", "The mayor took bribes, a blogger wrote in a post that he later deleted."),
        ("The mayor took bribes.", "“The mayor took bribes,” Otto Lind said."),
    ],
)
def test_what_is_cut_before_its_condition_or_its_speaker_is_not_verbatim(text, body):
    assert state(text, body) is not State.VERBATIM


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


@pytest.fixture(scope="module")
def found(sample_archive):
    archive = Archive.open(sample_archive)
    yield measured(planted(archive), embedder_named("minilm"))
    archive.close()


class TestPlantedFaults:
    """With the embedder that ships, on sentences about invented news and about the sample news (`python -m eval planted`)."""

    # The least share of each kind that is found in each half; kinds of few cases have more room.
    LEAST = {
        "not left out": 0.6,
        "speaker swapped": 0.8,
        "not added": 0.85,
        "name from elsewhere": 0.85,
        "day moved": 0.85,
        "turned round": 0.85,
    }

    def test_no_figure_is_below_its_floor(self, found):
        assert not floors.shortfalls(floors.read(), floors.of_planted(found))

    @pytest.mark.parametrize("half", list(Split))
    def test_faults_are_found_and_few_honest_sentences_are_accused(self, found, half):
        faults, honest = total(found, half), found[HONEST, half]
        assert faults.there >= 300 and faults.share >= 0.95
        assert honest.there >= 200 and honest.share <= 0.05

    @pytest.mark.parametrize("half", list(Split))
    @pytest.mark.parametrize("fault", sorted(CHANGES))
    def test_each_kind_is_found(self, found, fault, half):
        one = found[fault, half]
        assert one.share >= self.LEAST.get(fault, 0.95), one.wrong
