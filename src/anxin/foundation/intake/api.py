"""Imports over the API: nightly feeds send a file and ask how far it is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import override
from ninja import File, Form, Path, Query, Router, Schema, Status
from ninja.errors import HttpError
from ninja.files import UploadedFile as NinjaFile
from pydantic import Field

from anxin.foundation.intake import forms, queries
from anxin.foundation.intake.data import BatchView, Matter
from anxin.foundation.intake.rules.problems import FileRefused
from anxin.foundation.intake.rules.profile import ProfileError
from anxin.foundation.intake.services import uploads
from anxin.foundation.intake.services.profiles import ProfileNotFound
from anxin.kernel import clock
from anxin.kernel.web.api import CursorPage, Problem, actor_of, permitted
from anxin.kernel.web.tables import BadCursor, Listing, key

router = Router(tags=["imports"])
BATCHES = Listing(code="intake-api", orders={"-created": (key("-created_at"), key("-id"))}, default="-created")
PROBLEMS = Listing(code="intake-api-problems", orders={"line": (key("line"), key("id"))}, default="line")
NOTES = Listing(code="intake-api-rows", orders={"id": (key("id"),)}, default="id")
PROBLEM_ANSWERS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 413: Problem, 422: Problem}
Ref = Annotated[str, Path(description="Number of the batch.", examples=["IMP-20261012-7K2M"], max_length=20)]


class Counts(Schema):
    """rows_read = created + updated + unchanged + rejected."""

    rows_read: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    warnings: int
    absent: int = Field(description="Rows of the source that a full load no longer held.")
    ended: int = Field(description="Those of them that were marked ended, as the profile wants it.")
    kept: int = Field(description="Rows that stayed when the import was undone.")


class ImportSummary(Schema):
    ref: str = Field(examples=["IMP-20261012-7K2M"])
    state: str = Field(
        description="uploaded, checking, checked, running, done, stopped, failed, undoing, undone or discarded.",
        examples=["done"],
    )
    source: str = Field(examples=["life-core"])
    profile: str = Field(examples=["life-core-customers"])
    is_full_load: bool = Field(description="The file is all its source has.")
    file: str = Field(examples=["life_core_customers.csv"])
    rows_read: int
    rows_total: int | None
    rows_rejected: int
    rows_warned: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class RowFinding(Schema):
    """One finding. The value is masked."""

    line: int = Field(examples=[218])
    kind: str = Field(examples=["customer"])
    column: str = Field(examples=["证件号码"])
    code: str = Field(examples=["id_number_invalid"])
    value: str = Field(examples=["310***********1234"])
    hint: str
    is_warning: bool


class Findings(CursorPage):
    items: list[RowFinding]


class RowNote(Schema):
    """A row absent from a full load, or kept when the import was undone."""

    kind: str = Field(examples=["policy"])
    key: str = Field(description="Number of the row in its source, or in the product.", examples=["P2026000017"])
    ref: str = Field(description="Customer number, for records of customers.", examples=["C7K2-9QF4"])
    reason: str = Field(description="Why it was kept, in English.")


class RowNotes(CursorPage):
    items: list[RowNote]


class ImportDetail(ImportSummary):
    message: str = Field(description="Why it ended otherwise than done; in English.")
    entities: dict[str, Counts]
    problems: Findings


class ImportList(CursorPage):
    items: list[ImportSummary]


class Accepted(Schema):
    ref: str = Field(examples=["IMP-20261012-7K2M"])
    state: str = Field(examples=["running"])
    is_new: bool = Field(description="False: this very file came in before with this profile; this is its batch.")


def _summary(batch: BatchView) -> dict[str, Any]:
    return {
        "ref": batch.ref,
        "state": batch.state.value,
        "source": batch.source,
        "profile": batch.profile_name,
        "is_full_load": batch.is_full_load,
        "file": batch.file_name,
        "rows_read": batch.rows_read,
        "rows_total": batch.rows_total,
        "rows_rejected": batch.rows_rejected,
        "rows_warned": batch.rows_warned,
        "created_at": batch.created_at,
        "started_at": batch.started_at,
        "finished_at": batch.finished_at,
    }


@router.post("/imports", response={202: Accepted, **PROBLEM_ANSWERS}, operation_id="create_import")
@permitted("intake.run")
def create_import(
    request: HttpRequest,
    file: Annotated[NinjaFile, File(description="CSV (also gzipped), XLSX or Parquet.")],
    profile: Annotated[str, Form(max_length=80, description="Name of a kept profile.")],
    on_error: Annotated[Literal["", "skip", "refuse"], Form(description="What rows with errors do to the file.")] = "",
    full: Annotated[
        bool | None, Form(description="The file is all its source has; left out: as the profile says.")
    ] = None,
) -> Status[dict[str, Any]]:
    """Send a file to be imported with a kept profile. The same file sent again, with the same profile, is not imported
    again: the answer names the batch that took it."""
    upload: UploadedFile[bytes] = file
    if (upload.size or 0) > forms.LARGEST_UPLOAD_MB * 1024 * 1024:
        raise HttpError(413, f"The file is larger than {forms.LARGEST_UPLOAD_MB} MB.")
    with override("en"):
        try:
            taken, is_new = uploads.take_and_run(
                actor=actor_of(request),
                now=clock.now(),
                file=upload,
                profile_name=profile,
                on_error=on_error,
                is_full_load=full,
            )
        except ProfileNotFound:
            raise HttpError(422, f"There is no profile “{profile}”.") from None
        except (FileRefused, ProfileError) as error:
            raise HttpError(422, uploads.refusal(error)) from None
    return Status(202, {"ref": taken.ref, "state": taken.state.value, "is_new": is_new})


@router.get("/imports", response={200: ImportList, **PROBLEM_ANSWERS}, operation_id="list_imports")
@permitted("intake.view")
def list_imports(
    request: HttpRequest,
    state: Annotated[str, Query(max_length=10)] = "",
    source: Annotated[str, Query(max_length=40)] = "",
    cursor: Annotated[str, Query(max_length=500)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Imports, newest first."""
    rows = queries.list_batches(actor_of(request), state=state, source=source)
    try:
        page = BATCHES.page(rows, cursor=cursor, size=limit)
    except BadCursor as error:
        raise HttpError(422, str(error)) from None
    return {"items": [_summary(queries.view(row)) for row in page.rows], "next": page.next_cursor or None}


