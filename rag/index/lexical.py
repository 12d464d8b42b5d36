"""The lexical index: BM25 (Robertson and Zaragoza 2009) by tantivy, over the terms of `rag.words`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import tantivy

from ..filter import Filter, day_number
from ..quotation import quoted
from ..stored_passage import StoredPassage
from ..words import terms
from .edition import EditionFile, discard
from .passage_index import Found, Probe

# Words of the passage count most; those of headline and standfirst say what it is about, the credit whose it is.
_BOOSTS = {"text": 1.0, "context": 0.5, "credit": 0.4}
# The id once more, in two halves, since reading it from stored documents took a third of the time of a search; the day of
# publication and the first that any version states.
_NUMBERS = ("high", "low", "day", "first")
_HEAP = 64_000_000


class LexicalIndex:
    """On disk in ``directory``; one process writes, others read what was committed."""

    name = "lexical"

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._edition = EditionFile(directory)
        self._writer: tantivy.IndexWriter | None = None
        self._open()

    @property
    def edition(self) -> int | None:
        return self._edition.read()

    def add(self, passages: Sequence[StoredPassage]) -> None:
        writer = self._begun()
        for stored in passages:
            writer.add_document(_document(stored))
        self._commit()

    def remove(self, ids: Sequence[str]) -> None:
        writer = self._begun()
        for passage_id in ids:
            writer.delete_documents_by_term("id", passage_id)
        self._commit()

    def search(self, probe: Probe, k: int, only: Filter = Filter()) -> list[Found]:
        """At most k passages that the filter lets pass, best first; ``as_of`` keeps what may have stood that day."""
        query = self._query(probe.text)
        if query is None or k < 1:
            return []
        if conditions := self._conditions(only):
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), *conditions])
        searcher = self._index.searcher()
        hits = searcher.search(query, k, count=False).hits
        ids = _ids(searcher, [place for _, place in hits])
        return [Found(i, score) for i, (score, _) in zip(ids, hits, strict=True)]

    def holding(self, field: str, words: str, k: int) -> list[str]:
        """The ids of at most k passages of which a field (text, context, credit) holds all these words, in any order."""
        wanted = [tantivy.Query.term_query(self._schema, field, term) for term in set(terms(words))]
        if not wanted:
            return []
        searcher = self._index.searcher()
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, term) for term in wanted])
        return _ids(searcher, [place for _, place in searcher.search(query, k, count=False).hits])

    def frequency(self, term: str) -> int:
        """In how many passages a term of `rag.words` stands."""
        return self._index.searcher().doc_freq("text", term)

    def size(self) -> int:
        """How many passages are held."""
        return self._index.searcher().num_docs

    def ids(self) -> set[str]:
        searcher = self._index.searcher()
        if not searcher.num_docs:
            return set()
        hits = searcher.search(tantivy.Query.all_query(), searcher.num_docs).hits
        return set(_ids(searcher, [place for _, place in hits]))

    def mark(self, edition: int) -> None:
        if self._writer is not None:
            self._writer.commit()
            self._writer.wait_merging_threads()
            self._writer = None
            self.refresh()
        self._edition.write(edition)

    def refresh(self) -> None:
        """Sees what another process has committed since."""
        if not tantivy.Index.exists(str(self._directory)):
            return  # it is being made anew by another process
        self._index.reload()

    discard = staticmethod(discard)

    def clear(self) -> None:
        self._writer = None
        self.discard(self._directory)
        self._open()

    def close(self) -> None:
        self._writer = None

    def _open(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(self._directory))

    def _begun(self) -> tantivy.IndexWriter:
        self._edition.doubt()
        if self._writer is None:
            self._writer = self._index.writer(heap_size=_HEAP, num_threads=1)
        return self._writer

    def _commit(self) -> None:
        assert self._writer is not None
        self._writer.commit()
        self._index.reload()

    def _query(self, text: str) -> tantivy.Query | None:
        wanted = list(dict.fromkeys(terms(text)))
        if not wanted:
            return None
        clauses = [(tantivy.Occur.Should, self._term(term)) for term in wanted]
        clauses += [(tantivy.Occur.Should, phrase) for phrase in self._phrases(text)]
        return tantivy.Query.boolean_query(clauses)

    def _conditions(self, only: Filter) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        """What must hold of a passage, without a share in its score."""
        wanted: list[tantivy.Query] = []
        if only.publishers:
            wanted.append(tantivy.Query.term_set_query(self._schema, "publisher", sorted(only.publishers)))
        if only.first or only.last:
            low, high = only.days
            # As of a day an earlier version may state an earlier publication.
            wanted += [self._between("day", low, None), self._between("first" if only.as_of else "day", None, high)]
        if only.as_of:
            wanted.append(self._between("first", None, day_number(only.as_of.isoformat())))
        return [(tantivy.Occur.Must, tantivy.Query.const_score_query(query, 0.0)) for query in wanted]

    def _between(self, field: str, low: int | None, high: int | None) -> tantivy.Query:
        return tantivy.Query.range_query(self._schema, field, tantivy.FieldType.Unsigned, low, high)

    def _term(self, term: str) -> tantivy.Query:
        """The best field counts, the others a little: a word in headline and text is still one word."""
        fields = [
            tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, field, term), boost)
            for field, boost in _BOOSTS.items()
        ]
        return tantivy.Query.disjunction_max_query(fields, 0.3)

    def _phrases(self, text: str) -> list[tantivy.Query]:
        """Words that the question puts in quotation marks are wanted side by side, too."""
        stretches = [terms(words) for words in quoted(text)]
        return [tantivy.Query.phrase_query(self._schema, "text", s, slop=2) for s in stretches if len(s) > 1]


def _ids(searcher: tantivy.Searcher, places: list[tantivy.DocAddress]) -> list[str]:
    high, low = (searcher.fast_field_values(column, places) for column in ("high", "low"))
    return [f"{one:016x}{other:016x}" for one, other in zip(high, low, strict=True)]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("publisher", tokenizer_name="raw", index_option="basic")
    for column in _NUMBERS:
        builder.add_unsigned_field(column, fast=True)
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="position")
    builder.add_text_field("context", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("credit", tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _document(stored: StoredPassage) -> tantivy.Document:
    article, passage_id = stored.article, stored.passage.id
    document = tantivy.Document(
        id=passage_id,
        publisher=article.publisher,
        text=" ".join(terms(stored.passage.text)),
        context=" ".join(terms(f"{article.headline} {article.standfirst} {article.section} {article.dateline}")),
        credit=" ".join(terms(f"{article.publisher} {article.originator} {' '.join(article.bylines)}")),
    )
    numbers = (
        int(passage_id[:16], 16),
        int(passage_id[16:], 16),
        day_number(article.published),
        day_number(stored.first),
    )
    for column, number in zip(_NUMBERS, numbers, strict=True):
        document.add_unsigned(column, number)
    return document
