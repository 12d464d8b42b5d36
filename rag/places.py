"""Places: which of the hits are shown. No story fills the list, and what several publishers carry is shown once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from .copies import Cluster
from .passage import Hit
from .words import tokens

# Of ten places one story takes at most four while others wait.
STORY_SHARE = 0.4
# How far behind a copy its originator may have been found and still take its place. Sentences are weighed with their
# headline and publisher, so that a larger one trades an answer for a credit that the copy's own line gives as well.
_ORIGINATOR_MARGIN = 0.05
_FEWEST_WORDS = 8
_NEARLY_ALL = 0.9


def shared_out(
    hits: Sequence[Hit], k: int, clusters: Mapping[str, Cluster], named: Collection[str] = (), again: float = 0.0
) -> list[Hit]:
    """The first k of hits that are sorted best first; ``clusters`` is by article id, ``named`` are the publishers that
    the question names: their copy keeps its place, any other gives it to the originator's passage that says the same
    and was found as well.

    While others wait, a story takes no more than its share and a repetition takes no place; both follow when nothing
    else is left, save what another publisher's copy repeats: that is named in ``carried_by`` and not shown again. Each
    place that a story, or a clause of the question, has got takes ``again`` from its next one's score, so that the places
    go round between the articles and the matters that the question needs.
    """
    places, left = _Places(k, hits, clusters, named, again), list(range(len(hits)))
    while left and len(places.chosen) < k:
        best = max(left, key=places.worth)  # the first of equals
        left.remove(best)
        places.offer(best)
    return places.filled(k)


@dataclass(frozen=True, slots=True)
class _Said:
    """The words of a passage, and the numbers among them."""

    words: frozenset[str]
    numbers: frozenset[str]

    @classmethod
    def by(cls, text: str) -> _Said:
        words = frozenset(tokens(text))
        return cls(words, frozenset(word for word in words if word[0].isdigit()))

    def stands_in(self, other: _Said) -> bool:
        """Whether the other says the same: nearly all words and every number, so that a contradiction is never hidden."""
        enough = len(self.words) >= _FEWEST_WORDS and self.numbers <= other.numbers
        return enough and len(self.words & other.words) >= _NEARLY_ALL * len(self.words)

    def __or__(self, other: _Said) -> _Said:
        return _Said(self.words | other.words, self.numbers | other.numbers)


class _Places:
    """The places of one list of hits while they are given away."""

    def __init__(
        self, k: int, hits: Sequence[Hit], clusters: Mapping[str, Cluster], named: Collection[str], again: float
    ) -> None:
        self.chosen: list[Hit] = []
        self.waiting: list[Hit] = []
        self._clusters = clusters
        self._named = named
        self._again = again
        self._share = max(2, round(k * STORY_SHARE))
        self._taken: Counter[str] = Counter()
        self._answered: Counter[str] = Counter()
        self._said: list[_Said] = []
        self._said_of: dict[str, _Said] = {}
        self._placed: set[str] = set()
        self._of_article: dict[str, list[Hit]] = defaultdict(list)
        self._hits = hits
        self._stories: list[str] = []  # of each hit; an id is computed anew whenever it is asked for
        for hit in hits:
            article_id = hit.article.id
            cluster = clusters.get(article_id)
            self._of_article[article_id].append(hit)
            self._stories.append(cluster.id if cluster else article_id)

    def worth(self, place: int) -> float:
        """The score of the hit at this place of the list, less what its story and its clause have got already."""
        hit = self._hits[place]
        return hit.score - self._again * (self._taken[self._stories[place]] + self._answered[hit.reason.clause])

    def offer(self, place: int) -> None:
        """Gives the hit, or its originator in its stead, a place among the shown; or lets it wait."""
        hit, story = self._hits[place], self._stories[place]
        if hit.passage.id in self._placed:
            return
        cluster, said = self._clusters.get(hit.article.id), _Said.by(hit.passage.text)
        if cluster and story in self._said_of and said.stands_in(self._said_of[story]):
            return
        if self._taken[story] >= self._share or any(said.stands_in(o) or o.stands_in(said) for o in self._said):
            self.waiting.append(self._told(hit))
            return
        if cluster:
            hit, said = self._by_originator(hit, said, cluster)
        self.chosen.append(self._told(hit))
        self._placed.add(hit.passage.id)
        self._taken[story] += 1
        self._answered[hit.reason.clause] += 1
        self._said.append(said)
        self._said_of[story] = said | self._said_of.get(story, said)

    def filled(self, k: int) -> list[Hit]:
        """The chosen hits, then those that wait."""
        return [*self.chosen, *(hit for hit in self.waiting if hit.passage.id not in self._placed)][:k]

    def _by_originator(self, hit: Hit, said: _Said, cluster: Cluster) -> tuple[Hit, _Said]:
        """The passage of the originator that says all that this one says, with the score of the place that it takes."""
        if hit.article.id == cluster.originator_id or hit.article.publisher in self._named:
            return hit, said
        for original in self._of_article[cluster.originator_id]:
            same = _Said.by(original.passage.text)
            if original.score >= hit.score - _ORIGINATOR_MARGIN and said.stands_in(same):
                return replace(original, score=hit.score), same
        return hit, said

    def _told(self, hit: Hit) -> Hit:
        cluster = self._clusters.get(hit.article.id)
        return replace(hit, carried_by=cluster.others_than(hit.article)) if cluster else hit
