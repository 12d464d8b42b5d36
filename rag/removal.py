"""Removal: a kill or an erasure takes an article out for good, and nothing of it stays in the bytes on disk.

A kill is mandatory and leaves no trace (Reuters: "strictly required to remove all versions"); the tombstone that keeps
the article out is a hash. SQLite keeps deleted words in free pages and in its log unless both are cleared, Chroma 1.5.9
keeps deleted vectors until it is made anew: so `purge` does both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from .address import canonical
from .archive import Archive
from .article import Article, id_of
from .copies import forget, note_current
from .embedder import embedder_named
from .errors import WrongUse
from .index.pair import IndexPair
from .passage import Passage
from .reading import embedding_key, readings_of
from .redaction import Redacted, Redaction, Redactor

_CHUNK = 16 * 1024 * 1024
_PROBE_LENGTH = 60
_SHORTEST_PROBE = 24
_PROBES_AN_ARTICLE = 12
_MOST_PROBES = 600
# What JSON writes as it is, so that a probe looks the same inside and outside of it.
_PLAIN_RUN = re.compile(rf"[^\"\\\n\t]{{{_SHORTEST_PROBE},}}")


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure took away, and what is left: probes (stretches of the erased text) still found, by file."""

    articles: int
    versions: int
    passages: int
    probes: int
    shared: int
    remains: tuple[str, ...]

    @property
    def proven(self) -> bool:
        return not self.remains

    def lines(self) -> Iterator[str]:
        yield f"{self.articles} articles in {self.versions} versions with {self.passages} passages erased for good."
        if self.shared:
            yield f"{self.shared} stretches also stand in other articles and stay there: erase those as well if they must go."
        if self.proven:
            yield f"{self.probes} stretches of the text looked for in every file of the archive: none is left."
        for place in self.remains:
            yield f"Still on the disk: {place}: close every program that has the archive open, then run this again."


def bury(archive: Archive, article_ids: Sequence[str], reason: str, when: str) -> list[str]:
    """Removes every version of the articles and sets their tombstones, within the caller's transaction.

    Returns the ids of the passages that the indexes have to drop. What the ledger knows of their inputs goes as well.
    """
    removed: list[str] = []
    with archive.transaction() as db:
        for article_id in article_ids:
            removed += [row[0] for row in db.execute("SELECT id FROM passage WHERE article_id = ?", (article_id,))]
            for version in archive.revisions(article_id):  # a broken record of the same source may hold the same words
                for stretch in _stretches(version):
                    archive.drop_raw_bytes_with(stretch)
            db.execute("DELETE FROM passage WHERE article_id = ?", (article_id,))
            db.execute("DELETE FROM revision WHERE article_id = ?", (article_id,))
            db.execute(
                "UPDATE input SET location = '', digest = '', raw = NULL, outcome = 'barred', reason = ? "
                "WHERE article_id = ?",
                (reason, article_id),
            )
            db.execute("INSERT OR IGNORE INTO tombstone VALUES (?, ?, ?)", (article_id, reason, when))
        forget(archive, article_ids)
        archive.drop_unused_embeddings()
    return removed


def purge(archive: Archive, pair: IndexPair) -> None:
    """Makes both indexes anew and clears the free pages and the log of the archive's file. The writer's lock is held."""
    pair.rebuild()
    archive.compact()


def erase(
    archive: Archive, *, ids: Iterable[str] = (), urls: Iterable[str] = (), publisher: str = "", reason: str = "erased"
) -> Erased:
    """Erases by article id, by address (also one that never came: its tombstone keeps it out) or by publisher.

    Raises ArchiveBusy where another process is writing.
    """
    pair = IndexPair.for_writing(archive)
    try:
        wanted = {*ids, *(id_of(canonical(url)) for url in urls), *_with_address(archive, urls)}
        if publisher:
            wanted |= archive.article_ids(publisher=publisher)
        versions = [version for article_id in sorted(wanted) for version in archive.revisions(article_id)]
        probes = _probes(versions)
        removed = bury(archive, sorted(wanted), reason, _today())
        archive.next_edition()
        purge(archive, pair)
        found = {probe: places for probe in probes if (places := _places(archive.directory, probe))}
        shared = {probe for probe in found if archive.versions_with(probe)}
        remains = sorted({place for probe in found.keys() - shared for place in found[probe]})
        articles = len({version.id for version in versions})
        return Erased(articles, len(versions), len(removed), len(probes), len(shared), tuple(remains))
    finally:
        pair.close()


