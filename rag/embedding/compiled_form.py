"""CompiledForm: a model as a graph that runs without torch, in the user's cache, with the verdicts on what runs it.

In ``$XDG_CACHE_HOME/dateline/embedding`` (XDG Base Directory Specification): for each state of a model's folder a
folder with ``graph.onnx``, ``tokenizer.json`` and ``form.json``, and beside it a JSON file of verdicts. It can be thrown
away at any time. It holds nothing of any archive.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock

from .backend import Backend
from .model_folder import state
from .piece_reader import PieceReader

_VERSION = 1  # one more when other things are written: forms of other versions are not read
_OPSET = 17
_PATIENCE = 300  # seconds that another process may take to compile the same


@dataclass(frozen=True, slots=True)
class Verdict:
    """``cosine`` with fp32, the least of a handful of texts and their parts; 0 and the reason where nothing came."""

    cosine: float
    reason: str = ""


class CompiledForm:
    """The form of the model in ``source``. OSError where no cache can be kept, or not in private."""

    def __init__(self, source: Path) -> None:
        self.source = source
        self._cache = _private(_cache_home() / "dateline" / "embedding")
        self.directory = self._cache / f"{state(source)}-{_VERSION}"

    def lock(self) -> FileLock:
        """Held by who compiles or tests; one process at a time, whatever the model."""
        return FileLock(self._cache / "compiling.lock", timeout=_PATIENCE)

    @property
    def graph(self) -> Path:
        return self.directory / "graph.onnx"

    @property
    def ready(self) -> bool:
        return (self.directory / "form.json").is_file()

    def reader(self, backend: Backend) -> PieceReader:
        window = json.loads((self.directory / "form.json").read_text("utf-8"))["window"]
        return PieceReader((self.directory / "tokenizer.json").read_text("utf-8"), window, backend)

    def compile(self, model) -> None:
        """Makes the form aside and moves it into place whole; forms of earlier states of the same folder go."""
        self._clear()
        making = Path(tempfile.mkdtemp(prefix="making-", dir=self._cache))
        try:
            _export(model, making / "graph.onnx")
            (making / "tokenizer.json").write_text(model.tokenizer.backend_tokenizer.to_str(), "utf-8")
            (making / "form.json").write_text(json.dumps({"window": model.max_seq_length}), "utf-8")
            _keep(making)
            shutil.rmtree(self.directory, ignore_errors=True)
            making.rename(self.directory)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)  # 90 MB, which a full disk needs
            raise

    def discard(self) -> None:
        """For a form that turned out to be damaged."""
        (self.directory / "form.json").unlink(missing_ok=True)

    def verdicts(self) -> dict[str, Verdict]:
        """By what was tested, with its version, on which machine."""
        try:
            kept = json.loads(self._verdict_file.read_text("utf-8"))
            return {name: Verdict(**verdict) for name, verdict in kept["verdicts"].items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return {}

    def note(self, name: str, verdict: Verdict) -> None:
        kept = {key: asdict(value) for key, value in (self.verdicts() | {name: verdict}).items()}
        making = self._verdict_file.with_suffix(".making")
        making.write_text(json.dumps({"source": str(self.source), "verdicts": kept}, indent=1), "utf-8")
        making.replace(self._verdict_file)

    @property
    def _verdict_file(self) -> Path:
        return self.directory.with_suffix(".json")

    def _clear(self) -> None:
        for left in self._cache.glob("making-*"):  # of a process that was killed: we hold the lock
            shutil.rmtree(left, ignore_errors=True)
        for file in set(self._cache.glob("*.json")) - {self._verdict_file}:
            source = _source(file)
            if source == str(self.source) or not Path(source).is_dir():
                shutil.rmtree(file.with_suffix(""), ignore_errors=True)
                file.unlink(missing_ok=True)


def _cache_home() -> Path:
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if given.is_absolute():
        return given
    try:
        return Path.home() / ".cache"
    except RuntimeError as error:  # a user without an entry in passwd, as in some containers
        raise OSError(str(error)) from error


def _keep(folder: Path) -> None:
    """On the disk before the folder gets its name: after a power cut weights of zeros would pass for a model."""
    for file in folder.iterdir():
        with file.open("rb+") as handle:
            os.fsync(handle.fileno())


def _private(folder: Path) -> Path:
    """Made for this user alone. What others could write there would speak for our vectors."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if hasattr(os, "getuid"):
        found = folder.stat()
        if found.st_uid not in (os.getuid(), 0) or found.st_mode & 0o022:
            raise PermissionError(f"others can write to {folder}")
    return folder


def _source(file: Path) -> str:
    try:
        return json.loads(file.read_text("utf-8"))["source"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _export(model, into: Path) -> None:
    """The transformer alone, ids -> vectors of pieces, any number of texts of one length.

    By torch's older exporter, which needs ``onnx`` alone; the newer one needs onnxscript, takes ten times as long and
    writes a graph that OpenVINO refuses. Attention is written out ("eager"): ONNX Runtime fuses it, by 1.1 of its speed.
    """
    import torch

    class Pieces(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = model[0].model

        def forward(self, ids):
            return self.transformer(input_ids=ids).last_hidden_state

    transformer = model[0].model.eval()
    attention = transformer.config._attn_implementation
    transformer.set_attn_implementation("eager")
    axes = {"ids": {0: "texts", 1: "pieces"}, "vectors": {0: "texts", 1: "pieces"}}
    names = {"input_names": ["ids"], "output_names": ["vectors"], "dynamic_axes": axes}
    try:
        with warnings.catch_warnings(), torch.inference_mode(False), torch.no_grad():
            warnings.simplefilter("ignore")
            ids = torch.tensor([model.tokenizer("The bridge is open.")["input_ids"]] * 2)
            torch.onnx.export(Pieces().eval(), (ids,), str(into), dynamo=False, opset_version=_OPSET, **names)
    finally:
        transformer.set_attn_implementation(attention)
