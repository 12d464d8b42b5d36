"""Files of questions: every field of our form comes back, foreign forms are told apart, the halves are stable."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.question import EvalQuestion, GoldFact, Split, digest_of_questions
from eval.question_files import SAMPLE_QUESTIONS, QuestionsUnreadable, digest_of, halves, questions_of

DAY = date(2026, 3, 3)
PLAIN = {"id": "a", "text": "When does the ferry sail?", "asked_on": "2026-03-03"}
FULL = PLAIN | {
    "id": "full",
    "kind": "as_of",
    "split": "tune",
    "gold": [{"url": "https://bell.example/ferry", "fact": "It sails at six."}, {"url": "ferry.txt"}],
    "stale": [{"url": "https://bell.example/ferry", "fact": "It sails at five."}],
    "answer": "at six",
    "history": ["Is there a ferry to Pellow?"],
    "together": True,
    "period": ["2026-02-01", "2026-02-28"],
    "as_of": "2026-03-01",
}
MULTIHOP = {
    "query": "Do both papers agree on the ferry?",
    "answer": "no",
    "question_type": "comparison_query",
    "evidence_list": [{"url": "https://bell.example/ferry", "fact": "It sails at six."}],
}


def written(folder: Path, text: str) -> Path:
    file = folder / "questions.jsonl"
    file.write_text(text, "utf-8")
    return file


def lines(*records) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def test_every_field_of_our_form_comes_back(tmp_path):
    (question,) = questions_of(written(tmp_path, lines(FULL)))
    assert question == EvalQuestion(
        id="full",
        text="When does the ferry sail?",
        asked_on=DAY,
        kind="as_of",
        split=Split.TUNE,
        gold=(GoldFact("https://bell.example/ferry", "It sails at six."), GoldFact("ferry.txt", "")),
        answer="at six",
        history=("Is there a ferry to Pellow?",),
        together=True,
        stale=(GoldFact("https://bell.example/ferry", "It sails at five."),),
        period=(date(2026, 2, 1), date(2026, 2, 28)),
        as_of=date(2026, 3, 1),
    )


def test_a_question_without_an_id_is_called_by_its_place(tmp_path):
    first, second = (PLAIN | {"text": text} for text in ("First?", "Second?"))
    del first["id"], second["id"]
    assert [q.id for q in questions_of(written(tmp_path, lines(first, second)))] == ["question-1", "question-2"]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([PLAIN, FULL]),
        json.dumps([PLAIN, FULL], indent=2),
        "\ufeff" + lines(PLAIN, FULL),
        "\n\n".join([json.dumps(PLAIN), json.dumps(FULL), ""]),
        lines(PLAIN, FULL).replace("\n", "\r\n"),
    ],
    ids=["a list", "a list over many lines", "a byte order mark", "empty lines", "lines of Windows"],
)
def test_the_same_questions_in_another_dress(tmp_path, text):
    file = tmp_path / "dressed.jsonl"
    file.write_bytes(text.encode())
    assert questions_of(file) == questions_of(written(tmp_path, lines(PLAIN, FULL)))


def test_a_sign_that_others_take_for_the_end_of_a_line_is_none(tmp_path):
    asked = PLAIN | {"text": "One\u2028two\x85three?"}
    (question,) = questions_of(written(tmp_path, json.dumps(asked, ensure_ascii=False)))
    assert question.text == asked["text"]


def test_turns_share_what_the_conversation_says_and_keep_their_own(tmp_path):
    gold = [{"url": "ferry.txt", "fact": "It sails at six."}]
    turns = [{"text": "The ferry?", "gold": gold}, {"text": "And in May?", "asked_on": "2026-05-02"}, {"text": "Why?"}]
    talk = {"id": "talk", "asked_on": "2026-03-03", "split": "tune", "turns": turns}
    asked = questions_of(written(tmp_path, lines(PLAIN, talk)))[1:]
    assert [q.asked_on for q in asked] == [DAY, date(2026, 5, 2), DAY]
    assert [q.answerable for q in asked] == [True, False, False]
    assert {q.split for q in asked} == {Split.TUNE}
    assert asked[-1].history == ("The ferry?", "And in May?")


def test_multihop_rag_has_one_day_and_an_id_by_its_words(tmp_path):
    again = [questions_of(written(tmp_path, text))[0] for text in (lines(MULTIHOP), json.dumps([MULTIHOP]))]
    assert again[0] == again[1]
    assert again[0].asked_on == date(2024, 1, 1)
    other = MULTIHOP | {"query": "Do both papers agree on the bridge?", "evidence_list": []}
    (silent,) = questions_of(written(tmp_path, lines(other)))
    assert silent.id != again[0].id and not silent.answerable


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (lines(PLAIN) + "{oops\n", r"line 2 is no JSON .*: write one JSON object a line\.$"),
        (json.dumps(PLAIN, indent=1), r"line 1 is no JSON .*: write one JSON object a line\.$"),
        (lines(PLAIN | {"split": "both"}), r"question a .*'both'.*: see eval/README.md for its form\.$"),
        (lines(PLAIN | {"gold": [{"fact": "six"}]}), r"question a has no 'url': see eval/README.md for its form\.$"),
        (lines(PLAIN | {"gold": "six"}), r"question a is not as it should be .*: see eval/README.md"),
        (lines({"asked_on": "2026-03-03"}), r"question 1 has no 'text': see eval/README.md"),
        (lines(PLAIN | {"id": "t-1"}, {"id": "t", "asked_on": "2026-03-03", "turns": [PLAIN]}), "two questions t-1"),
        (lines({"query": "?", "evidence_list": [], "answer": ""}), "has no 'question_type'"),
        ("5", "question 1 is no JSON object: write one"),
    ],
)
def test_one_line_tells_the_place_and_the_cure(tmp_path, text, told):
    file = written(tmp_path, text)
    with pytest.raises(QuestionsUnreadable, match=told) as error:
        questions_of(file)
    assert "\n" not in str(error.value) and str(file) in str(error.value)


@pytest.mark.parametrize("what", ["nothing there", "a folder", "no UTF-8"])
def test_what_cannot_be_read_at_all_is_told_too(tmp_path, what):
    place = tmp_path / "questions.jsonl"
    if what == "a folder":
        place.mkdir()
    elif what == "no UTF-8":
        place.write_bytes("Où est le bac ?".encode("latin-1"))
    with pytest.raises(QuestionsUnreadable, match=r"cannot be read .*: name a file of questions in UTF-8\.$"):
        questions_of(place)


def test_answerable_and_unanswerable_are_halved_apart(tmp_path):
    gold = [{"url": "ferry.txt", "fact": "It sails at six."}]
    records = [PLAIN | {"id": f"q{n}", "gold": gold if n % 3 else []} for n in range(30)]
    asked = questions_of(written(tmp_path, lines(*records)))
    for answerable, of_each in ((True, 10), (False, 5)):
        kept = [q.split for q in asked if q.answerable is answerable]
        assert kept.count(Split.TUNE) == kept.count(Split.REPORT) == of_each


@given(st.sets(st.text(st.characters(exclude_categories=["Cs"]), max_size=8)))
def test_the_halves_are_halves_of_any_ids_in_any_order(ids):
    split = halves(ids)
    assert set(split) == ids
    assert 0 <= 2 * sum(half is Split.TUNE for half in split.values()) - len(ids) <= 1
    assert split == halves(sorted(ids, reverse=True))


def test_a_digest_is_of_what_is_asked_and_what_is_right(tmp_path):
    file = written(tmp_path, lines(PLAIN, FULL))
    before, asked = digest_of(file), questions_of(file)
    assert digest_of_questions(asked) == digest_of_questions(reversed(asked))
    changed = questions_of(written(tmp_path, lines(PLAIN, FULL | {"answer": "at seven"})))
    assert digest_of(file) != before
    assert digest_of_questions(changed) != digest_of_questions(asked)


def test_what_a_file_does_not_say_is_filled_in(tmp_path):
    gold = {"gold": [{"url": "ferry.txt", "fact": "It sails at six."}]}
    given = (PLAIN | gold | {"kind": "number"}, PLAIN | gold | {"id": "b", "split": "tune"}, PLAIN | {"id": "c"})
    cost, votes, none = questions_of(written(tmp_path, lines(*given)))
    assert cost.kind == "number" and votes.kind == "question" and none.kind == "unanswerable"
    assert votes.split is Split.TUNE
    assert cost.answerable and not none.answerable


def test_a_conversation_is_a_question_a_turn(tmp_path):
    talk = {
        "id": "talk",
        "asked_on": "2026-03-03",
        "turns": [{"text": "What of the bridge?"}, {"text": "Who says so?"}],
    }
    first, second = questions_of(written(tmp_path, lines(talk)))
    assert (first.id, first.history) == ("talk-1", ())
    assert (second.id, second.history) == ("talk-2", ("What of the bridge?",))


def test_multihop_rags_form_takes_all_facts_together(tmp_path):
    asked = {"query": "Do both agree?", "answer": "no", "question_type": "comparison_query"}
    asked["evidence_list"] = [
        {"url": "https://a.example/1", "fact": "one"},
        {"url": "https://b.example/2", "fact": "two"},
    ]
    (question,) = questions_of(written(tmp_path, lines(asked)))
    assert question.together and question.kind == "comparison" and question.facts == ["one", "two"]


@pytest.mark.parametrize(
    ("records", "told"),
    [
        ([{"text": "When?"}], "has no 'asked_on'"),
        ([{"text": "When?", "asked_on": "soon"}], "is not as it should be"),
        ([{"text": "When?", "asked_on": "2026-03-03", "todo": "give its gold"}], "waits for an editor"),
        ([PLAIN, PLAIN], "two questions a"),
        (["When?"], "is no JSON object"),
        ([], "holds no question"),
    ],
)
def test_a_bad_file_of_questions_is_told_in_one_line(tmp_path, records, told):
    with pytest.raises(QuestionsUnreadable, match=told) as error:
        questions_of(written(tmp_path, lines(*records)))
    assert "\n" not in str(error.value)


def test_halves_go_by_turns_and_stay():
    split = halves(str(n) for n in range(101))
    assert abs(2 * sum(half is Split.TUNE for half in split.values()) - 101) == 1
    assert split == halves(str(n) for n in reversed(range(101)))


def test_the_shipped_questions_are_a_third_unanswerable():
    questions = questions_of(SAMPLE_QUESTIONS)
    assert len(questions) >= 300
    assert sum(not question.answerable for question in questions) >= len(questions) / 3


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (PLAIN | {"period": ["2026-02-01"]}, "question a is not as it should be"),
        (PLAIN | {"text": ""}, "is no question"),
        (PLAIN | {"text": 5}, "is no question"),
        (PLAIN | {"history": "And then?"}, "is no list"),
        (PLAIN | {"turns": []}, "a conversation without a turn"),
        (PLAIN | {"turns": [{"text": "When?", "todo": "give its gold"}]}, "waits for an editor"),
    ],
)
def test_what_would_be_misread_is_refused(tmp_path, record, told):
    with pytest.raises(QuestionsUnreadable, match=told) as error:
        questions_of(written(tmp_path, lines(record)))
    assert "\n" not in str(error.value)


def test_an_answer_of_nothing_is_none(tmp_path):
    (question,) = questions_of(written(tmp_path, lines(PLAIN | {"answer": None})))
    assert question.answer == ""
