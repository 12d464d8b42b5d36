"""evaluate, the files it reads and writes, and the commands: over a small archive, with a LangChain retriever and ours."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from eval import floors, record
from eval.__main__ import main
from eval.floors import Figure, FloorLowered, pinned, shortfalls
from eval.peers import PEERS, Haystack
from eval.question import Split
from eval.question_files import SAMPLE_QUESTIONS, QuestionsUnreadable, halves, questions_of
from eval.reference import Reference
from eval.run import evaluate
from eval.workplace import KeptVectors
from rag.assistant import Assistant
from rag.embedder import WordHashEmbedder
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


def test_a_function_is_asked_once_more_for_its_cold_start_and_told_the_chat(tmp_path):
    asked, done = [], []
    talk = {"id": "talk", "asked_on": "2026-03-03", "turns": [{"text": "The bridge?"}, {"text": "Who says so?"}]}

    def find(question):
        asked.append((question.id, question.history))
        return []

    questions = questions_of(written(tmp_path, talk))
    run = evaluate(find, questions, progress=lambda *place: done.append(place))
    assert asked == [("talk-1", ()), ("talk-1", ()), ("talk-2", ("The bridge?",))]
    assert done == [(1, 2), (2, 2)]
    assert (run.system, [outcome.found for outcome in run.outcomes]) == ("find", [(), ()])


def test_a_retriever_gets_the_chat_in_front_of_its_question(tmp_path):
    heard = []

    class Listener(BaseRetriever):
        def _get_relevant_documents(self, query, *, run_manager):
            heard.append(query)
            return []

    evaluate(Listener(), questions_of(written(tmp_path, ASKED[0] | {"history": ["And the ferry?"]})))
    assert set(heard) == {"And the ferry? What will the new bridge at Orle cost?"}


def test_as_of_and_the_number_wanted_reach_our_retriever(tmp_path, searcher):
    retriever = NewsRetriever(searcher=searcher, k=1)
    asked = questions_of(written(tmp_path, ASKED[0], ASKED[0] | {"id": "early", "as_of": "2026-03-04"}))
    now, early = (outcome.found for outcome in evaluate(retriever, asked, archive=searcher.archive).outcomes)
    assert {found.source.url for found in now} > {"https://bell.example/bridge"}, "ten are asked for, not one"
    assert {found.source.url for found in early} == {"https://bell.example/bridge"}
    assert len(evaluate(retriever, asked, k=1).outcomes[0].found) == 1
    assert (retriever.k, retriever.as_of) == (1, None), "somebody's retriever stays as it was"


def test_the_relevant_are_counted_among_what_could_have_been_found(file, searcher):
    asked, archive = questions_of(file), searcher.archive
    counted = [o.relevant for o in evaluate(lambda q: [], asked, archive=archive).outcomes]
    assert counted == [1, 1, None], "without gold there is nothing to count"
    cut = ["The new bridge at Orle will\ncost 12 million  crowns, she said.", "It will cost 12 million crowns"] * 2
    counted = [o.relevant for o in evaluate(lambda q: [], asked, archive=archive, passages=cut).outcomes]
    assert counted == [2, 0, None], "however the lines are broken"
    assert [o.relevant for o in evaluate(lambda q: [], asked).outcomes] == [None] * 3


def test_a_quote_holds_only_at_its_place_in_its_version_inside_its_passage(file, searcher):
    cited = evaluate(Assistant(searcher), questions_of(file)).outcomes[0].citations[0]
    reference = Reference(searcher.archive)
    assert cited.holds and reference.holds(cited)
    moved = replace(cited, start=cited.start + 1, end=cited.end + 1)
    outside = replace(cited, passage_start=cited.end, passage=cited.passage[:5])
    other = replace(cited, source=replace(cited.source, revision="another"))
    unknown = replace(cited, source=replace(cited.source, article="nowhere"))
    empty = replace(cited, end=cited.start, quote="")
    reworded = replace(cited, quote=cited.quote.swapcase())
    assert not any(map(reference.holds, (moved, outside, other, unknown, empty, reworded)))


@pytest.mark.parametrize("of", PEERS, ids=lambda of: of.__name__)
def test_every_peer_finds_in_the_same_archive(file, searcher, of):
    kept = WordHashEmbedder()
    peer = of(Haystack(searcher, KeptVectors(":memory:", kept)))
    run = evaluate(peer.find, questions_of(file), archive=searcher.archive, passages=peer.passages, name=peer.name)
    assert [scores["hits@10"] for scores in run.scores[:2]] == [1, 1]
    found = [passage for outcome in run.outcomes for passage in outcome.found]
    assert {passage.source.article for passage in found} <= searcher.archive.article_ids()


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
