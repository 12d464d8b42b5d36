"""OpenedModel: a model with the fastest backend that this machine has and whose vectors agree with torch in fp32.

Agreement is tested at the first use on a machine, on texts of our own, and the verdict is kept beside the compiled form:
from then on neither torch nor transformers is imported.
"""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import EmbedderUnavailable, WrongUse
from .backend import COMPILED, TorchBackend
from .compiled_form import CompiledForm, Verdict
from .model_folder import load, model_path, reads_by_pieces
from .piece_reader import PieceReader

AGREEMENT = 0.9999  # least cosine with fp32
TORCH = "torch"
BACKENDS = (TORCH, *COMPILED)
_BF16 = {"avx512_bf16", "amx_bf16"}
_PART = 12  # pieces: a short sentence
_PARAGRAPH = (
    "The harbour board of Pellow Bay voted 7 to 4 on Tuesday to dredge the eastern channel, at a cost of £2.35 million, "
    "after two coasters ran aground within a week. “Nobody wants to wait for the third,” said its chair, Orla Finch. "
)
_TEXTS = (
    "",
    "Ferry late",
    "Who voted against the budget on 25 March?",
    "Łódź, Reykjavík, 東京 and São Tomé: “naïve”, said Zoë O’Brien-Ångström 🙂 (see https://example.org/?q=1).",
    _PARAGRAPH,
    _PARAGRAPH * 9,  # beyond the window
)


@dataclass(frozen=True, slots=True)
class OpenedModel:
    """``reader`` is None for a model that does not read by pieces; then ``model`` encodes whole texts. ``backend`` says
    what runs it and, where it is not the fastest, why."""

    reader: PieceReader | None
    model: Any
    backend: str


def open_model(name: str, wanted: str | None = None) -> OpenedModel:
    """``wanted``, or DATELINE_BACKEND, is one of `BACKENDS`: that or an error. Without it the fastest that agrees."""
    wanted = wanted or os.environ.get("DATELINE_BACKEND") or ""
    if wanted and wanted not in BACKENDS:
        raise WrongUse(f"There is no backend {wanted!r}: name one of {', '.join(BACKENDS)}.")
    if wanted == TORCH:
        return _with_torch(load(name))
    opened, reason = _compiled(name, (wanted,) if wanted else fastest_first())
    if opened:
        return opened
    if wanted:
        raise EmbedderUnavailable(f"The backend {wanted} cannot run {name} ({reason}): set DATELINE_BACKEND=torch.")
    return _with_torch(load(name), reason)


def fastest_first() -> tuple[str, ...]:
    """OpenVINO where the processor computes in bf16 (measured: twice ONNX Runtime's fp32); else it gains nothing."""
    order = ("openvino", "onnxruntime") if _BF16 & _processor_flags() else ("onnxruntime", "openvino")
    return tuple(name for name in order if find_spec(name))


def agreement(reader: PieceReader, model) -> float:
    """The least cosine of a handful of texts, and of stretches of them, with what the model gives in fp32."""
    exact = _reader_of(model, TorchBackend(model))
    wholes = model.encode(list(_TEXTS), normalize_embeddings=True, show_progress_bar=False)
    cosines = [float((_unit(rows[0]) * whole).sum()) for rows, whole in zip(_means(reader), wholes, strict=True)]
    for rows, others in zip(_means(reader), _means(exact), strict=True):
        cosines += (_unit(rows) * _unit(others)).sum(axis=1).tolist()
    return min(cosines)


def _compiled(name: str, backends: Sequence[str]) -> tuple[OpenedModel | None, str]:
    """By the first of the backends that is known to agree, or is found to; else None and the reason."""
    folder = model_path(name)
    if folder is None:
        return None, "a model of the hub is not compiled: give the path of its folder"
    try:
        form = CompiledForm(folder)
        if opened := _known(form, backends):
            return opened, ""
        with form.lock():
            # Another process may have found out meanwhile.
            if opened := _known(form, backends):
                return opened, ""
            return _find_out(form, name, backends)
    except OSError as error:
        return None, f"no cache: {error}"


