"""Clusters against networkx on random graphs; and cuts where a cluster would hold two persons."""

from __future__ import annotations

import networkx as nx
import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.analytics.linkage import clusters

NODES = 24
EDGES = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1), st.floats(0, 30)), max_size=50)
MARKS = st.lists(st.sampled_from([-1, -1, -1, 0, 1, 2]), min_size=NODES, max_size=NODES)


def arrays(edges: list[tuple[int, int, float]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return (
        np.array([edge[0] for edge in edges], dtype=np.int64), np.array([edge[1] for edge in edges], dtype=np.int64),
        np.array([edge[2] for edge in edges], dtype=np.float64),
    )  # fmt: skip


def partition(found: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(found == label).tolist()) for label in np.unique(found)}


@settings(max_examples=30, deadline=None)
@given(EDGES)
def test_clusters_are_the_connected_components_of_networkx(edges: list[tuple[int, int, float]]) -> None:
    graph = nx.Graph()
    graph.add_nodes_from(range(NODES))
    graph.add_edges_from((a, b) for a, b, _ in edges)
    left, right, weights = arrays(edges)
    found, refused = clusters.resolve(left, right, weights, NODES)
    assert partition(found) == {frozenset(each) for each in nx.connected_components(graph)}
    assert not refused.any()
    assert all(found[node] == min(np.flatnonzero(found == found[node])) for node in range(NODES))


@settings(max_examples=30, deadline=None)
@given(EDGES, MARKS, st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)), max_size=5))
def test_no_cluster_holds_two_persons_and_every_refused_edge_would_make_one(
    edges: list[tuple[int, int, float]], marks: list[int], never: list[tuple[int, int]]
) -> None:
    apart = [pair for pair in never if pair[0] != pair[1]]
    left, right, weights = arrays(edges)
    known = np.array(marks, dtype=np.int64)
    forbidden = np.array(apart, dtype=np.int64).reshape(-1, 2)
    found, refused = clusters.resolve(left, right, weights, NODES, marks=known, never=forbidden)
    for group in partition(found):
        assert len({marks[node] for node in group} - {-1}) <= 1
        assert not any({a, b} <= group for a, b in apart)
    for a, b, is_refused in zip(left, right, refused, strict=True):
        if not is_refused:
            assert found[a] == found[b]
            continue
        group = set(np.flatnonzero((found == found[a]) | (found == found[b])).tolist())
        contradicts = len({marks[node] for node in group} - {-1}) > 1 or any({x, y} <= group for x, y in apart)
        assert found[a] != found[b] and contradicts


def test_two_records_of_a_source_that_holds_each_person_once_stay_apart() -> None:
    left, right, weights = arrays([(0, 1, 9.0), (1, 2, 8.0)])
    sources = np.array([0, -1, 0], dtype=np.int64)
    found, refused = clusters.resolve(left, right, weights, 3, sources=sources)
    assert found.tolist() == [0, 0, 2] and refused.tolist() == [False, True]


def test_codes_number_what_is_known() -> None:
    assert clusters.codes(pl.Series(["b", None, "a", "b"])).tolist() == [0, -1, 1, 0]
    assert clusters.codes(pl.Series([None], dtype=pl.String)).tolist() == [-1]
