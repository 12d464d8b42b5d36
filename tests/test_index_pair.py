"""The two indexes follow the archive: after a change, a kill, a loss, and while another process writes."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time

import pytest
from conftest import ROOT, TOWN, write_articles

from ingest import ingest
from rag.archive import Archive
from rag.embedder import WordHashEmbedder
from rag.errors import ArchiveBusy, WrongUse
from rag.index.pair import IndexPair
from rag.search import Searcher
from rag.upkeep import re_embed, repair, verify

SILENT = lambda *_: None  # noqa: E731


def found(searcher: Searcher, text: str) -> list[str]:
    return [hit.article.headline for hit in searcher.search(searcher.understand(text), 5)]


def test_both_hold_exactly_the_archives_passages(town):
    findings = verify(Archive.open(town))
    assert findings.sound, list(findings.lines())
    assert findings.counts["passages"] == 3


@pytest.mark.parametrize("file", ["chroma/chroma.sqlite3", "lexical/meta.json"])
@pytest.mark.parametrize(
    "damage", [lambda data: data[: len(data) // 2], lambda data: b"{", lambda data: b"\x00" * len(data)]
)
def test_a_damaged_index_is_made_anew(town, file, damage):
    path = town / file
    path.write_bytes(damage(path.read_bytes()))
    searcher = Searcher.open(town)
    assert found(searcher, "cost of the bridge")
    searcher.close()
    assert verify(Archive.open(town)).sound


def test_a_damaged_lexical_segment_is_made_anew_by_repair(town):
    for segment in (town / "lexical").glob("*.term"):
        segment.write_bytes(b"abc")
    repair(Archive.open(town), SILENT)
    assert verify(Archive.open(town)).sound


def test_a_vector_that_is_gone_is_computed_anew_by_repair(town):
    archive = Archive.open(town)
    with archive.transaction() as db:
        db.execute("DELETE FROM embedding WHERE key IN (SELECT embedding FROM passage LIMIT 1)")
    repair(archive, SILENT)
    assert verify(archive).sound
    assert len(list(archive.passages_since())) == 3


def test_a_reader_never_throws_away_what_a_writer_is_writing(town):
    archive = Archive.open(town)
    writer = IndexPair.for_writing(archive)
    reader = IndexPair.for_reading(Archive.open(town))
    (town / "chroma" / "edition").unlink()
    archive.next_edition()
    reader.refresh()
    assert (town / "chroma" / "chroma.sqlite3").exists()
    writer.close()
    reader.close()


def test_an_open_chat_follows_an_archive_that_is_embedded_anew(town, monkeypatch):
    """Another process puts another model's vectors, of other dimensions, into the archive."""
    searcher = Searcher.open(town)
    monkeypatch.setattr(WordHashEmbedder, "DIMENSIONS", 64)
    monkeypatch.setattr(WordHashEmbedder, "fingerprint", "word-hash@64")
    re_embed(Archive.open(town), "word-hash", SILENT)
    assert found(searcher, "cost of the bridge")
    searcher.close()


def test_a_chroma_server_that_does_not_answer_spoils_nothing(town):
    with pytest.raises(WrongUse):
        IndexPair.for_writing(Archive.open(town), "http://127.0.0.1:1")
    with pytest.raises(WrongUse):
        IndexPair.for_writing(Archive.open(town), "http://127.0.0.1:99999")
    assert verify(Archive.open(town)).sound
    IndexPair.for_writing(Archive.open(town), "none").close()


@pytest.mark.parametrize(
    "lost", ["chroma", "lexical", "chroma/edition", "lexical/edition", "chroma/chroma.sqlite3", "lexical/meta.json"]
)
def test_a_lost_index_is_filled_again_when_it_is_opened(town, lost):
    path = town / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    searcher = Searcher.open(town)
    assert found(searcher, "cost of the bridge")
    searcher.close()
    assert verify(Archive.open(town)).sound


def test_verify_names_what_is_missing_and_what_is_too_much_and_repair_mends_it(town):
    archive = Archive.open(town)
    with archive.transaction() as db:
        gone = db.execute("SELECT id FROM passage LIMIT 1").fetchone()[0]
    pair = IndexPair.for_writing(archive)
    pair.lexical.remove([gone])
    pair.lexical.mark(archive.edition)
    pair.close()
    findings = verify(archive)
    assert [(d.index, set(d.missing)) for d in findings.differences] == [("lexical", {gone})]
    assert not findings.sound
    assert repair(archive, SILENT) == 3
    assert verify(archive).sound


def test_repair_computes_no_embedding(town):
    """It needs no embedder at all; the vectors in Chroma are the archive's."""
    archive = Archive.open(town)
    shutil.rmtree(town / "chroma")
    repair(archive, SILENT)
    assert verify(archive).sound


def test_one_writer_at_a_time_and_the_other_hears_it_at_once(town):
    writer = IndexPair.for_writing(Archive.open(town))
    began = time.monotonic()
    with pytest.raises(ArchiveBusy, match="wait"):
        ingest([town.parent / "news"], town, embedder=WordHashEmbedder())
    assert time.monotonic() - began < 5
    writer.close()
    ingest([town.parent / "news"], town, embedder=WordHashEmbedder())


def test_a_reader_sees_what_another_process_ingests(town, tmp_path):
    searcher = Searcher.open(town)
    assert "Lighthouse" not in str(found(searcher, "lighthouse keeper retires"))
    story = TOWN[0] | {
        "url": "https://bell.example/light",
        "headline": "Lighthouse keeper retires",
        "body": "Nils Ro retires.",
    }
    file = write_articles(tmp_path / "later", [story])
    command = [sys.executable, "-m", "ingest", str(file), "--archive", str(town)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert found(searcher, "lighthouse keeper retires")[0] == "Lighthouse keeper retires"
    searcher.close()


def test_a_reader_searches_what_is_still_being_written(town, tmp_path):
    """Opened while a writer is at work, it trusts nothing but the archive and the committed lexical index."""
    archive = Archive.open(town)
    writer = IndexPair.for_writing(archive)
    writer.vectors.remove([])
    writer.vectors.add([])
    (town / "chroma" / "edition").unlink(missing_ok=True)
    reader = Searcher.open(town)
    assert found(reader, "cracks in two piers")[0] == "Bridge at Orle to cost 12 million"
    reader.close()
    writer.close()


def test_a_new_version_replaces_the_passages_of_the_old_one(town, tmp_path):
    corrected = TOWN[0] | {
        "version": 2,
        "body": TOWN[0]["body"].replace("12 million", "13 million"),
        "correction": "Correction: the bridge will cost 13 million crowns, not 12 million.",
    }
    ingest([write_articles(tmp_path / "corrected", [corrected])], town, embedder=WordHashEmbedder())
    searcher = Searcher.open(town)
    bodies = [hit.passage.text for hit in searcher.search(searcher.understand("What does the bridge cost?"), 10)]
    assert any("13 million" in body for body in bodies)
    assert not any("will cost 12 million" in body for body in bodies)
    assert (
        len(
            searcher.archive.revisions(
                searcher.archive.article(next(a.id for a in searcher.archive.articles() if a.url == TOWN[0]["url"])).id
            )
        )
        == 2
    )
    searcher.close()
    assert verify(Archive.open(town)).sound


def test_re_embedding_gives_every_passage_a_vector_of_the_new_model(town):
    archive = Archive.open(town)
    re_embed(archive, "word-hash", SILENT)
    assert repair(archive, SILENT) == 3
    assert verify(archive).sound
    assert archive.setting("embedder") == WordHashEmbedder().fingerprint
