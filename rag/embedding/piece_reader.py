"""PieceReader: texts -> the vectors of their word pieces, with a tokenizer and a backend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from .backend import Backend

T = TypeVar("T")

# Texts of equal length share a pass up to so many pieces. Measured on two cores: passes of some 500 pieces take short
# texts 1.3 times as fast as passes of one text, and larger ones leave the cache.
_PIECES_A_PASS = 512


class PieceReader:
    """``tokenizer`` is the JSON of a Hugging Face fast tokenizer; ``window`` the most pieces that the model reads."""

    def __init__(self, tokenizer: str, window: int, backend: Backend) -> None:
        from tokenizers import Tokenizer

        self.backend = backend
        self._tokenizer = Tokenizer.from_str(tokenizer)
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(window)

    def read(self, texts: Sequence[str], make: Callable[[int, np.ndarray, np.ndarray], T]) -> list[T]:
        """``make(n, offsets, vectors)`` of every text, in order: the character offsets of its pieces, shape (pieces, 2),
        and their vectors, shape (pieces, dimensions). ``make`` may be called from several threads."""
        encoded = self._tokenizer.encode_batch([_well_formed(text) for text in texts])

        def made(numbers: list[int]) -> list[tuple[int, T]]:
            vectors = self.backend.piece_vectors(np.array([encoded[n].ids for n in numbers], dtype=np.int64))
            return [(n, make(n, np.array(encoded[n].offsets), rows)) for n, rows in zip(numbers, vectors, strict=True)]

        passes = _passes([len(text.ids) for text in encoded])
        at_once = min(self.backend.passes, len(passes))
        if at_once < 2:
            found = [pair for numbers in passes for pair in made(numbers)]
        else:
            with ThreadPoolExecutor(at_once) as pool:
                found = [pair for pairs in pool.map(made, passes) for pair in pairs]
        return [value for _, value in sorted(found, key=lambda pair: pair[0])]


def reader_of(model, backend: Backend) -> PieceReader:
    """With the tokenizer and the window of a SentenceTransformer."""
    return PieceReader(model.tokenizer.backend_tokenizer.to_str(), model.max_seq_length, backend)


def _passes(lengths: Sequence[int]) -> list[list[int]]:
    """The numbers of the texts by equal length, longest first, so that no core is left with a long one at the end."""
    passes: list[list[int]] = []
    for n in sorted(range(len(lengths)), key=lambda n: -lengths[n]):
        last = passes[-1] if passes else []
        if last and lengths[last[0]] == lengths[n] and (len(last) + 1) * lengths[n] <= _PIECES_A_PASS:
            last.append(n)
        else:
            passes.append([n])
    return passes


def _well_formed(text: str) -> str:
    """Half a surrogate pair, which no tokenizer takes, becomes a question mark; places stay."""
    return text.encode("utf-8", "replace").decode("utf-8")
