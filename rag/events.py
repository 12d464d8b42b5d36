"""The events by which a question tells the time: "since the ceasefire", "before the Sarn flood". What they are called is
read here, on which day they were is the archive's to say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from .period import Period
from .words import STOP_WORDS, stem, tokens

# By the words of an event: the day on which the archive first tells of it, None where that is not clear.
Dated = Callable[[str], date | None]

# Only what by its name is an event: "after the minister" tells no time, whatever headlines there are of ministers.
_EVENTS = (
    "acquittal|armistice|arrest|assassination|attacks?|avalanche|bailout|bankruptcy|blackout|blast|bombing|breach|"
    "breakdown|budget|by-election|ceasefire|cease-fire|collapse|collision|coronation|coup|crash|cyclone|debate|"
    "derailment|disaster|drought|earthquake|elections?|eruption|evacuation|explosion|failure|fire|floods?|flooding|"
    "funeral|hack|heatwave|hurricane|inauguration|invasion|landslide|launch|lockdown|massacre|merger|outage|outbreak|"
    "pandemic|protests?|raid|recall|recount|referendum|resignation|riots?|rescue|run-off|runoff|scandal|sentencing|"
    "settlement|shooting|spill|stoppage|storm|strike|summit|takeover|talks|theft|trial|truce|tsunami|verdict|vote|"
    "war|wildfires?"
)
_NAMING = rf"(?:(?!(?:{'|'.join(STOP_WORDS)})\b)[\w'’&-]+\s+){{0,3}}?"
_PLACE = r"(?:\s+(?:in|at|of|on|off)\s+(?:the\s+)?(?-i:[A-Z])[\w'’-]+(?:\s+(?-i:[A-Z])[\w'’-]+){0,2})?"
_EVENT = re.compile(
    r"\b(?P<side>since|after|following|in the wake of|before|until|till|ahead of|prior to|up to)\s+(?:the\s+)?"
    r"(?:(?:start|beginning|outbreak|opening|news)\s+of\s+)?the\s+"
    rf"(?P<event>{_NAMING}(?:{_EVENTS}){_PLACE})(?![\w-])",
    re.IGNORECASE,
)
_OPEN_END = ("since", "after", "following", "in the wake of")
# Headlines farther apart than this speak of two events of one name; so does coverage that lasts longer altogether.
_PAUSE, _LASTS = timedelta(days=90), timedelta(days=180)
_BETWEEN = frozenset("the a an in at of on off".split())


def event_periods(text: str, dated: Dated) -> list[Period]:
    """The periods that a text bounds by an event that the archive dates, in order.

    After and since it are open to the end and the others to the beginning, whatever else is said ("the week after"): the
    first report may have come before the event itself.
    """
    found = []
    for match in _EVENT.finditer(text):
        if day := dated(match["event"]):
            after = match["side"].lower() in _OPEN_END
            found.append(Period(day, None, match[0]) if after else Period(None, day, match[0]))
    return found


def first_day(words: str, headlines: Iterable[tuple[str, str]]) -> date | None:
    """The day of the first headline that holds all the words of an event, out of pairs with the time of publication (ISO
    8601). None where there is none, or where such headlines tell of more than one event, as far as their days show."""
    wanted = name_of(words)
    told = (published for headline, published in headlines if published and wanted <= name_of(headline))
    days = sorted({date.fromisoformat(published[:10]) for published in told})
    if not wanted or not days or days[-1] - days[0] > _LASTS:
        return None
    apart = any(later - earlier > _PAUSE for earlier, later in zip(days, days[1:], strict=False))
    return None if apart else days[0]


def name_of(words: str) -> frozenset[str]:
    """What a headline must hold to tell of the event: every word but articles and prepositions of place, stemmed."""
    return frozenset(stem(token) for token in tokens(words) if token not in _BETWEEN)
