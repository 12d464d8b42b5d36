"""python -m eval, in process: what it asks, writes and prints over a small archive, and how it ends on an error."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from eval import record
from eval.__main__ import main
from eval.question import Split
from eval.question_files import questions_of
from rag.assistant import Assistant
from rag.feedback import Feedback
from rag.judgement import Judgement, Opinion

DAY = date(2026, 3, 10)
COST = "What will the new bridge at Orle cost?"
ASKED = [
    {"id": "cost", "text": COST, "asked_on": "2026-03-03", "split": "tune", "kind": "number",
     "gold": [{"url": "https://bell.example/bridge", "fact": "The new bridge at Orle will cost 12 million crowns"}]},
    {"id": "votes", "text": "How did the council vote on the library?", "asked_on": "2026-03-10", "split": "report",
     "gold": [{"url": "https://bell.example/library", "fact": "the council decided by 14 votes to 9"}]},
]  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in ASKED), "utf-8")
    return file


@pytest.fixture
def asked(file: Path, town: Path, tmp_path: Path):
    """Runs ``python -m eval run`` with these further arguments; gives the folder of its runs."""

    def run(*more: str) -> Path:
        given = ["--questions", str(file), "--archive", str(town), "--work", str(tmp_path / "work")]
        assert main(["run", *given, *more]) == 0
        return tmp_path / "work" / "runs"

    return run


def test_a_run_names_its_questions_and_its_files_agree(asked, file):
    run = record.read(asked("--name", "Before Lunch") / "before-lunch")
    assert (run.name, run.questions) == ("Before Lunch", str(file))
    assert [outcome.question for outcome in run.outcomes] == questions_of(file)
    assert run.setting["archive"]["articles"] == 3


def test_the_trec_files_rank_every_question(asked):
    folder = asked() / "run"
    ranked = {line.split()[0] for line in (folder / "articles.run").read_text("ascii").splitlines()}
    judged = {line.split()[2] for line in (folder / "articles.qrels").read_text("ascii").splitlines()}
    assert ranked == {"cost", "votes"}
    assert judged == {"https://bell.example/bridge", "https://bell.example/library"}


def test_a_half_alone_is_asked(asked):
    run = record.read(asked("--half", "report", "--name", "half") / "half")
    assert [outcome.question.split for outcome in run.outcomes] == [Split.REPORT]


def test_json_has_every_figure_with_its_interval(asked, capsys):
    asked("--json")
    told = json.loads(capsys.readouterr().out)["run"]
    assert set(told) == {"tune", "report"}
    hits = told["tune"]["hits@10"]
    assert hits["n"] == 1 and hits["low"] <= hits["mean"] == 1 <= hits["high"]


def test_the_table_goes_half_by_half_and_says_where_the_runs_are(asked, capsys):
    folder = asked()
    out = capsys.readouterr().out
    assert "tune: 1 questions" in out and "report: 1 questions" in out
    assert "p95 ms" in out and f"python -m eval report {folder}/*" in out


def test_the_same_twice_is_told_as_the_same(asked, capsys):
    for name in ("one", "two"):
        runs = asked("--name", name)
    capsys.readouterr()
    assert main(["compare", str(runs / "one" / "run.json"), str(runs / "two"), "--half", "tune"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "two against one"
    (hits,) = [line for line in lines if line.startswith("hits@10 ")]
    assert hits.endswith("the same") and "+0.000" in hits


def test_runs_of_other_questions_are_not_compared(asked, file, capsys):
    runs = asked("--name", "all")
    asked("--name", "half", "--half", "tune")
    capsys.readouterr()
    assert main(["compare", str(runs / "all"), str(runs / "half")]) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1 and "run both on one file of questions" in captured.err
    assert not captured.out


def test_a_report_shows_all_runs_and_hides_the_failures_of_the_report_half(asked, file, tmp_path, capsys):
    gold = [{"url": "https://bell.example/nowhere", "fact": "Nobody wrote this."}]
    fail = [record | {"gold": gold, "text": f"Is {record['split']} missed?"} for record in ASKED]
    file.write_text("".join(json.dumps(record) + "\n" for record in fail), "utf-8")
    runs = asked("--name", "one", "--peers")
    pages = [tmp_path / "shown.html", tmp_path / "all.html"]
    for page, more in zip(pages, ([], ["--all-questions"]), strict=True):
        assert main(["report", str(runs / "one"), str(runs / "plain-chain"), "--out", str(page), *more]) == 0
    assert "shows 2 runs." in capsys.readouterr().out
    shown, whole = (page.read_text("utf-8") for page in pages)
    assert "plain chain" in shown and "Is tune missed?" in shown
    assert "Is report missed?" not in shown and "Is report missed?" in whole


def test_feedback_becomes_questions_that_can_be_run(town, tmp_path, capsys):
    assistant = Assistant.open(town)
    try:
        judgement = Judgement.of(assistant.ask(COST, asked_on=DAY), (), DAY, filtered=False)
        Feedback(assistant.searcher.archive).add(replace(judgement, **judgement.said(Opinion.RIGHT, "")))
    finally:
        assistant.close()
    out = tmp_path / "asked.jsonl"
    assert main(["feedback", "--archive", str(town), "--out", str(out)]) == 0
    assert "1 questions written" in capsys.readouterr().out
    given = ["--questions", str(out), "--archive", str(town), "--work", str(tmp_path / "work")]
    assert main(["run", *given]) == 0
    (scores,) = record.read(tmp_path / "work" / "runs" / "run").scores
    assert scores["gold_quoted"] == 1, "what was right is right again"


@pytest.mark.parametrize("bad", ["questions", "line", "archive", "run"])
def test_an_error_is_one_line_and_the_status_2(file, town, tmp_path, capsys, bad):
    nowhere = str(tmp_path / "nowhere")
    run = ["run", "--work", str(tmp_path / "work"), "--questions", str(file), "--archive", str(town)]
    if bad == "line":
        file.write_text("{oops\n" * 2, "utf-8")
    given = {
        "questions": [*run, "--questions", nowhere],
        "line": run,
        "archive": [*run, "--archive", nowhere],
        "run": ["report", nowhere, "--out", str(tmp_path / "report.html")],
    }[bad]
    assert main(given) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1 and captured.err.endswith(".\n")
    assert not captured.out and not (tmp_path / "report.html").exists()


@pytest.mark.parametrize("given", [[], ["judge"], ["run"], ["compare"], ["run", "--half", "both"]])
def test_what_is_not_understood_is_told_by_its_usage(given, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(given)
    assert stopped.value.code == 2
    assert "usage: python -m eval" in capsys.readouterr().err


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--help"])
    assert stopped.value.code == 0
    out = capsys.readouterr().out
    assert all(name in out for name in ("run", "compare", "report", "floors", "feedback", "multihop", "squad"))


def test_run_compare_and_report(file, town, tmp_path, capsys):
    for name in ("before", "after"):
        given = ["--questions", str(file), "--archive", str(town), "--name", name, "--work", str(tmp_path / "work")]
        assert main(["run", *given]) == 0
    runs = tmp_path / "work" / "runs"
    assert {f.name for f in (runs / "before").iterdir()} >= {"run.json", "articles.run", "passages.qrels"}
    assert main(["compare", str(runs / "before"), str(runs / "after")]) == 0
    assert "hits@4" in capsys.readouterr().out
    assert main(["report", str(runs / "before"), "--out", str(tmp_path / "report.html")]) == 0
    assert "<html" in (tmp_path / "report.html").read_text("utf-8")


def test_a_run_that_is_not_there_ends_in_one_line(tmp_path, capsys):
    assert main(["compare", str(tmp_path / "a"), str(tmp_path / "b")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_peers_are_asked_the_same(file, town, tmp_path, capsys):
    given = ["--questions", str(file), "--archive", str(town), "--peers", "--json", "--work", str(tmp_path / "work")]
    assert main(["run", *given]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"run", "plain chain", "lexical alone", "dense alone"}


def test_a_run_stays_in_its_folder_whatever_it_is_called(asked, tmp_path):
    runs = asked("--name", "../../Out side")
    assert [folder.name for folder in runs.iterdir()] == ["out-side"]
    assert {f.name for f in tmp_path.iterdir()} <= {"work", "questions.jsonl", "news", "archive"}


def test_what_cannot_be_done_is_told_in_one_line(asked, tmp_path, capsys):
    runs = asked("--half", "tune")
    one = str(runs / "run")
    capsys.readouterr()
    for given in (
        ["compare", one],
        ["compare", one, one, "--half", "report"],
        ["feedback", "--archive", str(tmp_path / "nowhere"), "--out", str(tmp_path / "asked.jsonl")],
        ["report", one, "--out", str(runs)],
    ):
        assert main(given) == 2, given
        assert capsys.readouterr().err.count("\n") == 1, given


def test_a_report_makes_the_folder_it_is_to_lie_in(asked, tmp_path):
    runs = asked()
    assert main(["report", str(runs / "run"), "--out", str(tmp_path / "new" / "report.html")]) == 0
    assert (tmp_path / "new" / "report.html").is_file()


@pytest.mark.parametrize("given", [["squad", "--data"], ["extraction", "--data"], ["throughput", "--tarball"]])
def test_data_that_are_not_there_are_told_in_one_line(given, tmp_path, capsys):
    assert main([*given, str(tmp_path / "nowhere"), "--work", str(tmp_path / "work")]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "is not there" in told
