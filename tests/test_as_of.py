"""As of a day: what came later is not there, what was revised since is read as it was, and citations hold."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from conftest import TOWN, write_articles

from ingest import ingest
from rag import Archive, Assistant, Filter, NewsRetriever, Searcher
from rag.__main__ import main
from rag.article import Article, NewsTime
from rag.as_of import standing
from rag.embedder import WordHashEmbedder
from rag.printed import answer_lines
from rag.quoting import select
from rag.removal import erase
from rag.upkeep import verify

EMBEDDER = WordHashEmbedder()
QUESTION = "How much will the new bridge at Orle cost?"
SECOND, FOURTH, SIXTH = date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 6)
NOTE = "Correction: the bridge will cost 15 million crowns, not 12 million."
CORRECTED = TOWN[0] | {
    "body": TOWN[0]["body"].replace("12 million", "15 million"),
    "updated": "2026-03-05T12:00:00+00:00",
    "correction": NOTE,
}


def archive_of(folder: Path, *versions: dict) -> Path:
    """As a publisher sends one version after another."""
    ingest([write_articles(folder / "news", list(versions))], folder / "archive", embedder=EMBEDDER)
    return folder / "archive"


def hits_on(archive: Path, day: date | None, question: str = QUESTION, **more):
    searcher = Searcher.open(archive, EMBEDDER)
    try:
        return searcher.search(searcher.understand(question), 10, Filter(as_of=day, **more))
    finally:
        searcher.close()


def headlines_on(archive: Path, day: date) -> set[str]:
    return {hit.article.headline for hit in hits_on(archive, day)}


def test_what_was_first_published_later_is_not_there(town):
    bridge, doubt, library = (article["headline"] for article in TOWN)
    assert headlines_on(town, date(2026, 3, 1)) == set()
    assert headlines_on(town, SECOND) == {bridge}
    assert headlines_on(town, date(2026, 3, 8)) == {bridge, doubt}
    assert headlines_on(town, date(2030, 1, 1)) == {bridge, doubt, library}


@pytest.mark.parametrize(("time", "there"), [("2026-03-04T23:59:59+00:00", True), ("2026-03-05T00:30:00+01:00", True),
                                             ("2026-03-04T23:30:00-01:00", False)])  # fmt: skip
def test_a_day_ends_at_midnight_utc(tmp_path, time, there):
    assert bool(hits_on(archive_of(tmp_path, TOWN[0] | {"published": time}), FOURTH)) is there


def test_an_article_that_was_revised_since_is_read_as_it_was(tmp_path):
    archive = archive_of(tmp_path, TOWN[0], CORRECTED, TOWN[1])
    (then,) = hits_on(archive, FOURTH)
    assert "12 million" in then.passage.text and "15 million" not in then.passage.text
    assert (then.article.correction, then.article.updated) == ("", "2026-03-02T08:00:00Z")
    now = hits_on(archive, SIXTH)[0]
    assert "15 million" in now.passage.text
    assert now.article.correction == NOTE


def test_its_place_is_that_of_the_version_of_the_day_and_the_archive_stays_sound(tmp_path):
    archive = archive_of(tmp_path, TOWN[0], CORRECTED, TOWN[1])
    (hit,) = hits_on(archive, FOURTH)
    held = {version.revision: version for version in Archive.open(archive).revisions(hit.article.id)}
    told = hit.metadata()
    assert len(held) == 2
    assert held[told["revision"]] == hit.article
    assert held[told["revision"]].body[told["start"] : told["end"]] == hit.passage.text
    assert "as it stood on 2026-03-04, revised since" in hit.why
    assert verify(Archive.open(archive)).sound


def test_a_version_that_stood_all_along_keeps_its_passage_and_its_score(town):
    asked = "How many people come to the library on Sunday?"
    (now, *_), (then, *_) = hits_on(town, None, asked), hits_on(town, date(2026, 3, 9), asked)
    assert then == now


def test_of_several_earlier_versions_the_last_of_the_day_is_read(tmp_path):
    said = [TOWN[0] | {"body": f"The bridge at Orle will cost {n} million crowns.", "updated": f"2026-03-0{n}T09:00:00Z"}
            for n in (3, 5, 7)]  # fmt: skip
    archive = archive_of(tmp_path, said[2], said[0], said[1])
    texts = [hits_on(archive, date(2026, 3, n))[0].passage.text for n in (3, 4, 5, 6, 7, 8)]
    assert [text.split(" million")[0][-1] for text in texts] == ["3", "3", "5", "5", "7", "7"]


def test_full_text_of_the_day_stands_before_a_later_excerpt_of_it(tmp_path):
    def version(day: int, **more) -> Article:
        time = NewsTime(datetime(2026, 3, day, tzinfo=UTC), "", "")
        return Article(identity="x", headline="x", body="x", first_published=time, this_version=time, **more)

    archive = Archive.create(tmp_path)
    for number, article in enumerate((version(2), version(3, excerpt=True), version(5))):
        archive.put_revision(article, str(number), "2026-03-09T00:00:00Z")
    assert standing(version(5), FOURTH, archive) == version(2)
    assert standing(version(5), date(2026, 3, 1), archive) is None


def test_what_was_taken_out_since_is_found_by_its_words(tmp_path):
    filler = "\n\n".join(f"Paragraph {n} tells of the works on the river bank in Orle. " * 9 for n in range(6))
    gone = "Contractor Vesper Lune promised free ferry tickets to every pupil until the bridge opens."
    first = TOWN[0] | {"body": f"{TOWN[0]['body']}\n\n{filler}\n\n{gone}"}
    later = TOWN[0] | {"body": f"{TOWN[0]['body']}\n\n{filler}", "updated": "2026-03-05T12:00:00+00:00"}
    archive = archive_of(tmp_path, first, later)
    asked = "Which ferry tickets did Vesper Lune promise to pupils?"
    assert gone in hits_on(archive, FOURTH, asked)[0].passage.text
    assert all(gone not in hit.passage.text for hit in hits_on(archive, SIXTH, asked))
    bodies = {hit.article.body[hit.passage.start : hit.passage.end] for hit in hits_on(archive, FOURTH, asked)}
    assert bodies == {hit.passage.text for hit in hits_on(archive, FOURTH, asked)}


def test_a_version_of_a_later_day_alone_does_not_stand_for_an_earlier_one(tmp_path):
    """The archive never held what was published on the 2nd: it does not pretend that this was it."""
    archive = archive_of(tmp_path, CORRECTED)
    assert hits_on(archive, FOURTH) == []
    assert len(hits_on(archive, SIXTH)) == 1


def test_a_correction_that_names_a_later_day_was_not_there(tmp_path):
    amended = "This article was amended on 5 March 2026 because an earlier version gave the wrong price."
    archive = archive_of(tmp_path, TOWN[0] | {"correction": amended})
    assert hits_on(archive, FOURTH) == []
    assert hits_on(archive, date(2026, 3, 5))[0].article.correction == amended


def test_an_undated_article_is_never_there(tmp_path):
    undated = {key: value for key, value in TOWN[0].items() if key != "published"}
    archive = archive_of(tmp_path, undated, TOWN[1])
    assert headlines_on(archive, date(2030, 1, 1)) == {TOWN[1]["headline"]}


def test_an_embargo_holds_on_its_days_and_never_opens_early(tmp_path):
    archive = archive_of(tmp_path, TOWN[0] | {"embargoed": "2026-03-04T06:00:00+00:00"})
    assert [len(hits_on(archive, day)) for day in (SECOND, date(2026, 3, 3), FOURTH)] == [0, 0, 1]
    ahead = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    archive = archive_of(tmp_path / "ahead", TOWN[0] | {"embargoed": ahead})
    assert hits_on(archive, date(2999, 1, 1)) == []


@pytest.mark.parametrize("status", ["withheld", "canceled"])
def test_what_was_withheld_or_cancelled_since_does_not_come_back(tmp_path, status):
    over = CORRECTED | {"pubstatus": status, "version": 2}
    assert headlines_on(archive_of(tmp_path, TOWN[0], over, TOWN[1]), FOURTH) == set()


def test_a_version_that_was_withheld_hides_the_story_while_it_stood(tmp_path):
    withheld = TOWN[0] | {"version": 2, "pubstatus": "withheld", "updated": "2026-03-04T09:00:00+00:00"}
    archive = archive_of(tmp_path, TOWN[0], withheld, CORRECTED | {"version": 3})
    assert [len(hits_on(archive, day)) for day in (SECOND, FOURTH, SIXTH)] == [1, 0, 1]


def test_an_erased_story_is_gone_as_of_every_day_and_a_race_quotes_nothing(tmp_path):
    archive = archive_of(tmp_path, TOWN[0], CORRECTED, TOWN[1])
    searcher = Searcher.open(archive, EMBEDDER)
    question = searcher.understand(QUESTION)
    hits = searcher.search(question, 10, Filter(as_of=FOURTH))
    before = max(quote.meaning for quote in select(question, hits, searcher).quotes)
    assert erase(Archive.open(archive), ids=[hits[0].article.id]).proven
    after = max(quote.meaning for quote in select(question, hits, searcher).quotes)
    assert before > 0.3
    assert after == 0
    assert searcher.search(question, 10, Filter(as_of=FOURTH)) == []
    searcher.close()


def test_copies_that_came_later_are_not_named(tmp_path):
    star = TOWN[0] | {
        "url": "https://star.example/b",
        "publisher": "Evening Star",
        "published": "2026-03-05T09:00:00+00:00",
        "originator": "The Orle Bell",
    }
    archive = archive_of(tmp_path, TOWN[0], star)
    assert [hit.carried_by for hit in hits_on(archive, SIXTH)] == [("Evening Star",)]
    assert [hit.carried_by for hit in hits_on(archive, FOURTH)] == [()]


def test_other_filters_hold_as_well(tmp_path):
    archive = archive_of(tmp_path, TOWN[0], CORRECTED, TOWN[1], TOWN[2])
    day = date(2026, 3, 9)
    assert {hit.article.publisher for hit in hits_on(archive, day, publishers=frozenset({"Northern Post"}))} == {
        "Northern Post"
    }
    assert hits_on(archive, FOURTH, first=date(2026, 3, 3)) == []


def test_the_answer_quotes_the_version_of_the_day_and_says_so(tmp_path):
    assistant = Assistant.open(archive_of(tmp_path, TOWN[0], CORRECTED, TOWN[1]), embedder=EMBEDDER)
    then = assistant.ask(QUESTION, only=Filter(as_of=FOURTH))
    now = assistant.ask(QUESTION)
    assistant.close()
    assert "12 million" in then.text and "15 million" not in then.text
    assert "15 million" in now.text
    for citation in then.citations:
        assert citation.article.body[citation.start : citation.end] == citation.quote
        assert citation.passage.revision == citation.article.revision == citation.to_json()["revision"]
    assert (then.to_json()["as_of"], now.to_json()["as_of"]) == ("2026-03-04", "")
    assert then.citations[0].to_json()["updated"] == "2026-03-02T08:00:00Z"
    lines = "\n".join(answer_lines(then))
    assert "(The archive as it stood on 2026-03-04.)" in lines
    assert NOTE not in lines
    assert "2 March 2026, this version 5 March 2026" in "\n".join(answer_lines(now))


def test_a_refusal_tells_only_of_what_was_there(tmp_path):
    assistant = Assistant.open(archive_of(tmp_path, *TOWN), embedder=EMBEDDER)
    refused = assistant.ask("Who won the chess cup in Peru?", only=Filter(as_of=FOURTH))
    assert "As it stood on 2026-03-04, it covers 2026-03-02 to 2026-03-02." in refused.notice
    assert "filters" not in refused.notice
    before = assistant.ask(QUESTION, only=Filter(as_of=date(2020, 1, 1)))
    assert before.refused and "it covers nothing" in before.notice
    assistant.close()


def test_yesterday_counts_from_the_day_as_of_which_it_is_asked(town):
    retriever = NewsRetriever.from_archive(town, as_of=date(2026, 3, 6))
    why = {hit.metadata["publisher"]: hit.metadata["why"] for hit in retriever.invoke("bridge at Orle yesterday")}
    assert "published in the time asked for (yesterday)" in why["Northern Post"]
    assert "yesterday" not in why["The Orle Bell"]


def test_the_retriever_and_the_command_take_the_day(town, capsys):
    (document,) = NewsRetriever.from_archive(town, as_of=SECOND).invoke("bridge")
    assert document.metadata["headline"] == TOWN[0]["headline"]
    assert main(["search", "bridge", "--archive", str(town), "--as-of", "2026-03-02", "--json"]) == 0
    assert [hit["headline"] for hit in json.loads(capsys.readouterr().out)] == [TOWN[0]["headline"]]
    assert main(["ask", QUESTION, "--archive", str(town), "--as-of", "2026-03-02"]) == 0
    assert capsys.readouterr().out.startswith("(The archive as it stood on 2026-03-02.)")


def test_a_day_in_the_question_is_no_as_of(town):
    found = {hit.article.headline for hit in hits_on(town, None, "What was said of the bridge before 3 March 2026?")}
    assert TOWN[1]["headline"] in found
