"""As of a day: the archive as it stood then. The indexes hold the text that stands now, so a story is found by that, and
then read in the version of the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from .archive import Archive
from .article import Article
from .clock import utc_now
from .copies import Cluster
from .passage import Hit, Passage
from .period import end_of_day
from .sentences import Span, paragraphs, sentences
from .stored_passage import StoredPassage
from .words import terms

_LONGEST = 1_000  # characters of a stretch, about a passage
_FEWEST_TERMS = 8  # what is shorter stands by chance in anything


def standing(current: Article, day: date, archive: Archive) -> Article | None:
    """The version of a story that stood at the end of a day (UTC), by its ``current`` one.

    None where no version that the archive holds was out by then, or where that version may not be used, or not yet on
    that day. A version without any time is left out: nothing says that it was there, and a wrong yes would show what
    nobody could have read. So is one that carries a correction of a later day: its text is the corrected one.
    """
    end = end_of_day(day)
    version = current if _stood(current, end) else None
    if version is None:
        earlier = [version for version in archive.revisions(current.id) if _stood(version, end)]
        version = max(earlier, key=lambda article: (article.precedence, article.revision), default=None)
    return version if version and version.usable_from <= min(end, utc_now()) else None


def _stood(article: Article, end: str) -> bool:
    corrected = article.corrected_on.day if article.corrected_on else ""
    return bool(article.updated) and max(article.published, article.updated, corrected) <= end


def standing_then(stored: Mapping[str, StoredPassage], day: date, archive: Archive) -> dict[str, StoredPassage]:
    """The passages whose article was there that day, each beside the version that stood: where that is an earlier one
    the passage names no revision until `reread` has put words of that version in its place."""
    stories = {s.passage.article_id: s.article for s in stored.values()}
    versions = {i: standing(article, day, archive) for i, article in stories.items()}
    earlier = {i: version for i, version in versions.items() if version is not stories[i]}
    found: dict[str, StoredPassage] = {}
    for i, s in stored.items():
        version = earlier.get(s.passage.article_id)
        if version:
            found[i] = replace(s, article=version, passage=replace(s.passage, revision=""))
        elif s.passage.article_id not in earlier:
            found[i] = s
    return found


def carried_then(clusters: Mapping[str, Cluster], day: date, archive: Archive) -> dict[str, Cluster]:
    """The clusters as far as they had come by the end of that day."""
    found: dict[str, Cluster] = {}
    for cluster in {cluster.id: cluster for cluster in clusters.values()}.values():
        held = ((carrier, archive.article(carrier.article_id)) for carrier in cluster.carriers)
        then = Cluster(tuple(carrier for carrier, article in held if article and standing(article, day, archive)))
        if len(then.carriers) > 1:
            found |= dict.fromkeys(then.article_ids, then)
    return found


def reread(hits: Sequence[Hit], wanted: Mapping[str, float], day: date, most: int) -> list[Hit]:
    """Hits that are sorted best first, those of a later text replaced by stretches of the version that stood.

    ``wanted`` is how rare each word of the question is. No more than ``most`` stories are read anew, the best.
    """
    found: list[Hit] = []
    later: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        if hit.passage.revision:
            found.append(hit)
        elif hit.passage.article_id in later or len(later) < most:
            later[hit.passage.article_id].append(hit)
    for story in later.values():
        found += _read_then(story, wanted, day)
    return sorted(found, key=lambda hit: (-hit.score, hit.passage.id))


def _read_then(story: Sequence[Hit], wanted: Mapping[str, float], day: date) -> Iterator[Hit]:
    """The stretches of the earlier version, scored by the hits of the later one.

    A stretch has the score of the passage that it resembles most, in full where it says the same and holds as many of the
    question's words. What was taken out since resembles none, and is still found by these words.
    """
    article, revision = story[0].article, story[0].article.revision
    spans = _stretches(article.body)
    said_now = [set(terms(hit.passage.text)) for hit in story]
    said_then = [set(terms(span.of(article.body))) for span in spans]
    shares = [sum(wanted.get(term, 0.0) for term in said) for said in (*said_then, *said_now)]
    most = max(shares) or 1.0
    for position, (span, said, share) in enumerate(zip(spans, said_then, shares, strict=False)):
        likeness = [hit.score * _likeness(said, now) for hit, now in zip(story, said_now, strict=True)]
        nearest = story[likeness.index(max(likeness))]
        asked = story[0].score * (share / most if max(shares) else 1.0)
        passage = Passage(article.id, revision, position, span.start, span.end, span.of(article.body))
        score = round((max(likeness) + asked) / 2, 6)
        yield replace(nearest, passage=passage, score=score, reason=replace(nearest.reason, as_of=day))


def _likeness(said: set[str], other: set[str]) -> float:
    """How much of the shorter one stands in the longer one."""
    return len(said & other) / max(_FEWEST_TERMS, min(len(said), len(other)))


def _stretches(body: str) -> list[Span]:
    """Whole paragraphs together up to `_LONGEST` characters; the sentences of one that is longer."""
    found: list[Span] = []
    for paragraph in paragraphs(body):
        for piece in [paragraph] if len(paragraph) <= _LONGEST else sentences(body, paragraph):
            if found and piece.end - found[-1].start <= _LONGEST:
                found[-1] = Span(found[-1].start, piece.end)
            else:
                found.append(piece)
    return found
