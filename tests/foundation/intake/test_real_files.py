"""Public portfolios through the profiles of docs/guides/profiles. Skipped, saying so, where the data is not there."""

from __future__ import annotations

import gzip
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, Sum
from django.test.utils import CaptureQueriesContext

from anxin.book.customers.models import Party
from anxin.book.portfolio.models import Claim, Policy
from anxin.foundation.intake import services
from anxin.kernel.actor import Actor
from tests import build

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT.parent / "shared" / "data"
PROFILES = ROOT / "docs" / "guides" / "profiles"
pytestmark = [
    pytest.mark.skipif(not DATA.is_dir(), reason="the public data sets are not at ../shared/data"),
    # Portions are committed as in the product: inside one transaction statistics never come, and plans go wrong.
    pytest.mark.django_db(transaction=True),
]


def imported(profile: str, file: str) -> dict[str, Any]:
    return services.import_file(
        actor=Actor.system("test", channel="cli"),
        path=DATA / file,
        profile=PROFILES / f"{profile}.toml",
        clock=lambda: build.NOW,
    )


def entity(created: int, unchanged: int = 0) -> dict[str, int]:
    return {"created": created, "updated": 0, "unchanged": unchanged, "rejected": 0}


def test_every_profile_of_the_guide_is_well_formed_and_fits_its_importers() -> None:
    from anxin.foundation.intake.rules import conversion

    found = sorted(PROFILES.glob("*.toml"))
    assert len(found) >= 3
    for path in found:
        profile = services.parse_profile(services.load_profile(path))
        for one in profile.entities:
            fields = services.importer_of(one.kind).fields
            assert not conversion.unknown_fields(one, fields) and not conversion.unfilled_fields(one, fields)


def test_motor_renewals_of_a_european_insurer() -> None:
    file = "lledo_motor/dev_renewals_2015_2017.csv.gz"
    report = imported("lledo-motor-renewals", file)
    assert report["rows_read"] == 69_740
    assert report["entities"] == {
        "customer": entity(42_159, 27_581), "policy": entity(69_740), "vehicle": entity(69_740),
    }  # fmt: skip
    assert Party.objects.count() == 42_159
    policies = Policy.objects.aggregate(
        terms=Count("pk"), premium=Sum("premium_fen"), contracts=Count("contract_key", distinct=True),
        holders=Count("holder", distinct=True),
    )  # fmt: skip
    assert policies == {"terms": 69_740, "premium": 2_217_974_244, "contracts": 42_159, "holders": 42_159}
    assert set(Policy.objects.values_list("currency", flat=True).distinct()) == {"EUR"}
    first = Policy.objects.get(policy_no="1-20151105")
    assert (str(first.effective_date), str(first.expiry_date), first.premium_fen) == (
        "2015-11-05",
        "2016-11-05",
        22_252,
    )


def logged() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT wal_bytes FROM pg_stat_get_backend_wal(pg_backend_pid())")
        return int(cursor.fetchone()[0])


def work_of(importing: Callable[[], Any]) -> dict[str, int]:
    """Bytes of write-ahead log by this connection, statements, and customer files loaded and locked: what neither
    others nor a busy machine can blur."""
    before = logged()
    with CaptureQueriesContext(connection) as queries:
        importing()
    wal = logged() - before
    locking = sum("FOR UPDATE" in query["sql"] and "customers_party" in query["sql"] for query in queries)
    return {"wal": wal, "statements": len(queries), "locked": locking}


def test_renewals_of_repeated_holders_come_in_again_without_being_loaded(tmp_path: Path) -> None:
    """A holder stands in every term of a contract: the rows repeat their keys, and must cost a look-up all the same."""
    with gzip.open(DATA / "lledo_motor" / "dev_renewals_2015_2017.csv.gz", "rt") as source:
        lines = list(itertools.islice(source, 4_001))
    path = tmp_path / "dev_renewals_part.csv.gz"
    path.write_bytes(gzip.compress("".join(lines).encode()))

    def take() -> None:
        services.import_file(
            actor=Actor.system("test", channel="cli"), path=path, profile=PROFILES / "lledo-motor-renewals.toml",
            clock=lambda: build.NOW,
        )  # fmt: skip

    first, again = work_of(take), work_of(take)
    holders = Party.objects.count()
    assert holders < 3_000, "most holders repeat"
    assert again["locked"] == 0 and again["statements"] < first["statements"]
    assert again["wal"] * 50 < first["wal"], (first, again)


@pytest.mark.slow
def test_motor_renewals_again_change_nothing() -> None:
    file = "lledo_motor/dev_renewals_2015_2017.csv.gz"
    imported("lledo-motor-renewals", file)
    again = imported("lledo-motor-renewals", file)
    assert set(map(str, again["entities"].values())) == {str(entity(0, 69_740))}


def test_claims_need_their_policies() -> None:
    report = imported("pg17-claims", "casdatasets/pg17trainclaim.csv")
    assert report["entities"]["claim"] == {"created": 0, "updated": 0, "unchanged": 0, "rejected": 14_243}


@pytest.mark.slow
def test_policies_and_claims_of_a_french_insurer() -> None:
    policies = imported("pg17-policies", "casdatasets/pg17trainpol.parquet")
    assert policies["entities"] == {
        "customer": entity(91_488, 8_512), "policy": entity(100_000), "vehicle": entity(100_000),
    }  # fmt: skip
    claims = imported("pg17-claims", "casdatasets/pg17trainclaim.csv")
    assert claims["entities"]["claim"] == entity(14_243)
    assert Claim.objects.aggregate(total=Sum("paid_fen"))["total"] == 1_172_460_837
    assert Claim.objects.filter(paid_fen__lt=0).count() == 1_263
    assert not Claim.objects.filter(paid_fen__lt=0, is_recovery=False).exists()
    again = imported("pg17-claims", "casdatasets/pg17trainclaim.csv")
    assert again["entities"]["claim"] == entity(0, 14_243)
