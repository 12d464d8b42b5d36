"""Embedders: unit vectors, a fingerprint, and sentences read within their passage."""

from __future__ import annotations

import numpy as np
import pytest

from rag.embedder import Embedder, SentenceTransformersEmbedder, WordHashEmbedder, embedder_named
from rag.errors import EmbedderUnavailable
from rag.sentences import Span

TEXT = "Edda Holt opened the bridge. She said it was late."
SPANS = [Span(0, 28), Span(29, 50)]
LONG = "The bridge is closed for now. " * 80 + "The last words stand beyond the window."


@pytest.fixture(scope="module", params=["minilm", "word-hash"])
def embedder(request) -> Embedder:
    return embedder_named(request.param)


class TestEveryEmbedder:
    def test_keeps_the_contract(self, embedder):
        assert isinstance(embedder, Embedder)
        assert embedder.fingerprint.partition("@")[0] == getattr(embedder, "name", "word-hash")

    def test_gives_unit_rows(self, embedder):
        rows = embedder.vectors([TEXT, "", LONG])
        assert rows.dtype == np.float32
        assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(3), abs=1e-4)

    def test_reads_wholes_and_parts_in_the_order_given(self, embedder):
        short, long = embedder.readings([TEXT, LONG], [SPANS, [Span(len(LONG) - 39, len(LONG))]])
        assert short.parts.shape == (2, short.vector.shape[0])
        assert long.parts.shape == (1, long.vector.shape[0])
        assert np.linalg.norm(np.vstack([short.parts, long.parts]), axis=1) == pytest.approx(np.ones(3), abs=1e-4)

    def test_a_whole_reads_as_it_does_by_itself(self, embedder):
        (reading, _) = embedder.readings([TEXT, LONG], [SPANS, []])
        assert reading.vector @ embedder.vectors([TEXT])[0] == pytest.approx(1.0, abs=1e-4)

    def test_speaks_langchains_form(self, embedder):
        assert np.allclose(embedder.embed_query(TEXT), embedder.embed_documents([TEXT])[0], atol=1e-4)


def test_a_sentence_is_read_within_its_passage():
    """ "She said it was late" is nearer to the bridge when the sentence before is known."""
    minilm = SentenceTransformersEmbedder()
    (reading,) = minilm.readings([TEXT], [SPANS])
    alone = minilm.vectors([TEXT[29:50], "Edda Holt and the bridge"])
    assert reading.parts[1] @ alone[1] > alone[0] @ alone[1] + 0.1


def test_a_model_that_is_not_there_is_one_line_with_the_cure():
    with pytest.raises(EmbedderUnavailable, match="path of a model folder"):
        SentenceTransformersEmbedder("no/such-model-anywhere").vectors(["x"])


def test_the_fingerprint_needs_no_model_to_be_loaded():
    assert SentenceTransformersEmbedder().fingerprint.startswith("minilm@")
    assert WordHashEmbedder().fingerprint == "word-hash@256"
