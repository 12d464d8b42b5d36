"""Kills, erasures and redactions: gone from every answer at once, gone from the bytes on disk, and gone for good."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import TOWN, write_articles

from ingest import ingest
from rag.__main__ import main
from rag.archive import Archive
from rag.article import Status
from rag.embedder import WordHashEmbedder
from rag.ledger import Outcome
from rag.redaction import Redactor
from rag.removal import erase, redact
from rag.search import Searcher
from rag.upkeep import verify

EMBEDDER = WordHashEmbedder()
WORDS = "divers found cracks in two piers"


def read(archive: Path, *articles: dict, name: str = "more"):
    return ingest([write_articles(archive.parent / name, list(articles))], archive, embedder=EMBEDDER)


def found(archive: Path, question: str) -> set[str]:
    searcher = Searcher.open(archive, EMBEDDER)
    hits = searcher.search(searcher.understand(question))
    searcher.close()
    return {hit.article.headline for hit in hits}


def bytes_hold(archive: Path, words: str) -> bool:
    return any(words.encode() in file.read_bytes() for file in archive.rglob("*") if file.is_file())


def id_of(archive: Path, url: str) -> str:
    return next(article.id for article in Archive.open(archive).articles() if article.url == url)


KILL = {"url": TOWN[0]["url"], "headline": TOWN[0]["headline"], "publisher": TOWN[0]["publisher"],
        "body": "Kill: the story is wrong. Do not use it.", "pubstatus": "canceled", "version": 2}  # fmt: skip


class TestKill:
    def test_removes_every_version_and_its_bytes(self, town):
        read(town, TOWN[0] | {"version": 2, "body": TOWN[0]["body"] + "\n\nA second version."})
        assert bytes_hold(town, WORDS)
        report = read(town, KILL | {"version": 3}, name="kill")
        assert (report.stored, report.killed) == (1, 1)
        assert TOWN[0]["headline"] not in found(town, "What did divers find in the old bridge at Orle?")
        assert not bytes_hold(town, WORDS)
        assert not bytes_hold(town, "A second version.")
        assert verify(Archive.open(town)).sound

    def test_the_notice_is_no_source(self, town):
        read(town, KILL, name="kill")
        searcher = Searcher.open(town, EMBEDDER)
        hits = searcher.search(searcher.understand("Is the story wrong?"))
        assert not any("Do not use" in hit.passage.text for hit in hits)
        searcher.close()

    def test_a_tombstone_keeps_it_out_whichever_came_first(self, town, tmp_path):
        read(town, KILL, name="kill")
        report = ingest([tmp_path / "news"], town, embedder=EMBEDDER)
        assert (report.stored, report.unchanged, len(report.quarantined)) == (0, 2, 1)
        assert report.quarantined[0].outcome is Outcome.BARRED
        assert not bytes_hold(town, WORDS)
        first = tmp_path / "first"
        read(first, KILL, name="kill")
        assert read(first, TOWN[0], name="later").quarantined[0].outcome is Outcome.BARRED
        assert Archive.open(first).counts()["articles"] == 0

    def test_the_same_kill_again_changes_nothing(self, town):
        read(town, KILL, name="kill")
        again = read(town, KILL, name="kill")
        assert (again.unchanged, again.killed) == (1, 0)
        assert read(town, KILL, name="other place").duplicate == 1

    def test_a_line_above_a_notice_is_understood(self, tmp_path):
        notice = KILL | {"headline": "MANDATORY KILL: bridge", "pubstatus": "usable"}
        review = KILL | {"url": "https://bell.example/film", "headline": "Kill Bill: the review", "pubstatus": "usable"}
        read(tmp_path / "a", notice, review)
        (article,) = Archive.open(tmp_path / "a").articles()
        assert (article.headline, article.status) == ("Kill Bill: the review", Status.USABLE)


class TestErase:
    @pytest.mark.parametrize("how", ["id", "url", "tracked url", "publisher"])
    def test_leaves_nothing_in_the_bytes(self, town, how):
        given = {
            "id": {"ids": [id_of(town, TOWN[0]["url"])]},
            "url": {"urls": [TOWN[0]["url"]]},
            "tracked url": {"urls": ["http://www.bell.example/bridge/?utm_source=x"]},
            "publisher": {"publisher": "The Orle Bell"},
        }[how]
        erased = erase(Archive.open(town), **given)
        assert erased.proven and erased.articles == (2 if how == "publisher" else 1) and erased.probes > 2
        assert not bytes_hold(town, WORDS)
        assert verify(Archive.open(town)).sound
        assert TOWN[1]["headline"] in found(town, "What will the bridge at Orle cost?")

    def test_an_address_that_never_came_is_kept_out(self, town):
        erase(Archive.open(town), urls=["https://bell.example/secret"])
        assert read(town, TOWN[0] | {"url": "https://bell.example/secret"}).quarantined[0].outcome is Outcome.BARRED

    def test_what_another_article_says_as_well_is_told(self, town):
        read(town, TOWN[0] | {"url": "https://post.example/copy", "publisher": "Northern Post"})
        erased = erase(Archive.open(town), urls=[TOWN[0]["url"]])
        assert erased.proven and erased.shared > 0
        assert "other articles" in " ".join(erased.lines())

    def test_broken_records_with_its_words_lose_their_bytes(self, town):
        file = town.parent / "broken.jsonl"
        file.write_text('{"headline": "Half", "body": "The old bridge was closed in January after ' + WORDS)
        assert len(ingest([file], town, embedder=EMBEDDER).quarantined) == 1
        assert bytes_hold(town, WORDS)
        assert erase(Archive.open(town), urls=[TOWN[0]["url"]]).proven
        assert not bytes_hold(town, WORDS)

    def test_from_the_command_line(self, town, capsys):
        assert main(["erase", "--url", TOWN[0]["url"], "--archive", str(town), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["proven"] is True
        assert main(["erase", "--archive", str(town)]) == 2
        assert "--id, --url or --publisher" in capsys.readouterr().err


class TestRedact:
    def test_replaces_the_name_everywhere_and_the_citations_still_hold(self, town):
        replaced = redact(Archive.open(town), "edda holt", "the mayor", reason="court order 12/26")
        assert replaced.proven and (replaced.articles, replaced.versions) == (1, 1)
        assert not bytes_hold(town, "Edda Holt")
        archive = Archive.open(town)
        assert verify(archive).sound
        (stored,) = archive.passages_of(id_of(town, TOWN[0]["url"]))
        assert stored.article.body[stored.passage.start : stored.passage.end] == stored.passage.text
        assert "Mayor the mayor said on Monday" in stored.passage.text
        assert TOWN[0]["headline"] in found(town, "What did the mayor say about the bridge?")

    def test_holds_for_what_arrives_later_and_the_same_input_is_unchanged(self, town, tmp_path):
        redact(Archive.open(town), "Edda Holt", "[name removed]")
        report = ingest([tmp_path / "news"], town, embedder=EMBEDDER)
        assert (report.unchanged, report.stored) == (3, 0)
        read(town, TOWN[0] | {"url": "https://post.example/edda-holt-resigns", "headline": "Edda Holt’s resignation"})
        assert not bytes_hold(town, "Edda Holt") and not bytes_hold(town, "edda-holt")
        headlines = {article.headline for article in Archive.open(town).articles()}
        assert "[name removed]’s resignation" in headlines

    def test_stays_within_its_scope(self, town, capsys):
        read(town, TOWN[1] | {"url": "https://post.example/2", "body": "Mayor Edda Holt said no."})
        assert main(["redact", "Edda Holt", "--publisher", "Northern Post", "--archive", str(town)]) == 0
        bodies = {article.publisher: article.body for article in Archive.open(town).articles() if "bridge" in article.url}
        assert "Edda Holt" in bodies["The Orle Bell"]
        assert "1 versions outside of the scope" in capsys.readouterr().out

    def test_leaves_a_trail_without_the_name(self, town, capsys):
        redact(Archive.open(town), "Edda Holt", "the mayor", reason="court order 12/26")
        (rule,) = Redactor(Archive.open(town)).rules
        assert (rule.reason, rule.articles, rule.words) == ("court order 12/26", 1, 2)
        assert main(["redact", "--trail", "--archive", str(town)]) == 0
        assert "court order 12/26" in capsys.readouterr().out

    def test_a_longer_name_is_another_name(self, town):
        assert redact(Archive.open(town), "Edda", "X").articles == 1
        assert redact(Archive.open(town), "Hol", "X").articles == 0

    def test_a_name_without_words_is_refused(self, town, capsys):
        assert main(["redact", "…", "--archive", str(town)]) == 2
        assert "as the articles spell it" in capsys.readouterr().err
