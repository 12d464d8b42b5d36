"""Dateline: answers about the news from an archive of articles, every sentence cited and checked.

    archive -> retrieve -> answer -> cite

Search: NewsRetriever (for LangChain), Searcher, Filter. Answer: Assistant, Turn, Answer. The record: Archive, Article,
Passage, Hit, Citation. Errors end with the cure: DatelineError.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

# Nothing leaves this machine unasked: Chroma, the model hub's client and ONNX Runtime take these before their first import.
# ONNX Runtime's own (its Privacy.md) reports to mobile.events.data.microsoft.com; 1.32 was seen to do so half a minute after
# a model was opened, and to keep a device id and a queue of events in the cache folder.
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

from .answer import Answer  # noqa: E402
from .archive import Archive  # noqa: E402
from .article import Article  # noqa: E402
from .assistant import Assistant  # noqa: E402
from .citation import Citation  # noqa: E402
from .errors import DatelineError  # noqa: E402
from .filter import Filter  # noqa: E402
from .followup import Turn  # noqa: E402
from .passage import Hit, Passage  # noqa: E402
from .search import Searcher  # noqa: E402

if TYPE_CHECKING:
    from .retriever import NewsRetriever

__all__ = [
    "Archive",
    "Article",
    "Passage",
    "Hit",
    "NewsRetriever",
    "Searcher",
    "Filter",
    "Assistant",
    "Turn",
    "Answer",
    "Citation",
    "DatelineError",
]


def __getattr__(name: str):
    """NewsRetriever when it is asked for (PEP 562): LangChain takes a second to import, and no command needs it."""
    if name == "NewsRetriever":
        from .retriever import NewsRetriever

        return NewsRetriever
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
