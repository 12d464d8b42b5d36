"""Backend: the ids of word pieces -> their vectors. The seam at which machines differ; the vectors agree.

Texts of one pass have equal length, so nothing is padded and no text feels its neighbours.
"""

from __future__ import annotations

import os
import queue
from pathlib import Path
from typing import Protocol

import numpy as np

from ..errors import MissingExtra


class Backend(Protocol):
    """``piece_vectors`` takes int64 ids of shape (texts, pieces) and gives float32 of shape (texts, pieces, dimensions);
    ``passes`` of them may run side by side."""

    name: str
    passes: int

    def piece_vectors(self, ids: np.ndarray) -> np.ndarray: ...


def cores() -> int:
    """The processor cores that this process may use; OMP_NUM_THREADS sets it lower."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    return min(allowed, int(wanted)) if wanted.isdecimal() and int(wanted) else allowed


class OnnxRuntimeBackend:
    """ONNX Runtime in fp32. A thread for each pass and passes side by side: no pass waits for the threads of another."""

    def __init__(self, graph: Path) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            raise MissingExtra("The backend onnxruntime", "onnxruntime") from error

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        self.name, self.passes = "onnxruntime fp32", cores()

    def piece_vectors(self, ids: np.ndarray) -> np.ndarray:
        return self._session.run(None, {"ids": ids})[0]


class OpenVinoBackend:
    """OpenVINO, in bf16 where the processor computes in it. It reads the same graph as ONNX Runtime: its own converter,
    the only part of it that calls for telemetry, is never used."""

    def __init__(self, graph: Path) -> None:
        try:
            import openvino
        except ImportError as error:
            raise MissingExtra("The backend openvino", "dateline-news[fast]") from error

        self.passes = cores()
        core = openvino.Core()
        exact = "BF16" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        settings = {"NUM_STREAMS": self.passes, "INFERENCE_NUM_THREADS": self.passes}
        settings["INFERENCE_PRECISION_HINT"] = "f32" if exact else "bf16"
        self._compiled = core.compile_model(core.read_model(str(graph)), "CPU", settings)
        self.name = f"openvino {'fp32' if exact else 'bf16'}"
        self._idle: queue.SimpleQueue = queue.SimpleQueue()

    def piece_vectors(self, ids: np.ndarray) -> np.ndarray:
        try:
            request = self._idle.get_nowait()
        except queue.Empty:
            request = self._compiled.create_infer_request()
        try:
            return request.infer({"ids": ids})[0].copy()  # its memory belongs to the next pass
        finally:
            self._idle.put(request)


class TorchBackend:
    """torch in fp32, as sentence-transformers runs it; torch shares a pass among the cores by itself."""

    name, passes = "torch fp32", 1

    def __init__(self, model) -> None:
        self._transformer = model[0].model

    def piece_vectors(self, ids: np.ndarray) -> np.ndarray:
        import torch

        with torch.inference_mode():
            return self._transformer(input_ids=torch.from_numpy(ids)).last_hidden_state.float().numpy()


COMPILED: dict[str, type[OnnxRuntimeBackend] | type[OpenVinoBackend]] = {
    "onnxruntime": OnnxRuntimeBackend,
    "openvino": OpenVinoBackend,
}
