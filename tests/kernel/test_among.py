"""Rows of many keys by one parameter."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anxin.foundation.org.models import Unit
from anxin.kernel.among import among

pytestmark = pytest.mark.django_db


def test_among_finds_what_in_finds_by_one_array() -> None:
    units = [
        Unit.objects.create(code=f"A{number}", name=f"Unit {number}", level="city", path=f"/A{number}/")
        for number in range(4)
    ]
    wanted = {one.pk for one in units[:2]}
    Unit.objects.filter(pk=units[3].pk).update(parent=units[0])
    with CaptureQueriesContext(connection) as seen:
        assert set(Unit.objects.filter(among("pk", wanted)).values_list("pk", flat=True)) == wanted
        assert set(Unit.objects.filter(among("parent__pk", wanted)).values_list("pk", flat=True)) == {units[3].pk}
        assert not Unit.objects.filter(among("pk", [])).exists()
    assert "ANY('{" in seen[0]["sql"] and " IN (" not in seen[0]["sql"]
    assert "JOIN" not in seen[1]["sql"]
