"""What a model writes, as it streams in: finished sentences with the passage numbers that they cite.

Every decision is taken at the end of a word and rests only on what came before it. So the sentences are the same
however the stream was cut into chunks, a sentence that was given out never changes, and the work grows with the
length of the text and not with its square.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from .sentences import Span, sentences

# [1], [1, 3], [2-4], also 【1】, [^1], [passage 1], [doc 1], [#1] and 【1†source】, which models write unasked.
_NUMBER = r"[#^§]?\d{1,3}(?:\s*(?:[,;–-]|and|&)\s*(?:passage\s+)?[#^]?\d{1,3})*"
_WHAT = (
    r"(?:passages?|sources?|articles?|documents?|docs?|ref(?:erence)?s?|citations?|notes?|pages?|pp?|no|hit|see)\b\.?"
)
MARK = re.compile(
    rf"[\[【［]\s*(?:{_WHAT}\s*)?({_NUMBER})\.?(?:†[^\]】]*)?\s*[\]】］]"
    r"|【\s*(\d{1,3}:\d{1,3})(?:†[^\]】]*)?\s*】",  # a file of somebody else's search: none of our passages
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+)(?:\s*[–-]\s*\^?(\d+))?")
_WIDEST_RANGE = 20

# Controls, bidi, zero-width and tag characters, lone surrogates; joiners stay, scripts need them.
NOT_SHOWN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
_NOT_TEXT = re.compile(
    r"(?s:<!--.*?(?:-->|\Z))|</?[a-zA-Z][^<>]*(?:>|\Z)|<[!?][^<>]*(?:>|\Z)"  # comments and tags, the unfinished too
    r"|[a-zA-Z][\w+.-]{0,20}://[^\s\])}>]*|(?<![a-zA-Z0-9])www\.[^\s\])}>]+"  # also right behind a sign or a figure
    r"|(?<![a-zA-Z0-9])(?:javascript|data|vbscript|mailto|file):[^\s\])}>]+"
    r"|(?:(?<![\w:/])//)?\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}\.[a-zA-Z]{2,20}(?::\d{1,5})?/[^\s\])}>]*"  # example.org/path
    r"|\*\*|__|~~|`+"
    rf"|{NOT_SHOWN.pattern}"
)
_MOST_PASSES = 8  # markup inside markup inside markup is no prose
_LINK = re.compile(r"(!?)\[([^\[\]]*)\]\((?:[^()]|\([^()]*\))*(?:\)|\Z)")
_EMPHASIS = re.compile(r"(?<![\w*])[*_](?=\w)|(?<=[\w.,!?])[*_](?![\w*])")
# An opened link, tag or mark at the end of what came: the next word may belong to it.
_OPEN = re.compile(
    r"<[a-zA-Z/!?][^<>]*\Z|!?[\[【［][^\[\]【】［］]*\Z|!?\[[^\[\]]*\]\((?:[^()]|\([^()]*\))*(?:\([^()]*)?\Z"
)
_GERMAN_MARKS = re.compile(r"„([^„“”]*)[“”]")  # the same sign closes there what it opens here
_LONGEST_WORD = 800  # characters without a space: cut, whatever it is
_WORD_END = re.compile(r"\s")
_LONGEST_OPEN = 400  # characters that are held back for a link, a tag or a mark that is never closed
_BULLET = re.compile(r"[-*•–]|\d{1,2}[.)]|```\w*")
_LINE_SIGN = re.compile(r"\A(?:(?:#{1,6}|[-*•])(?: |$)|>+ ?)+")  # at the head of a line: a heading, a quotation, a list
_HEADING = re.compile(r"#{1,6}[ \t]")
_THINKING = re.compile(r"<(think|thinking|reasoning|script|style)\b[^<>]*>", re.IGNORECASE)
_HIDDEN_ENDS = {
    name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in "think thinking reasoning script style".split()
}
_LONGEST_END = 30
_MAY_END = re.compile(r"[.!?…][”\"'’)\]]*\s|\n\s*\n")
_ENDED = re.compile(r"[.!?…][”\"'’)\]]*\Z")
_LOOK_BACK = 40  # characters before a new word in which the end of a sentence is looked for, once
_LONGEST_SENTENCE = 1_000  # characters; a text without any end is cut here
_LONGEST_QUOTATION = 600  # characters; a quotation of several sentences is one sentence of the answer up to here


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence of a model without its marks, and the numbers that it cites."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Mark:
    """``place`` is an offset into the drafter's text, behind the word that the mark follows."""

    place: int
    numbers: tuple[int, ...]


