"""How sure is a figure, and is one run better than another? Nothing here assumes a distribution of the scores.

Intervals are bootstraps over the questions (Efron and Tibshirani 1993, percentile); p-values come from exchanging the two
runs' scores question by question (Fisher's randomisation test, recommended for retrieval by Smucker, Allan and Carterette
2007) or, between 0s and 1s, from McNemar's exact test. Every draw is seeded: the same scores give the same figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

DRAWS = 10_000
_AT_ONCE = 500  # draws at a time: 2,500 questions take 10 MB
_EXACT = 13  # up to so many pairs that differ, all 2^13 exchanges are fewer than the draws
_TAILS = (0.025, 0.975)

RANDOMISATION, MCNEMAR = "randomisation", "McNemar"


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean of ``n`` values and the 95 % interval around it."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Two runs over the same questions: ``difference`` is b - a with its 95 % interval, ``p`` two-sided by ``test``.

    ``n`` counts the questions on which at least one of the runs has a value.
    """

    mean_a: float
    mean_b: float
    difference: float
    low: float
    high: float
    p: float
    test: str
    n: int


def interval(values: Sequence[float], seed: int = 0) -> Interval | None:
    """The mean with its interval; None of nothing.

    All 0 or all 1 leaves the bootstrap nothing to draw from, and "1.0 to 1.0" after five questions would be a lie: there
    it is Wilson's interval of a share (1927). Other values that are all the same have no width.
    """
    held = np.asarray(values, dtype=float)
    if not held.size:
        return None
    if held[0] in (0, 1) and (held == held[0]).all():
        return _of_share(int(held.sum()), held.size)
    low, high = np.quantile(np.concatenate([held[drawn].mean(axis=1) for drawn in _drawn(held.size, seed)]), _TAILS)
    return Interval(float(held.mean()), float(low), float(high), held.size)


def paired(a: Sequence[float | None], b: Sequence[float | None], seed: int = 0) -> Difference | None:
    """Two runs' scores, question by question; None where a run has no value at all.

    A run's mean is over the questions on which *it* has a value (the precision of refusals exists where it refused).
    """
    if len(a) != len(b):
        raise ValueError(
            f"{len(a)} and {len(b)} scores cannot be paired: give one for each question, None for no value."
        )
    pairs = np.array([pair for pair in zip(a, b, strict=True) if pair != (None, None)], dtype=float).reshape(-1, 2)
    if np.isnan(pairs).all(axis=0).any():
        return None
    (mean_a, mean_b), (low, high) = np.nanmean(pairs, axis=0), _between(pairs, seed)
    test, p = (MCNEMAR, _mcnemar(pairs)) if np.isin(pairs, (0, 1)).all() else (RANDOMISATION, _randomised(pairs, seed))
    difference = float(mean_b - mean_a)
    return Difference(float(mean_a), float(mean_b), difference, float(low), float(high), p, test, len(pairs))


