"""Evidence: does what is cited carry the sentence? One finder a file: numbers, days, names, quotations, speakers, denials."""

from .check import check

__all__ = ["check"]
