"""Front matter: what stands above a Markdown story between --- lines (YAML), +++ lines (TOML) or as "Key: value"."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, time
from itertools import takewhile

from .fields import knows, spelled

_LONGEST = 64_000
_FENCED = re.compile(
    r"(?P<fence>---|\+\+\+)[ \t]*\n(?P<told>.*?)^(?:(?P=fence)|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.M
)
_BEGINNING = re.compile(r"(?:---[ \t]*\n(?P<yaml>[\w-]{2,40}):[ \t\n]|\+\+\+[ \t]*\n(?P<toml>[\w-]{2,40})[ \t]*=)")
_PAIR = re.compile(r"(?P<key>[A-Za-z][\w -]{0,40}?)[ \t]*[:=][ \t]*(?P<value>\S.*)?")
_DEPTH = 5
_MOST_LINES = 60


def parted(text: str) -> tuple[dict[str, object], str]:
    """What the front matter tells, and the Markdown below it; nothing and the whole text where there is none."""
    if fenced := _FENCED.match(text, 0, _LONGEST):
        read = _yaml if fenced["fence"] == "---" else _toml
        # A title with a colon in it is no YAML, and stands in many a file all the same.
        told = read(fenced["told"]) or _pairs(fenced["told"].split("\n"))
        return (_states(told), text[fenced.end() :]) if any(map(knows, told)) else ({}, text)
    lines = text.split("\n")
    header = list(takewhile(_is_known, lines[:_MOST_LINES]))
    return (_states(_pairs(header)), "\n".join(lines[len(header) :])) if len(header) > 1 else ({}, text)


def begins(head: str) -> bool:
    """Whether a text that begins so has front matter between lines of --- or +++."""
    found = _BEGINNING.match(head)
    return bool(found and knows(found["yaml"] or found["toml"]))


def _yaml(told: str) -> dict[str, object]:
    """Every scalar as the words that stand there: no tag makes an object, NO stays Norwegian and a time keeps its
    zone. Aliases, by which a few lines unfold to billions, and deep nesting make it none."""
    import yaml

    try:
        depth = 0
        for event in yaml.parse(told, yaml.BaseLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEPTH or isinstance(event, yaml.AliasEvent):
                return {}
        found = yaml.BaseLoader(told).get_single_data()
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return {}
    return {str(key): value for key, value in found.items()} if isinstance(found, dict) else {}


def _toml(told: str) -> dict[str, object]:
    try:
        return {key: _worded(value) for key, value in tomllib.loads(told).items()}
    except (ValueError, RecursionError):
        return {}


def _worded(value: object, depth: int = _DEPTH) -> object:
    if isinstance(value, date | time):  # a datetime is a date
        return value.isoformat()
    if isinstance(value, list) and depth:
        return [_worded(inner, depth - 1) for inner in value]
    if isinstance(value, dict) and depth:
        return {key: _worded(inner, depth - 1) for key, inner in value.items()}
    return value if depth else None


def _pairs(lines: list[str]) -> dict[str, object]:
    pairs = [found.group("key", "value") for line in lines if (found := _PAIR.fullmatch(line.strip()))]
    return {key: value.strip("\"'") for key, value in pairs if value}


def _is_known(line: str) -> bool:
    found = _PAIR.fullmatch(line.strip())
    return bool(found and knows(found["key"]))


def _states(told: Mapping[str, object]) -> dict[str, object]:
    """Hugo's ``draft: true`` and Jekyll's ``published: false`` hold a story back."""
    words = {spelled(key): str(value).lower() for key, value in told.items()}
    kept = {key: v for key, v in told.items() if spelled(key) != "published" or str(v).lower() not in ("true", "false")}
    held = words.get("draft") == "true" or words.get("published") == "false"
    return {**kept, "status": "draft"} if held else kept
