"""S2, S10, S11, S12: what a dump, a log, a task and the trail show of people."""

from __future__ import annotations

import io
import logging
import random
import subprocess
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from anxin.book.customers.models import ContactPoint, IdentityDocument
from anxin.config import embedded
from anxin.config.logs import MaskPersonalData, mask
from anxin.foundation.accounts.models import User
from anxin.foundation.audit.models import Entry
from anxin.foundation.org.models import Post
from anxin.kernel import vault
from anxin.kernel.encryption import DecryptionFailed
from anxin.kernel.identifiers import resident
from tests import build
from tests.architecture.addresses import addresses
from tests.architecture.test_permission_table import path_of, rows, undone
from tests.build import Cast, importing

dice = random.Random(20261123)


def planted(count: int) -> list[tuple[str, str]]:
    """(resident number with a right check digit, mobile), none twice."""
    pairs = []
    for number in range(count):
        body = f"3101151984{dice.randint(1, 12):02d}{dice.randint(1, 28):02d}{number % 1000:03d}"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        check = "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]
        pairs.append((body + check, f"139{dice.randint(0, 99_999_999):08d}"))
    return pairs


def test_the_planted_numbers_are_real_ones() -> None:
    assert all(resident.validate_resident_id(number).normalised == number for number, _mobile in planted(20))


# --- S10 ---


@pytest.mark.django_db(transaction=True)
def test_a_dump_of_the_database_holds_no_planted_number() -> None:
    if not embedded.is_wanted():
        pytest.skip("pg_dump of the embedded server only")
    pairs = planted(1_000)
    importing.run(
        "customer",
        [
            {"source_key": f"K{at}", "name": "王小明", "id_number": number, "mobile": mobile}
            for at, (number, mobile) in enumerate(pairs)
        ],
        "test",
    )
    database, name = settings.DATABASES["default"], connection.settings_dict["NAME"]
    result = subprocess.run(
        [embedded.binaries() / "pg_dump", "-h", database["HOST"], "-U", database["USER"], name],
        capture_output=True, check=False,
    )  # fmt: skip
    dump = result.stdout.decode(errors="replace")
    assert result.returncode == 0, result.stderr.decode()
    assert dump.count("\n") > 3_000
    assert IdentityDocument.objects.count() == ContactPoint.objects.count() == 1_000
    assert [value for pair in pairs for value in pair if value in dump] == []


@pytest.mark.django_db
def test_a_sealed_value_moved_to_another_row_does_not_open() -> None:
    first = build.person(mobile="13900000001")
    second = build.person(mobile="13900000002")
    stolen = ContactPoint.objects.get(party=first)
    target = ContactPoint.objects.get(party=second)
    ContactPoint.objects.filter(pk=target.pk).update(value_sealed=stolen.value_sealed)
    target.refresh_from_db()
    with pytest.raises(DecryptionFailed):
        vault.ring().open(
            bytes(target.value_sealed), table="customers_contactpoint", column="value_sealed", row=target.id
        )


# --- S11 ---


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that is logged while the test runs, past the filter of the product."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(MaskPersonalData())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize(
    "secret",
    [
        "310115198401010015",
        "31011519840101001X",
        "13912345678",
        "+8613912345678",
        "6222021234567890123",
        "li.na@example.com",
    ],
)
def test_numbers_of_people_are_masked_in_a_log_line(secret: str, written: io.StringIO) -> None:
    logging.getLogger("anxin.test").warning("looked for %s and %r", secret, {"q": secret})
    try:
        raise ValueError(f"no such number: {secret}")
    except ValueError:
        logging.getLogger("anxin.test").exception("failed on %s", secret)
    assert secret not in written.getvalue()
    assert "ValueError" in written.getvalue()
    assert secret not in mask(f"<{secret}>，{secret}。")


def test_planted_values_reach_no_log_through_any_address(cast: Cast, written: io.StringIO, client: Client) -> None:
    (number, mobile), *_rest = planted(1)
    build.person(manager=cast.manager, unit=cast.pudong, mobile=mobile, id_number=number)
    client.force_login(cast.administrator)
    methods = {row.name: row.methods for row in rows()}
    for address in addresses():
        if address.is_api:
            continue
        for method in methods.get(address.name, ()):
            with undone():
                data = dict.fromkeys(
                    ("q", "name", "text", "mobile", "document_number", "reason", "value", "who"), number
                )
                if method == "GET":
                    client.get(path_of(address), {**data, "phone": mobile})
                else:
                    client.post(path_of(address), {**data, "phone": mobile})
    client.force_login(cast.administrator)
    text = written.getvalue()
    assert number not in text
    assert mobile not in text


