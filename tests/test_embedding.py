"""The compiled form of a model: made once, tested for agreement, and done without where it cannot be had."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from rag.embedder import SentenceTransformersEmbedder
from rag.embedding.agreement import AGREEMENT, agreement
from rag.embedding.backend import COMPILED, TorchBackend
from rag.embedding.compiled_form import CompiledForm
from rag.embedding.model_folder import load
from rag.embedding.opened_model import installed, open_model
from rag.embedding.piece_reader import reader_of
from rag.errors import MissingExtra, WrongUse
from rag.sentences import Span

TEXTS = ["Edda Holt opened the bridge.", "", "The ferry was late again on Tuesday, she said.", "bridge", "ferry"]
INSTALLED = [name for name in COMPILED if installed(name)]


def make_model(folder: Path, kind: str = "Bert", pooling: str = "mean", seed: int = 0, after: str = "", **more) -> Path:
    """A model of two thin layers that knows single letters, as sentence-transformers keeps it."""
    import torch
    import transformers
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer

    torch.manual_seed(seed)
    folder.mkdir(parents=True)
    letters = [chr(n) for n in range(33, 127) if not chr(n).isupper()]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    (folder / "vocab.txt").write_text("\n".join(words), "utf-8")
    size = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    if kind == "DistilBert":
        size = {"dim": 32, "n_layers": 2, "n_heads": 2, "hidden_dim": 64}
    config = getattr(transformers, f"{kind}Config")(vocab_size=len(words), max_position_embeddings=80, **size)
    getattr(transformers, f"{kind}Model")(config).save_pretrained(folder / "bare")
    tokenizer = transformers.BertTokenizerFast(vocab=str(folder / "vocab.txt"), model_max_length=64)
    tokenizer.save_pretrained(folder / "bare")
    modules = [Transformer(str(folder / "bare"), max_seq_length=64), Pooling(32, pooling_mode=pooling)]
    modules += {"": [], "Dense": [Dense(32, 16)], "Normalize": [Normalize()]}[after]
    SentenceTransformer(modules=modules, device="cpu", **more).save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    return make_model(tmp_path_factory.mktemp("thin") / "bert")


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("DATELINE_BACKEND", raising=False)
    return tmp_path / "cache" / "dateline" / "embedding"


def forms(cache: Path) -> list[Path]:
    return [entry for entry in cache.iterdir() if entry.is_dir()]


@pytest.mark.parametrize("backend", INSTALLED)
def test_a_backend_gives_the_vectors_of_torch(model, backend):
    fast, exact = (SentenceTransformersEmbedder(str(model), name) for name in (backend, "torch"))
    assert (fast.vectors(TEXTS) * exact.vectors(TEXTS)).sum(axis=1).min() >= AGREEMENT
    assert fast.backend.startswith(backend) and exact.backend == "torch fp32"
    assert fast.fingerprint == exact.fingerprint


@pytest.mark.parametrize("backend", [*INSTALLED, "torch"])
def test_a_text_gives_the_same_vector_whatever_stands_beside_it(model, backend):
    embedder = SentenceTransformersEmbedder(str(model), backend)
    among = embedder.vectors(TEXTS * 40)
    alone = np.vstack([embedder.vectors([text]) for text in TEXTS])
    assert np.abs(among - np.tile(alone, (40, 1))).max() < 1e-5


@pytest.mark.parametrize("backend", INSTALLED)
def test_a_second_process_needs_no_torch_and_tells_nobody(model, cache, tmp_path, backend):
    open_model(str(model), backend)
    home, calls = tmp_path / "home", tmp_path / "calls"
    home.mkdir()
    code = (
        "import sys; asked = []; sys.addaudithook(lambda event, _: event.startswith('socket.') and asked.append(event));"
        "from rag.embedder import SentenceTransformersEmbedder as E; e = E(sys.argv[1]); e.vectors(['ferry']);"
        "print(e.backend, *asked, *({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    # Without what turns reports off: our variable, and CI, in which ONNX Runtime sends none by itself.
    kept = {key: value for key, value in os.environ.items() if key not in ("ORT_DISABLE_TELEMETRY", "CI")}
    told = subprocess.run(
        [*traced(calls), sys.executable, "-c", code, str(model)],
        cwd=ROOT,
        env=kept | {"HOME": str(home), "DATELINE_BACKEND": backend},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() in ("onnxruntime fp32", "openvino bf16", "openvino fp32")
    # ONNX Runtime sends half a minute later: its device id and its queue of events would lie here at once. OpenVINO's id
    # would lie in the home, and it sends from `import openvino` on.
    assert [entry.name for entry in cache.parents[1].iterdir()] == ["dateline"]
    assert list(home.iterdir()) == []
    assert not calls.exists() or "AF_INET" not in calls.read_text("utf-8")


def traced(calls: Path) -> list[str]:
    """strace of what goes to the network from C++ too, where it is installed and allowed."""
    strace = ["strace", "-f", "-e", "trace=network", "-o", str(calls)]
    able = shutil.which("strace") and subprocess.run([*strace, "true"], capture_output=True).returncode == 0
    return strace if able else []


def test_several_at_once_compile_it_once(model, cache):
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: open_model(str(model)).backend, range(4)))
    assert len(set(opened)) == 1 and not opened[0].startswith("torch")
    assert len(forms(cache)) == 1


def test_a_changed_model_is_compiled_anew_and_its_old_form_goes(tmp_path, model, cache):
    folder = shutil.copytree(model, tmp_path / "model")
    before = SentenceTransformersEmbedder(str(folder)).vectors(TEXTS)
    (old,) = forms(cache)
    shutil.rmtree(folder)
    shutil.copytree(make_model(tmp_path / "other", seed=1), folder)
    after = SentenceTransformersEmbedder(str(folder))
    assert (after.vectors(TEXTS) * before).sum(axis=1).min() < AGREEMENT
    assert not after.backend.startswith("torch")
    assert old not in forms(cache) and len(forms(cache)) == 1


def test_a_damaged_form_is_made_anew(model, cache):
    before = SentenceTransformersEmbedder(str(model)).vectors(TEXTS)
    (form,) = forms(cache)
    (form / "graph.onnx").write_bytes((form / "graph.onnx").read_bytes()[:1000])
    again = SentenceTransformersEmbedder(str(model))
    assert np.allclose(again.vectors(TEXTS), before, atol=1e-5)
    assert not again.backend.startswith("torch")


def test_a_full_disk_is_no_obstacle_and_gets_its_room_back(model, cache):
    pytest.importorskip("resource")
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000));"
        "from rag.embedding.opened_model import open_model; print(open_model(sys.argv[1]).backend)"
    )
    told = subprocess.run([sys.executable, "-c", code, str(model)], cwd=ROOT, capture_output=True, text=True)
    assert told.stdout.startswith("torch fp32 (no cache: "), told.stderr
    assert forms(cache) == []
    assert not open_model(str(model)).backend.startswith("torch")


def test_what_a_killed_process_left_goes(model, cache):
    open_model(str(model))
    (form,) = forms(cache)
    form.rename(cache / "making-abc")
    assert not open_model(str(model)).backend.startswith("torch")
    assert forms(cache) == [form]


def test_vectors_that_are_off_are_noticed(tmp_path, model):
    """The graph of one model judged by another model."""
    form = CompiledForm(model)
    form.compile(load(str(model)))
    reader = form.reader(COMPILED["onnx"](form.graph))
    assert agreement(reader, load(str(model))) >= AGREEMENT
    assert agreement(reader, load(str(make_model(tmp_path / "other", seed=1)))) < AGREEMENT


def test_a_backend_that_was_found_to_be_off_is_done_without(model, cache):
    open_model(str(model))
    (file,) = cache.glob("*.json")
    kept = json.loads(file.read_text("utf-8"))
    kept["verdicts"] = {key: {"cosine": 0.98, "reason": "is off"} for key in kept["verdicts"]}
    file.write_text(json.dumps(kept), "utf-8")
    off = "openvino" if "openvino" in next(iter(kept["verdicts"])) else "onnx"
    others = [name for name in INSTALLED if name != off]
    assert open_model(str(model)).backend.startswith(others[0] if others else "torch fp32 (onnx is off)")


@pytest.mark.parametrize("damage", ["", "[]", '{"verdicts": 3}'])
def test_verdicts_that_cannot_be_read_are_found_out_again(model, cache, damage):
    open_model(str(model))
    (file,) = cache.glob("*.json")
    file.write_text(damage, "utf-8")
    assert not open_model(str(model)).backend.startswith("torch")


def test_without_a_cache_torch_computes(model, tmp_path, monkeypatch):
    (tmp_path / "no-folder").write_text("", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "no-folder"))
    embedder = SentenceTransformersEmbedder(str(model))
    assert embedder.backend.startswith("torch fp32 (no cache:")
    assert np.linalg.norm(embedder.vectors(TEXTS), axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-4)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="rights of files")
def test_a_cache_that_others_can_write_to_is_not_trusted(model, cache):
    open_model(str(model))
    cache.chmod(0o777)
    assert "others can write" in open_model(str(model)).backend


@pytest.mark.parametrize(
    "made",
    [
        {"pooling": "cls"},
        {"pooling": "max"},
        {"after": "Dense"},
        {"prompts": {"query": "for: "}, "default_prompt_name": "query"},
    ],
    ids=str,
)
def test_a_model_that_does_more_than_pool_its_pieces_stays_in_torch(tmp_path, made):
    path = str(make_model(tmp_path / "bert", **made))
    embedder = SentenceTransformersEmbedder(path)
    assert embedder.backend == "torch fp32 (the model does more than pool its pieces)"
    expected = load(path).encode(TEXTS, normalize_embeddings=True)
    assert np.allclose(embedder.vectors(TEXTS), expected, atol=1e-5)
    (reading,) = embedder.readings([TEXTS[0]], [[Span(0, 9), Span(10, 28)]])
    assert np.allclose(reading.vector, expected[0], atol=1e-5) and reading.parts.shape == (2, len(expected[0]))


@pytest.mark.parametrize("kind", ["Roberta", "MPNet", "DistilBert", "Electra"])
def test_other_encoders_agree_or_stay_in_torch(tmp_path, kind):
    """Whatever runs them, the vectors are those of sentence-transformers."""
    path = str(make_model(tmp_path / kind, kind, after="Normalize"))
    expected = load(path).encode(TEXTS, normalize_embeddings=True)
    assert (SentenceTransformersEmbedder(path).vectors(TEXTS) * expected).sum(axis=1).min() >= AGREEMENT


def test_the_reference_is_what_sentence_transformers_gives(model):
    loaded = load(str(model))
    assert agreement(reader_of(loaded, TorchBackend(loaded)), loaded) > 0.999999


def test_a_backend_that_is_not_there_is_one_line_with_the_cure(model, monkeypatch):
    with pytest.raises(WrongUse, match="name one of torch, onnx, openvino"):
        open_model(str(model), "gpu")
    monkeypatch.setenv("DATELINE_BACKEND", "torch")
    assert open_model(str(model)).backend == "torch fp32"
    if not installed("openvino"):
        with pytest.raises(MissingExtra, match=r"pip install 'dateline-news\[fast\]'"):
            open_model(str(model), "openvino")


def test_half_a_surrogate_pair_is_read_and_places_stay():
    minilm = SentenceTransformersEmbedder()
    assert np.allclose(minilm.vectors(["a \ud800 bridge"]), minilm.vectors(["a ? bridge"]), atol=1e-5)
