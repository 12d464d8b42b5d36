"""Each word of a question and its nearest word in a sentence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.alignment import NOTHING, alignments
from rag.embedder import WordHashEmbedder, embedder_named

WORD_HASH = WordHashEmbedder()
RARITY = {"mayor": 2.0, "bridg": 3.0, "open": 1.0}


def test_a_sentence_that_holds_every_word_is_aligned_in_full():
    full, part, none = alignments(
        "Who opened the bridge, the mayor?",
        [("", "The mayor opened the bridge."), ("", "The bridge is closed."), ("", "It rained.")],
        RARITY,
        WORD_HASH,
    )
    assert full.mean == pytest.approx(1, abs=0.01) and full.least == pytest.approx(1, abs=0.01)
    assert full.mean > part.mean > none.mean
    assert part.least < 0.1


def test_the_headline_is_read_but_does_not_count():
    (found,) = alignments("bridge", [("The bridge", "It rained.")], RARITY, WORD_HASH)
    assert found.mean < 0.1


@pytest.mark.parametrize("question", ["", "?", "what is the"])
def test_a_question_without_words_aligns_with_nothing(question):
    assert alignments(question, [("A", "The mayor opened it.")], RARITY, WORD_HASH) == [NOTHING]
    assert alignments(question, [], RARITY, WORD_HASH) == []


def test_a_word_of_the_same_meaning_is_nearer_than_another():
    near, far = alignments(
        "Which houses were damaged?",
        [("", "The water ruined 391 homes."), ("", "The council met on Monday.")],
        {},
        embedder_named("minilm"),
    )
    assert near.mean > far.mean and near.least > far.least


@given(st.lists(st.text(max_size=40), max_size=4))
def test_pieces_lie_in_their_text_and_have_length_one(texts):
    for text, pieces in zip(texts, WORD_HASH.pieces(texts), strict=True):
        assert pieces.text == text and len(pieces.offsets) == len(pieces.vectors)
        assert all(0 <= start < end <= len(text) for start, end in pieces.offsets)
        assert np.allclose(np.linalg.norm(pieces.vectors, axis=1), 1, atol=1e-4)
