"""A receipt holds all of an answer, tells when it was changed, and no word in it becomes markup."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.assistant import Assistant
from rag.errors import WrongUse
from rag.page.receipt_page import receipt_page
from rag.page.receipts import Receipts
from rag.receipt import Receipt
from rag.receipt_markdown import escaped, receipt_markdown
from rag.removal import erase, redact

COST = "How much will the new bridge at Orle cost?"
HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>',
    "![x](https://evil.example/p.png)", "[click](javascript:alert(1))", "https://evil.example/x", "# owned\n- owned",
    "</style></blockquote><h1>owned</h1>", "`x` **y** ~~z~~ | a | b |", "\x00\x1b[31m\u202eevil",
]  # fmt: skip


@pytest.fixture
def receipt(searcher) -> Receipt:
    return Receipt.of(Assistant(searcher).ask(COST), searcher)


def test_it_holds_the_answer_and_all_that_decided_it(receipt, searcher):
    cited = receipt.answer["citations"][0]
    body = searcher.archive.article(cited["article_id"]).body
    assert body[cited["start"] : cited["end"]] == cited["quote"] and cited["status"] == "usable"
    assert receipt.question == COST and receipt.passages and receipt.answered.endswith("Z")
    assert receipt.settings.embedder == searcher.embedder.fingerprint


def test_it_is_read_back_as_it_was(receipt):
    assert Receipt.from_json(receipt.to_json()) == receipt


@given(st.text(), st.lists(st.text(), max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_any_words_are_read_back(receipt, question, history):
    try:
        question.encode(), [text.encode() for text in history]
    except UnicodeEncodeError:
        return
    made = replace(receipt, history=tuple(history), answer=receipt.answer | {"question": question})
    assert Receipt.from_json(made.to_json()) == made


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_any_changed_character_is_noticed(receipt, data):
    record = json.loads(receipt.to_json())
    digest = record.pop("digest")
    canonical = receipt.canonical()
    place = data.draw(st.integers(0, len(canonical) - 1))
    sign = data.draw(st.characters(codec="utf-8").filter(lambda c: c != canonical[place]))
    changed = canonical[:place] + sign + canonical[place + 1 :]
    with_digest = f'{{"digest":"{digest}",{changed[1:]}' if place else changed
    with pytest.raises(WrongUse):
        Receipt.from_json(with_digest)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "[" * 100_000, '{"dateline_receipt": 1}', "{"])
def test_what_is_no_receipt_is_one_line(text):
    with pytest.raises(WrongUse) as told:
        Receipt.from_json(text)
    assert "\n" not in str(told.value) and "--receipt" in str(told.value)


class _Page(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs)


@pytest.mark.parametrize("words", HOSTILE)
def test_no_stranger_makes_markup(receipt, words):
    strange = dict.fromkeys(("headline", "quote", "url", "publisher"), words)
    cited = [c | strange for c in receipt.answer["citations"]]
    sentences = [s | {"text": words, "faults": [words]} for s in receipt.answer["sentences"]]
    told = {"question": words, "searched_for": words, "citations": cited, "sentences": sentences}
    hostile = replace(receipt, answer=receipt.answer | told)
    assert _Page(receipt_page(hostile)).tags == _Page(receipt_page(receipt)).tags
    bare = re.sub(r"&#\d+;", "", escaped(words))
    assert not set(bare) & set("<>[]()*_`~|#!:/\\\n\x1b\u202e")
    assert len(receipt_markdown(hostile).splitlines()) == len(receipt_markdown(receipt).splitlines())


def test_the_memory_gives_nothing_of_an_erased_article(receipt, searcher):
    kept = Receipts(searcher.archive)
    name = kept.offer(receipt)
    assert [kept.given(name, form).status for form in ("json", "md", "html", "exe")] == [200, 200, 200, 404]
    assert Receipt.from_json(kept.given(name, "json").text) == receipt
    erase(searcher.archive, ids=[receipt.answer["citations"][0]["article_id"]], reason="test")
    gone = kept.given(name, "json")
    assert gone.status == 410 and receipt.answer["citations"][0]["quote"] not in gone.text
    assert kept.given("0" * 32, "json").status == 404


def test_the_memory_gives_no_redacted_name(receipt, searcher):
    kept = Receipts(searcher.archive)
    name = kept.offer(receipt)
    redact(searcher.archive, "Edda Holt", "[name removed]", reason="test")
    assert kept.given(name, "md").status == 410
