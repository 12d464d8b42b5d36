"""Backend: the ids of word pieces -> their vectors. The seam at which machines differ; the vectors agree.

Texts of one pass have equal length, so nothing is padded and no text feels its neighbours.
"""

from __future__ import annotations

import queue
import sys
from pathlib import Path
from typing import Protocol

import numpy as np

from .machine import cores


class Backend(Protocol):
    """``piece_vectors`` takes int64 ids of shape (texts, pieces) and gives float32 of shape (texts, pieces, dimensions);
    ``passes`` of them may run side by side."""

    name: str
    passes: int

    def piece_vectors(self, ids: np.ndarray) -> np.ndarray: ...


class OnnxRuntimeBackend:
    """ONNX Runtime in fp32. A thread for each pass and passes side by side: no pass waits for the threads of another."""

    package = comes_with = "onnxruntime"

    def __init__(self, graph: Path) -> None:
        import onnxruntime

        onnxruntime.disable_telemetry_events()  # for whom rag/__init__.py's variable comes too late: it was imported before
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        self.name, self.passes = "onnxruntime fp32", cores()

    def piece_vectors(self, ids: np.ndarray) -> np.ndarray:
        return self._session.run(None, {"ids": ids})[0]


class OpenVinoBackend:
    """OpenVINO, in bf16 where the processor computes in it. It reads the same graph as ONNX Runtime."""

    package, comes_with = "openvino", "dateline-news[fast]"

    def __init__(self, graph: Path) -> None:
        # `import openvino` alone reports to Google Analytics, unasked, where this package is there (2026.4,
        # openvino/tools/ovc/__init__.py); without it openvino takes a stub.
        sys.modules.setdefault("openvino_telemetry", None)
        import openvino

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
    "onnx": OnnxRuntimeBackend,
    "openvino": OpenVinoBackend,
}
