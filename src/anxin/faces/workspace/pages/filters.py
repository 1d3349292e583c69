"""From the address of the customers list to a filter, and back to the chips that show it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language, gettext, pgettext

from anxin.book.customers import queries as customers
from anxin.book.customers.queries import panels
from anxin.faces.workspace import forms
from anxin.foundation.org import queries as org
from anxin.kernel import money, tiers
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers import divisions
from anxin.kernel.web import words

# In this order; those not listed here appear in the bar only while they are set.
ALWAYS: Final = ("tier", "expiring", "birthday", "tag")
CHOICES: Final[Mapping[str, tuple[Sequence[tuple[str, Any]] | Callable[[], Sequence[tuple[str, Any]]], bool]]] = {
    "tier": (tiers.choices, False),
    "expiring": (forms.EXPIRIES, True),
    "birthday": (forms.BIRTHDAYS, True),
    "abc": (forms.ABC, False),
    "kind": (forms.KINDS, True),
    "sex": (forms.SEXES, True),
    "holds": (forms.HOLDS, True),
    "line": (forms.LINES, False),
    "silent": (forms.SILENCES, True),
}
PERMITTED: Final = {"attention": "customers.attention"}


@dataclass(frozen=True, kw_only=True)
class Option:
    value: str
    label: Any
    checked: bool
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class Dropdown:
    """A filter chosen from a list. `keep` are the other parameters, `chosen` its words when set."""

    name: str
    label: Any
    options: Sequence[Option]
    single: bool
    chosen: str
    keep: Sequence[tuple[str, str]]
    clear_url: str

    @property
    def key(self) -> tuple[object, ...]:
        """What its list of options depends on, besides the language."""
        return self.name, *((option.value, str(option.label), option.checked) for option in self.options)


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A filter that is set otherwise, with the address without it."""

    label: str
    remove_url: str
    symbol: str = ""


def read(actor: Actor, params: QueryDict) -> customers.CustomerFilter:
    """The filter that the parameters ask for; what is not understood is dropped."""
    given = _cleaned(params)

    def fen(name: str) -> int | None:
        return given[name] * 100 if given.get(name) is not None else None

    manager = given.get("manager", "")
    return customers.CustomerFilter(
        text=given.get("q", ""),
        manager=actor.user_id if manager == "me" else _uuid(manager),
        without_manager=manager == "none",
        unit=given.get("unit"),
        tiers=tuple(given.get("tier", ())),
        abc=tuple(given.get("abc", ())),
        kind=given.get("kind", ""),
        sex=given.get("sex", ""),
        age_from=given.get("age_from"),
        age_to=given.get("age_to"),
        birthday_within=given.get("birthday"),
        expiring_within=given.get("expiring"),
        silent_days=given.get("silent"),
        premium_from_fen=fen("premium_from"),
        premium_to_fen=fen("premium_to"),
        holds=given.get("holds", ""),
        lines=tuple(given.get("line", ())),
        tags=tuple(key for value in params.getlist("tag") if (key := _uuid(value)) is not None),
        division=given.get("division", ""),
        has_open_claim=bool(given.get("claim")),
        on_attention=bool(given.get("attention")) and actor.may("customers.attention"),
        custom=tuple((one.field.code, one.value) for one in own_fields(params) if one.value is not None),
    )


# Parameters of fields a site added: own.<code>
OWN: Final = "own."


@dataclass(frozen=True, kw_only=True)
class OwnField:
    """A field of the site's own: its label in the language of the moment, what was asked for, and that as its value."""

    field: Any
    name: str
    label: str
    given: str
    value: str | bool | float | None


def own_fields(params: QueryDict, *, all_of_them: bool = False) -> list[OwnField]:
    """Those asked for, or all that can be asked for. No query when none is asked for."""
    if not all_of_them and not any(name.startswith(OWN) for name in params):
        return []
    is_chinese = words.is_chinese(get_language())
    found = []
    for field in panels.custom_fields():
        name = OWN + field.code
        given = params.get(name, "").strip()[:100]
        if given or all_of_them:
            label = field.label_zh if is_chinese else field.label_en
            found.append(OwnField(field=field, name=name, label=label, given=given, value=_own_value(field, given)))
    return found


def _own_value(field: Any, given: str) -> str | bool | float | None:
    """As it is stored; None for what cannot be a value of the field."""
    if not given:
        return None
    if field.kind == "yes_no":
        return {"yes": True, "no": False}.get(given)
    if field.kind == "number":
        try:
            number = float(given)
        except ValueError:
            return None
        if not math.isfinite(number):
            return None
        return int(number) if number.is_integer() else number
    return given if field.kind != "choice" or given in field.choices else None


