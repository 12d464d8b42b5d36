"""Receipts: those of the answers on readers' pages, in memory, each had by a name that nobody can guess."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass

from ..archive import Archive
from ..clock import utc_now
from ..receipt import Receipt
from ..receipt_file import FORMS
from ..redaction import Redactor

_REMEMBERED = 1_000
_MOST = 20_000_000  # characters of JSON, all receipts together
_TYPES = {"json": "application/json", "md": "text/markdown; charset=utf-8", "html": "application/octet-stream"}
_SHUT = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@dataclass(frozen=True, slots=True)
class Given:
    """What a reader gets: a file, or one line that says why there is none."""

    status: int
    text: str
    headers: dict[str, str]


class Receipts:
    """Who knows a name has seen the answer. Nothing of what left the archive since is given out."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._size = 0
        self._turn = threading.Lock()

    def offer(self, receipt: Receipt) -> str:
        """The name of the receipt, 32 hexadecimal digits."""
        name, text = secrets.token_hex(16), receipt.to_json()
        with self._turn:
            self._kept[name] = text
            self._size += len(text)
            while len(self._kept) > _REMEMBERED or self._size > _MOST:
                self._size -= len(self._kept.popitem(last=False)[1])
        return name

    def given(self, name: str, form: str) -> Given:
        text = self._kept.get(name)
        if text is None or form not in FORMS:
            return _refused(404, "This receipt is not kept any more: ask again.")
        receipt = Receipt.from_json(text)
        if not self._stands(receipt):
            self._forget(name)
            return _refused(410, "What this answer was made of has left the archive: ask again.")
        # An HTML type would have the guard put the chat's own scripts into the page; it is a file to be kept.
        headers = _headers(_TYPES[form]) | {"content-disposition": f'attachment; filename="receipt.{form}"'}
        return Given(200, FORMS[form](receipt), headers)

    def _stands(self, receipt: Receipt) -> bool:
        """Whether every version that it was made of is held, none is withdrawn, and no name in it was redacted."""
        articles = {passage.article_id for passage in receipt.passages}
        current = [self._archive.article(article_id) for article_id in articles]
        if not all(article and article.usable_from <= utc_now() for article in current):
            return False
        if not all(self._archive.input_of(passage.revision) for passage in receipt.passages):
            return False
        redactor = Redactor(self._archive)
        written = [receipt.question, receipt.answer["searched_for"], *receipt.history]
        written += [one["text"] for one in (*receipt.answer["sentences"], *receipt.answer.get("dropped", ()))]
        written += [receipt.answer["notice"], (receipt.answer.get("premise") or {}).get("quote", "")]
        rules = [rule for rule in redactor.rules if not rule.scope]
        return not any(redactor.is_named_in(text, rules) for text in written)

    def _forget(self, name: str) -> None:
        with self._turn:
            self._size -= len(self._kept.pop(name, ""))


def _refused(status: int, why: str) -> Given:
    return Given(status, why, _headers("text/plain; charset=utf-8"))


def _headers(kind: str) -> dict[str, str]:
    return {"content-type": kind, "cache-control": "no-store", "content-security-policy": _SHUT}
