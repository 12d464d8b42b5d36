"""Receipts as files of the reader's own: written in the form that the ending names, read back from JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from .errors import WrongUse
from .page.receipt_page import receipt_page
from .receipt import LONGEST, Receipt
from .receipt_markdown import receipt_markdown

FORMS: Mapping[str, Callable[[Receipt], str]] = {
    "json": Receipt.to_json,
    "md": receipt_markdown,
    "html": receipt_page,
}


def check_ending(file: str) -> str:
    """The form that the ending names; WrongUse for another."""
    form = Path(file).suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise WrongUse(f"{file} names no form of a receipt: let it end with .json, .md or .html.")
    return form


def keep(receipt: Receipt, file: str) -> None:
    try:
        Path(file).expanduser().write_text(FORMS[check_ending(file)](receipt), encoding="utf-8")
    except OSError as error:
        raise WrongUse(f"{file} cannot be written ({error.strerror}): give another place with --receipt.") from error


def kept(file: str) -> Receipt:
    """The receipt in a JSON file; WrongUse where there is none."""
    try:
        with Path(file).expanduser().open("rb") as opened:
            text = opened.read(4 * LONGEST + 1).decode()
    except OSError as error:
        raise WrongUse(f"{file} cannot be read ({error.strerror}): give the path of a receipt, FILE.json.") from error
    except ValueError as error:
        raise WrongUse(f"{file} is no text: give the path of a receipt, FILE.json.") from error
    return Receipt.from_json(text)
