"""What stands beside an answer, as a terminal shows it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from .page.sidebar_wording import chain_words, entry_credit, sidebar_lines
from .page.wording import day_words
from .sidebar import Sidebar
from .timeline import Timeline

_WIDTH = 100


def beside_lines(sidebar: Sidebar, refused: bool) -> Iterator[str]:
    """A few lines; the timeline only where it was asked for."""
    for line in sidebar_lines(sidebar, refused):
        yield from _wrapped(f"! {line.text}" if line.warns else line.text)
    if sidebar.figures:
        yield from _wrapped(f"The figure over time: {chain_words(sidebar.figures)}")
    if sidebar.timeline and sidebar.timeline.asked:
        yield from timeline_lines(sidebar.timeline)


def timeline_lines(timeline: Timeline) -> Iterator[str]:
    yield ""
    yield "Timeline, by the first report of each day:"
    for entry in timeline.entries:
        yield from _wrapped(f"{day_words(entry.day)}: {entry.article.headline} ({entry_credit(entry)})", "  ")


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ")
