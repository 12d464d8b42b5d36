"""evaluate, the files it reads and writes, and the commands: over a small archive, with a LangChain retriever and ours."""

from __future__ import annotations

import json

import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from eval import floors, record
from eval.__main__ import main
from eval.floors import Figure, FloorLowered, pinned, shortfalls
from eval.question import Split
from eval.question_files import SAMPLE_QUESTIONS, QuestionsUnreadable, halves, questions_of
from eval.run import evaluate
from rag.assistant import Assistant
from rag.retriever import NewsRetriever

ASKED = [
    {"id": "cost", "text": "What will the new bridge at Orle cost?", "asked_on": "2026-03-03", "kind": "number",
     "gold": [{"url": "https://bell.example/bridge", "fact": "The new bridge at Orle will cost 12 million crowns"}]},
    {"id": "votes", "text": "How did the council vote on the library?", "asked_on": "2026-03-10", "split": "tune",
     "gold": [{"url": "https://bell.example/library", "fact": "the council decided by 14 votes to 9"}]},
    {"id": "none", "text": "Who won the regatta at Pellow?", "asked_on": "2026-03-10"},
]  # fmt: skip


@pytest.fixture
def file(tmp_path):
    return written(tmp_path, *ASKED)


def written(folder, *records):
    file = folder / "questions.jsonl"
    file.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return file


class Somebodys(BaseRetriever):
    """Gives one document, with the metadata that LangChain's loaders write."""

    def _get_relevant_documents(self, query, *, run_manager):
        text = "The new bridge at Orle will cost 12 million crowns, Mayor Edda Holt said on Monday."
        return [Document(page_content=text, metadata={"source": "https://bell.example/bridge"})]


# -- evaluate ----------------------------------------------------------------------------------------------------------


def test_any_langchain_retriever_is_measured(file, searcher):
    run = evaluate(Somebodys(), questions_of(file), archive=searcher.archive)
    assert run.scores[0]["hits@4"] == run.scores[0]["article_recall@10"] == 1
    assert run.scores[1]["hits@10"] == 0
    assert "gold_quoted" not in run.scores[0], "a retriever answers nothing"
    assert run.outcomes[0].found[0].source.article, "the archive knows its article by the address"


def test_our_retriever_is_told_the_day(file, searcher):
    run = evaluate(NewsRetriever(searcher=searcher), questions_of(file), archive=searcher.archive)
    assert run.scores[0]["hits@10"] == run.scores[1]["hits@10"] == 1
    assert all(found.source.is_current for found in run.outcomes[0].found)


def test_an_assistant_is_measured_by_its_answers(file, searcher):
    run = evaluate(Assistant(searcher), questions_of(file))
    assert run.scores[0]["citations_hold"] == 1
    assert set(run.outcomes[0].seconds) == {"search", "first words", "answer"}
    assert run.outcomes[2].refused == bool(run.scores[2]["refusal_recall"])
    assert run.setting["archive"]["articles"] == 3


def test_a_run_is_read_as_it_was_written(file, searcher, tmp_path):
    run = evaluate(Assistant(searcher), questions_of(file), name="one")
    assert record.read(record.write(run, tmp_path / "one")) == run


def test_a_run_that_is_none_is_told_with_its_cure(tmp_path):
    with pytest.raises(record.RunUnreadable, match="make one with 'python -m eval run"):
        record.read(tmp_path)


# -- files of questions ------------------------------------------------------------------------------------------------


def test_what_a_file_does_not_say_is_filled_in(file):
    cost, votes, none = questions_of(file)
    assert cost.kind == "number" and votes.kind == "question" and none.kind == "unanswerable"
    assert votes.split is Split.TUNE
    assert cost.answerable and not none.answerable


def test_a_conversation_is_a_question_a_turn(tmp_path):
    talk = {
        "id": "talk",
        "asked_on": "2026-03-03",
        "turns": [{"text": "What of the bridge?"}, {"text": "Who says so?"}],
    }
    first, second = questions_of(written(tmp_path, talk))
    assert (first.id, first.history) == ("talk-1", ())
    assert (second.id, second.history) == ("talk-2", ("What of the bridge?",))


