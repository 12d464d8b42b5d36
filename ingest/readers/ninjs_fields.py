"""Which fields a ninjs object may have, and of what sort, for the majors 1, 2 and 3 (IPTC, to 1.8, 2.4 and 3.3).

Not the whole schema: what a newsroom has to be able to rely on. A name that ninjs does not know, a text that is a number,
a state that is none: such an object was not made by what it says it was made by.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

_STATES = ("usable", "withheld", "canceled")
_TYPES = ("text", "audio", "video", "picture", "graphic", "composite", "component", "event", "planning")
_GEOMETRIES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
               "Feature", "FeatureCollection")  # fmt: skip
_TRUNCATED = re.compile(r"-?\d{4,6}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?)?)?)?")
_SHOWN = 40
_MOST_ASSOCIATIONS = 1000

Check = Callable[[object], bool]


def _text(value: object) -> bool:
    return isinstance(value, str)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _urgency(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 9


def _object(value: object) -> bool:
    return isinstance(value, dict)


def _list(value: object) -> bool:
    return isinstance(value, list)


def _one_of(*allowed: str) -> Check:
    return lambda value: value in allowed


def _all(value: object, part: Check) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) and part(item) for item in value)


def _texts(value: object) -> bool:
    """headlines, descriptions, bodies: each has a value, and all but the counts are texts."""
    return _all(value, lambda item: _text(item.get("value")) and _flat(item))


def _concepts(value: object) -> bool:
    return _all(value, _concept)


def _concept(item: Mapping) -> bool:
    """Names and codes are texts; below them there are only contacts, symbols and geography."""
    geography = item.get("geojson", item.get("geoJSON", {"type": "Point"}))
    return _flat(item) and isinstance(geography, dict) and geography.get("type") in _GEOMETRIES


def _flat(item: Mapping) -> bool:
    nested = ("contactinfo", "contactInfo", "symbols", "geojson", "geoJSON")
    return all(key in nested or key.startswith("geometry_") or _text(v) or _number(v) for key, v in item.items())


def _rights(value: object) -> bool:
    """Linked or encoded, not both."""
    if not isinstance(value, dict):
        return False
    told = [value[key] for key in value if key.lower() in ("linkedrights", "encodedrights")]
    return len(told) == 1 and _text(told[0])


def _named(value: object) -> bool:
    return isinstance(value, dict) and all(map(_text, value.values()))


def _advices(value: object) -> bool:
    """A draft of 2021: how important and for how long are codes from a scheme."""
    coded = ("importance", "lifetime")
    return _all(value, lambda item: all(_named(item[k]) and "code" in item[k] for k in coded if k in item))


def _event(value: object) -> bool:
    """Its start and its end are known or expected, not both; what is expected may leave out its last parts."""
    dates = value.get("dates", {}) if isinstance(value, dict) else None
    if not isinstance(dates, dict):
        return False
    both = any(end in dates and f"expected{end[0].upper()}{end[1:]}" in dates for end in ("startDate", "endDate"))
    expected = (dates[key] for key in ("expectedStartDate", "expectedEndDate") if key in dates)
    return not both and all(isinstance(date, str) and _TRUNCATED.fullmatch(date) for date in expected)


def _coverage(value: object) -> bool:
    return _all(value, lambda item: _urgency(item.get("urgency", 1)) and item.get("type", "text") in _TYPES)


_COMMON: dict[str, Check] = {
    "uri": lambda value: isinstance(value, str) and bool(value.strip()),
    "type": _one_of(*_TYPES), "profile": _text, "version": _text, "title": _text, "slugline": _text,
    "located": _text, "language": _text, "urgency": _urgency, "expires": _text, "advices": _advices, "rel": _text,
}  # fmt: skip
# In 3 with capitals inside, in 2 without; 1 has them in lower case as well.
_SHARED: dict[str, Check] = {
    "firstCreated": _text, "versionCreated": _text, "contentCreated": _text, "contentDigitised": _text,
    "pubStatus": _one_of(*_STATES), "copyrightHolder": _text, "copyrightNotice": _text, "usageTerms": _text,
    "edNote": _text, "rightsInfo": _rights, "digitalSourceType": _named,
}  # fmt: skip
_LATER: dict[str, Check] = {
    "representationType": _one_of("full", "partial"), "by": _text, "name": _text, "headlines": _texts,
    "descriptions": _texts, "bodies": _texts, "people": _concepts, "organisations": _concepts, "places": _concepts,
    "subjects": _concepts, "events": _concepts, "objects": _concepts, "infoSources": _concepts, "genres": _concepts,
    "renditions": _list, "altIds": _list, "trustIndicators": _list, "standard": _named, "associations": _list,
}  # fmt: skip
_FIRST: dict[str, Check] = {
    "$standard": _named, "mimetype": _text, "representationtype": _one_of("complete", "incomplete"), "embargoed": _text,
    "byline": _text, "headline": _text, "charcount": _number, "wordcount": _number, "person": _concepts,
    "organisation": _concepts, "place": _concepts, "subject": _concepts, "event": _concepts, "object": _concepts,
    "infosource": _concepts, "genre": _concepts, "trustindicator": _list, "renditions": _object, "altids": _object,
    "associations": _object,
}  # fmt: skip
_EXTENDED = re.compile(r"(description|body|headline)_[a-zA-Z0-9_]")


def _lower(fields: dict[str, Check]) -> dict[str, Check]:
    return {name.lower(): check for name, check in fields.items()}


FIELDS: dict[int, dict[str, Check]] = {
    1: _COMMON | _lower(_SHARED) | _FIRST,
    2: _COMMON | _lower(_SHARED) | _lower(_LATER) | {"embargoed": _text},
    3: _COMMON | _SHARED | _LATER | {"embargoedUntil": _text, "eventDetails": _event, "plannedCoverage": _coverage},
}


def majors_of(record: Mapping) -> list[int]:
    """The majors that have the most of its names, the older ones first: a short object fits several."""
    strange = {major: len(unknown(record, major)) for major in FIELDS}
    return [major for major, count in strange.items() if count == min(strange.values())]


def unknown(record: Mapping, major: int) -> list[str]:
    """The names that this major does not have."""
    return [key for key in record if key not in FIELDS[major] and not (major == 1 and _EXTENDED.match(key))]


def extends(record: Mapping) -> bool:
    """Whether the object says that it follows an extension of ninjs, which may add names."""
    told = record.get("standard", record.get("$standard"))
    name = told.get("name", "ninjs") if isinstance(told, dict) else "ninjs"
    return isinstance(name, str) and name.lower() != "ninjs" and "ninjs" in name.lower()


def fault_of(record: Mapping) -> str:
    """What makes the object no valid ninjs of any version, or an empty string."""
    faults = [_fault_in_all(record, major) for major in majors_of(record)]
    return "" if "" in faults else faults[0]


def associations(record: Mapping) -> Iterable[tuple[str, object]]:
    """The associated objects with their names: an object of objects in 1, a list since 2."""
    found = record.get("associations") or ()
    if isinstance(found, dict):
        return found.items()
    named = enumerate(found, start=1) if isinstance(found, list) else ()
    return ((str(item.get("name", n)) if isinstance(item, dict) else str(n), item) for n, item in named)


def _fault_in_all(record: Mapping, major: int) -> str:
    if fault := _fault(record, major, extends(record)):
        return fault
    for name, associated in list(associations(record))[:_MOST_ASSOCIATIONS]:
        if not isinstance(associated, dict):
            return f"the association {name[:_SHOWN]!r} is no object"
        if fault := _fault(associated, major, extends(record)):
            return f"in the association {name[:_SHOWN]!r} {fault}"
        if major > 1 and not _text(associated.get("name")):
            return f"the association {name[:_SHOWN]!r} has no name"
    return ""


def _fault(record: Mapping, major: int, extended: bool) -> str:
    if "uri" not in record:
        return "there is no uri"
    if (strange := unknown(record, major)) and not extended:
        return f"ninjs has no field {strange[0][:_SHOWN]!r}"
    for name, value in record.items():
        check = FIELDS[major].get(name, _text if major == 1 and _EXTENDED.match(name) else lambda _: True)
        if not check(value):
            return f"{name[:_SHOWN]} cannot be {str(value)[:_SHOWN]!r}"
    return ""
