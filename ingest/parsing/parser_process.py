"""The parser process: reads sources from its standard input and writes what the readers make of them.

It is run as a script, so that none of what `ingest` and `rag` import for others (LangChain, SQLite, a second or more)
has to be there; workers.py starts it. Time and memory of one source are limited here, where nothing but it is lost.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
from collections.abc import Iterator
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING, BinaryIO

__package__ = "ingest.parsing"  # a script has none, and its relative imports need one

if TYPE_CHECKING:
    from ..readers.reader import Reader
    from ..source import Source

# How the process ends, as Popen tells it; faulthandler, which keeps the time where there is no SIGALRM, ends it with 1.
OUT_OF_TIME = -signal.SIGALRM if hasattr(signal, "SIGALRM") else 1
OUT_OF_MEMORY = 77
_START_SECONDS = 60.0


def main() -> None:
    """``sys.argv[1]`` is JSON: ``path`` (sys.path), ``packages`` (name to folder), ``readers``, ``seconds``,
    ``memory`` (bytes above what the process takes when it idles)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; it is the main process that decides
    told = json.loads(sys.argv[1])
    given, made = _pipes()
    sys.path[:] = told["path"]
    for name, folder in told["packages"].items():
        _without_its_root(name, folder)
    _expect_alarms()
    _alarm(_START_SECONDS)
    readers = _readers(told["readers"], made)
    _alarm(0)
    try:
        _serve(given, made, readers, told["seconds"], _Memory(told["memory"]))
    except (EOFError, BrokenPipeError):
        os._exit(0)  # the main process has ended, or wants us to
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes under numbers of their own; what a reader prints goes to standard error."""
    given, made = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb", buffering=0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    return given, made


def _without_its_root(name: str, folder: str) -> None:
    """A package whose ``__init__`` only runs when somebody asks for a name that it gives."""
    spec = spec_from_file_location(name, os.path.join(folder, "__init__.py"), submodule_search_locations=[folder])
    package = module_from_spec(spec)
    sys.modules[name] = package

    def given(wanted: str) -> object:
        if wanted.startswith("__") or find_spec(f"{name}.{wanted}"):
            raise AttributeError(f"{name} has no {wanted}")
        del package.__getattr__
        spec.loader.exec_module(package)
        return getattr(package, wanted)

    package.__getattr__ = given


def _readers(specs: list[str], made: BinaryIO) -> tuple[Reader, ...]:
    """The user's own before ours; tells the main process whether all could be loaded."""
    from rag.errors import WrongUse

    from ..readers import READERS
    from . import parcel
    from .own_reader import load_reader

    try:
        own = [load_reader(spec) for spec in specs]
    except WrongUse as wrong:
        parcel.post(made, parcel.WRONG, str(wrong).encode("utf-8", "replace"))
        os._exit(0)
    parcel.post(made, parcel.READY)
    return (*own, *READERS)


def _serve(given: BinaryIO, made: BinaryIO, readers: tuple[Reader, ...], seconds: float, memory: _Memory) -> None:
    from . import parcel

    while True:
        source = parcel.fetched_source(given)
        items = _packed_items(source, readers)
        while True:
            _alarm(seconds)
            packed = next(items, None)
            _alarm(0)  # the main process may let us wait for as long as it likes
            if packed is None:
                break
            parcel.post(made, *packed)
        del source, items
        parcel.post(made, parcel.TIRED if memory.is_tight() else parcel.READY)


def _packed_items(source: Source, readers: tuple[Reader, ...]) -> Iterator[tuple[bytes, bytes]]:
    """What the readers make of a source; whatever a parser raises ends as one quarantined record."""
    from rag.errors import ReaderError

    from ..readers import reader_for
    from .parcel import packed

    try:
        for item in reader_for(source, readers).read(source):
            yield packed(item)
    except ReaderError as error:
        yield packed(error)
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001  a parser's own mistake, sys.exit included, must not cost the batch
        why = " ".join(str(error).split())[:200]
        yield packed(ReaderError(f"the reader failed: {type(error).__name__}: {why}"))


def _expect_alarms() -> None:
    if hasattr(signal, "setitimer"):
        # Whoever started the main process may have ignored or blocked it.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})


def _alarm(seconds: float) -> None:
    """Ends this process after so many seconds, 0 for never: from outside of Python, since a regular expression or a
    parser in C lets no other thread of Python run."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
    elif seconds:
        faulthandler.dump_traceback_later(seconds, exit=True, file=_nowhere)
    else:
        faulthandler.cancel_dump_traceback_later()


_nowhere = open(os.devnull, "wb")  # noqa: SIM115  for as long as the process lives


class _Memory:
    """The limit on what this process may take; only Linux both tells and limits what is its own (RLIMIT_DATA counts
    private writable memory since 4.7; RLIMIT_AS would count what libraries only reserve)."""

    def __init__(self, most: int) -> None:
        self._tight = _taken() + most // 2
        if not _taken():
            return
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (_taken() + most,) * 2)

    def is_tight(self) -> bool:
        return _taken() > self._tight


def _taken() -> int:
    """Bytes of data of this process, 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as told:
            return int(told.read().split()[5]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


if __name__ == "__main__":
    main()
