"""ZIP and tar: every member is an input, a bad one costs itself, names lead nowhere, nothing is written."""

import bz2
import gzip
import io
import lzma
import os
import random
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest

from ingest.containers.names import parts_of
from ingest.containers.opened import MIB, Limits
from ingest.source import Source, Unreadable
from ingest.sources import find_sources

PAGES = [(f"news/page{number}.html", f"<p>Story {number}: {'rain ' * 40}</p>".encode()) for number in range(8)]


def zipped(members=PAGES, method=zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as packed:
        for name, data in members:
            packed.writestr(name, data)
    return buffer.getvalue()


def tarred(members=PAGES, mode="w", **member) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as packed:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for key, value in member.items():
                setattr(info, key, value)
            packed.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def read(tmp_path: Path, data: bytes, name: str = "news.bin", limits: Limits | None = None):
    (tmp_path / name).write_bytes(data)
    return list(find_sources([str(tmp_path / name)], limits=limits or Limits()))


def sources(items) -> dict[str, bytes]:
    """By label, what the sources hold."""
    return {item.location.partition("!/")[2]: item.data for item in items if isinstance(item, Source)}


def reasons(items) -> list[str]:
    return [item.reason for item in items if isinstance(item, Unreadable)]


PACKED = {
    "zip": zipped(),
    "zip, stored": zipped(method=zipfile.ZIP_STORED),
    "zip, bzip2": zipped(method=zipfile.ZIP_BZIP2),
    "zip, xz": zipped(method=zipfile.ZIP_LZMA),
    "tar": tarred(),
    "tar.gz": tarred(mode="w:gz"),
    "tar.bz2": tarred(mode="w:bz2"),
    "tar.xz": tarred(mode="w:xz"),
    "zip.gz": gzip.compress(zipped()),
}


@pytest.mark.parametrize("data", PACKED.values(), ids=PACKED)
def test_every_member_is_an_input_whatever_the_file_is_called(tmp_path, data):
    items = read(tmp_path, data)
    assert sources(items) == dict(PAGES) and len(items) == len(PAGES)
    assert {item.folder for item in items} == {"news"} and items[3].name == "page3.html"


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_what_is_no_news_is_passed_over_as_in_folders(tmp_path, pack):
    names = (".git/config", "news/.hidden.html", "__MACOSX/news/._a.html", "README.md", "news/LICENSE", "news/a.html")
    items = read(tmp_path, pack([(name, b"<p>Rain.</p>") for name in names]))
    assert list(sources(items)) == ["news/a.html"] and len(items) == 1


def test_one_that_holds_nothing_says_so(tmp_path):
    for data in (zipped([]), zipped([("README", b"x")]), tarred([("README", b"x")])):
        [item] = read(tmp_path, data)
        assert "there is no news in this" in item.reason


def test_containers_lie_in_one_another_three_deep(tmp_path):
    inner = zipped([("page.html.gz", gzip.compress(b"<p>Rain.</p>"))])
    items = read(tmp_path, tarred([("b.tar.gz", tarred([("c.zip", inner)], "w:gz"))]))
    assert sources(items) == {"b.tar.gz!/c.zip!/page.html.gz": b"<p>Rain.</p>"} and items[0].name == "page.html"
    items = read(tmp_path, zipped([("a.zip", tarred([("b.tar", zipped([("c.zip", inner)]))]))] + PAGES))
    assert list(sources(items)) == [name for name, _ in PAGES]
    [reason] = reasons(items)
    assert reason.endswith("a.zip!/b.tar!/c.zip: it lies more than 3 containers deep: unpack those around it.")


def traversals() -> list[str]:
    """200 names that mean to lead out of where they are unpacked."""
    ups = (
        ["../" * depth for depth in (1, 2, 5, 20)]
        + ["..\\" * depth for depth in (1, 3)]
        + ["/", "//", "./../", "a/../../"]
    )
    roots = [
        "C:\\",
        "c:/",
        "\\\\server\\share\\",
        "file:///",
        "~/",
        "%2e%2e%2f",
        "%5c..%5c",
        "//?/C:/",
        "\u2025/",
        "\uff0e\uff0e/",
    ]
    targets = ["etc/passwd", "etc/cron.d/job", "Windows\\win.ini", "home/ann/notes", "tmp/pwned", "proc/self/mem", "dev/sda",
               "a\x00.html", "con", "x" * 5000]  # fmt: skip
    return [lead + target for lead in ups + roots for target in targets]


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_names_are_only_labels(tmp_path, pack):
    """S7: nothing is written, nothing outside is read, and no label leads anywhere."""
    names = traversals()
    assert len(names) == len(set(names)) == 200
    before = sorted(tmp_path.parent.rglob("*"))
    members = [(name, f"<p>{number}</p>".encode()) for number, name in enumerate(names)]
    items = read(tmp_path, pack(members))
    assert sorted(item.data for item in items) == sorted(data for _, data in members)
    assert len({item.location for item in items}) == 200
    for item in items:
        label = item.location.partition("!/")[2]
        assert not {"..", "", "."} & set(label.split("/")) and "\\" not in label and "\0" not in label
        assert len(label) <= 310 and label.isprintable()
    assert sorted(tmp_path.parent.rglob("*")) == sorted([*before, tmp_path / "news.bin"])


def test_a_name_of_bytes_that_are_no_text():
    assert parts_of("n\udcffws/a\udcfe.html") == ["n\ufffdws", "a\ufffd.html"]
    assert parts_of("\ud800/a\nb") == ["?", "a b"]


def test_members_of_one_name_are_kept_apart(tmp_path):
    members = [("a.html", b"<p>first</p>"), ("./a.html", b"<p>second</p>")]
    for data in (tarred(members), zipped(members)):
        assert sources(read(tmp_path, data)) == {"a.html": b"<p>first</p>", "(2)/a.html": b"<p>second</p>"}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_never_followed(tmp_path, kind):
    data = tarred([("passwd", b"")], type=kind, linkname="/etc/passwd", devmajor=1, devminor=5)
    items = read(tmp_path, data[:1024] + tarred(PAGES[:1]))
    assert list(sources(items)) == [PAGES[0][0]] and len(items) == 1


def test_an_office_document_says_how_to_give_it(tmp_path):
    for first in ("[Content_Types].xml", "mimetype"):
        whole = zipped([(first, b"x"), ("word/document.xml", b"<w/>" * 200)])
        for data in (whole, whole[:-30]):
            items = read(tmp_path, data, "letter.docx")
            assert len(items) == 1 and items[0].reason.endswith("an office document: save it as plain text or HTML.")


def encrypted(number: int) -> bytes:
    """PAGES with the flag of encryption on one member, in both of its headers."""
    data, name = bytearray(zipped()), PAGES[number][0].encode()
    local = data.find(name) - 30
    central = data.rfind(name) - 46
    data[local + 6] |= 1
    data[central + 8] |= 1
    return bytes(data)


def test_an_encrypted_member_costs_itself(tmp_path):
    items = read(tmp_path, encrypted(2))
    assert len(sources(items)) == 7
    [reason] = reasons(items)
    assert "page2.html: it is encrypted: unpack the ZIP with its password" in reason


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_one_bad_among_99_good(tmp_path, pack):
    pages = [(f"p{number}.html", random.Random(number).randbytes(900)) for number in range(100)]
    data = bytearray(pack(pages))
    at = data.find(pages[50][1][100:140]) if pack is zipped else data.find(b"p50.html")
    data[at : at + 8] = bytes(8)
    items = read(tmp_path, bytes(data))
    assert sources(items) == {name: data for name, data in pages if name != "p50.html"}
    assert len(reasons(items)) == 1 and "damaged" in reasons(items)[0]


CUTS = {
    "zip": (zipped(), 1),
    "zip, stored": (zipped(method=zipfile.ZIP_STORED), 1),
    "tar": (tarred(), 512),
    "tar.gz": (tarred(mode="w:gz"), 1),
    "tar.bz2": (tarred(mode="w:bz2"), 1),
    "tar.xz": (tarred(mode="w:xz"), 1),
}


@pytest.mark.parametrize(("data", "least"), CUTS.values(), ids=CUTS)
def test_of_a_cut_one_all_that_is_complete_is_read_and_the_cut_is_told(tmp_path, data, least):
    counts = []
    end = len(data) - (1024 if least == 512 else 1)  # a tar ends with 1024 zeros or more
    end = min(end, len(data.rstrip(b"\0")) + 511 if least == 512 else end)
    for cut in sorted(random.Random(7).sample(range(least, end), 120)):
        items = read(tmp_path, data[:cut])
        held = sources(items) if least == 512 or data[:2] == b"PK" or cut > 20 else {}
        held.pop("", None)  # not even the first bytes of the format are there
        assert held.items() <= dict(PAGES).items()
        assert len(reasons(items)) == 1 or not held, reasons(items)
        counts.append(len(held))
    assert counts == sorted(counts)
    assert max(counts) == len(PAGES) or data[:3] in (b"BZh", b"\xfd7z")  # one block: nothing comes of it before its end


def test_a_zip_written_to_a_pipe_is_read_without_its_directory(tmp_path):
    """Sizes and checksums stand behind the data then."""

    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def tell(self):
            raise OSError

    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        pipe = Pipe()
        with zipfile.ZipFile(pipe, "w", method) as packed:
            for name, data in PAGES:
                packed.writestr(name, data)
        data = pipe.getvalue()
        assert sources(read(tmp_path, data)) == dict(PAGES)
        items = read(tmp_path, data[: data.rfind(b"PK\x01\x02") - 10])
        assert len(sources(items)) == (len(PAGES) if method == zipfile.ZIP_DEFLATED else 0)
        assert "damaged or cut off" in reasons(items)[-1]


# -- bombs ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_that_inflates_too_far_costs_itself(tmp_path, method):
    data = zipped([PAGES[0], ("bomb.html", bytes(3 * MIB)), PAGES[1]], method)
    items = read(tmp_path, data, limits=Limits(whole=MIB))
    assert sources(items) == dict(PAGES[:2])
    assert reasons(items)[0].endswith("bomb.html: it inflates to more than 1 MiB: split it into smaller files.")


def test_many_members_that_inflate_too_far_together_end_the_reading(tmp_path):
    layer = zipped([(f"{number}.html", bytes(MIB)) for number in range(10)])
    bomb = zipped([PAGES[0], *((f"{number}.zip", layer) for number in range(20))])
    for data in (bomb, bomb[:-30], tarred([PAGES[0], ("b.zip", bomb)], "w:gz")):
        items = read(tmp_path, data, limits=Limits(whole=2 * MIB, inflated=5 * MIB, ratio=20))
        assert len(sources(items)) < 10
        assert "inflates to more than" in reasons(items)[-1]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_tar_or_table_is_capped_while_it_inflates(tmp_path, pack):
    limits = Limits(whole=MIB, piece=MIB // 4, inflated=2 * MIB, ratio=2)
    lines = b'{"headline": "Rain", "body": "It rains."}\n' * 80_000
    items = read(tmp_path, pack(lines), limits=limits)
    assert "inflates to more than" in reasons(items)[-1] and sum(len(item.data) for item in items[:-1]) <= 2 * MIB
    items = read(tmp_path, pack(tarred([("a.html", bytes(4 * MIB))])), limits=limits)
    assert "inflates to more than" in reasons(items)[-1]


def test_a_tar_whose_header_claims_gigabytes_is_not_believed(tmp_path):
    header = tarfile.TarInfo("long")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 8 * 1024**3
    items = read(tmp_path, tarred(PAGES[:1])[:1024] + header.tobuf(tarfile.GNU_FORMAT) + bytes(4 * MIB))
    assert sources(items) == dict(PAGES[:1]) and "impossible size" in reasons(items)[0]


def test_a_zip_with_an_endless_directory_is_not_opened(tmp_path):
    data = bytearray(zipped())
    struct.pack_into("<L", data, len(data) - 22 + 12, 2**31)
    [item] = read(tmp_path, bytes(data))
    assert "holds too many files" in item.reason


def test_noise_never_crashes(tmp_path):
    """I1: changed bytes, cut and lengthened; whatever comes of it is told in one line with a place of its own."""
    chance = random.Random(11)
    for seed in [*PACKED.values(), encrypted(1)] * 12:
        data = bytearray(seed)
        for _ in range(chance.choice((1, 3, 12))):
            at = chance.randrange(len(data) + 1)
            data[at : at + chance.choice((0, 1, 4))] = chance.choice((os.urandom(3), b"\xff" * 4, b"PK\x03\x04", b""))
        items = read(tmp_path, bytes(data))
        assert items and len({item.location for item in items}) == len(items)
        assert all(reason.endswith(".") and "\n" not in reason for reason in reasons(items))
