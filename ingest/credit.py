"""Who wrote it, where, and for whom: bylines, datelines, wire credits, agency footers, corrections.

All of it is metadata. It is cut from the text only where the rest reads unchanged without it.
"""

from __future__ import annotations

import re

from .clean import one_line

WIRES = {
    "Associated Press": ("ap", "a.p.", "associated press"),
    "Reuters": ("reuters", "thomson reuters"),
    "Agence France-Presse": ("afp", "agence france-presse", "agence france presse"),
    "dpa": ("dpa", "deutsche presse-agentur"),
    "PA Media": ("pa", "pa media", "press association", "pa news agency"),
    "Australian Associated Press": ("aap", "australian associated press"),
    "Canadian Press": ("cp", "canadian press", "la presse canadienne"),
    "Anadolu Agency": ("aa", "anadolu", "anadolu agency"),
    "Xinhua": ("xinhua", "xinhua news agency"),
    "TASS": ("tass", "itar-tass"),
    "UPI": ("upi", "united press international"),
    "ANSA": ("ansa",), "EFE": ("efe", "agencia efe"), "APA": ("apa",), "Kyodo News": ("kyodo", "kyodo news"),
    "Yonhap": ("yonhap", "yonhap news agency"), "Press Trust of India": ("pti", "press trust of india"),
    "ANI": ("ani", "asian news international"), "IANS": ("ians",), "NTB": ("ntb",), "Ritzau": ("ritzau",),
    "Bloomberg": ("bloomberg", "bloomberg news"),
}  # fmt: skip
_WIRE_OF = {spelling: name for name, spellings in WIRES.items() for spelling in spellings}

# Bounded, like all that is searched for at every place of a text: what has no end is tried from each of them anew.
_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@.]{1,64}\.\S{1,200}|\w{1,20}://\S+|www\.\S+")
_LEAD = re.compile(r"^\s*(by|by:|von|par|por|written by|words by|reporting by|author:|authors:)\s+", re.IGNORECASE)
_PARTERS = re.compile(r"[;|•/\n,&]|\b(?:and|und|with)\b", re.IGNORECASE)
_FIRM = re.compile(r"[A-Z][\w’'-]+ & [A-Z][\w’'-]+")  # "Strand & Voss" signed a press release: two people have first names
_WHERE = re.compile(r"\s(?:in|for|at)\s+(?:the\s+)?[A-Z].*$")
_NOT_A_NAME = re.compile(
    r"\b(staff|editors?|reporters?|correspondents?|writers?|desk|newsroom|bureau|agencies|wires?|contributors?|columnist"
    r"|producer|admin|images?|getty|redaktion|redaction|photograph\w*|newspaper"
    r"|news service|special to|team)\b|https?:|www\.|\d{2}",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(jr|sr|ii|iii|iv|md|phd)\.?", re.IGNORECASE)
_MAX_NAME, _MAX_NAMES, _MAX_LINE = 80, 40, 2000
_BYLINE_SMALL = ("and", "de", "der", "van", "von", "den", "la", "le", "el", "al", "bin", "ibn", "in", "for", "of", "&",
                 "the", "with", "du", "di", "da", "dos", "y", "|", "-")  # fmt: skip


def bylines(words: str) -> tuple[str, ...]:
    """The people named in a byline; roles, desks, agencies, places and addresses are left out."""
    line = _LEAD.sub("", _ADDRESS.sub("", one_line(words, _MAX_LINE)))
    if _FIRM.fullmatch(line.strip()):
        return (line.strip(),)
    parts = [part.strip(" .,-–—()") for part in _PARTERS.split(line)]
    if len(parts) == 2 and "," in line and all(part and " " not in part for part in parts):
        parts = [f"{parts[1]} {parts[0]}"]
    names: list[str] = []
    for part in parts:
        name = _WHERE.sub("", part)
        if names and _SUFFIX.fullmatch(name):
            names[-1] += f", {name}"
        elif _is_name(name):
            names.append(name)
    return tuple(dict.fromkeys(names))[:_MAX_NAMES]


def wire(words: str) -> str:
    """The news agency that the words are the name of, under one spelling, or an empty string."""
    return _WIRE_OF.get(one_line(words).casefold().removeprefix("the ").strip(" .()-–—"), "")


def wire_within(byline: str) -> str:
    """The news agency that stands among the names of a byline, or an empty string."""
    parts = _PARTERS.split(_LEAD.sub("", byline[:_MAX_LINE]))
    return next((found for part in parts if (found := wire(part))), "")


def is_byline(line: str) -> bool:
    """Whether a line is "By Name" or "By Name and Name", and no sentence that begins with "by"."""
    words = line.split()
    if len(words) < 2 or len(words) > 16 or words[0] not in ("By", "BY", "by", "By:"):
        return False
    return words[1][0].isupper() and all(w[0].isupper() or w in _BYLINE_SMALL or "@" in w for w in words[1:] if w)


def _is_name(part: str) -> bool:
    letters = sum(character.isalpha() for character in part)
    return letters >= 2 and len(part) <= _MAX_NAME and not _NOT_A_NAME.search(part) and not wire(part)
