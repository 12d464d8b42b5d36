"""Tables as text: how they are told from other text, every delimiter and encoding, and what becomes of broken rows."""

import csv
import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.field_map import FieldMap
from ingest.readers import reader_for
from ingest.readers.csv_table import CsvTable
from ingest.source import Source
from rag.article import Article
from rag.errors import ReaderError

HEADER = ["url", "headline", "body", "date"]


def read(text, *mappings: str, name: str = "a.csv") -> list:
    data = text if isinstance(text, bytes) else text.encode()
    try:
        return list(CsvTable().read(Source(name, data, columns=FieldMap.parse(mappings))))
    except ReaderError as reason:
        return [reason]


def row(number: int) -> list[str]:
    body = f"It ran {number} hours late.\nNobody, said “Holt”, was hurt." if number % 2 else f'The "Orle" ran {number}.'
    return [
        f"https://bell.example/{number}",
        f"Ferry, {number} hours late" if number % 3 else "Ferry",
        body,
        "2026-03-04",
    ]


def written(rows: list[list[str]], **form) -> str:
    csv.writer(out := io.StringIO(), lineterminator="\n", **form).writerows(rows)
    return out.getvalue()


def good(items: list) -> list[Article]:
    return [item for item in items if isinstance(item, Article)]


@pytest.mark.parametrize("delimiter", list(",;\t|"))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_delimiter_and_encoding(delimiter, encoding):
    rows = [HEADER, *(row(number) for number in range(1, 20))]
    data = written(rows, delimiter=delimiter).replace("\n", "\r\n").encode(encoding)
    source = Source("unnamed", data)
    assert reader_for(source).name == "csv"
    articles = list(CsvTable().read(source))
    assert [article.headline for article in articles] == [cells[1] for cells in rows[1:]]
    assert articles[0].body == "It ran 1 hours late.\n\nNobody, said “Holt”, was hurt."
    assert articles[1].body == 'The "Orle" ran 2.' and articles[1].first_published.known_by.startswith("csv date")


BELL = ("Ferry late", "Orle Bell", "2026-03-04")
PUBLIC_SETS = {
    "All the News": (
        ",id,title,publication,author,date,year,url,content",
        "0,7,Ferry late,Orle Bell,Ann,2026-03-04,2026,,It ran.", BELL),
    "All the News 2": (
        "date,year,author,title,article,section,publication",
        "2026-03-04 14:05:00,2026,Ann,Ferry late,It ran.,,Orle Bell", BELL),
    "CNN/DailyMail": ("id,article,highlights", 'a1b2,It ran.,"Ferry late .\nNobody hurt ."', ("Ferry late .", "", "")),
    "Kaggle": ("Article,Date,Heading,NewsType", "It ran.,4 March 2026,Ferry late,local", ("Ferry late", "", "2026-03-04")),
    "BBC": ("category\tfilename\ttitle\tcontent", "local\t001.txt\tFerry late\tIt ran.", ("Ferry late", "", "")),
    "NewsCatcher": (
        "author;published_date;title;clean_url;content",
        "Ann;2026-03-04;Ferry late;bell.example;It ran.", ("Ferry late", "bell.example", "2026-03-04")),
}  # fmt: skip


@pytest.mark.parametrize(("header", "cells", "expected"), PUBLIC_SETS.values(), ids=PUBLIC_SETS)
def test_the_columns_of_public_sets(header, cells, expected):
    [article] = read(f"{header}\n{cells}\n")
    assert article.body == "It ran."
    assert (article.headline, article.publisher, article.published[:10]) == expected


@pytest.mark.parametrize(
    "text",
    ["Ferry late, said Holt\n\nBy Ann Lee\nThe ferry, said Holt, ran late.", "Headline: Ferry\nDate: 2026-03-04\n\nIt ran.",
     "Title, body and soul\nA review, by Ann Lee\n\nThe play ran late.", "Text, headline\n\nThe ferry ran late."],
)  # fmt: skip
def test_plain_text_stays_plain_text(text):
    assert reader_for(Source("a.txt", text.encode())).name == "text"


def test_a_table_without_known_columns_names_what_it_has_and_the_cure():
    [error] = read("Kop,Tekst\nVeerboot,De boot.\n")
    assert "headline or body (it has: Kop, Tekst)" in str(error)
    assert "--map headline=COLUMN --map body=COLUMN" in str(error)
    [article] = read(
        "Kop,Tekst,Datum,date\nVeerboot,De boot.,2026-03-04,2001-01-01\n",
        "headline=kop",
        "body=Tekst",
        "published=Datum",
    )
    assert (article.headline, article.body, article.published[:10]) == ("Veerboot", "De boot.", "2026-03-04")