def test_multihop_rags_form_takes_all_facts_together(tmp_path):
    asked = {"query": "Do both agree?", "answer": "no", "question_type": "comparison_query"}
    asked["evidence_list"] = [
        {"url": "https://a.example/1", "fact": "one"},
        {"url": "https://b.example/2", "fact": "two"},
    ]
    (question,) = questions_of(written(tmp_path, asked))
    assert question.together and question.kind == "comparison" and question.facts == ["one", "two"]


def test_squads_own_form_is_read(tmp_path):
    paragraph = "The weir was built in 1911. It is 40 metres long."
    asked = {"id": "w", "question": "How long is the weir?", "answers": [{"text": "40 metres", "answer_start": 34}]}
    never = {"id": "n", "question": "Who built it?", "answers": [], "is_impossible": True}
    whole = {"version": "v2.0", "data": [{"paragraphs": [{"context": paragraph, "qas": [asked, never]}]}]}
    file = tmp_path / "dev.json"
    file.write_text(json.dumps(whole), "utf-8")
    long, built = questions_of(file)
    assert long.facts == ["It is 40 metres long."] and long.answer == "40 metres"
    assert not built.answerable


@pytest.mark.parametrize(
    ("records", "told"),
    [
        ([{"text": "When?"}], "has no 'asked_on'"),
        ([{"text": "When?", "asked_on": "soon"}], "is not as it should be"),
        ([{"text": "When?", "asked_on": "2026-03-03", "todo": "give its gold"}], "waits for an editor"),
        ([ASKED[0], ASKED[0]], "two questions cost"),
        (["When?"], "is no JSON object"),
        ([], "holds no question"),
    ],
)
def test_a_bad_file_of_questions_is_told_in_one_line(tmp_path, records, told):
    with pytest.raises(QuestionsUnreadable, match=told) as error:
        questions_of(written(tmp_path, *records))
    assert "\n" not in str(error.value)


def test_halves_go_by_turns_and_stay():
    split = halves(str(n) for n in range(101))
    assert abs(2 * sum(half is Split.TUNE for half in split.values()) - 101) == 1
    assert split == halves(str(n) for n in reversed(range(101)))


def test_the_shipped_questions_are_a_third_unanswerable():
    questions = questions_of(SAMPLE_QUESTIONS)
    assert len(questions) >= 300
    assert sum(not question.answerable for question in questions) >= len(questions) / 3


# -- floors ------------------------------------------------------------------------------------------------------------

FLOORS = {"data": {"sample": "d"}, "sample": {"hits@4": 0.8, "stale_citation": 0.2}, "extraction": {}}
GOOD = [Figure("sample", "hits@4", 0.9, 10), Figure("sample", "stale_citation", 0.1, 10, is_ceiling=True)]
BAD = [Figure("sample", "hits@4", 0.7, 10), Figure("sample", "stale_citation", 0.3, 10, is_ceiling=True)]


def test_what_lies_below_its_floor_or_above_its_ceiling_is_told():
    assert shortfalls(FLOORS, GOOD) == []
    low, high = shortfalls(FLOORS, BAD)
    assert "below the floor 0.8" in low and "above the ceiling 0.2" in high


def test_a_floor_is_raised_and_never_lowered_without_a_reason():
    raised = pinned(FLOORS, [Figure("sample", "hits@4", 0.95, 100)], {"sample": "d"})
    assert raised["sample"]["hits@4"] == 0.94
    assert pinned(FLOORS, GOOD, {"sample": "d"})["sample"] == FLOORS["sample"], "less a question is no lower"
    with pytest.raises(FloorLowered, match="hits@4: 0.700 is below"):
        pinned(FLOORS, BAD, {"sample": "d"})
    lowered = pinned(FLOORS, BAD[:1], {"sample": "d"}, because="the old figure counted copies")
    assert lowered["sample"]["hits@4"] == 0.6
    assert lowered["lowered"][0]["because"] == "the old figure counted copies"


def test_floors_of_other_questions_say_nothing():
    assert not floors.agree(FLOORS, {"sample": "other"})
    assert pinned(FLOORS, BAD[:1], {"sample": "other"})["sample"] == {"hits@4": 0.6}


# -- the commands ------------------------------------------------------------------------------------------------------


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
