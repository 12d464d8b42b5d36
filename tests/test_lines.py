"""Files of lines that are too long for one input: read piece by piece, in flat memory."""

import csv
import gzip
import io
import json

import pytest
from peak_memory import read_in_a_process

from ingest.containers.opened import MIB, Limits
from ingest.readers.csv_table import CsvTable
from ingest.source import Source, Unreadable
from ingest.sources import find_sources

SMALL = Limits(whole=40_000, piece=10_000)


def record(number: int) -> dict:
    return {
        "headline": f"Story {number}",
        "body": f'Rain, "rain",\nand more rain {number}.',
        "url": f"https://n.example/{number}",
    }


def lines(count: int, start: int = 0) -> bytes:
    return b"".join(json.dumps(record(number)).encode() + b"\n" for number in range(start, start + count))


def read(tmp_path, data: bytes, name: str, limits: Limits = SMALL):
    (tmp_path / name).write_bytes(data)
    return list(find_sources([str(tmp_path / name)], limits=limits))


@pytest.mark.parametrize("name", ["news.jsonl", "news", "news.jsonl.gz"])
def test_json_lines_come_in_pieces_of_whole_lines(tmp_path, name):
    data = lines(2_000)
    items = read(tmp_path, gzip.compress(data) if name.endswith("gz") else data, name)
    assert len(items) > 10 and b"".join(item.data for item in items) == data
    assert all(len(item.data) < 11_000 and item.data.endswith(b"\n") for item in items)
    assert items[0].location.endswith(f"{name}!from line 1") and items[1].name == name.removesuffix(".gz")
    first = json.loads(items[5].data.splitlines()[0])["headline"]
    assert items[5].location.endswith(f"!from line {int(first.split()[1]) + 1}")


def test_a_file_that_grows_keeps_the_places_of_what_it_had(tmp_path):
    before = read(tmp_path, lines(1_000), "a.jsonl")
    after = read(tmp_path, lines(1_200), "a.jsonl")
    assert before[:-1] == after[: len(before) - 1] and before[-1].location == after[len(before) - 1].location


def test_a_line_that_is_too_long_costs_itself(tmp_path):
    long = b'{"headline": "Long", "body": "' + b"x" * 100_000 + b'"}\n'
    items = read(tmp_path, lines(300) + long + lines(300, 300), "a.jsonl")
    assert b"".join(item.data for item in items if isinstance(item, Source)) == lines(600)
    [refused] = [item for item in items if isinstance(item, Unreadable)]
    assert refused.location.endswith("!from line 301") and "this line is longer than" in refused.reason
    assert [item for item in items if item.location.endswith("!from line 302")]


def test_of_cut_packed_lines_the_whole_ones_are_read(tmp_path):
    data = lines(800)
    packed = gzip.compress(data)
    for limits in (SMALL, Limits()):
        *items, refused = read(tmp_path, packed[: len(packed) * 2 // 3], "a.jsonl.gz", limits)
        held = b"".join(item.data for item in items)
        assert len(held) > 20_000 and data.startswith(held) and held.endswith(b"\n")
        assert refused.location.endswith(f"!from line {held.count(bytes([10])) + 1}") and "cut off" in refused.reason


@pytest.mark.parametrize("lead", ["", "sep=;\n", "\ufeff"])
def test_each_piece_of_a_table_has_its_header_and_whole_rows(tmp_path, lead):
    table = io.StringIO()
    table.write(lead)
    rows = csv.DictWriter(table, ["headline", "body", "url"], delimiter=";" if lead.startswith("sep") else ",")
    rows.writeheader()
    rows.writerows(record(number) for number in range(1_000))
    items = read(tmp_path, table.getvalue().encode(), "news.csv")
    assert len(items) > 5
    articles = [article for item in items for article in CsvTable().read(item)]
    assert [article.headline for article in articles] == [f"Story {number}" for number in range(1_000)]
    assert len({item.location for item in items}) == len(items)


def test_other_text_over_the_limit_is_refused(tmp_path):
    for name, data in (("a.txt", b"News\n\nIt rains.\n" * 5_000), ("a.json", b'[\n {"headline": "x"},\n' * 5_000),
                       ("a.jsonl", b"\xff\xfe" + lines(900))):  # fmt: skip
        [item] = read(tmp_path, data, name)
        assert "it is more than" in item.reason and item.reason.endswith("split it into smaller files.")


def test_a_million_lines_take_flat_memory(tmp_path):
    """I4."""
    line = json.dumps(record(1) | {"body": "Rain. " * 20}).encode() + b"\n"
    with gzip.open(tmp_path / "a.jsonl.gz", "wb", compresslevel=1) as file:
        for _ in range(1_000):
            file.write(line * 1_000)
    count, grown = read_in_a_process(tmp_path / "a.jsonl.gz", "source.data.count(b'\\n')")
    assert count == 1_000_000 and grown < 300 * MIB
