"""Opposites: words of which one being so means, in news, that the other is not."""

from __future__ import annotations

from .words import stem

_PAIRS = (
    "rise rose risen raise increase grow grew grown climb soar up higher dearer/"
    "fall fell fallen lower cut drop decrease decline shrink shrank sink sank reduce halve down cheaper unchanged",
    "approve accept endorse support adopt/reject refuse oppose block veto contest challenge",
    "open reopen/close shut closure",
    "more higher larger above/fewer less lower smaller below unchanged",
    "before/after",
    "begin began begun start launch/end finish stop cease halt",
    "allow permit legal authorise authorize/ban forbid forbade forbidden prohibit illegal outlaw",
    "confirm admit concede/deny denied dispute",
    "guilty convict condemned sentenced/innocent acquit clear cleared exonerate",
    "arrive/depart",
    "hire appoint reappoint/fire sack dismiss",
    "fire sack dismiss oust/resign quit retire stay remain",
    "north northern/south southern",
    "east eastern/west western",
    "early earlier sooner/late later delay postpone",
    "relegate/promote promoted survive stay",
    "cancel scrap abandon axe/keep kept continue retain",
    "agree/disagree refuse reject",
    "succeed success/fail failure",
    "live survive alive rescue saved/die died dead killed drown perish",
    "strengthen/weaken",
    "improve better/worsen worse deteriorate",
    "include/exclude",
    "join/quit",
    "lift ease relax/impose tighten",
    "extend lengthen/shorten end",
    "expand/shrink shrank close",
    "praise welcome/criticise criticize condemn denounce",
    "sink sank sunk capsize/float afloat safe saved towed",
    "arrest detain/release freed",
    "accept/decline refuse",
    "profit/loss",
    "surplus/deficit shortfall",
    "majority/minority",
    "public/private",
    "present attend/absent boycott",
        "demolish destroy tear/repair rebuild rebuilt restore preserve",
    "married marry/divorce",
    "hot warm/cold",
    "safe harmless/dangerous unsafe",
    "voluntary/compulsory forced",
    "same unchanged/different changed",
    "delay postpone/ahead early punctual",
)
# One side of these holds for one party and the other for the other: who buys has a seller.
_SWAPPED = ("win won victory beat triumph/lose lost loss defeated beaten", "buy bought acquire/sell sold", "borrow/lend lent")


def _sides(pairs: tuple[str, ...]) -> tuple[tuple[frozenset[str], ...], ...]:
    return tuple(tuple(frozenset(map(stem, side.split())) for side in pair.split("/")) for pair in pairs)


OPPOSITES, SWAPPED = _sides(_PAIRS), _sides(_SWAPPED)
