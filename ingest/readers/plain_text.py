"""Plain text as wires and newsrooms send it: headline, standfirst, an empty line, credits, paragraphs, a footer.

    Harbour bridge to stay shut until June
    Engineers found cracks in two more piers

    By Ann Lee and Omar Haddad
    4 March 2026, 14:05 GMT
    HARLOW BAY
    The bridge over …

Every part but the headline and one paragraph may be missing. Instead of the first lines there may be a block of
"Headline: …", "Published: …", "URL: …" lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import takewhile

from rag.article import Article
from rag.errors import ReaderError

from ..clean import one_line, visible
from ..credit import is_byline
from ..dateline import own_line
from ..source import Source
from ..times import news_time
from .fields import Voice, knows
from .writing import article_of

_OTHER_FORMATS = (
    ".xml",
    ".rss",
    ".atom",
    ".csv",
    ".tsv",
    ".tab",
    ".md",
    ".markdown",
    ".html",
    ".htm",
    ".xhtml",
    ".json",
    ".jsonl",
    ".warc",
    ".sgm",
)
_FIELD = re.compile(r"(?P<key>[A-Za-z][A-Za-z _-]{1,24}):\s*(?P<value>\S.*)?")
_TIME_LABEL = re.compile(r"(?:first )?(?P<label>published|posted|updated|last updated|modified)(?: on| at)?:?\s+", re.I)
_LONGEST_HEADLINE = 300
_LONGEST_TIME = 60
_MOST_HEAD_LINES = 8


class PlainText:
    name = "text"

    def accepts(self, source: Source) -> bool:
        return not source.head.startswith(("<", "{", "[")) and not source.name.endswith(_OTHER_FORMATS)

    def read(self, source: Source) -> Iterator[Article | ReaderError]:
        lines = visible(source.text).strip().split("\n")
        article = article_of((Voice("text", told_by(lines)),))
        yield article if article.url else replace(article, identity=_identity(source, article))


def told_by(lines: list[str]) -> dict[str, object]:
    """The fields of a text by its lines; raises ReaderError where its first one is too long for a headline."""
    return _with_header(lines) or _without_header(lines)


def _identity(source: Source, article: Article) -> str:
    """A desk that files weather.txt every day tells one from the other by its date or its folder."""
    day = article.first_published.day if article.first_published else ""
    return f"text:{day or source.folder}:{source.name}:{article.headline}"


def _with_header(lines: list[str]) -> dict[str, object]:
    """The fields of a leading "Key: value" block and the body below it; empty where the text has no such block."""
    header = list(takewhile(_is_field, lines))
    pairs = [found.group("key", "value") for line in header if (found := _FIELD.fullmatch(line.strip()))]
    if len(pairs) < 2:
        return {}
    fields: dict[str, object] = {key: value for key, value in pairs if value}
    rest = "\n".join(lines[len(header) :]).strip()
    if not {"headline", "title"} & {key.lower() for key in fields}:
        headline, _, rest = rest.partition("\n")
        fields["headline"] = headline
    return fields | {"body": rest.strip()}


def _is_field(line: str) -> bool:
    found = _FIELD.fullmatch(line.strip())
    return bool(found and knows(found["key"]))


@dataclass
class _Head:
    """The lines above the first paragraph, as far as they have been told apart."""

    fields: dict[str, object] = field(default_factory=dict)
    after_gap: bool = False
    ended: bool = False

    def takes(self, line: str, more_blocks: bool) -> bool:
        """Whether the line belongs to the head; if so it is noted."""
        line = line.strip()
        if not line:
            self.after_gap = True
        elif is_byline(line):
            self.fields["byline"] = line
        elif _is_time(line):
            label = _TIME_LABEL.match(line)
            self.fields["modified" if label and label["label"].lower() in _CHANGED else "published"] = line
        elif place := own_line(line):
            # The story begins below it: an "ISTANBUL" further down is a heading.
            self.fields |= {"dateline": place.place, "agency": place.agency}
            self.ended = True
        elif not self.after_gap and more_blocks and "standfirst" not in self.fields:
            self.fields["standfirst"] = line
        else:
            return False
        return True


_CHANGED = ("updated", "last updated", "modified")


def _without_header(lines: list[str]) -> dict[str, object]:
    headline = lines[0].strip()
    if len(headline) > _LONGEST_HEADLINE:
        start = one_line(headline, 40)
        raise ReaderError(
            f"no headline: the first line has {len(headline)} characters ({start}): put a headline above it."
        )
    block = list(takewhile(str.strip, lines[1:]))
    # More than three lines without a gap are paragraphs: then nothing marks one of them as a standfirst.
    has_standfirst = len(block) < 4 and len(lines) > len(block) + 2
    head, at = _Head(), 1
    while not head.ended and at < min(len(lines), _MOST_HEAD_LINES) and head.takes(lines[at], has_standfirst):
        at += 1
    return head.fields | {"headline": headline, "body": "\n".join(lines[at:])}


def _is_time(line: str) -> bool:
    """Whether the line is a time and nothing else."""
    read = news_time(line, "line") if len(line) <= _LONGEST_TIME and line[-1:] != "." else None
    return bool(read and read.instant and not line.isdigit())