class Drafter:
    """Takes a model's text in any pieces; gives the finished sentences, without links, images, tags and markup."""

    def __init__(self) -> None:
        self._held = ""  # what came after the last word that is certainly complete
        self._hidden = ""  # the kind of part that is left out until its end is found: "think"
        self._heading = False
        self._fresh_line = True
        self._text = ""  # the sentences that are not given out yet, without their marks
        self._marks: list[_Mark] = []
        self._space = ""  # the white space that was added last, if nothing came behind it
        self._may_end = False
        self._tries = 0  # how often the end of the first sentence was looked for in vain, lately at so many characters
        self._tried_at = 0

    @property
    def draft(self) -> str:
        """The sentence that is being written, as far as it can be shown."""
        shown = "" if self._hidden or self._heading else self._held
        return _shown(MARK.sub("", _OPEN.sub("", f"{self._text}{shown}"))).rstrip("<![*_`~ ")

    def add(self, written: str) -> list[Drafted]:
        """The sentences that are finished by these next characters."""
        self._held += self._compressed(written)
        ready: list[Drafted] = []
        while (piece := self._next_word()) is not None:
            ready += self._taken(piece)
        return ready

    def finish(self, broken_off: bool = False) -> list[Drafted]:
        """The rest. Of a text that broke off only what certainly is a whole sentence: ended, with its mark."""
        piece, self._held = "" if self._hidden else self._held, ""
        ready = self._taken(_OPEN.sub("", piece) if broken_off else piece)
        rest = self._given_out(self._spans())
        self._text, self._marks = "", []
        if broken_off and rest and not (rest[-1].numbers and _ENDED.search(rest[-1].text)):
            del rest[-1]
        return ready + rest

    def _compressed(self, written: str) -> str:
        """Without what a run of white space repeats: of each run stay the first sign and two ends of lines."""
        kept = []
        for sign in written:
            if not sign.isspace():
                self._space = ""
            elif self._space and (sign != "\n" or self._space.count("\n") == 2):
                continue
            else:
                self._space += sign
            kept.append(sign)
        return "".join(kept)

    def _next_word(self) -> str | None:
        """Cuts the next word with the white space behind it from what is held, or a run of words that is one link."""
        while self._hidden:
            if not self._past_hidden():
                return None
        for match in _WORD_END.finditer(self._held, 0, _LONGEST_WORD):
            piece = self._held[: match.end()]
            if hidden := _THINKING.search(piece):
                return self._up_to_hidden(hidden)
            if len(piece) > _LONGEST_OPEN or not _OPEN.search(piece.rstrip()):
                self._held = self._held[match.end() :]
                return piece
        hidden = _THINKING.search(self._held, 0, _LONGEST_WORD)
        if hidden:
            return self._up_to_hidden(hidden)
        if len(self._held) < _LONGEST_WORD:
            return None
        piece, self._held = self._held[:_LONGEST_WORD], self._held[_LONGEST_WORD:]
        return piece

    def _up_to_hidden(self, opening: re.Match[str]) -> str:
        piece, self._held = self._held[: opening.start()], self._held[opening.end() :]
        self._hidden = opening[1].lower()
        return piece

    def _past_hidden(self) -> bool:
        """Drops the hidden part; False while its end has not come."""
        end = _HIDDEN_ENDS[self._hidden].search(self._held)
        self._held = self._held[end.end() :] if end else self._held[-_LONGEST_END:]
        self._hidden = "" if end else self._hidden
        return end is not None

    def _taken(self, piece: str) -> list[Drafted]:
        """Adds one word to the text; the sentences that are certainly finished now."""
        if "\n" in piece and self._heading:
            self._heading, piece = False, "\n\n"
        self._heading = self._heading or bool(self._fresh_line and _HEADING.match(piece))
        if not self._heading:
            self._append(self._without_bullet(piece))
        self._fresh_line = "\n" in piece or (self._fresh_line and not piece.strip())
        recent = max(0, len(self._text) - len(piece) - _LOOK_BACK)
        self._may_end = self._may_end or bool(_MAY_END.search(self._text, recent))
        if len(self._text) < _LONGEST_SENTENCE and not (self._may_end and self._is_worth_a_try()):
            return []
        self._may_end, self._tries, self._tried_at = False, self._tries + 1, len(self._text)
        spans = self._spans()
        return self._given_out(spans[:-1] if len(self._text) < _LONGEST_SENTENCE else spans)

    def _spans(self) -> list[Span]:
        """The sentences so far. A mark behind a stop ends one too, where the splitter took the stop for an abbreviation's."""
        spans: list[Span] = []
        for span in _joined(sentences(self._text), self._text):
            start = span.start
            for place in sorted({mark.place for mark in self._marks if start < mark.place < span.end}):
                before, after = self._text[start:place], self._text[place : span.end].lstrip()
                if _ENDED.search(before) and not _is_open(before) and re.match(r"[“\"'‘(]?[A-Z]", after):
                    spans.append(Span(start, place))
                    start = span.end - len(after)
            spans.append(Span(start, span.end))
        return spans

    def _is_worth_a_try(self) -> bool:
        """Each failure asks for more text before the next try: "A. A. A." costs no square of time."""
        return len(self._text) - self._tried_at >= 4 * self._tries

    def _without_bullet(self, piece: str) -> str:
        """A list's sign becomes the end of a paragraph: its items are sentences, whatever they end with."""
        return "\n\n" if self._fresh_line and _BULLET.fullmatch(piece.strip()) else piece

    def _append(self, piece: str) -> None:
        plain, end = _plain(piece), 0
        for match in MARK.finditer(plain):
            self._append_text(plain[end : match.start()])
            end = match.end()
            if not (plain[end:] and plain[end].isalnum()):
                self._text = self._text.rstrip(" \t")
            self._marks.append(_Mark(len(self._text.rstrip(" \t")), _numbers(match[1] or "0")))
        self._append_text(plain[end:])

    def _append_text(self, text: str) -> None:
        # "ended [1] ." and "ended ." come from the same habit: no space stands before a stop.
        if re.match(r"[.,;:!?…]", text):
            self._text = self._text.rstrip(" \t")
        self._text += text
        if "„" in self._text:
            self._text = _GERMAN_MARKS.sub(r"“\1”", self._text)

    def _given_out(self, spans: list[Span]) -> list[Drafted]:
        """These sentences with their marks; what stays starts with the first that is not among them."""
        if not spans:
            return []
        following = next(
            (n for n in range(spans[-1].end, len(self._text)) if not self._text[n].isspace()), len(self._text)
        )
        cited: list[list[int]] = [[] for _ in spans]
        waiting = []
        for mark in self._marks:
            owner = self._owner(mark, spans, following)
            if owner < len(spans):
                cited[owner] += mark.numbers
            else:
                waiting.append(_Mark(max(0, mark.place - following), mark.numbers))
        drafted = [
            Drafted(_shown(s.of(self._text)), tuple(dict.fromkeys(n))) for s, n in zip(spans, cited, strict=True)
        ]
        self._text, self._marks = self._text[following:], waiting
        self._may_end, self._tries, self._tried_at = bool(_MAY_END.search(self._text)), 0, 0
        return [sentence for sentence in drafted if re.search(r"\w", sentence.text)]

    def _owner(self, mark: _Mark, spans: list[Span], following: int) -> int:
        """The sentence that holds the mark or ends before it; a mark that opens a line belongs to what follows."""
        starts = [*(span.start for span in spans), following]
        before = max((n for n, start in enumerate(starts) if start < mark.place), default=-1)
        if before < 0:
            return 0
        if before >= len(spans):
            return before
        opens_line = "\n" in self._text[spans[before].end : mark.place]
        return before + 1 if opens_line and starts[before + 1] < len(self._text) else before


