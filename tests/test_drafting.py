"""What a model writes as it streams in: the same sentences however it is cut, and never a link, an image or a tag."""

import re
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rag.drafting import Drafted, Drafter, one_line

PATIENT = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SAMPLES = (
    "The ferry ran late [1]. It cost $1.4 million.[2][3] Mr. Smith of the U.S. Navy said so [1, 2]. “It is over. We "
    "go,” he said. [4] Then 【2】. A [^1] b. End",
    "[1] The ferry ran late. Then [2] it sank.\n\n[2] Next line here.\n- item one [1]\n- item two [2]\n\n# Head\nText. [3]",
    "Sure! <think>I must\n hide. Yes [1]. </think>Rain fell [1]. <b>Bold</b> **x** [a b](http://evil.example/a b) z.",
    "Prices rose 3.5 percent… maybe. [1-3] \"It is,\" she said [passage 4]. <i title='a b'>x</i> ![p](data:x y) [99]",
)
PARTS = st.sampled_from(
    'Rain fell|. |[1]| [2]|[1, 2]|【3】|[^1]|3.5|Mr. |U.S. |“|”|"|…|...|\n|\n\n|- |# |**|_|`|```\n|<|>|<b>|</b>|<a href="'
    "|<think>|</think>|<!--|-->|<script>|</script>|[|]|(|)|](|![|http://x.example/a|www.x.example|javascript:|x.org/a| |"
    "&lt;|&#60;|&amp;|!|? |,|\u202e|\u200b|\U000e0041|\ud800|[99]|[1-3]|said |a".split("|")
)
TEXTS = st.lists(PARTS, max_size=40).map("".join)


def all_at_once(text: str) -> list[Drafted]:
    drafter = Drafter()
    return drafter.add(text) + drafter.finish()


def in_pieces(text: str, sizes: list[int]) -> tuple[list[Drafted], list[str]]:
    drafter, ready, drafts = Drafter(), [], []
    while text:
        size = sizes[len(drafts) % len(sizes)]
        ready += drafter.add(text[:size])
        drafts.append(drafter.draft)
        text = text[size:]
    return ready + drafter.finish(), drafts


def is_plain(text: str) -> bool:
    return not re.search(
        r"<[a-zA-Z/!?]|\]\(|!\[|\w://|\bwww\.\w|javascript:\w|\*\*|[\u202e\u200b\ud800\U000e0041\n]", text
    )


@example(text="_http://x.example/a", sizes=[1])
@example(text="3.5http://x.example/a", sizes=[1])
@PATIENT
@given(text=st.one_of(st.sampled_from(SAMPLES), TEXTS), sizes=st.lists(st.integers(1, 12), min_size=1, max_size=6))
def test_the_sentences_do_not_depend_on_how_the_stream_is_cut(text, sizes):
    ready, drafts = in_pieces(text, sizes)
    assert ready == all_at_once(text)
    assert all(is_plain(shown) for shown in [*drafts, *(sentence.text for sentence in ready)])
    assert all(re.search(r"\w", sentence.text) for sentence in ready)


@PATIENT
@given(text=TEXTS, until=st.integers(0, 200))
def test_a_sentence_that_was_given_out_stays(text, until):
    drafter = Drafter()
    early = drafter.add(text[:until])
    assert (early + drafter.add(text[until:]) + drafter.finish())[: len(early)] == early


