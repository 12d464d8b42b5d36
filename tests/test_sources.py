"""Files, folders, globs and packed files: found once, in order, and every one accounted for."""

import gzip
import os

import pytest

from ingest import ingest, sources
from ingest.source import Source, Unreadable
from ingest.sources import find_sources
from rag.archive import Archive
from rag.embedder import WordHashEmbedder
from rag.errors import WrongUse


@pytest.fixture
def folder(tmp_path):
    for name in ("b.txt", "a.txt", ".hidden", "README.md", "LICENSE", "inner/c.json", ".git/config"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def names(*locations) -> list[str]:
    return [source.name for source in find_sources(map(str, locations))]


def test_a_folder_is_read_in_order_without_what_is_no_news(folder):
    assert names(folder) == ["a.txt", "b.txt", "c.json"]


def test_files_globs_and_each_file_once(folder):
    assert names(folder / "b.txt", folder / "*.txt", folder) == ["b.txt", "a.txt", "c.json"]
    assert names(folder / "**" / "*.json") == ["c.json"]


def test_news_about_a_licence_is_news(tmp_path):
    for name in ("LICENCE.txt", "Copying", "readme.rst", "licence-fee-to-rise.txt", "readmes.txt", "license.json"):
        (tmp_path / name).write_text(name)
    assert names(tmp_path) == ["licence-fee-to-rise.txt", "license.json", "readmes.txt"]


def test_a_file_name_that_is_no_text_costs_nothing(tmp_path):
    (tmp_path / "n").mkdir()
    for name, body in ((b"a.txt", "Rain."), (b"\xff.txt", "Sun."), (b"\xff.bin", "")):
        with open(os.path.join(os.fsencode(tmp_path / "n"), name), "w") as file:
            file.write(body and f"Weather today\n\n{body}")
    report = ingest([tmp_path / "n"], tmp_path / "a", embedder=WordHashEmbedder())
    assert (report.stored, len(report.quarantined)) == (2, 1)
    assert {e.location.rsplit("/", 1)[-1] for e in Archive.open(tmp_path / "a").ledger()} == {
        "a.txt",
        "\ufffd.txt",
        "\ufffd.bin",
    }


def test_a_file_named_by_itself_is_read_whatever_its_name(folder):
    assert names(folder / "README.md") == ["readme.md"]


def test_a_location_that_is_not_there_is_wrong_use_before_anything_is_read(folder):
    for missing in ("nowhere", str(folder / "*.xml")):
        with pytest.raises(WrongUse, match=r"^[^\n]+\.$"):
            next(find_sources([str(folder / "a.txt"), missing]))


def test_packed_files_are_inflated(tmp_path):
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"one") + gzip.compress(b" two"))
    [source] = find_sources([str(tmp_path)])
    assert (source.data, source.name) == (b"one two", "a.txt")


def test_a_damaged_or_cut_packed_file_is_accounted_for(tmp_path):
    packed = gzip.compress(os.urandom(5000))
    for number, data in enumerate((packed[:-20], packed[:200] + b"\0" * 50 + packed[250:], b"\x1f\x8bnothing")):
        (tmp_path / f"{number}.gz").write_bytes(data)
    found = list(find_sources([str(tmp_path)]))
    assert [type(item) for item in found] == [Unreadable] * 3
    assert all("damaged or cut off" in item.reason and item.data for item in found)


def test_a_bomb_stops_at_the_limit(tmp_path):
    with gzip.open(tmp_path / "bomb.gz", "wb", compresslevel=1) as bomb:
        for _ in range(sources.MAX_INFLATED // sources.MIB + 1):
            bomb.write(bytes(sources.MIB))
    [item] = find_sources([str(tmp_path)])
    assert isinstance(item, Unreadable) and "inflates to more than" in item.reason


def test_a_large_file_is_not_read_whole(tmp_path):
    with (tmp_path / "large.txt").open("wb") as stream:
        stream.truncate(sources.MAX_FILE + 1)
    [item] = find_sources([str(tmp_path)])
    assert isinstance(item, Unreadable) and len(item.data) == sources.KEPT_OF_UNREADABLE


def test_files_are_opened_one_at_a_time(folder):
    found = find_sources([str(folder)])
    assert isinstance(next(found), Source)
    (folder / "b.txt").unlink()
    later = next(found)
    assert isinstance(later, Unreadable) and "cannot be opened" in later.reason


def test_links_in_circles_end(folder):
    (folder / "inner" / "back").symlink_to(folder)
    assert names(folder) == ["a.txt", "b.txt", "c.json"]
