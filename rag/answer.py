"""Answer: sentences, the citations that carry them, the verdict on each, and what is missing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from .citation import Citation
from .passage import Hit

if TYPE_CHECKING:
    from .sidebar import Sidebar


class State(StrEnum):
    """How far the archive carries a sentence."""

    VERBATIM = "verbatim"
    SUPPORTED = "supported"
    MISMATCH = "mismatch"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of the check; ``faults`` are short reasons for a reader ("80,000 is not in [1]")."""

    state: State
    faults: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return self.state in (State.VERBATIM, State.SUPPORTED)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the answer and the numbers of its citations."""

    text: str
    citations: tuple[int, ...]
    verdict: Verdict

    def to_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "citations": list(self.citations),
            "verdict": self.verdict.state.value,
            "faults": list(self.verdict.faults),
        }


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The number, name or day itself: ``text`` stands at ``start:end`` of the body of the article that the ``citation`` of this
    number names."""

    text: str
    citation: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a question came to. While it streams, each Answer holds more than the one before; the last is ``complete``.

    ``short`` is the number, name or day itself, where it is certain; ``premise`` the words that deny what the question
    takes for granted: it is then refused. ``draft`` is the unfinished sentence of a model; ``notice`` one line for the
    reader: the reason of a refusal, a broken stream; ``nearest`` the closest coverage of a refusal;
    ``removed_citations`` counts the numbers that a model cited and was never given; ``dropped`` are the
    sentences of a model that were left out since it is ``strict``; ``confidence`` is how sure (0 to 1) it
    is that the hits answer, None until the sentences were weighed; ``as_of`` is the day whose archive was asked, None for
    that of now; ``sidebar`` is what stands beside it, on the last one alone.
    """

    question: str
    searched_for: str = ""
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    nearest: tuple[Hit, ...] = ()
    refused: bool = False
    short: ShortAnswer | None = None
    premise: Citation | None = None
    notice: str = ""
    draft: str = ""
    removed_citations: int = 0
    dropped: tuple[Sentence, ...] = ()
    confidence: float | None = None
    model: str = "quoting"
    complete: bool = False
    as_of: date | None = None
    strict: bool = False
    sidebar: Sidebar | None = None

    @property
    def text(self) -> str:
        """The answer as plain text with its citation marks; the notice where it has no sentence."""
        lines = [s.text + "".join(f" [{n}]" for n in s.citations) for s in self.sentences]
        return " ".join(lines) or self.notice

    def to_json(self) -> dict[str, Any]:
        return {
            "question": self.question,
            "searched_for": self.searched_for,
            "as_of": self.as_of.isoformat() if self.as_of else "",
            "strict": self.strict,
            "refused": self.refused,
            "short": asdict(self.short) if self.short else None,
            "premise": self.premise.to_json() if self.premise else None,
            "notice": self.notice,
            "model": self.model,
            "sentences": [sentence.to_json() for sentence in self.sentences],
            "dropped": [sentence.to_json() for sentence in self.dropped],
            "citations": [citation.to_json() for citation in self.citations],
            "nearest": [
                {"headline": h.article.headline, "publisher": h.article.publisher, "published": h.article.published}
                | {"article_id": h.article.id, "url": h.article.url}
                for h in self.nearest
            ],
            "removed_citations": self.removed_citations,
            "confidence": None if self.confidence is None else round(self.confidence, 4),
            "sidebar": self.sidebar.to_json() if self.sidebar else None,
        }
