"""Agreement: whether a backend gives the vectors that torch gives in fp32, on a handful of texts of our own."""

from __future__ import annotations

import numpy as np

from .backend import TorchBackend
from .piece_reader import PieceReader, reader_of

AGREEMENT = 0.9999  # least cosine, so that an archive can move between machines
_PART = 12  # pieces: a short sentence
_PARAGRAPH = (
    "The harbour board of Pellow Bay voted 7 to 4 on Tuesday to dredge the eastern channel, at a cost of £2.35 million, "
    "after two coasters ran aground within a week. “Nobody wants to wait for the third,” said its chair, Orla Finch. "
)
_TEXTS = (
    "",
    "Ferry late",
    "Who voted against the budget on 25 March?",
    "Łódź, Reykjavík, 東京 and São Tomé: “naïve”, said Zoë O’Brien-Ångström 🙂 (see https://example.org/?q=1).",
    _PARAGRAPH,
    _PARAGRAPH * 9,  # beyond the window
)


def agreement(reader: PieceReader, model) -> float:
    """The least cosine of the texts with what sentence-transformers itself makes of them, and of stretches of 12 pieces
    within them with what torch makes of those."""
    wholes = model.encode(list(_TEXTS), normalize_embeddings=True, show_progress_bar=False)
    exact = _means(reader_of(model, TorchBackend(model)))
    cosines: list[float] = []
    for rows, others, whole in zip(_means(reader), exact, wholes, strict=True):
        if rows.shape != others.shape:
            return 0.0
        cosines += [float(rows[0] @ whole), *(rows * others).sum(axis=1).tolist()]
    return float(np.min(cosines))  # NaN where any is: that agrees with nothing


def _means(reader: PieceReader) -> list[np.ndarray]:
    """For each text the mean of all its pieces and those of its stretches, of length 1."""

    def means(n: int, offsets: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        stretches = [vectors[begin : begin + _PART].mean(axis=0) for begin in range(0, len(vectors), _PART)]
        rows = np.vstack([vectors.mean(axis=0), *stretches])
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    return reader.read(_TEXTS, means)
