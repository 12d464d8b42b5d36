"""XML that is cut off or not well-formed, as feeds and sitemaps often are: read as far as its complete records go."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.entities import html5
from xml.parsers import expat

from lxml import etree

from rag.errors import ReaderError

from ..source import Source
from ..xml_tree import parse_xml

_DECLARATION = re.compile(r"<\?xml\b[^>]*>")
# Only families of encodings that news is written in: Python has codecs that take minutes over a hostile megabyte.
_ENCODING = re.compile(
    rb"<\?xml\b[^>]*?\bencoding\s*=\s*[\"']((?:utf|iso|windows|cp|us|big|gb|euc|shift|koi)[\w.-]{0,30})", re.IGNORECASE
)
_SIGN = re.compile(
    r"&(?:#(?P<number>x[0-9a-f]{1,9}|[0-9]{1,9});|(?P<name>[a-z]\w{0,31});)?|<(?![a-z_/!?])", re.IGNORECASE
)
_SIGN_OR_CDATA = re.compile(rf"<!\[CDATA\[.*?\]\]>|{_SIGN.pattern}", re.IGNORECASE | re.DOTALL)
_NAMESPACES = {
    "content": "http://purl.org/rss/1.0/modules/content/", "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/", "atom": "http://www.w3.org/2005/Atom",
    "media": "http://search.yahoo.com/mrss/", "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}  # fmt: skip
_ASSUMED = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_UNKNOWN = "\ufffd"
_ASCII = bytes(range(128))
# Text in Latin letters, and the markup around it, has fewer bytes than this beyond ASCII.
_SPARSE = 0.05
_NEVER_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Record:
    """How a record of a format begins and how it ends."""

    begin: re.Pattern[str]
    end: re.Pattern[str]

    @classmethod
    def of(cls, names: str) -> Record:
        """The elements of these local names ("item|entry")."""
        return cls(
            re.compile(rf"<(?:[\w.-]{{1,40}}:)?(?:{names})(?![\w.-])"),
            re.compile(rf"</(?:[\w.-]{{1,40}}:)?(?:{names})\s{{0,40}}>"),
        )

    def cut(self, text: str) -> tuple[str, str]:
        """The text up to a last record that begins and does not end, and that rest."""
        ended = 0
        for end in self.end.finditer(text):
            ended = end.end()
        begun = self.begin.search(text, ended)
        return (text[: begun.start()], text[begun.start() :]) if begun else (text, "")


def read_xml(
    source: Source, record: Record, *, allow_doctype: bool = False
) -> tuple[etree._Element, ReaderError | None]:
    """The root and, where the source is damaged, what it breaks on. A last record that is cut off is left out: half an
    article or half an address would pass for a whole one. Raises ReaderError where nothing can be read."""
    try:
        return parse_xml(source.data, allow_doctype=allow_doctype), None
    except ReaderError as refusal:
        if not isinstance(refusal.__cause__, etree.XMLSyntaxError):
            raise
    text, guessed = _text(source)
    whole, cut = record.cut(text)
    root = parse_xml(_mended(whole), allow_doctype=allow_doctype, recover=True)
    _give_namespaces(root)
    return root, _damage(text, cut) or guessed


def _give_namespaces(root: etree._Element) -> None:
    """To elements whose prefix was not declared, the one that the prefix commonly stands for, so that nobody after us
    fails on them."""
    for element in root.iter(etree.Element):
        prefix, colon, local = element.tag.rpartition(":")
        if colon and "}" not in element.tag:
            element.tag = f"{{{_NAMESPACES.get(prefix, 'urn:undeclared')}}}{local or '_'}"
        for name in [name for name in element.attrib if ":" in name and "}" not in name]:
            del element.attrib[name]


def local_name(element: etree._Element) -> str:
    """The name without its name space, also where a prefix was not declared."""
    return element.tag.replace("}", ":").rpartition(":")[2] if isinstance(element.tag, str) else ""


def _text(source: Source) -> tuple[str, ReaderError | None]:
    """As the document says of itself. Where it is something else: UTF-8 cut within a letter, else the likeliest."""
    data = source.data
    declared = _ENCODING.match(data[:400].lstrip())
    try:
        return data.decode(declared[1].decode() if declared else _ASSUMED.get(data[:2], "utf-8-sig")), None
    except (LookupError, UnicodeError):
        text = data.decode("utf-8-sig", "replace")
    unknown = text.count(_UNKNOWN)
    if unknown > sum(1 for letter in text if letter > "\x7f") / 2:
        western = not source.charset and len(data.translate(None, _ASCII)) < _SPARSE * len(data)
        text = data.decode("cp1252", "replace") if western else source.text
    return text, ReaderError("not in the encoding that it declares: look whether its letters are read rightly.")


def _mended(text: str) -> bytes:
    """Without characters that no XML may hold, and with "AT&T", "a < b" and "&nbsp;" written as they should have been.

    Every sign is written as its number: behind an error, libxml2 leaves out all that is written by a name, "&amp;" too.
    """
    text = _DECLARATION.sub("", _NEVER_IN_XML.sub("", text[max(text.find("<"), 0) :]), count=1)
    # Behind the last end of a CDATA section, looking for one from each beginning would take quadratic time.
    head, end, tail = text.rpartition("]]>")
    return (_SIGN_OR_CDATA.sub(_numbered, head + end) + _SIGN.sub(_numbered, tail)).encode("utf-8", "replace")


def _numbered(found: re.Match[str]) -> str:
    if number := found["number"]:
        code = int("0" + number.lower(), 16) if number[0] in "xX" else int(number)
        return found[0] if code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0x110000 else ""
    if name := found["name"]:
        return named_letter(name)
    return {"&": "&#38;", "<": "&#60;"}.get(found[0], found[0])


def named_letter(name: str) -> str:
    """What HTML means by ``&name;``, written by its number: XML knows five names, and others only from a DTD."""
    return "".join(f"&#{ord(letter)};" for letter in html5.get(f"{name};", "")) or f"&#38;{name};"


def _damage(text: str, cut: str) -> ReaderError | None:
    """Where the text is not well-formed by the measure of expat, which does not ask for name spaces: by one that was
    not declared nothing is lost."""
    junk = text[: max(text.find("<"), 0)]
    try:
        expat.ParserCreate().Parse(text[len(junk) :], True)
    except expat.ExpatError as broken:
        why = expat.ErrorString(broken.code)
        how = "cut off" if why in _ENDS_TOO_EARLY else f"broken ({why})"
        lost = "its last record is lost" if cut else "something there may be missing"
        line = broken.lineno + junk.count("\n")
        return ReaderError(f"{how} in line {line}, so that {lost}: fetch it anew.", cut.encode() if cut else None)
    return None


_ENDS_TOO_EARLY = ("no element found", "unclosed token", "unclosed CDATA section", "partial character")
