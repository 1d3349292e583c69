"""What this room holds of a person: the copy they get, and how they are forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from anxin.analytics.classes import registry
from anxin.analytics.metrics.registry import METRICS
from anxin.book.segments.models import PhaseOut, Profile, Regrouped, SegmentMember
from anxin.book.segments.queries import explaining
from anxin.foundation.privacy import services as privacy
from anxin.foundation.privacy.data import Erased, Mode, Records
from anxin.kernel.words import mark as _


def export(party_id: UUID) -> Iterator[Records]:
    """Figures and classes of the last run: a person may see how they were judged (PIPL article 24)."""
    # The registries speak both languages themselves, without the catalogue.
    labels = {metric.code: explaining.word((metric.zh, metric.en)) for metric in METRICS} | {
        kind.code: explaining.word((kind.zh, kind.en)) for kind in registry.CLASSES
    }
    words = {
        kind.code: {value: explaining.class_label(kind.code, value) for value in kind.values}
        for kind in registry.CLASSES
    }
    yield privacy.records_of(
        "profile", _("Figures and classes"), Profile.objects.filter(pk=party_id), labels=labels, words=words
    )
    yield privacy.records_of(
        "phase_out", _("Phasing out"), PhaseOut.objects.filter(party_id=party_id),
        labels={"since": _("Phased out"), "ended_at": _("Taken back")},
    )  # fmt: skip


def erase(party_id: UUID, mode: Mode, now: datetime) -> Iterable[Erased]:
    if mode is not Mode.ERASE:
        return
    for model, rows in (
        (Profile, Profile.objects.filter(pk=party_id)),
        (PhaseOut, PhaseOut.objects.filter(party_id=party_id)),
        (Regrouped, Regrouped.objects.filter(pk=party_id)),
        (SegmentMember, SegmentMember.objects.filter(party_id=party_id)),
    ):
        removed, _each = rows.delete()
        yield Erased(table=model._meta.db_table, removed=removed)
