"""A receipt as Markdown: an article's words, and a reader's, start no markup and no link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .receipt import Receipt

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\U000e0000-\U000e007f]")
_SIGNS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$^=:/@&])")


def receipt_markdown(receipt: Receipt) -> str:
    return "\n".join(_lines(receipt)) + "\n"


def escaped(text: str) -> str:
    """On one line, with every sign of Markdown, HTML and bare addresses made a sign only."""
    return _SIGNS.sub(lambda m: f"&#{ord(m[1])};", " ".join(_UNSEEN.sub(" ", text).split()))


def _lines(receipt: Receipt) -> Iterator[str]:
    answer, settings = receipt.answer, receipt.settings
    yield "# Receipt of an answer"
    yield ""
    yield f"**Question:** {escaped(answer['question'])}"
    yield ""
    for name, value in facts(receipt):
        yield f"- {name}: {escaped(value)}"
    yield ""
    yield "## Answer"
    for sentence in answer["sentences"]:
        marks = "".join(f" &#91;{number}&#93;" for number in sentence["citations"])
        faults = f"; {'; '.join(sentence['faults'])}" if sentence["faults"] else ""
        yield ""
        yield f"{escaped(sentence['text'])}{marks} ({escaped(sentence['verdict'] + faults)})"
    yield from ("", escaped(answer["notice"])) if answer["notice"] else ()
    for left_out in answer.get("dropped", ()):
        yield from ("", f"Left out: {escaped(left_out['text'])} ({escaped('; '.join(left_out['faults']))})")
    cited_words = [*answer["citations"], *filter(None, [answer.get("premise")])]
    yield from ("", "## Sources") if cited_words else ()
    for cited in cited_words:
        yield ""
        yield f"&#91;{cited['number']}&#93; {escaped(cited['headline'])}"
        yield ""
        for name, value in source_facts(cited):
            yield f"- {name}: {escaped(value)}"
        yield ""
        yield f"> {escaped(cited['quote'])}"
    yield from ("", "## Passages that were found", "") if receipt.passages else ()
    for p in receipt.passages:
        line = f"article {p.article_id}, version {p.revision}, characters {p.start} to {p.end}, score {p.score:.3f}"
        yield f"1. {escaped(f'{line}: {p.why}')}"
    yield ""
    yield "## Settings"
    yield ""
    for name in ("embedder", "index", "weights", "reranked", "software", "edition"):
        yield f"- {name}: {escaped(str(getattr(settings, name)))}"
    yield ""
    yield f"SHA-256 of the canonical JSON, which is no signature: {receipt.digest}"


def facts(receipt: Receipt) -> Iterator[tuple[str, str]]:
    """The line items about the asking; what is empty is left out."""
    answer = receipt.answer
    only = ", ".join(filter(None, ("; ".join(receipt.publishers), *_days(receipt))))
    searched = answer["searched_for"] if answer["searched_for"] != answer["question"] else ""
    told = {
        "searched for": searched, "asked before": " / ".join(receipt.history), "asked on": receipt.asked_on,
        "filter": only, "archive as of": receipt.as_of, "answered": receipt.answered, "answered by": answer["model"],
    }  # fmt: skip
    return ((name, value) for name, value in told.items() if value)


def source_facts(cited: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The line items of one citation; what is empty is left out."""
    told = {
        "publisher": cited["publisher"], "originator": cited["originator"], "speaker": cited["speaker"],
        "first published": cited["published"], "this version": cited["updated"], "status": cited["status"],
        "correction": cited["correction"], "address": cited["url"],
        "place": f"article {cited['article_id']}, version {cited['revision']}, "
        f"characters {cited['start']} to {cited['end']}",
    }  # fmt: skip
    return ((name, value) for name, value in told.items() if value)


def _days(receipt: Receipt) -> Iterator[str]:
    if receipt.first:
        yield f"from {receipt.first}"
    if receipt.last:
        yield f"to {receipt.last}"
