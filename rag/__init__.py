"""Dateline: answers about the news from an archive of articles, every sentence cited and checked.

    archive -> retrieve -> answer -> cite

Search: NewsRetriever (for LangChain), Searcher, Filter. Answer: Assistant, Turn, Answer. The record: Archive, Article,
Passage, Hit, Citation. Errors end with the cure: DatelineError.
"""

from __future__ import annotations

import os

# Nothing leaves this machine unasked: Chroma and the model hub's client take these before their first import.
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

from .answer import Answer  # noqa: E402
from .archive import Archive  # noqa: E402
from .article import Article  # noqa: E402
from .assistant import Assistant  # noqa: E402
from .citation import Citation  # noqa: E402
from .errors import DatelineError  # noqa: E402
from .filter import Filter  # noqa: E402
from .followup import Turn  # noqa: E402
from .passage import Hit, Passage  # noqa: E402
from .retriever import NewsRetriever  # noqa: E402
from .search import Searcher  # noqa: E402

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
