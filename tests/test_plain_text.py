"""Wire files and other plain texts, in the shapes in which they come."""

import textwrap
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest import ingest
from ingest.readers import reader_for
from ingest.readers.plain_text import PlainText
from ingest.source import Source
from rag.archive import Archive
from rag.article import Status
from rag.embedder import WordHashEmbedder
from rag.errors import ReaderError

SEED = Path(__file__).resolve().parents[2] / "shared" / "seed"

WIRE = """\
Harbour bridge to stay shut until June
Engineers found cracks in two more piers

By Ann Lee and Omar Haddad
4 March 2026, 14:05 GMT
HARLOW BAY
The harbour bridge will stay shut until June, the port authority said on Tuesday.
“We will not take risks,” said the harbour master, Ines Falk.
The bridge had carried 9,000 cars a day.
Bay Wire publishes only part of its service on this website, in short form. For subscriptions contact the sales desk.
"""


def read(text: str, name: str = "news/bridge.txt"):
    source = Source(name, text.encode())
    return next(iter(reader_for(source).read(source)))


def test_a_wire_file_falls_into_its_parts():
    article = read(WIRE)
    assert article.headline == "Harbour bridge to stay shut until June"
    assert article.standfirst == "Engineers found cracks in two more piers"
    assert article.bylines == ("Ann Lee", "Omar Haddad")
    assert article.first_published.instant == datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
    assert article.dateline == "HARLOW BAY"
    assert article.publisher == article.originator == "Bay Wire"
    assert article.credit.startswith("Bay Wire publishes only part")
    assert article.identity == "text:2026-03-04:bridge.txt:Harbour bridge to stay shut until June"
    assert article.body.split("\n\n") == WIRE.split("\n")[6:9]


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_other_line_ends_read_the_same(line_end):
    assert read(WIRE.replace("\n", line_end)) == read(WIRE)


def test_headline_and_paragraphs_alone():
    article = read("Ferry late again\nThe ferry ran late.\nNobody was hurt.")
    assert (article.headline, article.standfirst) == ("Ferry late again", "")
    assert article.body == "The ferry ran late.\n\nNobody was hurt."


def test_paragraphs_wrapped_at_a_width_are_joined():
    paragraphs = [
        "The ferry that links the bay with the islands ran two hours late after its engine failed in the swell.",
        "Nobody was hurt, said the harbour master, Ines Falk, who promised a report on it by the end of the week.",
    ]
    wrapped = "\n\n".join(textwrap.fill(paragraph, 72) for paragraph in paragraphs)
    assert read(f"Ferry late again\n\n{wrapped}\n").body == "\n\n".join(paragraphs)


def test_an_inline_dateline_is_cut_and_names_the_agency():
    article = read("Ferry late again\n\nHARLOW BAY, March 4 (AP) — The ferry ran late.\n\nNobody was hurt.")
    assert (article.dateline, article.originator) == ("HARLOW BAY", "Associated Press")
    assert article.body.startswith("The ferry ran late.")


def test_a_header_block():
    article = read(
        "Headline: Ferry late again\nPublished: March 4, 2026\nUpdated: 5 March 2026 08:00 UTC\n"
        "Publisher: The Post\nURL: https://post.example/ferry?utm_source=feed\nByline: By Ann Lee\n"
        "Correction: It was two hours, not three.\n"
        "\nThe ferry ran late.\n\nNobody was hurt."
    )
    assert (article.headline, article.publisher, article.bylines) == ("Ferry late again", "The Post", ("Ann Lee",))
    assert (article.first_published.day, article.this_version.day) == ("2026-03-04", "2026-03-05")
    assert article.identity == "https://post.example/ferry"
    assert article.status is Status.CORRECTED
    assert article.body == "The ferry ran late.\n\nNobody was hurt."


def test_a_real_last_paragraph_about_subscriptions_stays():
    ending = "The paper has two million subscribers and will raise the price of subscriptions in May."
    article = read(f"Paper grows\n\nThe paper grew.\n{ending}")
    assert article.body.endswith(ending)
    assert article.credit == ""


def test_a_colon_in_the_headline_is_no_header():
    assert read("Live: ferry late again\n\nThe ferry ran late.").headline == "Live: ferry late again"


def test_capitals_further_down_are_no_dateline():
    article = read("Ferry late again\n\nThe ferry ran late.\nBACKGROUND\nIt was built in 1970.")
    assert article.dateline == ""
    assert "BACKGROUND" in article.body


@pytest.mark.parametrize(("text", "reason"), [("Only a headline", "no body text"), ("word " * 100, "no headline")])
def test_what_makes_no_article_says_why(text, reason):
    with pytest.raises(ReaderError, match=reason):
        read(text)


def test_a_body_beyond_the_limit_is_refused():
    with pytest.raises(ReaderError, match="longer than 2 MB"):
        read("Long\n\n" + "word " * 500_000)


def test_other_formats_are_left_to_their_readers():
    for name, data in (("feed.xml", b"<rss/>"), ("table.csv", b"a,b"), ("a.txt", b'{"a": 1}')):
        assert not PlainText().accepts(Source(name, data))


def test_a_file_of_the_same_name_every_day_is_a_story_every_day(tmp_path, monkeypatch):
    for day, body in (("0304", "Rain."), ("0305", "Sun.")):
        (tmp_path / day).mkdir()
        (tmp_path / day / "weather.txt").write_text(f"Weather today\n\n{body}")
    monkeypatch.chdir(tmp_path / "0305")
    for location, stored in ((tmp_path, 2), ("weather.txt", 0)):
        assert ingest([location], tmp_path / "a", embedder=WordHashEmbedder()).stored == stored
    assert sorted(article.body for article in Archive.open(tmp_path / "a").articles()) == ["Rain.", "Sun."]


def test_the_day_in_the_text_is_told_before_the_folder():
    monday, moved, tuesday = (
        read(f"Weather today\n\n{day} March 2026\n\nRain.", f"{folder}/weather.txt")
        for day, folder in ((2, "in"), (2, "kept"), (3, "in"))
    )
    assert monday.identity == moved.identity != tuesday.identity


@pytest.mark.parametrize("unit", [" ", "\n ", "@", ", ", "A/", "1,"])
def test_a_text_of_one_character_takes_no_time(unit):
    start = time.perf_counter()
    read(f"Ferry late again\n\nx{unit * (100_000 // len(unit))}y [+9 chars]")
    assert time.perf_counter() - start < 5


def test_the_first_article_of_the_project():
    file = SEED / "000_990bacac988589a9.txt"
    if not file.exists():
        pytest.skip(f"{file} is not here")
    article = read(file.read_text(), str(file))
    assert article.dateline == "ISTANBUL"
    assert article.publisher == article.originator == "Anadolu Agency"
    assert len(article.standfirst) > 100
    assert "subscribers" in article.credit and "subscribers" not in article.body
    assert len(article.body.split("\n\n")) == 19
