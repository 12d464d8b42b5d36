"""Corrections and clarifications: found, kept with the day that they name, and never taken for the story."""

import time

import pytest

from ingest.correction import corrected_on, cut_corrections, is_correction
from ingest.readers.fields import Voice
from ingest.readers.writing import article_of
from rag.article import Status

NOTES = {
    "Correction, Nov. 15, 2025: The bridge was built in 1969.": "2025-11-15",
    "Correction added 18 November 2025: The caption named the wrong pier.": "2025-11-18",
    "CORRECTION (March 4, 2026): The name is Lee.": "2026-03-04",
    "Correction – 5 March 2026: The repair costs four million.": "2026-03-05",
    "Clarification (March 5th, 2026): The figure is for 2025.": "2026-03-05",
    "Editor's note, March 5, 2026: This story has been corrected to show that two piers are cracked.": "2026-03-05",
    "• This article was amended on Thursday 5 March 2026 because a caption named the wrong pier.": "2026-03-05",
    "This article was amended at 10.15am on 5 March 2026.": "2026-03-05",
    "A correction was made on March 5, 2026: An earlier version misspelled a name.": "2026-03-05",
    "This article was amended on 2026-03-05 to correct a name.": "2026-03-05",
    "This article was amended on 5 March.": "",
    "(This March 3 story has been corrected to fix the name in paragraph 2)": "",
    "(Corrects paragraph 3 to say five piers)": "",
    "CORRECTS day to Tuesday.": "",
    "This version corrects that Lee is 40.": "",
    "Clarification: the figure is for 2025.": "",
    "A previous version of this story misidentified the harbour master.": "",
    "In an earlier version of this article, the year was wrong.": "",
    "This article originally misstated the depth.": "",
    "This story has been updated to correct the spelling of a name.": "",
    "Korrektur: In einer früheren Fassung stand ein falsches Jahr.": "",
    # The day of what was wrong is not the day on which it was put right.
    "Correction: An earlier version said that the law was amended on 3 March 2021.": "",
    "Correction: The bridge opened on 5 March 1969, not on 6 March 1969.": "",
}
NO_NOTES = [
    "Corrections officers went on strike.",
    "Correction officers – all of them – went on strike.",
    "The report was corrected by the ministry on 5 March 2026.",
    "An earlier version of the report, leaked to the press, named the harbour master.",
    "This report clarifies what the law says.",
    "The company corrected its figures on 4 March 2026.",
    "This story has been updated.",
    "Editor's note: the tent that our tester used is no longer sold.",
    "Clarifying butter takes time.",
    "The piece was amended by parliament.",
]


@pytest.mark.parametrize(("note", "day"), NOTES.items())
def test_notes_are_kept_with_the_day_that_they_name_for_themselves(note, day):
    assert cut_corrections(["One.", note, "Two."]) == (["One.", "Two."], note)
    known = corrected_on(note)
    assert (known.day if known else "") == day


@pytest.mark.parametrize("text", NO_NOTES)
def test_text_about_corrections_stays(text):
    assert cut_corrections(["One.", text]) == (["One.", text], "")


def test_a_long_paragraph_is_of_the_story():
    assert not is_correction("Correction: " + "The bridge was built in 1969. " * 60)


@pytest.mark.parametrize("unit", ["note ", "update: ", "correction, ", "added ", "– ", "(", "this article ", "May 5 "])
def test_hostile_repetition_takes_no_time(unit):
    begun = time.perf_counter()
    for text in (unit * (1500 // len(unit)), unit * 50_000):
        is_correction(text)
        corrected_on(text)
    assert time.perf_counter() - begun < 10


def article(**fields):
    told = {"headline": "Bridge shut", "body": "The bridge is shut.", "published": "2026-03-04T10:00:00Z"}
    return article_of((Voice("record", told | fields),))


def test_the_article_carries_the_day():
    note = "This article was amended on 5 March 2026 to correct a name."
    told = article(body=f"The bridge is shut.\n\n{note}")
    assert (told.status, told.correction, told.corrected_on.day) == (Status.CORRECTED, note, "2026-03-05")
    assert told.corrected_on.known_by.startswith("correction note")


def test_a_note_to_editors_counts_and_often_names_no_day():
    told = article(ednote="CORRECTS day to Tuesday")
    assert (told.status, told.correction, told.corrected_on) == (
        Status.CORRECTED,
        "CORRECTS day to Tuesday",
        None,
    )


def test_a_field_of_its_own_tells_the_day_first():
    assert article(correction="The year was wrong.", correctionDate="2026-03-06").corrected_on.day == "2026-03-06"
    assert article().corrected_on is None


def test_an_article_may_expire_but_not_before_it_began():
    assert article(expires="2026-04-01T00:00:00Z").expires.day == "2026-04-01"
    assert article(expires="1980-01-01T00:00:00Z").expires is None
    assert article().expires is None
