"""A receipt as one page of HTML: no script, nothing from outside, readable in print, by day and by night."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..receipt import Receipt
from ..receipt_markdown import facts, source_facts
from .wording import plain

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = (
    ":root{color-scheme:light dark}body{font:16px/1.5 Georgia,serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;font-size:.85rem}dd{margin:0;"
    "overflow-wrap:anywhere}blockquote{margin:.5rem 0;padding-left:1rem;border-left:3px solid}small{opacity:.8}"
    "li,footer{font-size:.85rem;overflow-wrap:anywhere}@media print{body{margin:0;max-width:none}}"
)


def receipt_page(receipt: Receipt) -> str:
    answer, settings = receipt.answer, receipt.settings
    sources = "".join(map(_source, answer["citations"]))
    names = ("embedder", "index", "weights", "reranked", "software", "edition")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width"><title>Receipt of an answer</title>'
        f"<style>{_STYLE}</style></head><body><h1>Receipt of an answer</h1>"
        f'<p dir="auto"><strong>{plain(receipt.question)}</strong></p>{_table(facts(receipt))}<h2>Answer</h2>'
        f"{''.join(map(_sentence, answer['sentences']))}<p>{plain(answer['notice'])}</p>"
        f"{f'<h2>Sources</h2>{sources}' if sources else ''}{_passages(receipt)}<h2>Settings</h2>"
        f"{_table((name, str(getattr(settings, name))) for name in names)}"
        f"<footer>SHA-256 of the canonical JSON, which is no signature: {receipt.digest}</footer></body></html>\n"
    )


def _sentence(sentence: dict[str, Any]) -> str:
    marks = "".join(f" [{number}]" for number in sentence["citations"])
    told = "; ".join((sentence["verdict"], *sentence["faults"]))
    return f'<p dir="auto">{plain(sentence["text"])}{marks} <small>{plain(told)}</small></p>'


def _source(cited: dict[str, Any]) -> str:
    return (
        f'<section><h3 dir="auto">[{cited["number"]}] {plain(cited["headline"])}</h3>'
        f'<blockquote dir="auto">{plain(cited["quote"])}</blockquote>{_table(source_facts(cited))}</section>'
    )


def _passages(receipt: Receipt) -> str:
    items = "".join(
        f"<li>article {plain(p.article_id)}, version {plain(p.revision)}, characters {p.start} to {p.end}, "
        f"score {p.score:.3f}: {plain(p.why)}</li>"
        for p in receipt.passages
    )
    return f"<h2>Passages that were found</h2><ol>{items}</ol>" if items else ""


def _table(lines: Iterable[tuple[str, str]]) -> str:
    return f"<dl>{''.join(f'<dt>{plain(name)}</dt><dd>{plain(value)}</dd>' for name, value in lines)}</dl>"
