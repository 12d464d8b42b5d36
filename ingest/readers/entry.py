"""One entry of a feed: a lead to where the article stands, with what the feed itself tells of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urljoin

from rag.address import web_address
from rag.article import Article
from rag.errors import ReaderError

from ..lead import Lead
from ..markup import plain
from .fields import Voice
from .writing import article_of

MAX_ENTRIES = 50_000
# The end of what a feed gives as the content, where that is only its beginning.
_CUT = re.compile(r"(?:…|\.\.\.|\bread more|\bcontinue reading)[\])}\s.…»›>→]{0,9}$", re.IGNORECASE)
_INVITATION = re.compile(r"\n\n(?:read more|continue reading)[\s.…»›>→]{0,9}$", re.IGNORECASE)


def item_of(
    place: str, facts: Mapping[str, object], address: str, full: str = "", summary: str = ""
) -> Article | Lead | ReaderError:
    """A Lead where there is an ``address``, else the Article. ``full`` is the text that the feed gives as the content of
    the article, ``summary`` what it says about it; ``facts`` are the other fields in the spellings of the field map."""
    words = plain(full).strip()
    said = {name: fact for name, fact in facts.items() if fact}
    said |= {"link": address, "body": full if words else summary}
    if words and summary != full:
        said["summary"] = summary
    try:
        told = article_of((Voice(place, said),))
    except ReaderError as reason:
        raw = json.dumps(said, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace")
        return Lead(address, hint=_hint(place, said)) if address else ReaderError(f"no address, {reason}", raw)
    told = replace(told, body=_INVITATION.sub("", told.body), excerpt=not words or bool(_CUT.search(words[-40:])))
    return Lead(address, told) if address else told


def _hint(place: str, said: dict[str, object]) -> Article | None:
    """What is said of the article that stands at the address, where none of its words are."""
    try:
        return replace(article_of((Voice(place, said | {"body": "…"}),)), body="")
    except ReaderError:  # not even a headline
        return None


def resolved(link: object, *bases: object) -> str:
    """The link as a whole web address, resolved against the first of the bases with which it is one; else an empty
    string."""
    for base in ("", *bases):
        try:
            address = urljoin(base, link.strip()) if isinstance(base, str) and isinstance(link, str) else ""
        except ValueError:
            continue
        if found := web_address(address.replace(" ", "%20")):
            return found
    return ""
