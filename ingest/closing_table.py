"""What the command line prints of a report: the closing table, and a line for each arrival while it watches."""

from __future__ import annotations

import json

from rag.ledger import LedgerEntry

from .report import Report

_REASONS = 20  # quarantined inputs that the closing table names


def print_table(report: Report, archive: str) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(show_header=False, box=None, padding=(0, 2))
    for name in ("inputs", "stored", "unchanged", "duplicate", "quarantined"):
        table.add_row(name, str(report.to_json()[name]))
    if report.killed:
        table.add_row("killed", str(report.killed))
    console = Console(highlight=False, soft_wrap=True)
    console.print(table)
    console.print(f"{report.passages} new passages in {archive}", markup=False)
    for entry in report.quarantined[:_REASONS]:
        console.print(f"{entry.outcome}: {entry_line(entry)}", markup=False)
    if len(report.quarantined) > _REASONS:
        console.print(f"… and {len(report.quarantined) - _REASONS} more; '--quarantine' lists them all.", markup=False)


def print_watched(report: Report, as_json: bool) -> None:
    """One line, at once: somebody follows it, or a program does."""
    if as_json:
        print(json.dumps(report.to_json(), ensure_ascii=False), flush=True)
    elif report.inputs:
        names = ("stored", "unchanged", "duplicate", "quarantined", "killed")
        print(", ".join(f"{report.to_json()[name]} {name}" for name in names if report.to_json()[name]), flush=True)


def entry_line(entry: LedgerEntry) -> str:
    return f"{entry.location} (record {entry.position + 1}): {entry.reason}"