def _cleaned(params: QueryDict) -> dict[str, Any]:
    """What the fields of the form make of the parameters that are there: a whole form for each page costs 1 ms."""
    found = {}
    for name, field in forms.CustomerFilterForm.base_fields.items():
        if name not in params:
            continue
        try:
            found[name] = field.clean(field.widget.value_from_datadict(params, {}, name))
        except ValidationError:
            continue
    return found


def dropdowns(params: QueryDict, tags: Sequence[customers.TagData]) -> list[Dropdown]:
    """The filters of the bar: the usual ones, and any other that is set."""
    found = []
    labels = forms.CustomerFilterForm.base_fields
    for name in dict.fromkeys((*ALWAYS, *CHOICES)):
        if name == "tag":
            choices: Sequence[tuple[str, Any]] = [(str(tag.id), tag.name) for tag in tags]
            single = False
        else:
            known, single = CHOICES[name]
            choices = known() if callable(known) else known
        if not choices or (name not in ALWAYS and not params.getlist(name)):
            continue
        found.append(_dropdown(params, name, labels[name].label, choices, single))
    return found


def chips(params: QueryDict, wanted: customers.CustomerFilter) -> list[Chip]:
    """Filters that are set by typing or by a picker."""
    found = []
    if wanted.age_from is not None or wanted.age_to is not None:
        ages = f"{wanted.age_from or 0}–{wanted.age_to if wanted.age_to is not None else '∞'}"
        found.append(_chip(params, gettext("Age: %(ages)s") % {"ages": ages}, "age_from", "age_to"))
    if wanted.premium_from_fen is not None or wanted.premium_to_fen is not None:
        language = get_language() or "zh-hans"
        low = money.format_money(wanted.premium_from_fen or 0, language, "short")
        high = money.format_money(wanted.premium_to_fen, language, "short") if wanted.premium_to_fen else "∞"
        found.append(
            _chip(
                params, gettext("Premium: %(low)s–%(high)s") % {"low": low, "high": high}, "premium_from", "premium_to"
            )
        )
    if wanted.division:
        text = divisions.full_name(wanted.division) or wanted.division
        found.append(_chip(params, gettext("Place: %(place)s") % {"place": text}, "division", symbol="map-pin"))
    for one in own_fields(params):
        if one.value is not None:
            shown = {"yes": pgettext("answer", "Yes"), "no": pgettext("answer", "No")}.get(one.given, one.given)
            text = gettext("%(label)s: %(value)s") % {"label": one.label, "value": shown}
            found.append(_chip(params, text, one.name))
    if wanted.has_open_claim:
        found.append(_chip(params, gettext("Has an open claim"), "claim"))
    if wanted.on_attention:
        found.append(_chip(params, gettext("On the attention list"), "attention"))
    return found


def manager_name(actor: Actor, wanted: customers.CustomerFilter) -> str:
    if wanted.without_manager:
        return gettext("nobody")
    if wanted.manager is None:
        return ""
    if wanted.manager == actor.user_id:
        return gettext("me")
    found = org.find_staff(actor, ids=[wanted.manager])
    return found[0].name if found else words.EMPTY


def kept(params: QueryDict, *names: str) -> list[tuple[str, str]]:
    """The parameters of the address but for `names` and the place in the list: hidden fields of a GET form."""
    dropped = {*names, "cursor"}
    return [(key, value) for key in params for value in params.getlist(key) if key not in dropped]


def address_without(params: QueryDict, *names: str) -> str:
    rest = params.copy()
    for name in (*names, "cursor"):
        rest.pop(name, None)
    return "?" + (rest.urlencode() or "view=all")


def state_of(request: HttpRequest) -> QueryDict:
    """The query string of the list that a dialog was opened from."""
    return QueryDict((request.POST or request.GET).get("state", "")[:4000])


def _dropdown(params: QueryDict, name: str, label: Any, choices: Sequence[tuple[str, Any]], single: bool) -> Dropdown:
    given = params.getlist(name)
    options = [Option(value=value, label=text, checked=value in given) for value, text in choices]
    chosen = [str(option.label) for option in options if option.checked]
    others = [value for value in given if value not in {option.value for option in options}]
    if others and single and others[0].isdigit():
        chosen.append(gettext("%(days)s days") % {"days": others[0]})
    return Dropdown(
        name=name,
        label=label,
        options=options,
        single=single,
        chosen=("、" if words.is_chinese(get_language()) else ", ").join(chosen),
        keep=kept(params, name),
        clear_url=address_without(params, name),
    )


def _chip(params: QueryDict, label: str, *names: str, symbol: str = "") -> Chip:
    return Chip(label=label, remove_url=address_without(params, *names), symbol=symbol)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except (ValueError, AttributeError):
        return None
