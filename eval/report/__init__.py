"""One HTML file about one or more runs, without outside parts: figures, plots, and the worst questions with their passages."""

from .page import report

__all__ = ["report"]
