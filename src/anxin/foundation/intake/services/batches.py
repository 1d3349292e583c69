"""The life of a batch outside of its run: made, given a mapping, sent off, stopped, discarded."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from anxin.foundation.audit import services as audit
from anxin.foundation.documents import services as documents
from anxin.foundation.intake import access, queries
from anxin.foundation.intake.data import BatchState, BatchView
from anxin.foundation.intake.models import Batch, BatchCount, RowNote
from anxin.foundation.intake.rules import timing
from anxin.foundation.intake.rules.problems import FileRefused
from anxin.foundation.intake.rules.profile import FileRule, ImportProfile, parse_profile
from anxin.foundation.intake.services import keeping, queue, reading, work
from anxin.foundation.intake.services.reading import (
    DocumentSource,
    Form,
    Inspected,
    Packed,
    PathSource,
    Source,
    WorkbookSource,
)
from anxin.kernel.actor import Actor
from anxin.kernel.states import StaleState

SOURCE_PURPOSE: Final = "import-source"
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ANY: Final = [{"kind": "any", "columns": {"any": {"default": "x"}}}]
# What may still be mapped, checked and confirmed.
OPEN: Final = (BatchState.UPLOADED, BatchState.CHECKED)


class AlreadyRunning(Exception):
    """The same file is being imported with the same profile right now: `view` is that batch."""

    def __init__(self, view: BatchView) -> None:
        super().__init__(view.ref)
        self.view = view


def create_from_upload(
    *, actor: Actor, now: datetime, name: str, content: BinaryIO, profile: Mapping[str, Any]
) -> BatchView:
    """Seal an uploaded file and make a batch of it. Raises FileRefused (nothing is kept) and ProfileError."""
    actor.require("intake.run")
    document = documents.store(
        actor=actor, now=now, name=name, content=content, purpose=SOURCE_PURPOSE,
        expires_at=now + timing.SOURCE_KEPT_FOR,
    )  # fmt: skip
    source: Source = DocumentSource(document.id, document.name)
    rows_id: UUID | None = None
    try:
        rule = parse_profile(profile).file
        rows_id = _keep_rows(actor, now, source, rule)
        if rows_id is not None:
            source = WorkbookSource(DocumentSource(document.id, document.name), rows_id, rule.sheet, rule.header_line)
        inspected = reading.inspect(source, rule)
        return _create(actor, now, source, inspected, profile, document_id=document.id, rows_id=rows_id)
    except BaseException:
        # Refused or failed: the bytes of a file nobody will import do not stay.
        for key in (document.id, rows_id):
            if key is not None:
                documents.remove(document_id=key, now=now)
        raise


def _keep_rows(actor: Actor, now: datetime, source: Source, rule: FileRule) -> UUID | None:
    """Parse a workbook once and keep its rows sealed beside it; None for other files. Raises FileRefused."""
    rows = reading.rows_of_workbook(source, rule)
    if rows is None:
        return None
    kept = documents.store(
        actor=actor, now=now, name=f"{source.name}.csv.gz", content=Packed(rows),  # type: ignore[arg-type]
        purpose=SOURCE_PURPOSE, expires_at=now + timing.SOURCE_KEPT_FOR,
    )  # fmt: skip
    return kept.id


def create_from_path(*, actor: Actor, now: datetime, path: Path, profile: Mapping[str, Any]) -> BatchView:
    """A batch of a file that is read where it lies. Raises FileRefused and ProfileError."""
    actor.require("intake.run")
    source = PathSource(path.resolve())
    inspected = reading.inspect(source, parse_profile(profile).file)
    return _create(actor, now, source, inspected, profile, path=str(path.resolve()))


@transaction.atomic
def _create(
    actor: Actor, now: datetime, source: Source, inspected: Inspected, content: Mapping[str, Any], *,
    document_id: UUID | None = None, rows_id: UUID | None = None, path: str = "",
) -> BatchView:  # fmt: skip
    profile = parse_profile(content)
    batch = Batch.objects.create(
        ref=_new_ref(now),
        source=profile.source,
        profile_name=profile.name,
        profile_content=dict(content),
        file_name=source.name[:255],
        file_sha256=inspected.sha256,
        file_size=inspected.size,
        document_id=document_id,
        rows_document_id=rows_id,
        path=path,
        file_format=inspected.form.to_json(),
        is_full_load=profile.is_full_load,
        on_error=profile.on_error,
        rows_total=inspected.form.rows_expected,
        owner_id=actor.user_id,
        created_at=now,
    )
    audit.record(
        actor=actor, now=now, action="intake.upload", object_kind="batch", object_id=batch.id, object_ref=batch.ref,
        detail={"size": inspected.size, "profile": profile.name},
    )  # fmt: skip
    return queries.view(batch)


def _new_ref(now: datetime) -> str:
    while True:
        tail = "".join(secrets.choice(_ALPHABET) for _ in range(4))
        ref = f"IMP-{timezone.localtime(now):%Y%m%d}-{tail}"
        if not Batch.objects.filter(ref=ref).exists():
            return ref


def source_of(batch: Batch) -> Source:
    if batch.document_id is not None:
        document = DocumentSource(batch.document_id, batch.file_name)
        if batch.rows_document_id is None:
            return document
        form = form_of(batch)
        return WorkbookSource(document, batch.rows_document_id, form.sheet, form.header_line)
    return PathSource(Path(batch.path))


def form_of(batch: Batch) -> Form:
    return Form.from_json(batch.file_format)


@transaction.atomic
def set_profile(*, actor: Actor, now: datetime, ref: str, content: Mapping[str, Any], on_error: str = "") -> BatchView:
    """Give an open batch another profile. Raises FileRefused when the profile does not fit the file, ProfileError, and
    StaleState when the batch is past that."""
    actor.require("intake.run")
    batch = _open_batch(actor, ref)
    profile = parse_profile(content)
    form = form_of(batch)
    if is_read_otherwise(profile.file, parse_profile(batch.profile_content).file):
        form = _read_again(actor, now, batch, profile.file)
    work.parts_of(profile, form)
    keeping.forget_problems(batch.id)
    changed = Batch.objects.filter(pk=batch.pk, state__in=OPEN).update(
        profile_content=dict(content), profile_name=profile.name, source=profile.source, file_format=form.to_json(),
        on_error=on_error or profile.on_error, state=BatchState.UPLOADED, preview={}, rows_read=0, rows_rejected=0,
        rows_warned=0, message="", message_values={}, is_full_load=profile.is_full_load, draft={},
    )  # fmt: skip
    if not changed:
        raise _stale(ref)
    return queries.get_batch(actor, ref)


def keep_draft(*, actor: Actor, ref: str, content: Mapping[str, Any]) -> None:
    """Keep what the mapping page was told until it is tried, so that a page opened anew does not ask again.

    `content` need not be a whole profile yet. Nothing is kept of a batch that is past its mapping.
    """
    actor.require("intake.run")
    batch = access.get_batch(actor, ref, "intake.run")
    Batch.objects.filter(pk=batch.pk, state__in=OPEN).update(draft=dict(content))


@transaction.atomic
def read_by(*, actor: Actor, now: datetime, ref: str, content: Mapping[str, Any]) -> list[str]:
    """Cut an open batch by the file rule of `content`; returns its columns. The mapping is not looked at.

    Raises FileRefused, ProfileError (of the file rule), StaleState.
    """
    actor.require("intake.run")
    batch = _open_batch(actor, ref)
    # Only the rule of the file counts here: what the columns mean is still being drawn up.
    rule = parse_profile({"name": "x", "source": "x", "entity": _ANY, "file": content.get("file", {})}).file
    form = _read_again(actor, now, batch, rule)
    if form.format == "csv" and rule.encoding and form.encoding != rule.encoding:
        raise FileRefused("unknown_encoding", line=1)
    stored = {**batch.profile_content, "file": content.get("file", {})}
    changed = Batch.objects.filter(pk=batch.pk, state__in=OPEN).update(
        file_format=form.to_json(), rows_total=form.rows_expected, state=BatchState.UPLOADED, preview={},
        profile_content=stored,
    )  # fmt: skip
    if not changed:
        raise _stale(ref)
    return list(form.headers)


def is_read_otherwise(rule: FileRule, other: FileRule) -> bool:
    """Whether two rules cut a file into other cells."""
    names = ("encoding", "delimiter", "quote", "header_line", "sheet")
    return any(getattr(rule, name) != getattr(other, name) for name in names)


def _read_again(actor: Actor, now: datetime, batch: Batch, rule: FileRule) -> Form:
    """What the file is when it is read by another rule. Raises FileRefused, and keeps what was known then."""
    form = reading.inspect(source_of(batch), rule).form
    if batch.rows_document_id is not None:
        rows_id = _keep_rows(actor, now, DocumentSource(cast(UUID, batch.document_id), batch.file_name), rule)
        documents.remove(document_id=batch.rows_document_id, now=now)
        Batch.objects.filter(pk=batch.pk).update(rows_document_id=rows_id)
    return form


@transaction.atomic
def begin_check(*, actor: Actor, now: datetime, ref: str, in_background: bool = True) -> BatchView:
    """Send an open batch to be checked, by a worker unless the caller does it."""
    actor.require("intake.run")
    batch = _open_batch(actor, ref)
    changed = Batch.objects.filter(pk=batch.pk, state__in=OPEN).update(
        state=BatchState.CHECKING, rows_read=0, attempts=0, lease_until=None, lease_holder="", message="",
        message_values={}, preview={}, is_cancel_wanted=False,
    )  # fmt: skip
    if not changed:
        raise _stale(ref)
    if in_background:
        queue.wake(batch.id)
    return queries.get_batch(actor, ref)


def confirm(
    *, actor: Actor, now: datetime, ref: str, on_error: str = "", is_full_load: bool | None = None,
    in_background: bool = True,
) -> BatchView:  # fmt: skip
    """Start the run of an open batch, by a worker unless the caller does it. Raises AlreadyRunning when the same file
    runs with the same profile: one job. `is_full_load`: the file is all its source has (None: as in
    the profile).
    """
    actor.require("intake.run")
    batch = _open_batch(actor, ref)
    profile = parse_profile(batch.profile_content)
    if is_full_load is not None:
        batch.is_full_load = is_full_load
    return _start(actor, now, batch, profile, on_error or batch.on_error, in_background=in_background)


def _start(
    actor: Actor, now: datetime, batch: Batch, profile: ImportProfile, on_error: str, *, in_background: bool
) -> BatchView:
    try:
        with transaction.atomic():
            changed = Batch.objects.filter(pk=batch.pk, state__in=OPEN).update(
                state=BatchState.RUNNING, on_error=on_error, is_full_load=batch.is_full_load, rows_read=0,
                rows_rejected=0, rows_warned=0, chunks_done=0,
                attempts=0, lease_until=None, lease_holder="", message="", message_values={}, started_at=now,
                is_cancel_wanted=False,
            )  # fmt: skip
            if not changed:
                raise _stale(batch.ref)
            keeping.forget_problems(batch.id)
            RowNote.objects.filter(batch=batch).delete()
            BatchCount.objects.filter(batch=batch).delete()
            work.open_counts(batch, profile)
            audit.record(
                actor=actor, now=now, action="intake.run", object_kind="batch", object_id=batch.id,
                object_ref=batch.ref, detail={"profile": profile.name, "on_error": on_error},
            )  # fmt: skip
            if in_background:
                queue.wake(batch.id)
    except IntegrityError as error:
        other = Batch.objects.filter(
            profile_name=batch.profile_name, file_sha256=batch.file_sha256, state=BatchState.RUNNING
        ).first()
        if other is None or "intake_batch_running_once" not in str(error):
            raise
        raise AlreadyRunning(queries.view(other)) from None
    batch.refresh_from_db()
    return queries.view(batch)


@transaction.atomic
def cancel(*, actor: Actor, now: datetime, ref: str) -> BatchView:
    """Stop a check or a run at its next portion (what was written stays, and can be undone); discard an open batch."""
    actor.require("intake.run")
    batch = access.get_batch(actor, ref)
    stopped = Batch.objects.filter(pk=batch.pk, state__in=(BatchState.CHECKING, BatchState.RUNNING)).update(
        is_cancel_wanted=True
    )
    if not stopped:
        stopped = Batch.objects.filter(pk=batch.pk, state__in=OPEN).update(state=BatchState.DISCARDED, finished_at=now)
        for key in (batch.document_id, batch.rows_document_id):
            if stopped and key is not None:
                documents.remove(document_id=key, now=now)
    if not stopped:
        raise _stale(ref)
    audit.record(
        actor=actor, now=now, action="intake.cancel", object_kind="batch", object_id=batch.id, object_ref=batch.ref
    )
    return queries.get_batch(actor, ref)


def _open_batch(actor: Actor, ref: str) -> Batch:
    batch = access.get_batch(actor, ref)
    if batch.state not in OPEN:
        raise _stale(ref)
    return batch


def _stale(ref: str) -> StaleState:
    batch = Batch.objects.get(ref=ref)
    return StaleState(batch.state, 0)
