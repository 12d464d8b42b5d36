"""Files, folders, globs and packed files: found once, in order, and every one accounted for."""

import bz2
import gzip
import lzma
import os
import zipfile

import pytest

from ingest import ingest
from ingest.containers.opened import MIB, Limits
from ingest.source import KEPT_OF_UNREADABLE, Source, Unreadable
from ingest.sources import find_sources, size_of, sources_within
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
        for _ in range(Limits().whole // MIB + 1):
            bomb.write(bytes(MIB))
    [item] = find_sources([str(tmp_path)])
    assert isinstance(item, Unreadable) and "inflates to more than" in item.reason


@pytest.mark.parametrize("module", [bz2, lzma])
def test_bzip2_and_xz_are_inflated_and_capped_too(tmp_path, module):
    (tmp_path / "a.txt").write_bytes(module.compress(b"one") + module.compress(b" two"))
    (tmp_path / "b.txt").write_bytes(module.compress(bytes(2 * MIB)))
    (tmp_path / "c.txt").write_bytes(module.compress(os.urandom(5000))[:-20])
    whole, bomb, cut = find_sources([str(tmp_path)], limits=Limits(whole=MIB))
    assert whole.data == b"one two"
    assert "inflates to more than 1 MiB" in bomb.reason and "damaged or cut off" in cut.reason


def test_a_large_file_is_not_read_whole(tmp_path):
    with (tmp_path / "large.txt").open("wb") as stream:
        stream.truncate(Limits().whole + 1)
    [item] = find_sources([str(tmp_path)])
    assert isinstance(item, Unreadable) and len(item.data) == KEPT_OF_UNREADABLE
    assert item.reason.endswith("it is more than 64 MiB: split it into smaller files.")


def test_what_was_read_adds_up_to_the_size(folder):
    with zipfile.ZipFile(folder / "d.zip", "w") as packed:
        packed.writestr("in.txt", "news" * 1000)
    (folder / "e.txt.gz").write_bytes(gzip.compress(b"cut")[:-3])
    (folder / "large.bin").write_bytes(bytes(300_000))
    told: list[int] = []
    places = [str(folder), str(folder / "a.txt")]
    items = list(find_sources(places, told.append, limits=Limits(whole=100_000)))
    assert len(items) == 6 and sum(told) == size_of(places) > 300_000
    assert min(told) >= 0


def test_a_pipe_and_a_file_that_may_not_be_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    [pipe] = find_sources([str(tmp_path)])
    assert "no ordinary file" in pipe.reason and size_of([str(tmp_path)]) == 0
    (tmp_path / "pipe").unlink()
    (tmp_path / "secret.txt").write_text("news")
    (tmp_path / "secret.txt").chmod(0)
    items = list(find_sources([str(tmp_path)]))
    assert [type(item) for item in items] == [Source if os.geteuid() == 0 else Unreadable]


def test_files_are_opened_one_at_a_time(folder):
    found = find_sources([str(folder)])
    assert isinstance(next(found), Source)
    (folder / "b.txt").unlink()
    later = next(found)
    assert isinstance(later, Unreadable) and "cannot be opened" in later.reason


def test_links_in_circles_end(folder):
    (folder / "inner" / "back").symlink_to(folder)
    assert names(folder) == ["a.txt", "b.txt", "c.json"]


def test_bytes_that_are_here_already_are_unpacked_too(folder):
    sitemap = Source(
        "https://n.example/map.xml.gz", gzip.compress(b"<urlset/>"), "https://n.example/map.xml.gz", charset="utf-8"
    )
    [item] = sources_within(sitemap)
    assert (item.data, item.address, item.charset) == (b"<urlset/>", sitemap.address, "utf-8")
    with zipfile.ZipFile(folder / "d.zip", "w") as packed:
        packed.writestr("in.txt", "news")
    [item] = sources_within(Source("dropped.zip", (folder / "d.zip").read_bytes()))
    assert (item.location, item.data) == ("dropped.zip!/in.txt", b"news")
