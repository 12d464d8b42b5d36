"""Workers: parser processes, started when the first source comes and kept for the next run."""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from rag import article
from rag.errors import DatelineError, ReaderError, WrongUse

from ..source import Source
from . import parcel
from .own_reader import changed_at
from .parser_process import OUT_OF_MEMORY, OUT_OF_TIME

_FOLDERS = {"ingest": Path(__file__).parents[1], "rag": Path(article.__file__).parent}
_MOST_IDLE = 4
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Terms:
    """What a worker is started for: the specs of the user's own readers, the seconds from one item to the next, the
    MiB that it may take above what it takes when it idles."""

    readers: tuple[str, ...] = ()
    seconds: float = 10.0
    mebibytes: int = 512


class Worker:
    """One parser process. Its start raises WrongUse where a reader of the user's own cannot be loaded."""

    def __init__(self, terms: Terms) -> None:
        self.key = _key(terms)
        self._terms = terms
        self._is_between_sources = False
        self._is_killed = False
        self._process = _started(terms)
        self._hear_that_it_runs()

    @property
    def is_ready(self) -> bool:
        """Whether it waits for a source."""
        return self._is_between_sources and not self._is_killed and self._process.poll() is None

    def items(self, source: Source) -> Iterator[parcel.Item]:
        """What the readers make of the source; a worker that ends over it leaves a reason behind the last item."""
        self._is_between_sources = False
        try:
            parcel.post_source(self._process.stdin, source)
            while (parted := parcel.fetched(self._process.stdout))[0] not in (parcel.READY, parcel.TIRED):
                yield parcel.unpacked(*parted)
            self._is_between_sources = parted[0] == parcel.READY
        # It has ended, or was taken over and sends what is no item.
        except (EOFError, OSError, ValueError, KeyError, TypeError):
            yield ReaderError(self._last_words(), source.data)

    def kill(self) -> None:
        """Ends the process; whoever waits for its items hears that it has ended."""
        self._is_killed = True
        self._process.kill()

    def end(self) -> None:
        """Ends the process and lets go of its pipes."""
        self.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was not sent yet
                pipe.close()

    def _hear_that_it_runs(self) -> None:
        try:
            kind, words = parcel.fetched(self._process.stdout)
        except EOFError:
            self.end()
            how = _name_of(self._process.returncode)
            raise DatelineError(f"the parser process cannot be started ({how}): see what it said above.") from None
        if kind == parcel.WRONG:
            self.end()
            raise WrongUse(words.decode())
        self._is_between_sources = True

    def _last_words(self) -> str:
        try:
            code = self._process.wait(1)
        except subprocess.TimeoutExpired:
            self.end()
            code = self._process.returncode
        if code == OUT_OF_TIME:
            return f"reading took longer than {self._terms.seconds:g} s: split it or leave it out."
        if code == OUT_OF_MEMORY:
            return f"reading took more than {self._terms.mebibytes} MiB of memory: split it or leave it out."
        return f"reading it ended the parser process ({_name_of(code)}): repair it or leave it out."


_idle: list[Worker] = []
_lock = Lock()


def hired(terms: Terms) -> Worker:
    """An idle worker of these terms, or a new one."""
    key = _key(terms)
    with _lock:
        found = next((worker for worker in _idle if worker.key == key and worker.is_ready), None)
        if found:
            _idle.remove(found)
    return found or Worker(terms)


def released(worker: Worker) -> None:
    """Keeps a worker for the next run, or ends it where it is not ready for one."""
    if not worker.is_ready:
        worker.end()
        return
    with _lock:
        _idle.append(worker)
        surplus = _idle[:-_MOST_IDLE]
        del _idle[:-_MOST_IDLE]
    for old in surplus:
        old.end()


@atexit.register
def end_the_idle() -> None:
    with _lock:
        ending = _idle.copy()
        _idle.clear()
    for worker in ending:
        worker.end()


if hasattr(os, "register_at_fork"):  # the pipes of a parent are not for its child
    os.register_at_fork(after_in_child=_idle.clear)


def _started(terms: Terms) -> subprocess.Popen[bytes]:
    told = {
        "path": sys.path,
        "packages": {name: str(folder) for name, folder in _FOLDERS.items()},
        "readers": terms.readers,
        "seconds": terms.seconds,
        "memory": terms.mebibytes * _MIB,
    }
    # Neither fork nor multiprocessing: torch has threads, and an app that embeds us need not guard its main module.
    command = [sys.executable, "-P", str(Path(__file__).with_name("parser_process.py")), json.dumps(told)]
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError as cause:
        raise DatelineError(f"the parser process cannot be started ({cause}): check sys.executable.") from cause


def _key(terms: Terms) -> tuple[object, ...]:
    """A reader of the user's own that was edited, or may now be found elsewhere, is loaded anew."""
    return (terms, *map(changed_at, terms.readers), *(sys.path if terms.readers else ()))


def _name_of(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"exit {code}"