@pytest.mark.django_db
def test_task_arguments_hold_no_personal_data() -> None:
    """Arguments stand in a table in clear: tasks take ids, codes and dates, never what people typed."""
    from procrastinate.contrib.django import app

    allowed = {
        "timestamp",
        "context",
        "as_of",
        "limit",
        "size",
        "kind",
        "name",
        "step",
        "number",
        "attempt",
        "path",
        "folder",
    }
    bad = []
    for name, task in app.tasks.items():
        if not name.startswith("anxin."):
            continue
        code = task.func.__code__
        for argument in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]:
            if argument not in allowed and not argument.endswith(("_id", "_ids", "_at", "_date", "_ref", "_code")):
                bad.append(f"{name}({argument})")
    assert bad == []


# --- S2 ---


@pytest.mark.django_db
def test_nobody_assigns_to_themselves_what_a_form_does_not_offer(client: Client, cast: Cast) -> None:
    client.force_login(cast.manager)
    client.post(
        "/people/settings/look/",
        {
            "theme": "dark",
            "density": "compact",
            "is_active": "0",
            "username": "root",
            "is_demo": "1",
            "role": "administrator",
        },
    )
    me = User.objects.get(pk=cast.manager.pk)
    assert (me.theme, me.username, me.is_active, me.is_demo) == ("dark", "gu", True, False)
    client.force_login(cast.administrator)
    client.post(
        f"/people/{me.id}/edit/", {"display_name": "顾宁宁", "username": "root", "is_active": "0", "password": "x"}
    )
    me.refresh_from_db()
    assert (me.display_name, me.username, me.is_active) == ("顾宁宁", "gu", True)
    assert Post.objects.filter(user=me).count() == 1


def test_phones_and_addresses_of_colleagues_are_masked(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.manager.pk).update(mobile="13912345678", email="gu.ning@example.com")
    client.force_login(cast.auditor)
    for path in ("/people/", f"/people/{cast.manager.id}/"):
        page = client.get(path).content.decode()
        assert "13912345678" not in page
        assert "139****5678" in page
        assert "gu.ning@example.com" not in page


# --- S12 ---


def test_every_change_through_a_page_leaves_one_entry(client: Client, cast: Cast) -> None:
    client.force_login(cast.administrator)
    unit, person = f"/org/units/{cast.pudong.id}", f"/people/{cast.colleague.id}"
    changes = {
        "org.create_unit": (f"/org/units/new/?under={cast.pudong.id}", {"code": "X1", "name": "x", "level": "outlet"}),
        "org.change_unit": (f"{unit}/edit/", {"name": "浦东", "level": "county", "is_active": "on"}),
        "org.move_unit": (f"{unit}/move/", {"parent": "3201"}),
        "org.give_post": (f"{unit}/posts/new/", {"username": "shen", "role": "auditor", "from_date": "2026-11-01"}),
        "accounts.create_user": ("/people/new/", {"username": "new", "display_name": "新"}),
        "accounts.change_user": (f"{person}/edit/", {"display_name": "沈"}),
        "accounts.invite": (f"{person}/invitation/", {}),
        "accounts.deactivate": (f"{person}/state/", {"state": "inactive"}),
        "accounts.activate": (f"{person}/state/", {"state": "active"}),
        "accounts.reset_second_factor": (f"{person}/second-factor/", {"reason": "手机丢失"}),
        "accounts.create_role": ("/people/roles/new/", {"code": "vip", "name_zh": "贵宾", "name_en": "VIP"}),
        "accounts.change_grants": ("/people/roles/vip/grants/", {"version": 1, "org.view": "all"}),
        "accounts.create_token": ("/people/tokens/new/", {"name": "t", "days": "30", "codes": "org.view"}),
    }
    for action, (path, form) in changes.items():
        before = Entry.objects.count()
        assert client.post(path, form).status_code in {200, 302}, action
        entries = list(Entry.objects.order_by("id")[before:])
        assert [entry.action for entry in entries] == [action]
        assert entries[0].actor_id == cast.administrator.id
        assert entries[0].address == "127.0.0.1"
        assert entries[0].request_ref
