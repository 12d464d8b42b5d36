"""Report: what became of the inputs of one run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rag.ledger import LedgerEntry, Outcome


@dataclass(slots=True)
class Report:
    """Counts of one run; ``inputs`` is the sum of the first three and the quarantined. Grows while the run goes on.

    ``killed`` counts articles that a kill removed; ``bytes_read`` of ``bytes_found`` tells how far the run is with the
    files that were named.
    """

    stored: int = 0
    unchanged: int = 0
    duplicate: int = 0
    passages: int = 0
    killed: int = 0
    bytes_read: int = 0
    bytes_found: int = 0
    stopped: bool = False
    quarantined: list[LedgerEntry] = field(default_factory=list)

    @property
    def inputs(self) -> int:
        return self.stored + self.unchanged + self.duplicate + len(self.quarantined)

    def read(self, size: int) -> None:
        self.bytes_read += size

    def count(self, entry: LedgerEntry) -> None:
        match entry.outcome:
            case Outcome.STORED:
                self.stored += 1
            case Outcome.UNCHANGED:
                self.unchanged += 1
            case Outcome.DUPLICATE:
                self.duplicate += 1
            case Outcome.QUARANTINED | Outcome.BARRED:
                self.quarantined.append(entry)

    def to_json(self) -> dict[str, Any]:
        return {
            "inputs": self.inputs,
            "stored": self.stored,
            "unchanged": self.unchanged,
            "duplicate": self.duplicate,
            "quarantined": len(self.quarantined),
            "passages": self.passages,
            "killed": self.killed,
            "stopped": self.stopped,
            "reasons": [
                {"location": entry.location, "record": entry.position, "reason": entry.reason}
                for entry in self.quarantined
            ],
        }
