"""What every table has in common: named columns, and rows that make an article each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.article import Article
from rag.errors import ReaderError

from ..clean import one_line
from ..field_map import FieldMap
from .fields import Voice, first, texts
from .writing import article_of

_SHOWN = 400


def lacking(names: Sequence[str], columns: FieldMap) -> str:
    """Why no row under these column names can be an article, and the cure; an empty string where rows can."""
    roots = {name.casefold() for name in names}
    inside = [column for _, column in columns.columns if column.split(".")[0].casefold() in roots]
    voice = _voice("", dict.fromkeys([*names, *inside], "x"), columns)
    absent = [concept for concept in ("headline", "body") if not first((voice,), concept)]
    if not absent:
        return ""
    had = one_line(", ".join(one_line(name, 40) for name in names if name), _SHOWN) or "no names"
    return (
        f"no column of this table is known as {' or '.join(absent)} (it has: {had}): "
        f"name them with {' '.join(f'--map {concept}=COLUMN' for concept in ('headline', 'body'))}."
    )


def article_of_row(table: str, row: Mapping[str, object], columns: FieldMap, raw: bytes) -> Article | ReaderError:
    """The article that a row makes; ``table`` names the format, ``raw`` is the row as it stood there."""
    try:
        return article_of((_voice(table, row, columns),))
    except ReaderError as reason:
        return ReaderError(str(reason), raw)


def _voice(table: str, row: Mapping[str, object], columns: FieldMap) -> Voice:
    voice = Voice(table, columns.renamed(row))
    if first((voice,), "headline"):
        return voice
    # CNN/DailyMail has no headlines: the first of an article's highlights stands in for one.
    highlights = "".join(texts(row.get("highlights")))
    return Voice(table, {**voice.fields, "headline": highlights.partition("\n")[0]}) if highlights else voice
