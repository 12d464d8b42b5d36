"""schema.org data inside a page: finds the object that describes the article and follows its references."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from lxml.html import HtmlElement

_ARTICLE = re.compile(r"(?:\w*Article|(?:Live)?BlogPosting|Report(?:age\w*)?|SocialMediaPosting)")
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$")
_MOST_NODES = 5000
# Behind these stand other articles: the entries of a live page, what is linked or listed, what is commented on.
_OF_OTHERS = ("liveBlogUpdate", "hasPart", "itemListElement", "mentions", "citation", "comment", "isBasedOn",
              "relatedLink", "subjectOf")  # fmt: skip
_REFERRING = ("author", "publisher", "creator", "sourceOrganization")


def article_data(page: HtmlElement) -> dict:
    """The fields of the page's own article, or an empty dict: the fullest one, the first where several are as full."""
    nodes = [node for block in _blocks(page) for node in _nodes(block)]
    articles = [node for node in nodes if _is_article(node)]
    if not articles:
        return {}
    best = max(articles, key=_fullness)
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    return best | {key: _resolved(best[key], by_id) for key in _REFERRING if key in best} | _correction(best)


def _correction(node: dict) -> dict:
    """schema.org's CorrectionComment: what was wrong, and when it was put right."""
    notes = [note for note in _listed(node.get("correction")) if isinstance(note, dict)]
    dates = [note.get("datePublished") or note.get("dateCreated") for note in notes]
    return {"correctedOn": dates[-1]} if dates and dates[-1] else {}


def _fullness(node: dict) -> int:
    return sum(1 for key in ("headline", "datePublished", "author", "articleBody", "publisher") if node.get(key))


def _blocks(page: HtmlElement) -> Iterator[object]:
    for script in page.xpath('//script[contains(translate(@type, "LDJSON", "ldjson"), "ld+json")]'):
        try:
            yield json.loads(_WRAPPING.sub("", script.text_content()), strict=False)
        except (ValueError, RecursionError):
            continue


def _nodes(block: object) -> Iterator[dict]:
    """Every object in a block, outer ones first, without recursion and up to a bound."""
    waiting, seen = [block], 0
    while waiting and seen < _MOST_NODES:
        value = waiting.pop(0)
        seen += 1
        if isinstance(value, dict):
            yield value
            inner = (held for key, held in value.items() if key not in _OF_OTHERS)
            waiting.extend(held for held in inner if isinstance(held, dict | list))
        elif isinstance(value, list):
            waiting.extend(value[:_MOST_NODES])


def _is_article(node: dict) -> bool:
    kinds = node.get("@type")
    return any(isinstance(kind, str) and _ARTICLE.fullmatch(kind.split("/")[-1]) for kind in _listed(kinds))


def _resolved(value: object, by_id: dict[str, dict]) -> object:
    """A reference ({"@id": …}) replaced by the object that it points to."""
    return [by_id.get(str(v.get("@id")), v) if isinstance(v, dict) and len(v) <= 2 else v for v in _listed(value)]


def _listed(value: object) -> list:
    return value if isinstance(value, list) else [value]
