"""Figures over complaints: the three ratios of the bulletins, growth, the iceberg."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

_YI_FEN = 10_000_000_000  # 10^8 yuan


@dataclass(frozen=True, kw_only=True)
class Ratios:
    """Complaints against business; None where there is no business to divide by."""

    per_premium: Decimal | None  # 件/亿元
    per_policies: Decimal | None  # 件/万张
    per_insured: Decimal | None  # 件/万人次


def ratios(complaints: int, *, premium_fen: int, policies: int, insured: int) -> Ratios:
    """亿元保费投诉量, 万张保单投诉量, 万人次投诉量, to two places."""
    return Ratios(
        per_premium=_per(complaints, premium_fen, _YI_FEN), per_policies=_per(complaints, policies, 10_000),
        per_insured=_per(complaints, insured, 10_000),
    )  # fmt: skip


def _per(complaints: int, volume: int, unit: int) -> Decimal | None:
    return (Decimal(complaints) * unit / volume).quantize(Decimal("0.01")) if volume > 0 else None


def middle(values: Sequence[Decimal | None]) -> Decimal | None:
    """The median of those that are known."""
    known = [value for value in values if value is not None]
    return Decimal(median(known)).quantize(Decimal("0.01")) if known else None


def growth(now: int, before: int) -> float | None:
    """(this − before) ÷ before; None when there was none before."""
    return (now - before) / before if before else None


@dataclass(frozen=True, kw_only=True)
class Iceberg:
    """An estimate of what is under the water; counts of people, rounded."""

    direct: int
    indirect: int
    silent: int
    behind_each: int
    told_small: int
    told_big: int
    kept_if_fast: int
    kept_if_unsolved: int


def iceberg(direct: int, content: Mapping[str, Any]) -> Iceberg:
    """From complaints made to us to all who are dissatisfied, by the shares of the scheme (basis points)."""
    share = {name: int(content[name]) for name in content}
    silent = round(direct * share["silent"] / share["direct"])
    telling = silent * share["tell_others"] / 10_000
    return Iceberg(
        direct=direct, indirect=round(direct * share["indirect"] / share["direct"]), silent=silent,
        behind_each=direct * share["behind_each"], told_small=round(telling * share["small_ears"]),
        told_big=round(telling * share["big_ears"]), kept_if_fast=round(direct * share["stay_fast"] / 10_000),
        kept_if_unsolved=round(direct * share["stay_unsolved"] / 10_000),
    )  # fmt: skip
