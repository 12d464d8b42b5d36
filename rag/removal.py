"""Removal: a kill or an erasure takes an article out for good, and nothing of it stays in the bytes on disk.

A kill is mandatory and leaves no trace (Reuters: "strictly required to remove all versions"); the tombstone that keeps
the article out is a hash. SQLite keeps deleted words in free pages and in its log unless both are cleared, Chroma 1.5.9
keeps deleted vectors until it is made anew: so `purge` does both.
"""

from __future__ import annotations

import ctypes
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from .address import canonical, web_address
from .archive import Archive
from .article import Article, id_of
from .copies import forget, note_current
from .embedder import embedder_named
from .errors import WrongUse
from .feedback import Feedback
from .index.pair import IndexPair
from .passage import Passage
from .reading import embedding_key, readings_of
from .redaction import Redacted, Redaction, Redactor

_CHUNK = 16 * 1024 * 1024
_DUE = "purge due"
_M_PERTURB = -6
_TRIES = 3
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
    served: bool

    @property
    def proven(self) -> bool:
        return not self.remains

    def lines(self) -> Iterator[str]:
        if not self.versions:
            yield "The archive holds nothing of this; a tombstone keeps it out from now on."
            return
        yield f"{self.articles} articles in {self.versions} versions with {self.passages} passages erased for good."
        if self.served:
            yield "The vectors were deleted from the Chroma server; what it keeps on its own disk: 'chroma vacuum' there."
        if self.shared:
            yield f"{self.shared} stretches also stand in other articles and stay there: erase those as well if they must go."
        if self.proven:
            own = self.probes - self.shared
            yield f"{own} stretches that it alone had were looked for in every file of the archive: none is left."
        for place in self.remains:
            yield f"Still on the disk: {place}: close every program that has the archive open, then run this again."


@dataclass(frozen=True, slots=True)
class Buried:
    """How many articles were there to be removed, and the ids of the passages that the indexes have to drop."""

    articles: int
    passages: list[str]


def bury(archive: Archive, article_ids: Iterable[str], reason: str, when: str) -> Buried:
    """Removes every version of the articles and sets their tombstones, within the caller's transaction.

    An article that goes by its address is also found by its publisher's own id. What the ledger knows of their inputs
    goes as well. Where something was removed, `purge_if_due` has to follow.
    """
    asked = list(article_ids)
    known_as = {found for i in asked for found in archive.ids_also_known_as(i)}
    ids = sorted({*asked, *known_as})
    versions = [version for i in ids for version in archive.revisions(i)]
    with archive.transaction() as db:
        # A broken record of the same source may hold the same words.
        stretches = {stretch for version in versions for stretch in _stretches(version)}
        archive.drop_raw_bytes_with(stretches)
        Feedback(archive).forget_words(versions, stretches)
        passages = [row[0] for i in ids for row in db.execute("SELECT id FROM passage WHERE article_id = ?", (i,))]
        for article_id in ids:
            archive.forget_article(article_id, reason)
            db.execute("INSERT OR IGNORE INTO tombstone VALUES (?, ?, ?)", (article_id, reason, when))
        forget(archive, ids)
        if versions:
            archive.drop_unused_embeddings()
            archive.set(_DUE, "1")
    return Buried(len({version.id for version in versions}), passages)


def purge_if_due(archive: Archive, pair: IndexPair) -> None:
    """After a burial: makes both indexes anew, clears the free pages and the log of the archive's file, and takes out of
    the readers' feedback what the archive lost. A run that was killed before it came so far leaves that to the next one.
    The writer's lock is held."""
    if archive.setting(_DUE):
        Feedback(archive).purge()
        with _cleared_memory():
            pair.rebuild()
        archive.unset(_DUE)
        archive.compact()


