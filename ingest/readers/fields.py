"""The field map: how public news sets, feeds, agencies and pages spell what an Article carries.

One table for JSON records, JSON-LD, meta tags and header lines. A Voice is one place that says something about an
article ("json-ld", "meta"); where several speak, the earlier one is heard first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..clean import well_formed

# Spelled in lower case without punctuation: published_at, publishedAt and "Published at" are all "publishedat".
SPELLINGS: dict[str, tuple[str, ...]] = {
    "headline": ("headline", "title", "head", "newstitle", "articletitle", "articleheadline",
                 "heading", "webtitle", "ogtitle", "twittertitle", "dctitle", "name"),
    "standfirst": ("standfirst", "subtitle", "subheadline", "dek", "deck", "summary", "description", "abstract", "lead",
                   "ogdescription", "twitterdescription", "alternativeheadline", "excerpt", "subhead", "subheading",
                   "lede", "shortdescription", "snippet", "leadparagraph", "metadescription", "highlights"),
    "body": ("body", "articlebody", "bodytext", "text", "content", "contenttext", "maintext", "fulltext", "article",
             "bodyhtml", "contenthtml", "bodyxhtml", "story", "articletext", "articlecontent", "newscontent",
             "newstext", "storytext", "textcontent", "plaintext", "contents"),
    "bylines": ("author", "authors", "byline", "bylines", "by", "creator", "dccreator", "articleauthor",
                "parselyauthor", "sailthruauthor", "writer", "reporter", "journalist", "authorname", "authornames",
                "articleauthors"),
    "publisher": ("publisher", "source", "outlet", "sourcename", "publication", "newspaper", "provider", "ogsitename",
                  "sitename", "site", "sourcedomain", "domain", "publishername", "newssource", "newspapername",
                  "medianame", "mediaoutlet", "cleanurl"),
    "originator": ("originator", "agency", "newsagency", "wire", "infosource", "infosources", "sourceorganization",
                   "isbasedon", "supplier"),
    "url": ("url", "link", "articleurl", "weburl", "canonical", "canonicalurl", "ogurl", "mainentityofpage",
            "permalink", "articlelink", "newsurl", "newslink", "storyurl"),
    "guid": ("guid", "uri", "itemid", "articleid", "uuid"),
    "id": ("id",),
    "section": ("section", "articlesection", "category", "categories", "sectionname", "desk", "topic", "subject",
                "topics", "newstype", "newscategory", "articlecategory", "newsdesk", "labeltext"),
    "language": ("language", "lang", "inlanguage", "contentlanguage", "oglocale"),
    "kind": ("kind", "genre", "genres", "articletype", "contenttype", "editorialrole", "profile", "type", "ogtype"),
    "dateline": ("dateline", "located", "datelinelocation"),
    "first_published": ("firstpublished", "firstpublishedat", "firstcreated", "datepublished", "publishedat",
                        "articlepublishedtime", "ogarticlepublishedtime", "published", "publisheddate", "publishedon",
                        "publicationdate", "pubdate", "publishdate", "datepublish", "publishedtime", "publishtime",
                        "datecreated", "date", "ogpublishedtime", "sailthrudate", "parselypubdate", "dcdate",
                        "dcdateissued", "dctermscreated", "webpublicationdate", "seendate", "created", "createdat",
                        "timestamp", "time", "datetime", "publishedutc", "articledate", "newsdate", "pubtime",
                        "publishdatetime", "publicationdatetime", "publicationtime"),
    "this_version": ("thisversion", "versioncreated", "datemodified", "modified", "modifiedat", "articlemodifiedtime",
                     "ogupdatedtime", "updated", "updatedat", "lastmodified", "lastupdated", "dateupdated",
                     "datemodify", "modifieddate", "updateddate", "dctermsmodified", "dcdatemodified", "lastmod"),
    "embargoed_until": ("embargoed", "embargoeduntil", "embargo", "embargountil"),
    "status": ("pubstatus", "status", "publishingstatus", "managementstatus"),
    "correction": ("correction", "corrections", "correctionnote", "clarification"),
    "corrected_on": ("correctedon", "correctiondate", "correctedat"),
    "ednote": ("ednote", "editorsnote", "editornote", "notetoeditors"),
    "expires": ("expires", "expirationdate", "expiry", "expirydate", "unpublishdate"),
    "version": ("version", "revision", "rev"),
    "credit": ("credit", "creditline", "copyrightnotice"),
}  # fmt: skip

_WORDED = ("name", "text", "value", "@value", "#text", "$date", "content", "rendered", "title", "byline", "city", "url",
           "@id", "label", "literal")  # fmt: skip
# Tables turned into JSON write an empty cell as one of these.
_NOTHING = ("", "nan", "null", "none", "undefined", "n/a")
# Of a broken table or record a whole page may come as the name of one field.
_LONGEST_NAME = 200
_DEPTH = 4
_MOST = 60


@dataclass(frozen=True)
class Voice:
    """What one place says, in its own spelling; ``name`` is that place, as `NewsTime.known_by` shows it."""

    name: str
    fields: Mapping[str, object]

    @cached_property
    def _by_spelling(self) -> dict[str, tuple[str, object]]:
        found: dict[str, tuple[str, object]] = {}
        for key, value in self.fields.items():
            if value not in (None, "", [], {}):
                found.setdefault(spelled(key), (key, value))
        return found

    def says(self, concept: str) -> Iterator[tuple[str, object]]:
        """The place and the raw value of every field that carries the concept, best spelling first."""
        for spelling in SPELLINGS[concept]:
            if spelling in self._by_spelling:
                key, value = self._by_spelling[spelling]
                yield well_formed(f"{self.name} {key}"), value


def spelled(key: object) -> str:
    """A field's name without case and punctuation."""
    return re.sub(r"[^a-z0-9]", "", str(key)[:_LONGEST_NAME].lower())


def knows(key: str) -> bool:
    """Whether the field map has a place for a field of this name."""
    name = spelled(key)
    return any(name in spellings for spellings in SPELLINGS.values())


def texts(value: object, depth: int = _DEPTH) -> list[str]:
    """The words of a value: a string, a number, a list of these, or an object with a name, text or value in it."""
    if depth == 0 or value is None or isinstance(value, bool):
        return []
    if isinstance(value, list | tuple):
        return [text for item in value[:_MOST] for text in texts(item, depth - 1)]
    if isinstance(value, Mapping):
        return next((found for key in _WORDED if (found := texts(value.get(key), depth - 1))), [])
    text = well_formed(str(value)).strip() if isinstance(value, str | int | float) else ""
    return [] if text.lower() in _NOTHING else [text]


def heard(voices: tuple[Voice, ...], concept: str) -> Iterator[tuple[str, list[str]]]:
    """Every place that says something about the concept with its words, the first voice and best spelling first."""
    for voice in voices:
        for place, value in voice.says(concept):
            if words := texts(value):
                yield place, words


def first(voices: tuple[Voice, ...], concept: str) -> str:
    """The first words about the concept, or an empty string."""
    return next((words[0] for _, words in heard(voices, concept)), "")
