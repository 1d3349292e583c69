"""Why a customer is in a class: the decision in a sentence, with their own figures and the scheme's version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from anxin.analytics.classes import cells, registry
from anxin.analytics.metrics.registry import BY_CODE, METRICS, NEEDS, Unit
from anxin.book.customers import queries as customers
from anxin.book.segments.models import ClassChange, Profile, Run
from anxin.foundation.schemes import queries as schemes
from anxin.kernel.actor import Actor

FACTORS = ("profit_score", "influence_score", "loyalty_score", "potential_score")


@dataclass(frozen=True, kw_only=True)
class ClassView:
    """One class of one customer. `since` None: since the first run that saw the customer."""

    code: str
    name: str
    value: str
    label: str
    because: str
    scheme: str
    version: int
    since: date | None
    ids: str


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A need that is not met, in order of priority (B21). `gap_fen`: what is missing to the needed sum."""

    need: str
    name: str
    is_missing: bool
    held_fen: int
    needed_fen: int
    gap_fen: int
    plan: str


@dataclass(frozen=True, kw_only=True)
class CustomerClasses:
    """What the last run found of a customer, in words. Figures are (name, value as text, code)."""

    ref: str
    as_of: date
    classes: tuple[ClassView, ...]
    figures: tuple[tuple[str, str, str], ...]
    factors: tuple[tuple[str, int], ...]
    cell: str
    results: tuple[str, ...]
    proposals: tuple[Proposal, ...]
    own: tuple[tuple[str, str], ...] = ()
    experiences: tuple[tuple[str, str], ...] = ()
    moved_cell: tuple[str, str] | None = None
    key_group: str = ""
    plain: Mapping[str, Any] = field(default_factory=dict)


def in_english() -> bool:
    return (get_language() or "").startswith("en")


def word(pair: tuple[str, str]) -> str:
    return pair[1] if in_english() else pair[0]


def class_label(code: str, value: str, names: Mapping[str, str] | None = None) -> str:
    """The name of a class value in the reader's language; what no registry names is shown as it is."""
    if names and value in names:
        return names[value]
    pair = registry.BY_CODE[code].values.get(value)
    if pair is not None:
        return word(pair)
    if code == "cluster" and value:
        return f"Cluster {value}" if in_english() else f"第 {value} 群"
    if code == "age_band" and value:
        sort, _, age = value.partition("_")
        return (
            (f"under {age}" if sort == "under" else f"{age} and over")
            if in_english()
            else (f"{age} 岁以下" if sort == "under" else f"{age} 岁及以上")
        )
    return value or "—"


def metric_text(code: str, value: Any) -> str:
    """A figure with its unit, as people write it."""
    if value is None or value == "":
        return "—"
    metric = BY_CODE.get(code)
    unit = metric.unit if metric is not None else None
    is_english = in_english()
    if code == "annual_income_fen" or unit in (Unit.FEN, Unit.FEN_PER_YEAR):
        return f"{'−' if value < 0 else ''}¥{abs(value) // 100:,}"
    if code == "share_before_bp" or unit is Unit.BP:
        return f"{value // 100}.{value % 100 // 10} %"
    words = {
        Unit.MONTHS: (" 个月", " months"),
        Unit.MINUTES: (" 分钟", " min"),
        Unit.YEARS: (" 岁", " years"),
        Unit.SCORE: (" 分", ""),
        Unit.COUNT: ("", ""),
        Unit.DAYS: (" 天", " days"),
    }
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if unit in words:
        return f"{value:,}{words[unit][1 if is_english else 0]}"
    return str(value)


def metric_name(code: str) -> str:
    metric = BY_CODE[code]
    return metric.en if in_english() else metric.zh


def peers_word(column: str, value: str) -> str:
    """What customers have in common: the cell, the class of size, or that all are persons or all organisations."""
    if column != "kind":
        return class_label(column, value)
    words = {"person": ("个人客户", "private customers"), "organisation": ("机构客户", "companies")}
    return word(words[value]) if value in words else value


def classes_of(actor: Actor, ref: str, *, permission: str = "segments.view") -> CustomerClasses | None:
    """Everything about one customer; None before a run has seen the file. Raises CustomerNotFound."""
    party = customers.get_party(actor, ref, permission)
    row = Profile.objects.filter(pk=party.pk).first()
    if row is None:
        return None
    run = Run.objects.filter(pk=row.run_id).first()
    as_of = run.as_of if run is not None else party.updated_at.date()
    versions: Mapping[str, int] = run.scheme_versions if run is not None else {}
    since: dict[str, date] = {}
    moved: tuple[str, str] | None = None
    changes = ClassChange.objects.filter(party_id=party.pk).select_related("run").order_by("run__started_at")
    for change in changes:
        since[change.scheme] = change.run.as_of
        if change.scheme == "needs_cell":
            moved = (change.before, change.after)
    names = scheme_names(as_of)
    return CustomerClasses(
        ref=party.ref,
        as_of=as_of,
        classes=tuple(_class_view(row, kind, names, versions, since) for kind in registry.CLASSES),
        figures=tuple(
            (metric.en if in_english() else metric.zh, metric_text(metric.code, getattr(row, metric.code)), metric.code)
            for metric in METRICS
            if metric.is_available
        ),
        factors=tuple((BY_CODE[code].en if in_english() else BY_CODE[code].zh, getattr(row, code)) for code in FACTORS),
        cell=class_label("needs_cell", row.needs_cell) if row.needs_cell else "",
        results=tuple(class_label("needs_result", result) for result in row.needs_results),
        proposals=proposals(row, as_of),
        own=own_classes(row, as_of),
        experiences=experiences(row, as_of),
        moved_cell=(class_label("needs_cell", moved[0]), class_label("needs_cell", moved[1])) if moved else None,
        key_group=row.key_group,
        plain={field.attname: getattr(row, field.attname) for field in Profile._meta.concrete_fields},
    )