def _with_address(archive: Archive, urls: Iterable[str]) -> set[str]:
    """Articles that show this address but are known by another identity."""
    return {found for url in urls for found in archive.ids_with_address(url)}


def _probes(versions: list[Article]) -> list[str]:
    """Stretches of the text that nothing but these articles should hold, spread over all of them."""
    share = max(1, min(_PROBES_AN_ARTICLE, _MOST_PROBES // max(1, len(versions))))
    found = dict.fromkeys(probe for version in versions[:_MOST_PROBES] for probe in _stretches(version)[:share])
    return list(found)


def _stretches(version: Article) -> list[str]:
    texts = (version.headline, *version.body.split("\n\n"), version.standfirst, version.correction, version.url)
    return [run.group()[:_PROBE_LENGTH] for text in texts for run in [_PLAIN_RUN.search(text)] if run]


def _places(directory: Path, probe: str) -> list[str]:
    return [file.name for file in sorted(directory.rglob("*")) if file.is_file() and _holds(file, probe)]


def _holds(file: Path, probe: str) -> bool:
    forms = (probe.encode("utf-8", "surrogatepass"), probe.encode("utf-16-le", "surrogatepass"))
    tail = b""
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            window = tail + chunk
            if any(form in window for form in forms):
                return True
            tail = window[-max(map(len, forms)) :]
    return False


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


@dataclass(frozen=True, slots=True)
class NameReplaced:
    """What a redaction changed, and where the name still stands within its scope (nowhere, if it is proven)."""

    articles: int
    versions: int
    elsewhere: int
    remains: tuple[str, ...]

    @property
    def proven(self) -> bool:
        return not self.remains

    def lines(self) -> Iterator[str]:
        yield f"Replaced in {self.articles} articles ({self.versions} versions), and in whatever arrives from now on."
        if self.elsewhere:
            yield f"{self.elsewhere} versions outside of the scope hold the name and keep it."
        elif self.proven:
            yield "Looked for in every file of the archive: the name is not there any more."
        for place in self.remains:
            yield f"Still on the disk: {place}: close every program that has the archive open, then run this again."


def redact(archive: Archive, name: str, replacement: str, *, scope: str = "", reason: str = "") -> NameReplaced:
    """Replaces a name in every version of the articles within ``scope`` (see `Redaction`), and in what arrives later.

    Passages keep their places, moved along; those whose words changed are embedded anew. Raises ArchiveBusy, WrongUse.
    """
    if not re.search(r"\w", name):
        raise WrongUse("there is no word in this name: give the name as the articles spell it.")
    pair = IndexPair.for_writing(archive)
    try:
        redactor = Redactor(archive)
        rule = redactor.rule(name, scope, replacement, reason, _today())
        with archive.transaction():
            versions, passages = _replaced(archive, redactor, rule)
            archive.put_embeddings(readings_of(passages, embedder_named(archive.embedder_name)))
            archive.put_passages((passage, embedding_key(article, passage)) for article, passage in passages)
            articles = len({article.id for article in versions})
            note_current(archive, filter(None, map(archive.article, {article.id for article in versions})))
            archive.put_redaction(astuple(replace(rule, articles=articles)))
            archive.drop_raw_bytes_with(name)
            archive.drop_unused_embeddings()
            archive.next_edition()
        purge(archive, pair)
        elsewhere = archive.versions_with(name)
        remains = () if elsewhere else tuple(_places(archive.directory, name))
        return NameReplaced(articles, len(versions), elsewhere, remains)
    finally:
        pair.close()


def _replaced(
    archive: Archive, redactor: Redactor, rule: Redaction
) -> tuple[list[Article], list[tuple[Article, Passage]]]:
    """The versions as they are now, and the passages that have to be put in anew."""
    versions: list[Article] = []
    passages: list[tuple[Article, Passage]] = []
    for old in archive.versions():
        new = redactor.applied(old, [rule])
        if new is not old:
            moved = redactor.redacted(old.body, rule)
            before = [
                stored.passage for stored in archive.passages_of(old.id) if stored.passage.revision == old.revision
            ]
            archive.replace_version(old, new)
            versions.append(new)
            passages += [(new, _moved(passage, new, moved)) for passage in before]
    return versions, passages


def _moved(passage: Passage, article: Article, body: Redacted) -> Passage:
    start, end = body.moved(passage.start), body.moved(passage.end)
    return replace(passage, revision=article.revision, start=start, end=end, text=article.body[start:end])
