"""schema.org data inside a page: finds the object that describes the article and follows its references."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from lxml.html import HtmlElement

_ARTICLE = re.compile(r"(?:\w*Article|(?:Live)?BlogPosting|Report(?:age\w*)?|SocialMediaPosting)")
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$")
_MOST_NODES = 5000
_REFERRING = ("author", "publisher", "creator", "sourceOrganization")


def article_data(page: HtmlElement) -> dict:
    """The fields of the page's own article, or an empty dict: the fullest one, the first where several are as full."""
    nodes = [node for block in _blocks(page) for node in _nodes(block)]
    articles = [node for node in nodes if _is_article(node)]
    if not articles:
        return {}
    best = max(articles, key=_fullness)
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    return best | {key: _resolved(best[key], by_id) for key in _REFERRING if key in best}


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
            waiting.extend(inner for inner in value.values() if isinstance(inner, dict | list))
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
