"""Markdown as desks and static sites keep it: front matter, a heading, the story."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.article import Article
from rag.errors import ReaderError

from ..clean import one_line
from ..markup import block_text, parsed
from ..source import Source
from .fields import Voice, first
from .front_matter import begins, parted
from .plain_text import told_by
from .writing import article_of

_NAMES = (".md", ".markdown")
# A wire's text may begin with "#12" or a row of dashes: a heading has a space and an empty line below it.
_HEADING = re.compile(r"#[ \t]+\S.{0,300}\n[ \t]*\n")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# What static sites put in their own braces: {{< figure >}}, {% include %}.
_SHORTCODE = re.compile(r"\{\{[<%][^{}]{0,500}[%>]\}\}|\{%[^{}]{0,500}%\}")
# Eighty times a long article. markdown-it takes 20 s and half a gigabyte for a megabyte of one sign.
MAX_MARKDOWN = 512 * 1024


class Markdown:
    name = "markdown"

    def accepts(self, source: Source) -> bool:
        if source.name.endswith(_NAMES):
            return not source.head.startswith(("{", "[{"))
        return bool(_HEADING.match(source.head)) or begins(source.head)

    def read(self, source: Source) -> Iterator[Article | ReaderError]:
        """One article: what the front matter says comes first, then what the head of the text says."""
        if len(source.text) > MAX_MARKDOWN:
            raise ReaderError(f"the Markdown is longer than {MAX_MARKDOWN // 1024} KiB: split it into its articles.")
        told, markdown = parted(source.text.strip("\ufeff \t\n\0"))
        front = Voice("front matter", source.columns.renamed(told))
        heading, text = _plain(_SHORTCODE.sub("", markdown))
        headline = one_line(first((front,), "headline")) or heading
        if heading and heading != headline:
            text = f"{heading}\n\n{text}"
        lines = [line.strip() for line in f"{headline}\n\n{text}".strip().split("\n")]
        yield article_of((front, Voice("markdown", told_by(lines))))


def _plain(markdown: str) -> tuple[str, str]:
    """The first heading, where nothing but credits can stand before it, and the text without it, in paragraphs."""
    root = parsed(_html(markdown)) if markdown.strip() else None
    if root is None:
        return "", ""
    heading = next(root.iter("h1"), None)
    if heading is None:
        begin = next(root.iter("p", *_HEADINGS), None)
        heading = begin if begin is not None and begin.tag in _HEADINGS else None
    words = one_line(heading.text_content()) if heading is not None else ""
    if words:
        heading.clear(keep_tail=True)
    for cell in root.iter("td", "th"):
        if cell.getnext() is not None:
            cell.tail = " | "
    return words, block_text(root).strip()


def _html(markdown: str) -> str:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.add_render_rule("softbreak", lambda *_: " ")
    parser.add_render_rule("image", _words_of_picture)
    tokens = parser.parse(markdown)
    for token in tokens:
        if any(child.type == "image" for child in token.children or ()) and not _has_words(token.children):
            token.children = []  # a picture on its own, whose words are its caption
    return parser.renderer.render(tokens, parser.options, {})


def _has_words(children: list) -> bool:
    return any(child.type in ("text", "code_inline") and child.content.strip() for child in children)


def _words_of_picture(renderer, tokens: list, at: int, options: object, env: object) -> str:
    from markdown_it.common.utils import escapeHtml

    return escapeHtml(renderer.renderInlineAsText(tokens[at].children or [], options, env))
