"""One contract over all indexes: they forget what they are told to, know their ids, and say when they are in doubt."""

from __future__ import annotations

import numpy as np
import pytest

from rag.article import Article
from rag.embedder import WordHashEmbedder
from rag.filter import Filter
from rag.index.chroma import ChromaIndex
from rag.index.exact import ExactIndex
from rag.index.lexical import LexicalIndex
from rag.index.memory import MemoryIndex
from rag.index.passage_index import PassageIndex, Probe
from rag.passage import Passage
from rag.stored_passage import StoredPassage

EMBEDDER = WordHashEmbedder()
TEXTS = [
    "The bridge will cost 12 million crowns.",
    "The library stays open on Sundays.",
    "Divers found cracks in two piers.",
]


def stored(text: str) -> StoredPassage:
    article = Article(identity=text, headline="News from Orle", body=text, publisher="The Orle Bell")
    passage = Passage(article.id, article.revision, 0, 0, len(text), text)
    return StoredPassage(passage, article, EMBEDDER.vectors([text])[0])


def probe(text: str) -> Probe:
    return Probe(text, EMBEDDER.vectors([text])[0])


PASSAGES = [stored(text) for text in TEXTS]
IDS = {s.passage.id for s in PASSAGES}


@pytest.fixture(params=["memory", "exact", "chroma", "lexical"])
def index(request, tmp_path):
    made = {
        "memory": MemoryIndex,
        "exact": lambda: ExactIndex(tmp_path / "e"),
        "chroma": lambda: ChromaIndex(tmp_path / "c"),
        "lexical": lambda: LexicalIndex(tmp_path / "l"),
    }
    opened = made[request.param]()
    yield opened
    opened.close()


class TestEveryIndex:
    def test_keeps_the_contract(self, index):
        assert isinstance(index, PassageIndex)
        assert index.ids() == set()
        assert index.search(probe("bridge"), 5) == []

    def test_finds_the_nearest_first(self, index):
        index.add(PASSAGES)
        found = index.search(probe("cracks in the piers"), 2)
        assert found[0].passage_id == PASSAGES[2].passage.id
        assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)

    def test_gives_no_more_than_asked_for_or_held(self, index):
        index.add(PASSAGES)
        assert len(index.search(probe("the bridge and the library"), 1)) == 1
        assert len(index.search(probe("bridge library cracks"), 50)) <= 3

    def test_forgets_what_is_removed_and_passes_over_the_unknown(self, index):
        index.add(PASSAGES)
        index.remove([PASSAGES[0].passage.id, "0" * 32])
        assert index.ids() == IDS - {PASSAGES[0].passage.id}
        assert all(f.passage_id != PASSAGES[0].passage.id for f in index.search(probe("bridge cost"), 3))

    def test_is_in_doubt_from_the_first_write_to_the_mark(self, index):
        assert index.edition is None
        index.add(PASSAGES)
        assert index.edition is None
        index.mark(7)
        assert index.edition == 7
        index.remove([PASSAGES[0].passage.id])
        assert index.edition is None

    def test_clear_forgets_everything_and_it_can_be_filled_again(self, index):
        index.add(PASSAGES)
        index.mark(1)
        index.clear()
        assert index.ids() == set()
        assert index.edition is None
        index.add(PASSAGES[:1])
        assert index.ids() == {PASSAGES[0].passage.id}


@pytest.mark.parametrize("kind", [ChromaIndex, LexicalIndex, ExactIndex])
def test_an_index_on_disk_is_there_again_when_it_is_opened_again(kind, tmp_path):
    first = kind(tmp_path / "index")
    first.add(PASSAGES)
    first.mark(3)
    first.close()
    second = kind(tmp_path / "index")
    assert (second.ids(), second.edition) == (IDS, 3)
    second.close()


def test_the_lexical_index_takes_query_syntax_literally(tmp_path):
    index = LexicalIndex(tmp_path / "l")
    index.add(PASSAGES)
    for hostile in (
        "bridge AND (",
        "text:*",
        '"',
        "a" * 5_000,
        "(((((",
        "bridge^99999",
        "[* TO *]",
        "~\\",
        "NOT bridge",
    ):
        index.search(probe(hostile), 3)
    assert index.search(probe("NOT bridge"), 3)[0].passage_id == PASSAGES[0].passage.id


def test_quoted_words_are_wanted_side_by_side(tmp_path):
    apart, together = (
        stored("Open water, and on Sundays the sea."),
        stored("It stays open on Sundays, they said of the sea."),
    )
    index = LexicalIndex(tmp_path / "l")
    index.add([apart, together])
    assert index.search(probe("the sea “stays open on Sundays”"), 2)[0].passage_id == together.passage.id


def test_vectors_are_searched_exactly_in_memory():
    index = MemoryIndex()
    index.add(PASSAGES)
    (best, *_) = index.search(probe(TEXTS[1]), 3)
    assert best.score == pytest.approx(float(np.dot(PASSAGES[1].vector, PASSAGES[1].vector)), abs=1e-5)


def test_what_a_kill_left_half_written_is_no_row_and_is_written_over(tmp_path):
    first = ExactIndex(tmp_path)
    first.add(PASSAGES[:1])
    for name, torn in (("vectors-256", b"\x00" * 1_000), ("cards", b"\xff" * 50)):
        with (tmp_path / name).open("ab") as file:
            file.write(torn)
    second = ExactIndex(tmp_path)
    assert second.ids() == {PASSAGES[0].passage.id}
    second.add(PASSAGES[1:])
    assert ExactIndex(tmp_path).ids() == IDS
    assert second.search(probe(TEXTS[2]), 1)[0].passage_id == PASSAGES[2].passage.id


def test_a_removed_vector_is_no_longer_in_the_file(tmp_path):
    index = ExactIndex(tmp_path)
    index.add(PASSAGES)
    index.remove([PASSAGES[1].passage.id])
    assert PASSAGES[1].vector.tobytes() not in (tmp_path / "vectors-256").read_bytes()
    assert index.ids() == {PASSAGES[0].passage.id, PASSAGES[2].passage.id}


def test_a_reader_sees_after_a_refresh_what_another_has_added(tmp_path):
    writer, reader = ExactIndex(tmp_path), ExactIndex(tmp_path)
    writer.add(PASSAGES)
    assert reader.ids() == set()
    reader.refresh()
    assert reader.ids() == IDS
    assert reader.listed([PASSAGES[0].passage.id], Filter())[0][PASSAGES[0].passage.id].publisher == "The Orle Bell"
