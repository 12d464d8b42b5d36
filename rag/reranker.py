"""Reranker: a cross-encoder that reads the question and a passage together, as an option (Nogueira and Cho 2019).

None is shipped and none is used unless it is named: it costs a run of a model for each passage that it reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from .errors import DatelineError, WrongUse

# (question, texts) -> how well each text answers, 0 to 1, shape (texts,).
Reranker = Callable[[str, Sequence[str]], np.ndarray]
_HUB_ID = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*")


def reranker_named(name: str) -> Reranker:
    """A sentence-transformers cross-encoder with one label: a folder, or the hub's id ``owner/name``.

    A folder is read without any connection; an id asks the hub. Raises WrongUse, DatelineError.
    """
    folder = Path(name)
    if not folder.is_dir() and not _HUB_ID.fullmatch(name):
        raise WrongUse(f"{name} is no folder: give that of a cross-encoder, or a hub's id such as OWNER/NAME.")
    from sentence_transformers import CrossEncoder

    try:
        model = CrossEncoder(name, device="cpu", local_files_only=folder.is_dir())
    except Exception as error:  # the hub client's errors share no base class
        cause = str(error).splitlines()[0][:160] if str(error) else type(error).__name__
        raise DatelineError(f"The reranker {name} cannot be loaded ({cause}): give the folder of one.") from error
    if model.config.num_labels != 1:
        raise WrongUse(f"{name} tells {model.config.num_labels} labels apart: give a cross-encoder that has one score.")

    def scores(question: str, texts: Sequence[str]) -> np.ndarray:
        from torch.nn import Sigmoid

        pairs = [(question, text) for text in texts]
        return np.asarray(model.predict(pairs, activation_fn=Sigmoid(), show_progress_bar=False))

    return scores
