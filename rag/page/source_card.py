"""The source of a citation as HTML: who published what and when, and the passage with the quoted words marked."""

from __future__ import annotations

from collections.abc import Sequence

from ..article import Article
from ..citation import Citation
from ..sentences import Span
from ..spoken_days import spoken_days
from .wording import byline, carriers, correction, credit, dates, host_of, label, plain, safe_address, spoken_day_words


def sources(citations: Sequence[Citation], turn: int) -> str:
    if not citations:
        return ""
    cards = "".join(_source(citation, turn, place == 0) for place, citation in enumerate(citations))
    return f'<div class="dl-sources"><div class="dl-sources-title">Sources</div>{cards}</div>'


def _source(citation: Citation, turn: int, is_open: bool) -> str:
    article = citation.article
    head = f'<summary><span class="dl-number">{citation.number}</span>{head_of(article, citation.carried_by)}</summary>'
    more = f'{_signed(article)}<div class="dl-passage">{_passage(citation)}</div>{link_to(article.url)}'
    opened = " open" if is_open else ""
    place = place_of(citation, turn)
    return f'<details class="dl-source" id="{place}" tabindex="-1"{opened}>{head}<div class="dl-more">{more}</div></details>'


def head_of(article: Article, carried_by: Sequence[str]) -> str:
    note, others = correction(article), carriers(carried_by)
    return (
        f'<span class="dl-head">{kind_of(label(article))}<span class="dl-headline">{text_of(article.headline)}</span>'
        f'<span class="dl-origin">{text_of(f"{credit(article)} · {dates(article)}")}</span>'
        + (f'<span class="dl-origin">{text_of(others)}</span>' if others else "")
        + (f'<span class="dl-correction">{text_of(note)}</span>' if note else "")
        + "</span>"
    )


def _signed(article: Article) -> str:
    line = byline(article)
    return f'<div class="dl-byline">{text_of(line)}</div>' if line else ""


def _passage(citation: Citation) -> str:
    """The passage with the quoted words marked; its paragraphs stay apart."""
    article, passage = citation.article, citation.passage
    before = dated(article, Span(passage.start, citation.start))
    after = dated(article, Span(citation.end, passage.end))
    marked = dated(article, Span(citation.start, citation.end))
    return f'<span class="dl-t" dir="auto">{before}<mark>{marked}</mark>{after}</span>'


def dated(article: Article, within: Span) -> str:
    """A stretch of the body, in which "Tuesday" and its like carry the day that is meant; chat.css shows it in brackets, so
    that the words stay as they are, for a copy as well."""
    parts, end = [], within.start
    for day in spoken_days(article, within):
        words = plain(article.body[day.start : day.end])
        parts += [_paragraphed(article.body[end : day.start])]
        parts += [f'<span class="dl-meant" title="{plain(spoken_day_words(day.day))}">{words}</span>']
        end = day.end
    return "".join(parts) + _paragraphed(article.body[end : within.end])


def _paragraphed(text: str) -> str:
    """Escaped, an empty line as a break, and a space kept where the text begins or ends with one."""
    return "<br><br>".join(_edged(part) for part in text.split("\n\n"))


def _edged(text: str) -> str:
    return f"{' ' if text[:1].isspace() else ''}{plain(text)}{' ' if text.strip() and text[-1:].isspace() else ''}"


def place_of(citation: Citation, turn: int) -> str:
    return f"a{turn}-s{citation.number}"


def text_of(text: str) -> str:
    """A stranger's words, kept apart from the direction of the writing around them."""
    return f'<span class="dl-t" dir="auto">{plain(text)}</span>'


def kind_of(words: str) -> str:
    return f'<span class="dl-kind">{plain(words)}</span>' if words else ""


def link_to(url: str) -> str:
    address = safe_address(url)
    if not address:
        return ""
    return (
        f'<div class="dl-link"><a href="{plain(address)}" target="_blank" rel="noopener noreferrer nofollow">'
        f"Read it at {plain(host_of(address))} ↗</a></div>"
    )
