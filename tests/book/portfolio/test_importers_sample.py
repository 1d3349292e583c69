"""The whole sample insurer through the importers, held against the truth it was written with."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, Sum
from pytest_django import DjangoDbBlocker

from anxin.book.customers.models import ContactPoint, Custody, IdentityDocument, Party, Relation, SourceRecord
from anxin.book.portfolio.models import Claim, Coverage, Instalment, Policy, PolicyRole, Vehicle
from anxin.config.sample import SampleReport, write_sample
from anxin.service.desk.models import Touchpoint
from tests.build import exports, importing

SOURCES = {"life_policies.csv": "P", "motor_policies.csv": "M", "group_policies.csv": "GP"}
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleReport:
    return write_sample(tmp_path_factory.mktemp("sample"), customers=4_000, seed=11, as_of=date(2026, 3, 1))


def import_all(folder: Path, chunk: int = 3_000) -> dict[tuple[str, str], tuple[exports.Part, importing.Result]]:
    done = {}
    for part in exports.parts(folder):
        cuts = range(chunk, part.rows.height, chunk)
        done[part.profile, part.importer.kind] = part, importing.run(part.importer, part.rows, part.source, chunks=cuts)
        # The product tells the planner what was committed; nothing is here, and foreign keys would be checked by
        # plans for empty tables.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute("DISCARD PLANS")
    return done


@pytest.fixture(scope="module")
def book(sample: SampleReport, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Any:
    """Imported once for the tests of this file, in a transaction that never ends well."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        imported = import_all(sample.out)
        # Else every test of the file would check all foreign keys again at its end.
        connection.check_constraints()
        yield imported
        transaction.set_rollback(True)


def test_every_person_known_to_several_systems_has_one_file(sample: SampleReport, book: Any) -> None:
    assert Party.objects.count() == sample.truth["parties_by_first_identity_rule"]
    assert Party.objects.filter(kind="organisation").count() == sample.truth["organisations"]
    assert SourceRecord.objects.values("party").distinct().count() == Party.objects.count()
    assert not IdentityDocument.objects.filter(is_disputed=True).exists()


def test_rejected_rows_lie_between_the_least_and_the_most_of_the_truth(sample: SampleReport, book: Any) -> None:
    names = {
        "life-core-customers": "life_core_customers.csv",
        "life-core-companies": "life_core_companies.csv",
        "motor-core-customers": "motor_core_customers.csv",
        "old-crm-customers": "old_crm_customers.xlsx",
        "life-policies": "life_policies.csv",
        "motor-policies": "motor_policies.csv",
        "claims": "claims.csv",
        "coverages": "coverages.csv",
        "instalments": "instalments.csv",
    }
    for (profile, kind), (part, result) in book.items():
        if profile not in names or kind == "vehicle":
            continue
        truth = sample.truth["files"][names[profile]]
        # A repeated key is a rejection in the truth; here the last row wins and an equal one is unchanged.
        repeated = truth["dirt"].get("duplicate_key", 0)
        rejected = result.counts["rejected"] + part.unreadable
        assert truth["rejected_least"] - repeated <= rejected <= truth["rejected_most"], profile
        assert result.counts["unchanged"] == repeated, profile


def test_premiums_and_claims_are_those_of_the_files_to_the_fen(sample: SampleReport, book: Any) -> None:
    files = sample.truth["files"]
    for file, prefix in SOURCES.items():
        found = Policy.objects.filter(policy_no__startswith=prefix).aggregate(total=Sum("premium_fen"))["total"]
        most = files[file]["premium_fen"] + files[file].get("premium_fen_if_normalised", 0)
        assert files[file]["premium_fen"] <= found <= most, file
    people = Policy.objects.filter(status="in_force", is_group_header=False, holder__kind="person")
    annual = (
        people.exclude(policy_no__startswith="P0000")
        .exclude(policy_no__startswith="MX")
        .aggregate(total=Sum("annual_premium_fen"))
    )
    assert annual["total"] == sample.truth["individual_annual_premium_fen"]
    assert Claim.objects.aggregate(total=Sum("paid_fen"))["total"] == files["claims.csv"]["paid_fen"]
    conclusions = dict(Claim.objects.values_list("conclusion").annotate(count=Count("id")))
    assert conclusions["paid"] == files["claims.csv"]["赔付"]
    assert conclusions[""] == files["claims.csv"]["处理中"]
    sums = Instalment.objects.aggregate(due=Sum("amount_fen"), paid=Sum("paid_fen"))
    assert sums == {"due": files["instalments.csv"]["due_fen"], "paid": files["instalments.csv"]["paid_fen"]}


def test_all_that_hangs_on_policies_and_customers_is_there(sample: SampleReport, book: Any) -> None:
    rows = sample.rows
    assert Coverage.objects.count() == rows["coverages.csv"]
    assert PolicyRole.objects.filter(role="beneficiary").count() == rows["policy_roles.csv"]
    assert Touchpoint.objects.exclude(source="call").count() == rows["touchpoints.csv"]
    assert Touchpoint.objects.filter(staff__isnull=True).count() == 0
    assert Relation.objects.count() == book["relations", "relation"][1].counts["created"]
    assert Relation.objects.filter(kind__in=["spouse", "parent", "child", "employer", "referrer"]).exists()
    assert Vehicle.objects.values("plate").distinct().count() >= sample.truth["files"]["motor_policies.csv"]["vehicles"]
    assert not Policy.objects.filter(policy_no__startswith="MC", plate="").exists()


def test_terms_of_one_contract_share_their_key(book: Any) -> None:
    by_number = dict(Policy.objects.values_list("policy_no", "contract_key"))
    renewed = Policy.objects.exclude(previous_policy_no="").values_list("policy_no", "previous_policy_no")
    assert len(renewed) > 1_000
    assert all(by_number[number] == by_number[before] for number, before in renewed if before in by_number)


def test_the_manager_of_a_file_is_the_one_in_its_open_custody(book: Any) -> None:
    managed = dict(Party.objects.filter(manager__isnull=False).values_list("id", "manager_id"))
    assert managed
    assert dict(Custody.objects.filter(until_at__isnull=True).values_list("party_id", "manager_id")) == managed


def test_no_file_has_two_first_mobiles(book: Any) -> None:
    several = ContactPoint.objects.filter(is_primary=True).values("party").annotate(n=Count("id")).filter(n__gt=1)
    assert not several.exists()


def test_the_same_files_again_change_nothing(sample: SampleReport, book: Any) -> None:
    versions = Party.objects.aggregate(total=Sum("version"))
    for (profile, kind), (part, result) in import_all(sample.out, chunk=2_111).items():
        assert result.counts["created"] == result.counts["updated"] == 0, (profile, kind, result.counts)
        assert result.counts["rejected"] == book[profile, kind][1].counts["rejected"]
        assert part.rows.height == sum(result.counts.values())
    assert Party.objects.aggregate(total=Sum("version")) == versions
