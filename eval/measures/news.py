"""What is particular to news: the right time, the version that stands, the paper that it came from, no story twice.

What each catches, in the words of a news desk:

- **Time.** "What happened last week" answered out of last month (`temporal_accuracy`); "as of Tuesday" answered with what
  was only known on Friday (`as_of_accuracy`); "the latest" answered with Monday's story (`fresh`).
- **Versions.** Stories are filed again within hours, tolls rise, names are put right. The words that were overtaken must
  not be quoted again (`stale_citation`, `superseded_citation`), and what replaced them must be (`revision_accuracy`,
  and among what is found `revised_first@10`).
- **Copies.** One wire story stands under many mastheads. Ten places filled with it are one source that looks like ten
  (`duplicate_waste@10`), and the credit belongs to who reported it (`originator_rate`).

A refusal is judged by eval/measures/refusals.py: what nobody said has neither time nor version, so it is left out here.
Only `revision_accuracy` and `as_of_accuracy` ask for an answer and give a refusal 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime

from rag.article import Kind
from rag.publishers import mentions
from rag.question import understand
from rag.words import tokens

from ..outcome import CitedPassage, FoundPassage, Outcome, Source
from ..question import EvalQuestion, GoldFact
from .answers import says_the_same
from .measure import Measure, Scores

_FIRST, _SHOWN = 4, 10  # places, as in MultiHop-RAG's Hits@4 and Hits@10
# From how many words on, and with which share of them, one passage says what another says: those of rag/places.py, which
# hides such passages; written again, so that the measure does not follow when the retriever is changed.
_FEWEST_WORDS = 8
_NEARLY_ALL = 0.9
_COMMENT = (Kind.OPINION.value, Kind.PRESS_RELEASE.value)


def scores(outcome: Outcome) -> Scores:
    """The figures of one outcome by name; what cannot be asked of it is left out."""
    told = ((measure.name, ask(outcome)) for measure, ask in _ASKED)
    return {name: float(value) for name, value in told if value is not None}


# -- time -----------------------------------------------------------------------------------------------------------------


def _temporal_accuracy(outcome: Outcome) -> float | None:
    """Asked where the question names a time and something was cited: of the articles, each once."""
    return _within_period({s.article: s for s in _cited(outcome)}.values(), outcome.question)


def _temporal_found(outcome: Outcome) -> float | None:
    return _within_period([passage.source for passage in outcome.found[:_FIRST]], outcome.question)


def _within_period(sources: Iterable[Source], question: EvalQuestion) -> float | None:
    """By the first publication, in UTC; an article without a date is not known to be of the time."""
    if question.period is None or not question.answerable:
        return None
    first, last = question.period
    days = [_day(source.published) for source in sources]
    return _share(day is not None and first <= day <= last for day in days)


def _as_of_accuracy(outcome: Outcome) -> float | None:
    """Asked where the archive of a day is meant: a fact of that day is quoted and nothing is cited that came later, be it
    the article or only its version."""
    question = outcome.question
    if question.as_of is None or not (outcome.answers and question.answerable):
        return None
    days = [_day(time) for s in _cited(outcome) for time in (s.published, s.updated)]
    return _quotes_gold(outcome) and not any(day > question.as_of for day in days if day)


def _fresh(outcome: Outcome) -> float | None:
    """Asked where the question wants the latest, or where something was overtaken. Measured against the gold articles of
    which the outcome tells a time; where it tells of none, a citation no newer than what was overtaken is old, and any
    other is left out. Without an archive an old version may pass here: `stale_citation` looks at the words."""
    question, cited = outcome.question, _cited(outcome)
    newest = max(_times(cited), default=None)
    if newest is None or question.as_of or not (question.stale or understand(question.text).wants_latest):
        return None
    told = [*cited, *(passage.source for passage in outcome.found)]
    gold = _times(s for s in told if s.is_one_of(question.gold) and s.is_current is not False)
    if gold:  # where each fact answers alone, the oldest of them is new enough
        return newest >= (max(gold) if question.together else min(gold))
    overtaken = _times(s for s in told if s.is_one_of(question.stale))
    return 0.0 if overtaken and newest <= max(overtaken) else None


def _age_days(outcome: Outcome) -> float | None:
    days = [day for source in _cited(outcome) if (day := _day(source.published))]
    return (outcome.question.asked_on - max(days)).days if days else None


# -- versions -------------------------------------------------------------------------------------------------------------


def _stale_citation(outcome: Outcome) -> float | None:
    """Asked where words were overtaken, the answer cites something, and no earlier day is meant."""
    if not outcome.question.stale or outcome.question.as_of:
        return None
    return _share(_is_overtaken(c.quote, c.source, outcome.question) for c in _citations(outcome))


def _superseded_citation(outcome: Outcome) -> float | None:
    """Asked of every answer whose citations an archive knows, unless an earlier day is meant."""
    known = [source.is_current for source in _cited(outcome) if source.is_current is not None]
    return None if outcome.question.as_of else _share(not is_current for is_current in known)


def _revision_accuracy(outcome: Outcome) -> float | None:
    """Asked of whoever answers where words were overtaken. Said or cited count alike: a model puts it in its own words."""
    question = outcome.question
    if not (outcome.answers and question.stale and question.answerable) or question.as_of:
        return None
    said = [(sentence.text, Source(article="")) for sentence in outcome.sentences]
    said += [(cited.quote, cited.source) for cited in outcome.citations]
    return _quotes_gold(outcome) and not any(_is_overtaken(text, source, question) for text, source in said)


def _revised_first(outcome: Outcome) -> float | None:
    """Asked where words were overtaken: at the first place that tells the facts, no earlier place told the old ones. A
    passage that tells both, as a correction does, is no fault."""
    question = outcome.question
    if not (outcome.found and question.stale and question.answerable) or question.as_of:
        return None
    for passage in outcome.found[:_SHOWN]:
        if passage.source.is_current is not False and _tells(passage.text, passage.source, question.gold):
            return 1.0
        if _is_overtaken(passage.text, passage.source, question):
            return 0.0
    return 0.0


def _is_overtaken(text: str, source: Source, question: EvalQuestion) -> bool:
    """Whether it is of an old version, or holds overtaken words beside those that are right: a correction often repeats
    what was wrong. A whole article is overtaken unless it is gold too."""
    if source.is_current is False:
        return True
    rest = " ".join(text.split())
    for fact in filter(None, (" ".join(fact.split()) for fact in question.facts)):
        rest = "" if rest in fact else rest.replace(fact, " ")
    articles = {fact.article for fact in question.gold}
    return _tells(rest, source, [fact for fact in question.stale if fact.text or fact.article not in articles])


def _quotes_gold(outcome: Outcome) -> bool:
    gold = outcome.question.gold
    said = any(_tells(sentence.text, Source(article=""), gold) for sentence in outcome.sentences)
    return said or any(_tells(cited.quote, cited.source, gold) for cited in outcome.citations)


def _tells(text: str, source: Source, facts: Iterable[GoldFact]) -> bool:
    """Whether a text holds one of the facts, or comes from an article of which all is meant (a fact without words)."""
    return any(says_the_same(text, fact.text) if fact.text else source.is_of(fact.article) for fact in facts)


# -- copies ---------------------------------------------------------------------------------------------------------------


def _duplicate_waste(outcome: Outcome) -> float | None:
    """Asked wherever something was found. What a copy shows counts even where it is another stretch of the story than
    was shown before: ten places of one story are one source."""
    shown = outcome.found[:_SHOWN]
    return _share(any(_repeats(p, earlier) for earlier in shown[:place]) for place, p in enumerate(shown))


def _repeats(passage: FoundPassage, earlier: FoundPassage) -> bool:
    """The same passage again, a copy of the same story, or another article that says nearly the same."""
    if passage.id == earlier.id:
        return True
    if passage.source.article and passage.source.article == earlier.source.article:
        return False
    copies = passage.source.cluster != "" and passage.source.cluster == earlier.source.cluster
    return copies or _says_nearly(passage.text, earlier.text)


def _says_nearly(text: str, other: str) -> bool:
    """Nearly all words and every number: a new toll in the old words is news."""
    words, others = set(tokens(text)), set(tokens(other))
    numbers = {word for word in words if word[0].isdigit()}
    return len(words) >= _FEWEST_WORDS and numbers <= others and len(words & others) >= _NEARLY_ALL * len(words)


def _originator_rate(outcome: Outcome) -> float | None:
    """Asked where an article with copies is cited; each citation counts."""
    return _share(source.originates for source in _with_copies(_cited(outcome), outcome.question))


def _originator_found(outcome: Outcome) -> float | None:
    """Asked where an article with copies is found; each story counts once, by its best place."""
    best: dict[str, bool] = {}
    for source in _with_copies([passage.source for passage in outcome.found[:_SHOWN]], outcome.question):
        best.setdefault(source.cluster, source.originates)
    return _share(best.values())


def _with_copies(sources: Iterable[Source], question: EvalQuestion) -> list[Source]:
    """Those that have copies, save of a paper that the question names: then its own copy is what is wanted."""
    return [s for s in sources if s.cluster and not (s.publisher and mentions(question.text, [s.publisher]))]


def _independent(outcome: Outcome) -> float | None:
    return len({source.cluster or source.article for source in _cited(outcome)} - {""}) or None


def _comment_cited(outcome: Outcome) -> float | None:
    return _share(source.kind in _COMMENT for source in _cited(outcome) if source.kind)


# -- what all of them ask -------------------------------------------------------------------------------------------------


def _citations(outcome: Outcome) -> Sequence[CitedPassage]:
    return () if outcome.refused else outcome.citations


def _cited(outcome: Outcome) -> list[Source]:
    return [cited.source for cited in _citations(outcome)]


def _times(sources: Iterable[Source]) -> list[datetime]:
    """When their versions came out, those without a time left out."""
    return [time for source in sources if (time := _instant(source.updated or source.published))]


def _day(time: str) -> date | None:
    instant = _instant(time)
    return instant.date() if instant else None


def _instant(time: str) -> datetime | None:
    """ISO 8601 in UTC; another retriever's time in other words is unknown."""
    try:
        told = datetime.fromisoformat(time)
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _share(judged: Iterable[bool]) -> float | None:
    """Which share is true; None of nothing."""
    told = list(judged)
    return sum(told) / len(told) if told else None