def test_a_table_without_header_is_read_by_numbers():
    table = '"3","Ferry late","It ran."\n"4","Bus late","It came."\n'
    assert "--map headline=COLUMN" in str(read(table)[0])
    assert [article.headline for article in read(table, "headline=2", "body=3", "section=1")] == [
        "Ferry late",
        "Bus late",
    ]


def test_excels_first_line_names_the_separator():
    [article] = read("sep=;\ntitle;text\nFerry, late;It ran.\n", name="unnamed")
    assert article.headline == "Ferry, late"


def test_ragged_rows_and_doubled_columns():
    items = read(
        "title,text,by,text\nFerry,It ran.\nBus,,Ann,It came.\nTram,It left.,,,,\nTaxi,It, said Ann, came.,x,y\n\n,,,\n"
    )
    assert [item.body for item in good(items)] == ["It ran.", "It came.", "It left."]
    [error] = [item for item in items if isinstance(item, ReaderError)]
    assert str(error).startswith("line 5: 6 cells for 4 columns") and error.raw == b"Taxi,It, said Ann, came.,x,y\n"


def test_a_row_without_text_costs_itself():
    first, error, last = read("title,text\nFerry,It ran.\nBus,\nTram,It left.\n")
    assert first.headline == "Ferry" and last.headline == "Tram"
    assert str(error).startswith("no body text") and error.raw == b"Bus,\n"


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
@pytest.mark.parametrize("position", [0, 50, 99])
@pytest.mark.parametrize(
    "bad", ['"Ferry, The', 'x,"Ferry', '"a "b" c",d,e,f', "a,b,c,d,e,f", '"x"y,1,2,3', '\0,,"', "a,b,,"]
)
def test_one_bad_among_99_good(quoting, position, bad):
    lines = [written([row(number)], quoting=quoting) for number in range(100)]
    lines[position] = bad + "\n"
    items = read(written([HEADER], quoting=quoting) + "".join(lines))
    assert len(good(items)) == 99
    [error] = [item for item in items if isinstance(item, ReaderError)]
    assert error.raw == lines[position].encode()


def test_the_lines_of_a_broken_row_are_no_rows():
    broken = '"https://bell.example/x","Ferry","He said "late" of it,\na, b, c, d\nand went.","2026-03-04"\n'
    rows = [written([row(number)], quoting=csv.QUOTE_ALL) for number in range(3)]
    items = read(written([HEADER], quoting=csv.QUOTE_ALL) + rows[0] + broken + rows[1])
    assert len(good(items)) == 2 and [item.raw for item in items if isinstance(item, ReaderError)] == [broken.encode()]
    plain = broken.replace('"https://bell.example/x"', "https://bell.example/x")
    items = read(written([HEADER]) + written([row(2)]) + plain + written([row(4)]))
    assert len(good(items)) == 2 and [item.raw for item in items if isinstance(item, ReaderError)] == [plain.encode()]


def test_a_table_cut_inside_a_quote_keeps_its_rows():
    whole = written([HEADER, *(row(number) for number in range(1, 6))], quoting=csv.QUOTE_ALL)
    items = read(whole[:-25])
    assert len(good(items)) == 4 and isinstance(items[-1], ReaderError) and items[-1].raw.startswith(b'"https://bell')


def test_backslashes_before_quotes_and_tabs_without_them():
    [article] = read('title,text\nFerry,"Holt said \\"late\\", and left."\n')
    assert article.body == 'Holt said "late", and left.'
    [first, second] = read('title\ttext\n"Late" says Holt\tIt ran.\nBus\t"Two" came\n')
    assert (first.headline, second.body) == ('"Late" says Holt', '"Two" came')


def test_long_cells_are_read_and_the_limit_of_the_process_stays():
    limit = csv.field_size_limit()
    paragraph = "The ferry, said Holt, ran late.\n"
    first, error, last = read(f'title,text\nFerry,"{paragraph * 40_000}"\nBus,"{paragraph * 270_000}"\nTram,It left.\n')
    assert len(first.body) > 1_000_000 and last.headline == "Tram"
    assert isinstance(error, ReaderError) and csv.field_size_limit() == limit


@pytest.mark.parametrize("unit", ['a",b,"\n', '"a\n', 'a""b\n', '"\n', '",', ",", "\n", '"",', "\\"])
def test_hostile_quotes_take_no_time(unit):
    start = time.perf_counter()
    read('title,text\n"' + unit * (60_000 // len(unit)))
    assert time.perf_counter() - start < 10


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.text(alphabet="a\",\n'; \t|é\\", min_size=1, max_size=8), min_size=2, max_size=2), max_size=6),
    st.sampled_from(",;\t|"),
)
def test_what_csv_writes_comes_back(rows, delimiter):
    rows = [[f"x{headline}", f"y{body}"] for headline, body in rows]
    items = read(written([["title", "text"], *rows], delimiter=delimiter))
    assert len(good(items)) == len(rows) or not rows
