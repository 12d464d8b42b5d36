"""Do citations hold, carry and count? ALCE worked by hand, entailment over planted faults, a cross-encoder made here."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.measures.citations import MEASURES, premise_of, scores
from eval.measures.entailment import words_carry
from eval.outcome import CitedPassage, Outcome, SaidSentence, Source
from eval.planted import planted
from eval.question import EvalQuestion, GoldFact, Split
from rag.entailment import CARRIES, nli
from rag.errors import WrongUse


def holds_all_words(premise: str, hypothesis: str) -> float:
    """Entailment that can be worked by hand: every word of the one stands in the other."""
    return float(set(hypothesis.split()) <= set(premise.split()))


def answered(*sentences: tuple[str, tuple[int, ...]], passages: dict[int, str], gold=(), **more) -> Outcome:
    """Sentences with the numbers that they cite; the article of passage n is a<n>, at its address."""
    known = {"id": "q", "text": "What?", "asked_on": date(2026, 3, 8), "kind": "fact", "split": Split.TUNE}
    together = more.pop("together", False)
    facts = tuple(GoldFact(f"https://bell.example/{n}", "") for n in gold)
    cited = tuple(
        CitedPassage(number=n, quote=text, passage=text, source=source(n), holds=more.get("holds", True))
        for n, text in passages.items()
    )
    more.pop("holds", None)
    said = tuple(SaidSentence(text=text, citations=numbers) for text, numbers in sentences)
    asked = EvalQuestion(**known, gold=facts, together=together)
    return Outcome(**{"question": asked, "answers": True, "sentences": said, "citations": cited} | more)


def source(n: int) -> Source:
    return Source(article=f"a{n}", url=f"https://bell.example/{n}")


PASSAGES = {1: "ash", 2: "beech", 3: "ash beech", 4: "cedar"}


# Of ALCE: each citation alone (A), then the others without it (B), and only where all together carry the sentence.
@pytest.mark.parametrize(
    ("cites", "recall", "precision"),
    [
        ((3,), 1, 1),  # carries alone
        ((1,), 0, 0),  # half of the sentence
        ((), 0, 0),  # cites nothing
        ((1, 2), 1, 1),  # joint support: neither alone, both needed
        ((3, 4), 1, 1 / 2),  # cedar: not alone, and the other does without it
        ((3, 1, 2), 1, 1 / 3),  # ash and beech: together they would do, but each is spared by the others
        ((1, 4), 0, 0),  # not carried: nothing of it is precise
        ((3, 3), 1, 1),  # the same twice is one
        ((3, 9), 0, 0),  # a number that names nothing
    ],
)
def test_alce_by_hand(cites, recall, precision):
    told = scores(answered(("ash beech", cites), passages=PASSAGES), holds_all_words)
    assert (told["citation_recall"], told["citation_precision"]) == pytest.approx((recall, precision))


def test_alce_of_a_whole_answer():
    """Recall 2 of 4 sentences; precise are 2 of 2, 1 of 2 and 0 of 1 citations."""
    answer = answered(
        ("ash beech", (1, 2)), ("ash beech", (3, 4)), ("ash beech", (1,)), ("beech", ()), passages=PASSAGES
    )
    told = scores(answer, holds_all_words)
    assert told["citation_recall"] == 2 / 4 and told["citation_precision"] == 3 / 5
    assert told["citation_f1"] == pytest.approx(2 * 0.5 * 0.6 / 1.1)


def test_citations_hold_by_the_archive():
    two = {1: "ash", 2: "beech"}
    assert scores(answered(("ash", (1,)), ("beech", (2,)), passages=two))["citations_hold"] == 1
    assert scores(answered(("ash", (1,)), ("beech", (2,)), passages=two, holds=False))["citations_hold"] == 0
    uncited = answered(("ash", (1,)), ("beech", (2,)), ("cedar", ()), ("ash", (7,)), passages=two)
    assert scores(uncited)["citations_hold"] == pytest.approx(2 / 4)
    assert "citations_hold" not in scores(answered(("ash", (1,)), passages={1: "ash"}, holds=None))


def test_articles_cited_against_gold():
    answer = (("x", (4,)), ("x", (1, 2)))
    told = scores(answered(*answer, passages=PASSAGES, gold=(1, 2, 9), together=True))
    assert told["cited_gold"] == pytest.approx(2 / 4)  # cedar, and the one that no sentence names
    assert told["cited_map"] == pytest.approx((1 / 2 + 2 / 3) / 3)
    alone = scores(answered(*answer, passages=PASSAGES, gold=(1, 2, 9)))
    assert alone["cited_map"] == pytest.approx((1 / 2 + 2 / 3) / 2)  # another telling is not missed


def test_what_cannot_be_asked_is_left_out():
    said = (("ash", (1,)),)
    assert scores(answered(*said, passages=PASSAGES, answers=False)) == {}
    assert scores(answered(*said, passages=PASSAGES, refused=True)) == {}
    assert scores(answered(*said, passages=PASSAGES, refused=True, gold=(1,))) == {"cited_map": 0.0}
    assert "cited_gold" not in scores(answered(*said, passages=PASSAGES))
    bare = scores(answered(("ash", ()), passages={}, gold=(1,)))
    assert set(bare.values()) == {0.0} and set(bare) == {measure.name for measure in MEASURES}


CITES = st.lists(
    st.tuples(st.sampled_from(["ash", "beech", "ash beech", "oak"]), st.lists(st.integers(1, 6), max_size=4))
)


@given(CITES, st.booleans())
def test_figures_of_any_answer_are_shares(sentences, together):
    said = [(text, tuple(numbers)) for text, numbers in sentences]
    told = scores(answered(*said, passages=PASSAGES, gold=(1, 4), together=together), holds_all_words)
    assert all(0 <= value <= 1 for value in told.values())
    if said:
        assert min(told["citation_recall"], told["citation_precision"]) <= told["citation_f1"] + 1e-9
        assert told["citation_f1"] <= max(told["citation_recall"], told["citation_precision"]) + 1e-9
        assert (told["citation_recall"] == 0) == (told["citation_precision"] == 0)


BRIDGE = (
    "Bridge at Orle to cost 12 million (The Orle Bell, Monday 2 March 2026)\n\n"
    "The new bridge at Orle will cost 12 million crowns, Mayor Edda Holt said on Monday. It opens in autumn.\n\n"
    "It is untrue that the old bridge was sold."
)


@pytest.mark.parametrize(
    ("hypothesis", "least", "most"),
    [
        ("It opens in autumn.", 1, 1),
        ("Edda Holt said the bridge would cost 12,000,000 crowns.", 0.5, 1),
        ("The Orle Bell reported on 2 March 2026 that the bridge will cost 12 million crowns.", 0.5, 1),
        ("The bridge at Orle will cost 13 million crowns.", 0, 0),
        ("Mayor Ada Quist said the bridge will cost 12 million crowns.", 0, 0),
        ("The new bridge at Orle will not cost 12 million crowns.", 0, 0),
        ("The old bridge was sold.", 0, 0),  # cut out of a denial
        ("The new bridge at Orle will cost 12 million crowns, and fishermen want it painted.", 0, 0.49),
        ("The harvest of apples was poor.", 0, 0.2),
        ("", 0, 0),
    ],
)
def test_words_carry(hypothesis, least, most):
    assert least <= words_carry(BRIDGE, hypothesis) <= most


def test_two_passages_carry_together_what_neither_carries_alone():
    passages = {
        1: "The new bridge at Orle will cost 12 million crowns.",
        2: "The library will stay open on Sundays for another year.",
        3: "Divers found cracks in two piers.",
    }
    both = "The bridge at Orle will cost 12 million crowns, and the library stays open on Sundays."
    told = scores(answered((both, (1, 2)), (both, (1,)), (passages[3], (3, 1)), passages=passages))
    assert told["citation_recall"] == pytest.approx(2 / 3)
    assert told["citation_precision"] == pytest.approx((2 + 0 + 1) / 5)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_have_a_probability(premise, hypothesis):
    assert 0 <= words_carry(premise, hypothesis) <= 1


def carried(case, text: str) -> bool:
    article = case.citation.article
    known = Source(
        article=article.id, headline=article.headline, publisher=article.publisher, published=article.published
    )
    passage = case.citation.passage.text
    cited = CitedPassage(number=1, quote=case.citation.quote, passage=passage, source=known)
    return words_carry(premise_of(cited), text) >= CARRIES


def test_planted_faults_are_not_carried_and_honest_sentences_are():
    caught = ("number changed", "name swapped", "not added", "citation moved by one")
    there, passed = Counter(), Counter()
    for case in (case for case in planted() if case.fault in ("", *caught)):
        there[case.fault] += 1
        passed[case.fault] += carried(case, case.text)
    share = {fault: passed[fault] / there[fault] for fault in there}
    assert there[""] >= 130 and share[""] >= 0.98
    assert all(share[fault] <= 0.06 for fault in caught), share


def test_a_clause_out_of_the_air_is_mostly_found():
    """No number, name or "not" gives it away: measured, 99 of 125 are found."""
    clauses = (
        "residents fear for their homes",
        "the opposition wants a vote on it",
        "critics call it a waste of money",
    )
    clauses += ("neighbours welcomed the decision", "it is unclear who will pay")
    honest = [case for case in planted() if not case.fault and not case.text.endswith(("”", "”."))]
    added = [f"{case.text.rstrip('.')}, and {clauses[n % 5]}." for n, case in enumerate(honest)]
    passed = sum(carried(case, text) for case, text in zip(honest, added, strict=True))
    assert passed / len(honest) <= 0.3


@pytest.fixture(scope="module")
def tiny_nli(tmp_path_factory):
    """A BERT of one layer with random weights and NLI's three labels, made here: it proves the wire and knows nothing."""
    return _tiny(tmp_path_factory.mktemp("nli"), ["contradiction", "Entailment", "neutral"])


