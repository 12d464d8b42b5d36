"""Stories of Reuters-21578 (Lewis 1997) as articles that answer nothing asked: a thicker haystack of real news."""

from __future__ import annotations

import html
import json
import random
import re
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

_SEED = 21578
_LEAST_CHARACTERS = 1_000
_STORY = re.compile(r'<REUTERS [^>]*NEWID="(\d+)">(.*?)</REUTERS>', re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|&#\d{1,2};")


def drawn(tarball: Path, count: int, into: Path) -> Path:
    """Writes this many stories of some length, drawn by a fixed seed, as JSON lines; returns the file."""
    long_enough = [story for story in stories(tarball) if len(story["body"]) >= _LEAST_CHARACTERS]
    chosen = random.Random(_SEED).sample(long_enough, count)
    into.write_text("".join(json.dumps(story) + "\n" for story in chosen), "utf-8")
    return into


def stories(tarball: Path) -> Iterator[dict[str, str]]:
    """Every story that has a title and a body, in the order of the collection."""
    with tarfile.open(tarball) as tar:
        for name in sorted(name for name in tar.getnames() if name.endswith(".sgm")):
            member = tar.extractfile(name)
            text = member.read().decode("latin-1") if member else ""
            yield from filter(None, (_story(*found.groups()) for found in _STORY.finditer(text)))


def _story(number: str, sgml: str) -> dict[str, str] | None:
    headline, body = _element("TITLE", sgml), _element("BODY", sgml)
    if not (headline and body):
        return None
    return {
        "headline": headline.title(),
        "body": _paragraphs(body),
        "publisher": "Reuters",
        "published": _time(_element("DATE", sgml)),
        "dateline": _element("DATELINE", sgml).partition(",")[0].title(),
        "url": f"https://reuters21578.example/{number}",
    }


def _element(name: str, sgml: str) -> str:
    found = re.search(rf"<{name}>(.*?)</{name}>", sgml, re.DOTALL)
    return html.unescape(_CONTROL.sub("", found[1])).strip() if found else ""


def _paragraphs(body: str) -> str:
    """A paragraph begins with four spaces; the lines within it are broken anywhere; "Reuter" ends the story."""
    body = re.sub(r"\s+Reuter\s*\Z", "", body, flags=re.IGNORECASE)
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n {4,}", body) if part.strip())


def _time(words: str) -> str:
    """ "26-FEB-1987 15:01:01.79" in ISO 8601; some dates of the collection carry rubbish behind the time."""
    found = re.search(r"\d{1,2}-[A-Z]{3}-\d{4} \d\d:\d\d:\d\d", words)
    return datetime.strptime(found[0], "%d-%b-%Y %H:%M:%S").replace(tzinfo=UTC).isoformat() if found else ""
