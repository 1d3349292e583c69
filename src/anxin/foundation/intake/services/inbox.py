"""The folder drop: a source system puts its nightly file into the inbox, the product takes it and puts it aside.

A file is taken once it has not changed for a while, when a profile's pattern fits its name. It moves to `done` or to
`failed`, where a text file beside it says why.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from anxin.foundation.intake.rules.problems import FileRefused
from anxin.foundation.intake.services import batches, profiles
from anxin.foundation.intake.services.batches import AlreadyRunning
from anxin.kernel.actor import Actor

SETTLED_AFTER: Final = timedelta(seconds=30)
# What writers use for a file that is not whole yet.
_UNFINISHED: Final = (".part", ".tmp", ".crdownload", ".filepart")
log = logging.getLogger(__name__)


def pick_up(*, folder: Path, clock: Callable[[], datetime], settled_after: timedelta = SETTLED_AFTER) -> int:
    """Make batches of the files that wait in `folder` and send them off; returns how many. Files without a fitting
    profile stay where they are: somebody may still add one."""
    if not folder.is_dir():
        return 0
    taken = 0
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if not _is_ready(path, clock(), settled_after):
            continue
        fitting = profiles.profiles_for_file(path.name)
        if len(fitting) != 1:
            if fitting:
                log.warning("%s fits %d profiles; make their patterns differ.", path.name, len(fitting))
            continue
        content = profiles.find_by_name(fitting[0].name)
        if content is None:
            continue
        actor = Actor.system("inbox", channel="worker")
        try:
            with path.open("rb") as file:
                batch = batches.create_from_upload(
                    actor=actor, now=clock(), name=path.name, content=file, profile=content
                )
            with suppress(AlreadyRunning):
                batches.confirm(actor=actor, now=clock(), ref=batch.ref)
        except (FileRefused, profiles.ProfileError) as error:
            _put_aside(path, folder / "failed", clock(), str(error))
            continue
        _put_aside(path, folder / "done", clock())
        taken += 1
    return taken


def _is_ready(path: Path, now: datetime, settled_after: timedelta) -> bool:
    # Links could point at any file the product may read.
    if path.name.startswith(".") or path.suffix in _UNFINISHED or path.is_symlink():
        return False
    try:
        return path.is_file() and path.stat().st_mtime <= (now - settled_after).timestamp()
    except FileNotFoundError:
        return False


def _put_aside(path: Path, folder: Path, now: datetime, why: str = "") -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"{now:%Y%m%d-%H%M%S}-{path.name}"
    path.rename(target)
    if why:
        target.with_name(target.name + ".txt").write_text(why + "\n", encoding="utf-8")
