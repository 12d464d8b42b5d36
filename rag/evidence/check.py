"""The verdict on one sentence: every finder is asked, then whether sentence and source speak of the same."""

from __future__ import annotations

from collections.abc import Sequence

from ..answer import State, Verdict
from ..citation import Citation
from ..embedder import Embedder
from ..entailment import CARRIES, Entailment
from .days import wrong_days
from .denial import cut_from_denials, denials, stands_whole
from .exchanged import exchanged_days, exchanged_names, exchanged_numbers, miscounted
from .names import strange_names
from .numbers import missing_numbers, wrong_numbers
from .opposites import opposites
from .quotations import wrong_quotations
from .speakers import wrong_speaker, wrong_speaker_of_quotation
from .topic import speaks_of_the_same

FINDERS = (
    wrong_numbers,
    exchanged_numbers,
    miscounted,
    wrong_days,
    exchanged_days,
    strange_names,
    exchanged_names,
    wrong_quotations,
    wrong_speaker,
    wrong_speaker_of_quotation,
    opposites,
    denials,
    cut_from_denials,
)


def check(
    text: str, citations: Sequence[Citation], embedder: Embedder, entails: Entailment | None = None
) -> Verdict:
    """The verdict on one sentence against the passages that it cites; ``entails`` is asked about what else would hold."""
    if not citations:
        return Verdict(State.UNSUPPORTED, ("no source is cited",))
    passages = "\n".join(citation.passage.text for citation in citations)
    whole = any(stands_whole(text, citation.passage.text) for citation in citations)
    if whole and not missing_numbers(text, passages):
        return Verdict(State.VERBATIM)
    if faults := [fault for find in FINDERS for fault in find(text, citations, passages)]:
        return Verdict(State.MISMATCH, tuple(dict.fromkeys(faults)))
    if not speaks_of_the_same(text, citations, embedder):
        return Verdict(State.UNSUPPORTED, ("the cited passage speaks of something else",))
    if entails and max(entails(_premise(citation), text) for citation in citations) < CARRIES:
        return Verdict(State.UNSUPPORTED, ("by the opinion of the entailment model the cited passage does not say it",))
    return Verdict(State.SUPPORTED)


def _premise(citation: Citation) -> str:
    """What a reader sees of a source: the headline, who published it and when, and the passage."""
    article = citation.article
    told = ", ".join(filter(None, (article.publisher, article.published[:10])))
    return f"{article.headline} ({told})\n\n{citation.passage.text}"
