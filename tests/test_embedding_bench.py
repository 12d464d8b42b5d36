"""The table of backends, over a few passages: every one that is installed stands in it and agrees."""

from __future__ import annotations

from eval.bench.embedding import PLAIN, measure, printed
from rag.embedding.agreement import AGREEMENT
from rag.embedding.opened_model import BACKENDS, installed


def test_all_backends_stand_side_by_side():
    figures = measure(rounds=1, passages=4)
    assert figures[0].name == PLAIN and figures[0].faster == (1.0, 1.0, 1.0)
    assert len(figures) == 1 + sum(map(installed, BACKENDS))
    assert all(min(figure.cosine, figure.sentence_cosine) >= AGREEMENT for figure in figures)
    assert all(figure.passages > 0 and figure.question > 0 and figure.peak > 0 for figure in figures)
    assert all(figure.name in line for figure, line in zip(figures, printed(figures).splitlines()[2:], strict=True))
