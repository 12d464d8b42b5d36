"""The archive keeps every version, is read by many and written by one, and gives back what it was given."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from rag.archive import Archive
from rag.article import NEVER, Article, Kind, NewsTime, Status
from rag.embedder import Reading
from rag.errors import ArchiveDamaged, ArchiveNotFound
from rag.ledger import LedgerEntry, Outcome
from rag.passage import Passage
from rag.record_file import FILE

FIRST = Article(
    identity="https://bell.example/a",
    headline="Headline",
    body="One sentence. Another one.",
    publisher="The Bell",
    bylines=("Mina Tarn", "Ivo Brandt"),
    kind=Kind.OPINION,
    first_published=NewsTime(datetime(2026, 3, 2, 8, tzinfo=UTC), "2 March", "test"),
)
SECOND = replace(FIRST, body="One sentence. Another, newer one.", version=2)


def keep(archive: Archive, article: Article) -> bool:
    passage = Passage(article.id, article.revision, 0, 0, len(article.body), article.body)
    with archive.transaction():
        archive.put_embeddings(
            {article.revision: Reading(np.full(4, 0.5, np.float32), np.full((2, 4), 0.5, np.float32))}
        )
        current = archive.put_revision(article, "input", "2026-03-02T09:00:00+00:00")
        if current:
            archive.put_passages([(passage, article.revision)])
        archive.next_edition()
    return current


def test_an_article_comes_back_as_it_was_given(tmp_path):
    archive = Archive.create(tmp_path)
    keep(archive, FIRST)
    assert Archive.open(tmp_path).article(FIRST.id) == FIRST


def test_a_new_version_takes_the_place_and_the_old_one_is_kept(tmp_path):
    archive = Archive.create(tmp_path)
    keep(archive, FIRST)
    keep(archive, SECOND)
    assert archive.article(FIRST.id) == SECOND
    assert archive.revisions(FIRST.id) == [FIRST, SECOND]
    assert [s.passage.text for s in archive.passages_of(FIRST.id)] == [SECOND.body]


def test_a_late_old_version_is_kept_but_never_current(tmp_path):
    archive = Archive.create(tmp_path)
    assert keep(archive, SECOND)
    assert not keep(archive, FIRST)
    assert archive.article(FIRST.id) == SECOND
    assert len(archive.revisions(FIRST.id)) == 2


def test_a_transaction_is_all_or_nothing(tmp_path):
    archive = Archive.create(tmp_path)
    with pytest.raises(ZeroDivisionError), archive.transaction():
        archive.put_revision(FIRST, "input", "now")
        raise ZeroDivisionError
    assert archive.article(FIRST.id) is None


def test_passages_hold_their_vector_and_their_words(tmp_path):
    archive = Archive.create(tmp_path)
    keep(archive, FIRST)
    (stored,) = archive.passages_since(0)
    assert stored.article.body[stored.passage.start : stored.passage.end] == stored.passage.text
    assert stored.vector.dtype == np.float32
    assert archive.passage_ids() == {stored.passage.id}
    assert archive.sentence_vectors([stored.passage.id])[stored.passage.id].shape == (2, 4)
    assert list(archive.passages_since(archive.edition)) == []


def test_the_ledger_keeps_the_first_word_on_an_unchanged_input(tmp_path):
    archive = Archive.create(tmp_path)
    entry = LedgerEntry(location="/a", position=0, outcome=Outcome.QUARANTINED, digest="1", reason="bad", raw=b"\x00")
    archive.record(entry, "monday")
    archive.record(replace(entry, reason="worse"), "tuesday")
    assert [e.reason for e in archive.ledger()] == ["bad"]
    archive.record(replace(entry, digest="2", reason="worse"), "wednesday")
    assert [(e.reason, e.raw) for e in archive.ledger()] == [("worse", b"\x00")]


def test_no_archive_and_a_damaged_one_are_one_line_with_the_cure(tmp_path):
    with pytest.raises(ArchiveNotFound, match="python -m ingest"):
        Archive.open(tmp_path / "nothing")
    (tmp_path / FILE).write_bytes(b"this is no database" * 500)
    with pytest.raises(ArchiveDamaged, match="backup"):
        Archive.open(tmp_path)


def test_what_somebody_changed_behind_our_back_is_named(tmp_path):
    archive = Archive.create(tmp_path)
    keep(archive, FIRST)
    assert archive.altered() == []
    with archive.transaction() as db:
        db.execute("UPDATE revision SET article = replace(article, 'Another', 'No other')")
    assert archive.altered() == [FIRST.revision]
    with archive.transaction() as db:
        db.execute("UPDATE revision SET article = '{'")
    assert archive.altered() == [FIRST.revision]


def test_an_archive_that_was_killed_at_its_beginning_is_no_archive_yet(tmp_path):
    (tmp_path / FILE).touch()
    with pytest.raises(ArchiveNotFound):
        Archive.open(tmp_path)
    Archive.create(tmp_path)
    assert Archive.open(tmp_path).size() == 0


def test_only_usable_and_corrected_text_may_be_used():
    usable = {status for status in Status if replace(FIRST, status=status).usable_from != NEVER}
    assert usable == {Status.USABLE, Status.CORRECTED}
    until = NewsTime(datetime(2026, 3, 9, tzinfo=UTC), "9 March", "test")
    assert replace(FIRST, status=Status.EMBARGOED, embargoed_until=until).usable_from == "2026-03-09T00:00:00Z"
    assert replace(FIRST, status=Status.WITHHELD, embargoed_until=until).usable_from == NEVER


def test_ids_are_our_own_and_stay_with_the_story():
    assert FIRST.id == SECOND.id != replace(FIRST, identity="https://bell.example/b").id
    assert FIRST.revision != SECOND.revision
    assert Article.from_json(SECOND.to_json()) == SECOND