def told(party_id: UUID, today: date) -> list[str]:
    """Each class of a person with its reason, for the person themselves. For the room `rights`; no actor."""
    row = Profile.objects.filter(pk=party_id).first()
    if row is None:
        return []
    run = Run.objects.filter(pk=row.run_id).first()
    names = scheme_names(run.as_of if run is not None else today)
    versions: Mapping[str, int] = run.scheme_versions if run is not None else {}
    seen = [_class_view(row, kind, names, versions, {}) for kind in registry.CLASSES]
    return [f"{one.name}：{one.label}" + (f"（{one.because}）" if one.because else "") for one in seen if one.value]


def _class_view(
    row: Profile,
    kind: registry.ClassKind,
    names: Mapping[str, Mapping[str, str]],
    versions: Mapping[str, int],
    since: Mapping[str, date],
) -> ClassView:
    value = getattr(row, kind.code)
    values = {code: metric_text(code, getattr(row, code, "")) for code in kind.figures}
    return ClassView(
        code=kind.code,
        name=kind.en if in_english() else kind.zh,
        value=value,
        label=class_label(kind.code, value, names.get(kind.code)) if value else "—",
        because=word(kind.because).format(**values) if value else "",
        scheme=kind.scheme,
        version=versions.get(kind.scheme, 0),
        since=since.get(kind.code),
        ids=kind.ids,
    )


def tier_names(on: date) -> dict[str, str]:
    from anxin.book.segments.queries import runs

    return {tier.code: tier.name_en if in_english() else tier.name_zh for tier in runs.tiers(on=on)}


def scheme_names(on: date) -> dict[str, dict[str, str]]:
    """Of every class whose values a scheme names, what they are called by the scheme of a day."""
    return {code: names_of(code, on) for code in ("tier", "age_band")}


def names_of(code: str, on: date) -> dict[str, str]:
    """What the values of a class are called by the scheme of a day; empty where names are fixed."""
    if code == "tier":
        return tier_names(on)
    return _band_names(on) if code == "age_band" else {}


def _band_names(on: date) -> dict[str, str]:
    """Each band with both its ends: one below the other, “under 30” would leave open whether it has those under 18."""
    return band_names(schemes.active("segments.lifecycle", on=on).content["age_bands"])


def band_names(listed: Any) -> dict[str, str]:
    """The bands of these ends."""
    ends = sorted(int(end) for end in listed)
    between = "aged {}–{}" if in_english() else "{}–{} 岁"
    return {f"under_{end}": between.format(start, end - 1) for start, end in pairwise(ends)}


def proposals(row: Profile, on: date) -> tuple[Proposal, ...]:
    """What to talk about, most important first: needs that no policy serves, then sums that are too small."""
    if not row.needs_cell:
        return ()
    listed: Any = schemes.active("segments.needs", on=on).content["cells"]
    amounts: Any = schemes.active("segments.covers", on=on).content["amounts"]
    by_need = {str(one["need"]): one for one in amounts}
    missing, short = cells.kinds(row.needs_missing), cells.kinds(row.needs_short)
    found = []
    for need in cells.wanted(listed).get(row.needs_cell, []):
        amount = by_need.get(need)
        if amount is None or (need not in missing and need not in short):
            continue
        held = getattr(row, f"cover_{need}_fen") if need in NEEDS else 0
        if need == "life":
            held += row.cover_illness_fen + row.cover_accident_fen
        needed = max((row.annual_income_fen or 0) * amount["times_income_bp"] // 10_000, amount["least_fen"])
        found.append(
            Proposal(
                need=need,
                name=str(amount["en"] if in_english() else amount["zh"]),
                is_missing=need in missing,
                held_fen=held,
                needed_fen=needed,
                gap_fen=max(needed - held, 0),
                plan=str(amount["plan_en"] if in_english() else amount["plan_zh"]),
            )
        )
    return tuple(sorted(found, key=lambda one: not one.is_missing))


def own_classes(row: Profile, on: date) -> tuple[tuple[str, str], ...]:
    listed: Any = schemes.active("segments.own", on=on).content["rows"]
    language = "en" if in_english() else "zh"
    columns = {str(one["column"]): str(one[f"column_{language}"]) for one in listed}
    labels = {(str(one["column"]), str(one["code"])): str(one[language]) for one in listed}
    pairs = [part.partition("=") for part in row.own_classes.split(";") if part]
    return tuple((columns.get(column, column), labels.get((column, code), code)) for column, _, code in pairs)


def experiences(row: Profile, on: date) -> tuple[tuple[str, str], ...]:
    """What the experience matrix says for the customer's quadrant: (experience, mark)."""
    items: Any = schemes.active("segments.experience", on=on).content["items"]
    if not row.quadrant:
        return ()
    return tuple((str(one["en"] if in_english() else one["zh"]), str(one[row.quadrant])) for one in items)
