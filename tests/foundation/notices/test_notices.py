"""Being told once, by one's own bell only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anxin.foundation.notices import queries, services
from anxin.foundation.notices.models import Notice
from tests import build
from tests.build import NOW, Cast


def tell(*users: Any, key: str = "job-1", **fields: Any) -> int:
    given = {"kind": "job", "title_zh": "导入完成", "title_en": "Import finished", "url": "/jobs/", **fields}
    return services.tell(now=NOW, users=[user.id for user in users], dedupe_key=key, **given)


def test_the_same_is_told_once(cast: Cast) -> None:
    assert tell(cast.manager, cast.colleague, cast.manager) == 2
    assert tell(cast.manager, cast.outsider) == 1
    assert Notice.objects.count() == 3


def test_a_notice_leads_nowhere_outside(cast: Cast) -> None:
    for url in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        with pytest.raises(ValueError, match="this product"):
            tell(cast.manager, url=url)


def test_reading_is_ones_own_business(cast: Cast, client: Client) -> None:
    tell(cast.manager, cast.colleague)
    actor = build.actor(cast.manager)
    own = Notice.objects.get(user=cast.manager)
    client.force_login(cast.colleague)
    assert client.post(f"/notices/{own.pk}/open/").status_code == 404
    client.force_login(cast.manager)
    page = client.get("/notices/").content.decode()
    assert "导入完成" in page and "未读" in page
    assert client.get(f"/notices/{own.pk}/open/").status_code == 405, "no change by GET"
    assert client.post(f"/notices/{own.pk}/open/")["Location"] == "/jobs/"
    assert queries.count_unread(actor) == 0 and queries.count_unread(build.actor(cast.colleague)) == 1
    assert services.mark_read(actor=build.actor(cast.colleague), now=NOW) == 1


def test_the_list_costs_the_same_however_long(cast: Cast, client: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(60):
        tell(cast.manager, key=f"k{number}")
    client.force_login(cast.manager)
    client.get("/notices/")
    with django_assert_max_num_queries(8):
        assert client.get("/notices/?show=unread").content.count(b"/open/") == 50


def test_old_notices_are_forgotten(cast: Cast) -> None:
    tell(cast.manager)
    assert services.remove_old(now=NOW + services.KEPT_FOR) == 0
    assert services.remove_old(now=NOW + services.KEPT_FOR + timedelta(seconds=1)) == 1
