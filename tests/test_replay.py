"""Replay says whether the archive still gives the same answer, and what changed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from conftest import TOWN, write_articles

from ingest import ingest
from rag.__main__ import main
from rag.assistant import Assistant
from rag.embedder import WordHashEmbedder
from rag.receipt import Receipt
from rag.removal import erase
from rag.replay import Standing, replay

COST = "How much will the new bridge at Orle cost?"


@pytest.fixture
def file(town, tmp_path):
    made = tmp_path / "receipt.json"
    assert main(["ask", COST, "--archive", str(town), "--receipt", str(made)]) == 0
    return made


def replayed(file, town, capsys) -> tuple[int, dict]:
    capsys.readouterr()
    code = main(["replay", str(file), "--archive", str(town), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_nothing_changed(file, town, capsys):
    code, told = replayed(file, town, capsys)
    assert code == 0 and told["answer_is_same"] and not told["changes"]
    assert {quote["stands"] for quote in told["quotes"]} == {Standing.IN_PLACE}


def test_a_corrected_article_is_named_with_its_version(file, town, tmp_path, capsys):
    newer = TOWN[0] | {"body": TOWN[0]["body"].replace("12", "13"), "updated": "2026-03-03T08:00:00+00:00"}
    ingest([write_articles(tmp_path / "newer", [newer])], town, embedder=WordHashEmbedder())
    code, told = replayed(file, town, capsys)
    assert code == 1 and not told["answer_is_same"]
    assert any("new version" in change and "2026-03-03" in change for change in told["changes"])


def test_an_erased_article_leaves_no_word(file, town, capsys):
    receipt = Receipt.from_json(file.read_text())
    cited = receipt.answer["citations"][0]
    assistant = Assistant.open(town)
    erase(assistant.searcher.archive, ids=[cited["article_id"]], reason="test")
    told = replay(receipt, assistant)
    assistant.close()
    lines = "\n".join(told.lines())
    assert "1 cited article is no longer in the archive." in lines and not told.same
    assert cited["quote"] not in lines and cited["headline"] not in lines
    assert (cited["number"], Standing.GONE) in told.quotes


def test_the_words_of_a_model_are_not_replayed(file, town):
    receipt = Receipt.from_json(file.read_text())
    assistant = Assistant.open(town)
    told = replay(replace(receipt, answer=receipt.answer | {"model": "openai:x"}), assistant)
    assistant.close()
    assert told.answer_is_same is None and told.same


@pytest.mark.parametrize("arguments", [("replay", "/nowhere.json"), ("ask", COST, "--receipt", "x.pdf")])
def test_wrong_use_is_one_line(town, arguments, capsys):
    assert main([*arguments, "--archive", str(town)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_changed_receipt_is_refused(file, town, capsys):
    file.write_text(file.read_text().replace("12 million", "19 million"))
    assert main(["replay", str(file), "--archive", str(town)]) == 2
    assert "digest" in capsys.readouterr().err
