"""From what a source says (fields.py) to an Article: the one place where all readers meet."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from itertools import chain

from rag.address import canonical, host_of, untracked, web_address
from rag.article import Article, Kind, NewsTime, Status, own_identity
from rag.errors import ReaderError

from .. import correction, credit, furniture
from ..clean import MAX_BODY, one_line, paragraphs_of
from ..dateline import cut_dateline
from ..markup import plain
from ..times import news_time
from .fields import SPELLINGS, Voice, first, heard, spelled

_KINDS = {
    Kind.OPINION: r"opinion\w*|op-?ed|editorial|comment|commentary|column|letters?|review",
    Kind.ANALYSIS: r"analysis\w*|explainer|background\w*|fact ?check",
    Kind.LIVE: r"live|live ?blog\w*|liveblogposting",
    Kind.PRESS_RELEASE: r"press ?releases?|pr|news release|sponsored|advertis\w+",
}
_STATUSES = {
    Status.CANCELLED: r"(stat:)?(cancell?ed|kill(ed)?|withdrawn|retracted)",
    Status.WITHHELD: r"(stat:)?(withheld|hold|on hold|draft)",
    Status.EMBARGOED: r"(stat:)?embargoed",
    Status.CORRECTED: r"(stat:)?(corrected|correction)",
}
_KILL = re.compile(r"\W*(mandatory )?(kill|withdraw)", re.IGNORECASE)
# The line above a kill notice that comes as an article; "Kill Bill: the review" is none.
_KILL_LINE = re.compile(
    r"\W*((MANDATORY |URGENT |STORY )*(KILL|WITHDRAWN|WITHDRAWAL)|[Mm]andatory [Kk]ill)\s*([:–—-]|$)"
)
_CORRECTS = re.compile(r"\W*(corrects?|correction|clarif)", re.IGNORECASE)
_CUT_BY_API = re.compile(r"\[\+\d{1,9} chars\]\s*$")
_MAX_STANDFIRST = 1000
_TOLD_APART_BY = 200


def article_of(voices: tuple[Voice, ...]) -> Article:
    """The article that the voices describe; raises ReaderError that names what is missing."""
    try:
        return _article(voices)
    except ReaderError:
        if notice := notice_of(voices):
            return notice
        raise


def notice_of(voices: tuple[Voice, ...]) -> Article | None:
    """What has no text, but ends its story or holds it back. What stands in for its text is never shown."""
    name = first(voices, "guid") or first(voices, "url")
    if not name or _status(voices, "") not in (Status.CANCELLED, Status.WITHHELD):
        return None
    rest = tuple(Voice(v.name, {k: said for k, said in v.fields.items() if not _is_text(k)}) for v in voices)
    stand_in = Voice("stand-in", {"headline": f"Withdrawn: {name}", "body": "Withdrawn by its publisher."})
    return replace(_article((*rest, stand_in)), status=_status(voices, ""))


def _is_text(key: str) -> bool:
    return spelled(key) in (*SPELLINGS["headline"], *SPELLINGS["body"])


def _article(voices: tuple[Voice, ...]) -> Article:
    headline = one_line(plain(first(voices, "headline")))
    publisher = _publisher(voices)
    text = _Text.of(voices, headline)
    published = _time(voices, "first_published")
    note = one_line(_correction(voices) or text.correction, 2000)
    return Article(
        identity=_identity(voices, publisher, headline, published, text.body),
        headline=headline,
        body=text.body,
        standfirst=_standfirst(voices, headline, text.body),
        bylines=_bylines(voices, publisher),
        publisher=publisher or text.agency,
        originator=_originator(voices, text),
        url=_url(voices),
        guid=one_line(first(voices, "guid")),
        section=one_line(plain(first(voices, "section")), 80),
        language=_language(voices),
        kind=_kind(voices),
        dateline=text.dateline.place or one_line(plain(first(voices, "dateline")), 80),
        first_published=published,
        this_version=_time(voices, "this_version"),
        status=_status(voices, text.correction),
        embargoed_until=_time(voices, "embargoed_until"),
        correction=note,
        corrected_on=_time(voices, "corrected_on") or correction.corrected_on(note),
        expires=_expires(voices, published),
        version=_version(voices),
        credit=one_line(" ".join(part for part in (text.footer, first(voices, "credit")) if part), 1000),
    )


class _Text:
    """The body parted from the dateline before it and the notices after it."""

    def __init__(self, paragraphs: list[str]) -> None:
        kept, self.correction = correction.cut_corrections(paragraphs)
        kept, self.footer = furniture.cut_footer(kept)
        self.dateline, first_paragraph = cut_dateline(kept[0])
        self.body = "\n\n".join([first_paragraph, *kept[1:]])
        self.agency = furniture.agency_of(self.footer)

    @classmethod
    def of(cls, voices: tuple[Voice, ...], headline: str) -> _Text:
        raw = _body(voices)
        paragraphs = paragraphs_of(_CUT_BY_API.sub("", plain(raw))) if raw else []
        if paragraphs and _letters(paragraphs[0]) == _letters(headline):
            paragraphs = paragraphs[1:]
        missing = [name for name, there in (("headline", headline), ("body text", paragraphs)) if not there]
        if missing:
            had = ", ".join(sorted({str(key)[:40] for voice in voices for key in voice.fields})[:20]) or "nothing"
            raise ReaderError(f"no {' and no '.join(missing)} (it has: {one_line(had, 400)}): add what is missing.")
        return cls(paragraphs)


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text).casefold()


def _body(voices: tuple[Voice, ...]) -> str:
    found = next(heard(voices, "body"), ("", []))[1]
    body = "\n\n".join(found)
    if len(body.encode("utf-8", "replace")) > MAX_BODY:
        raise ReaderError(f"the body is longer than {MAX_BODY // 1_000_000} MB: split it into its articles.")
    return body


def _publisher(voices: tuple[Voice, ...]) -> str:
    found = one_line(plain(first(voices, "publisher")), 120)
    return host_of(found) or found.removeprefix("www.")


def _originator(voices: tuple[Voice, ...], text: _Text) -> str:
    named = one_line(first(voices, "originator"), 120)
    if (len(named) > 3 or credit.wire(named)) and not web_address(named):
        return credit.wire(named) or named
    in_bylines = (credit.wire_within(words) for _, found in heard(voices, "bylines") for words in found)
    return next(filter(None, chain((text.dateline.agency,), in_bylines)), "") or text.agency


def _bylines(voices: tuple[Voice, ...], publisher: str) -> tuple[str, ...]:
    for _, words in heard(voices, "bylines"):
        names = dict.fromkeys(name for line in words for name in credit.bylines(plain(line)))
        if people := tuple(name for name in names if name.casefold() != publisher.casefold()):
            return people
    return ()


def _standfirst(voices: tuple[Voice, ...], headline: str, body: str) -> str:
    """Datasets often repeat the first sentences, or the headline, as a description: that is no standfirst."""
    found = one_line(plain(first(voices, "standfirst")), _MAX_STANDFIRST)
    start = found.rstrip(" .…")
    return (
        ""
        if start == headline.rstrip(" .…") or one_line(body[: 2 * _MAX_STANDFIRST], 3000).startswith(start)
        else found
    )


def _url(voices: tuple[Voice, ...]) -> str:
    said = (words[0] for _, words in heard(voices, "url"))
    return untracked(next(filter(None, map(web_address, said)), ""))


def _identity(voices: tuple[Voice, ...], publisher: str, headline: str, published: NewsTime | None, body: str) -> str:
    if url := _url(voices):
        return canonical(url)
    # A bare "id" is often a row number: alone it would make two stories of different files one.
    guid = first(voices, "guid") or (first(voices, "id") if publisher else "")
    if guid:
        return own_identity(publisher, one_line(guid))
    day = published.day if published else ""
    return f"{publisher.casefold()}:{headline}:{day or _beginning(body)}"


def _beginning(body: str) -> str:
    """Tells two stories under one headline apart where nothing but their words does."""
    return hashlib.sha256(body[:_TOLD_APART_BY].encode()).hexdigest()[:16]


def _time(voices: tuple[Voice, ...], concept: str) -> NewsTime | None:
    """The first time that can be read; where none can, the first words as they stand."""
    times = [time for place, words in heard(voices, concept) if (time := news_time(words[0], place))]
    return next((time for time in times if time.instant), times[0] if times else None)


def _expires(voices: tuple[Voice, ...], published: NewsTime | None) -> NewsTime | None:
    """An end before the beginning is a template's: against caches, some name 1980."""
    end = _time(voices, "expires")
    begun = published.instant if published else None
    return None if end and end.instant and begun and end.instant <= begun else end