def _worse(name: str, says: str) -> Measure:
    return Measure(name, says, lower_is_better=True)


_ASKED: tuple[tuple[Measure, Callable[[Outcome], float | None]], ...] = (
    (Measure("temporal_accuracy", "of the articles cited, the share published in the time asked for"), _temporal_accuracy),
    (Measure("temporal_found@4", "of the first 4 found, the share published in the time asked for"), _temporal_found),
    (Measure("as_of_accuracy", "answered with what stood on the day asked for, citing nothing later"), _as_of_accuracy),
    (Measure("fresh", "asked for the latest, cites something as new as the right answer"), _fresh),
    (Measure("age_days", "days from the newest article cited to the asking", "days", is_plain=True), _age_days),
    (_worse("stale_citation", "where words were overtaken, the share of the citations that show them"), _stale_citation),
    (_worse("superseded_citation", "share of the citations of a version that a newer one replaced"), _superseded_citation),
    (Measure("revision_accuracy", "where words were overtaken, answers with the new and none of the old"), _revision_accuracy),
    (Measure("revised_first@10", "where words were overtaken, the new are found before the old"), _revised_first),
    (_worse("duplicate_waste@10", "share of the first 10 found that repeat another article's story"), _duplicate_waste),
    (Measure("originator_rate", "of the citations of copied stories, the share of who reported it"), _originator_rate),
    (Measure("originator_found@10", "of the copied stories found, the share with who reported it first"), _originator_found),
    (Measure("independent_sources", "sources cited, copies of one story counted once", "sources", is_plain=True), _independent),
    (Measure("comment_cited", "share of the citations of opinion and press releases", is_plain=True), _comment_cited),
)  # fmt: skip
MEASURES: tuple[Measure, ...] = tuple(measure for measure, _ in _ASKED)
