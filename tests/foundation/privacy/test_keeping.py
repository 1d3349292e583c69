"""Notices, activities, impact assessments and breaches: who may write them, what never changes, what is wanting."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from anxin.foundation.privacy import queries, services
from anxin.foundation.privacy.models import Breach, ImpactAssessment, PrivacyNotice, ProcessingActivity
from anxin.kernel import clock
from anxin.kernel.actor import NotPermitted
from anxin.kernel.states import StaleState
from tests import build
from tests.build import NOW, TODAY, Cast

pytestmark = pytest.mark.django_db
ACTIVITY = {
    "name": "健康告知处理", "purpose": "核保", "legal_basis": "consent", "kinds": "健康信息", "retention": "终止后10年",
    "is_sensitive": True,
}  # fmt: skip
ASSESSMENT = {
    "assessed_on": date(2024, 2, 29), "necessity": "必要", "impact": "较大", "risk": "high",
    "measures": "加密、最小权限",
    "conclusion": "可开展", "review_date": date(2025, 3, 1),
}  # fmt: skip


def test_a_notice_gets_the_next_version_and_old_ones_stay(cast: Cast) -> None:
    dpo = build.actor(cast.protector)
    give: dict[str, Any] = {"actor": dpo, "now": NOW, "code": "P1", "title": "告知书", "effective_from": TODAY}
    assert services.publish_notice(**give, text="第一版") == "P1@1"
    assert services.publish_notice(**give, text="第二版") == "P1@2"
    assert list(PrivacyNotice.objects.order_by("version").values_list("text", flat=True)) == ["第一版", "第二版"]
    with pytest.raises(NotPermitted):
        services.publish_notice(**{**give, "actor": build.actor(cast.auditor)}, text="x")


def test_an_assessment_is_wanting_until_made_and_when_its_review_is_due(cast: Cast) -> None:
    dpo = build.actor(cast.protector)
    key = services.save_activity(actor=dpo, now=NOW, values=ACTIVITY)
    services.save_activity(actor=dpo, now=NOW, values={**ACTIVITY, "name": "寄送纸质保单", "is_sensitive": False})

    def wanting(day: date) -> list[str]:
        return [row.name for row, _latest, is_wanting in queries.list_activities(dpo, today=day) if is_wanting]

    assert wanting(TODAY) == ["健康告知处理"]
    services.assess(actor=dpo, now=NOW, activity_id=key, values=ASSESSMENT)
    assert wanting(date(2025, 2, 28)) == []
    assert wanting(date(2025, 3, 1)) == ["健康告知处理"]


def test_an_assessment_is_kept_three_years_at_least(cast: Cast) -> None:
    dpo = build.actor(cast.protector)
    key = services.save_activity(actor=dpo, now=NOW, values=ACTIVITY)
    for day in (date(2024, 2, 29), date(2024, 12, 31)):
        services.assess(actor=dpo, now=NOW, activity_id=key, values={**ASSESSMENT, "assessed_on": day})
    for one in ImpactAssessment.objects.all():
        assert one.keep_until >= one.assessed_on.replace(day=1, year=one.assessed_on.year + 3) + timedelta(days=28)
    with pytest.raises(Exception, match="protected"):
        ProcessingActivity.objects.all().delete()


def test_two_who_change_an_activity_the_second_is_told(cast: Cast) -> None:
    dpo = build.actor(cast.protector)
    key = services.save_activity(actor=dpo, now=NOW, values=ACTIVITY)
    services.save_activity(actor=dpo, now=NOW, values={"purpose": "核保与理赔"}, activity_id=key, version=1)
    with pytest.raises(StaleState):
        services.save_activity(actor=dpo, now=NOW, values={"purpose": "其他"}, activity_id=key, version=1)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_keep_records(client: Client, cast: Cast, language: str) -> None:
    client.force_login(cast.protector)
    client.cookies["django_language"] = language
    with clock.frozen(NOW):
        notice = {"code": "P1", "title": "告知书", "effective_from": "2026-12-01", "text": "内容"}
        assert client.post("/privacy/notices/publish/", notice).status_code == 302
        assert (
            client.post("/privacy/activities/new/", {**ACTIVITY, "is_sensitive": "on", "is_active": "on"}).status_code
            == 302
        )
        row = ProcessingActivity.objects.get()
        page = f"/privacy/activities/{row.pk}/"
        sent = {**ASSESSMENT, "assessed_on": "2026-11-23", "review_date": "2026-11-01"}
        assert client.post(f"{page}assess/", sent).status_code == 422
        assert client.post(f"{page}assess/", {**sent, "review_date": "2027-11-01"}).status_code == 302
        assert client.get(f"{page}edit/").status_code == 200
        breach = {"found_at": "2026-11-20 10:00", "what": "邮件误发", "kinds": "姓名、保单号", "measures": "已召回"}
        assert client.post("/privacy/breaches/new/", breach).status_code == 302
        for address in ("/privacy/notices/", "/privacy/activities/", page, "/privacy/breaches/",
                        f"/privacy/breaches/{Breach.objects.get().pk}/"):  # fmt: skip
            assert client.get(address).status_code == 200, address
        client.force_login(cast.manager)
        assert client.get("/privacy/activities/").status_code == 403
