"""Who is named as the author of something, and who is only in the news."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.authors import authors_in
from rag.question import understand
from rag.words import terms

BYLINES = ("Ana Lind", "Bo Ek and Ana Lind", "TOM GREY", "Michael R. Sand, The Press", "Fay van der Fort", "Ida Ross")
BYLINES += ("Ole Ross", "Léa Dué", "Una Holm-Berg", "Town Desk")


def bylines(words: str) -> list[str]:
    """As the archive does: those in which all the words stand."""
    return [byline for byline in BYLINES if set(terms(words)) <= set(terms(byline))]


ANA = ("Ana Lind", "Bo Ek and Ana Lind")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("the report by Ana Lind", ANA),
        ("What is there in the article on the ferry by ana lind?", ANA),
        ("Ms Lind's report on the ferry", ANA),
        ("Ana Lind’s latest column", ANA),
        ("What did Ana Lind write about the ferry?", ANA),
        ("Lind wrote that it sank", ANA),
        ("Has Lind reported on it?", ANA),
        ("an interview by Dr. Lind", ANA),
        ("Columnist Lind on the mayor", ANA),
        ("What does Lind argue in her column?", ANA),
        ("written by Tom Grey", ("TOM GREY",)),
        ("a piece by Michael Sand", ("Michael R. Sand, The Press",)),
        ("a piece by Michael R. Sand", ("Michael R. Sand, The Press",)),
        ("what Van der Fort wrote", ("Fay van der Fort",)),
        ("the story by Tom Grey and Ida Ross", ("TOM GREY", "Ida Ross")),
        ("Holm-Berg wrote", ("Una Holm-Berg",)),
        # In the news, and not writing it
        ("Was Ana Lind attacked?", ()),
        ("What did Lind say?", ()),
        ("the ferry built by Lind", ()),
        ("a report on the ferry built by Ana Lind", ()),
        ("Lind's house burnt down", ()),
        # Of several, or of somebody else
        ("Ross wrote", ()),
        ("the report by Ole Ross", ("Ole Ross",)),
        ("Haskell Lind wrote", ()),
        ("the article by Lind Olsen", ()),
        ("the article by Lind-Olsen", ()),
        ("lind wrote", ()),
        ("the report by Berg", ()),
        ("Desk wrote", ()),
        ("the report by the Bell", ()),
        ("", ()),
    ],
)
def test_authors_are_known_by_what_they_do(text, named):
    assert authors_in(text, bylines) == named


def test_accents_may_be_left_out():
    held = lambda words: ["Léa Dué"]  # noqa: E731
    assert authors_in("the report by Lea Due", held) == authors_in("the report by Léa Dué", held) == ("Léa Dué",)


def test_a_clause_has_the_authors_of_the_whole_question_unless_it_names_its_own():
    text = (
        "Did the report by Ana Lind say that the ferry sank twice, while the story by Tom Grey told that it never sank?"
    )
    question = understand(text, bylines=bylines)
    assert [clause.authors for clause in question.clauses] == [ANA, ("TOM GREY",)]
    assert question.whole.authors == (*ANA, "TOM GREY")


@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from("by Ana Lind wrote report 's ’s , and did Ms Ross - É".split())).map(" ".join),
    )
)
def test_any_text_is_read(text):
    assert set(authors_in(text, bylines)) <= set(BYLINES)
