"""Who of the capitalised names of an article is a person: who speaks, has an age, an office or a title in it."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = r"[A-Z][\w’'-]{1,40}+(?![\w’'-])"
_FULL = rf"{_WORD}(?:\s(?:(?:de|von|van|der|la|al|bin)\s)?{_WORD}){{1,3}}"
_SAYS = (
    r"(?:said|says|told|asked|added|wrote|argued|warned|denied|announced|promised|insisted|replied|called|conceded|thanked|"
    r"confirmed|declined|refused|admitted|explained|received|wants?|hopes|lives|has|had)"
)
# Behind a name: an age, an office ("the general secretary", "a teacher", "director of"), a clause about somebody, kin.
_BEHIND = (
    r"(?=,? (?:who|whose)\b|, \d{2,3},|, (?:the|a|an|its|his|her|their)\s[a-z]|, [a-z]+ of\b"
    rf"|,? {_SAYS}\b|[’']s (?:lawyer|wife|husband|son|daughter|mother|father)\b)"
)
_TITLES = (
    r"(?:Mr|Mrs|Ms|Dr|Prof|Sir|Dame|Judge|Justice|Mayor|Minister|President|Chancellor|Governor|Captain|General|Senator|"
    r"Officer|Chief|Inspector|Professor|Pensioner|Bishop|Coach|Auditor|King|Queen|Prince|Princess|"
    r"[a-z]{2,20}(?:er|or|ist|man|woman|chief|head|coach|captain|director|chair|secretary|president|minister|mayor|"
    r"governor|widow|student|pupil|midwife|nurse))"
)
_TITLED = re.compile(rf"\b{_TITLES}\.?,? (?P<name>{_FULL})")
_TOLD_OF = re.compile(rf"(?<![\w’'-])(?P<name>{_FULL}){_BEHIND}")
_SPOKEN_FOR = re.compile(rf"\b(?:said|says|asked|added|according to) (?P<name>{_FULL})")
# The last word of what is no person, or a word in it that a person's name has not.
_NO_PERSON = frozenset(
    """association authority bank bay board bridge bulletin campus cathedral centre center chronicle church city
    college committee company corporation council county court courier department district federation ferry festival
    firm foundation fund gazette group hall harbour harbor herald high hill hospital hotel house infirmary inc
    institute island journal lane league ledger library limited lines ltd ministry museum news north office park
    parliament party post press prize railway river road school securities service society sound south standard
    station street systems team times town transit tribune trust union united university valley weekly west yard""".split()
)


@lru_cache(maxsize=256)
def persons_in(body: str) -> frozenset[str]:
    """The full names ("Amara Holt", without her title) of the persons that an article tells of."""
    found = (match["name"] for pattern in (_TITLED, _TOLD_OF, _SPOKEN_FOR) for match in pattern.finditer(body))
    return frozenset(name for full in found if (name := _bare(full)))


def _bare(full: str) -> str:
    """Without the title and the "The" in front; "" for what is no person's name."""
    words = full.split()
    while len(words) > 2 and re.fullmatch(_TITLES, words[0]):
        words = words[1:]
    known = any(word.lower() in _NO_PERSON for word in words) or words[0] in (
        "The",
        "In",
        "At",
        "On",
        "A",
        "But",
        "And",
    )
    return "" if known else " ".join(words)
