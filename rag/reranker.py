"""Reranker: a cross-encoder that reads the question and a passage together, as an option (Nogueira and Cho 2019).

None is shipped and none is used unless it is named: it costs a run of a model for each passage that it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from .cross_encoder import opened
from .errors import WrongUse

# (question, texts) -> how well each text answers, 0 to 1, shape (texts,).
Reranker = Callable[[str, Sequence[str]], np.ndarray]


def reranker_named(name: str) -> Reranker:
    """A sentence-transformers cross-encoder with one label: a folder, or the hub's id ``owner/name``.

    A folder is read without any connection; an id asks the hub. Raises WrongUse, DatelineError.
    """
    model = opened(name, "a cross-encoder", "reranker")
    if model.config.num_labels != 1:
        raise WrongUse(f"{name} tells {model.config.num_labels} labels apart: give a cross-encoder that has one score.")

    def scores(question: str, texts: Sequence[str]) -> np.ndarray:
        from torch.nn import Sigmoid

        pairs = [(question, text) for text in texts]
        return np.asarray(model.predict(pairs, activation_fn=Sigmoid(), show_progress_bar=False))

    return scores
