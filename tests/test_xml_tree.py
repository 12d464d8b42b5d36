"""XML of strangers: what is harmless is read, what grows, reaches out or never ends is refused with a cure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.xml_tree import MAX_NODES, local_names, parse_xml, root_name, words
from rag.errors import ReaderError


def laughs(document: bytes) -> bytes:
    doubled = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    return b'<!DOCTYPE a [<!ENTITY a0 "ha">' + doubled + b"]>" + document


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"<a>one <b>two</b></a>", "one two"),
        (b"\xef\xbb\xbf \n<?xml version='1.0'?><a>x</a>", "x"),
        ("<?xml version='1.0' encoding='utf-16'?><a>é</a>".encode("utf-16"), "é"),
        ("<?xml version='1.0' encoding='iso-8859-1'?><a>é</a>".encode("latin-1"), "é"),
        (b"<a>one<!-- not this -->&amp;<?nor this?><![CDATA[<two>]]></a>", "one&<two>"),
    ],
)
def test_it_reads_what_is_well_formed(data, text):
    assert words(parse_xml(data)) == text


@pytest.mark.parametrize(
    "data",
    [b"", b"   ", b"plain", b"<a>", b"<a><b></a>", b"<a>\0</a>", b"<a>\x01</a>", b"<a>&nbsp;</a>", b"<a x=1/>",
     b"<?xml version='1.0' encoding='klingon'?><a/>"],
)  # fmt: skip
def test_damaged_xml_is_a_reason_with_a_cure(data):
    with pytest.raises(ReaderError, match=r"^the XML cannot be parsed \(.+\): repair it or fetch it anew\.$"):
        parse_xml(data)


def test_a_doctype_is_refused_unless_it_only_names_a_dtd():
    harmless = b'<!DOCTYPE nitf PUBLIC "-//IPTC//DTD NITF 3.4//EN" "nitf-3-4.dtd"><nitf>a&nbsp;b</nitf>'
    with pytest.raises(ReaderError, match="has a DOCTYPE"):
        parse_xml(harmless)
    assert words(parse_xml(harmless, allow_doctype=True)) == "a&nbsp;b"


@pytest.mark.parametrize("allow", [False, True])
@pytest.mark.parametrize(
    "data",
    [
        laughs(b"<a>&a9;</a>"),
        laughs(b"<a x='&a9;'/>"),
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><a>b</a>',
        b'<!DOCTYPE a [<!ENTITY x "harmless">]><a>b</a>',
    ],
    ids=["laughs", "laughs in an attribute", "file", "parameter", "declared only"],
)
def test_declared_entities_are_refused(data, allow):
    with pytest.raises(ReaderError, match=r"(?i)entit|DOCTYPE"):
        parse_xml(data, allow_doctype=allow)


def test_nothing_outside_is_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the combination is 4711")
    dtd = f'<!DOCTYPE a SYSTEM "{secret.as_uri()}"><a>b</a>'.encode()
    include = f'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{secret.as_uri()}" parse="text"/></a>'.encode()
    assert words(parse_xml(dtd, allow_doctype=True)) == "b"
    assert words(parse_xml(include)) == ""


def test_deep_and_endless_documents_are_refused():
    assert len(list(parse_xml(b"<a>" * 250 + b"</a>" * 250).iter())) == 250
    with pytest.raises(ReaderError, match="[Dd]epth"):
        parse_xml(b"<a>" * 100_000)
    with pytest.raises(ReaderError, match="more than 4,000,000 elements"):
        parse_xml(b"<a>" + b"<b/>" * (MAX_NODES + 1) + b"</a>")


@given(st.binary(max_size=300))
def test_any_bytes_end_in_a_tree_or_a_reason(data):
    for document in (data, b"<a>" + data + b"</a>", b"<!DOCTYPE a [" + data + b"]><a/>"):
        try:
            parse_xml(document, allow_doctype=True)
        except ReaderError as reason:
            assert "\n" not in str(reason)


@pytest.mark.parametrize(
    ("head", "name"),
    [("<?xml version='1.0'?>\n<!-- <rss> -->\n<!DOCTYPE nitf>\n<nitf a='b'>", "nitf"),
     ("<g2:newsItem xmlns:g2='x'>", "newsItem"),
     ("\n\n<rss version='2.0'>", "rss"), ("no tag", ""), ('{"a": "<nitf>"}', ""), 
     ("<!-- never closed", ""), ("<?xml", ""), ("< a>", "")],
)  # fmt: skip
def test_the_root_is_known_by_its_beginning(head, name):
    assert root_name(head) == name


def test_namespaces_are_taken_off():
    tree = local_names(parse_xml(b'<x:a xmlns:x="urn:x"><b xmlns="urn:y">c</b></x:a>'))
    assert [element.tag for element in tree.iter()] == ["a", "b"]
