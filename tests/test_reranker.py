"""The reranker: a cross-encoder by name that reads the first hits once more."""

from __future__ import annotations

import pytest

from rag.errors import WrongUse
from rag.reranker import reranker_named
from rag.retriever import NewsRetriever
from rag.search import Searcher

QUESTION = "When does the Millbrook footbridge open?"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """A BERT of one layer with random weights and one score, made here: it proves the wire and knows nothing."""
    return made(tmp_path_factory.mktemp("reranker"), labels=1)


def made(folder, labels):
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"the of a council said bridge opens in county".split()]
    (folder / "vocab.txt").write_text("\n".join(words))
    torch.manual_seed(4)
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=512, num_labels=labels, initializer_range=2.0,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=512).save_pretrained(folder)
    return folder


def test_what_the_reranker_thinks_is_added_to_the_scores(sample_archive, tiny):
    plain, read = Searcher.open(sample_archive), reranker_named(str(tiny))
    reread = Searcher(plain.archive, plain.embedder, plain.indexes, reranker=read)
    question = plain.understand(QUESTION)
    before = {hit.passage.id: hit.score for hit in plain.search(question, 50)}
    after = reread.search(question, 5)
    texts = [hit.passage.text for hit in after]
    for hit, thought in zip(after, read(QUESTION, texts), strict=True):
        assert hit.score == pytest.approx(before[hit.passage.id] + thought, abs=1e-4)
    assert [hit.passage.id for hit in after] != list(before)[:5]


def test_the_retriever_takes_one_by_name(sample_archive, tiny):
    found = NewsRetriever.from_archive(sample_archive, reranker=str(tiny), k=5).invoke(QUESTION)
    assert (
        found[0].metadata["score"]
        > NewsRetriever.from_archive(sample_archive, k=5).invoke(QUESTION)[0].metadata["score"]
    )


def test_a_name_that_is_no_reranker_says_what_to_give(tmp_path):
    with pytest.raises(WrongUse, match=r"is no folder: give that of a cross-encoder"):
        reranker_named("/nowhere/at/all")
    with pytest.raises(WrongUse, match=r"tells 2 labels apart: give a cross-encoder that has one score\."):
        reranker_named(str(made(tmp_path, labels=2)))
