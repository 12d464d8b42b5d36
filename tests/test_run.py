"""evaluate over a small archive, with a LangChain retriever, ours, and a function; and the file that a run is kept in."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from eval import record
from eval.peers import PEERS, Haystack
from eval.question_files import questions_of
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


def test_half_a_surrogate_pair_does_not_cost_the_run(tmp_path, searcher):
    asked = questions_of(written(tmp_path, ASKED[0] | {"text": "What of the bridge \ud800?"}))
    run = evaluate(Assistant(searcher), asked, name="odd")
    assert record.read(record.write(run, tmp_path / "odd")) == run
