"""Whose words a sentence reports; nobody rather than the wrong one."""

from __future__ import annotations

import time

import pytest

from rag.sentences import sentences
from rag.speaker import in_quotation, speaker_at

BODY = (
    "The county’s fire chief Bodil Hask said that 600 people had been moved.\n\n"
    "“We knocked on every door. We got nearly everybody,” she said. “Nearly is a hard word.”\n\n"
    "The gauge stood at 5.84 metres.\n\n"
    "“It was not enough,” said Aksel Thorne, the governor.\n\n"
    "According to the mediator, Sunniva Kroll, both sides were tired.\n\n"
    "Prime Minister Ana Ruiz met Kroll on Friday. “Good,” she said."
)


@pytest.mark.parametrize(
    ("begins", "speaker", "inside"),
    [
        ("The county’s", "Bodil Hask", False),
        ("“We knocked", "Bodil Hask", False),
        ("We got nearly", "Bodil Hask", True),
        ("“Nearly is", "Bodil Hask", False),
        ("The gauge", "", False),
        ("“It was not", "Aksel Thorne", False),
        ("“Good,”", "", False),
    ],
)
def test_the_speaker_of_a_sentence(begins, speaker, inside):
    (span,) = [s for s in sentences(BODY) if s.of(BODY).startswith(begins)]
    assert speaker_at(BODY, span.start) == speaker
    assert in_quotation(BODY, span.start) is inside


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("“We are ready,” said its manager, Ragna Solheim.", "Ragna Solheim"),
        ("The mayor, Piet Aarden, said it would rain.", "Piet Aarden"),
        ("Ragna Solheim, who runs the yard, said no.", "Ragna Solheim"),
        ("“No,” Solheim told reporters.", "Solheim"),
        ("He said it would rain.", ""),
        ("“Nobody leaves,” said Dr. Ellen Frost of the union.", "Ellen Frost"),
        ("Ada Lund said " + "it rained and " * 120 + "stopped.", ""),  # too long for a sentence
    ],
)
def test_forms_of_attribution(sentence, speaker):
    assert speaker_at(sentence, 0) == speaker


def test_a_text_without_speakers_has_none():
    assert speaker_at("It rained. It rained again.", 12) == ""


@pytest.mark.parametrize(
    "part", ["A", "Aa ", "said ", ", ", "“", "A. ", "“A. ", "Aa said. ", "A’", "A-", "said the a ", "he ", "Aa \n\n"]
)
def test_a_hostile_body_is_read_in_time(part):
    body = part * (100_000 // len(part))
    began = time.process_time()
    for place in (0, len(body) // 2, len(body) - 1):
        speaker_at(body, place)
    assert time.process_time() - began < 15


def test_every_sentence_of_a_long_article_is_asked_in_time():
    body = "\n\n".join(
        f"“It rained,” said Ada L{'a' * (n % 30 + 1)}d{n}. She added that it stopped." for n in range(1_500)
    )
    began = time.process_time()
    speakers = [speaker_at(body, body.index("\n", n)) for n in range(0, len(body) - 200, 500)]
    assert len(speakers) > 150 and time.process_time() - began < 20
