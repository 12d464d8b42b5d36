"""How sure the system was, and whether it was right: the curves from which the threshold of refusing is chosen."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from markupsafe import Markup

from ..measures.refusals import SURENESS, risk_coverage, sureness
from ..record import Run
from ..statistics import separation
from .drawing import LINE_HEIGHT, Scale, box, line, path, picture, round_end, words
from .plots import Curve, curves, frame
from .wording import percent

THRESHOLD = "threshold"  # of Run.setting: the confidence below which the system refuses
_BINS = 20
_WIDTH, _LEFT, _RIGHT = 440.0, 46.0, 424.0


def risk_plot(runs: Sequence[Run]) -> Markup | None:
    """Wrong answers over answers given, the surest first; each curve ends where the system refuses. None without any."""
    held = [(run, risk_coverage(run.outcomes).points) for run in runs]
    lines = [
        Curve(run.name, place, [(p.coverage, p.risk) for p in points], _says(points[-1].coverage, points[-1].risk))
        for place, (run, points) in enumerate(held)
        if points
    ]
    if not lines:
        return None
    most = max(risk for curve in lines for _, risk in curve.points)
    highest = min(1.0, round_end(max(0.1, most)))
    return curves("Share of wrong answers over the share of questions answered", lines, highest)


def _says(coverage: float, risk: float) -> str:
    return f"answers {percent(coverage)}, {percent(risk)} of them wrong"


def threshold_of(run: Run) -> float | None:
    """The confidence below which it refuses; where the run does not tell it, that of its least sure answer."""
    held = run.setting.get(THRESHOLD)
    if isinstance(held, int | float):
        return float(held)
    return min((o.confidence for o in run.outcomes if o.confidence is not None and not o.refused), default=None)


def apart(run: Run) -> str:
    """In words how well its confidence tells what can be answered from what cannot, and how well the bare score would."""
    areas = {name: separation(*sureness(run.outcomes, name)) for name in SURENESS}
    told = [f"{area.mean:.3f} by {name} ({area.low:.3f} to {area.high:.3f})" for name, area in areas.items() if area]
    return f"One that can be answered stands above one that cannot (AUROC): {', '.join(told)}." if told else ""


def distribution_plot(run: Run) -> Markup | None:
    """How many questions had which confidence: what can be answered upwards, what cannot downwards. None without both."""
    known, unknown = sureness(run.outcomes, "confidence")
    if not known or not unknown:
        return None
    tall = max(max(_counts(known)) / len(known), max(_counts(unknown)) / len(unknown))
    x, height, middle = Scale(0, 1, _LEFT, _RIGHT), Scale(0, tall, 0, 88), 124.0
    parts = [line(_LEFT, middle, _RIGHT, middle, "rule")]
    for held, kind, up in ((known, "known", True), (unknown, "unknown", False)):
        for place, count in enumerate(_counts(held)):
            high, left = height(count / len(held)), x(place / _BINS)
            parts.append(
                box(left + 1, middle - high if up else middle, x(1 / _BINS) - _LEFT - 2, high, f"filled {kind}")
            )
    parts += _axis(x, 232) + _threshold(run, x, 32, 214)
    parts.append(words(_LEFT, 10, f"↑ {len(known)} that can be answered", "known"))
    parts.append(words(_LEFT, 228, f"↓ {len(unknown)} that cannot", "unknown"))
    return picture(_WIDTH, 268, "Confidence of the questions that can be answered, and of those that cannot", *parts)


def threshold_plot(run: Run) -> Markup | None:
    """For every threshold the share that it would refuse of what can be answered, and of what cannot. None without both."""
    known, unknown = sureness(run.outcomes, "confidence")
    if not known or not unknown:
        return None
    x, y = Scale(0, 1, _LEFT, _RIGHT), Scale(0, 1, 190, 16)
    parts = frame(y, x.start, x.end)
    for held, kind in ((unknown, "unknown"), (known, "known")):
        points = [(x(n / 100), y(bisect_left(held, n / 100) / len(held))) for n in range(101)]
        parts.append(path(points, f"curve {kind}"))
    parts += _axis(x, 190) + _threshold(run, x, 16, 190)
    parts.append(words(x(0.04), y(0.92), "rightly refused", "unknown"))
    parts.append(words(x(0.98), y(0.06), "wrongly refused", "known", "end"))
    return picture(_WIDTH, 228, "Share of the questions refused at every threshold", *parts)


def _counts(held: Sequence[float]) -> list[int]:
    """How many lie in each of the bins; 1.0 is in the last."""
    places = [min(_BINS - 1, max(0, int(value * _BINS))) for value in held]
    return [places.count(place) for place in range(_BINS)]


def _axis(x: Scale, bottom: float) -> list[Markup]:
    ticks = [words(x(n / 4), bottom + LINE_HEIGHT + 2, f"{n / 4:.2f}", "soft", "middle") for n in range(5)]
    return [*ticks, words(x.end, bottom + 2 * LINE_HEIGHT + 3, "confidence →", "soft", "end")]


def _threshold(run: Run, x: Scale, top: float, bottom: float) -> list[Markup]:
    """A line at the confidence from which the system answers, named on the side that has room."""
    held = threshold_of(run)
    if held is None:
        return []
    left, side = x(held), (6, "start") if held <= 0.6 else (-6, "end")
    named = words(left + side[0], top - 4, f"answers from {held:.2f}", "small", side[1])
    return [line(left, top - 12, left, bottom, "at"), named]
