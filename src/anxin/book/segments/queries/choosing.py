"""What a field of a condition can be: names from the registry, from the schemes, or as the last run found them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext

from anxin.book.portfolio import data as portfolio
from anxin.book.segments.models import Run
from anxin.book.segments.queries import explaining
from anxin.book.segments.rules.conditions import Field
from anxin.foundation.schemes import queries as schemes

_CHANNELS: Final = ("acquisition_channel",)


def named(code: str) -> Mapping[str, str]:
    """The values of a text that has only some, in the reader's language; none for other fields."""
    return {value: gettext(label) for value, label in portfolio.CHANNELS.items()} if code in _CHANNELS else {}


def choices(field: Field) -> Mapping[str, tuple[str, str]]:
    """Code to (Chinese, English)."""
    if field.code not in ("tier", "cluster", "age_band"):
        return field.choices
    run = Run.objects.filter(state=Run.State.DONE, is_replay=False).order_by("-as_of", "-started_at").first()
    groups: Any = (run.summary.get("classes") or {}).get(field.code, []) if run is not None else []
    codes = [group["code"] for group in groups if group["code"]]
    if field.code == "tier":
        listed: Any = schemes.active("segments.tiers", on=run.as_of).content["tiers"] if run is not None else []
        names = {row["code"]: (row["name_zh"], row["name_en"]) for row in listed} | dict(field.choices)
        return {code: names.get(code, (code, code)) for code in codes}
    by_scheme = explaining.names_of(field.code, run.as_of) if run is not None else {}
    return {code: (explaining.class_label(field.code, code, by_scheme),) * 2 for code in codes}
