"""One sample insurer for all tests of this folder."""

from __future__ import annotations

import pytest

from anxin.config.sample import SampleReport, write_sample
from tests.config.sample.reading import AS_OF, Row, rows


@pytest.fixture(scope="package")
def report(tmp_path_factory: pytest.TempPathFactory) -> SampleReport:
    return write_sample(tmp_path_factory.mktemp("sample"), customers=20_000, seed=7, as_of=AS_OF)


@pytest.fixture(scope="package")
def life(report: SampleReport) -> list[Row]:
    return rows(report, "life_core_customers.csv", "utf-8-sig")


@pytest.fixture(scope="package")
def motor(report: SampleReport) -> list[Row]:
    return rows(report, "motor_core_customers.csv", "gb18030")


@pytest.fixture(scope="package")
def motor_policies(report: SampleReport) -> list[Row]:
    return rows(report, "motor_policies.csv", "gb18030")
