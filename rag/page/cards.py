"""Answers and sources as HTML: the only place that makes any, and every word of a stranger passes `plain` first.

Each card is one line, so that it can stand in Markdown as it is. ``turn`` makes the ids of one answer differ from the
next: [2] of the third answer leads to ``#a3-s2``.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..answer import Answer, Sentence, State, Verdict
from ..citation import Citation
from ..judgement import LONGEST_COMMENT
from ..passage import Hit
from ..prompt import NO_ANSWER
from ..sentences import Span
from ..speaker import in_quotation
from .sidebar_card import sidebar_card
from .source_card import dated, head_of, kind_of, link_to, place_of, sources, text_of
from .wording import credit, day_words, held_words, label, plain, with_day_words

_OPENING, _CLOSING = '“"«', '”"»'
_VERDICTS = {
    State.VERBATIM: ("ok", "✓ word for word", "These words stand in the source exactly so."),
    State.SUPPORTED: ("ok", "✓ checked", "Numbers, names, dates and quotations agree with the source."),
    State.MISMATCH: ("bad", "⚠ does not match", "The sentence and its source disagree."),
    State.UNSUPPORTED: ("bad", "⚠ not carried by its source", "The cited source does not carry this sentence."),
}


def question_card(question: str) -> str:
    return f'<div class="dl-asked">{text_of(question)}</div>'


def searching_card() -> str:
    return '<div class="dl-turn dl-waiting">Searching the archive …</div>'


def note_card(message: str, kind: str = "note") -> str:
    """A calm line of our own: what went wrong and what to do; ``kind`` is "note" or "stopped"."""
    return f'<div class="dl-turn dl-{plain(kind)}">{text_of(message)}</div>'


def answer_card(answer: Answer, turn: int, name: str = "", receipt: str = "") -> str:
    """The answer so far with its sources, or the refusal with the nearest coverage; one with a ``name`` can be judged,
    of one with a ``receipt`` (a name too) the receipt can be had."""
    if answer.refused:
        return _refusal(answer, turn, name, receipt)
    if not answer.sentences and not answer.draft:
        return searching_card()
    prose = _searched_for(answer) + _notice(answer) + _short(answer, turn) + _prose(answer, turn)
    prose += _removed(answer) + _dropped(answer) + sidebar_card(answer.sidebar, refused=False)
    prose += _judge(name) + _receipt(receipt)
    return f'<div class="dl-turn"><div class="dl-prose">{prose}</div>{sources(answer.citations, turn)}</div>'


def welcome_card(articles: int, publishers: Sequence[str], first: str, last: str) -> str:
    """The empty page: what there is to ask about."""
    held = held_words(articles, first, last)
    names = ", ".join(list(publishers)[:8]) + (f" and {len(publishers) - 8} more" if len(publishers) > 8 else "")
    return (
        '<div class="dl-welcome"><div class="dl-welcome-title">What would you like to know?</div>'
        f'<div class="dl-held">The archive holds {text_of(held)}.</div><div class="dl-publishers">{text_of(names)}</div></div>'
    )


def masthead(archive_line: str) -> str:
    return (
        '<div class="dl-masthead"><h1 class="dl-name">Dateline</h1>'
        '<div class="dl-motto">Answers from the archive, every sentence cited</div>'
        f'<div class="dl-line">{text_of(archive_line)}</div></div>'
    )


# -- the answer -----------------------------------------------------------------------------------------------------


def _prose(answer: Answer, turn: int) -> str:
    by_number = {citation.number: citation for citation in answer.citations}
    parts = [_sentence(sentence, by_number, turn) for sentence in answer.sentences]
    if answer.draft:
        parts.append(f'<div class="dl-sentence dl-draft">{text_of(answer.draft)}</div>')
    return "".join(parts)


def _sentence(sentence: Sentence, by_number: dict[int, Citation], turn: int) -> str:
    cited = [by_number[n] for n in sentence.citations if n in by_number]
    tone = _VERDICTS[sentence.verdict.state][0]
    marks = "".join(_mark(citation, turn) for citation in cited)
    return (
        f'<div class="dl-sentence dl-{tone}">{_spoken(sentence, cited)}{marks}'
        f'<div class="dl-credit">{_credits(cited)}{_verdict(sentence)}</div></div>'
    )


def _spoken(sentence: Sentence, cited: Sequence[Citation]) -> str:
    """The sentence; words out of the middle of a quotation get their speaker and the marks that they were cut from."""
    if sentence.verdict.state is not State.VERBATIM or not cited:
        return text_of(sentence.text)
    text = sentence.text
    citation = next((one for one in cited if text == one.quote), None)
    if citation is None:
        return text_of(text)
    shown = f'<span class="dl-t" dir="auto">{dated(citation.article, Span(citation.start, citation.end))}</span>'
    inside = in_quotation(citation.article.body, citation.start)
    if not inside and text[:1] not in _OPENING:
        return shown
    before = "“" if inside else ""
    after = "”" if inside and not any(sign in text for sign in _CLOSING) else ""
    return f"{_speaker(citation, inside)}{before}{shown}{after}"


def _speaker(citation: Citation, inside: bool) -> str:
    """Who speaks, unless the sentence says so itself."""
    name = citation.speaker
    if name and name.split()[-1] not in citation.quote:
        return f'<span class="dl-speaker">{text_of(name)}:</span> '
    return '<span class="dl-speaker">In a quotation:</span> ' if inside and not name else ""


def _mark(citation: Citation, turn: int) -> str:
    about = plain(f"Source {citation.number}: {citation.article.headline}, {credit(citation.article)}")
    place = f'href="#{place_of(citation, turn)}"'
    return f'&nbsp;<a class="dl-cite" {place} aria-label="{about}" title="{about}">&#91;{citation.number}&#93;</a>'


def _credits(cited: Sequence[Citation]) -> str:
    lines = dict.fromkeys(f"{credit(c.article)}, {day_words(c.article.published)}" for c in cited)
    labels = dict.fromkeys(label(c.article) for c in cited if label(c.article))
    return "".join(kind_of(words) for words in labels) + text_of("; ".join(lines)) + (" · " if lines else "")


def _verdict(sentence: Sentence) -> str:
    tone, words, why = _VERDICTS[sentence.verdict.state]
    faults = "; ".join(sentence.verdict.faults)
    told = f"{words}: {faults}" if faults else words
    return f'<span class="dl-verdict dl-verdict-{tone}" title="{plain(why)}">{plain(told)}</span>'


def _searched_for(answer: Answer) -> str:
    if answer.searched_for.strip() == answer.question.strip() or not answer.searched_for:
        return ""
    return f'<div class="dl-searched">Searched for: {text_of(answer.searched_for)}</div>'


def _short(answer: Answer, turn: int) -> str:
    """The number, name or day by itself, with the mark of the quote that it was cut from."""
    if not answer.short:
        return ""
    marks = "".join(_mark(citation, turn) for citation in answer.citations if citation.number == answer.short.citation)
    return f'<div class="dl-short">{text_of(answer.short.text)}{marks}</div>'


def _notice(answer: Answer) -> str:
    return f'<div class="dl-notice">{text_of(answer.notice)}</div>' if answer.notice else ""


def _removed(answer: Answer) -> str:
    count = answer.removed_citations
    if not count:
        return ""
    what = "1 citation that the model made up was" if count == 1 else f"{count} citations that the model made up were"
    return f'<div class="dl-notice">{what} removed.</div>'


def _dropped(answer: Answer) -> str:
    """What strict mode left out, and why."""
    if not answer.dropped:
        return ""
    count = len(answer.dropped)
    told = "1 sentence was" if count == 1 else f"{count} sentences were"
    lines = "".join(
        f'<div class="dl-sentence dl-bad">{text_of(one.text)}<div class="dl-credit">{_verdict(one)}</div></div>'
        for one in answer.dropped
    )
    return f'<details class="dl-dropped"><summary>{told} left out: the archive does not carry them.</summary>{lines}</details>'


def _judge(name: str) -> str:
    """Right or Wrong; feedback.js says the rest to a screen reader, since Gradio lets no aria attribute through."""
    if not name:
        return ""
    asks = "What is wrong, or what is the right answer?"
    return (
        f'<div class="dl-judge" id="judge-{plain(name)}" role="group">'
        '<button type="button" class="dl-right">Right</button><button type="button" class="dl-wrong">Wrong</button>'
        '<span class="dl-told" role="status"></span><span class="dl-why" hidden>'
        f'<input type="text" class="dl-comment" maxlength="{LONGEST_COMMENT}" placeholder="{asks}">'
        '<button type="button" class="dl-keep">Note it</button></span></div>'
    )


def _receipt(name: str) -> str:
    """Three files that prove the answer later."""
    if not name:
        return ""
    links = " · ".join(
        f'<a href="./dateline/receipt/{plain(name)}.{ending}" aria-label="Receipt as {words}">{words}</a>'
        for ending, words in (("md", "Markdown"), ("html", "HTML"), ("json", "JSON"))
    )
    return f'<div class="dl-receipt">Receipt: {links}</div>'


# -- the refusal ----------------------------------------------------------------------------------------------------


def _refusal(answer: Answer, turn: int, name: str, receipt: str) -> str:
    if answer.premise:
        return _denied(answer, turn, name, receipt)
    rest = with_day_words(answer.notice.replace(NO_ANSWER, " ")).strip()
    return (
        f'<div class="dl-turn dl-refusal">{_searched_for(answer)}<div class="dl-no">{NO_ANSWER}</div>'
        f'<div class="dl-rest">{text_of(rest)}</div>{_removed(answer)}{_dropped(answer)}'
        f'{sidebar_card(answer.sidebar, refused=True)}{_judge(name)}{_receipt(receipt)}'
        f"{_nearest(answer.nearest)}</div>"
    )


def _denied(answer: Answer, turn: int, name: str, receipt: str) -> str:
    """A false premise: what denies it, word for word, with its source."""
    said = Sentence(answer.premise.quote, (answer.premise.number,), Verdict(State.VERBATIM))
    prose = _sentence(said, {answer.premise.number: answer.premise}, turn)
    told = f'{_searched_for(answer)}<div class="dl-no">{text_of(answer.notice)}</div>{prose}{_judge(name)}{_receipt(receipt)}'
    return f'<div class="dl-turn"><div class="dl-prose">{told}</div>{sources([answer.premise], turn)}</div>'


def _nearest(nearest: Sequence[Hit]) -> str:
    if not nearest:
        return ""
    cards = "".join(
        f'<div class="dl-near">{head_of(h.article, h.carried_by)}{link_to(h.article.url)}</div>' for h in nearest
    )
    return f'<div class="dl-nearest-title">Nearest coverage, not an answer</div><div class="dl-nearest">{cards}</div>'