def separation(higher: Sequence[float], lower: Sequence[float], seed: int = 0) -> Interval | None:
    """How often one of ``higher`` lies above one of ``lower``, ties counted half: the area under the ROC curve (Hanley and
    McNeil 1982), 0.5 where nothing tells them apart. Both sides are drawn for the interval; None without both."""
    if not (len(higher) and len(lower)):
        return None
    above = np.subtract.outer(np.asarray(higher, dtype=float), np.asarray(lower, dtype=float))
    wins = (np.sign(above) + 1) / 2
    pairs = zip(_drawn(len(higher), seed), _drawn(len(lower), seed + 1), strict=True)
    areas = [((_times(one) @ wins) * _times(other)).sum(axis=1) / wins.size for one, other in pairs]
    low, high = np.quantile(np.concatenate(areas), _TAILS)
    return Interval(float(wins.mean()), float(low), float(high), len(higher) + len(lower))


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values adjusted for having tested so many (Holm 1979, step-down), in the order given."""
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1, np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1)))
    return adjusted.tolist()


def _of_share(ones: int, n: int) -> Interval:
    from scipy.stats import binomtest

    wilson = binomtest(ones, n).proportion_ci(method="wilson")
    return Interval(ones / n, float(wilson.low), float(wilson.high), n)


def _between(pairs: np.ndarray, seed: int) -> np.ndarray:
    """The bootstrap interval of b - a: questions are drawn, so that both runs are seen on the same ones."""
    held = _held(pairs)
    differences = [_difference((_times(drawn) @ held).T) for drawn in _drawn(len(pairs), seed)]
    return np.nanquantile(np.concatenate(differences), _TAILS)


def _mcnemar(pairs: np.ndarray) -> float:
    """Exact (McNemar 1947): are the questions that only one run got right split evenly between the runs?"""
    from scipy.stats import binomtest

    only_a, only_b = ((pairs[:, 0] > pairs[:, 1]).sum(), (pairs[:, 0] < pairs[:, 1]).sum())
    return float(binomtest(int(only_a), int(only_a + only_b)).pvalue) if only_a + only_b else 1.0


def _randomised(pairs: np.ndarray, seed: int) -> float:
    """How often exchanging the runs' scores at random makes a difference as large as the one seen; exact for few pairs.

    The draws count the one that was seen among them, so that no p is 0 (Phipson and Smyth 2010).
    """
    held = _held(pairs)
    gain = held[:, [1, 0, 3, 2]] - held  # what an exchange adds to each column
    differing = gain[gain.any(axis=1)]
    total, exact = held.sum(axis=0), len(differing) <= _EXACT
    seen = _difference(total[:, None])[0]
    drawn = [_difference((total + exchanges @ differing).T) for exchanges in _exchanges(len(differing), seed)]
    sizes = np.abs(np.concatenate(drawn))
    sizes = sizes[~np.isnan(sizes)]
    as_large = (sizes >= abs(seen) - 1e-12 * max(1.0, np.abs(held).max())).sum()
    return float(as_large / sizes.size if exact else (as_large + 1) / (sizes.size + 1))


def _held(pairs: np.ndarray) -> np.ndarray:
    """(n, 4): the values of a and of b, 0 where there is none; whether a and b have one, 1 or 0."""
    return np.hstack([np.nan_to_num(pairs), ~np.isnan(pairs)])


def _difference(sums: np.ndarray) -> np.ndarray:
    """b - a of the means, from the sums of the four columns of `_held`; NaN where a run is left without any value."""
    of_a, of_b, n_a, n_b = sums
    with np.errstate(invalid="ignore", divide="ignore"):
        return of_b / n_b - of_a / n_a


def _exchanges(n: int, seed: int) -> Iterator[np.ndarray]:
    """Rows of n 0s and 1s: every such row where there are few, else drawn."""
    if n <= _EXACT:
        yield (np.arange(2**n)[:, None] >> np.arange(n)) & 1
        return
    random = np.random.default_rng(seed)
    for _ in range(DRAWS // _AT_ONCE):
        bits = np.unpackbits(random.integers(0, 256, size=(_AT_ONCE, n // 8 + 1), dtype=np.uint8), axis=1)
        yield bits[:, :n].astype(float)


def _drawn(n: int, seed: int) -> Iterator[np.ndarray]:
    """Rows of n places drawn with replacement."""
    random = np.random.default_rng(seed)
    for _ in range(DRAWS // _AT_ONCE):
        yield random.integers(0, n, size=(_AT_ONCE, n))


def _times(drawn: np.ndarray) -> np.ndarray:
    """(rows, n): how often each place was drawn in each row."""
    rows, n = drawn.shape
    in_one_line = (drawn + n * np.arange(rows)[:, None]).ravel()
    return np.bincount(in_one_line, minlength=rows * n).reshape(rows, n).astype(float)
