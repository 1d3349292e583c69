"""The same model on Spark gives the same clusters. Needs the extra anxin[spark] and Java 17."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import linkage_people
import pytest

from anxin.analytics.linkage import features, linking, standard

pytestmark = [pytest.mark.spark, pytest.mark.slow]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    pytest.importorskip("pyspark", reason="the extra anxin[spark] is not installed")
    made = linking.spark_session()
    yield made
    made.stop()


@pytest.mark.filterwarnings("ignore")
def test_spark_and_duckdb_find_the_same_clusters_and_weights(session: Any) -> None:
    model = standard.person().sized(1500)
    prepared = features.prepare(linkage_people.make(1500, seed=31), model)
    with linking.duckdb(memory_mb=1000) as api:
        one = linking.predict(prepared, model, api).sort("left", "right")
    with linking.spark(session) as api:
        other = linking.predict(prepared, model, api).sort("left", "right")
    assert one.select("left", "right").equals(other.select("left", "right"))
    assert (one["weight"] - other["weight"]).abs().max() < 1e-6
    first, second = linking.decide(prepared, one, model), linking.decide(prepared, other, model)
    assert first.clusters.equals(second.clusters)
    assert (
        first.pairs.select("left_id", "right_id", "outcome", "reason")
        .sort("left_id", "right_id")
        .equals(second.pairs.select("left_id", "right_id", "outcome", "reason").sort("left_id", "right_id"))
    )
