"""The dry run of a scheme: how many a class has and would have, who would move where, and the premium that moves."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext

from anxin.analytics.classes import registry
from anxin.book.segments.models import Run
from anxin.book.segments.queries import explaining
from anxin.foundation.schemes import queries as schemes
from anxin.foundation.schemes.data import Content, Effect

LONGEST_SECONDS: Final = 240
MOST_MOVES: Final = 12
log = logging.getLogger(__name__)


def of(code: str, every: tuple[str, ...]) -> Callable[[Content], list[Effect]]:
    """The dry run of scheme `code`; `every` are the schemes a run reads."""

    def preview(content: Content) -> list[Effect]:
        return effects(code, content, every)

    return preview


def effects(code: str, content: Content, every: tuple[str, ...]) -> list[Effect]:
    """Nothing before the first run, or where its files are on another machine."""
    run = Run.objects.filter(state=Run.State.DONE, is_replay=False).order_by("-as_of", "-started_at").first()
    if run is None:
        return []
    folder = Path(settings.ANXIN_HOME) / "analytics" / run.as_of.isoformat()
    if not (folder / "standing.parquet").exists():
        return []
    rules: dict[str, Any] = {one: schemes.active(one, on=run.as_of).content for one in every} | {code: content}
    asked = json.dumps({"folder": str(folder), "as_of": run.as_of.isoformat(), "rules": rules})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "anxin.analytics.preview"], input=asked, capture_output=True, text=True, check=True,
            timeout=LONGEST_SECONDS,
        )  # fmt: skip
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        log.warning("The dry run of %s failed: %s", code, type(error).__name__)
        return []
    return _in_words(code, json.loads(done.stdout.splitlines()[-1]), explaining.tier_names(run.as_of))


def _in_words(code: str, moves: dict[str, list[list[Any]]], tiers: dict[str, str]) -> list[Effect]:
    found = []
    for kind in registry.CLASSES:
        rows = moves.get(kind.code, [])
        moved = [row for row in rows if row[0] != row[1]]
        if not moved and kind.scheme != code:
            continue
        name = kind.en if explaining.in_english() else kind.zh

        def label(value: str, kind: registry.ClassKind = kind) -> str:
            return explaining.class_label(kind.code, value, tiers if kind.code == "tier" else None) if value else "—"

        for value in dict.fromkeys([*kind.values, *(row[0] for row in rows), *(row[1] for row in rows)]):
            found.append(
                Effect(
                    label=f"{name}: {label(value)}",
                    before=sum(row[2] for row in rows if row[0] == value),
                    after=sum(row[2] for row in rows if row[1] == value),
                )
            )
        for before, after, parties, premium_fen in moved[:MOST_MOVES]:
            premium = explaining.metric_text("annual_premium_fen", premium_fen)
            words = gettext("moves, annual premium %(premium)s") % {"premium": premium}
            found.append(Effect(label=f"{label(before)} → {label(after)} ({words})", before=0, after=parties))
    return found
