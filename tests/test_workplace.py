"""Workplace: an archive stays while its news, the model and our code do, and vectors are computed once."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import TOWN, write_articles

from eval import workplace as places
from eval.workplace import Workplace
from rag.archive import Archive
from rag.embedder import WordHashEmbedder


class OtherEmbedder(WordHashEmbedder):
    fingerprint = "another@256"


@pytest.fixture
def news(tmp_path: Path) -> Path:
    return write_articles(tmp_path / "news", TOWN).parent


@pytest.fixture
def work(tmp_path: Path) -> Workplace:
    return Workplace(tmp_path / "work", WordHashEmbedder())


def articles(archive: Path) -> int:
    held = Archive.open(archive)
    try:
        return held.counts()["articles"]
    finally:
        held.close()


def test_the_same_news_is_not_read_again(work, news):
    archive = work.archive("town", [news])
    mark = archive / "mark"
    mark.touch()
    assert work.archive("town", [news]) == archive and mark.exists()
    assert articles(archive) == 3


def test_other_news_makes_it_anew(work, news):
    mark = work.archive("town", [news]) / "mark"
    mark.touch()
    write_articles(news, TOWN[:1] + [TOWN[1] | {"url": "https://post.example/other", "body": "It snowed."}])
    assert articles(work.archive("town", [news])) == 2 and not mark.exists()


def test_other_code_makes_it_anew(work, news, tmp_path, monkeypatch):
    code = tmp_path / "splitter.py"
    code.write_text("LONGEST = 5", "utf-8")
    monkeypatch.setattr(places, "_CODE", (code,))
    mark = work.archive("town", [news]) / "mark"
    mark.touch()
    code.write_text("LONGEST = 6", "utf-8")
    work.archive("town", [news])
    assert not mark.exists()


def test_another_model_makes_it_anew(work, news, tmp_path):
    mark = work.archive("town", [news]) / "mark"
    mark.touch()
    Workplace(tmp_path / "work", OtherEmbedder()).archive("town", [news])
    assert not mark.exists()
