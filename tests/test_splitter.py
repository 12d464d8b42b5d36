"""Passages are exact stretches of the body: in order, without overlap, and no word is lost."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.splitter import LONGEST, split
from rag.article import Article
from rag.sentences import paragraphs, sentences

WORDS = st.lists(
    st.sampled_from("The mayor said. “We go,” she added. 4.5 million Dr. Holt ran! Why? é ж 漢".split()), max_size=400
)
BODIES = st.lists(WORDS.map(" ".join), max_size=12).map("\n\n".join)


def article(body: str) -> Article:
    return Article(identity="i", headline="h", body=body)


@settings(max_examples=60, deadline=None)
@given(BODIES | st.text(max_size=3_000))
def test_passages_are_exact_ordered_and_complete(body):
    passages = split(article(body))
    end = 0
    for position, passage in enumerate(passages):
        assert body[passage.start : passage.end] == passage.text
        assert passage.position == position
        assert passage.start >= end
        assert not body[end : passage.start].strip()
        assert 0 < len(passage.text) <= LONGEST
        end = passage.end
    assert not body[end:].strip()


def test_short_paragraphs_share_a_passage_and_long_ones_do_not():
    short = "\n\n".join(f"Sentence number {n} of a short piece." for n in range(5))
    assert len(split(article(short))) == 1
    long = "\n\n".join("A sentence of moderate length stands here. " * 15 for _ in range(3))
    assert len(split(article(long.strip()))) == 3


def test_a_sentence_without_end_is_cut_at_a_space():
    passages = split(article("word " * 1_000))
    assert all(not p.text.startswith("ord") for p in passages)
    assert " ".join(p.text for p in passages).split() == ["word"] * 1_000


def test_sentences_end_where_a_reader_would_end_them():
    text = "Dr. A. Holt paid $1.4 million on Jan. 4. “Why now?” asked Mr. Jones. She left.\n\nA new paragraph"
    assert [s.of(text) for s in sentences(text)] == [
        "Dr. A. Holt paid $1.4 million on Jan. 4.",
        "“Why now?” asked Mr. Jones.",
        "She left.",
        "A new paragraph",
    ]
    assert [s.of(text) for s in paragraphs(text)][1] == "A new paragraph"
