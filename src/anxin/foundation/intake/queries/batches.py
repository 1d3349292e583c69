"""Batches as pages, the API and the services show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext

from anxin.foundation.intake import access
from anxin.foundation.intake.data import BatchState, BatchView, KindCount
from anxin.foundation.intake.models import Batch
from anxin.kernel.actor import Actor
from anxin.kernel.importing import registered_importers


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """How a batch is read: `content` is the profile as data, `draft` what was said since and not yet tried (empty:
    nothing), `form` what the file was found to be."""

    content: Mapping[str, Any]
    draft: Mapping[str, Any]
    form: Mapping[str, Any]

    @property
    def headers(self) -> list[str]:
        return [str(name) for name in self.form.get("headers", ())]


def list_batches(actor: Actor, *, state: str = "", source: str = "", text: str = "") -> QuerySet[Batch]:
    """Batches within reach, with what `view` needs; `text` is part of the file's name or of the number. Raises
    NotPermitted."""
    found = access.visible_batches(actor).select_related("owner").prefetch_related("counts")
    if state:
        found = found.filter(state=state)
    if source:
        found = found.filter(source=source)
    if text:
        found = found.filter(Q(file_name__icontains=text) | Q(ref__icontains=text))
    # The mapping and the form are long and no list shows them.
    return found.defer("profile_content", "draft", "file_format")


def begun_between(
    actor: Actor, after: datetime | None, until: datetime | None, most: int, *, all_owners: bool
) -> list[BatchView]:  # fmt: skip
    """Batches on their way or over that came in within the given time, newest first; none without `intake.view`."""
    if not actor.may("intake.view"):
        return []
    found = list_batches(actor).exclude(state__in=[BatchState.UPLOADED, BatchState.DISCARDED])
    found = found.order_by("-created_at", "-id")
    if not all_owners:
        found = found.filter(owner_id=actor.user_id)
    if after is not None:
        found = found.filter(created_at__gt=after)
    if until is not None:
        found = found.filter(created_at__lte=until)
    return [view(batch) for batch in found[:most]]


def known_sources(actor: Actor) -> list[str]:
    """Sources that batches within reach came from, in order."""
    return list(access.visible_batches(actor).order_by("source").values_list("source", flat=True).distinct())


def get_batch(actor: Actor, ref: str, permission: str = "intake.view") -> BatchView:
    """Raises NotPermitted, BatchNotFound."""
    return view(access.get_batch(actor, ref, permission))


def mapping_of(actor: Actor, ref: str) -> Mapped:
    """Raises NotPermitted, BatchNotFound."""
    batch = access.get_batch(actor, ref)
    return Mapped(content=dict(batch.profile_content), draft=dict(batch.draft), form=dict(batch.file_format or {}))


def find_by_file(actor: Actor, *, profile_name: str, sha256: bytes) -> BatchView | None:
    """The batch that took this very file with this profile and was not given up: the same file comes in once."""
    over = [BatchState.DISCARDED, BatchState.FAILED, BatchState.STOPPED, BatchState.UNDONE, BatchState.UNDOING]
    found = (
        access.visible_batches(actor)
        .filter(profile_name=profile_name, file_sha256=sha256)
        .exclude(state__in=over)
        .select_related("owner")
        .order_by("-created_at")
        .first()
    )
    return view(found) if found else None


def is_taken_back(batch_id: UUID) -> bool:
    """Whether the batch was undone, or is about to be."""
    over = (BatchState.UNDOING, BatchState.UNDONE)
    return Batch.objects.filter(pk=batch_id, state__in=over).exists()


def last_finished() -> datetime | None:
    """When rows of an import last changed the book, or were taken back."""
    found = Batch.objects.filter(chunks_done__gt=0, finished_at__isnull=False).aggregate(last=Max("finished_at"))
    last: datetime | None = found["last"]
    return last


def counts_of(batch: Batch) -> tuple[KindCount, ...]:
    """Counts by kind, in the order in which the kinds are registered."""
    order = {kind: at for at, kind in enumerate(registered_importers())}
    return tuple(
        KindCount(
            kind=one.kind,
            rows_read=one.rows_read,
            created=one.created,
            updated=one.updated,
            unchanged=one.unchanged,
            rejected=one.rejected,
            warnings=one.warnings,
            absent=one.absent,
            ended=one.ended,
            kept=one.kept,
        )
        for one in sorted(batch.counts.all(), key=lambda one: (order.get(one.kind, len(order)), one.kind))
    )


def kind_labels(kinds: Sequence[str]) -> dict[str, str]:
    """Labels (English, marked) of kinds; a kind no room takes any more keeps its code."""
    known = registered_importers()
    return {kind: known[kind].label if kind in known else kind for kind in kinds}


def view(batch: Batch) -> BatchView:
    return BatchView(
        id=batch.id,
        ref=batch.ref,
        source=batch.source,
        profile_name=batch.profile_name,
        file_name=batch.file_name,
        file_size=batch.file_size,
        state=BatchState(batch.state),
        on_error=batch.on_error,
        rows_read=batch.rows_read,
        rows_total=batch.rows_total,
        rows_rejected=batch.rows_rejected,
        rows_warned=batch.rows_warned,
        problem_count=batch.problem_count,
        is_full_load=batch.is_full_load,
        message=batch.message,
        message_values=batch.message_values,
        preview=batch.preview,
        seconds=batch.seconds,
        is_cancel_wanted=batch.is_cancel_wanted,
        owner_name=str(batch.owner) if batch.owner else "",
        created_at=batch.created_at,
        started_at=batch.started_at,
        finished_at=batch.finished_at,
        counts=counts_of(batch),
    )


@dataclass(frozen=True, kw_only=True)
class Sample:
    """First rows of one kind as they were understood, masked. Labels are English and marked."""

    label: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


def preview_samples(preview: Mapping[str, Any]) -> list[Sample]:
    """What the check kept of the first rows."""
    known = registered_importers()
    found = []
    for one in preview.get("samples", ()):
        importer = known.get(one["kind"])
        labels = {spec.name: spec.label for spec in importer.fields} if importer else {}
        found.append(
            Sample(
                label=importer.label if importer else one["kind"],
                columns=[labels.get(name, name) for name in one["fields"]],
                rows=one["rows"],
            )
        )
    return found


def message_of(batch: BatchView) -> str:
    """Why it ended as it did, in the active language."""
    if not batch.message:
        return ""
    text = gettext(batch.message)
    return text % batch.message_values if batch.message_values else text
