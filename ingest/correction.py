"""Corrections and clarifications that stand in the text of a story, and the day that they name for themselves."""

from __future__ import annotations

import re

from rag.article import NewsTime

from .times import news_time

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = (
    rf"(?:{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? \d{{4}}|\d{{4}}-\d\d-\d\d)"
)
_TEXT = r"(?:article|story|piece|post|report|page|headline|column|interview|review|obituary|blog|video|podcast)"
_RIGHTED = r"(?:amended|corrected|clarified)"
_NOTE = r"(?:editor(?:[’']s|s|ial)? note|editors[’'] note|note|update|updated|correction)"
_HEAD = r"(?:corrections?(?: (?:&|and) clarifications?)?|clarifications?|corrigendum|errat(?:um|a))"
_ABROAD = (
    r"(?:korrektur(?:hinweis)?|richtigstellung|rectificatif|fe de erratas|correcci[oó]n|rettelse|r[äa]ttelse"
    r"|rectificatie)"
)
_MADE = r"(?:,? (?:added|appended|made|issued|posted|notice|note|on))*"
# "Correction, Nov. 15, 2019: …", "CORRECTION (March 4): …", "Correction added 18 November 2019 – …"
_WHEN = rf"{_MADE}(?:,? ?\(?(?:{_DAY}|{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})\)?)?"
_SAYS = rf"(?:{_NOTE}{_WHEN} ?[:,.—–-]+ ?)?"
_PLACE = (
    r"(?:day|date|name|spelling|figures?|headline|title|age|year|number"
    r"|(?:first|second|third|fourth|last|\d+(?:st|nd|rd|th)) paragraph|para(?:graph)?s? \w+)"
)

_CORRECTION = re.compile(
    rf"[^\w(]*\(?(?:{_SAYS}{_HEAD}{_WHEN} ?[:.—–-]|{_ABROAD} ?:"
    rf"|{_SAYS}(?:this (?:{_MONTH} \d{{1,2}} |\d{{1,2}} {_MONTH} )?{_TEXT}|the (?:article|story|headline))(?: \w+)?"
    rf" (?:was|has been|has since been) (?:(?:\w+ )?{_RIGHTED}\b(?! by\b)|updated to (?:correct|clarify)\b)"
    rf"|{_SAYS}this (?:version (?:of the {_TEXT} )?(?:corrects|clarifies)|(?:article|story) corrects)\b"
    rf"|{_SAYS}(?:in )?an? (?:earlier|previous|prior) version of (?:this (?:{_TEXT}|photo|map|chart)|the headline)\b"
    rf"|{_SAYS}this {_TEXT} (?:originally|previously|initially) (?:misstated|misidentified|said|stated|gave)\b"
    r"|(?:a|one) (?:correction|clarification) was made on\b"
    r"|in einer (?:früheren|vorherigen) version (?:dieses|des) (?:artikels|textes|beitrags)\b"
    r"|une (?:première|précédente) version de cet article\b"
    rf"|(?:corrects|clarifies) (?:the )?{_PLACE}\b)",
    re.IGNORECASE,
)
_LONGEST = 1500
_DAY_AHEAD = re.compile(rf"[^\w(]*\(?{_SAYS}(?:{_HEAD}|{_NOTE}){_MADE}[,:]?(?: ?[–—-])? ?[(\[]?({_DAY})", re.IGNORECASE)
_DAY_AFTER = re.compile(
    rf"\b(?:this {_TEXT}|the (?:article|story|headline))(?: \w+)? (?:was|has been|has since been) (?:\w+ )?"
    rf"(?:{_RIGHTED}|updated)(?: [\w.:]{{1,20}}){{0,4}}? on (?:\w{{3,6}}day,? )?({_DAY})"
    rf"|\b(?:correction|clarification) was (?:made|added|published) on (?:\w{{3,6}}day,? )?({_DAY})",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b", re.IGNORECASE)


def cut_corrections(paragraphs: list[str]) -> tuple[list[str], str]:
    """The paragraphs without those that say what an earlier version had wrong, and these; one always stays."""
    notes = [paragraph for paragraph in paragraphs if is_correction(paragraph)]
    if not notes or len(notes) == len(paragraphs):
        return paragraphs, ""
    cut = set(notes)
    return [paragraph for paragraph in paragraphs if paragraph not in cut], " ".join(notes)


def is_correction(paragraph: str) -> bool:
    return len(paragraph) <= _LONGEST and bool(_CORRECTION.match(paragraph))


def corrected_on(note: str) -> NewsTime | None:
    """The day that a note gives for itself in full ("was amended on 5 March 2026"), at its first instant in UTC; None
    where it names none. Other days in a note belong to the story."""
    found = _DAY_AHEAD.match(note[:_LONGEST]) or _DAY_AFTER.search(note[:_LONGEST])
    return news_time(_ORDINAL.sub("", next(filter(None, found.groups()))), "correction note") if found else None
