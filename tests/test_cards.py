"""Answers and sources as HTML: nothing of a stranger's becomes markup, and every quotation is marked where it stands."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Answer, Sentence, State, Verdict
from rag.article import Article, Kind, NewsTime
from rag.citation import Citation
from rag.page.cards import answer_card, note_card, question_card, welcome_card
from rag.page.chat import Chat
from rag.page.wording import carriers, credit, dates, plain, safe_address, span_words
from rag.passage import Hit, Passage

BODY = (
    "The bridge at Orle will cost 12 million crowns, Mayor Edda Holt said on Monday.\n\n"
    "“We have waited thirty years for it,” she said. “We can wait until autumn. It will come.”\n\n"
    "The old bridge was closed in January."
)
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "![x](https://evil.example/p.png)",
    "[click](javascript:alert(1))",
    "</mark></div></details><h1>owned</h1>",
    "\u202eevil\u202c",
    "${alert(1)} {{alert(1)}} $$x$$ ```js```",
    "\x00\x08<b>\ud800",
]
# Every element and attribute that a card may hold.
ELEMENTS = {"div", "span", "a", "details", "summary", "mark", "br", "h1"}
ATTRIBUTES = {"class", "dir", "href", "id", "title", "aria-label", "tabindex", "open", "target", "rel"}


class _Outline(HTMLParser):
    """The elements of a card with their attributes, and its text; fails on what no card holds or leaves open."""

    def __init__(self, card: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._stack: list[str] = []
        self.feed(card)
        self.close()
        assert not self._stack, f"left open: {self._stack}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS, tag
        assert {name for name, _ in attrs} <= ATTRIBUTES, attrs
        self.found.append((tag, dict(attrs)))
        if tag != "br":
            self._stack.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)

    def links(self) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag == "a"]


def article(**given) -> Article:
    known = {"identity": "a", "headline": "Bridge to cost 12 million", "body": BODY, "publisher": "The Orle Bell"}
    times = {"first_published": at("2026-03-02T08:00:00"), "url": "https://bell.example/bridge"}
    return Article(**known | times | given)


def at(text: str) -> NewsTime:
    return NewsTime(datetime.fromisoformat(text).replace(tzinfo=UTC), text, "test")


def citation(quote: str, of: Article, number: int = 1, speaker: str = "") -> Citation:
    start = of.body.index(quote)
    passage = Passage(of.id, of.revision, 0, 0, len(of.body), of.body)
    return Citation(number, of, passage, start, start + len(quote), speaker)


def quoted(*cited: Citation) -> Answer:
    said = tuple(Sentence(c.quote, (c.number,), Verdict(State.VERBATIM)) for c in cited)
    return Answer(question="q", searched_for="q", sentences=said, citations=cited, complete=True)


def hit(of: Article) -> Hit:
    return Hit(Passage(of.id, of.revision, 0, 0, len(of.body), of.body), of, 1.0, {})


def marked(card: str) -> list[str]:
    return [unescape(words) for words in re.findall(r"<mark>(.*?)</mark>", card)]


def test_the_quoted_words_are_marked_and_no_others():
    quote = "“We can wait until autumn."
    card = answer_card(quoted(citation(quote, article())), 1)
    assert marked(card) == [quote]
    whole = _Outline(card).text
    assert all(paragraph in whole for paragraph in (BODY[:79], "The old bridge was closed in January."))


def test_a_citation_leads_to_the_card_of_its_own_answer():
    first = citation("The old bridge was closed in January.", article())
    card = _Outline(answer_card(quoted(first), 7))
    assert card.links()[0]["href"] == "#a7-s1"
    assert [attributes["id"] for tag, attributes in card.found if tag == "details"] == ["a7-s1"]


def test_words_cut_out_of_a_quotation_get_their_speaker_and_the_marks_back():
    inside = citation("It will come.”", article(), speaker="Edda Holt")
    assert "Edda Holt: “It will come.”" in _Outline(answer_card(quoted(inside), 1)).text
    nobody = citation("It will come.”", article())
    assert "In a quotation: “It will come.”" in _Outline(answer_card(quoted(nobody), 1)).text


def test_a_sentence_that_names_its_speaker_is_left_alone():
    named = citation(BODY[:79], article(), speaker="Edda Holt")
    assert "Edda Holt:" not in _Outline(answer_card(quoted(named), 1)).text


@pytest.mark.parametrize("state", [State.MISMATCH, State.UNSUPPORTED])
def test_a_failed_check_is_told_with_its_faults(state: State):
    source = citation(BODY[:79], article())
    wrong = Sentence("It costs 80 million.", (1,), Verdict(state, ("80 is not in [1]",)))
    card = answer_card(Answer(question="q", searched_for="q", sentences=(wrong,), citations=(source,)), 1)
    assert "dl-bad" in card
    assert "80 is not in [1]" in _Outline(card).text


def test_a_source_says_all_that_a_reader_must_know_of_it():
    told = article(
        kind=Kind.OPINION, originator="Halvern Telegraph Agency", bylines=("Mina Tarn", "Ivo Brandt"),
        this_version=at("2026-03-04T08:00:00"), correction="The sum was wrong.",
    )  # fmt: skip
    text = _Outline(answer_card(quoted(citation(BODY[:79], told)), 1)).text
    for words in (
        "OPINION", "Halvern Telegraph Agency, via The Orle Bell", "2 March 2026, this version 4 March 2026",
        "By Mina Tarn and Ivo Brandt", "Correction: The sum was wrong.", "Read it at bell.example",
    ):  # fmt: skip
        assert words in text


def test_a_version_of_the_same_day_is_not_told():
    assert dates(article(this_version=at("2026-03-02T21:00:00"))) == "2 March 2026"
    assert dates(article(first_published=None)) == "date unknown"


def test_an_agency_under_its_own_name_is_not_told_twice():
    assert credit(article(publisher="HTA", originator="HTA")) == "HTA"


def test_a_source_names_who_else_carried_it():
    carried = replace(citation(BODY[:79], article()), carried_by=("HPB News", "<b>Evening</b> Star"))
    text = _Outline(answer_card(quoted(carried), 1)).text
    assert "Also carried by HPB News, <b>Evening</b> Star" in text
    assert carriers([f"Paper {n}" for n in range(9)]).endswith("Paper 4 and 4 more")
    assert carriers(()) == ""


def test_a_refusal_shows_the_nearest_coverage_as_no_answer():
    notice = "The archive does not say. It covers 2026-03-04 to 2026-05-29."
    refusal = Answer(
        question="q", searched_for="q", refused=True, notice=notice, nearest=(hit(article()),), complete=True
    )
    text = _Outline(answer_card(refusal, 1)).text
    assert text.startswith("The archive does not say.It covers 4 March 2026 to 29 May 2026.")
    assert "not an answer" in text
    assert "Bridge to cost 12 million" in text


def test_a_follow_up_says_what_was_searched_for():
    answer = Answer(question="and in May?", searched_for="What did the bridge cost in May?", refused=True)
    assert "Searched for: What did the bridge cost in May?" in _Outline(answer_card(answer, 1)).text


def test_removed_citations_are_told():
    source = citation(BODY[:79], article())
    said = (Sentence("It costs 12 million.", (1,), Verdict(State.SUPPORTED)),)
    answer = Answer(question="q", searched_for="q", sentences=said, citations=(source,), removed_citations=2)
    text = _Outline(answer_card(answer, 1)).text
    assert "2 citations that the model made up were removed." in text


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "data:text/html,x", "vbscript:x",
        "//evil.example/x", "file:///etc/passwd", "https://bell.example@evil.example/", "https://e.example/ x",
        "https://e.example/\"onmouseover=\"x", "https://e.example\\@evil.example", "http://", "https://[::1",
        "java\tscript:alert(1)", "ftp://e.example/x", "",
    ],
)  # fmt: skip
def test_only_ordinary_web_addresses_become_links(url: str):
    assert safe_address(url) == ""
    assert (
        len(_Outline(answer_card(quoted(citation(BODY[:79], article(url=url))), 1)).links()) == 1
    )  # the citation's own


def test_a_link_leaves_nothing_of_us_behind():
    linked = article(url="https://bell.example/a_b?c=1&d=2#e")
    link = _Outline(answer_card(quoted(citation(BODY[:79], linked)), 1)).links()[1]
    assert link["href"] == "https://bell.example/a_b?c=1&d=2#e"
    assert link["rel"] == "noopener noreferrer nofollow"
    assert link["target"] == "_blank"


def every_card(text: str) -> list[str]:
    """A stranger's text in every place that a card has."""
    body = f"Before. {text} After.\n\n{text}"
    told = article(
        headline=text, body=body, publisher=text, originator=text + "x", bylines=(text, text), url=text, correction=text
    )  # fmt: skip
    passage = Passage(told.id, told.revision, 0, 0, len(body), body)
    cited = Citation(1, told, passage, 8, 8 + len(text), text, (text, text))
    wrong = Sentence(text, (1,), Verdict(State.MISMATCH, (text,)))
    answer = Answer(question="q", searched_for=text, sentences=(wrong,), citations=(cited,), notice=text, draft=text)
    refusal = Answer(question="q", searched_for=text, refused=True, notice=text, nearest=(hit(told),))
    return [
        answer_card(answer, 1), answer_card(quoted(cited), 2), answer_card(refusal, 3), question_card(text), note_card(text),
        welcome_card(3, [text], text, text),
    ]  # fmt: skip


