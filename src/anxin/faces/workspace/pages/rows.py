"""The cells of the customers list, column by column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, pgettext

from anxin.book.customers.queries import CustomerRow
from anxin.kernel import money
from anxin.kernel.web import cells, words
from anxin.kernel.web.cells import escape
from anxin.kernel.web.tables import Column
from anxin.kernel.web.templatetags import ui

SOON: Final = ((7, "danger-t"), (30, "warn-t"))  # days to the next expiry, colour


def of_customers(
    rows: Sequence[CustomerRow], columns: Sequence[Column], *, today: date, now: datetime, may_select: bool
) -> SafeString:
    """The <tr>s of one page of the list, in the language of the moment."""
    makers = _Makers(today, now, get_language() or "zh-hans")
    written = [cells.each(cells.head(css="ck"), rows, makers.tick)] if may_select else []
    for column in columns:
        label = "" if column.code == "name" else column.label
        head = cells.head(label=label, css=_CSS.get(column.code, column.css))
        make: cells.Make = getattr(makers, column.code)
        value = _VALUES.get(column.code)
        written.append(cells.of_values(head, map(value, rows), make) if value else cells.each(head, rows, make))
    return cells.body(written)


_CSS: Final = {"name": "nm", "ref": "mono", "mobile": "mono", "tier": "tierc"}
# Columns that show one value of the row and nothing else; the others are made of the row.
_VALUES: Final[Mapping[str, Callable[[CustomerRow], Any]]] = {
    code: attrgetter(name)
    for code, name in {
        "tier": "tier", "abc": "abc", "premium": "annual_premium_fen", "policies": "active_policies",
        "next_expiry": "next_expiry_date", "last_contact": "last_contact_at", "manager": "manager", "unit": "unit",
        "birthday": "birthday", "district": "district", "customer_since": "customer_since",
    }.items()
}  # fmt: skip


@lru_cache(maxsize=128)
def _in_days(days: int, _language: str) -> str:
    return escape(ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days})


class _Makers:
    """One method for each column; its name is the column's code."""

    def __init__(self, today: date, now: datetime, language: str) -> None:
        self._today, self._now, self._language = today, now, language
        self._base = reverse("workspace:customers")
        self._tick = gettext("Select %(name)s")
        self._organisation = f'{ui.icon("building", "s14")}<span class="sr">{escape(gettext("Organisation"))}</span>'
        self._deceased = ui.tag(gettext("Deceased"), "", False)
        self._sexes = {"M": pgettext("sex", "Male"), "F": pgettext("sex", "Female")}
        self._years = gettext("%(years)s years old")

    def tick(self, row: CustomerRow) -> str:
        return cells.tick("ref", row.ref, self._tick % {"name": row.name})

    def name(self, row: CustomerRow) -> str:
        more = (self._deceased if row.is_deceased else "") + (self._organisation if row.kind == "organisation" else "")
        return f'<span class="cust">{cells.link(f"{self._base}{row.ref}/", row.name)}{more}</span>'

    def ref(self, row: CustomerRow) -> str:
        return escape(row.ref)

    def tier(self, tier: str) -> str:
        return ui.tier(tier) or words.EMPTY

    def abc(self, abc: str) -> str:
        return f"<b>{escape(abc)}</b>" if abc else words.EMPTY

    def premium(self, fen: int | None) -> str:
        return words.EMPTY if fen is None else escape(money.format_money(fen, self._language))

    def policies(self, number: int | None) -> str:
        return cells.text(number)

    def next_expiry(self, day: date | None) -> str:
        shown = cells.day(day, self._language)
        left = (day - self._today).days if day is not None else -1
        level = next((level for days, level in SOON if 0 <= left <= days), "")
        return f'<span class="{level}" title="{_in_days(left, self._language)}">{shown}</span>' if level else shown

    def last_contact(self, at: datetime | None) -> str:
        return cells.moment(at, self._language, now=self._now)

    def manager(self, name: str) -> str:
        return cells.text(name)

    def unit(self, name: str) -> str:
        return cells.text(name)

    def birthday(self, key: int | None) -> str:
        return f"{key // 100:02d}-{key % 100:02d}" if key else words.EMPTY

    def mobile(self, row: CustomerRow) -> str:
        return cells.text(row.mobile)

    def age(self, row: CustomerRow) -> str:
        parts = [self._sexes.get(row.sex, "")]
        if row.birth_date is not None and not row.is_deceased:
            born, today = row.birth_date, self._today
            years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
            parts.append(self._years % {"years": years})
        return cells.text(" · ".join(filter(None, parts)))

    def district(self, name: str) -> str:
        return cells.text(name)

    def customer_since(self, day: date | None) -> str:
        return cells.day(day, self._language)

    def tags(self, row: CustomerRow) -> str:
        shown = "".join(ui.tag(one.name, one.colour, False) for one in row.tags) or words.EMPTY
        return f'<span class="tags">{shown}</span>'
