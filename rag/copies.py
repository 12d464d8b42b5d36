"""Copies: the articles that carry the same story text, kept as clusters with the article that it came from.

Each article leaves a sample of its runs of words (FracMinHash, Irber et al. 2022: all hashes under a threshold), so that
whoever shares some of them is found without reading all; `likeness` then decides on the texts themselves. A cluster is a
star around its originator, not a chain: a running story may change its text from version to version without end.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from sqlite3 import Connection

from .archive import Archive
from .article import NEVER, Article
from .same_story import LOWEST_BAR, WINDOW, Telling, likeness, telling

_HASHES = 2**32
_SAMPLED = 1 / 8
_FEWEST_SAMPLED = 16
# A sample is a lottery: who shares this part of what is expected at the lowest bar is looked at closely.
_BENEFIT_OF_DOUBT = 0.4
# A publisher's standing paragraph, or a flood of copies, stands in more articles than it is worth to look at. Until a
# run stands in so many of one window, every order of arrival ends in the same clusters.
_MOST_OF_ONE_RUN = 200
_UNDATED = 0
_MANY = 500  # ids in one question to SQLite


@dataclass(frozen=True, slots=True)
class Carrier:
    """An article of a cluster and who published it."""

    article_id: str
    publisher: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """The usable articles that carry one story text, at least two, the originator first, then by time."""

    carriers: tuple[Carrier, ...]

    @property
    def originator_id(self) -> str:
        return self.carriers[0].article_id

    @property
    def id(self) -> str:
        return self.originator_id

    @property
    def article_ids(self) -> tuple[str, ...]:
        return tuple(carrier.article_id for carrier in self.carriers)

    def others_than(self, article: Article) -> tuple[str, ...]:
        """The other publishers that carried it, each once, those without a name left out."""
        names = dict.fromkeys(carrier.publisher for carrier in self.carriers)
        return tuple(name for name in names if name and name != article.publisher)


def clusters_of(archive: Archive, article_ids: Iterable[str]) -> dict[str, Cluster]:
    """By article id, the cluster of each of these articles that has one; only what may be used now is in it."""
    found: dict[str, list[Carrier]] = {}
    wanted = list(dict.fromkeys(article_ids))
    for begin in range(0, len(wanted), _MANY):
        chunk = wanted[begin : begin + _MANY]
        marks = ",".join("?" * len(chunk))
        rows = archive.rows(
            "SELECT c.originator_id, c.article_id, r.publisher FROM carrier c "
            "CROSS JOIN revision r ON r.article_id = c.article_id AND r.current = 1 "
            "WHERE r.usable_from <= strftime('%Y-%m-%dT%H:%M:%SZ') "
            f"AND c.originator_id IN (SELECT originator_id FROM carrier WHERE article_id IN ({marks})) "
            "ORDER BY c.originator_id, c.place",
            chunk,
        )
        here: dict[str, list[Carrier]] = {}
        for originator_id, *carrier in rows:
            here.setdefault(originator_id, []).append(Carrier(*carrier))
        found |= here
    clusters = [Cluster(tuple(carriers)) for carriers in found.values() if len(carriers) > 1]
    return {i: cluster for cluster in clusters for i in cluster.article_ids if i in set(wanted)}


def note_current(archive: Archive, articles: Iterable[Article]) -> None:
    """Finds the copies of articles whose current version has just been put, within the caller's transaction.

    A version that may never be used (withheld) is nobody's copy.
    """
    noted = {article.id: article for article in articles}
    with archive.transaction() as db:
        touched = _cut_off(db, noted)
        for article in noted.values():
            if article.usable_from != NEVER:
                _tie(archive, db, article)
        _gather(archive, db, touched)


def forget(archive: Archive, article_ids: Iterable[str]) -> None:
    """Takes articles out of their clusters, within the caller's transaction; before or after they are deleted."""
    with archive.transaction() as db:
        gone = set(article_ids)
        _gather(archive, db, _cut_off(db, gone) - gone)


def renew(archive: Archive) -> None:
    """Finds all copies anew."""
    with archive.transaction() as db:
        for table in ("run", "sketch", "copy", "carrier"):
            db.execute(f"DELETE FROM {table}")
        for article_id in sorted(archive.article_ids()):
            note_current(archive, filter(None, [archive.article(article_id)]))


# -- which are copies of one another --------------------------------------------------------------------------------


def _cut_off(db: Connection, article_ids: Iterable[str]) -> set[str]:
    """Removes samples, ties and places of these articles; returns them and those that they were tied to."""
    touched = set(article_ids)
    for article_id in article_ids:
        touched |= {row[0] for row in db.execute("SELECT other_id FROM copy WHERE article_id = ?", (article_id,))}
        for day, kept in db.execute("SELECT day, kept FROM sketch WHERE article_id = ?", (article_id,)).fetchall():
            places = ((run, day, article_id) for run in array("I", kept))
            db.executemany("DELETE FROM run WHERE hash = ? AND day = ? AND article_id = ?", places)
        db.execute(
            "DELETE FROM copy WHERE (other_id, article_id) IN (SELECT article_id, other_id FROM copy WHERE article_id = ?)",
            (article_id,),
        )
        for table in ("sketch", "copy", "carrier"):
            db.execute(f"DELETE FROM {table} WHERE article_id = ?", (article_id,))
    return touched


