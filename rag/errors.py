"""What can go wrong, as a tree; every message is one line that ends with the cure.

DatelineError
├── ArchiveError
│   ├── ArchiveNotFound       no archive at this place
│   ├── ArchiveBusy           another process is writing to it
│   ├── ArchiveDamaged        SQLite cannot read it
│   └── EmbedderMismatch      it was embedded by another model
├── ReaderError               a source that no reader can make an article of (quarantined by ingest)
├── FetchError                an address that cannot or may not be fetched
├── MissingExtra              a package that only an option needs is not installed
├── EmbedderUnavailable       the embedding model cannot be loaded
├── ModelUnavailable          the chat model cannot be reached or refused
└── WrongUse                  a setting, flag or argument that makes no sense
"""


class DatelineError(Exception):
    """The root of every error that this project raises on purpose."""


class ArchiveError(DatelineError):
    """The archive cannot be used as asked."""


class ArchiveNotFound(ArchiveError):
    def __init__(self, directory: object) -> None:
        super().__init__(f"No archive at {directory}: make one with 'python -m ingest PATH --archive {directory}'.")


class ArchiveBusy(ArchiveError):
    def __init__(self, directory: object) -> None:
        super().__init__(f"Another process is writing to {directory}: wait until it has ended, then run this again.")


class ArchiveDamaged(ArchiveError):
    def __init__(self, file: object, cause: object) -> None:
        super().__init__(f"{file} cannot be read ({cause}): put a backup of that file in its place.")


class EmbedderMismatch(ArchiveError):
    def __init__(self, directory: object, stored: str, given: str) -> None:
        super().__init__(
            f"The archive {directory} was embedded by {stored}, not by {given}: "
            f"embed it anew with 'python -m rag repair --archive {directory} --re-embed --embedder {given.split('@')[0]}'."
        )


class ReaderError(DatelineError):
    """No article can be made of this input; the message is the reason that the ledger keeps, beside the ``raw`` bytes
    of the record (None: those of the whole source)."""

    def __init__(self, reason: str, raw: bytes | None = None) -> None:
        super().__init__(reason)
        self.raw = raw


class FetchError(DatelineError):
    """An address cannot or may not be fetched; ``status`` is the server's answer (404, 503), 0 where none came."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status


class MissingExtra(DatelineError):
    def __init__(self, what: str, package: str) -> None:
        super().__init__(f"{what} needs a package that is not installed: pip install '{package}'")


class EmbedderUnavailable(DatelineError):
    """The embedding model cannot be loaded."""


class ModelUnavailable(DatelineError):
    """The chat model cannot be reached, refused the request or broke off."""


class WrongUse(DatelineError):
    """A setting, flag or argument that makes no sense."""
