"""JSON, JSON lines and wrappers, in the spellings of public news sets, whole and damaged."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest import ingest
from ingest.readers import reader_for
from ingest.readers.json_records import JsonRecords
from ingest.source import Source
from rag.archive import Archive
from rag.article import Article, Kind, Status
from rag.embedder import WordHashEmbedder
from rag.errors import ReaderError

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "data" / "multihop_news" / "corpus.json"
TEXT = "The ferry ran late.\n\nNobody was hurt."


def read(value, name: str = "news.json") -> list:
    data = value if isinstance(value, bytes) else (value if isinstance(value, str) else json.dumps(value)).encode()
    source = Source(name, data)
    return list(reader_for(source).read(source))


def record(number: int = 1, **more) -> dict:
    return {"title": f"Ferry {number}", "body": TEXT, "url": f"https://post.example/{number}"} | more


def headlines(items: list) -> list[str]:
    return [item.headline if isinstance(item, Article) else "-" for item in items]


SETS = {
    "MultiHop": {"title": "Ferry", "author": "Ann Lee", "source": "The Post",
                 "published_at": "2026-03-04T14:05:00+00:00", "category": "local",
                 "url": "https://post.example/1", "body": TEXT},
    "NewsAPI": {"source": {"id": None, "name": "The Post"}, "author": "Ann Lee", "title": "Ferry",
                "description": "Late again", "url": "https://post.example/1", "publishedAt": "2026-03-04T14:05:00Z",
                "content": TEXT + "… [+9 chars]"},
    "CC-News": {"title": "Ferry", "text": TEXT, "domain": "www.post.example", "date": "2026-03-04 14:05:00",
                "description": "", "url": "https://post.example/1", "image_url": None, "authors": ["Ann Lee"]},
    "news-please": {"title": "Ferry", "maintext": TEXT, "authors": ["Ann Lee"], "date_publish": "2026-03-04 14:05:00",
                    "source_domain": "post.example", "url": "https://post.example/1", "language": "en"},
    "schema.org": {"@type": "NewsArticle", "headline": "Ferry", "articleBody": TEXT, "author": [{"name": "Ann Lee"}],
                   "publisher": {"name": "The Post"}, "datePublished": "2026-03-04T14:05:00Z",
                   "mainEntityOfPage": {"@id": "https://post.example/1"}},
    "JSON Feed": {"id": "1", "title": "Ferry", "content_html": "<p>The ferry ran late.</p><p>Nobody was hurt.</p>",
                  "date_published": "2026-03-04T14:05:00Z", "authors": [{"name": "Ann Lee"}], "url": "https://post.example/1",
                  "source": "The Post"},
    "AP": {"headline": "Ferry", "body": TEXT, "byline": "By Ann Lee", "provider": "The Post",
           "firstcreated": "2026-03-04T14:05:00Z", "versioncreated": "2026-03-04T15:00:00Z",
           "link": "https://post.example/1", "version": 3},
}  # fmt: skip


@pytest.mark.parametrize("spelling", SETS)
def test_the_spellings_of_public_sets(spelling):
    [article] = read([SETS[spelling]])
    assert article.headline == "Ferry"
    assert article.body.startswith(TEXT)
    assert "chars]" not in article.body
    assert article.bylines == ("Ann Lee",)
    assert article.publisher in ("The Post", "post.example")
    assert article.first_published.instant == datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
    assert article.identity == "https://post.example/1"


def test_times_are_kept_apart_and_say_where_they_stood():
    [article] = read(record(first_published="2026-03-04T14:05:00Z", dateModified="2026-03-05"))
    assert (article.first_published.known_by, article.first_published.raw) == (
        "json first_published",
        "2026-03-04T14:05:00Z",
    )
    assert article.this_version.known_by == "json dateModified (no zone given, read as UTC)"


@pytest.mark.parametrize(
    "shape",
    [
        [record(1), record(2)],
        {"articles": [record(1), record(2)]},
        {"status": "ok", "data": {"items": [record(1), record(2)]}},
        {"whatever": [record(1), record(2)]},
        json.dumps(record(1)) + "\n" + json.dumps(record(2)),
        "\ufeff" + json.dumps([record(1), record(2)]),
        json.dumps([record(1), record(2)]).encode("utf-16"),
    ],
)
def test_shapes(shape):
    assert headlines(read(shape)) == ["Ferry 1", "Ferry 2"]


@pytest.mark.parametrize("name", ["news.json", "news.jsonl"])
@pytest.mark.parametrize(
    "shape",
    [
        '{{"articles": [\n{0},\n{1}\n]}}',
        '{{\n"status": "ok",\n"data":\n[\n{0},\n{1}]\n}}',
        "[\n{0},\n{1}\n]",
        "{0}\n{1}\n",
    ],
)
def test_one_record_a_line_is_read_as_what_holds_it(shape, name):
    text = shape.format(json.dumps(record(1)), json.dumps(record(2)))
    assert headlines(read(text, name)) == ["Ferry 1", "Ferry 2"]


def test_lines_below_a_broken_first_one_and_text_behind_an_object_are_accounted_for():
    assert headlines(read('{"title": "bro\n' + json.dumps(record(1)) + "\n" + json.dumps(record(2)))) == [
        "-",
        "Ferry 1",
        "Ferry 2",
    ]
    assert headlines(read(json.dumps(record(1)) + "oops\n" + json.dumps(record(2)), "news.jsonl")) == ["-", "Ferry 2"]
    assert headlines(read(json.dumps(record(1), indent=1) + "\n" + json.dumps(record(2), indent=1))) == ["Ferry 1", "-"]


@pytest.mark.parametrize("name", ["news.json", "news.jsonl"])
def test_what_is_kept_of_a_bad_record_is_that_record(tmp_path, name):
    bad = {"title": "Zoë has no text\ud800"}
    lines = [json.dumps(record(1)), json.dumps(bad), '{"title": "Zoë is broken}', json.dumps(record(2))]
    text = "\n".join(lines) if name.endswith("l") else f"[{','.join(lines)}]"
    (tmp_path / name).write_text(text)
    assert ingest([tmp_path / name], tmp_path / "a", embedder=WordHashEmbedder()).stored == 2
    no_text, broken = (e.raw for e in Archive.open(tmp_path / "a").ledger() if e.outcome == "quarantined")
    assert json.loads(no_text) == bad
    assert broken.decode().startswith('{"title": "Zoë is broken}') and b"Ferry 1" not in broken


def test_no_more_than_a_mebibyte_is_kept_of_what_is_quarantined(tmp_path):
    (tmp_path / "large.json").write_text(json.dumps([{"title": "x" * 2**21}]))
    ingest([tmp_path / "large.json"], tmp_path / "a", embedder=WordHashEmbedder())
    [entry] = Archive.open(tmp_path / "a").ledger()
    assert len(entry.raw) == 2**20


@pytest.mark.parametrize(
    "odd",
    [
        {"url": "https://post.example/\ud800?q=\udfff"},
        {"date\ud800": "2026-03-04"},
        {"date": "4 March \ud800"},
        {"url": "", "publisher": "The Post\ud800", "guid": "a\ud800"},
        {"title": "\ud800Bridge", "url": "", "author": "Ann\ud800", "credit": "\ud800", "language": "e\ud800"},
    ],
)
def test_half_a_character_costs_neither_the_record_nor_its_neighbours(tmp_path, odd):
    (tmp_path / "n.json").write_text(
        json.dumps([record(1), record(2, body="Another text.") | odd, record(3, body="A third.")])
    )
    report = ingest([tmp_path / "n.json"], tmp_path / "a", embedder=WordHashEmbedder())
    assert (report.stored, len(report.quarantined)) == (3, 0)


def test_one_article_alone():
    assert headlines(read(record())) == ["Ferry 1"]
    assert headlines(read({"article": record()})) == ["Ferry 1"]


@pytest.mark.parametrize(
    "bad", [{"title": "No text"}, {"body": "No headline."}, {"title": "Empty", "body": " \u200b"}, {}]
)
def test_a_record_without_headline_or_text_costs_itself_alone(bad):
    items = read([record(1), bad, record(2)])
    assert headlines(items) == ["Ferry 1", "-", "Ferry 2"]
    assert str(items[1]).startswith("no ")


def test_the_reason_names_what_is_missing_and_what_was_there():
    [error] = read({"title": "No text", "link": "x"})
    assert "no body text" in str(error) and "link, title" in str(error)


@pytest.mark.parametrize("position", [0, 49, 99])
def test_one_bad_among_99_good(position):
    lines = [json.dumps(record(n)) for n in range(100)]
    lines[position] = '{"title": "bro'
    assert headlines(read("\n".join(lines), "news.jsonl")).count("-") == 1
    items = read("[" + ",".join(lines) + "]")
    assert sum(isinstance(item, Article) for item in items) >= 98


def test_a_cut_array_keeps_its_complete_records():
    whole = json.dumps([record(n) for n in range(5)])
    for end in (len(whole) - 1, len(whole) - 10, len(whole) // 2):
        items = read(whole[:end])
        assert headlines(items)[-1] == "-" and headlines(items).count("-") == 1
        assert len(items) >= 3
    assert headlines(read('{"articles": ' + whole[:-30])) == ["Ferry 0", "Ferry 1", "Ferry 2", "Ferry 3", "-"]


def test_the_fragments_of_a_broken_record_are_no_records():
    broken = '{"title": "Bridge", "tags": [{"name": "x"}, {"name": "y"}], "body": oops}'
    items = read(f"[{json.dumps(record(1))}, {broken}, {json.dumps(record(2))}]")
    assert headlines(items) == ["Ferry 1", "-", "Ferry 2"]


@pytest.mark.parametrize(
    "bomb", ["[" * 200_000, '{"a":' * 200_000, '[{"title":' + "[" * 200_000, '{"a":' * 9000 + "1" + "}" * 9000]
)
def test_nesting_bombs_are_refused(bomb):
    assert all(isinstance(item, ReaderError) for item in read(bomb))


@pytest.mark.parametrize("value", [["Who won?", "Where?"], [], [1, None], 7 * [[]]])
def test_json_without_records_ends_in_one_error(value):
    source = Source("suggested_questions.json", json.dumps(value).encode())
    assert JsonRecords().accepts(source)
    [error] = JsonRecords().read(source)
    assert str(error).startswith("no article records")


def test_html_in_the_body_becomes_paragraphs():
    [article] = read(
        record(
            body="<p>The <b>ferry</b> ran&nbsp;late.</p><script>x()</script><p>Nobody<br>was hurt &amp; all well.</p>"
        )
    )
    assert article.body == "The ferry ran late.\n\nNobody was hurt & all well."


def test_a_control_character_in_html_costs_no_record():
    items = read([record(body="<p>The\x01 ferry&#2; ran.</p>\x03<p>It&#x1f; sank.</p>"), record(2)])
    assert items[0].body == "The ferry ran.\n\nIt sank." and items[1].headline == "Ferry 2"


def test_plain_text_with_angle_brackets_stays():
    [article] = read(record(body="If a < b and c > d the ferry <sinks>."))
    assert article.body == "If a < b and c > d the ferry <sinks>."


def test_corrections_kinds_and_states():
    [corrected] = read(record(correction="It was two hours, not three."))
    assert (corrected.status, corrected.correction) == (Status.CORRECTED, "It was two hours, not three.")
    [updated] = read(record(ednote="UPDATES: Adds quotes."))
    assert (updated.status, updated.correction) == (Status.USABLE, "")
    assert read(record(ednote="CORRECTS: Year is 2025."))[0].status is Status.CORRECTED
    assert read(record(ednote="KILL: Story is wrong."))[0].status is Status.CANCELLED
    assert read(record(pubstatus="canceled"))[0].status is Status.CANCELLED
    assert read(record(pubstatus="stat:withheld"))[0].status is Status.WITHHELD
    assert read(record(embargoed="2999-01-01T00:00:00Z"))[0].status is Status.EMBARGOED
    assert read(record(embargoed="2001-01-01T00:00:00Z"))[0].usable_from == "2001-01-01T00:00:00Z"
    assert read(record(category="Opinion"))[0].kind is Kind.OPINION
    assert read(record(genre=["Analysis"]))[0].kind is Kind.ANALYSIS
    assert read(record(type="press_release"))[0].kind is Kind.PRESS_RELEASE
    assert read({"@type": "LiveBlogPosting"} | record())[0].kind is Kind.LIVE


def test_identity_without_an_address():
    [by_guid] = read({"title": "Ferry", "body": TEXT, "source": "The Post", "guid": "abc"})
    [by_words] = read(
        {"title": "Ferry", "body": TEXT, "source": "The Post", "date": "2026-03-04", "url": "javascript:alert(1)"}
    )
    assert (by_guid.identity, by_words.identity) == ("the post#abc", "the post:Ferry:2026-03-04")
    assert by_words.url == ""


def test_the_words_tell_two_stories_apart_where_nothing_else_does():
    one, same, other = (read({"title": "Weather", "body": body})[0] for body in (TEXT, TEXT, "Rain."))
    assert one.identity == same.identity != other.identity


@pytest.mark.parametrize("unit", [" ", "\n ", "@", ", ", "/"])
@pytest.mark.parametrize("field", ["body", "author", "url", "date", "ednote", "source"])
def test_a_field_of_one_character_takes_no_time(field, unit):
    start = time.perf_counter()
    read(record(**{field: f"x{unit * (100_000 // len(unit))}y"}))
    assert time.perf_counter() - start < 5


def test_a_row_number_is_no_identity():
    one, two = read([{"id": 0, "title": "Ferry", "body": TEXT}, {"id": 0, "title": "Bridge", "body": TEXT}])
    assert one.identity != two.identity


def test_the_wire_in_a_byline_is_the_originator():
    [article] = read(record(author="Ann Lee, The Associated Press", source="The Post"))
    assert (article.originator, article.publisher, article.bylines) == ("Associated Press", "The Post", ("Ann Lee",))


def test_odd_values_do_no_harm():
    odd = {"title": "Ferry\u202e\x00 late", "body": TEXT + "\ud800", "author": float("nan"),
           "date": {"$date": "2026-03-04"}, "version": "9" * 5000, "publisher": [None, {"name": ["The Post"]}],
           "section": {},
           "kind": [[["x"]]]}  # fmt: skip
    [article] = read(odd)
    assert (article.headline, article.bylines, article.publisher, article.version) == ("Ferry late", (), "The Post", 1)
    assert article.first_published.day == "2026-03-04"
    assert article.body.endswith("\ufffd")


def test_the_news_of_autumn_2023():
    if not CORPUS.exists():
        pytest.skip(f"{CORPUS} is not here")
    items = read(CORPUS.read_bytes())
    assert len(items) == 104 and all(isinstance(item, Article) for item in items)
    assert len({item.identity for item in items}) == 104
    assert all(item.first_published.instant and item.publisher and item.url for item in items)