def _tie(archive: Archive, db: Connection, article: Article) -> None:
    """Ties the article to its copies among those that have been noted, and leaves its own sample for those to come."""
    told = telling(article)
    kept = sorted(run for run in told.runs if run < _HASHES * _sampled(len(told.runs)))
    for other_id in _alike(db, kept, told):
        other = archive.article(other_id)
        if other is not None and (shared := likeness(article, other)):
            pair = ((article.id, other_id, shared), (other_id, article.id, shared))
            db.executemany("INSERT OR REPLACE INTO copy VALUES (?, ?, ?)", pair)
    day = told.day or _UNDATED
    db.execute("INSERT INTO sketch VALUES (?, ?, ?, ?)", (article.id, day, len(told.runs), array("I", kept).tobytes()))
    db.executemany("INSERT INTO run VALUES (?, ?, ?)", ((run, day, article.id) for run in kept))


def _sampled(runs: int) -> float:
    """The part of its runs that a text keeps: a short one more, so that enough is left to be found by."""
    return max(_SAMPLED, min(1.0, _FEWEST_SAMPLED / max(1, runs)))


def _alike(db: Connection, kept: list[int], told: Telling) -> set[str]:
    """The articles around its day that share as much of the samples as a copy would."""
    shared: Counter[str] = Counter()
    crowded = False
    for run in kept:
        for first, last in _days(told.day):
            rows = db.execute(
                "SELECT article_id FROM run WHERE hash = ? AND day BETWEEN ? AND ? LIMIT ?",
                (run, first, last, _MOST_OF_ONE_RUN),
            ).fetchall()
            shared.update(row[0] for row in rows)
            crowded |= len(rows) == _MOST_OF_ONE_RUN
    alike = set()
    for article_id, count in shared.items():
        (runs,) = db.execute("SELECT runs FROM sketch WHERE article_id = ?", (article_id,)).fetchone()
        expected = LOWEST_BAR * min(runs, len(told.runs)) * min(_sampled(runs), _sampled(len(told.runs)))
        if count >= _BENEFIT_OF_DOUBT * expected:
            alike.add(article_id)
    return alike | _originators(db, alike) if crowded else alike


def _days(day: int | None) -> tuple[tuple[int, int], ...]:
    """From and to which days copies are looked for; an undated article may be of any day."""
    return ((day - WINDOW, day + WINDOW), (_UNDATED, _UNDATED)) if day else ((_UNDATED, date.max.toordinal()),)


def _originators(db: Connection, article_ids: set[str]) -> set[str]:
    """In a flood the one that all came from may be none of the first that were found."""
    rows = (db.execute("SELECT originator_id FROM carrier WHERE article_id = ?", (i,)).fetchone() for i in article_ids)
    return {row[0] for row in rows if row}


# -- which of them are a cluster ------------------------------------------------------------------------------------


def _gather(archive: Archive, db: Connection, touched: set[str]) -> None:
    """Forms the clusters of all that hang together with these articles anew."""
    while touched:
        ties = _hanging_together(db, touched.pop())
        touched -= ties.keys()
        db.executemany("DELETE FROM carrier WHERE article_id = ?", ((article_id,) for article_id in ties))
        members = {article_id: article for article_id in ties if (article := archive.article(article_id))}
        for star in _stars(members, ties):
            rows = ((article_id, star[0], place) for place, article_id in enumerate(star))
            db.executemany("INSERT INTO carrier VALUES (?, ?, ?)", rows)


def _hanging_together(db: Connection, start: str) -> dict[str, dict[str, float]]:
    """All articles that a chain of ties leads to, each with its own ties."""
    ties: dict[str, dict[str, float]] = {}
    waiting = [start]
    while waiting:
        article_id = waiting.pop()
        if article_id not in ties:
            rows = db.execute("SELECT other_id, shared FROM copy WHERE article_id = ?", (article_id,))
            ties[article_id] = dict(rows.fetchall())
            waiting += ties[article_id]
    return ties


def _stars(members: dict[str, Article], ties: dict[str, dict[str, float]]) -> list[list[str]]:
    """The clusters, each with its originator first.

    The wire that others credit, else whoever published first, originates; each of the rest joins the originator whose
    text it shares most, and originates itself where it shares none's.
    """
    credited = {telling(article).source for article in members.values() if article.originator}
    originates_first = sorted(
        members.values(), key=lambda a: (telling(a).publisher not in credited, a.published or NEVER, a.id)
    )
    stars: dict[str, list[str]] = {}
    for article in originates_first:
        near = [(ties[article.id][i], -place, i) for place, i in enumerate(stars) if i in ties[article.id]]
        stars.setdefault(max(near)[2] if near else article.id, []).append(article.id)
    return [star for star in stars.values() if len(star) > 1]
