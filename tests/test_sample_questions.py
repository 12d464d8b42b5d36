"""The shipped set: every kind in both halves, a third without an answer, each fact word for word in the sample news."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import pytest
from conftest import ROOT

from ingest import ingest
from rag.archive import Archive
from rag.article import Article
from rag.embedder import WordHashEmbedder
from rag.words import terms

FILE = ROOT / "eval" / "data" / "sample_questions.jsonl"
QUESTIONS = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
ANSWERABLE = [q for q in QUESTIONS if q["gold"]]
REFUSED = [q for q in QUESTIONS if not q["gold"]]
AT_LEAST = {
    "multi_article": 6, "comparison": 6, "temporal": 12, "as_of": 6, "revised": 8, "opinion": 4, "paraphrase": 10,
    "follow_up": 14, "false_premise": 18, "nearby": 48, "absent": 34,
}  # fmt: skip
FIELDS = {"id", "text", "asked_on", "split", "kind", "gold", "answer", "history"}
OPTIONAL = {"together", "stale", "period", "as_of"}

Versions = dict[str, list[Article]]


@pytest.fixture(scope="module")
def versions(tmp_path_factory) -> Versions:
    """Address, or file name where there is none -> every version of the article, the oldest first."""
    folder = tmp_path_factory.mktemp("archive")
    report = ingest([ROOT / "ingest" / "sample" / "news"], folder, embedder=WordHashEmbedder())
    assert not report.quarantined
    archive = Archive.open(folder)
    found = {
        article.url or article.identity.split(":")[2]: archive.revisions(article.id) for article in archive.articles()
    }
    archive.close()
    return found


def of_kind(kind: str) -> list[dict]:
    return [q for q in QUESTIONS if q["kind"] == kind]


def facts_of(questions: list[dict], field: str) -> list[tuple[str, str, str]]:
    return [(q["id"], fact["url"], fact["fact"]) for q in questions for fact in q.get(field, ())]


def days_of(question: dict, versions: Versions) -> list[str]:
    return [versions[fact["url"]][-1].published[:10] for fact in question["gold"]]


def test_there_are_three_hundred_and_a_third_cannot_be_answered():
    assert len(QUESTIONS) >= 295
    assert 0.32 <= len(REFUSED) / len(QUESTIONS) <= 0.35
    assert {q["kind"] for q in REFUSED} == {"absent", "nearby", "false_premise"}
    assert not {q["kind"] for q in ANSWERABLE} & {q["kind"] for q in REFUSED}


def test_every_question_is_its_own():
    assert len({q["id"] for q in QUESTIONS}) == len(QUESTIONS)
    asked = Counter((*q["history"], q["text"].casefold()) for q in QUESTIONS)
    assert [words for words, times in asked.items() if times > 1] == []


def test_a_record_has_the_fields_that_the_loader_reads():
    for question in QUESTIONS:
        more = set(question) - FIELDS
        assert set(question) >= FIELDS and more <= (OPTIONAL if question["gold"] else set()), question["id"]
        assert bool(question["answer"]) == bool(question["gold"]), question["id"]
        assert question.get("together", True) is True, question["id"]


def test_days_are_written_as_days_and_a_period_ends_after_it_begins():
    for question in QUESTIONS:
        period = question.get("period", [])
        days = [question["asked_on"], *period, question.get("as_of", question["asked_on"])]
        assert [date.fromisoformat(day).isoformat() for day in days] == days, question["id"]
        assert len(period) in (0, 2) and period == sorted(period), question["id"]


@pytest.mark.parametrize("kind", sorted({q["kind"] for q in QUESTIONS}))
def test_every_kind_is_in_both_halves(kind):
    halves = Counter(q["split"] for q in of_kind(kind))
    assert set(halves) == {"tune", "report"}
    assert abs(halves["tune"] - halves["report"]) <= 2


@pytest.mark.parametrize(("kind", "least"), AT_LEAST.items())
def test_there_are_enough_of_a_kind(kind, least):
    assert len(of_kind(kind)) >= least


def test_gold_stands_word_for_word_in_the_article_it_names(versions):
    gold = facts_of(QUESTIONS, "gold")
    assert [fact for fact in gold if fact[1] not in versions or fact[2] not in versions[fact[1]][-1].body] == []


def test_what_was_overtaken_stands_in_the_article_it_names_now_or_in_an_earlier_version(versions):
    stale = facts_of(QUESTIONS, "stale")
    bodies = {name: [version.body for version in of_one] for name, of_one in versions.items()}
    assert len({id for id, *_ in stale}) >= 30
    assert [fact for fact in stale if not any(fact[2] in body for body in bodies.get(fact[1], ()))] == []


def test_what_was_overtaken_is_older_than_what_answers(versions):
    for question in QUESTIONS:
        newest = max((versions[fact["url"]][-1].updated for fact in question["gold"]), default="")
        for fact in question.get("stale", ()):
            said = next(version for version in versions[fact["url"]] if fact["fact"] in version.body)
            assert said.updated < newest, (question["id"], fact)
            assert fact not in question["gold"], question["id"]


def test_what_answers_was_published_when_the_question_is_asked(versions):
    assert [q["id"] for q in ANSWERABLE if max(days_of(q, versions)) > q["asked_on"]] == []


def test_a_period_holds_the_days_of_all_that_answers(versions):
    assert all("period" in q for q in of_kind("temporal"))
    dated = [q for q in QUESTIONS if "period" in q]
    outside = [q["id"] for q in dated for day in days_of(q, versions) if not q["period"][0] <= day <= q["period"][1]]
    assert outside == []


def test_what_the_archive_knew_on_a_day_was_published_by_then(versions):
    assert all("as_of" in q and not q.get("stale") for q in of_kind("as_of"))
    known = [q for q in QUESTIONS if "as_of" in q]
    assert [q["id"] for q in known if max(days_of(q, versions)) > q["as_of"] or q["as_of"] >= q["asked_on"]] == []


def test_what_takes_several_articles_takes_them_together():
    for question in of_kind("multi_article") + of_kind("comparison"):
        facts = question["gold"]
        assert question["together"] and len({fact["fact"] for fact in facts}) == len(facts) >= 2, question["id"]
        assert len({fact["url"] for fact in facts}) >= 2, question["id"]


def test_a_paraphrase_shares_no_word_with_what_answers_it():
    shared = {
        q["id"]: set(terms(q["text"])) & {t for f in q["gold"] for t in terms(f["fact"])} for q in of_kind("paraphrase")
    }
    assert {name: words for name, words in shared.items() if words} == {}


def test_a_revised_fact_names_what_it_overtook():
    assert all(q["stale"] for q in of_kind("revised"))


def test_a_follow_up_has_turns_before_it_and_nothing_else_has():
    assert {bool(q["history"]) for q in of_kind("follow_up")} == {True}
    assert sum(len(q["history"]) >= 2 for q in of_kind("follow_up")) >= 4
    assert not [q["id"] for q in QUESTIONS if q["history"] and q["kind"] != "follow_up"]
