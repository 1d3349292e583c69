"""The same expressions on Spark: identical figures and classes. `pytest -m spark`, with the extra `anxin[spark]`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from anxin.analytics import engines
from tests.analytics.books import judge
from tests.analytics.test_standing import written_book

pytestmark = [
    pytest.mark.spark,
    pytest.mark.slow,
    # PySpark looks at pandas 3 when it starts; nothing here goes through pandas.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]


def test_spark_and_duckdb_judge_alike(tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="needs the extra anxin[spark]")
    with engines.duckdb(tmp_path / "spill", memory_mb=500) as duckdb:
        here = judge(duckdb, tmp_path / "duckdb", written_book())
    with engines.spark_session() as spark:
        there = judge(spark, tmp_path / "spark", written_book())
    assert here.keys() == there.keys()
    for number, row in here.items():
        differing = {name: (value, there[number][name]) for name, value in row.items() if value != there[number][name]}
        assert differing == {}, number
    assert any(isinstance(value, date) for value in here[101].values())