@contextmanager
def _cleared_memory() -> Iterator[None]:
    """hnswlib writes memory to its file that it never filled, and what was erased may still lie there: seen in Chroma's
    data_level0.bin. glibc clears what it hands out while M_PERTURB is set (mallopt(3)); elsewhere the proof tells."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if mallopt:
        mallopt(_M_PERTURB, 0xFF)
    try:
        yield
    finally:
        if mallopt:
            mallopt(_M_PERTURB, 0)


def erase(
    archive: Archive, *, ids: Iterable[str] = (), urls: Iterable[str] = (), publisher: str = "", reason: str = "erased"
) -> Erased:
    """Erases by article id, by address (also one that never came: its tombstone keeps it out) or by publisher.

    Raises ArchiveBusy where another process is writing.
    """
    pair = IndexPair.for_writing(archive)
    try:
        wanted = _wanted(archive, set(ids), set(urls), publisher)
        versions = [version for article_id in sorted(wanted) for version in archive.revisions(article_id)]
        probes = _probes(versions)
        with archive.transaction():
            buried = bury(archive, wanted, reason, _today())
            archive.next_edition()
        purge_if_due(archive, pair)
        shared = {probe for probe in probes if archive.versions_with(probe)}
        remains = _remains(archive, pair, set(probes) - shared)
        articles = len({version.id for version in versions})
        return Erased(articles, len(versions), len(buried.passages), len(probes), len(shared), remains, pair.is_served)
    finally:
        pair.close()


def _wanted(archive: Archive, ids: set[str], urls: set[str], publisher: str) -> set[str]:
    """The ids that are meant: also of articles that show an address or were read there, but go by another."""
    if strange := [i for i in ids if not re.fullmatch(r"[0-9a-f]{16}", i)] + [u for u in urls if not web_address(u)]:
        raise WrongUse(f"{strange[0]} is neither an article's id nor a web address: 'python -m rag search' shows both.")
    of_publisher = archive.article_ids(publisher=publisher) if publisher else set()
    if publisher and not of_publisher:
        raise WrongUse(f"the archive holds nothing of {publisher}: give the name as the answers show it.")
    shown = {found for url in urls for found in archive.ids_with_address(url)}
    found = ids | of_publisher | shown | {id_of(canonical(url)) for url in urls}
    return found | {other for i in found for other in archive.ids_also_known_as(i)}


def _probes(versions: list[Article]) -> list[str]:
    """Stretches of the text that nothing but these articles should hold, spread over all of them."""
    share = max(1, min(_PROBES_AN_ARTICLE, _MOST_PROBES // max(1, len(versions))))
    found = dict.fromkeys(probe for version in versions[:_MOST_PROBES] for probe in _stretches(version)[:share])
    return list(found)


def _stretches(version: Article) -> list[str]:
    texts = (version.headline, *version.body.split("\n\n"), version.standfirst, version.correction, version.url)
    return [run.group()[:_PROBE_LENGTH] for text in texts for run in [_PLAIN_RUN.search(text)] if run]


def _remains(archive: Archive, pair: IndexPair, probes: set[str]) -> tuple[str, ...]:
    """The files in which a probe still stands. The indexes are made anew once more for it: see `_cleared_memory`."""
    for _ in range(_TRIES):
        if not _places(archive.directory, probes):
            return ()
        archive.set(_DUE, "1")
        purge_if_due(archive, pair)
    return _places(archive.directory, probes)


def _places(directory: Path, probes: set[str]) -> tuple[str, ...]:
    """The names of the files in which any of the probes stands; each file is read once for all of them."""
    forms = [probe.encode(encoding, "surrogatepass") for probe in probes for encoding in ("utf-8", "utf-16-le")]
    files = (file for file in directory.rglob("*") if forms and file.is_file())
    return tuple(sorted({file.name for file in files if _holds(file, forms)}))


def _holds(file: Path, forms: list[bytes]) -> bool:
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
    redactor = Redactor(archive)
    rule = redactor.rule(name, scope, replacement, reason, _today())
    if not rule.words:
        raise WrongUse("there is no word in this name: give the name as the articles spell it.")
    if redactor.is_named_in(replacement, [rule]):
        raise WrongUse("what is to stand there holds the name itself: give other words with --with.")
    pair = IndexPair.for_writing(archive)
    try:
        with archive.transaction():
            done = _replaced(archive, redactor, rule)
            archive.put_embeddings(readings_of(done.passages, embedder_named(archive.embedder_name)))
            archive.put_passages((passage, embedding_key(article, passage)) for article, passage in done.passages)
            ids = {article.id for article in done.versions}
            note_current(archive, filter(None, map(archive.article, ids)))
            archive.put_redaction(astuple(replace(rule, articles=len(ids))))
            archive.forget_places(lambda text: redactor.is_named_in(text, [rule]))
            archive.drop_unused_embeddings()
            archive.set(_DUE, "1")
            archive.next_edition()
        purge_if_due(archive, pair)
        remains = () if done.elsewhere else _remains(archive, pair, done.spellings)
        return NameReplaced(len(ids), len(done.versions), done.elsewhere, remains)
    finally:
        pair.close()


@dataclass(slots=True)
class _Replaced:
    """The versions as they are now, the passages to be put in anew, how the name was spelled, and how many versions
    outside of the scope hold it."""

    versions: list[Article] = field(default_factory=list)
    passages: list[tuple[Article, Passage]] = field(default_factory=list)
    spellings: set[str] = field(default_factory=set)
    elsewhere: int = 0


def _replaced(archive: Archive, redactor: Redactor, rule: Redaction) -> _Replaced:
    done = _Replaced()
    for old in archive.versions():
        new = redactor.applied(old, [rule])
        if new is old:
            done.elsewhere += not rule.covers(old) and redactor.is_named_in(old.to_json(), [rule])
            continue
        moved = redactor.redacted(old.body, [rule])
        before = [stored.passage for stored in archive.passages_of(old.id) if stored.passage.revision == old.revision]
        archive.replace_version(old, new)
        done.versions.append(new)
        done.passages += [(new, _moved(passage, new, moved)) for passage in before]
        done.spellings |= redactor.spellings(old.to_json(), [rule])
    return done


def _moved(passage: Passage, article: Article, body: Redacted) -> Passage:
    start, end = body.moved(passage.start), body.moved(passage.end)
    return replace(passage, revision=article.revision, start=start, end=end, text=article.body[start:end])
