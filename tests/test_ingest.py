"""inputs = stored + unchanged + duplicate + quarantined, whatever comes in and how often."""

from __future__ import annotations

import json

import pytest
from conftest import TOWN, write_articles

from ingest import ingest
from rag.archive import Archive
from rag.embedder import WordHashEmbedder
from rag.errors import EmbedderMismatch, WrongUse
from rag.upkeep import verify

EMBEDDER = WordHashEmbedder()


def outcome(report) -> tuple[int, int, int, int]:
    assert report.inputs == report.stored + report.unchanged + report.duplicate + len(report.quarantined)
    return report.stored, report.unchanged, report.duplicate, len(report.quarantined)


def contents(folder) -> list[tuple]:
    """Everything in the archive but the times of ingest."""
    db = Archive.open(folder)._db()
    rows = [tuple(row) for row in db.execute("SELECT revision, current, input_id, article FROM revision ORDER BY 1")]
    rows += [tuple(row) for row in db.execute("SELECT id, embedding FROM passage ORDER BY 1")]
    return rows + [(e.location, e.position, e.outcome, e.reason) for e in Archive.open(folder).ledger()]


def test_the_same_input_twice_changes_nothing(town, tmp_path):
    before, edition = contents(town), Archive.open(town).edition
    assert outcome(ingest([tmp_path / "news"], town, embedder=EMBEDDER)) == (0, 3, 0, 0)
    assert contents(town) == before
    assert Archive.open(town).edition == edition


def test_the_same_articles_in_another_file_are_duplicates(town, tmp_path):
    write_articles(tmp_path / "copies", TOWN)
    assert outcome(ingest([tmp_path / "copies"], town, embedder=EMBEDDER)) == (0, 0, 3, 0)
    tracked = [TOWN[0] | {"url": "https://bell.example/bridge?utm_source=post#top"}]
    assert outcome(ingest([write_articles(tmp_path / "tracked", tracked)], town, embedder=EMBEDDER)) == (0, 0, 1, 0)


def test_the_same_article_twice_in_one_file(tmp_path):
    file = write_articles(tmp_path / "n", [TOWN[0], TOWN[0], TOWN[1]])
    assert outcome(ingest([file], tmp_path / "a", embedder=EMBEDDER)) == (2, 0, 1, 0)


def test_two_versions_in_one_file_keep_both_and_show_the_newer(tmp_path):
    newer = TOWN[0] | {"version": 2, "body": TOWN[0]["body"].replace("12 million", "14 million")}
    for order in ([TOWN[0], newer], [newer, TOWN[0]]):
        folder = tmp_path / str(order[0].get("version", 1))
        assert outcome(ingest([write_articles(folder, order)], folder / "a", embedder=EMBEDDER)) == (2, 0, 0, 0)
        archive = Archive.open(folder / "a")
        (article,) = archive.articles()
        assert "14 million" in article.body
        assert len(archive.revisions(article.id)) == 2
        assert verify(archive).sound


def test_one_bad_input_among_good_ones_is_quarantined_alone(tmp_path):
    file = write_articles(tmp_path / "n", TOWN)
    lines = file.read_text().splitlines()
    file.write_text(
        "\n".join([lines[0], '{"headline": "broken', lines[1], json.dumps({"headline": "No body"}), lines[2]])
    )
    (tmp_path / "n" / "junk.txt").write_bytes(b"\x00\x01\x02" * 100)
    (tmp_path / "n" / "empty.json").write_bytes(b"")
    report = ingest([tmp_path / "n"], tmp_path / "a", embedder=EMBEDDER)
    assert outcome(report) == (3, 0, 0, 4)
    kept = {
        e.location.rsplit("/", 1)[-1]: e for e in Archive.open(tmp_path / "a").ledger() if e.outcome == "quarantined"
    }
    assert kept["junk.txt"].raw == b"\x00\x01\x02" * 100
    assert all(entry.reason for entry in kept.values())


def test_another_embedder_is_refused_with_the_command_that_re_embeds(town, tmp_path):
    class Other(WordHashEmbedder):
        fingerprint = "another@1"

    with pytest.raises(EmbedderMismatch, match="--re-embed --embedder another"):
        ingest([tmp_path / "news"], town, embedder=Other())


def test_a_path_that_is_not_there_is_wrong_use(tmp_path):
    with pytest.raises(WrongUse):
        ingest([tmp_path / "nowhere"], tmp_path / "a", embedder=EMBEDDER)


def test_a_run_that_is_stopped_goes_on_where_it_was(tmp_path):
    file = write_articles(tmp_path / "n", TOWN)
    seen = []
    report = ingest([file], tmp_path / "a", embedder=EMBEDDER, progress=seen.append, stop=lambda: len(seen) == 2)
    assert report.stopped
    assert report.stored == 2
    assert verify(Archive.open(tmp_path / "a")).sound
    assert outcome(ingest([file], tmp_path / "a", embedder=EMBEDDER)) == (1, 2, 0, 0)


def test_text_that_is_known_is_never_embedded_again(town, tmp_path):
    class Counting(WordHashEmbedder):
        texts = 0

        def readings(self, texts, spans):
            Counting.texts += len(texts)
            return super().readings(texts, spans)

    longer = TOWN[0] | {"version": 2, "modified": "2026-03-03T08:00:00+00:00"}
    ingest([write_articles(tmp_path / "again", [longer])], town, embedder=Counting())
    assert Counting.texts == 0


def test_an_archive_inside_the_folder_is_not_read_as_news(tmp_path):
    write_articles(tmp_path, TOWN)
    for expected in ((3, 0, 0, 0), (0, 3, 0, 0)):
        assert outcome(ingest([tmp_path], tmp_path / "archive", embedder=EMBEDDER)) == expected


def test_an_input_is_the_same_from_wherever_it_is_named(tmp_path, monkeypatch):
    file = write_articles(tmp_path / "n", TOWN)
    ingest([file], tmp_path / "a", embedder=EMBEDDER)
    monkeypatch.chdir(tmp_path)
    assert outcome(ingest(["n"], "a", embedder=EMBEDDER)) == (0, 3, 0, 0)


def test_a_withheld_twin_does_not_hide_the_usable_article(tmp_path):
    withheld = TOWN[0] | {"url": "https://bell.example/held", "status": "withheld"}
    ingest([write_articles(tmp_path / "n", [withheld, TOWN[0]])], tmp_path / "a", embedder=EMBEDDER)
    assert Archive.open(tmp_path / "a").size() == 1


def test_a_story_that_returns_to_its_earlier_words_is_shown_with_them(tmp_path):
    for dead in ("12", "9", "12"):
        story = {
            "url": "https://bell.example/quake",
            "headline": "Quake",
            "publisher": "Bell",
            "body": f"{dead} people died.",
        }
        assert outcome(ingest([write_articles(tmp_path / "n", [story])], tmp_path / "a", embedder=EMBEDDER))[0] == 1
    (article,) = Archive.open(tmp_path / "a").articles()
    assert article.body == "12 people died."
    assert verify(Archive.open(tmp_path / "a")).sound
