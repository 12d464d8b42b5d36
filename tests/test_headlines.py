"""Headlines as questions: of an invented tarball in Reuters' form, and of the real one where it is here."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest
from conftest import SHARED

from eval import benchmarks, headlines
from eval.headlines import NEWS, PRINTED, TYPED, as_typed, drawn, spelling_of
from eval.plain import shown
from eval.question import Split
from eval.question_files import questions_of
from eval.workplace import Workplace
from rag.embedder import WordHashEmbedder

TARBALL = SHARED / "data" / "reuters21578" / "reut2.tar.xz"
MATTERS = "ferry harbour bridge library orchard tram weir lighthouse mill quarry".split()
TOWNS = "Orle Teck Wickering Halvern".split()


def story(number: int, headline: str, body: str) -> str:
    head = f'<REUTERS TOPICS="NO" NEWID="{number}"><DATE>26-FEB-1987 15:01:01.79</DATE><TEXT><TITLE>{headline}</TITLE>'
    return f"{head}<DATELINE>    ORLE, Feb 26 - </DATELINE><BODY>{body}\n Reuter\n</BODY></TEXT></REUTERS>\n"


def body(matter: str, town: str) -> str:
    return f"The council of {town} will close its old {matter} this winter, the mayor said. " + "It rained. " * 60


@pytest.fixture
def tarball(tmp_path: Path) -> Path:
    pairs = [(matter, town) for matter in MATTERS for town in TOWNS]
    told = [(f"{town} COUNCIL TO CLOSE OLD {matter}".upper(), body(matter, town)) for matter, town in pairs]
    told += [("QUARTERLY RESULTS OF ORLE MILLS", body("loom", town)) for town in TOWNS]  # one headline over several
    told += [("A SHORT STORY ABOUT THE SMALL FERRY", "Too short.")]
    sgml = "".join(story(n, *one) for n, one in enumerate(told, start=1)).encode("latin-1")
    with tarfile.open(tmp_path / "reut2.tar.xz", "w:xz") as tar:
        member = tarfile.TarInfo("reut2-000.sgm")
        member.size = len(sgml)
        tar.addfile(member, io.BytesIO(sgml))
    return tmp_path / "reut2.tar.xz"


def read(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def test_no_story_shows_the_headline_that_asks_for_it(tarball, tmp_path):
    files = drawn(tarball, tmp_path, count=100, asked=12)
    news = {article["url"]: article for article in read(files[NEWS])}
    assert len(news) == 44, "all but the short one"
    for question in read(files[PRINTED]):
        article = news[question["gold"][0]["url"]]
        assert question["text"].isupper()
        assert article["body"].startswith(article["headline"])
        assert question["text"].casefold() not in f"{article['headline']} {article['body']}".casefold()


def test_both_forms_ask_the_same_of_the_same_half(tarball, tmp_path):
    files = drawn(tarball, tmp_path, count=100, asked=12)
    printed, typed = questions_of(files[PRINTED]), questions_of(files[TYPED])
    assert [(q.id, q.split, q.gold) for q in printed] == [(q.id, q.split, q.gold) for q in typed]
    assert [q.text.casefold() for q in printed] == [q.text.casefold() for q in typed]
    assert any(q.text.startswith("Teck council to close old") for q in typed)
    assert {split: sum(q.split is split for q in typed) for split in Split} == {Split.TUNE: 6, Split.REPORT: 6}


def test_a_headline_over_several_stories_is_not_asked(tarball, tmp_path):
    files = drawn(tarball, tmp_path, count=100, asked=100)
    asked = read(files[TYPED])
    assert len(asked) == 40 and not any("results" in question["text"] for question in asked)


def test_the_same_stories_are_drawn_every_time(tarball, tmp_path):
    def made(name: str) -> list[bytes]:
        (tmp_path / name).mkdir()
        return [file.read_bytes() for file in drawn(tarball, tmp_path / name, count=20, asked=8).values()]

    assert made("one") == made("two")


def test_names_keep_their_capitals_and_other_words_lose_them():
    spelling = spelling_of(["The mayor of Teck met NATO officials.", "Officials of NATO left Teck; the mayor stayed."])
    assert as_typed("MAYOR OF TECK MEETS NATO OFFICIALS", spelling) == "Mayor of Teck meets NATO officials"


def test_dateline_is_tested_against_the_better_of_its_indexes(tarball, tmp_path):
    workplace = Workplace(tmp_path / "work", WordHashEmbedder())
    typed, printed = benchmarks.headlines(tarball, workplace)
    held = benchmarks.run(typed, workplace, half=Split.TUNE)
    assert [run.name for run in held] == ["Dateline", "lexical alone", "dense alone"]
    assert all(outcome.question.split is Split.TUNE for run in held for outcome in run.outcomes)
    lines = shown(held).splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["hits@4", "hits@10", "mrr@10"]
    assert all("not worse" in line or "better" in line for line in lines[2:])
    assert shown(held[:2]) == "", "without both there is no better one"
    assert printed.archive == typed.archive, "one archive for both"


def test_the_real_stories_give_300_questions(tmp_path):
    if not TARBALL.is_file():
        pytest.skip("../shared is not here")
    files = drawn(TARBALL, tmp_path)
    assert len(read(files[NEWS])) == headlines.STORIES
    assert len(questions_of(files[TYPED])) == headlines.QUESTIONS
