"""Evidence: does what is cited carry the sentence? Numbers, names, days, quoted words, speakers, and "not".

All checks are local and need no model but the embedder. A sentence is ``verbatim`` when its words stand in what it
cites, a ``mismatch`` when it says something that contradicts it or is not there (a number, a name, a day, a quotation),
``unsupported`` when it cites nothing or speaks of something else, and ``supported`` otherwise. What the checks catch
and what they miss is measured in tests/test_evidence.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from .answer import State, Verdict
from .citation import Citation
from .day_words import shifted
from .denial import cut_from_denials, denials, stands_in, stands_whole
from .embedder import Embedder
from .expectation import names
from .quantity import Quantity, quantities, without_source
from .sentences import Span, paragraphs, sentences
from .speaker import speaker_at
from .words import STOP_WORDS, stem, terms, tokens

# Set on one half of the planted faults of the tests: a sentence speaks of the same where either holds.
_ENOUGH_WORDS = 0.6  # share of its terms that stand in the passage
_ENOUGH_MEANING, _SOME_WORDS = 0.5, 0.3  # cosine with a sentence of the passage, and at least so many terms
_QUOTED = re.compile(r"[“\"«]([^“”\"«»]{2,})[”\"»]|(?<!\w)‘([^‘’]{2,}(?:’\w[^‘’]*)*)’(?!\w)")
_LEFT_OUT = re.compile(r"…|\.\.\.|\[[^\]]*\]")  # of a quotation: "we … go", "[the mayor] knew"
_MONTHS = "january february march april may june july august september october november december".split()
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTH = "|".join(month.capitalize() for month in _MONTHS)
_DATE = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})\b(?:,? (?P<year>\d{{4}}))?"
    rf"|\b(?P<month2>{_MONTH}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d|[.,]\d)(?:,? (?P<year2>\d{{4}}))?"
    r"|\b(?P<year3>\d{4})-(?P<month3>\d\d)-(?P<day3>\d\d)\b"
)
_WEEKDAY = re.compile(rf"\b({'|'.join(day.capitalize() for day in _WEEKDAYS)})s?\b")
_TWO = re.compile(r"\b(?:twice|both|double[ds]?|pair|couple)\b", re.IGNORECASE)
_NEAR_DAYS = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
# A word of one side in the sentence and only the other side in the passage.
_OPPOSITES = [
    tuple(frozenset(map(stem, side.split())) for side in pair.split("/"))
    for pair in (
        "rise rose risen increase grow grew climb up/fall fell fallen decrease drop decline shrink sink down",
        "win won victory beat/lose lost defeat", "approve accept back pass/reject refuse oppose block",
        "open reopen/close shut", "more higher larger above/fewer less lower smaller below", "begin start/end stop finish",
        "buy bought/sell sold", "allow permit legal/ban forbid prohibit illegal", "confirm admit/deny denied",
        "before/after", "guilty convict/innocent acquit", "arrive/leave left depart", "hire/fire dismiss",
        "north northern/south southern", "east eastern/west western", "early earlier/late later delay",
    )
]  # fmt: skip
# A lone first word is written large anyway; what stands before these is a name, unless it sounds like a thing.
_ACTS = (
    r"(?:['’]s\b|, (?:\d|who\b)| (?:\w+ed|said|says|told|took|won|lost|led|met|sold|bought|called|put|cut|wants|plans|hopes|"
    r"will|would|can|could|may|must|was|is|has|had)\b)"
)
_FIRST_NAME = re.compile(rf"^\W*([A-Z][\w’'-]*?){_ACTS}")
_OF_ONE = re.compile(r" (?:was|is|has|wants|plans|hopes|says)\b")
_A_THING = re.compile(
    r".*(?:s|tion|ment|ing|ness|ity|ship|age|ance|ence|out|work|ism|ure)$|police|staff|people|everyone|nobody|council|work|trade|aid",
    re.IGNORECASE,
)
_SAME_LAND = {
    word: set(group.split())
    for group in (
        "denmark danish danes|netherlands dutch holland|france french|spain spanish|britain british uk|greece greek|"
        "norway norwegian|switzerland swiss|poland polish poles|sweden swedish swedes|finland finnish|wales welsh|"
        "ireland irish|turkey turkish|china chinese|scotland scottish|england english|belgium belgian|japan japanese|"
        "us american america|europe european"
    ).split("|")
    for word in group.split()
}
_OPENERS = frozenset(
    "yesterday today tomorrow meanwhile however earlier later last first former new chief president minister mayor mr mrs "
    "ms dr sir both only while although despite among about around nearly almost over some".split()
)


def check(text: str, citations: Sequence[Citation], embedder: Embedder) -> Verdict:
    """The verdict on one sentence against the passages that it cites."""
    if not citations:
        return Verdict(State.UNSUPPORTED, ("no source is cited",))
    passages = "\n".join(citation.passage.text for citation in citations)
    whole = any(stands_whole(text, citation.passage.text) for citation in citations)
    if whole and not _missing_numbers(text, passages):
        return Verdict(State.VERBATIM)
    if faults := [fault for find in _FINDERS for fault in find(text, citations, passages)]:
        return Verdict(State.MISMATCH, tuple(dict.fromkeys(faults)))
    if not _speaks_of_the_same(text, citations, embedder):
        return Verdict(State.UNSUPPORTED, ("the cited passage speaks of something else",))
    return Verdict(State.SUPPORTED)


def _wrong_numbers(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    headlines = " ".join(f"{c.article.headline}\n{c.article.dateline}\n{c.article.correction}" for c in citations)
    for quantity in _missing_numbers(text, f"{passages}\n{headlines}"):
        if not _is_year_of_publication(quantity, citations):
            yield f"{quantity.words} is not in the source"


def _missing_numbers(text: str, evidence: str) -> list[Quantity]:
    held = quantities(evidence)
    if _TWO.search(evidence):
        held.append(Quantity("two", 2.0, "", False))
    return without_source(quantities(_without_dates(text)), held)


def _is_year_of_publication(quantity: Quantity, citations: Sequence[Citation]) -> bool:
    return any(quantity.words == citation.article.published[:4] for citation in citations)


def _without_dates(text: str) -> str:
    return _DATE.sub(" ", text)


def _wrong_days(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    """Days in the sentence that the passages do not name; a weekday and a date may stand for each other."""
    known = [day for citation in citations for day in _days_in(citation.passage.text, _published(citation))]
    quoted = [day for citation in citations for day in _days_in(citation.quote, _published(citation))]
    own = [day for citation in citations if (day := _published(citation))]
    for match in _DATE.finditer(text):
        if not any(_same_day(_date_parts(match), day) for day in known + own):
            yield f"{match[0]} is not in the source"
    held = set(_WEEKDAY.findall(passages)) | {f"{day:%A}" for day in quoted}
    if not held or any(c.article.publisher and c.article.publisher in text for c in citations):
        held |= {f"{day:%A}" for day in own}
    yield from (f"{day} is not in the source" for day in _WEEKDAY.findall(text) if day not in held)
    yield from _wrong_months(text, f"{passages} {' '.join(f'{day:%B}' for day in known + own)}")


def _wrong_months(text: str, evidence: str) -> Iterator[str]:
    for month in re.findall(
        rf"(?i:\b(?:in|since|until|by|from|for|to|last|next|early|late|mid|of)[ -])({_MONTH})\b", text
    ):
        if not re.search(rf"\b{month}\b", evidence):
            yield f"{month} is not in the source"


def _days_in(text: str, published: date | None) -> list[date]:
    """The days that a text names: as dates, and as weekdays or "yesterday" counted from its publication."""
    days = [day for match in _DATE.finditer(text) if (day := _day(_date_parts(match), published))]
    if published:
        days += [
            shifted(published, shift) for word, shift in _NEAR_DAYS.items() if re.search(rf"\b{word}\b", text, re.I)
        ]
        for name in set(_WEEKDAY.findall(text)):
            ahead = (_WEEKDAYS.index(name.lower()) - published.weekday()) % 7
            days += [shifted(published, ahead), shifted(published, ahead - 7)]
    return days


def _date_parts(match: re.Match[str]) -> tuple[int, int, int]:
    """Year (0 where none is given), month, day."""
    found = match.groupdict()
    month = found["month"] or found["month2"]
    number = _MONTHS.index(month.lower()) + 1 if month else int(found["month3"])
    year = found["year"] or found["year2"] or found["year3"]
    return int(year or 0), number, int(found["day"] or found["day2"] or found["day3"])


def _day(parts: tuple[int, int, int], published: date | None) -> date | None:
    year, month, day = parts
    try:
        return date(year or (published.year if published else 2000), month, day)
    except ValueError:
        return None


def _same_day(parts: tuple[int, int, int], day: date) -> bool:
    return parts[1:] == (day.month, day.day) and parts[0] in (0, day.year)


def _published(citation: Citation) -> date | None:
    published = citation.article.published[:10]
    return date.fromisoformat(published) if published else None


def _strange_names(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    credits = " ".join(
        f"{a.headline}\n{a.standfirst}\n{a.dateline}\n{a.publisher} {a.originator} {' '.join(a.bylines)}"
        for a in (citation.article for citation in citations)
    )
    evidence = f"{passages}\n{credits}"
    held, initials = set(tokens(evidence)), {_initials(name) for name in names(evidence)} - {""}
    stems = {stem(token) for token in held}
    for name in _names_in(text):
        short = (name.isupper() and name.lower() in initials) or bool(_acronym_in(name, evidence))
        if not short and not all(_is_known(word, held, stems) for word in _name_words(name)):
            yield f"“{name}” is not named in the source"


def _names_in(text: str) -> list[str]:
    """The names of a sentence. Its first word is written large anyway: alone it counts only where it speaks or acts."""
    first = _FIRST_NAME.match(text)
    alone = first[1] if first and not _A_THING.fullmatch(first[1]) else ""
    if first and first[1].endswith("s") and _OF_ONE.match(text[first.end(1) :]):
        alone = first[1]  # "Winters was", where several things "were"
    start = text.lstrip(" “\"'‘")
    found = [name for name in names(text) if len(_name_words(name)) > 1 or not start.startswith(name) or name == alone]
    return [name for name in found if not set(tokens(name)) & {*_WEEKDAYS, *_MONTHS}]


def _name_words(name: str) -> list[str]:
    words = [word for word in tokens(name) if word not in STOP_WORDS]
    return words[1:] if len(words) > 1 and words[0] in _OPENERS else words


def _initials(name: str) -> str:
    return "".join(word[0] for word in _name_words(name)) if len(_name_words(name)) > 1 else ""


def _acronym_in(name: str, evidence: str) -> re.Match[str] | None:
    """ "European Union" where the passage only says "EU"."""
    initials = _initials(name).upper()
    return re.search(rf"\b{initials}\b", evidence) if initials else None


def _is_known(word: str, held: set[str], stems: set[str]) -> bool:
    """German and Germany, Ukraine and Ukrainian are one name; short ones must be equal."""
    return (
        stem(word) in stems
        or bool(held & _SAME_LAND.get(word, set()))
        or (len(word) >= 6 and any(len(h) >= 6 and h[:5] == word[:5] for h in held))
    )


def _wrong_quotations(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    evidence = f"{passages}\n" + "\n".join(citation.article.headline for citation in citations)
    for match in _QUOTED.finditer(text):
        quotation = match[1] or match[2]
        if not all(stands_in(part, evidence) for part in _LEFT_OUT.split(quotation) if tokens(part)):
            yield f"“{quotation[:60]}” is not quoted word for word"


def _wrong_speaker(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    """Words given to one person of the passages that the archive gives to another, or to nobody near."""
    named = speaker_at(text, 0).split()
    if named and named[-1] in passages and all(_is_another(named[-1], citation) for citation in citations):
        actual = " and ".join(sorted({citation.speaker for citation in citations if citation.speaker}))
        yield f"the source gives these words to {actual or 'somebody else'}"


def _is_another(surname: str, citation: Citation) -> bool:
    if surname in citation.speaker:
        return False
    own, before = _paragraphs_at(citation)
    if surname not in own:
        return bool(citation.speaker) or surname not in before
    return (
        bool(citation.speaker)
        and citation.speaker.split()[-1] in own
        and surname in _speakers_in(citation.article.body, own)
    )


def _paragraphs_at(citation: Citation) -> tuple[str, str]:
    """The paragraph of the quotation and the one before it."""
    before, own = "", ""
    for span in paragraphs(citation.article.body):
        before, own = own, span.of(citation.article.body)
        if span.end >= citation.end:
            break
    return own, before


def _speakers_in(body: str, paragraph: str) -> set[str]:
    """The surnames of all who speak in a paragraph."""
    start = body.index(paragraph)
    places = [span.start for span in sentences(body, Span(start, start + len(paragraph)))]
    return {speaker.split()[-1] for place in places if (speaker := speaker_at(body, place))}


def _opposites(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    own, held = set(map(stem, tokens(text))), set(map(stem, tokens(passages)))
    for side, other in (*_OPPOSITES, *((b, a) for a, b in _OPPOSITES)):
        if own & side and not own & other and held & other and not held & side:
            yield f"the source says “{_word_of(passages, other)}”"


def _word_of(passages: str, stems: frozenset[str]) -> str:
    return next(token for token in tokens(passages) if stem(token) in stems)


def _speaks_of_the_same(text: str, citations: Sequence[Citation], embedder: Embedder) -> bool:
    wanted = set(terms(text))
    held = {term for citation in citations for term in terms(f"{citation.passage.text} {citation.article.headline}")}
    share = len(wanted & held) / len(wanted) if wanted else 1.0
    if share >= _ENOUGH_WORDS:
        return True
    if share < _SOME_WORDS:
        return False
    parts = [span.of(c.passage.text) for c in citations for span in sentences(c.passage.text)]
    vectors = embedder.vectors([text, *parts])
    return float((vectors[1:] @ vectors[0]).max()) >= _ENOUGH_MEANING


_FINDERS = (
    _wrong_numbers,
    _wrong_days,
    _strange_names,
    _wrong_quotations,
    _wrong_speaker,
    _opposites,
    denials,
    cut_from_denials,
)
