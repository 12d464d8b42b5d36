"""One item of a news wire: what NewsML-G2, NITF, ninjs and Media API JSON have in common beyond their spelling."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.article import Article
from rag.errors import ReaderError

from ..times import news_time
from .fields import Voice, first, heard
from .writing import article_of, notice_of

STATES = ("usable", "withheld", "canceled", "cancelled", "embargoed")
MEDIA = ("picture", "graphic", "video", "audio", "animation")
# Below this a description is a label, not a text.
_FEWEST_WORDS = 8
_CODE = re.compile(r"[^:/#]*$")


def wire_article(*voices: Voice, told: str = "", medium: str = "text") -> Article:
    """The article of an item; raises ReaderError where it holds none or its state is not known.

    ``told`` is what the item says of its content. Of a picture, a film or a sound (``medium``) that is the text; of a
    text that did not come along it is only an excerpt. Without a body, a cancelled or withheld item is still one: it
    ends or holds back its story.
    """
    voices = tuple(Voice(voice.name, {key: said for key, said in voice.fields.items() if said}) for voice in voices)
    if unknown := [state for state in _states(voices) if state not in STATES]:
        raise ReaderError(f"the publishing status {unknown[0][:40]!r} is not known: use usable, withheld or canceled.")
    expires = next((news_time(said[0], place) for place, said in heard(voices, "expires")), None)
    return replace(_article(voices, told, medium), expires=expires)


def _article(voices: tuple[Voice, ...], told: str, medium: str) -> Article:
    if has_words(first(voices, "body")):
        return article_of((*voices, Voice(voices[0].name, {"standfirst": told})))
    voices = _without_body(voices)
    if notice := notice_of(voices):
        return notice
    if len(told.split()) < _FEWEST_WORDS:
        return article_of(voices)
    return replace(article_of((Voice(voices[0].name, {"body": told}), *voices)), excerpt=medium not in MEDIA)


def code(identifier: str) -> str:
    """The last part of a QCode or of a concept's address: ``stat:usable`` and ``…/pubstatusg2/usable`` are usable."""
    return _CODE.search(identifier.strip().rstrip("/"))[0]


def has_words(text: str) -> bool:
    """Whether there is more than a placeholder such as "..."."""
    return any(character.isalnum() for character in text)


def _states(voices: tuple[Voice, ...]) -> list[str]:
    return [word.casefold() for voice in voices for _, words in heard((voice,), "status") for word in words[:1]]


def _without_body(voices: tuple[Voice, ...]) -> tuple[Voice, ...]:
    """A body of "..." would make an article."""
    return tuple(Voice(voice.name, {k: v for k, v in voice.fields.items() if k != "body"}) for voice in voices)
