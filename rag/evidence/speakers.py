"""Words given to one person of the source that it gives to another, or to nobody near."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..citation import Citation
from ..quotation import quotations
from ..sentences import Span, paragraphs, sentences
from ..speaker import speaker_at


def wrong_speaker(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    """Words given to one person of the passages that the archive gives to another, or to nobody near."""
    named = speaker_at(text, 0).split()
    if named and named[-1] in passages and all(_is_another(named[-1], citation) for citation in citations):
        actual = " and ".join(sorted({citation.speaker for citation in citations if citation.speaker}))
        yield f"the source gives these words to {actual or 'somebody else'}"


def wrong_speaker_of_quotation(text: str, citations: Sequence[Citation], passages: str) -> Iterator[str]:
    """A quotation of one person that the text gives to another, wherever in the article it stands."""
    named = speaker_at(text, 0)
    for span in quotations(text):
        actual = {speaker for citation in citations for speaker in _who_say(span.of(text), citation)}
        if named and actual and "" not in actual and not any(speaker.split()[-1] in text for speaker in actual):
            yield f"the source gives these words to {' and '.join(sorted(actual))}"


def _who_say(quotation: str, citation: Citation) -> list[str]:
    """Who speaks wherever the words stand in an article's body; "" where nobody certain does."""
    words = r"\W+".join(map(re.escape, re.findall(r"\w+", quotation)))
    places = re.finditer(rf"(?<!\w){words}(?!\w)", citation.article.body, re.IGNORECASE) if words else ()
    return [speaker_at(citation.article.body, match.start()) for match in places]


def _is_another(surname: str, citation: Citation) -> bool:
    if surname in citation.speaker:
        return False
    own, before = _paragraphs_at(citation)
    if surname not in own:
        return bool(citation.speaker) or surname not in before
    return (
        bool(citation.speaker)
        and citation.speaker.split()[-1] in own
        and surname in _speakers_in(citation.article.body, own)
    )


def _paragraphs_at(citation: Citation) -> tuple[str, str]:
    """The paragraph of the quotation and the one before it."""
    before, own = "", ""
    for span in paragraphs(citation.article.body):
        before, own = own, span.of(citation.article.body)
        if span.end >= citation.end:
            break
    return own, before


def _speakers_in(body: str, paragraph: str) -> set[str]:
    """The surnames of all who speak in a paragraph."""
    start = body.index(paragraph)
    places = [span.start for span in sentences(body, Span(start, start + len(paragraph)))]
    return {speaker.split()[-1] for place in places if (speaker := speaker_at(body, place))}