def _tiny(folder, labels):
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"the bridge opens in autumn closes spring".split()]
    (folder / "vocab.txt").write_text("\n".join(words))
    torch.manual_seed(4)
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=64, id2label=dict(enumerate(labels)), label2id={label: n for n, label in enumerate(labels)},
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


def test_a_cross_encoder_tells_the_probability_of_its_label_entailment(tiny_nli):
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    pair = ("the bridge opens in autumn", "the bridge opens")
    encoded = AutoTokenizer.from_pretrained(tiny_nli)(*pair, return_tensors="pt")
    with torch.inference_mode():
        expected = AutoModelForSequenceClassification.from_pretrained(tiny_nli)(**encoded).logits.softmax(-1)[0, 1]
    entails = nli(str(tiny_nli))
    assert entails(*pair) == pytest.approx(float(expected), abs=1e-5)
    assert 0 < entails("the bridge closes", "in spring") < 1
    told = scores(answered(("the bridge opens", (1,)), passages={1: pair[0]}), entails)
    assert told["citation_recall"] == (float(expected) >= CARRIES)


def test_a_name_that_is_no_model_of_entailment_says_what_to_give(tmp_path):
    with pytest.raises(WrongUse, match=r"is no folder: give that of an NLI cross-encoder"):
        nli("/nowhere/at/all")("a", "b")
    with pytest.raises(WrongUse, match=r"tells bad, good apart: give a cross-encoder with the label entailment\."):
        nli(str(_tiny(tmp_path, ["bad", "good"])))("a", "b")
