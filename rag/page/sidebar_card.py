"""What stands beside an answer, as HTML: muted lines, the table of a figure and the picture of a story, folded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ..figures import Figure, Figures
from ..sidebar import Sidebar
from ..timeline import Entry, Timeline
from .sidebar_wording import chain_words, entry_credit, figure_credit, sidebar_lines
from .wording import day_words, plain, safe_address, span_words

_LEFT, _RIGHT = 3.0, 97.0  # per cent of the picture's width
_GAP = 7.0  # at least, between two dots: they do not touch on a telephone


def sidebar_card(sidebar: Sidebar | None, refused: bool) -> str:
    """Empty for an answer that is not complete."""
    if sidebar is None:
        return ""
    lines = "".join(
        f'<div class="dl-beside-line{" dl-beside-warns" if line.warns else ""}">{_words(line.text)}</div>'
        for line in sidebar_lines(sidebar, refused)
    )
    asked = bool(sidebar.timeline and sidebar.timeline.asked)
    more = _figures(sidebar.figures, asked) + _timeline(sidebar.timeline)
    return f'<div class="dl-beside">{lines}{more}</div>' if lines or more else ""


def _words(text: str) -> str:
    return f'<span class="dl-t" dir="auto">{plain(text)}</span>'


def _folded(name: str, summary: str, inside: str, is_open: bool) -> str:
    opened = " open" if is_open else ""
    return f'<details class="dl-fold dl-{name}"{opened}><summary>{summary}</summary>{inside}</details>'


# -- the figure over time -------------------------------------------------------------------------------------------


def _figures(figures: Figures | None, is_open: bool) -> str:
    if not figures:
        return ""
    rows = "".join(_row(row, figures) for row in figures.rows)
    return _folded(
        "figures", _words(f"Over time: {chain_words(figures)}"), f'<table class="dl-table">{rows}</table>', is_open
    )


def _row(row: Figure, figures: Figures) -> str:
    """The value, who told it when, and its sentence where that still stands."""
    said = f'<div class="dl-said">{_words(row.quote)}</div>' if row.quote else ""
    also = f'<div class="dl-said">{_words("also " + ", ".join(row.others))}</div>' if row.others else ""
    marked = f'<span class="dl-value{" dl-gone" if row.mark else ""}">{_words(row.words)}</span>'
    return f"<tr><td>{marked}</td><td>{_words(figure_credit(row, figures))}{also}{said}</td></tr>"


# -- the story over time --------------------------------------------------------------------------------------------


def _timeline(timeline: Timeline | None) -> str:
    if not timeline:
        return ""
    entries = timeline.entries
    told = f"Timeline: {len(entries)} days of reports, {span_words(entries[0].day, entries[-1].day)}"
    items = "".join(_entry(number, entry) for number, entry in enumerate(entries, start=1))
    return _folded("timeline", _words(told), f'{_picture(entries)}<ol class="dl-days">{items}</ol>', timeline.asked)


def _entry(number: int, entry: Entry) -> str:
    return (
        f'<li class="dl-day"><span class="dl-dot">{number}</span><span class="dl-when">{_words(day_words(entry.day))}</span>'
        f'<div class="dl-what">{_linked(entry)}</div><div class="dl-said">{_words(entry.lead)}</div>'
        f'<div class="dl-who">{_words(entry_credit(entry))}</div></li>'
    )


def _linked(entry: Entry) -> str:
    address, headline = safe_address(entry.article.url), _words(entry.article.headline)
    if not address:
        return headline
    return (
        f'<a class="dl-read" href="{plain(address)}" target="_blank" rel="noopener noreferrer nofollow">{headline}</a>'
    )


def _picture(entries: Sequence[Entry]) -> str:
    """A line of dots, each as far along as its day. Widths are in per cent: Gradio takes a viewBox away. What it shows
    stands in the list below it, and each dot names its own."""
    dots = "".join(
        _dot(number, entry, x) for number, (entry, x) in enumerate(zip(entries, places(entries), strict=True), 1)
    )
    first, last = day_words(entries[0].day), day_words(entries[-1].day)
    return (
        '<svg class="dl-strip" width="100%" height="50">'
        f"<title>{plain(f'{len(entries)} days of reports from {first} to {last}, listed below')}</title>"
        f'<line x1="{_LEFT}%" y1="14" x2="{_RIGHT}%" y2="14"></line>{dots}'
        f'<text class="dl-edge" x="0" y="44">{plain(first)}</text>'
        f'<text class="dl-edge dl-edge-last" x="100%" y="44">{plain(last)}</text></svg>'
    )


def _dot(number: int, entry: Entry, x: float) -> str:
    return (
        f"<g><title>{plain(f'{day_words(entry.day)}: {entry.article.headline}')}</title>"
        f'<circle cx="{x:.1f}%" cy="14" r="10"></circle><text class="dl-nth" x="{x:.1f}%" y="18">{number}</text></g>'
    )


def places(entries: Sequence[Entry]) -> list[float]:
    """How far along each day stands, in per cent of the width: in scale, and pushed apart where dots would touch."""
    days = [date.fromisoformat(entry.day).toordinal() for entry in entries]
    lasts = max(1, days[-1] - days[0])
    found: list[float] = []
    for day in days:
        x = _LEFT + (_RIGHT - _LEFT) * (day - days[0]) / lasts
        found.append(max(x, found[-1] + _GAP) if found else x)
    for n in range(len(found) - 1, -1, -1):  # what was pushed over the edge comes back
        most = _RIGHT if n == len(found) - 1 else found[n + 1] - _GAP
        found[n] = min(found[n], most)
    return found
