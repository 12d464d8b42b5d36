"""Follow-up questions made to stand alone by rule, and those that stand alone already."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.answer import Answer
from rag.article import Article
from rag.citation import Citation
from rag.followup import LONGEST_FOLLOWUP, Turn, stand_alone
from rag.passage import Passage

BEFORE = [Turn("What did Lars Holm say about the wind park in Denmark?")]
MATTER = "(Lars Holm wind park Denmark)"


@pytest.mark.parametrize(
    ("question", "completed"),
    [
        ("and what did he say about energy?", "What did Lars Holm say about energy?"),
        ("What else did he say?", "What else did Lars Holm say?"),
        ("Did she resign?", "Did Lars Holm resign?"),
        ("and about energy?", "What did Lars Holm say about energy?"),
        ("what about Norway?", "What did Lars Holm say about Norway?"),
        ("And what about the price?", "What did Lars Holm say about the price?"),
        ("why?", f"Why? {MATTER}"),
        ("when was that?", f"When was that? {MATTER}"),
        ("how much did it cost?", f"How much did it cost? {MATTER}"),
        ("who said that?", f"Who said that? {MATTER}"),
        ("what did they decide?", f"What did they decide? {MATTER}"),
        ("and the company?", f"The company? {MATTER}"),
        ("and in Norway?", f"In Norway? {MATTER}"),
        ("and Sweden?", f"Sweden? {MATTER}"),
        ("more", f"More {MATTER}"),
        ("Tell me more", f"Tell me more {MATTER}"),
    ],
)
def test_what_is_left_out_is_put_back(question, completed):
    assert stand_alone(question, BEFORE) == completed


def answered(question: str, speaker: str = "") -> Turn:
    body = "The flood damaged 312 homes."
    article = Article(identity="a", headline="Flood", body=body, publisher="Sarn Weekly")
    passage = Passage(article.id, article.revision, 0, 0, len(body), body)
    return Turn(question, Answer(question=question, citations=(Citation(1, article, passage, 0, len(body), speaker),)))


@pytest.mark.parametrize(
    ("before", "speaker", "completed"),
    [
        ("How many homes did the Sarn flood damage?", "Bodil Hask", "What did Bodil Hask say about the cost?"),
        ("How many homes did the Sarn flood damage?", "", "What did he say about the cost? (homes Sarn flood damage)"),
        ("Why did Hask close the road?", "Bodil Hask", "What did Hask say about the cost?"),
        ("What did Kallas say about the flood?", "Bodil Hask", "What did Kallas say about the cost?"),
        ("Did Kaja Kallas see the flood?", "Bodil Hask", "What did Kaja Kallas say about the cost?"),
    ],
)
def test_a_pronoun_means_a_person(before, speaker, completed):
    assert stand_alone("What did he say about the cost?", [answered(before, speaker)]) == completed


@pytest.mark.parametrize("word", ["their", "its"])
def test_what_belongs_to_several_or_to_a_thing_is_not_given_to_a_person(word):
    assert f"about {word} plans" in stand_alone(f"What did he say about {word} plans?", BEFORE)
    assert "Lars Holm's" not in stand_alone(f"What did he say about {word} plans?", BEFORE)
    assert stand_alone("What did he say about his plans?", BEFORE) == "What did Lars Holm say about Lars Holm's plans?"


@pytest.mark.parametrize(
    "question",
    [
        "When did Tobias Fenn resign?",
        "How many people live in Harlow Bay?",
        "And who is Nora Quill?",
        "What is the capital of Norway?",
        "What happened to the ferry contract after the strike?",
        "How late was the ferry to Harlow Bay when it failed?",
        "Did Ines Marrow say that she would open the books?",
        "Which hospital moved 212 patients to a new building?",
    ],
)
def test_what_stands_alone_is_not_changed(question):
    assert stand_alone(question, BEFORE) == question


def test_the_first_question_is_not_changed():
    assert stand_alone("why?", []) == "why?"


@settings(max_examples=300, deadline=None)
@given(
    question=st.text(max_size=600),
    before=st.text(max_size=900),
    lead=st.sampled_from(["", "what about ", "and he ", "why "]),
)
def test_any_text_comes_out_and_never_too_long(question, before, lead):
    asked = lead + question
    found = stand_alone(asked, [Turn(before)])
    assert found == asked or len(found) <= LONGEST_FOLLOWUP


@pytest.mark.parametrize("question", ["what about \\1 and \\g<0>?", "and he \\2?", "what about (?P<x>?", "about [[[?"])
def test_signs_of_patterns_are_only_signs(question):
    assert stand_alone(question, [Turn("What did Ann Lee say about \\1 tea?")])


@pytest.mark.parametrize(
    "question", ["why?", "and about that?", "more", "what about him?", "and the company?", "and in Norway?"]
)
def test_fifty_turns_stay_short_and_keep_the_matter(question):
    history = list(BEFORE)
    for _ in range(50):
        history.append(Turn(stand_alone(question, history)))
        assert len(history[-1].question) <= LONGEST_FOLLOWUP
    assert "Holm" in history[-1].question
