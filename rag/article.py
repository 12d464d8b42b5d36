"""Article: one version of one story as a publisher gave it, with its times, state and credits."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

# Later than every time of the news; as text it sorts behind them.
NEVER = "9999-12-31T23:59:59Z"
# Before the hash of an identity that itself had to go (see rag/redaction.py).
HASHED = "="


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
    are metadata: they help the search and are never quoted as evidence. ``excerpt`` says that the body is only what a
    feed tells of the article.
    """

    identity: str
    headline: str
    body: str
    standfirst: str = ""
    bylines: tuple[str, ...] = ()
    publisher: str = ""
    originator: str = ""
    url: str = ""
    guid: str = ""
    section: str = ""
    language: str = ""
    kind: Kind = Kind.REPORT
    dateline: str = ""
    first_published: NewsTime | None = None
    this_version: NewsTime | None = None
    status: Status = Status.USABLE
    embargoed_until: NewsTime | None = None
    correction: str = ""
    corrected_on: NewsTime | None = None
    expires: NewsTime | None = None  # of no editorial interest from then on (IPTC): kept, and no bar to an answer
    version: int = 1
    credit: str = ""
    excerpt: bool = False

    @property
    def id(self) -> str:
        """16 hexadecimal digits, the same for every version of the story."""
        return id_of(self.identity)

    @property
    def other_id(self) -> str:
        """The id by which the publisher's own ``guid`` alone would know it, where its address is its identity: a kill may
        name nothing else. Empty where there is none."""
        return id_of(own_identity(self.publisher, self.guid)) if self.guid and self.url else ""

    @property
    def revision(self) -> str:
        """16 hexadecimal digits that change with anything that the article says."""
        return _hash("revision", self.to_json())

    @property
    def published(self) -> str:
        """First publication as ISO 8601 in UTC, or an empty string where it is unknown."""
        return _iso(self.first_published)

    @property
    def updated(self) -> str:
        """The time of this version as ISO 8601 in UTC; the first publication where only that is known."""
        return _iso(self.this_version) or self.published

    @property
    def usable_from(self) -> str:
        """From when on an answer may be made from it, as ISO 8601 in UTC: empty for always, `NEVER` for never.

        An embargo ends at its instant by the clock of whoever asks; one whose time cannot be read never ends by itself.
        """
        if self.embargoed_until is not None:
            begin = _iso(self.embargoed_until) or NEVER
        else:
            begin = NEVER if self.status is Status.EMBARGOED else ""
        return NEVER if self.status in (Status.WITHHELD, Status.CANCELLED) else begin

    def supersedes(self, other: Article) -> bool:
        """Whether this version takes the place of the other, whichever of the two arrived first.

        Of two versions that nothing tells apart it is the one with the higher hash, so that every order of arrival
        ends in the same archive.
        """
        return (self.precedence, self.revision) > (other.precedence, other.revision)

    @property
    def precedence(self) -> tuple[bool, int, str]:
        """Full text before an excerpt, then the higher version number, then the later time."""
        return (not self.excerpt, self.version, self.updated)

    def to_json(self) -> str:
        """Every field as JSON with sorted keys; `from_json` reads it back."""
        return json.dumps(asdict(self), default=str, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Article:
        fields = json.loads(text)
        for name in ("first_published", "this_version", "embargoed_until", "corrected_on", "expires"):
            fields[name] = _time_from(fields[name])
        fields["bylines"] = tuple(fields["bylines"])
        return cls(**fields | {"kind": Kind(fields["kind"]), "status": Status(fields["status"])})

    def corrected(self, note: str) -> Article:
        """The same article marked as corrected, with the note that says what was wrong."""
        return replace(self, status=Status.CORRECTED, correction=note)


def own_identity(publisher: str, guid: str) -> str:
    """The identity of an article that is known by its publisher's own id."""
    return f"{publisher.casefold()}#{guid}"


def id_of(identity: str) -> str:
    """The id of the article of this identity; an identity that was redacted is kept as that id alone."""
    return identity.removeprefix(HASHED) if identity.startswith(HASHED) else _hash("article", identity)


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
