"""Refusals, and the curve of risk against coverage: by hand, and against the definition on any answers."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.measures.refusals import MEASURES, Curve, risk_by, risk_coverage, scores, sureness, threshold
from eval.outcome import FoundPassage, Outcome, SaidSentence, Source
from eval.question import EvalQuestion, GoldFact, Split
from eval.record import Run
from eval.summary import refused_by_threshold, telling_apart
from rag.prompt import PERHAPS

FACT = "The ferry Teal will cost 52 million crowns."


def outcome(says: str = FACT, confidence: float | None = None, kind: str = "number", gold=True, **more) -> Outcome:
    facts = (GoldFact("https://courier.example/teal", FACT),) if gold else ()
    known = {"id": "q", "text": "What?", "asked_on": date(2026, 5, 30), "kind": kind, "split": Split.TUNE}
    asked = EvalQuestion(**known, gold=facts)
    said = (SaidSentence(text=says),) if says else ()
    return Outcome(**{"question": asked, "answers": True, "sentences": said, "confidence": confidence} | more)


def answers(*graded: tuple[float, bool]) -> list[Outcome]:
    """Answers by confidence, right or wrong."""
    return [outcome(FACT if right else "Nothing.", confidence) for confidence, right in graded]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, {"rightly_answered": 1, "doubted": 0}),
        ({"notice": PERHAPS}, {"rightly_answered": 1, "doubted": 1}),
        ({"refused": True}, {"rightly_answered": 0, "refusal_precision": 0, "doubted": 1}),
        ({"gold": False, "kind": "absent"}, {"refusal_recall": 0, "refused_or_doubted": 0, "absent_refused": 0}),
        (
            {"gold": False, "kind": "nearby", "refused": True},
            {"refusal_precision": 1, "refusal_recall": 1, "refused_or_doubted": 1, "nearby_refused": 1},
        ),
        (
            {"gold": False, "kind": "false_premise", "refused": True},
            {"refusal_precision": 1, "refusal_recall": 1, "refused_or_doubted": 1, "false_premise_refused": 1},
        ),
        ({"gold": False, "kind": "null"}, {"refusal_recall": 0, "refused_or_doubted": 0}),
        ({"answers": False}, {}),
    ],
)
def test_what_one_question_tells_of_refusals(asked, told):
    assert scores(outcome(**asked)) == told
    assert set(told) <= {measure.name for measure in MEASURES}


def test_a_curve_worked_by_hand():
    """Sure to unsure: right, wrong, right, right. Risks 0, 1/2, 1/3, 1/4; best order 0, 0, 0, 1/4."""
    curve = risk_coverage(answers((0.2, True), (0.9, True), (0.8, False), (0.5, True)))
    assert [(p.confidence, p.coverage, p.risk) for p in curve.points] == [
        (0.9, 0.25, 0.0), (0.8, 0.5, 0.5), (0.5, 0.75, pytest.approx(1 / 3)), (0.2, 1.0, 0.25),
    ]  # fmt: skip
    assert curve.area == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 4) / 4)
    assert curve.excess == pytest.approx((1 / 2 + 1 / 3) / 4)


def test_equal_confidences_are_taken_at_once():
    curve = risk_coverage(answers((0.9, True), (0.9, False), (0.1, False)))
    assert [(p.coverage, p.risk) for p in curve.points] == [(pytest.approx(2 / 3), 0.5), (1.0, pytest.approx(2 / 3))]
    assert curve.area == pytest.approx((2 * 1 / 2 + 2 / 3) / 3)
    assert curve == risk_coverage(answers((0.9, False), (0.9, True), (0.1, False)))


def test_what_was_refused_is_not_covered_and_an_answer_to_what_cannot_be_answered_is_wrong():
    asked = [*answers((0.9, True)), outcome(confidence=0.8, gold=False), outcome("", 0.1, refused=True)]
    curve = risk_coverage([*asked, outcome(answers=False)])
    assert [(p.coverage, p.risk) for p in curve.points] == [(pytest.approx(1 / 3), 0), (pytest.approx(2 / 3), 0.5)]


def test_answers_without_confidence_have_no_curve():
    assert risk_coverage([]) == risk_coverage([outcome(), outcome("", 0.3, refused=True)]) == Curve()
    assert threshold(Curve(), 0.5) is None


def test_the_threshold_is_where_most_is_answered_at_the_wished_risk():
    curve = risk_coverage(answers((0.9, True), (0.8, False), (0.5, True), (0.2, True), (0.1, False)))
    assert threshold(curve, 0.0) == 0.9
    assert threshold(curve, 0.26) == 0.2  # the risk goes up and down again: 0, .5, .33, .25, .4
    assert threshold(curve, 1.0) == 0.1
    assert threshold(risk_coverage(answers((0.9, False))), 0.5) is None


GRADED = st.lists(st.tuples(st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9, 1.0]), st.booleans()), min_size=1, max_size=12)


@given(GRADED)
def test_every_point_is_what_its_threshold_gives(graded):
    curve = risk_coverage(answers(*graded))
    for point in curve.points:
        kept = [right for confidence, right in graded if confidence >= point.confidence]
        assert point.coverage == pytest.approx(len(kept) / len(graded))
        assert point.risk == pytest.approx(kept.count(False) / len(kept))
    assert 0 <= curve.excess <= curve.area <= 1
    assert [p.coverage for p in curve.points] == sorted({p.coverage for p in curve.points})


@given(GRADED, st.floats(0, 1))
def test_a_threshold_keeps_to_its_risk_and_none_lower_does(graded, risk):
    curve = risk_coverage(answers(*graded))
    chosen = threshold(curve, risk)
    keeping = [p.confidence for p in curve.points if p.risk <= risk]
    assert chosen == (keeping[-1] if keeping else None)


@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_right_answers_first_leave_no_excess_and_last_the_most(rights):
    count = len(rights)
    best = [(1 - place / count, right) for place, right in enumerate(sorted(rights, reverse=True))]
    worst = [(1 - place / count, right) for place, right in enumerate(sorted(rights))]
    given_order = [(1 - place / count, right) for place, right in enumerate(rights)]
    assert risk_coverage(answers(*best)).excess == pytest.approx(0, abs=1e-12)
    assert risk_coverage(answers(*given_order)).area <= risk_coverage(answers(*worst)).area + 1e-12


def test_scores_of_what_can_be_answered_stand_apart_from_the_others():
    found = [FoundPassage(id="p", text=FACT, source=Source(article="a"), score=score) for score in (3.0, 1.0, 2.0)]
    asked = [
        outcome(confidence=0.9, found=(found[0],)),
        outcome(confidence=0.7, found=(found[1],)),
        outcome(confidence=0.2, gold=False, refused=True, found=(found[2],)),
        outcome(gold=False, answers=False),
    ]
    assert sureness(asked, "confidence") == ([0.7, 0.9], [0.2])
    assert sureness(asked, "first score") == ([1.0, 3.0], [2.0])
    held = Run(name="ours", system="", begun="", questions="", digest="", outcomes=tuple(asked), scores=({},) * 4)
    rows = [line.split() for line in telling_apart([held]).splitlines()[2:]]
    assert [row[1] for row in rows] == ["confidence", "first"]
    assert "1.000" in rows[0] and "0.500" in rows[1]
    assert telling_apart([replace(held, outcomes=tuple(asked[:2]))]) == "", "without both there is nothing to tell"


def test_the_risk_by_a_score_is_least_where_it_puts_the_wrong_answers_last():
    assert risk_by(answers((0.9, True), (0.2, False)), "confidence") == pytest.approx((0 + 1 / 2) / 2)
    assert risk_by(answers((0.1, True), (0.2, False)), "confidence") == pytest.approx((1 + 1 / 2) / 2)
    assert risk_by([outcome(), *answers((0.2, False))], "confidence") is None


def test_every_threshold_tells_what_it_would_refuse():
    asked = [outcome(confidence=0.9), outcome(confidence=0.45), outcome(confidence=0.25, gold=False, refused=True)]
    held = Run(name="ours", system="", begun="", questions="", digest="", outcomes=tuple(asked), scores=({},) * 3)
    by_threshold = {line.split()[0]: line.split()[1:] for line in refused_by_threshold(held).splitlines()[2:]}
    assert by_threshold["0.2"] == ["0.000", "0.000"]
    assert by_threshold["0.3"] == ["0.000", "1.000"]
    assert by_threshold["0.5"] == ["0.500", "1.000"]
    assert refused_by_threshold(replace(held, outcomes=tuple(asked[:2]))) == ""
