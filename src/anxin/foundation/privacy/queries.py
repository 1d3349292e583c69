"""The register of personal data, as the rooms declare it."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet

from anxin.foundation.privacy.data import RegisterLine
from anxin.foundation.privacy.models import Breach, ImpactAssessment, PrivacyNotice, ProcessingActivity
from anxin.kernel.actor import Actor
from anxin.kernel.personal import PersonalData


def register(*, with_all: bool = False) -> list[RegisterLine]:
    """Every personal column of every room; `with_all` also those declared not to be personal."""
    lines = []
    for config in apps.get_app_configs():
        if not config.name.startswith("anxin.") or config.name.startswith("anxin.kernel."):
            continue
        declared: dict[str, PersonalData] = getattr(import_module(f"{config.name}.data"), "PERSONAL_DATA", {})
        for name, entry in declared.items():
            model, column = name.split(".")
            line = RegisterLine(
                room=config.label, room_name=str(config.verbose_name), model=model, column=column,
                table=config.get_model(model)._meta.db_table, entry=entry,
            )  # fmt: skip
            if with_all or line.is_personal:
                lines.append(line)
    return lines


def list_notices(actor: Actor) -> QuerySet[PrivacyNotice]:
    actor.require("privacy.view")
    return PrivacyNotice.objects.order_by("code", "-version")


def list_activities(actor: Actor, *, today: date) -> list[tuple[ProcessingActivity, ImpactAssessment | None, bool]]:
    """Activities in use, their latest assessment, and whether one is wanting: none, or its review is due."""
    actor.require("privacy.view")
    rows = ProcessingActivity.objects.filter(is_active=True).order_by("name").prefetch_related("assessments")
    found = []
    for row in rows:
        latest = max(row.assessments.all(), key=lambda one: (one.assessed_on, one.pk), default=None)
        must = row.is_sensitive or row.is_automated or row.is_shared or row.is_abroad
        found.append((row, latest, must and (latest is None or latest.review_date <= today)))
    return found


def find_activity(actor: Actor, activity_id: UUID) -> ProcessingActivity | None:
    actor.require("privacy.view")
    return ProcessingActivity.objects.filter(pk=activity_id).prefetch_related("assessments").first()


def list_breaches(actor: Actor) -> QuerySet[Breach]:
    actor.require("privacy.view")
    return Breach.objects.order_by("-found_at", "-id")
