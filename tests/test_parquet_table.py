"""Parquet tables: types become words, damage costs what it hit, and a missing pyarrow names the command."""

import io
import json
import sys
from datetime import date, datetime

import pyarrow
import pytest
from pyarrow import parquet

from ingest.field_map import FieldMap
from ingest.readers import reader_for
from ingest.readers.parquet_table import ParquetTable
from ingest.source import Source
from rag.article import Article
from rag.errors import ReaderError


def packed(columns: dict, **form) -> bytes:
    parquet.write_table(pyarrow.table(columns), written := io.BytesIO(), **form)
    return written.getvalue()


def read(data: bytes, *mappings: str) -> list:
    try:
        return list(ParquetTable().read(Source("a.parquet", data, columns=FieldMap.parse(mappings))))
    except ReaderError as reason:
        return [reason]


def news(count: int, **form) -> bytes:
    headlines = [f"Ferry {number} late" for number in range(count)]
    return packed({"title": headlines, "text": [f"It ran {number} hours late." for number in range(count)]}, **form)


def test_it_is_found_by_its_first_bytes_and_not_taken_for_binary_data():
    assert reader_for(Source("unnamed", news(500))).name == "parquet"
    assert [article.headline for article in read(news(500))] == [f"Ferry {number} late" for number in range(500)]


@pytest.mark.parametrize(
    ("kind", "value", "published", "remark"),
    [(pyarrow.timestamp("us", tz="Europe/Berlin"), datetime(2026, 3, 4, 13, 5), "2026-03-04T13:05:00+00:00", ""),
     (pyarrow.timestamp("us"), datetime(2026, 3, 4, 14, 5), "2026-03-04T14:05:00+00:00", " (no zone given, read as UTC)"),
     (pyarrow.timestamp("ns"), datetime(2026, 3, 4, 14, 5), "2026-03-04T14:05:00+00:00", " (no zone given, read as UTC)"),
     (pyarrow.date32(), date(2026, 3, 4), "2026-03-04T00:00:00+00:00", " (no zone given, read as UTC)"),
     (pyarrow.string(), "2026-03-04T14:05:00+01:00", "2026-03-04T13:05:00+00:00", "")],
)  # fmt: skip
def test_times_keep_their_zone(kind, value, published, remark):
    [article] = read(packed({"title": ["Ferry"], "text": ["It ran."], "published_at": pyarrow.array([value], kind)}))
    assert article.first_published.instant.isoformat() == published
    assert article.first_published.known_by == f"parquet published_at{remark}"


def test_nested_and_packed_values_are_read():
    columns = {
        "content": [{"text": "It ran.", "length": 7}],
        "head": pyarrow.array(["Ferry"]).dictionary_encode(),
        "authors": [[{"name": "Ann Lee"}, {"name": "Omar Haddad"}]],
        "source": [{"name": "Orle Bell"}],
        "embedding": [[0.5] * 8],
    }
    [article] = read(packed(columns))
    assert (article.headline, article.body, article.publisher) == ("Ferry", "It ran.", "Orle Bell")
    assert article.bylines == ("Ann Lee", "Omar Haddad")


def test_columns_can_be_mapped_also_inside_others():
    columns = {
        "Kop": ["Veerboot"],
        "Inhoud": [{"tekst": "De boot."}],
        "Datum": [date(2026, 3, 4)],
        "date": ["2001-01-01"],
    }
    [error] = read(packed(columns))
    assert "it has: Kop, Inhoud, Datum, date" in str(error) and "--map headline=COLUMN" in str(error)
    [article] = read(packed(columns), "headline=Kop", "body=Inhoud.tekst", "published=Datum")
    assert (article.headline, article.body, article.published[:10]) == ("Veerboot", "De boot.", "2026-03-04")


def test_a_row_without_text_costs_itself():
    first, error, last = read(packed({"title": ["Ferry", "Bus", "Tram"], "text": ["It ran.", None, "It left."]}))
    assert (first.headline, last.headline) == ("Ferry", "Tram")
    assert str(error).startswith("no body text") and json.loads(error.raw) == {"title": "Bus", "text": None}


def test_a_time_beyond_the_calendar_and_words_that_are_no_utf_8_cost_no_row():
    words = pyarrow.array([b"Ferry \xff late"]).cast(pyarrow.binary()).view(pyarrow.string())
    later = pyarrow.array([9 * 10**18], pyarrow.timestamp("us"))
    [article] = read(packed({"title": words, "text": ["It ran."], "date": later}))
    assert article.headline == "Ferry \ufffd late" and article.first_published is None


def test_a_cut_table_says_so():
    whole = news(20)
    for end in range(4, len(whole), 31):
        [error] = read(whole[:end])
        assert str(error).endswith("fetch the file anew.") and "\n" not in str(error)


def test_a_damaged_part_costs_its_rows():
    data = bytearray(news(30, row_group_size=10, compression="none", write_page_checksum=True, use_dictionary=False))
    at = data.index(b"Ferry 15 late")
    data[at : at + 5] = b"Bus, "
    items = read(bytes(data))
    assert [item.headline for item in items if isinstance(item, Article)] == [
        f"Ferry {number} late" for number in (*range(10), *range(20, 30))
    ]
    [error] = [item for item in items if isinstance(item, ReaderError)]
    assert str(error).startswith("10 rows of row group 2 are damaged")


@pytest.mark.parametrize("compression", ["none", "snappy", "zstd"])
def test_any_changed_byte_ends_in_articles_or_reasons(compression):
    whole = news(6, compression=compression, row_group_size=3)
    for at in range(4, len(whole), 5):
        changed = bytearray(whole)
        changed[at] ^= 0x5A
        assert all(isinstance(item, Article | ReaderError) for item in read(bytes(changed)))


def test_a_table_without_rows_says_so():
    [error] = read(news(0))
    assert "no rows" in str(error)


def test_without_pyarrow_the_command_is_named(monkeypatch):
    data = news(1)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    [error] = read(data)
    assert str(error).endswith("pip install 'dateline-news[parquet]'")
