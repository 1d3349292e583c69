"""The cells of the customers list, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, pgettext

from anxin.book.customers.queries import CustomerRow
from anxin.kernel import money
from anxin.kernel.web import cells, words
from anxin.kernel.web.cells import Cell, escape
from anxin.kernel.web.tables import Column
from anxin.kernel.web.templatetags import ui

SOON: Final = ((7, "danger-t"), (30, "warn-t"))  # days to the next expiry, colour


def of_customers(
    rows: Sequence[CustomerRow], columns: Sequence[Column], *, today: date, now: datetime, may_select: bool
) -> SafeString:
    """The <tr>s of one page of the list, in the language of the moment."""
    makers = _Makers(today, now, get_language() or "zh-hans")
    chosen: list[Cell] = [makers.tick] if may_select else []
    for column in columns:
        label = "" if column.code == "name" else column.label
        make: Cell = getattr(makers, column.code)
        chosen.append(cells.column(make, label=label, css=_CSS.get(column.code, column.css)))
    return cells.body(rows, chosen)


_CSS: Final = {"name": "nm", "ref": "mono", "mobile": "mono", "tier": "tierc"}


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
        self._tiers: dict[str, str] = {}

    def tick(self, row: CustomerRow) -> str:
        return cells.tick("ref", row.ref, self._tick % {"name": row.name})

    def name(self, row: CustomerRow) -> str:
        more = (self._deceased if row.is_deceased else "") + (self._organisation if row.kind == "organisation" else "")
        return f'<span class="cust">{cells.link(f"{self._base}{row.ref}/", row.name)}{more}</span>'

    def ref(self, row: CustomerRow) -> str:
        return escape(row.ref)

    def tier(self, row: CustomerRow) -> str:
        if row.tier not in self._tiers:
            self._tiers[row.tier] = ui.tier(row.tier) or words.EMPTY
        return self._tiers[row.tier]

    def abc(self, row: CustomerRow) -> str:
        return f"<b>{escape(row.abc)}</b>" if row.abc else words.EMPTY

    def premium(self, row: CustomerRow) -> str:
        fen = row.annual_premium_fen
        return words.EMPTY if fen is None else escape(money.format_money(fen, self._language))

    def policies(self, row: CustomerRow) -> str:
        return cells.text(row.active_policies)

    def next_expiry(self, row: CustomerRow) -> str:
        day = row.next_expiry_date
        shown = cells.day(day, self._language)
        left = (day - self._today).days if day is not None else -1
        level = next((level for days, level in SOON if 0 <= left <= days), "")
        if not level:
            return shown
        title = ngettext("in %(n)s day", "in %(n)s days", left) % {"n": left}
        return f'<span class="{level}" title="{escape(title)}">{shown}</span>'

    def last_contact(self, row: CustomerRow) -> str:
        return cells.moment(row.last_contact_at, self._language, now=self._now)

    def manager(self, row: CustomerRow) -> str:
        return cells.text(row.manager)

    def unit(self, row: CustomerRow) -> str:
        return cells.text(row.unit)

    def birthday(self, row: CustomerRow) -> str:
        return f"{row.birthday // 100:02d}-{row.birthday % 100:02d}" if row.birthday else words.EMPTY

    def mobile(self, row: CustomerRow) -> str:
        return cells.text(row.mobile)

    def age(self, row: CustomerRow) -> str:
        parts = [self._sexes.get(row.sex, "")]
        if row.birth_date is not None and not row.is_deceased:
            born, today = row.birth_date, self._today
            years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
            parts.append(self._years % {"years": years})
        return cells.text(" · ".join(filter(None, parts)))

    def district(self, row: CustomerRow) -> str:
        return cells.text(row.district)

    def customer_since(self, row: CustomerRow) -> str:
        return cells.day(row.customer_since, self._language)

    def tags(self, row: CustomerRow) -> str:
        shown = "".join(ui.tag(one.name, one.colour, False) for one in row.tags) or words.EMPTY
        return f'<span class="tags">{shown}</span>'
