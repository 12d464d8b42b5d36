"""The clock, as the archive writes times."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> str:
    """The time now (ISO 8601, to the second)."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
