"""OpenedModel: a model with the fastest backend that this machine has and whose vectors agree with torch in fp32.

Agreement is tested at the first use on a machine and the verdict kept beside the compiled form: from then on neither
torch nor transformers is imported.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from typing import Any

from ..errors import EmbedderUnavailable, MissingExtra, WrongUse
from .agreement import AGREEMENT, agreement
from .backend import COMPILED, TorchBackend
from .compiled_form import CompiledForm, Verdict
from .machine import computes_in_bf16, kind
from .model_folder import load, model_path, reads_by_pieces
from .piece_reader import PieceReader, reader_of

TORCH = "torch"
BACKENDS = (TORCH, *COMPILED)


@dataclass(frozen=True, slots=True)
class OpenedModel:
    """``reader`` is None for a model that does not read by pieces; then ``model`` encodes whole texts. ``backend`` says
    what runs it and, where that is not the fastest, why."""

    reader: PieceReader | None
    model: Any
    backend: str


class _NotCompiled(Exception):
    """Why the model must run in torch."""


def open_model(name: str, wanted: str | None = None) -> OpenedModel:
    """``wanted``, or DATELINE_BACKEND, is one of `BACKENDS`: that or an error. Without it the fastest that agrees."""
    wanted = wanted or os.environ.get("DATELINE_BACKEND") or ""
    if wanted and wanted not in BACKENDS:
        raise WrongUse(f"There is no backend {wanted!r}: name one of {', '.join(BACKENDS)}.")
    if wanted in COMPILED and not installed(wanted):
        raise MissingExtra(f"The backend {wanted}", COMPILED[wanted].comes_with)
    loaded = cache(lambda: load(name))
    if wanted == TORCH:
        return _with_torch(loaded())
    try:
        return _compiled(name, loaded, (wanted,) if wanted else fastest_first())
    except (_NotCompiled, OSError) as error:
        reason = f"no cache: {error}" if isinstance(error, OSError) else str(error)
    if wanted:
        raise EmbedderUnavailable(f"The backend {wanted} cannot run {name} ({reason}): set DATELINE_BACKEND=torch.")
    return _with_torch(loaded(), reason)


def fastest_first() -> tuple[str, ...]:
    """The compiled backends that are installed. Where the processor computes in bf16 OpenVINO took half the time of
    ONNX Runtime in fp32; elsewhere they were as fast, and ONNX Runtime starts sooner."""
    order = ("openvino", "onnx") if computes_in_bf16() else ("onnx", "openvino")
    return tuple(filter(installed, order))


def installed(backend: str) -> bool:
    return backend == TORCH or find_spec(COMPILED[backend].package) is not None


def _compiled(name: str, loaded: Callable[[], Any], backends: Sequence[str]) -> OpenedModel:
    """With the first of the backends that agrees. _NotCompiled, or OSError for a cache that cannot be kept."""
    folder = model_path(name)
    if folder is None:
        raise _NotCompiled("only a model in a folder is compiled")
    form = CompiledForm(folder)
    if opened := _known(form, backends):
        return opened
    with form.lock():
        # Another process may have found out meanwhile.
        return _known(form, backends) or _found_out(form, loaded, backends)


def _known(form: CompiledForm, backends: Sequence[str]) -> OpenedModel | None:
    """By the verdicts that were kept, unless one of a faster backend is missing."""
    verdicts = form.verdicts()
    for backend in backends if form.ready else ():
        verdict = verdicts.get(_run_by(backend))
        if verdict is None:
            return None
        if verdict.cosine >= AGREEMENT:
            try:
                return _opened(form, backend)
            except Exception:  # a damaged form: each library has errors of its own for that
                form.discard()
                return None
    return None


def _found_out(form: CompiledForm, loaded: Callable[[], Any], backends: Sequence[str]) -> OpenedModel:
    """Compiles and tests what was not yet. A failure is kept too, so that it costs its time once."""
    if not form.ready:
        _compile(form, loaded)
    for backend in backends:
        verdict = form.verdicts().get(_run_by(backend))
        if verdict is None:
            verdict = _judged(form, backend, loaded())
            form.note(_run_by(backend), verdict)
        if verdict.cosine >= AGREEMENT:
            try:
                return _opened(form, backend)
            except Exception as error:  # it ran when it was tested: too little memory now, for one
                raise _NotCompiled(f"{backend} does not run: {_first_line(error)}") from error
    reasons = [f"{backend} {form.verdicts()[_run_by(backend)].reason}" for backend in backends]
    raise _NotCompiled("; ".join(reasons) or "no other backend is installed")


def _compile(form: CompiledForm, loaded: Callable[[], Any]) -> None:
    if not find_spec("onnx"):
        raise _NotCompiled("compiling needs a package: pip install 'onnx'")
    exporter = _tested(TORCH, "onnx")
    if refused := form.verdicts().get(exporter):
        raise _NotCompiled(refused.reason)
    if not reads_by_pieces(loaded()):
        reason = "the model does more than pool its pieces"
    else:
        try:
            form.compile(loaded())
            return
        except OSError:
            raise
        except Exception as error:  # whatever an exporter can meet in a model
            reason = f"it cannot be compiled: {_first_line(error)}"
    form.note(exporter, Verdict(0.0, reason))
    raise _NotCompiled(reason)


def _judged(form: CompiledForm, backend: str, model) -> Verdict:
    try:
        cosine = agreement(form.reader(COMPILED[backend](form.graph)), model)
    except Exception as error:  # a library that does not run on this machine is one to do without
        return Verdict(0.0, f"does not run: {_first_line(error)}")
    return Verdict(cosine, "") if cosine >= AGREEMENT else Verdict(0.0, f"is off, cosine {cosine:.5f}")


def _opened(form: CompiledForm, backend: str) -> OpenedModel:
    running = COMPILED[backend](form.graph)
    return OpenedModel(form.reader(running), None, running.name)


def _with_torch(model, reason: str = "") -> OpenedModel:
    said = f"{TorchBackend.name} ({reason})" if reason else TorchBackend.name
    return OpenedModel(reader_of(model, TorchBackend(model)) if reads_by_pieces(model) else None, model, said)


def _run_by(backend: str) -> str:
    return _tested(COMPILED[backend].package)


def _tested(*packages: str) -> str:
    """What a verdict is about: these packages in their versions, on a machine like this one."""
    return " ".join(f"{package} {_version(package)}" for package in packages) + f" on {kind()}"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:  # onnxruntime-gpu brings onnxruntime under another name
        return "of unknown version"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:160]
