"""From pairs to clusters: connected components, and components cut where they would hold two persons."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

_NONE: Final = -1


def components(left: NDArray[np.int64], right: NDArray[np.int64], nodes: int) -> NDArray[np.int64]:
    """The component of each node 0 … nodes-1: the smallest node in it. Edges are undirected."""
    found = np.arange(nodes, dtype=np.int64)
    while True:
        one, other = found[left], found[right]
        open_ = one != other
        if not open_.any():
            return found
        # Every root that meets a smaller one hangs itself under it; then all look up to their roots.
        left, right = left[open_], right[open_]
        one, other = one[open_], other[open_]
        np.minimum.at(found, np.maximum(one, other), np.minimum(one, other))
        while True:
            above = found[found]
            if (above == found).all():
                break
            found = above


def resolve(
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    weights: NDArray[np.float64],
    nodes: int,
    *,
    marks: NDArray[np.int64] | None = None,
    sources: NDArray[np.int64] | None = None,
    never: NDArray[np.int64] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Clusters, and which edges were refused.

    `marks`: a number per node that names one person for sure (a sound ID number), -1 where unknown; no cluster may hold
    two. `sources`: sources that hold each person once; no cluster may hold two records of one (-1: no such source).
    `never`: pairs of nodes (shape n × 2) that are not in one cluster, as a person decided. Strong edges come first, so
    the weak one of a contradiction is refused. Without a contradiction the clusters are the connected components.
    """
    found = components(left, right, nodes)
    refused = np.zeros(len(left), dtype=np.bool_)
    troubled = np.zeros(nodes, dtype=np.bool_)
    if marks is not None:
        troubled |= np.isin(found, _with_several(found, marks))
    if sources is not None:
        troubled |= np.isin(found, _with_twice(found, sources))
    if never is not None and len(never):
        apart = found[never[:, 0]] == found[never[:, 1]]
        troubled |= np.isin(found, found[never[apart, 0]])
    edges = np.flatnonzero(troubled[left])
    if not len(edges):
        return found, refused
    union = _Union(np.flatnonzero(troubled), marks, sources, never)
    # Fixed order: by weight, then by node, so that two runs (and two engines) agree.
    order = edges[np.lexsort((right[edges], left[edges], -np.round(weights[edges], 6)))]
    for edge in order.tolist():
        refused[edge] = not union.join(int(left[edge]), int(right[edge]))
    for node in union.parent:
        found[node] = union.root(node)
    return found, refused


class _Union:
    """Union-find that refuses to join what contradicts."""

    def __init__(
        self,
        nodes: NDArray[np.int64],
        marks: NDArray[np.int64] | None,
        sources: NDArray[np.int64] | None,
        never: NDArray[np.int64] | None,
    ) -> None:
        self.parent = {int(node): int(node) for node in nodes}
        self._marks = {node: _known(marks, node) for node in self.parent}
        self._sources = {node: _known(sources, node) for node in self.parent}
        self._members = {node: {node} for node in self.parent}
        self._foes: dict[int, set[int]] = {node: set() for node in self.parent}
        for one, other in never.tolist() if never is not None else ():
            if one in self.parent and other in self.parent:
                self._foes[one].add(other)
                self._foes[other].add(one)

    def root(self, node: int) -> int:
        while self.parent[node] != node:
            self.parent[node] = self.parent[self.parent[node]]
            node = self.parent[node]
        return node

    def join(self, one: int, other: int) -> bool:
        """False where the two may not be in one cluster."""
        a, b = self.root(one), self.root(other)
        if a == b:
            return True
        low, high = min(a, b), max(a, b)
        if (
            len(self._marks[a] | self._marks[b]) > 1
            or self._sources[a] & self._sources[b]
            or self._foes[a] & self._members[b]
        ):
            return False
        self.parent[high] = low
        for table in (self._marks, self._sources, self._members, self._foes):
            table[low] |= table.pop(high)
        return True


def _known(values: NDArray[np.int64] | None, node: int) -> set[int]:
    return set() if values is None or values[node] == _NONE else {int(values[node])}


def _with_several(found: NDArray[np.int64], marks: NDArray[np.int64]) -> NDArray[np.int64]:
    known = marks != _NONE
    pairs = np.unique(np.stack([found[known], marks[known]]), axis=1)[0]
    values, counts = np.unique(pairs, return_counts=True)
    several: NDArray[np.int64] = values[counts > 1]
    return several


def _with_twice(found: NDArray[np.int64], sources: NDArray[np.int64]) -> NDArray[np.int64]:
    known = sources != _NONE
    _, at, counts = np.unique(np.stack([found[known], sources[known]]), axis=1, return_index=True, return_counts=True)
    twice: NDArray[np.int64] = np.unique(found[known][at[counts > 1]])
    return twice


def codes(values: pl.Series) -> NDArray[np.int64]:
    """A number for each distinct value, -1 for null."""
    table = values.drop_nulls().unique(maintain_order=True)
    numbers = pl.Series(np.arange(len(table), dtype=np.int64))
    if not len(table):
        return np.full(len(values), _NONE, dtype=np.int64)
    found = values.replace_strict(table, numbers, default=_NONE, return_dtype=pl.Int64).fill_null(_NONE)
    array: NDArray[np.int64] = found.to_numpy()
    return array