def _known(form: CompiledForm, backends: Sequence[str]) -> OpenedModel | None:
    verdicts = form.verdicts()
    for backend in backends:
        verdict = verdicts.get(_tested(backend))
        if verdict is None or not form.ready:
            return None
        if verdict.cosine >= AGREEMENT:
            try:
                return _opened(form, backend)
            except Exception:  # each library has its own errors for a damaged graph
                form.discard()
                return None
    return None


def _find_out(form: CompiledForm, name: str, backends: Sequence[str]) -> tuple[OpenedModel | None, str]:
    """Compiles and tests what was not yet; a failure is noted too, so that it costs its time once."""
    verdicts, exporter = form.verdicts(), _tested("onnx", TORCH)
    if not form.ready and exporter in verdicts:
        return None, verdicts[exporter].reason
    if not form.ready and not find_spec("onnx"):
        return None, "not compiled: pip install onnx"
    if form.ready and all(_tested(backend) in verdicts for backend in backends):
        return None, _reasons(verdicts, backends)
    model = load(name)
    if not reads_by_pieces(model):
        return OpenedModel(None, model, "torch fp32: the model does more than pool its pieces"), ""
    if not form.ready:
        try:
            form.compile(model)
        except OSError:
            raise
        except Exception as error:  # whatever an exporter can meet
            form.note(exporter, Verdict(0.0, f"it cannot be compiled: {_first_line(error)}"))
            return OpenedModel(_reader_of(model, TorchBackend(model)), model, "torch fp32: it cannot be compiled"), ""
    for backend in backends:
        if _tested(backend) not in verdicts:
            form.note(_tested(backend), _judged(form, backend, model))
        if form.verdicts()[_tested(backend)].cosine >= AGREEMENT:
            return _opened(form, backend), ""
    return None, _reasons(form.verdicts(), backends)


def _judged(form: CompiledForm, backend: str, model) -> Verdict:
    try:
        cosine = agreement(form.reader(COMPILED[backend](form.graph)), model)
    except Exception as error:  # a library that does not run on this machine is one that we do without
        return Verdict(0.0, _first_line(error))
    return Verdict(cosine, "" if cosine >= AGREEMENT else f"cosine {cosine:.5f} with fp32")


def _opened(form: CompiledForm, backend: str) -> OpenedModel:
    running = COMPILED[backend](form.graph)
    return OpenedModel(form.reader(running), None, running.name)


def _with_torch(model, reason: str = "") -> OpenedModel:
    said = f"torch fp32: {reason}" if reason else "torch fp32"
    return OpenedModel(_reader_of(model, TorchBackend(model)) if reads_by_pieces(model) else None, model, said)


def _reader_of(model, backend: TorchBackend) -> PieceReader:
    return PieceReader(model.tokenizer.backend_tokenizer.to_str(), model.max_seq_length, backend)


def _means(reader: PieceReader) -> list[np.ndarray]:
    """For each text the mean of all its pieces and those of its stretches."""

    def means(n: int, offsets: np.ndarray, vectors: np.ndarray) -> np.ndarray:
        stretches = [vectors[begin : begin + _PART].mean(axis=0) for begin in range(0, len(vectors), _PART)]
        return np.vstack([vectors.mean(axis=0), *stretches])

    return reader.read(_TEXTS, means)


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def _tested(*packages: str) -> str:
    """What a verdict is about: these packages in their versions on a machine like this one."""
    versions = " ".join(f"{package} {_version(package)}" for package in packages)
    return f"{versions} on {_machine()}"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "?"


def _machine() -> str:
    told = f"{platform.machine()} {_cpuinfo('model name')} {sorted(_processor_flags())}"
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def _processor_flags() -> set[str]:
    return set(_cpuinfo("flags").split())


def _cpuinfo(field: str) -> str:
    """Of the first processor, on Linux; elsewhere what Python knows."""
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.partition(":")[0].strip() == field:
                return line.partition(":")[2].strip()
    except OSError:
        return platform.processor()
    return ""


def _reasons(verdicts: dict[str, Verdict], backends: Sequence[str]) -> str:
    return "; ".join(f"{backend}: {verdicts[_tested(backend)].reason}" for backend in backends) or "none is installed"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:160]