def check_cards(text: str) -> None:
    for card in every_card(text):
        outline = _Outline(card)  # fails on any element or attribute that is not ours
        assert "\n" not in card  # Markdown would take a line end for the end of the card
        assert card.encode("utf-8")
        for link in outline.links():
            assert re.match(r"#a\d+-s\d+$|https?://", link["href"] or "")
        assert not re.search(r"[*_`~$|\\!\[\]{}]", re.sub(r"<[^>]*>", "", card))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words(text: str):
    check_cards(text)


@given(st.text(st.characters() | st.sampled_from("<>\"'&`$*[]()!\u202e\u2028\n\ud800"), max_size=60))
def test_any_words_stay_words(text: str):
    check_cards(text)


@given(st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Z"))))
def test_plain_keeps_every_visible_character(text: str):
    assert unescape(plain(text)) == text


def test_joiners_of_scripts_and_emoji_are_kept():
    for text in ("क्‍ष", "می‌خواهم", "👩‍👩‍👧", "مرحبا"):
        assert unescape(plain(text)) == text


def test_spans_name_the_year_once():
    assert span_words("2026-03-04T06:30:00Z", "2026-05-29T06:00:00Z") == "4 March to 29 May 2026"
    assert span_words("2025-12-30", "2026-01-02") == "30 December 2025 to 2 January 2026"
    assert span_words("", "") == ""


def test_a_chat_takes_one_question_at_a_time_and_remembers_its_answers():
    chat = Chat()
    assert not chat.ask("   ")
    assert chat.ask("How much?")
    assert not chat.ask("And when?")
    chat.show(quoted(citation(BODY[:79], article())))
    chat.settle(1)
    assert [turn.question for turn in chat.turns] == ["q"]
    assert [message["role"] for message in chat.messages] == ["user", "assistant"]


def test_a_stopped_answer_keeps_what_was_seen():
    chat = Chat()
    chat.ask("How much?")
    chat.show(quoted(citation(BODY[:79], article())))
    chat.stop()
    assert BODY[:40] in _Outline(chat.messages[-1]["content"]).text
    assert "Stopped." in chat.messages[-1]["content"]
    assert not chat.waits_for(1)
    assert chat.ask("And when?")
    chat.settle(1)  # the stopped answer ends late
    assert chat.waits_for(2)


def test_the_day_that_a_word_means_stands_in_its_title():
    card = answer_card(quoted(citation(BODY.splitlines()[0], article())), 1)
    assert card.count('<span class="dl-meant" title="2 March 2026">Monday</span>') == 2  # in the answer and in its source


def test_what_a_strict_answer_left_out_is_told_with_the_reason():
    left_out = Sentence("It costs <b>13</b>.", (), Verdict(State.MISMATCH, ("13 is not in the source",)))
    card = answer_card(replace(quoted(citation("The old bridge was closed in January.", article())), dropped=(left_out,)), 1)
    assert "1 sentence was left out" in card and "13 is not in the source" in card and "<b>13" not in card


def test_words_of_another_source_are_not_given_to_its_speaker():
    """Verbatim from [2]; [1] lies inside a quotation."""
    inside = citation("We can wait until autumn.", article(), number=1, speaker="Edda Holt")
    told = citation("The old bridge was closed in January.", article(), number=2)
    said = Sentence(told.quote, (1, 2), Verdict(State.VERBATIM))
    card = answer_card(Answer(question="What?", sentences=(said,), citations=(inside, told), complete=True), 1)
    assert "Edda Holt:" not in card.split("dl-sources")[0]
