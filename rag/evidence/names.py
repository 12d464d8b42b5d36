"""Names of a sentence that its source does not name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..citation import Citation
from ..expectation import names
from ..words import STOP_WORDS, stem, tokens
from .dates import MONTHS, WEEKDAYS

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
_DOTTED = re.compile(r"\b(?:[A-Z]\.){2,}")
_TAIL = re.compile(r"(?<=\w)-(?:based|led|backed|born|owned|run|made)\b")
_OPENERS = frozenset(
    "yesterday today tomorrow meanwhile however earlier later last first former new chief president minister mayor mr mrs ms "
    "dr sir both only while although despite among about around nearly almost over some several unlike like another following "
    "two three four five six seven eight nine ten eleven twelve dozens hundreds most".split()
)


NO_NAMES = frozenset((*WEEKDAYS, *MONTHS))


def strange_names(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    credits = " ".join(
        f"{a.headline}\n{a.standfirst}\n{a.dateline}\n{a.publisher} {a.originator} {' '.join(a.bylines)}"
        for a in (citation.article for citation in citations)
    )
    evidence = f"{passages}\n{credits}"
    for name in _names_in(text):
        if not stands_for_one(name, evidence) and unknown_words(name, evidence):
            yield f"“{name}” is not named in the source"


def _names_in(text: str) -> list[str]:
    """The names of a sentence. Its first word is written large anyway: alone it counts only where it speaks or acts."""
    first = _FIRST_NAME.match(text)
    alone = first[1] if first and not _A_THING.fullmatch(first[1]) else ""
    if first and first[1].endswith("s") and _OF_ONE.match(text[first.end(1) :]):
        alone = first[1]  # "Winters was", where several things "were"
    start = text.lstrip(" “\"'‘")
    found = [name for name in names(text) if len(_ordered(name)) > 1 or not start.startswith(name) or name == alone]
    return [name for name in found if not set(tokens(name)) & NO_NAMES]


def unknown_words(name: str, evidence: str) -> list[str]:
    """The words of a name that the evidence does not know in any form; the title in front aside."""
    held = set(tokens(_undotted(evidence)))
    stems = {stem(token) for token in held}
    return [word for word in _ordered(_undotted(name)) if not _is_known(word, held, stems)]


def _undotted(text: str) -> str:
    """ "U.S." as "US", "London-based" as "London"."""
    return _TAIL.sub("", _DOTTED.sub(lambda match: match[0].replace(".", ""), text))


def stands_for_one(name: str, evidence: str) -> bool:
    """Whether it is short for a name of the evidence, or a name there short for it."""
    name, evidence = _undotted(name), _undotted(evidence)
    short = name.isupper() and name.lower() in {_initials(other) for other in names(evidence)} - {""}
    return short or bool(_acronym_in(name, evidence))


def _ordered(name: str) -> list[str]:
    words = [word for word in tokens(name) if word not in STOP_WORDS]
    return words[1:] if len(words) > 1 and words[0] in _OPENERS else words


def _initials(name: str) -> str:
    return "".join(word[0] for word in _ordered(name)) if len(_ordered(name)) > 1 else ""


def _acronym_in(name: str, evidence: str) -> re.Match[str] | None:
    """ "European Union" where the passage only says "EU"."""
    initials = _initials(name).upper()
    return re.search(rf"\b{initials}\b", evidence) if initials else None


def _is_of(word: str, other: str) -> bool:
    """Whether one is the land or town of the other: iranian, iran; italian, italy; iraqi, iraq."""
    longer, shorter = sorted((word, other), key=len, reverse=True)
    bases = (longer[: -len(tail)] for tail in ("ian", "an", "ese", "ish", "i", "n") if longer.endswith(tail))
    return any(len(base) >= 4 and shorter.startswith(base) and len(shorter) - len(base) <= 1 for base in bases)


def _is_known(word: str, held: set[str], stems: set[str]) -> bool:
    """German and Germany, Ukraine and Ukrainian, Iran and Iranian are one name; other short ones must be equal."""
    return (
        stem(word) in stems
        or any(_is_of(one, other) for one, other in ((word, h) for h in held) if one[:3] == other[:3])
        or bool(held & _SAME_LAND.get(word, set()))
        or (len(word) >= 6 and any(len(h) >= 6 and h[:5] == word[:5] for h in held))
    )
