"""A reader of the user's own, named on the command line: ``package.module:Class`` or ``path/file.py:Class``."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

from rag.errors import WrongUse

from ..readers.reader import Reader


def load_reader(spec: str) -> Reader:
    """Imports the module and makes the reader; raises WrongUse where that fails, or where it is no reader.

    Only the parser process calls it: the code of a stranger's reader is held by the limits of that process.
    """
    place, _, name = spec.rpartition(":")
    if not (place and name):
        raise WrongUse(f"--reader {spec}: write it as file.py:Class or package.module:Class.")
    try:
        made = getattr(_module(place), name)
        reader = made() if isinstance(made, type) else made
    except Exception as cause:  # noqa: BLE001  whatever somebody's module does when it is imported
        why = " ".join(str(cause).split())[:200] or "no message"
        raise WrongUse(f"--reader {spec}: it cannot be loaded ({type(cause).__name__}: {why}): check it.") from cause
    if not isinstance(reader, Reader):
        raise WrongUse(f"--reader {spec}: it lacks name, accepts or read: see docs/add-a-reader.md.")
    return reader


def whole(spec: str) -> str:
    """The spec with the file's whole path, so that it means the same from every folder."""
    place, colon, name = spec.rpartition(":")
    return f"{os.path.abspath(place)}:{name}" if colon and place.endswith(".py") else spec


def changed_at(spec: str) -> int:
    """When the file was last written, in nanoseconds; 0 for a module or a file that is not there."""
    file = spec.rpartition(":")[0]
    try:
        return os.stat(file).st_mtime_ns if file.endswith(".py") else 0
    except OSError:
        return 0


def _module(place: str) -> ModuleType:
    if not place.endswith(".py"):
        return import_module(place)
    spec = spec_from_file_location(os.path.basename(place).removesuffix(".py"), place)
    if spec is None or spec.loader is None:
        raise ImportError("this is no Python file")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
