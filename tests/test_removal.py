"""Kills, erasures and redactions: gone from every answer at once, gone from the bytes on disk, and gone for good."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from conftest import TOWN, write_articles

from ingest import ingest
from rag.__main__ import main
from rag.archive import Archive
from rag.article import Status
from rag.embedder import WordHashEmbedder
from rag.errors import WrongUse
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

    def test_a_notice_needs_no_text(self, town):
        read(town, {"url": TOWN[0]["url"], "pubstatus": "canceled"}, name="kill")
        assert Archive.open(town).counts()["articles"] == 2

    def test_a_notice_may_name_only_the_publishers_own_id(self, tmp_path):
        story = TOWN[0] | {"guid": "urn:bell:7"}
        kill = {"guid": "urn:bell:7", "publisher": TOWN[0]["publisher"], "headline": "KILL", "body": "Kill."}
        for order in ([story, kill], [kill, story]):
            archive = tmp_path / str(order[0] is story) / "archive"
            read(archive, *order)
            assert Archive.open(archive).counts()["articles"] == 0

    def test_of_an_article_that_never_came_it_removes_nothing(self, town):
        report = read(town, KILL | {"url": "https://bell.example/unknown"}, name="kill")
        assert (report.stored, report.killed) == (1, 0)

    def test_a_searcher_that_is_open_goes_on(self, town):
        searcher = Searcher.open(town, EMBEDDER)
        searcher.search(searcher.understand("bridge"))
        read(town, KILL, name="kill")
        hits = searcher.search(searcher.understand("What will the bridge at Orle cost?"))
        assert {hit.article.publisher for hit in hits} >= {"Northern Post"}
        assert not any(hit.article.url == KILL["url"] for hit in hits)
        searcher.close()
        assert verify(Archive.open(town)).sound

    def test_its_own_place_and_those_of_copies_are_not_kept(self, town):
        slug = "bridge-at-orle-to-cost-12-million"
        write_articles(town.parent / slug, [TOWN[0]], "copy.jsonl")
        folder = town.parent / slug
        ingest([folder], town, embedder=EMBEDDER)
        write_articles(folder, [KILL], "kill.jsonl")
        ingest([folder], town, embedder=EMBEDDER)
        assert not bytes_hold(town, slug)

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

    def test_what_is_not_held_is_told(self, town, capsys):
        assert main(["erase", "--publisher", "nobody", "--archive", str(town)]) == 2
        assert "holds nothing of nobody" in capsys.readouterr().err
        assert main(["erase", "--id", "nonsense", "--archive", str(town)]) == 2
        assert main(["erase", "--url", "https://bell.example/never", "--archive", str(town)]) == 0
        assert "holds nothing of this" in capsys.readouterr().out

    @pytest.mark.parametrize(
        "url",
        ["https://BELL.example./bridge", "https://bell.example/x/../bridge", "http://bell.example//%62ridge/#top"],
    )
    def test_another_spelling_of_the_address_does_not_get_round_a_tombstone(self, town, url):
        erase(Archive.open(town), urls=[TOWN[0]["url"]])
        assert read(town, TOWN[0] | {"url": url}).quarantined[0].outcome is Outcome.BARRED

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
        bodies = {
            article.publisher: article.body for article in Archive.open(town).articles() if "bridge" in article.url
        }
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

    def test_a_part_of_a_name_does_not_bring_the_rest_back(self, town):
        redact(Archive.open(town), "Edda Holt", "[a]")
        redact(Archive.open(town), "Edda", "[b]")
        read(town, TOWN[0] | {"url": "https://post.example/9", "body": "Mayor Edda Holt met Edda on Friday at Orle."})
        assert any("Mayor [a] met [b]" in article.body for article in Archive.open(town).articles())

    def test_versions_that_only_the_name_told_apart_become_one(self, town):
        read(town, TOWN[0])
        read(town, TOWN[0] | {"body": TOWN[0]["body"].replace("Edda Holt", "EDDA HOLT")})
        assert redact(Archive.open(town), "Edda Holt", "X").proven
        assert id_of(town, TOWN[0]["url"]) and verify(Archive.open(town)).sound

    def test_refused_bytes_and_places_with_the_name_go(self, town):
        bad = town.parent / "edda_holt.json"
        bad.write_text('{"headline": "EDDA HOLT"}')
        ingest([bad], town, embedder=EMBEDDER)
        assert redact(Archive.open(town), "edda holt", "X").proven
        assert not bytes_hold(town, "EDDA HOLT") and not bytes_hold(town, "edda_holt")
        ingest([bad], town, embedder=EMBEDDER)
        assert not bytes_hold(town, "EDDA HOLT")

    @pytest.mark.parametrize("form", ["NFC", "NFD"])
    def test_a_name_is_found_however_it_was_typed(self, town, form):
        read(town, TOWN[1] | {"url": "https://post.example/3", "body": "Zoë Brandt said no to the bridge at Orle."})
        assert redact(Archive.open(town), unicodedata.normalize(form, "Zoë Brandt"), "X").articles == 1

    def test_a_replacement_that_holds_the_name_is_refused(self, town):
        with pytest.raises(WrongUse, match="holds the name itself"):
            redact(Archive.open(town), "Holt", "the late Holt")

    def test_a_name_without_words_is_refused(self, town, capsys):
        assert main(["redact", "…", "--archive", str(town)]) == 2
        assert "as the articles spell it" in capsys.readouterr().err
