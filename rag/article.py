"""Article: one version of one story as a publisher gave it, with its times, state and credits."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum


class Kind(StrEnum):
    """What sort of text it is (IPTC genre in plain words); opinion and press releases are labelled in answers."""

    REPORT = "report"
    ANALYSIS = "analysis"
    OPINION = "opinion"
    LIVE = "live"
    PRESS_RELEASE = "press release"


class Status(StrEnum):
    """The publishing state (ninjs ``pubStatus``, Reuters grades); only usable and corrected text is retrieved."""

    USABLE = "usable"
    CORRECTED = "corrected"
    WITHHELD = "withheld"
    EMBARGOED = "embargoed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class NewsTime:
    """One instant in UTC with the words it was read from and the place that gave them.

    ``instant`` is None where the words could not be understood: unknown stays unknown.
    """

    instant: datetime | None
    raw: str
    known_by: str

    def __post_init__(self) -> None:
        if self.instant is not None and self.instant.tzinfo is None:
            raise ValueError("NewsTime.instant needs a time zone; give it in UTC")

    @property
    def day(self) -> str:
        """The UTC day as YYYY-MM-DD, or an empty string."""
        return self.instant.astimezone(UTC).date().isoformat() if self.instant else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One version of a story. ``body`` is the quotable text: paragraphs parted by one empty line.

    ``identity`` names the story across its versions (its canonical address, or the publisher's own id);
    two articles with one identity are two versions of one story. Headline, standfirst, dateline and credit
    are metadata: they help the search and are never quoted as evidence.
    """

    identity: str
    headline: str
    body: str
    standfirst: str = ""
    bylines: tuple[str, ...] = ()
    publisher: str = ""
    originator: str = ""
    url: str = ""
    section: str = ""
    language: str = ""
    kind: Kind = Kind.REPORT
    dateline: str = ""
    first_published: NewsTime | None = None
    this_version: NewsTime | None = None
    status: Status = Status.USABLE
    embargoed_until: NewsTime | None = None
    correction: str = ""
    version: int = 1
    credit: str = ""

    @property
    def id(self) -> str:
        """16 hexadecimal digits, the same for every version of the story."""
        return _hash("article", self.identity)

    @property
    def revision(self) -> str:
        """16 hexadecimal digits that change with anything that the article says."""
        return _hash("revision", self.to_json())

    @property
    def text_digest(self) -> str:
        """16 hexadecimal digits of publisher and words alone: equal for the same text under two addresses."""
        return _hash("text", self.publisher.casefold(), " ".join(f"{self.headline} {self.body}".split()))

    @property
    def published(self) -> str:
        """First publication as ISO 8601 in UTC, or an empty string where it is unknown."""
        return _iso(self.first_published)

    @property
    def updated(self) -> str:
        """The time of this version as ISO 8601 in UTC; the first publication where only that is known."""
        return _iso(self.this_version) or self.published

    @property
    def quotable(self) -> bool:
        """Whether an answer may be made from it."""
        return self.status in (Status.USABLE, Status.CORRECTED)

    def supersedes(self, other: Article) -> bool:
        """Whether this version is newer: by version number, then by time; where neither tells, the later arrival."""
        return (self.version, self.updated) >= (other.version, other.updated)

    def to_json(self) -> str:
        """Every field as JSON with sorted keys; `from_json` reads it back."""
        return json.dumps(asdict(self), default=str, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Article:
        fields = json.loads(text)
        for name in ("first_published", "this_version", "embargoed_until"):
            fields[name] = _time_from(fields[name])
        fields["bylines"] = tuple(fields["bylines"])
        return cls(**fields | {"kind": Kind(fields["kind"]), "status": Status(fields["status"])})

    def corrected(self, note: str) -> Article:
        """The same article marked as corrected, with the note that says what was wrong."""
        return replace(self, status=Status.CORRECTED, correction=note)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _iso(time: NewsTime | None) -> str:
    if time is None or time.instant is None:
        return ""
    return time.instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _time_from(fields: dict | None) -> NewsTime | None:
    if fields is None:
        return None
    instant = datetime.fromisoformat(fields["instant"]) if fields["instant"] else None
    return NewsTime(instant, fields["raw"], fields["known_by"])
