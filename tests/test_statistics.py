"""Intervals and tests beside scipy and beside worked examples that were published."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from eval.statistics import MCNEMAR, RANDOMISATION, holm, interval, paired, separation

RANDOM = np.random.default_rng(4)


def binary(both: int, only_a: int, only_b: int, neither: int) -> tuple[list[int], list[int]]:
    a = [1] * both + [1] * only_a + [0] * only_b + [0] * neither
    b = [1] * both + [0] * only_a + [1] * only_b + [0] * neither
    return a, b


# Intervals


@pytest.mark.parametrize("values", [RANDOM.random(200), RANDOM.exponential(2, 60), RANDOM.integers(0, 2, 80)])
def test_an_interval_is_scipys_bootstrap(values):
    ours = interval(values.tolist())
    theirs = stats.bootstrap((values,), np.mean, n_resamples=20_000, method="percentile", rng=1).confidence_interval
    tolerance = 0.08 * stats.sem(values)  # what 10,000 draws leave to chance in a tail
    assert (ours.mean, ours.n) == (pytest.approx(values.mean()), len(values))
    assert (ours.low, ours.high) == (
        pytest.approx(theirs.low, abs=tolerance),
        pytest.approx(theirs.high, abs=tolerance),
    )


def test_an_interval_holds_the_true_mean_in_about_95_of_100_samples():
    samples = np.random.default_rng(7).beta(2, 5, size=(200, 60))
    held = [interval(sample.tolist()) for sample in samples]
    assert 180 <= sum(found.low <= 2 / 7 <= found.high for found in held) <= 199


def test_all_right_out_of_ten_is_not_certainty():
    """Wilson's interval (1927) of n of n begins at n / (n + 1.96^2)."""
    found = interval([1.0] * 10)
    assert (found.mean, found.high) == (1, 1)
    assert found.low == pytest.approx(10 / (10 + 1.959964**2), abs=1e-6)
    none = interval([0.0] * 10)
    assert (none.low, none.high) == (0, pytest.approx(1 - found.low))


def test_the_interval_of_little():
    assert interval([]) is None
    one, same = interval([0.4]), interval([0.4] * 9)
    assert (one.low, one.mean, one.high, one.n) == pytest.approx((0.4, 0.4, 0.4, 1))
    assert (same.low, same.high) == pytest.approx((0.4, 0.4))


# Differences


def test_a_difference_has_scipys_interval():
    a = RANDOM.random(150)
    b = a + RANDOM.normal(0.02, 0.1, 150)
    ours = paired(a.tolist(), b.tolist())
    theirs = stats.bootstrap((b - a,), np.mean, n_resamples=20_000, method="percentile", rng=1).confidence_interval
    assert (ours.mean_a, ours.mean_b) == pytest.approx((a.mean(), b.mean()))
    assert ours.difference == pytest.approx((b - a).mean())
    tolerance = 0.08 * stats.sem(b - a)
    assert (ours.low, ours.high) == (
        pytest.approx(theirs.low, abs=tolerance),
        pytest.approx(theirs.high, abs=tolerance),
    )


def scipys_p(a, b, draws: int) -> float:
    def difference(x, y, axis=-1):
        return np.nanmean(y, axis=axis) - np.nanmean(x, axis=axis)

    return stats.permutation_test(
        (a, b), difference, permutation_type="samples", n_resamples=draws, vectorized=True, rng=1
    ).pvalue


@pytest.mark.parametrize("n", [2, 5, 9, 13])
def test_few_pairs_are_tested_exactly(n):
    a, b = RANDOM.random(n), RANDOM.random(n) + 0.2
    ours = paired(a.tolist(), b.tolist())
    assert (ours.test, ours.n) == (RANDOMISATION, n)
    assert ours.p == pytest.approx(scipys_p(a, b, 2**n), abs=1e-9)


def test_questions_that_did_not_change_leave_few_pairs_exact():
    same, a, b = RANDOM.random(300), RANDOM.random(8), RANDOM.random(8) + 0.3
    ours = paired([*same, *a], [*same, *b])
    assert ours.n == 308
    assert ours.p == pytest.approx(scipys_p(a, b, 2**8), abs=1e-9)


def test_many_pairs_are_tested_by_drawing():
    a = RANDOM.random(120)
    b = a + RANDOM.normal(0.015, 0.1, 120)
    ours, theirs = paired(a.tolist(), b.tolist()).p, scipys_p(a, b, 20_000)
    assert 0.01 < theirs < 0.9 and ours == pytest.approx(theirs, abs=0.02)


def test_a_large_difference_is_never_impossible():
    assert paired([0.1] * 60, [0.9] * 60).p == pytest.approx(1 / 10_001)


def test_each_run_is_measured_where_it_has_a_value():
    """Of 8 questions one run refused 4 and the other 5; exact against every exchange of the two, by scipy."""
    a = [1.0, 0.5, None, 0.0, 1.0, None, None, None]
    b = [1.0, None, 0.5, 1.0, 1.0, 1.0, None, None]
    ours = paired(a, b)
    assert (ours.mean_a, ours.mean_b, ours.n, ours.test) == (pytest.approx(0.625), pytest.approx(0.9), 6, RANDOMISATION)
    x, y = (np.array([np.nan if v is None else v for v in run[:6]]) for run in (a, b))
    assert ours.p == pytest.approx(scipys_p(x, y, 2**6), abs=1e-9)
    assert ours.low <= ours.difference <= ours.high


