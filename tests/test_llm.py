"""The chat model by name, and what listens on this machine: one line with its cure for all that can be wrong."""

import socket
import threading
import time

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, HumanMessage
from mock_chat_server import MockChatServer, Reply, page

from rag.errors import DatelineError, MissingExtra, ModelUnavailable, WrongUse
from rag.llm import chat_model, is_loopback, local_models, say

ASKED = [HumanMessage("Say it.")]


@pytest.fixture
def no_key(monkeypatch):
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("spec", [None, "", "quoting"])
def test_no_model_is_none(spec):
    assert chat_model(spec) is None


@pytest.mark.parametrize(
    ("spec", "error", "cure"),
    [
        ("llama3.2", WrongUse, "write it as ollama:llama3.2, openai:llama3.2 or anthropic:llama3.2."),
        ("llama3.2:3b", WrongUse, "ollama:llama3.2:3b"),
        ("openai:", WrongUse, "write it as"),
        ("anthropic:claude-sonnet-4-5", MissingExtra, "pip install 'dateline-news[anthropic]'"),
        ("ollama:llama3.2", MissingExtra, "pip install 'dateline-news[ollama]'"),
        ("groq:llama3", MissingExtra, "pip install 'langchain-groq'"),
        ("openai:gpt-4.1-mini", ModelUnavailable, "set OPENAI_API_KEY in the environment."),
    ],
)
def test_a_model_that_cannot_be_made_says_how_it_can(no_key, spec, error, cure):
    if error is MissingExtra:
        pytest.importorskip("langchain")
        if _installed(f"langchain_{spec.partition(':')[0]}"):
            pytest.skip("the package is installed here")
    with pytest.raises(error) as raised:
        chat_model(spec)
    assert cure in str(raised.value) and "\n" not in str(raised.value)


def _installed(package: str) -> bool:
    import importlib.util

    return importlib.util.find_spec(package) is not None


def test_a_server_on_the_loopback_needs_no_key(no_key):
    with MockChatServer(Reply("It rained. [1]")) as server:
        assert "".join(say(chat_model("openai:mock", server.url), ASKED)) == "It rained. [1]"


@pytest.mark.parametrize(("with_key", "sent"), [(True, "real"), (False, "none")])
def test_a_server_that_was_only_found_never_gets_the_key(monkeypatch, with_key, sent):
    monkeypatch.setenv("OPENAI_API_KEY", "real")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        heard: list[bytes] = []
        threading.Thread(target=_hear_once, args=(listener, heard), daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        with pytest.raises(ModelUnavailable):
            list(say(chat_model("openai:mock", url, with_key=with_key), ASKED))
    assert f"authorization: bearer {sent}\r\n".encode() in heard[0].lower()


def test_a_server_elsewhere_needs_one(no_key):
    with pytest.raises(ModelUnavailable, match="OPENAI_API_KEY"):
        chat_model("openai:mock", "https://models.example/v1")


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8000/v1", True),
        ("localhost:1", True),
        ("http://[::1]:80", True),
        ("127.9.9.9", True),
        ("https://localhost.example", False),
        ("http://10.0.0.1", False),
        ("", False),
        ("127.0.0.1.evil.example", False),
        ("http://127.evil.example/v1", False),
        ("http://127.0.0.1@evil.example/v1", False),
        ("http://[::1/v1", False),
        ("0.0.0.0", False),
    ],
)
def test_what_is_on_this_machine(url, local):
    assert is_loopback(url) is local


class TestSay:
    def test_gives_pieces_as_they_come_and_an_empty_one_while_it_waits(self):
        with MockChatServer(Reply("It rained all day.", size=6, between=1.3)) as server:
            pieces = list(say(chat_model("openai:mock", server.url), ASKED))
        assert [piece for piece in pieces if piece] == ["It rai", "ned al", "l day."]
        assert "" in pieces[pieces.index("It rai") : pieces.index("ned al")]

    def test_takes_its_patience_from_the_model(self):
        with MockChatServer(Reply("late", wait=9)) as server, pytest.raises(ModelUnavailable, match="silent"):
            list(say(chat_model("openai:mock", server.url, timeout=0.3), ASKED))

    def test_ten_at_once_do_not_wait_for_each_other(self):
        with MockChatServer(Reply("It rained.", wait=0.5)) as server:
            model, heard = chat_model("openai:mock", server.url), []
            threads = [threading.Thread(target=lambda: heard.append("".join(say(model, ASKED)))) for _ in range(10)]
            began = time.monotonic()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert heard == ["It rained."] * 10 and time.monotonic() - began < 15

    def test_a_model_without_reasons_may_just_end(self):
        model = GenericFakeChatModel(messages=iter([AIMessage("It rained")]))
        assert "".join(say(model, ASKED)) == "It rained"


class TestLocalModels:
    def test_names_what_a_server_on_a_known_port_has(self):
        with MockChatServer(models=["small", "large"]) as server:
            (small, large) = local_models({server.port: "vLLM"})
            assert (small.server, small.spec, small.base_url) == ("vLLM", "openai:small", server.url)
            assert large.spec == "openai:large"
            assert chat_model(small.spec, small.base_url, with_key=False) is not None

    @pytest.mark.parametrize("models", [[7, None, {"x": 1}, "", " "], []])
    def test_passes_over_what_is_no_name(self, models):
        with MockChatServer(models=models) as server:
            assert local_models({server.port: "Ollama"}) == []

    @pytest.mark.parametrize(
        "sent",
        [
            b"",
            b"SSH-2.0-OpenSSH_9.9\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull",
            b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"data\": 7}",
            b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"data\":",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/x\r\nContent-Length: 0\r\n\r\n",
            b"HTTP/1.1 500 Oops\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 100_000,
        ],
    )  # fmt: skip
    def test_passes_over_servers_of_other_kinds(self, sent):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            threading.Thread(target=_answer_once, args=(listener, sent), daemon=True).start()
            began = time.monotonic()
            assert local_models({listener.getsockname()[1]: "garbage"}) == []
            assert time.monotonic() - began < 15

    def test_passes_over_a_server_that_trickles(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            threading.Thread(target=_trickle, args=(listener,), daemon=True).start()
            began = time.monotonic()
            assert local_models({listener.getsockname()[1]: "slow"}) == []
            assert time.monotonic() - began < 15

    def test_passes_over_a_closed_port(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        assert local_models({port: "nobody"}) == []


def test_an_html_page_is_named_in_plain_words():
    signed_out = page("<h1>Sign in</h1> at https://portal.example/login", 502)
    with MockChatServer(signed_out) as server, pytest.raises(DatelineError) as raised:
        list(say(chat_model("openai:mock", server.url), ASKED))
    assert "<" not in str(raised.value) and "://" not in str(raised.value)


def _answer_once(listener: socket.socket, sent: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(sent)


def _hear_once(listener: socket.socket, heard: list[bytes]) -> None:
    connection, _ = listener.accept()
    with connection:
        heard.append(connection.recv(65_536))
        connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\n{}")


def _trickle(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    try:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(200):
            connection.sendall(b" ")
            time.sleep(0.1)
    except OSError:
        pass
