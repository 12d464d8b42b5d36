"""Feedback: what readers said of answers is kept whole, goes with what is erased, and becomes questions."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from conftest import ROOT, TOWN, write_articles
from hypothesis import given
from hypothesis import strategies as st

from eval.feedback import ANSWERABLE, UNANSWERABLE, export, questions
from eval.question import GoldFact
from eval.question_files import QuestionsUnreadable, questions_of
from ingest import ingest
from rag.archive import Archive
from rag.assistant import Assistant
from rag.embedder import WordHashEmbedder
from rag.errors import WrongUse
from rag.feedback import FILE, Feedback, judgements_in
from rag.followup import Turn
from rag.judgement import Judgement, Opinion
from rag.page.judging import Judging
from rag.removal import erase, redact

COST = "How much will the new bridge at Orle cost?"
OPEN = "Who decided that the library in Orle stays open on Sundays?"
OFF = "Who won the chess title in Reykjavik in 1972?"
DAY = date(2026, 3, 10)


@pytest.fixture
def assistant(town: Path) -> Iterator[Assistant]:
    opened = Assistant.open(town)
    yield opened
    opened.close()


def judged(
    assistant: Assistant, question: str, verdict: Opinion = Opinion.RIGHT, comment: str = "", turns=(), filtered=False
) -> Judgement:
    answer = assistant.ask(question, turns, asked_on=DAY)
    judgement = Judgement.of(answer, turns, DAY, filtered=filtered)
    return replace(judgement, **judgement.said(verdict, comment))


def keep(assistant: Assistant, *said: Judgement) -> Feedback:
    feedback = Feedback(assistant.searcher.archive)
    for judgement in said:
        feedback.add(judgement)
    return feedback


def bytes_hold(archive: Path, words: str) -> bool:
    return any(words.encode() in file.read_bytes() for file in archive.rglob("*") if file.is_file())


class TestTheFile:
    def test_a_judgement_comes_back_as_it_was_given(self, assistant):
        before = assistant.ask(COST, asked_on=DAY)
        follow_up = judged(
            assistant, "And what did she say about autumn?", Opinion.WRONG, " No,\nit is Ada. ", [Turn("?", before)]
        )
        feedback = keep(assistant, judged(assistant, COST), follow_up)
        first, second = feedback.judgements()
        assert (second.history, second.comment, second.asked_on) == ((COST,), "No,\nit is Ada.", "2026-03-10")
        (cited,) = first.citations
        article = assistant.searcher.archive.article(cited.article_id)
        assert article.revision == cited.revision and article.url == cited.url
        assert article.body[cited.start : cited.end] == cited.quote == before.citations[0].quote
        assert (first.refused, first.model, first.verdict) == (False, "quoting", Opinion.RIGHT)

    def test_a_line_torn_by_a_kill_costs_no_other(self, assistant, town):
        feedback = keep(assistant, judged(assistant, COST))
        whole = (town / FILE).read_bytes()
        (town / FILE).write_bytes(whole + whole[: len(whole) // 2])
        assert len(feedback.judgements()) == 1
        feedback.add(judged(assistant, OFF))
        assert [judgement.question for judgement in feedback.judgements()] == [COST, OFF]

    @given(st.binary(max_size=200) | st.sampled_from([b"[]", b"{}", b"7", b'{"sentences": 3}', b"\xff"]))
    def test_whatever_else_lies_there_is_passed_over(self, tmp_path_factory, other):
        folder = tmp_path_factory.mktemp("feedback")
        (folder / FILE).write_bytes(other)
        assert judgements_in(folder) == []

    def test_several_processes_write_at_once_and_one_takes_out(self, assistant, town):
        line = judged(assistant, COST).to_line()
        code = (
            "import sys; from rag.archive import Archive; from rag.feedback import Feedback\n"
            "from rag.judgement import Judgement\n"
            "feedback, said = Feedback(Archive.open(sys.argv[1])), Judgement.from_line(sys.argv[2])\n"
            "for _ in range(15): feedback.add(said)\n"
        )
        writing = [subprocess.Popen([sys.executable, "-c", code, str(town), line], cwd=ROOT) for _ in range(2)]
        archive = assistant.searcher.archive
        pasted = judged(assistant, OPEN, Opinion.WRONG, next(archive.versions()).body[:60])
        while any(process.poll() is None for process in writing):  # what is taken out meanwhile takes no other along
            keep(assistant, pasted).forget_words(archive.versions(), [])
            time.sleep(0.05)
        assert [process.wait(60) for process in writing] == [0, 0]
        assert len((town / FILE).read_text().splitlines()) == len(judgements_in(town)) == 30

    def test_a_folder_that_cannot_be_written_is_told_with_its_cure(self, assistant, town):
        (town / FILE).mkdir()  # also refused where the tests run as root, whom no permission stops
        with pytest.raises(WrongUse, match=r"feedback.jsonl cannot be written .* writable, or start .*--no-feedback"):
            keep(assistant, judged(assistant, COST))
        assert judgements_in(town) == []


class TestJudging:
    def test_who_has_seen_an_answer_may_judge_it_again_and_again(self, assistant, town):
        judging = Judging(Feedback(assistant.searcher.archive))
        name = judging.offer(assistant.ask(COST, asked_on=DAY), [], DAY, filtered=False)
        for given_ in (
            {"verdict": "wrong", "comment": "x" * 600},
            {"verdict": "right", "comment": "no"},
            {"verdict": "none"},
        ):
            assert judging.judge({"answer": name} | given_)["kept"]
        assert [(j.verdict.value, len(j.comment)) for j in judgements_in(town)] == [
            ("wrong", 500),
            ("right", 0),
            ("none", 0),
        ]

    @pytest.mark.parametrize("given_", [{}, {"answer": "0123"}, {"verdict": "right"}])
    def test_nobody_else_can(self, assistant, town, given_):
        judging = Judging(Feedback(assistant.searcher.archive))
        judging.offer(assistant.ask(COST), [], None, filtered=False)
        assert not judging.judge(given_)["kept"]
        assert not (town / FILE).exists()

    def test_a_strange_verdict_is_told(self, assistant):
        judging = Judging(Feedback(assistant.searcher.archive))
        name = judging.offer(assistant.ask(COST), [], None, filtered=False)
        assert judging.judge({"answer": name, "verdict": "maybe"}) == {
            "kept": False, "told": "This page is out of date: load it again.",
        }  # fmt: skip

    def test_half_a_letter_in_a_comment_is_no_fault(self, assistant, town):
        judging = Judging(Feedback(assistant.searcher.archive))
        name = judging.offer(assistant.ask(COST), [], None, filtered=False)
        assert judging.judge({"answer": name, "verdict": "wrong", "comment": "\ud800 no"})["kept"]
        assert judgements_in(town)[0].comment == "? no"


class TestRemoval:
    def test_an_erased_article_leaves_with_what_cited_it(self, assistant, town):
        feedback = keep(assistant, judged(assistant, COST), judged(assistant, OPEN), judged(assistant, OFF))
        erased = erase(Archive.open(town), urls=[TOWN[0]["url"]])
        assert erased.proven
        assert [judgement.question for judgement in feedback.judgements()] == [OPEN, OFF]
        assert not bytes_hold(town, "12 million crowns, Mayor")

    @pytest.mark.parametrize(
        "comment",
        ["It says: “The old bridge was closed in January after divers found cracks", TOWN[0]["headline"] + "!"],
    )
    def test_so_do_its_words_in_a_comment(self, assistant, town, comment):
        other = judged(assistant, OPEN, Opinion.WRONG, "Nobody decided it")
        feedback = keep(assistant, judged(assistant, OPEN, Opinion.WRONG, comment), other)
        assert erase(Archive.open(town), urls=[TOWN[0]["url"]]).proven
        assert feedback.judgements() == [other]

    def test_and_those_pasted_from_the_middle_of_it(self, assistant, town):
        feedback = keep(
            assistant, judged(assistant, OPEN, Opinion.WRONG, "closed in January after divers found cracks in")
        )
        erase(Archive.open(town), urls=[TOWN[0]["url"]])
        assert feedback.judgements() == []

    def test_a_kill_does_the_same(self, assistant, town, tmp_path):
        feedback = keep(assistant, judged(assistant, COST), judged(assistant, OFF))
        kill = TOWN[0] | {"body": "Kill: do not use it.", "pubstatus": "canceled", "version": 2}
        ingest([write_articles(tmp_path / "kill", [kill])], town, embedder=WordHashEmbedder())
        assert [judgement.question for judgement in feedback.judgements()] == [OFF]

    def test_an_answer_that_is_judged_after_the_erasure_is_not_kept(self, assistant, town):
        late = judged(assistant, COST)
        erase(Archive.open(town), urls=[TOWN[0]["url"]])
        with pytest.raises(WrongUse, match="ask again"):
            keep(assistant, late)
        assert not bytes_hold(town, "12 million crowns, Mayor")

    def test_a_redacted_name_is_replaced_and_the_quotes_still_hold(self, assistant, town):
        asked = judged(
            assistant, "What did Edda Holt say the bridge at Orle will cost?", Opinion.WRONG, "EDDA HOLT said it"
        )
        late = judged(assistant, COST)
        feedback = keep(assistant, asked)
        assert redact(Archive.open(town), "Edda Holt", "the accused mayor").proven
        feedback.add(late)
        assert not bytes_hold(town, "Edda Holt") and not bytes_hold(town, "EDDA HOLT")
        for judgement in feedback.judgements():
            for cited in judgement.citations:
                versions = {version.revision: version for version in Archive.open(town).revisions(cited.article_id)}
                assert versions[cited.revision].body[cited.start : cited.end] == cited.quote
                assert "the accused mayor" in cited.quote
        assert feedback.judgements()[0].comment == "the accused mayor said it"

    def test_a_redaction_stays_within_its_scope(self, assistant, town):
        feedback = keep(assistant, judged(assistant, OPEN, Opinion.WRONG, "Ask Edda Holt"))
        redact(Archive.open(town), "Edda Holt", "X", scope="publisher:Northern Post")
        assert feedback.judgements()[0].comment == "Ask Edda Holt"

    def test_a_name_in_an_address_takes_the_judgement_along(self, assistant, town):
        feedback = keep(assistant, judged(assistant, OPEN, Opinion.WRONG, "see https://bell.example/edda_holt"))
        redact(Archive.open(town), "Edda Holt", "X")
        assert feedback.judgements() == []


class TestQuestions:
    def test_the_last_word_on_a_question_counts(self, assistant, town):
        keep(
            assistant, judged(assistant, COST, Opinion.WRONG), judged(assistant, OFF), judged(assistant, OPEN),
            judged(assistant, COST), judged(assistant, OPEN, Opinion.NONE),
        )  # fmt: skip
        cost, off = questions(town)
        quote = "The new bridge at Orle will cost 12 million crowns, Mayor Edda Holt said on Monday."
        assert (cost.text, cost.kind, cost.asked_on) == (COST, ANSWERABLE, DAY)
        assert GoldFact(TOWN[0]["url"], quote) in cost.gold
        assert (off.text, off.kind, off.answerable) == (OFF, UNANSWERABLE, False)

    def test_the_same_words_in_another_chat_are_another_question(self, assistant, town):
        keep(assistant, judged(assistant, COST), judged(assistant, COST, turns=[Turn(OFF)]))
        assert [question.history for question in questions(town)] == [(), (OFF,)]
        assert len({question.id for question in questions(town)}) == 2

    def test_the_file_reads_as_questions(self, assistant, town, tmp_path):
        keep(assistant, judged(assistant, COST), judged(assistant, OFF))
        export(town, tmp_path / "asked.jsonl")
        assert questions_of(tmp_path / "asked.jsonl") == questions(town)

    @pytest.mark.parametrize(
        ("question", "verdict", "filtered", "told"),
        [
            (COST, Opinion.WRONG, False, "12 million crowns"),
            (OFF, Opinion.WRONG, False, "silent"),
            (OFF, Opinion.RIGHT, True, "filters"),
        ],
    )
    def test_what_an_editor_must_fill_is_no_question_yet(
        self, assistant, town, tmp_path, question, verdict, filtered, told
    ):
        keep(assistant, judged(assistant, question, verdict, "it was\u2028Ada", filtered=filtered))
        assert questions(town) == []
        file = tmp_path / "asked.jsonl"
        assert export(town, file).todo == 1
        (line,) = file.read_text("utf-8").splitlines()
        record = json.loads(line)
        assert record["gold"] == [] and told in record["todo"]
        assert ("Ada" in record["todo"]) == (verdict is Opinion.WRONG)
        with pytest.raises(QuestionsUnreadable, match="todo"):
            questions_of(file)
        del record["todo"]
        file.write_text(json.dumps(record))
        assert questions_of(file)[0].text == question

    def test_an_editors_work_is_not_written_over(self, assistant, town, tmp_path):
        keep(assistant, judged(assistant, COST, Opinion.WRONG))
        file = tmp_path / "asked.jsonl"
        export(town, file)
        worked_on = file.read_text().replace('"answer": ""', '"answer": "15 million"').rstrip("\n")
        file.write_text(worked_on)
        keep(assistant, judged(assistant, OFF))
        assert (export(town, file).questions, export(town, file).known) == (1, 2)
        assert file.read_text().startswith(worked_on + "\n")
        assert len(file.read_text().splitlines()) == 2

    def test_a_file_of_something_else_is_left_alone(self, assistant, town, tmp_path):
        (tmp_path / "notes.txt").write_text("Buy milk.\n")
        with pytest.raises(WrongUse, match="give another name"):
            export(town, tmp_path / "notes.txt")
        assert (tmp_path / "notes.txt").read_text() == "Buy milk.\n"

    def test_an_archive_without_feedback_has_no_questions(self, town):
        assert questions(town) == []
