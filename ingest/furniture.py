"""What stands around a story and is not the story: footers, notices, links to other stories.

A footer is known by what agencies and papers say of themselves, and only at the end: a last paragraph that reports
on subscriptions or copyright has a speaker, quotation marks or none of these phrases, and stays.
"""

from __future__ import annotations

import re

from .credit import wire

_FOOTER = re.compile(
    r"\ball rights (?:are )?reserved\b|^\W*(?:copyright\b|©|\(c\) )|©\s*(?:\d{4}|[A-Z])"
    r"|\b(?:please )?contact (?:us|our|the (?:sales|news|syndication|licen[cs]ing|subscriptions?))\b.{0,60}"
    r"\b(?:subscri|licen|sales|reprint|syndicat|desk)"
    r"|(?:^|[.!] )for (?:a |more )?(?:subscriptions?|licen[cs]ing|reprints?|syndication|permissions?)\b.{0,60}"
    r"\b(?:contact|visit|e-?mail|write to|call)\b"
    r"|^(?:to )?(?:subscribe|sign up|follow us|click here|read more)\b.{0,200}$"
    r"|\b(?:published|produced|provided|generated|distributed|created) (?:automatically )?(?:from|by|through|via) an? "
    r"(?:syndicated|wire|automated|agency)\b"
    r"|\bthis (?:story|article|content)\b.{0,80}\b(?:syndicated feed|with permission|under licen[cs]e"
    r"|creative commons|not been edited|has been syndicated|first appeared|originally (?:appeared|published))"
    r"|\bmay not be (?:published|reproduced|broadcast|rewritten|redistributed),? "
    r"|^\(?(?:additional )?(?:reporting|writing|edited|compiled|editing|written) by [A-Z].{0,300}$"
    r"|^our standards:",
    re.IGNORECASE,
)
_PORTION = re.compile(
    r"\b(?:contains?|publish(?:es)?|carr(?:y|ies)|offers?|features?|shows?|provides?) only (?:a |an |some )?"
    r"(?:small |limited )?(?:portion|part|selection|fraction|excerpt|summar)",
    re.IGNORECASE,
)
_OF_ITSELF = re.compile(r"\b(?:web ?site|portal|subscri\w+|syndicat\w+|feed)\b", re.IGNORECASE)
_SPOKEN = re.compile(r"[\"“”«»]|\b(?:said|says|told|added|argued|according to|wrote|announced|ruled)\b", re.IGNORECASE)
_AGENCY_FIRST = re.compile(
    r"^(?:[Tt]he )?(?P<name>[A-Z][\w&.'’\-]*(?: (?:[A-Z&][\w&.'’\-]*|of|the|and)){0,5}?)(?: \([A-Z]{2,8}\))?(?:['’]s)? "
    r"(?:website|site|portal|online|web page)?\s*(?:contains?|publish|carr|offers?|features?|shows?|provides?)"
)
_COPYRIGHT_OF = re.compile(
    r"(?:copyright|©|\(c\))[\s©]*(?:\d{4}(?:[-–]\d{2,4})?)?,?\s*(?:by )?(?:the )?"
    r"(?P<name>[A-Z][\w&'’\-]*(?: [A-Z&][\w&'’\-]*){0,4})",
    re.IGNORECASE,
)
_CREDIT_LINE = re.compile(
    r"^(?:[—–-]{1,2}\s*|\(|source:\s*|with inputs from\s+)(?P<name>[A-Z][\w .&\-]{1,40}?)\)?\.?$", re.I
)
_LONGEST_FOOTER, _MOST_FOOTERS = 700, 4

_ASIDE = re.compile(
    r"^\W*(?:(?:related|read more|read also|see also|see more|also read|watch|more on this|more from|don[’']t miss"
    r"|in pictures|recommended|mehr zum thema|lesen sie auch|lire aussi|leia também|les også)"
    r"(?: \w+){0,2}\s*(?::.{0,200}|\W*)"
    r"|(?:photo|photos|image|picture|foto|video|credit|image credit|photo credit)s?:.{0,120}"
    r"|\(?(?:image|photo|picture) (?:credit|by|source)\b.{0,120}"
    r"|(?:get|receive) (?:the|our|all the|your) .{0,100}\b(?:inbox|newsletters?|alerts)\b.{0,60}"
    r"|(?:sign up|subscribe)\b.{0,140}|.{0,80}\bsign up (?:for|to) (?:our|the)\b.{0,60}|follow (?:us|\w+) on\b.{0,120}"
    r"|(?:advertisement|article content|recommended videos?|story continues below.{0,30}|more:?|share this.{0,40}"
    r"|something to consider|filed under:.{0,80}|copyright\b.{0,120}|©.{0,120}|all rights reserved.?|source:.{0,60}"
    r"|sources:.{0,80}|tell us what you think.{0,10}|comments?|loading.{0,5}|read the full story.{0,30}"
    r"|\d+ comments?))$",
    re.IGNORECASE,
)
_LONGEST_ASIDE = 120


def cut_footer(paragraphs: list[str]) -> tuple[list[str], str]:
    """The paragraphs without the notices at their end, and those notices; one paragraph always stays."""
    kept = list(paragraphs)
    while len(kept) > 1 and len(paragraphs) - len(kept) < _MOST_FOOTERS and is_footer(kept[-1]):
        kept.pop()
    return kept, " ".join(paragraphs[len(kept) :])


def is_footer(paragraph: str) -> bool:
    """Whether a last paragraph speaks about the publication and its rights, or names only the agency."""
    if len(paragraph) > _LONGEST_FOOTER:
        return False
    signed = _CREDIT_LINE.match(paragraph)
    if signed and wire(signed["name"]):
        return True
    told = bool(_PORTION.search(paragraph) and _OF_ITSELF.search(paragraph)) or bool(_FOOTER.search(paragraph))
    return told and not _SPOKEN.search(paragraph)


def agency_of(footer: str) -> str:
    """The agency that a footer names, known wires under one spelling, or an empty string."""
    for form in (_AGENCY_FIRST, _CREDIT_LINE, _COPYRIGHT_OF):
        if found := form.search(footer):
            return wire(found["name"]) or found["name"].strip()
    return ""


def without_asides(paragraphs: list[str]) -> list[str]:
    """The paragraphs of a page without links to other stories, picture credits and calls to subscribe."""
    return [p for p in paragraphs if not _is_aside(p)]


def _is_aside(paragraph: str) -> bool:
    """What reports speech, or is as long as a paragraph, is of the story, whatever it begins with."""
    if len(paragraph) > _LONGEST_ASIDE or _SPOKEN.search(paragraph):
        return False
    return bool(_ASIDE.match(paragraph.lstrip("-•▶► ")))
