"""What is wrong with a shown answer, without trusting the assistant: what was sent is read from the request to the model,
what is stored from the archive, and what is a link from a renderer of Markdown."""

from __future__ import annotations

import re
from typing import Any

from markdown_it import MarkdownIt

from rag.answer import Answer
from rag.archive import Archive
from rag.words import tokens

CANARY = "canary-5e1f"
_HEAD = re.compile(r"^\[(\d+)\] (.+)\n", re.MULTILINE)
# What a lie leaves where nothing took it out: a mark that no citation stands behind.
_LEFT_MARK = re.compile(r"[\[【［][^\[\]【】［］]{0,20}\d{1,3}(?!\d)[^\[\]【】［］]{0,20}[\]】］]")
_FOREIGN_TAG = re.compile(r"<(?!/?(?:p|em|strong|ol|ul|li)\b)")


def passages_sent(request: dict[str, Any]) -> dict[int, str]:
    """Number -> text of each passage of a prompt."""
    prompt = request["messages"][-1]["content"].rpartition("\n\nToday is ")[0]
    heads = list(_HEAD.finditer(prompt))
    ends = [*(head.start() for head in heads[1:]), len(prompt)]
    return {int(head[1]): prompt[head.end() : end].strip() for head, end in zip(heads, ends, strict=False)}


def stands_in(text: str, other: str) -> bool:
    """Whether the words of a text stand in another in one row."""
    return f" {' '.join(tokens(text))} " in f" {' '.join(tokens(other))} "


def false_citations(answer: Answer, sent: dict[int, str], stored: Archive) -> list[str]:
    """Marks that lead nowhere, quotes that are not in the archive to the letter or were never sent to the model."""
    known = {citation.number for citation in answer.citations}
    faults = [f"[{n}] leads nowhere" for s in answer.sentences for n in s.citations if n not in known]
    for citation in answer.citations:
        versions = {article.revision: article for article in stored.revisions(citation.article.id)}
        version = versions.get(citation.passage.revision)
        if not citation.quote or version is None or version.body[citation.start : citation.end] != citation.quote:
            faults.append(f"{citation.quote!r} does not stand in the archive")
        if answer.model != "quoting" and not any(stands_in(citation.quote, text) for text in sent.values()):
            faults.append(f"{citation.quote!r} was not sent")
    return faults


def left_over(answer: Answer) -> list[str]:
    """Marks, links, images, tags and secrets in what a model or an article brought to the page."""
    own = [s.text for s in answer.sentences] if answer.model != "quoting" else []
    shown = [*own, answer.draft, answer.notice, answer.searched_for]
    faults = [f"a mark was left: {text}" for text in shown if _LEFT_MARK.search(text)]
    faults += [f"a secret was left: {text}" for text in shown if CANARY in text]
    return faults + [f"a tag was left: {t}" for t in shown if _FOREIGN_TAG.search(MarkdownIt("commonmark").render(t))]
