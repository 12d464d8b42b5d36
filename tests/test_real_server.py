"""A real server on the wire: `transformers serve` over a tiny Llama of random weights that the test makes, nothing fetched.

What it says means nothing, and whether it says that it has finished is its own affair; that every word of it comes
through, and that leaving stops it, is what is looked at.
"""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from langchain_core.messages import HumanMessage

from rag.assistant import Assistant
from rag.errors import ModelUnavailable
from rag.llm import chat_model, say

_NEEDED = ("accelerate", "fastapi", "uvicorn", "openai", "tokenizers")
_UP = 90.0  # seconds for the server to start and load
_TEMPLATE = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant:"
pytestmark = [pytest.mark.real_server, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[tuple[str, str]]:
    """The address of the server and the name of its model."""
    if missing := [name for name in _NEEDED if importlib.util.find_spec(name) is None]:
        pytest.skip(f"transformers serve needs {', '.join(missing)}")
    folder = tmp_path_factory.mktemp("tiny-llama")
    make_tiny_llama(folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "transformers"), "serve", str(folder), "--host", "127.0.0.1"]
    (folder / "cache").mkdir()  # it lists what lies there, and fails where there is no such folder
    offline = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HUB_CACHE": str(folder / "cache"), "OMP_NUM_THREADS": "1"}
    log = (folder / "log").open("wb")
    server = subprocess.Popen([*command, "--port", str(port), "--device", "cpu"], stdout=log, stderr=log, env=offline)
    try:
        if not is_up(f"http://127.0.0.1:{port}/v1/models", server):
            pytest.fail(f"transformers serve did not start: {(folder / 'log').read_text()[-2_000:]}")
        yield f"http://127.0.0.1:{port}/v1", str(folder)
    finally:
        server.terminate()
        server.wait(20)
        log.close()


def make_tiny_llama(folder: Path) -> None:
    """Two layers of 32 and a few words, of which it says some in an order without meaning; the same every time."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    special, words = (
        ["<unk>", "<s>", "</s>"],
        "the ferry ran late on Tuesday and nobody in town knew why it did so".split(),
    )
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate([*special, *words])}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>", pad_token="</s>"
    )
    fast.chat_template = _TEMPLATE
    fast.save_pretrained(folder)
    torch.manual_seed(7)
    marks = {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 2}
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(special) + len(words), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
            num_attention_heads=2, num_key_value_heads=2, max_position_embeddings=32_768, **marks,
        )
    )  # fmt: skip
    with torch.no_grad():
        model.lm_head.weight[: len(special)] = 0.0  # words alone
    model.generation_config = GenerationConfig(max_new_tokens=200, **marks)
    model.save_pretrained(folder)


def is_up(url: str, server: subprocess.Popen) -> bool:
    until = time.monotonic() + _UP
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(url, timeout=2):
                return True
        except OSError:
            time.sleep(0.3)
    return False


def heard(model, text: str) -> tuple[list[str], str]:
    """The pieces that came, and how the model broke off, if it did."""
    pieces: list[str] = []
    try:
        pieces.extend(piece for piece in say(model, [HumanMessage(text)]) if piece)
    except ModelUnavailable as error:
        return pieces, str(error)
    return pieces, ""


def test_it_streams_to_the_end_and_the_same_again(served):
    url, name = served
    model = chat_model(f"openai:{name}", url)
    pieces, broken = heard(model, "Who runs the ferry?")
    assert len(pieces) > 3
    assert broken in ("", "The model broke off (its limit of length was reached): ask again, or ask more narrowly.")
    assert heard(model, "Who runs the ferry?")[0] == pieces  # temperature 0


def test_leaving_stops_it_and_the_next_one_is_served(served):
    url, name = served
    model = chat_model(f"openai:{name}", url)
    answers = say(model, [HumanMessage("Go on.")])
    assert next(piece for piece in answers if piece)
    answers.close()
    assert heard(model, "And now?")[0]


def test_an_unknown_model_is_named(served):
    url, _ = served
    pieces, broken = heard(chat_model("openai:no-such-model", url, 30), "Hello?")
    assert not pieces and broken.startswith("The ")


def test_the_assistant_ends_with_a_checked_answer(served, searcher):
    url, name = served
    answers = list(
        Assistant(searcher, chat_model(f"openai:{name}", url), "tiny").stream("What will the bridge at Orle cost?")
    )
    last = answers[-1]
    assert last.complete and any(answer.draft for answer in answers)
    # Random letters cite nothing: the archive is quoted in their place, and says so.
    assert last.model == "quoting" and last.notice.endswith("Below, the archive is quoted instead.")
    assert "12 million" in last.text