def one_line(written: str) -> str:
    """A whole text of a model as one plain line, without marks, thoughts, links and markup."""
    drafter = Drafter()
    return " ".join(sentence.text for sentence in [*drafter.add(written), *drafter.finish()])


def _joined(spans: list[Span], text: str) -> list[Span]:
    """Sentences of one quotation stay together: the mark behind its end stands for all of them."""
    joined: list[Span] = []
    for span in spans:
        if joined and _is_open(joined[-1].of(text)) and span.end - joined[-1].start <= _LONGEST_QUOTATION:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def _is_open(text: str) -> bool:
    return text.count("“") + text.count("„") > text.count("”") or text.count('"') % 2 == 1


def _numbers(cited: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for match in _RANGE.finditer(cited):
        first, last = int(match[1]), int(match[2] or match[1])
        numbers += range(first, last + 1) if first <= last <= first + _WIDEST_RANGE else (first, last)
    return tuple(numbers)


def _plain(text: str) -> str:
    """Without links, images, addresses, tags and markup; until nothing is left, since "<<b>b>" holds a tag twice."""
    for _ in range(_MOST_PASSES):
        stripped = _NOT_TEXT.sub("", _LINK.sub(_link_text, html.unescape(text)))
        if stripped == text:
            return _EMPHASIS.sub("", text)
        text = stripped
    return re.sub(r"[<>\[\]()&]|//", " ", text)


def _link_text(match: re.Match[str]) -> str:
    """The words of a link, nothing of an image; a mark that was made a link stays a mark."""
    if match[1]:
        return ""
    return f"[{match[2]}]" if MARK.fullmatch(f"[{match[2]}]") else match[2]


def _shown(text: str) -> str:
    """One line that no renderer of Markdown or HTML reads as a link, an image or a tag."""
    plain = _plain(" ".join(text.split()))
    guarded = re.sub(r"<(?=[a-zA-Z/!?])", "< ", plain).replace("](", "] (").replace("][", "] [").replace("![", "! [")
    return _LINE_SIGN.sub("", " ".join(re.sub(r"\(\s*\)|\[\s*\]", "", guarded).split()))
