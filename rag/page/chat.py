"""Chat: one reader's questions and answer cards, in the form of messages that Gradio and most chat pages take."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..answer import Answer
from ..followup import Turn
from .cards import answer_card, note_card, question_card, searching_card

_TURNS_REMEMBERED = 8  # what a follow-up may lean on
_MESSAGES_SHOWN = 80
STOPPED = "Stopped. Ask again whenever you like."

Message = dict[str, str]


@dataclass
class Chat:
    """Belongs to one browser tab; ``pending`` is the question that waits for its answer."""

    turns: list[Turn] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    pending: str = ""
    asked: int = 0

    def ask(self, question: str) -> bool:
        """Puts the question on the page; False for an empty one, or while another is being answered."""
        if not question.strip() or self.pending:
            return False
        self.pending = question.strip()
        self.asked += 1
        self.messages += [_message("user", question_card(self.pending)), _message("assistant", searching_card())]
        self.messages = self.messages[-_MESSAGES_SHOWN:]
        return True

    def show(self, answer: Answer, name: str = "", receipt: str = "") -> None:
        """The answer as far as it has come; a complete one is remembered for follow-ups, one with a name can be judged."""
        self._replace(answer_card(answer, self.asked, name, receipt))
        if answer.complete:
            self.turns = [*self.turns, Turn(answer.searched_for, answer)][-_TURNS_REMEMBERED:]

    def note(self, message: str) -> None:
        """A line of our own in place of an answer."""
        self._replace(note_card(message))

    def stop(self) -> None:
        """Ends the answer where it stands; what the reader has seen of it stays."""
        if not self.pending:
            return
        shown = self.messages[-1]["content"]
        kept = "" if shown == searching_card() else shown
        self._replace(kept + note_card(STOPPED, "stopped"))
        self.pending = ""

    def waits_for(self, asked: int) -> bool:
        """Whether this is still the question to answer: an answer that was stopped may have one more picture to show."""
        return bool(self.pending) and self.asked == asked

    def settle(self, asked: int) -> None:
        """The question has its answer."""
        if self.waits_for(asked):
            self.pending = ""

    def _replace(self, card: str) -> None:
        self.messages = [*self.messages[:-1], _message("assistant", card)]


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}