def _language(voices: tuple[Voice, ...]) -> str:
    found = first(voices, "language").strip().replace("_", "-")
    return found.lower() if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*|[A-Za-z]{4,12}", found) else ""


def _kind(voices: tuple[Voice, ...]) -> Kind:
    said = chain(heard(voices, "kind"), heard(voices, "section"))
    words = [word.lower().replace("_", " ").replace("newsarticle", "") for _, found in said for word in found]
    return next((kind for word in words for kind, form in _KINDS.items() if re.fullmatch(form, word)), Kind.REPORT)


def _status(voices: tuple[Voice, ...], correction: str) -> Status:
    if _KILL.match(first(voices, "ednote")) or _KILL_LINE.match(first(voices, "headline")):
        return Status.CANCELLED
    said = [word.lower() for _, found in heard(voices, "status") for word in found]
    named = next((status for word in said for status, form in _STATUSES.items() if re.fullmatch(form, word)), None)
    if named not in (None, Status.CORRECTED):
        return named
    if _time(voices, "embargoed_until"):
        return Status.EMBARGOED  # for as long as `Article.usable_from` says
    return Status.CORRECTED if named or correction or _correction(voices) else Status.USABLE


def _correction(voices: tuple[Voice, ...]) -> str:
    note = first(voices, "ednote")
    return plain(first(voices, "correction") or (note if _CORRECTS.match(note) else ""))


def _version(voices: tuple[Voice, ...]) -> int:
    found = first(voices, "version")
    return min(int(found), 1_000_000) if re.fullmatch(r"[1-9]\d{0,8}", found) else 1
