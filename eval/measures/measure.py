"""Measure: the name of a figure, what it says, and which way is better."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# One question's figures by the names of their measures. A measure that cannot be asked of a question is left out: what
# has no gold has no rank of it.
Scores = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Measure:
    """``says`` is one line for who reads a table; a figure of a set is the mean of those of its questions.

    ``unit`` is "" for a share between 0 and 1, else what stands behind the number ("s", "words", "days");
    ``lower_is_better`` turns gain and loss round; ``is_plain`` measures neither want more nor less of (length).
    """

    name: str
    says: str
    unit: str = ""
    lower_is_better: bool = False
    is_plain: bool = False

    @property
    def is_share(self) -> bool:
        """Whether it lies between 0 and 1 and one end of it is the best."""
        return not self.unit and not self.is_plain

    def lack(self, value: float) -> float:
        """What a share lacks of the best, 0 to 1."""
        return value if self.lower_is_better else 1 - value