@router.get("/imports/{ref}", response={200: ImportDetail, **PROBLEM_ANSWERS}, operation_id="get_import")
@permitted("intake.view")
def get_import(
    request: HttpRequest,
    ref: Ref,
    warnings: bool = False,
    cursor: Annotated[str, Query(max_length=500)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """How far an import is, what became of its rows, and its problems by pages: errors, or warnings."""
    actor = actor_of(request)
    try:
        batch = queries.get_batch(actor, ref)
        page = PROBLEMS.page(queries.list_problems(actor, ref, warnings=warnings), cursor=cursor, size=limit)
        content = queries.mapping_of(actor, ref).content
    except queries.BatchNotFound:
        raise HttpError(404, "There is no such import within your reach.") from None
    except BadCursor as error:
        raise HttpError(422, str(error)) from None
    with override("en"):
        message = queries.message_of(batch)
    names = ("rows_read", "created", "updated", "unchanged", "rejected", "warnings", "absent", "ended", "kept")
    return {
        **_summary(batch),
        "message": message,
        "entities": {count.kind: {name: getattr(count, name) for name in names} for count in batch.counts},
        "problems": {
            "items": [vars(one) for one in queries.shown_problems(page.rows, content)],
            "next": page.next_cursor or None,
        },
    }


@router.get("/imports/{ref}/rows", response={200: RowNotes, **PROBLEM_ANSWERS}, operation_id="list_import_rows")
@permitted("intake.view")
def list_import_rows(
    request: HttpRequest,
    ref: Ref,
    matter: Annotated[
        Literal["absent", "kept"],
        Query(description="Rows absent from a full load, or kept when the import was undone."),
    ] = "absent",
    cursor: Annotated[str, Query(max_length=500)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """Rows of the book that an import has to tell of."""
    try:
        rows = queries.list_notes(actor_of(request), ref, Matter(matter))
        page = NOTES.page(rows, cursor=cursor, size=limit)
    except queries.BatchNotFound:
        raise HttpError(404, "There is no such import within your reach.") from None
    except BadCursor as error:
        raise HttpError(422, str(error)) from None
    return {"items": [vars(queries.shown_note(row)) for row in page.rows], "next": page.next_cursor or None}
