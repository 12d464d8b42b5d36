"""Feedback: the judgements of readers, in the archive's folder and nowhere else; one line of JSON each.

The file only grows, a line at a time and down to the disk, so that a killed process loses at most the line that it was
writing. The one exception is removal: what the archive may not hold any longer, this file may not either.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from filelock import FileLock

from .archive import Archive
from .article import Article
from .errors import WrongUse
from .judgement import CitedWords, Judgement
from .redaction import Redaction, Redactor

FILE = "feedback.jsonl"
_PATIENCE = 10.0  # seconds until another process has written its line
_PASTED = 40  # characters in a row that a reader hardly has in common with an article by chance


class Feedback:
    """The judgements on answers from one archive. Several processes may write at once."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._file = archive.directory / FILE
        self._lock = archive.directory / "feedback.lock"

    def add(self, judgement: Judgement) -> None:
        """Appends it; WrongUse where that cannot be, or where what it cites was removed since the answer was given."""
        with self._locked():
            kept = _Keeping(self._archive).kept(judgement)
            if kept is None:
                raise WrongUse("The archive has changed since this answer: ask again and judge the new one.")
            self._append(kept.to_line().encode())

    def judgements(self) -> list[Judgement]:
        """In the order in which they were given; lines that are torn or none are passed over."""
        return list(_read(self._file))

    def purge(self) -> None:
        """Takes out what the archive does not hold any more, and replaces the names that it replaces."""
        if self._may_be_there():
            self._rewrite(_Keeping(self._archive).kept)

    def forget_words(self, removed: Iterable[Article], stretches: Iterable[str]) -> None:
        """Takes out every judgement in whose free words (a comment, a question) those of removed articles stand: one of
        the ``stretches``, or `_PASTED` characters of a body in a row."""
        if not self._may_be_there():
            return
        windows = {window for judgement in self.judgements() for text in judgement.words for window in _windows(text)}
        pasted = {window for version in removed for window in _windows(version.body) if window in windows}
        gone = (*stretches, *pasted)

        def kept(judgement: Judgement) -> Judgement | None:
            return None if any(words in text for text in judgement.words for words in gone) else judgement

        self._rewrite(kept)

    def _may_be_there(self) -> bool:
        # The lock is asked for first: who holds it may be writing the first line.
        return self._lock.exists() or self._file.exists()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            with FileLock(self._lock, timeout=_PATIENCE, poll_interval=0.005):
                yield
        except OSError as error:
            raise WrongUse(
                f"{FILE} cannot be written ({error.strerror or error}): make it and the archive's folder writable, "
                "or start app.py with --no-feedback."
            ) from error

    def _append(self, line: bytes) -> None:
        """In one write, behind a line end: one that was torn by a kill stays alone."""
        opened = os.open(self._file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        with open(opened, "r+b", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 1))
            whole = file.read(1) in (b"", b"\n")
            file.write(line if whole else b"\n" + line)
            os.fsync(opened)

    def _rewrite(self, kept: Callable[[Judgement], Judgement | None]) -> None:
        with self._locked():
            if not self._file.exists():
                return
            lines = [known.to_line() for judgement in _read(self._file) if (known := kept(judgement))]
            text = "".join(lines).encode()
            if text == self._file.read_bytes():
                return
            fresh = self._file.with_suffix(".new")
            with fresh.open("wb") as file:
                shutil.copymode(self._file, fresh)
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._file)


def judgements_in(directory: str | Path) -> list[Judgement]:
    """Those that lie in an archive's folder; the archive itself need not be opened. None where there is no file."""
    return list(_read(Path(directory).expanduser() / FILE))


def _read(file: Path) -> Iterator[Judgement]:
    if not file.is_file():
        return
    for line in file.read_bytes().split(b"\n"):
        try:
            yield Judgement.from_line(line.decode())
        except ValueError:  # torn, empty, or somebody else's
            continue


def _windows(text: str) -> Iterator[str]:
    return (text[at : at + _PASTED] for at in range(len(text) - _PASTED + 1))


class _Keeping:
    """What of a judgement may be kept, as the archive and its redactions are now."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._redactor = Redactor(archive)
        self._versions: dict[str, list[Article]] = {}

    def kept(self, judgement: Judgement) -> Judgement | None:
        """With redacted names replaced and its quotes found again; None where the archive has not got them any more."""
        rules = [rule for rule in self._redactor.rules if not rule.scope or self._cites(judgement, rule)]
        found = {cited: self._found_again(cited) for cited in judgement.citations}
        if None in found.values():
            return None
        clean = replace(
            judgement,
            **{
                name: self._without(getattr(judgement, name), rules) for name in ("question", "searched_for", "comment")
            },
            history=tuple(self._without(text, rules) for text in judgement.history),
            sentences=tuple(
                replace(s, text=self._without(s.text, rules), citations=tuple(found[c] for c in s.citations))
                for s in judgement.sentences
            ),
        )
        # A name inside an address or run together with other words cannot be replaced there.
        return None if any(self._redactor.is_named_in(text, rules) for text in clean.words) else clean

    def _without(self, text: str, rules: list[Redaction]) -> str:
        return self._redactor.redacted(text, rules).text

    def _cites(self, judgement: Judgement, rule: Redaction) -> bool:
        return any(rule.covers(version) for cited in judgement.citations for version in self._of(cited))

    def _of(self, cited: CitedWords) -> list[Article]:
        if cited.article_id not in self._versions:
            self._versions[cited.article_id] = self._archive.revisions(cited.article_id)
        return self._versions[cited.article_id]

    def _found_again(self, cited: CitedWords) -> CitedWords | None:
        """Where the quote stands now: in the version that was cited, or, where a redaction changed that, in another."""
        versions = self._of(cited)
        for version in versions:
            if version.revision == cited.revision and version.body[cited.start : cited.end] == cited.quote:
                return replace(cited, url=version.url)
        for version in reversed(versions):
            quote = self._without(cited.quote, [rule for rule in self._redactor.rules if rule.covers(version)])
            if (start := version.body.find(quote)) >= 0:
                place = {"quote": quote, "start": start, "end": start + len(quote)}
                return replace(cited, url=version.url, revision=version.revision, **place)
        return None
