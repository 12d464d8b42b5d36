"""The chat in the browser: ask the archive, watch the answer come, follow every citation to its source.

python app.py --archive archive
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Gradio reads this at its first import: it counts nothing and asks nobody for a newer version.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

from ingest.adding import adding  # noqa: E402
from rag.archive import Archive  # noqa: E402
from rag.assistant import Assistant  # noqa: E402
from rag.command_line import OneLineParser, run  # noqa: E402
from rag.errors import DatelineError, MissingExtra, ModelUnavailable, WrongUse  # noqa: E402
from rag.llm import is_loopback  # noqa: E402
from rag.page.added import added_card  # noqa: E402
from rag.page.cards import masthead  # noqa: E402
from rag.page.chat import Chat, Message  # noqa: E402
from rag.page.desk import NO_MODEL, Desk  # noqa: E402
from rag.page.guard import Guard  # noqa: E402
from rag.page.serving import listening, serve  # noqa: E402

if TYPE_CHECKING:  # importing Gradio takes seconds, and wrong use should be told at once
    import gradio as gr

READERS_AT_ONCE = 8
READERS_WAITING = 64
_HERE = Path(__file__).parent
_SANS = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Liberation Sans", "sans-serif"]
_log = logging.getLogger("dateline")


# -- the page -------------------------------------------------------------------------------------------------------


def page(desk: Desk) -> gr.Blocks:
    """The whole page. Everything that it shows as HTML comes from rag.page.cards and is sanitised once more by Gradio."""
    import gradio as gr

    with gr.Blocks(title="Dateline", analytics_enabled=False, fill_height=True) as blocks:
        chat = gr.State(Chat(), time_to_live=24 * 3600)
        with gr.Row(elem_id="top"):
            title = gr.Markdown(masthead(desk.line()), elem_id="masthead", latex_delimiters=[])
            model = gr.Dropdown(
                [NO_MODEL], value=NO_MODEL, label="Answered by", show_label=False, container=False, elem_id="model",
                filterable=False, scale=0, min_width=262,
            )  # fmt: skip
            fresh = gr.Button("New chat", elem_id="fresh", scale=0, min_width=100)
        board = gr.Chatbot(
            [], placeholder=desk.welcome(), examples=_examples(desk.archive), show_label=False, label="Chat",
            container=False, elem_id="board", layout="panel", buttons=[], feedback_options=None, latex_delimiters=[],
            scale=1, height="auto", autoscroll=False, allow_file_downloads=False, group_consecutive_messages=False,
        )  # fmt: skip
        with gr.Column(elem_id="composer"):
            box = gr.Textbox(
                placeholder="Ask about the news", show_label=False, label="Your question", lines=1, max_lines=5,
                max_length=2000, submit_btn="Ask", stop_btn=False, elem_id="box",
            )  # fmt: skip
            filters = _filters(desk)
            adds = _adds() if desk.adds else None
        _wire(gr, desk, blocks, chat, board, box, model, fresh, filters)
        if adds:
            _wire_adding(gr, desk, *adds, title, filters[0])
    blocks.queue(max_size=READERS_WAITING, api_open=False, default_concurrency_limit=READERS_AT_ONCE)
    return blocks


def _filters(desk: Desk) -> list[Any]:
    import gradio as gr

    # Text for the server, which checks it; chat.js makes a date field of each, with the reader's own calendar.
    day = {"placeholder": "2026-03-31", "lines": 1, "max_lines": 1, "max_length": 20, "min_width": 150}
    with gr.Accordion("Filters", open=False, elem_id="filters"), gr.Row():
        names = list(desk.archive.publishers())
        publishers = gr.Dropdown(names, multiselect=True, label="Publishers", scale=2, min_width=240)
        first, last = (gr.Textbox(label=label, elem_classes="day", **day) for label in ("From", "To"))
        asked_on = gr.Textbox(label="As if asked on", elem_classes="day", **day)
        what = "Leaves out each sentence of a model that the archive does not carry."
        strict = gr.Checkbox(value=desk.strict, label="Strict", info=what, min_width=200, elem_id="strict")
    return [publishers, first, last, asked_on, strict]


def _adds() -> tuple[Any, ...]:
    """Paste, drop or name what is to be added; what became of it stands below."""
    import gradio as gr

    with gr.Accordion("Add articles", open=False, elem_id="adding"):
        with gr.Row():
            pasted = gr.Textbox(
                label="Paste an article, or web addresses one a line", lines=4, max_lines=12, max_length=200_000,
                elem_id="pasted", scale=3, min_width=280,
            )  # fmt: skip
            files = gr.File(
                label="Or drop files: text, HTML, JSON, CSV, feeds, NewsML, ZIP …", file_count="multiple",
                elem_id="dropped", height=156, scale=2, min_width=240,
            )  # fmt: skip
        with gr.Row():
            add = gr.Button("Add to the archive", elem_id="add", scale=0, min_width=210)
            told = gr.Markdown("", elem_id="added", latex_delimiters=[])
    return pasted, files, add, told


def _wire_adding(
    gr: Any, desk: Desk, pasted: Any, files: Any, add: Any, told: Any, title: Any, publishers: Any
) -> None:
    def put(text: str, dropped: list[str] | None) -> Iterator[tuple[Any, ...]]:
        report: dict = {}
        kept = gr.skip()
        yield kept, kept, gr.update(interactive=False), added_card(), kept, kept
        try:
            for grown in adding(
                desk.archive.directory, desk.embedder, text, [Path(f) for f in dropped or []], desk.private
            ):
                report = grown.to_json()
                yield kept, kept, kept, added_card(report), kept, kept
        except DatelineError as error:
            yield kept, kept, gr.update(interactive=True), added_card(error=str(error)), kept, kept
            return
        except Exception:  # a fault of ours, as in Desk.answer
            _log.exception("The articles could not be added")
            error = "Something went wrong here: try again, or give the files to 'python -m ingest'."
            yield kept, kept, gr.update(interactive=True), added_card(error=error), kept, kept
            return
        names = gr.update(choices=list(desk.archive.publishers()))
        yield "", None, gr.update(interactive=True), added_card(report, done=True), masthead(desk.line()), names

    add.click(
        put, [pasted, files], [pasted, files, add, told, title, publishers], api_visibility="private",
        show_progress="hidden", concurrency_limit=1,
    )  # fmt: skip


def _wire(
    gr: Any, desk: Desk, blocks: Any, chat: Any, board: Any, box: Any, model: Any, fresh: Any, filters: list
) -> None:
    """What happens when: ask (typed or suggested), stop, new chat, page loaded."""
    waiting, ready = {"submit_btn": False, "stop_btn": "Stop"}, {"submit_btn": "Ask", "stop_btn": False}

    def put(question: str, chat: Chat) -> tuple[list[Message], Any]:
        taken = chat.ask(question)
        return chat.messages, gr.update(value="", **waiting) if taken else gr.update()

    def put_suggested(chat: Chat, picked: gr.SelectData) -> tuple[list[Message], Any]:
        return put(str(picked.value["text"]), chat)

    # Gradio looks for this type, and by its name it would not find it in this module.
    put_suggested.__annotations__["picked"] = gr.SelectData

    def answer(chat: Chat, choice: str, *chosen: Any) -> Iterator[list[Message]]:
        for _ in desk.answer(chat, choice, *chosen):
            yield chat.messages

    def stopped(chat: Chat) -> tuple[list[Message], Any]:
        chat.stop()
        return chat.messages, gr.update(**ready)

    def loaded() -> tuple[Any, ...]:
        choices = desk.models()
        return (
            gr.update(placeholder=desk.welcome(), examples=_examples(desk.archive)),
            gr.update(choices=choices, value=desk.first_choice),
            gr.update(choices=list(desk.archive.publishers())),
        )

    ours: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    puts = [
        box.submit(put, [box, chat], [board, box], **ours),
        board.example_select(put_suggested, [chat], [board, box], **ours),
    ]
    answers = [put.then(answer, [chat, model, *filters], board, **ours) for put in puts]
    for answered in answers:
        answered.then(lambda: gr.update(**ready), None, box, **ours)
    box.stop(stopped, [chat], [board, box], cancels=answers, **ours)
    fresh.click(lambda: (Chat(), [], gr.update(value="", **ready)), None, [chat, board, box], cancels=answers, **ours)
    blocks.load(loaded, None, [board, model, filters[0]], **ours)


def suggested_questions(archive: Archive) -> list[str]:
    """Questions that the archive can answer: those of the sample news, or three from the newest headlines."""
    sample = _HERE / "ingest" / "sample" / "suggested_questions.json"
    if "Pellow Bay Courier" in archive.publishers() and sample.is_file():
        return json.loads(sample.read_text("utf-8"))
    headlines = (article.headline for article in archive.usable_articles() if article.headline)
    return [f"What is known about “{headline}”?" for headline in islice(headlines, 3)]


def _examples(archive: Archive) -> list[dict[str, str]]:
    return [{"text": question} for question in suggested_questions(archive)]


# -- the server -----------------------------------------------------------------------------------------------------


def application(desk: Desk, host: str, password: str = "") -> Guard:
    """The page behind its guard, for any ASGI server; with a password the reader signs in as "reader"."""
    import gradio as gr
    from fastapi import FastAPI
    from fastapi.responses import FileResponse, Response

    shut: dict[str, Any] = {"docs_url": None, "redoc_url": None, "openapi_url": None}
    outer = FastAPI(**shut)
    for name in ("chat.css", "chat.js", "feedback.js"):
        outer.get(f"/dateline/{name}")(lambda file=_HERE / "rag" / "page" / name: FileResponse(file))
    if desk.judging:
        outer.post("/dateline/feedback")(desk.judging.judge)

    def receipt(name: str, form: str) -> Response:
        given = desk.receipts.given(name, form)
        return Response(given.text, given.status, given.headers)

    # FastAPI looks for these types, and by their names it would not find them in this module.
    receipt.__annotations__ = {"name": str, "form": str}
    outer.get("/dateline/receipt/{name}.{form}")(receipt)
    theme = gr.themes.Base(radius_size="sm", font=_SANS, font_mono=["monospace"])  # the colours are in chat.css
    gr.mount_gradio_app(
        outer, page(desk), "/", footer_links=[], run_history=False, app_kwargs=shut, show_error=False,
        max_file_size="64mb" if desk.adds else "1kb",
        ssr_mode=False, enable_monitoring=False, pwa=False, theme=theme, auth=("reader", password) if password else None,
    )  # fmt: skip
    return Guard(outer, host, uploads=desk.adds)


def main(arguments: list[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    return run(lambda: _served(given))


def _served(given: argparse.Namespace) -> int:
    password = os.environ.get("DATELINE_PASSWORD", "")
    if not is_loopback(f"//[{given.host}]" if ":" in given.host else given.host) and not password:
        raise WrongUse(f"{given.host} can be reached from outside: set DATELINE_PASSWORD, or leave --host out.")
    if given.base_url and not given.model:
        raise WrongUse("--base-url is the address of a model: name one with --model openai:NAME.")
    bound = listening(given.host, given.port)
    desk = _opened(given)
    desk.adds, desk.private = not given.no_adding, given.allow_private
    desk.judging = None if given.no_feedback else desk.judging
    threading.Thread(target=desk.warm, daemon=True).start()
    serve(application(desk, given.host, password), bound, given.host, desk.line)
    return 0


def _opened(given: argparse.Namespace) -> Desk:
    archive = given.archive
    assistant = Assistant.open(archive, entailment=given.entailment, strict=given.strict)
    desk = Desk(assistant, given.model, given.base_url)
    if not desk.archive.counts()["articles"]:
        raise WrongUse(
            f"The archive {archive} is empty: add articles with 'python -m ingest PATH --archive {archive}'."
        )
    with suppress(MissingExtra, ModelUnavailable):  # the chat says these, and answers without a model meanwhile
        desk.assistant(desk.first_choice)
    return desk


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(prog="python app.py", description="The Dateline chat in the browser.")
    add = parser.add_argument
    add("--archive", default="archive", metavar="DIR", help="the archive to answer from (default: archive)")
    add("--host", default="127.0.0.1", help="where to listen; beyond this machine only with DATELINE_PASSWORD set")
    add("--port", type=int, default=7860, help="0 takes any free one (default: 7860)")
    add("--no-adding", action="store_true", help="readers may only ask, not add articles from the page")
    add("--no-feedback", action="store_true", help="readers are not asked whether an answer is right")
    add("--allow-private", action="store_true", help="let addresses of your own network be added")
    add("--model", metavar="SPEC", help="a chat model to offer first, such as ollama:llama3.2 or openai:gpt-4.1-mini")
    add("--base-url", metavar="URL", help="the server of that model, if not the provider's own; it gets OPENAI_API_KEY")
    add("--strict", action="store_true", help="leave out what a model writes and the archive does not carry")
    add("--entailment", metavar="NAME", help="a cross-encoder for natural-language inference that checks it too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