@pytest.mark.parametrize(
    ("written", "sentences"),
    [
        ("The ferry ran late [1]. It sank [2].", [("The ferry ran late.", 1), ("It sank.", 2)]),
        ("The ferry ran late. [1] It sank.[2]", [("The ferry ran late.", 1), ("It sank.", 2)]),
        ("It ran late [1][2]. Next", [("It ran late.", 1, 2), ("Next",)]),
        ("It ran late [1, 2]. Next.", [("It ran late.", 1, 2), ("Next.",)]),
        ("It ran late. [1] [2] Next.", [("It ran late.", 1, 2), ("Next.",)]),
        ("It ran late [^1]. And 【2】.", [("It ran late.", 1), ("And.", 2)]),
        ("It ran late [1-3]. More [passage 4].", [("It ran late.", 1, 2, 3), ("More.", 4)]),
        ("It ran [#1]. And [doc 2]. Yes [p. 3]. It sank. [4.] 【4:0†source】 ［5］",
         [("It ran.", 1), ("And.", 2), ("Yes.", 3), ("It sank.", 4, 0, 5)]),
        ("At [5:30] [about 40] came [1].", [("At [5:30] [about 40] came.", 1)]),
        ("It ran at evil.example:80/?q=secret or //evil.example/a [1].", [("It ran at or.", 1)]),
        ("[1] It ran late. It sank [2].", [("It ran late.", 1), ("It sank.", 2)]),
        ("One [1].\n\n[2] Two.", [("One.", 1), ("Two.", 2)]),
        ("One.\n[1]", [("One.", 1)]),
        ("It rose 3.5 percent to $1.4 million [1]. Then 2.", [("It rose 3.5 percent to $1.4 million.", 1), ("Then 2.",)]),
        ("Mr. Ash met Dr. Lee at a U.S. base [1]. He left.", [("Mr. Ash met Dr. Lee at a U.S. base.", 1), ("He left.",)]),
        ("Well… it ran [1]. So... yes.", [("Well… it ran.", 1), ("So... yes.",)]),
        ("“It is over. We go,” he said [1]. End.", [("“It is over. We go,” he said.", 1), ("End.",)]),
        ("Er sagte: „It is over. We go.“ [1] End.", [("Er sagte: “It is over. We go.”", 1), ("End.",)]),
        ('He said "stop. Now." [1] She left.', [('He said "stop. Now."', 1), ("She left.",)]),
        ("- It ran [1]\n- It sank [2]\n", [("It ran", 1), ("It sank", 2)]),
        ("1. It ran. [1]\n2. It sank. [2]", [("It ran.", 1), ("It sank.", 2)]),
        ("# The ferry\nIt ran [1].", [("It ran.", 1)]),
        ("Both were alike. [41] Its head said so. [9]", [("Both were alike.", 41), ("Its head said so.", 9)]),
        ("It was made by hand. [5] Her teacher said so. [6]", [("It was made by hand.", 5), ("Her teacher said so.", 6)]),
        ("It ran [1]. ### So it ran. [1] > It sank [2].", [("It ran.", 1), ("So it ran.", 1), ("It sank.", 2)]),
        ("It ran [1](https://x.example/1). See [this page](https://x.example).", [("It ran.", 1), ("See this page.",)]),
        ("It ran ![x](https://x.example/?q=secret) [1].", [("It ran.", 1)]),
        ("It ran, see https://x.example/a?b=c [1].", [("It ran, see.", 1)]),
        ("It ran at evil.example/?q=secret [1].", [("It ran at.", 1)]),
        ("<b>It</b> <script>x()</script>ran<img src=x onerror=alert(1)> [1].", [("It ran.", 1)]),
        ("&lt;b&gt;It ran, AT&amp;T said [1].", [("It ran, AT&T said.", 1)]),
        ("<think>First. [1]</think>It ran [2].", [("It ran.", 2)]),
        ("<think>I was never", []),
        ("In [sic] 2024 [2024] it ran.", [("In [sic] 2024 [2024] it ran.",)]),
        ("**It** ran in *June* [99].", [("It ran in June.", 99)]),
        ("[1]", []),
    ],
)  # fmt: skip
def test_sentences_and_their_marks(written, sentences):
    assert [(s.text, *s.numbers) for s in all_at_once(written)] == sentences


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        ("It ran [1]. It sa", ["It ran."]),
        ("It ran [1]. It sank [2].", ["It ran.", "It sank."]),
        ("It ran [1]. It rose 3.", ["It ran."]),  # of "3.5 percent"
        ("It ran [1]. It sank. [", ["It ran."]),
        ("It sa", []),
        ("", []),
    ],
)
def test_of_a_text_that_broke_off_only_whole_sentences_stay(came, kept):
    drafter = Drafter()
    assert [s.text for s in drafter.add(came) + drafter.finish(broken_off=True)] == kept


def test_the_draft_is_the_unfinished_sentence():
    drafter = Drafter()
    drafter.add("It ran late [1]. It cost $1.4 mil")
    assert drafter.draft == "It cost $1.4 mil"
    drafter.add("lion <a href='x")
    assert drafter.draft == "It cost $1.4 million"


def test_five_thousand_tokens_take_no_square_of_time():
    text = "The ministry said on Monday that 3.5 million people voted in the U.S. election [1][2]. " * 230
    began = time.process_time()
    ready, _ = in_pieces(text, [4])
    assert len(ready) == 230
    assert time.process_time() - began < 20


@pytest.mark.parametrize("part", ["[a]((", "<", "a.a", "<b", "word ", "<think>", "[open ", "&amp;"])
def test_a_model_that_repeats_itself_is_read_in_time(part):
    began = time.process_time()
    all_at_once(part * (30_000 // len(part)))
    assert time.process_time() - began < 20


@pytest.mark.parametrize("part", [" ", "\n ", "A. ", "\n", " \t", "Mr. "])
def test_white_space_and_stops_cost_nothing(part):
    began = time.process_time()
    found = all_at_once(f"It ran late [1]. {part * (30_000 // len(part))}It sank [2].")
    assert time.process_time() - began < 20
    assert found[0] == Drafted("It ran late.", (1,))
    assert found[-1].text.endswith("It sank.") and found[-1].numbers == (2,)


def test_one_line_is_a_whole_text_without_its_marks():
    assert one_line("<think>hm</think>**What** did [Ann](http://x.example) say [1]?\n") == "What did Ann say?"
