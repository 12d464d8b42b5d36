"""Cross-encoders by name: models that read two texts together, from a folder or from the hub."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import DatelineError, WrongUse

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_HUB_ID = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*")


def opened(name: str, wanted: str, role: str) -> CrossEncoder:
    """The cross-encoder in a folder, read without any connection, or of a hub's id ``owner/name``, which asks the hub.

    ``wanted`` ("a cross-encoder") and ``role`` ("reranker") are words for the errors. Raises WrongUse, DatelineError.
    """
    folder = Path(name)
    if not folder.is_dir() and not _HUB_ID.fullmatch(name):
        raise WrongUse(f"{name} is no folder: give that of {wanted}, or a hub's id such as OWNER/NAME.")
    from sentence_transformers import CrossEncoder

    try:
        return CrossEncoder(name, device="cpu", local_files_only=folder.is_dir())
    except Exception as error:  # the hub client's errors share no base class
        cause = str(error).splitlines()[0][:160] if str(error) else type(error).__name__
        raise DatelineError(f"The {role} {name} cannot be loaded ({cause}): give the folder of one.") from error
