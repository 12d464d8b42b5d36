"""False quotation marks are lost, in sentences and in drafts; true ones stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.quotation import quotations, stands_in
from rag.quote_guard import guarded, guarded_draft

SOURCE = ["“We have waited thirty years for it,” the mayor said. The firm calls it a ‘rope walk’."]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("“We have waited thirty years,” she said.", "“We have waited thirty years,” she said."),
        ("“We have waited … for it,” she said.", "“We have waited … for it,” she said."),
        ("“We have waited forty years,” she said.", "We have waited forty years, she said."),
        ('She called it "a disgrace" and "thirty years".', 'She called it a disgrace and "thirty years".'),
        ("It is a ‘rope walk’, not a ‘dye works’.", "It is a ‘rope walk’, not a dye works."),
        ("Sie nannte es „eine Schande“.", "Sie nannte es eine Schande."),
        ("“We have [gladly] waited thirty years,” she said.", "We have [gladly] waited thirty years, she said."),
        ("“[The town has] waited thirty years,” she said.", "“[The town has] waited thirty years,” she said."),
        ("“thirty … waited,” she said.", "thirty … waited, she said."),
        ("In the '90s the voters' group met.", "In the '90s the voters' group met."),
        ("The mayor’s bridge isn’t open.", "The mayor’s bridge isn’t open."),
    ],
)
def test_only_words_of_the_source_keep_their_marks(text, shown):
    assert guarded(text, SOURCE) == shown


@pytest.mark.parametrize(
    ("draft", "shown"),
    [
        ("“We have waited thirty", "We have waited thirty"),
        ("“We have waited thirty years,” she", "“We have waited thirty years,” she"),
        ("“We have waited forty years,” she called it “a", "We have waited forty years, she called it a"),
    ],
)
def test_what_is_not_closed_has_no_marks_yet(draft, shown):
    assert guarded_draft(draft, SOURCE) == shown


@given(st.text(alphabet='ab “”"‘’«».,', max_size=60), st.text(alphabet="ab .,", max_size=30))
def test_whatever_is_left_between_marks_stands_in_the_source(text, source):
    shown = guarded(text, [source])
    assert len(shown) <= len(text)
    draft = guarded_draft(text, [source])
    assert all(stands_in(span.of(draft), source) for span in quotations(draft))
