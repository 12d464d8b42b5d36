"""FieldMap: the user's own names for the columns of a table or the fields of a record (``--map headline=Kop``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rag.errors import WrongUse

_MOST = 60
_ALLOWED = (
    "headline, standfirst, body, author, publisher, originator, url, guid, section, language, kind, dateline, "
    "published, updated, embargoed, expires, status, correction, version, credit"
)


@dataclass(frozen=True)
class FieldMap:
    """``columns`` pairs a concept of the field map (readers/fields.py) with the column that holds it, as the user
    spelled it; a dotted one leads into nested JSON (``content.text``). A concept named twice takes both columns, the
    first one first."""

    columns: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, mappings: Iterable[str]) -> FieldMap:
        """From what was typed, ``field=column`` each; raises WrongUse for a field that is not known."""
        return cls(tuple(_pair(mapping) for mapping in mappings))

    def names(self, record: Mapping[object, object]) -> bool:
        """Whether the record has one of the columns."""
        return any(_found(record, column) for _, column in self.columns)

    def renamed(self, record: Mapping[object, object]) -> dict[object, object]:
        """The record with its columns under the names of their concepts.

        A concept that has a column here is heard from that column alone, also where it is empty: the date that the
        user did not point at may be the day of a crawl. A record that has none of the columns is of another kind
        and stays as it is, so that one map serves a folder of many forms.
        """
        if not self.names(record):
            return dict(record)
        from .readers.fields import SPELLINGS, spelled

        taken = {column.casefold() for _, column in self.columns}
        heard = {spelling for concept, _ in self.columns for spelling in SPELLINGS[concept]}
        rest = {key: value for key, value in record.items() if _folded(key) not in taken and spelled(key) not in heard}
        mapped: dict[str, list[object]] = {}
        for concept, column in self.columns:
            mapped.setdefault(concept, []).extend(_found(record, column))
        return {concept: found[0] if len(found) == 1 else found for concept, found in mapped.items() if found} | rest


def _pair(mapping: str) -> tuple[str, str]:
    # At the top it would be a circle: the readers read a Source, and that holds a map.
    from .readers.fields import SPELLINGS, spelled

    field, _, column = (part.strip() for part in mapping.partition("="))
    if not (field and column):
        raise WrongUse(f"--map {mapping!r}: write it as field=column, such as headline=Title.")
    concept = next((name for name, spellings in SPELLINGS.items() if spelled(field) in spellings), "")
    if not concept:
        raise WrongUse(f"--map {mapping!r}: {field!r} is no field of an article; the fields are {_ALLOWED}.")
    return concept, column


def _found(record: Mapping[object, object], column: str) -> list[object]:
    """The value of the column, in a list; an empty list where the record has no such column."""
    wanted = column.casefold()
    whole = next((key for key in record if _folded(key) == wanted), None)
    if whole is not None:
        return [record[whole]]
    values: list[object] = [record] if "." in column else []
    for part in column.split("."):
        values = [inner for value in values for inner in _inside(value, part)][:_MOST]
    return values


def _inside(value: object, part: str) -> list[object]:
    if isinstance(value, Mapping):
        return [inner for key, inner in value.items() if _folded(key) == part.casefold()]
    if isinstance(value, list | tuple) and part.isdecimal():
        return list(value[int(part) : int(part) + 1]) if len(part) < 9 else []
    if isinstance(value, list | tuple):
        return [inner for item in value[:_MOST] if isinstance(item, Mapping) for inner in _inside(item, part)]
    return []


def _folded(key: object) -> str:
    return str(key).strip().casefold()
