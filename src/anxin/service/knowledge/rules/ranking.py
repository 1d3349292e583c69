"""The search index of a few ten thousand short texts, in memory: what matches, how well, and where.

Two steps. Pairs of characters find a hundred texts by BM25 (Robertson & Zaragoza 2009, k1 = 1.2, b = 0.75). These are
judged again by the best stretch of about 90 characters in them, by threes of characters, by their heading, and by their
length: of two texts that say the same the shorter one is the answer. The weights come from logistic regression over
pairs on the development questions of InsQABench; judged by cross-validation (five folds) recall at 5 is 0.79 where
BM25 over pairs alone has 0.76.

Arrays only: no database, no clock. Characters are UTF-16 code units.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from anxin.service.knowledge.rules import texts

K1: Final = 1.2
B: Final = 0.75
STRETCH: Final = 90
STRETCH_B: Final = 0.4
STRETCH_K1: Final = 0.5
CANDIDATES: Final = 100
HEADING: Final = 24
# Weights of best stretch, threes, heading, logarithm of the length.
W_STRETCH, W_THREES, W_HEADING, W_LENGTH = 6.5, 1.1, 0.95, 1.0
W_SYNONYM: Final = 0.5

Codes = NDArray[np.int64]
_WORDLIKE: Final[NDArray[np.bool_]] = np.zeros(65536, bool)
_WORDLIKE[0x4E00:0xA000] = True
_WORDLIKE[ord("a") : ord("z") + 1] = True
_WORDLIKE[ord("0") : ord("9") + 1] = True
_ENDS: Final[NDArray[np.bool_]] = np.zeros(65536, bool)
_ENDS[[ord(sign) for sign in "。；;!?\n"]] = True
_COMMAS: Final[NDArray[np.bool_]] = _ENDS.copy()
_COMMAS[[ord(sign) for sign in "，,：:"]] = True


@dataclass(frozen=True)
class Text:
    """What is indexed: `title` may be blank, then the first words of the body are its heading."""

    key: UUID
    title: str
    body: str


@dataclass(frozen=True)
class Hit:
    key: UUID
    score: float


@dataclass(frozen=True)
class _Doc:
    """One text as arrays; made once when the text is published or loaded, kept while other texts change."""

    chars: Codes
    pairs: Codes
    counts: NDArray[np.int64]
    letters: Codes
    heading: int


def _signs(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-16-le"), np.uint16).astype(np.int64)


def _grams(chars: Codes, size: int) -> tuple[Codes, NDArray[np.bool_]]:
    """Code of the gram that begins at each place, and whether all of its characters count."""
    if len(chars) < size:
        return np.zeros(0, np.int64), np.zeros(0, bool)
    last = len(chars) - size + 1
    good = _WORDLIKE[chars]
    codes = chars[:last].copy()
    fine = good[:last].copy()
    for shift in range(1, size):
        codes = (codes << 16) | chars[shift : shift + last]
        fine &= good[shift : shift + last]
    return codes, fine


def _doc(text: Text) -> _Doc:
    title = texts.plain(text.title)
    chars = _signs((title + "\n" if title else "") + texts.plain(text.body))
    if title:
        heading = len(_signs(title))
    else:
        stops = np.flatnonzero(_COMMAS[chars[:HEADING]]) if len(chars) else np.zeros(0, np.int64)
        heading = int(stops[0]) if len(stops) else min(HEADING, len(chars))
    codes, fine = _grams(chars, 2)
    pairs, counts = np.unique(codes[fine], return_counts=True)
    letters = np.unique(chars[_WORDLIKE[chars]])
    return _Doc(chars, pairs, counts.astype(np.int64), letters, heading)


class Index:
    """Searchable texts. Immutable: `changed` gives another one, so that searches under way are never disturbed."""

    def __init__(self, docs: Mapping[UUID, _Doc] | None = None) -> None:
        # By key: texts worth the same stand in one order, however the index came to hold them.
        self._docs: dict[UUID, _Doc] = dict(sorted((docs or {}).items()))
        self.keys: tuple[UUID, ...] = tuple(self._docs)
        kept = list(self._docs.values())
        self._sizes = np.array([int(one.counts.sum()) for one in kept], float)
        self._mean = max(float(self._sizes.mean()), 1.0) if kept else 1.0
        owners = np.repeat(np.arange(len(kept), dtype=np.int32), [len(one.pairs) for one in kept])
        codes = np.concatenate([one.pairs for one in kept]) if kept else np.zeros(0, np.int64)
        counts = np.concatenate([one.counts for one in kept]) if kept else np.zeros(0, np.int64)
        order = np.argsort(codes, kind="stable")
        self._owners = owners[order]
        self._weights = self._saturated(counts[order].astype(float), self._sizes[self._owners])
        self._pairs, self._starts = np.unique(codes[order], return_index=True)
        self._ends = np.append(self._starts[1:], len(codes))
        letters = np.concatenate([one.letters for one in kept]) if kept else np.zeros(0, np.int64)
        self._letter_df = np.bincount(letters, minlength=65536)

    @classmethod
    def of(cls, found: Iterable[Text]) -> Index:
        return cls({one.key: _doc(one) for one in found})

    def changed(self, put: Iterable[Text], gone: Iterable[UUID] = ()) -> Index:
        """Another index: with `put` new or in the place of what has the same key, without `gone`."""
        docs = dict(self._docs)
        for key in gone:
            docs.pop(key, None)
        docs.update((one.key, _doc(one)) for one in put)
        return Index(docs)

    def __len__(self) -> int:
        return len(self.keys)

    def search(
        self, question: str, *, synonyms: Mapping[str, Iterable[str]] | None = None,
        among: NDArray[np.bool_] | None = None, limit: int = CANDIDATES,
    ) -> list[Hit]:  # fmt: skip
        """The best texts first. `among`: which of `keys` may be found. Nothing when nothing of the question occurs."""
        if not self.keys:
            return []
        terms = Terms.of(question, synonyms or {})
        rough = self._rough(terms)
        if among is not None:
            rough[~among] = 0
        count = min(CANDIDATES, int((rough > 0).sum()))
        if not count:
            return []
        best = np.argpartition(-rough, count - 1)[:count]
        scores = self._judged(terms, np.sort(best))
        order = np.argsort(-scores, kind="stable")[:limit]
        found = np.sort(best)[order]
        return [Hit(self.keys[int(place)], float(score)) for place, score in zip(found, scores[order], strict=True)]

    def _saturated(self, counts: NDArray[Any], sizes: NDArray[Any]) -> NDArray[np.float32]:
        return (counts * (K1 + 1) / (counts + K1 * (1 - B + B * sizes / self._mean))).astype(np.float32)

    def _idf(self, frequency: NDArray[Any]) -> NDArray[np.float64]:
        return np.asarray(np.log(1 + (len(self.keys) - frequency + 0.5) / (frequency + 0.5)), float)

    def _rough(self, terms: Terms) -> NDArray[np.float64]:
        scores = np.zeros(len(self.keys))
        for code, weight in zip(terms.pairs, terms.pair_weights, strict=True):
            place = int(np.searchsorted(self._pairs, code))
            if place < len(self._pairs) and self._pairs[place] == code:
                begin, end = int(self._starts[place]), int(self._ends[place])
                gain = float(self._idf(np.array(end - begin))) * float(weight)
                scores[self._owners[begin:end]] += gain * self._weights[begin:end]
        if not len(terms.pairs):  # one character alone
            for code in terms.letters:
                scores += [float(code in one.letters) for one in self._docs.values()]
        return scores

    def _pair_idf(self, codes: Codes) -> NDArray[np.float64]:
        if not len(self._pairs):
            return np.zeros(len(codes))
        places = np.minimum(np.searchsorted(self._pairs, codes), len(self._pairs) - 1)
        known = self._pairs[places] == codes
        return self._idf(np.where(known, self._ends[places] - self._starts[places], 0))

    def _judged(self, terms: Terms, places: NDArray[Any]) -> NDArray[np.float64]:
        docs = [self._docs[self.keys[int(place)]] for place in places]
        lengths = np.array([len(one.chars) + 1 for one in docs])
        chars = np.full(int(lengths.sum()), 10, np.int64)  # a line end after each text keeps them apart
        begins = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        for begin, one in zip(begins, docs, strict=True):
            chars[begin : begin + len(one.chars)] = one.chars
        owner = np.repeat(np.arange(len(docs)), lengths)
        breaks = np.concatenate([[True], _ENDS[chars[:-1]] | (owner[1:] != owner[:-1])])
        sentence = np.cumsum(breaks) - 1
        first = np.flatnonzero(breaks)
        sizes = np.append(first[1:], len(chars)) - first
        sentence_owner = owner[first]

        letter_hits = _found(chars, _WORDLIKE[chars], terms.letters)
        pair_hits = _found(*_grams(chars, 2), terms.pairs)
        three_hits = _found(*_grams(chars, 3), terms.threes)
        letter_idf = self._idf(self._letter_df[terms.letters]) * terms.letter_weights
        pair_idf = self._pair_idf(terms.pairs) * terms.pair_weights

        stretch = _stretches(
            [(letter_hits, letter_idf), (pair_hits, pair_idf)], sentence, sizes, sentence_owner, len(docs)
        )
        # A three is about as rare as the rarer of its pairs; its own count would be another index as large again.
        rarer = np.maximum(self._pair_idf(terms.threes >> 16), self._pair_idf(terms.threes & 0xFFFFFFFF))
        counts = _counts(three_hits, owner, len(docs), len(terms.threes))
        norm = K1 * (1 - B + B * self._sizes[places] / self._mean)
        threes = (counts * (K1 + 1) / (counts + norm[:, None])) @ (rarer * terms.three_weights)
        headings = np.array([one.heading for one in docs])
        where, which = pair_hits
        inside = where - begins[owner[where]] < headings[owner[where]]
        in_heading = np.minimum(_counts((where[inside], which[inside]), owner, len(docs), len(terms.pairs)), 1)
        heading = (in_heading @ pair_idf) / (0.5 + headings / HEADING)
        lengthy = np.log(np.maximum(lengths, 20))
        judged: NDArray[np.float64] = (
            W_STRETCH * _share(stretch) + W_THREES * _share(threes) + W_HEADING * _share(heading)
            - W_LENGTH * lengthy
        )  # fmt: skip
        return judged


@dataclass(frozen=True)
class Terms:
    """The grams of a question, sorted, and how much each counts: twice at most, synonyms by half."""

    letters: Codes
    letter_weights: NDArray[np.float64]
    pairs: Codes
    pair_weights: NDArray[np.float64]
    threes: Codes
    three_weights: NDArray[np.float64]

    @classmethod
    def of(cls, question: str, synonyms: Mapping[str, Iterable[str]]) -> Terms:
        text = texts.asked(question) or texts.plain(question)
        parts = [(text, 1.0), *((one, W_SYNONYM) for one in texts.same_words(text, synonyms))]
        found: list[NDArray[Any]] = []
        for size in (1, 2, 3):
            weights: dict[int, float] = {}
            for part, weight in parts:
                codes, fine = _grams(_signs(part), size)
                for code in codes[fine].tolist():
                    weights[code] = min(2.0, weights.get(code, 0.0) + weight)
            found.append(np.array(sorted(weights), np.int64))
            found.append(np.array([weights[code] for code in sorted(weights)], float))
        return cls(*found)


def _found(codes: Codes, fine: NDArray[np.bool_], wanted: Codes) -> tuple[NDArray[Any], NDArray[Any]]:
    """Where a wanted gram begins, and which of them it is."""
    if not len(wanted) or not len(codes):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    which = np.minimum(np.searchsorted(wanted, codes), len(wanted) - 1)
    where = np.flatnonzero(fine & (wanted[which] == codes))
    return where, which[where]


def _counts(
    hits: tuple[NDArray[Any], NDArray[Any]], group: NDArray[Any], groups: int, terms: int
) -> NDArray[np.float64]:
    """How often each term occurs in each group: [groups, terms]."""
    where, which = hits
    return np.bincount(group[where] * terms + which, minlength=groups * terms).reshape(groups, terms).astype(float)


def _stretches(
    kinds: Sequence[tuple[tuple[NDArray[Any], NDArray[Any]], NDArray[np.float64]]], sentence: NDArray[Any],
    sizes: NDArray[Any], owner: NDArray[Any], docs: int,
) -> NDArray[np.float64]:  # fmt: skip
    """The score of the best run of whole sentences of at least STRETCH characters, for each text."""
    ends = np.cumsum(sizes)
    starts = ends - sizes
    last_of_owner = np.searchsorted(owner, owner, side="right") - 1
    last = np.minimum(np.searchsorted(ends, starts + STRETCH), last_of_owner)
    norm = STRETCH_K1 * (1 - STRETCH_B + STRETCH_B * (ends[last] - starts) / (1.3 * STRETCH))
    score = np.zeros(len(sizes))
    for hits, idf in kinds:
        if not len(idf):
            continue
        summed = np.cumsum(_counts(hits, sentence, len(sizes), len(idf)), axis=0)
        counts = summed[last] - summed + _own(summed)
        score += (counts * (STRETCH_K1 + 1) / (counts + norm[:, None])) @ idf
    best = np.zeros(docs)
    np.maximum.at(best, owner, score)
    return best


def _own(summed: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.diff(summed, axis=0, prepend=0)


def _share(values: NDArray[np.float64]) -> NDArray[np.float64]:
    most = float(values.max()) if len(values) else 0.0
    return values / most if most > 0 else values