def test_a_run_without_any_value_is_not_compared():
    assert paired([1.0, 0.0], [None, None]) is None
    assert paired([], []) is None


def test_unequal_lengths_are_told():
    with pytest.raises(ValueError, match="None for no value"):
        paired([1.0], [1.0, 0.0])


# McNemar


def test_mcnemar_armitage_and_berry():
    """Two media for the tubercle bacillus: 12 grew on A alone, 2 on B alone, exact two-sided P = 0.0129. Armitage and
    Berry, Statistical Methods in Medical Research (1994), p. 127; P from statsdirect.com/help/chi_square_tests/mat.htm."""
    ours = paired(*binary(20, 12, 2, 16))
    assert ours.test == MCNEMAR
    assert round(ours.p, 4) == 0.0129
    assert ours.difference == pytest.approx((22 - 32) / 50)


@pytest.mark.parametrize(("only_a", "only_b"), [(1, 0), (3, 3), (0, 6), (150, 86)])
def test_mcnemar_is_the_binomial_test_of_the_discordant_pairs(only_a, only_b):
    ours = paired(*binary(30, only_a, only_b, 20))
    assert ours.p == pytest.approx(stats.binomtest(only_a, only_a + only_b).pvalue)


def test_mcnemar_asks_for_0_and_1_in_both():
    a, b = binary(5, 4, 1, 2)
    assert paired(a, [0.5, *b[1:]]).test == RANDOMISATION
    assert paired(a, [None, *b[1:]]).test == RANDOMISATION
    assert paired([*a, None], [*b, None]) == paired(a, b)


# Holm


def test_holm_four_hypotheses():
    """Wikipedia, "Holm–Bonferroni method": of 0.01, 0.04, 0.03 and 0.005 the first and the last are rejected at 0.05."""
    adjusted = holm([0.01, 0.04, 0.03, 0.005])
    assert adjusted == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_many_hypotheses():
    """The fifteen p-values of Benjamini and Hochberg (1995), section 4: Bonferroni and Hochberg both reject the three
    smallest at 0.05, and Holm lies between these two."""
    p = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1,
    ]
    adjusted = holm(p)
    assert [value < 0.05 for value in adjusted] == [True] * 3 + [False] * 12
    assert adjusted[:4] == pytest.approx([15 * 0.0001, 14 * 0.0004, 13 * 0.0019, 12 * 0.0095])
    assert holm([]) == []


p_values = st.lists(st.floats(0, 1), max_size=12)


@given(p_values, st.randoms())
def test_holm_lies_between_the_p_value_and_bonferroni_and_knows_no_order(p, shuffled):
    adjusted = holm(p)
    for value, after in zip(p, adjusted, strict=True):
        assert value <= after <= min(1, value * len(p))
    assert sorted(adjusted) == [after for _, after in sorted(zip(p, adjusted, strict=True))]
    places = shuffled.sample(range(len(p)), len(p))
    assert holm([p[n] for n in places]) == [adjusted[n] for n in places]


# What must always hold

score = st.none() | st.sampled_from([0.0, 1.0]) | st.floats(0, 1, width=16)
runs = st.lists(st.tuples(score, score), max_size=30)


@settings(deadline=None, max_examples=60)
@given(runs)
def test_exchanging_the_runs_turns_the_signs_and_keeps_the_p_value(pairs):
    a, b = [x for x, _ in pairs], [y for _, y in pairs]
    one, other = paired(a, b), paired(b, a)
    assert (one is None) == (other is None)
    if one:
        assert (one.difference, one.low, one.high) == pytest.approx(
            (-other.difference, -other.high, -other.low), abs=1e-9
        )
        assert one.p == pytest.approx(other.p) and 0 < one.p <= 1 and one.test == other.test
        assert one == paired(a, b)


@settings(deadline=None, max_examples=40)
@given(st.lists(score, min_size=1, max_size=30))
def test_equal_runs_do_not_differ(scores):
    found = paired(scores, scores)
    assert found is None or (found.difference, found.low, found.high, found.p) == (0, 0, 0, 1)
    assert (found is None) == all(value is None for value in scores)


def test_twenty_measures_over_300_questions_are_quick():
    a, b = RANDOM.random((20, 300)), RANDOM.random((20, 300))
    begun = time.perf_counter()
    assert all(paired(x.tolist(), y.tolist()).n == 300 for x, y in zip(a, b, strict=True))
    assert time.perf_counter() - begun < 20  # about one second on a core of our own


def test_separation_is_the_share_of_pairs_in_the_right_order():
    known, unknown = RANDOM.normal(1, 1, 80).round(1), RANDOM.normal(0, 1, 120).round(1)
    found = separation(known, unknown)
    assert found.mean == pytest.approx(stats.mannwhitneyu(known, unknown).statistic / (80 * 120))
    assert found.low < found.mean < found.high and found.n == 200
    assert 0.05 < found.high - found.low < 0.25
    assert separation(unknown, known).mean == pytest.approx(1 - found.mean)


def test_separation_at_its_ends():
    assert separation([0.8, 0.9], [0.1, 0.2]).mean == 1
    assert separation([0.5, 0.5], [0.5]).mean == 0.5
    assert separation([], [0.5]) is None and separation([0.5], []) is None
