"""Profiles: from TOML files, kept in the database, found again by the headers of a file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from anxin.foundation.audit import services as audit
from anxin.foundation.intake.models import Profile
from anxin.foundation.intake.rules.profile import ImportProfile, ProfileError, header_digest, parse_profile
from anxin.kernel.actor import Actor

__all__ = [
    "ProfileError", "ProfileNotFound", "content_of", "deactivate_profile", "find_by_headers", "find_by_name",
    "header_digest",
    "known_profiles", "load_profile", "parse_profile", "profiles_for_file", "save_profile",
]  # fmt: skip


class ProfileNotFound(LookupError):
    """There is neither a file nor a kept profile of this name."""


def load_profile(name_or_path: str | Path) -> Mapping[str, Any]:
    """The content of a profile: of a TOML file when the path exists, else of the kept profile of this name.

    Raises ProfileNotFound and ProfileError (not well-formed; checked here so that the caller hears of it at once).
    """
    path = Path(name_or_path)
    if path.suffix == ".toml" and path.is_file():
        try:
            content: Mapping[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ProfileError(f"{path.name} is not TOML: {error}") from None
        parse_profile(content)
        return content
    kept = Profile.objects.filter(name=str(name_or_path), is_active=True).first()
    if kept is None:
        raise ProfileNotFound(f"There is no profile “{name_or_path}”: neither a .toml file nor a kept profile.")
    return dict(kept.content)


@transaction.atomic
def save_profile(
    *, actor: Actor, now: datetime, content: Mapping[str, Any], headers: Sequence[str] | None = None
) -> ImportProfile:
    """Keep a profile under its name; with `headers`, files with the same header are recognised as its own."""
    actor.require("intake.run")
    profile = parse_profile(content)
    digest = header_digest(headers) if headers else None
    kept = Profile.objects.select_for_update().filter(name=profile.name).first()
    if kept is None:
        kept = Profile.objects.create(
            name=profile.name, source=profile.source, content=dict(content), header_digest=digest, updated_at=now
        )
    elif dict(kept.content) != dict(content) or (digest and bytes(kept.header_digest or b"") != digest):
        kept.content, kept.source, kept.updated_at, kept.is_active = dict(content), profile.source, now, True
        kept.header_digest = digest or kept.header_digest
        kept.version += 1
        kept.save()
    else:
        return profile
    audit.record(
        actor=actor, now=now, action="intake.save_profile", object_kind="profile", object_id=kept.id,
        object_ref=profile.name, detail={"version": kept.version},
    )  # fmt: skip
    return profile


@transaction.atomic
def deactivate_profile(*, actor: Actor, now: datetime, name: str) -> None:
    """Offer a profile no more. Its batches keep the copy they were read with."""
    actor.require("intake.run")
    if Profile.objects.filter(name=name, is_active=True).update(is_active=False, updated_at=now):
        audit.record(actor=actor, now=now, action="intake.deactivate_profile", object_kind="profile", object_ref=name)


def find_by_name(name: str) -> Mapping[str, Any] | None:
    kept = Profile.objects.filter(name=name, is_active=True).first()
    return None if kept is None else dict(kept.content)


def find_by_headers(headers: Sequence[str]) -> Mapping[str, Any] | None:
    """The profile last used for a file with these columns, in whatever order."""
    kept = Profile.objects.filter(header_digest=header_digest(headers), is_active=True).order_by("-updated_at").first()
    return None if kept is None else dict(kept.content)


def profiles_for_file(file_name: str) -> list[ImportProfile]:
    """Kept profiles whose pattern fits the name of a file, for the folder drop."""
    return [profile for profile in known_profiles() if profile.fits_name(file_name)]


def known_profiles() -> list[ImportProfile]:
    found = []
    for kept in Profile.objects.filter(is_active=True).order_by("name"):
        try:
            found.append(parse_profile(kept.content))
        except ProfileError:
            # Kept by an older release; the page that lists profiles says so, others go on without it.
            continue
    return found


def content_of(profile: ImportProfile, kind_columns: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """Profile content made by the mapping page."""
    return {
        "name": profile.name,
        "source": profile.source,
        "entity": [{"kind": kind, "columns": dict(columns)} for kind, columns in kind_columns],
    }
