"""Files that come in through the pages and the API: recognised or drawn up, taken, looked into, sent off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath
from typing import Any, BinaryIO, cast

import polars as pl
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext

from anxin.foundation.intake import access, queries
from anxin.foundation.intake.data import BatchView
from anxin.foundation.intake.rules import drafting
from anxin.foundation.intake.rules.problems import FILE_HINTS, FileRefused
from anxin.foundation.intake.rules.profile import FileRule, ProfileError
from anxin.foundation.intake.services import batches, profiles, reading
from anxin.foundation.intake.services.batches import AlreadyRunning
from anxin.foundation.intake.services.profiles import ProfileNotFound
from anxin.foundation.intake.services.reading.files import fingerprint
from anxin.foundation.intake.services.registry import importers
from anxin.kernel.actor import Actor

_SAMPLE_ROWS = 40


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
    actor.require("intake.run")
    content = _kept(profile_name) if profile_name else _recognised(_Upload(file))
    file.seek(0)
    return batches.create_from_upload(
        actor=actor, now=now, name=file.name or "file", content=cast(BinaryIO, file.file), profile=content
    )


def take_and_run(
    *,
    actor: Actor,
    now: datetime,
    file: UploadedFile[bytes],
    profile_name: str,
    on_error: str = "",
    is_full_load: bool | None = None,
) -> tuple[BatchView, bool]:
    """Take a file with a kept profile and start its run; (batch, False) when this very file came in before.

    Raises FileRefused, ProfileError, ProfileNotFound.
    """
    actor.require("intake.run")
    content = _kept(profile_name)
    sha256, _size = fingerprint(_Upload(file))
    known = queries.find_by_file(actor, profile_name=str(content["name"]), sha256=sha256)
    if known is not None:
        return known, False
    taken = take(actor=actor, now=now, file=file, profile_name=profile_name)
    try:
        # Whether the columns fit is known before anything runs: a nightly feed hears of it at once.
        batches.set_profile(actor=actor, now=now, ref=taken.ref, content=content)
        return batches.confirm(actor=actor, now=now, ref=taken.ref, on_error=on_error, is_full_load=is_full_load), True
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
    seen = reading.inspect(source, FileRule())
    headers = seen.form.headers
    return profiles.find_by_headers(headers) or _drawn_up(
        source.name, headers, samples=_values_of(seen.sample.head(_SAMPLE_ROWS), headers)
    )


def drawn_up_for(*, actor: Actor, ref: str, kinds: Sequence[str] = ()) -> dict[str, Any]:
    """A first mapping of the file of an open batch, by its names, its values, and what was said before."""
    batch = access.get_batch(actor, ref, "intake.run")
    return _drawn_up(batch.file_name, batches.form_of(batch).headers, kinds, samples(actor=actor, ref=ref))


def _drawn_up(
    file_name: str,
    headers: Sequence[str],
    kinds: Sequence[str] = (),
    samples: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    stem = PurePath(file_name).name.split(".")[0]
    found = queries.suggest(headers, kinds, samples=samples or {}, memory=queries.remembered())
    columns: dict[str, Any] = dict(found.columns)
    if not columns:
        columns = {importers()[found.kind].fields[0].name: drafting.place_holder()}
    return {
        "name": drafting.clean_name(stem),
        "source": drafting.clean_name(stem)[:40],
        "entity": [{"kind": found.kind, "columns": columns}],
    }


def map_and_check(*, actor: Actor, now: datetime, ref: str, content: Mapping[str, Any]) -> BatchView:
    """Take the mapping and send the batch to be checked, both or neither.

    Raises FileRefused, ProfileError, StaleState.
    """
    with transaction.atomic():
        batches.set_profile(actor=actor, now=now, ref=ref, content=drafting.cleaned(content))
        return batches.begin_check(actor=actor, now=now, ref=ref)


def read_again(*, actor: Actor, now: datetime, ref: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """Read an open batch by the rule of `content["file"]`; returns the content, mapped anew when the columns differ.

    Raises FileRefused and ProfileError (the batch is as before then), StaleState.
    """
    before = queries.mapping_of(actor, ref).headers
    headers = batches.read_by(actor=actor, now=now, ref=ref, content=content)
    found = dict(content)
    if headers != before:
        kinds = [str(entity.get("kind", "")) for entity in content.get("entity", [])]
        found["entity"] = drawn_up_for(actor=actor, ref=ref, kinds=kinds)["entity"]
    return found


def keep_mapping(*, actor: Actor, now: datetime, ref: str, content: Mapping[str, Any]) -> None:
    """Keep a mapping for the next file with the same columns. Raises ProfileError."""
    headers = queries.mapping_of(actor, ref).headers
    profiles.save_profile(actor=actor, now=now, content=drafting.cleaned(content), headers=headers)


def samples(*, actor: Actor, ref: str) -> dict[str, list[str]]:
    """First values of every column, in clear: to be masked before they are shown. Empty when the file is gone."""
    batch = access.get_batch(actor, ref, "intake.run")
    form = batches.form_of(batch)
    try:
        chunk = next(reading.chunks(batches.source_of(batch), replace(form, chunk_rows=_SAMPLE_ROWS)), None)
    except FileRefused:
        return {}
    if chunk is None:
        return {}
    return _values_of(chunk.rows, form.headers)


def _values_of(rows: pl.DataFrame, headers: Sequence[str]) -> dict[str, list[str]]:
    return {
        name: [value for value in rows.get_column(name).drop_nulls().cast(pl.String).to_list() if value.strip()]
        for name in headers
        if name in rows.columns
    }


def refusal(error: FileRefused | ProfileError) -> str:
    """Why, in the active language."""
    if isinstance(error, FileRefused):
        text = gettext(FILE_HINTS[error.code])
        return text % error.values_of if error.values_of else text
    return gettext("The mapping cannot be used: %(reason)s") % {"reason": error}
