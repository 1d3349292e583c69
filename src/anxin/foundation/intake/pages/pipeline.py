"""What the pages and the API ask of the services, in one place: how a file is taken, sent off, and looked into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext

from anxin.foundation.intake import access, queries
from anxin.foundation.intake.data import BatchView
from anxin.foundation.intake.pages import draft
from anxin.foundation.intake.queries import suggestions
from anxin.foundation.intake.rules.problems import FILE_HINTS, FileRefused
from anxin.foundation.intake.rules.profile import FileRule, ProfileError, parse_profile
from anxin.foundation.intake.services import batches, profiles, reading, reports, undoing
from anxin.foundation.intake.services.reading.files import fingerprint
from anxin.kernel.actor import Actor

__all__ = ["AlreadyRunning", "FileRefused", "ProfileError", "ProfileNotFound"]
AlreadyRunning = batches.AlreadyRunning
ProfileNotFound = profiles.ProfileNotFound


class _Upload:
    """An uploaded file as the reader wants it."""

    def __init__(self, file: UploadedFile[bytes]) -> None:
        self._file = file

    @property
    def name(self) -> str:
        return self._file.name or "file"

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        self._file.seek(0)
        yield cast(BinaryIO, self._file.file)


def take(*, actor: Actor, now: datetime, file: UploadedFile[bytes], profile_name: str) -> BatchView:
    """A batch of an uploaded file. Without a profile one is recognised by the columns, else drawn up.

    Raises FileRefused, ProfileError, ProfileNotFound.
    """
    content = _kept(profile_name) if profile_name else _recognised(_Upload(file))
    file.seek(0)
    return batches.create_from_upload(
        actor=actor, now=now, name=file.name or "file", content=cast(BinaryIO, file.file), profile=content
    )


def take_and_run(
    *, actor: Actor, now: datetime, file: UploadedFile[bytes], profile_name: str, on_error: str
) -> tuple[BatchView, bool]:
    """Take a file with a kept profile and start its run; (batch, False) when this very file came in before.

    Raises FileRefused, ProfileError, ProfileNotFound.
    """
    content = _kept(profile_name)
    sha256, _size = fingerprint(_Upload(file))
    known = queries.find_by_file(actor, profile_name=str(content["name"]), sha256=sha256)
    if known is not None:
        return known, False
    taken = take(actor=actor, now=now, file=file, profile_name=profile_name)
    try:
        return batches.confirm(actor=actor, now=now, ref=taken.ref, on_error=on_error), True
    except AlreadyRunning as other:
        batches.cancel(actor=actor, now=now, ref=taken.ref)
        return other.view, False
    except (FileRefused, ProfileError):
        batches.cancel(actor=actor, now=now, ref=taken.ref)
        raise


def _kept(name: str) -> Mapping[str, Any]:
    # Not load_profile: a name that came over the wire must never be taken for a path.
    content = profiles.find_by_name(name)
    if content is None:
        raise ProfileNotFound(name)
    return content


def _recognised(source: _Upload) -> Mapping[str, Any]:
    headers = reading.inspect(source, FileRule()).form.headers
    return profiles.find_by_headers(headers) or drawn_up(source.name, headers)


def drawn_up(file_name: str, headers: Sequence[str], kinds: Sequence[str] = ()) -> dict[str, Any]:
    """A first mapping of a file nobody knows."""
    stem = PurePath(file_name).name.split(".")[0]
    found = suggestions.suggest(headers, kinds)
    columns: dict[str, Any] = dict(found.columns)
    # A profile fills at least one field; one filled with nothing counts as not filled.
    return {
        "name": draft.clean_name(stem),
        "source": draft.clean_name(stem)[:40],
        "entity": [{"kind": found.kind, "columns": columns or {draft.first_field(found.kind): {"default": ""}}}],
    }


def refusal(error: FileRefused | ProfileError) -> str:
    """Why, in the language of the page."""
    if isinstance(error, FileRefused):
        text = gettext(FILE_HINTS[error.code])
        return text % error.values_of if error.values_of else text
    return gettext("The mapping cannot be used: %(reason)s") % {"reason": error}


def confirm(*, actor: Actor, now: datetime, ref: str, on_error: str = "") -> BatchView:
    return batches.confirm(actor=actor, now=now, ref=ref, on_error=on_error)


def check_again(*, actor: Actor, now: datetime, ref: str) -> BatchView:
    return batches.begin_check(actor=actor, now=now, ref=ref)


def cancel(*, actor: Actor, now: datetime, ref: str) -> BatchView:
    return batches.cancel(actor=actor, now=now, ref=ref)


def undo(*, actor: Actor, now: datetime, ref: str) -> BatchView:
    return undoing.begin_undo(actor=actor, now=now, ref=ref)


def error_file(*, actor: Actor, now: datetime, ref: str, in_clear: bool = False) -> UUID:
    """The id of the document that holds the list of refused rows."""
    return reports.error_file(actor=actor, now=now, ref=ref, in_clear=in_clear).id


def deactivate_profile(*, actor: Actor, now: datetime, name: str) -> None:
    profiles.deactivate_profile(actor=actor, now=now, name=name)


def check(*, actor: Actor, now: datetime, ref: str, content: Mapping[str, Any]) -> BatchView:
    """Take the mapping and send the batch to be checked, both or neither."""
    with transaction.atomic():
        batches.set_profile(actor=actor, now=now, ref=ref, content=draft.cleaned(content))
        return batches.begin_check(actor=actor, now=now, ref=ref)


def save_profile(*, actor: Actor, now: datetime, ref: str, content: Mapping[str, Any]) -> None:
    """Keep the mapping of a batch for the next file with the same columns."""
    headers = queries.mapping_of(actor, ref).headers
    profiles.save_profile(actor=actor, now=now, content=draft.cleaned(content), headers=headers)


def samples(actor: Actor, ref: str) -> dict[str, list[str]]:
    """First values of every column, in clear: to be masked before they are shown. Empty when the file is gone."""
    batch = access.get_batch(actor, ref)
    form = batches.form_of(batch)
    try:
        chunk = next(reading.chunks(batches.source_of(batch), replace(form, chunk_rows=40)), None)
    except FileRefused:
        return {}
    if chunk is None:
        return {}
    return {
        name: [value for value in chunk.rows.get_column(name).drop_nulls().to_list() if value.strip()]
        for name in form.headers
        if name in chunk.rows.columns
    }


def parsed(content: Mapping[str, Any]) -> str:
    """Why this content is no profile; empty when it is one."""
    try:
        parse_profile(draft.cleaned(content))
    except ProfileError as error:
        return str(error)
    return ""
