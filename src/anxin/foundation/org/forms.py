"""Shapes of what people type about units, posts and calendars."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.foundation.org import rules

LEVELS = [
    ("hq", _("Headquarters")),
    ("province", _("Province branch")),
    ("city", _("City branch")),
    ("county", _("County branch")),
    ("outlet", _("Outlet")),
]
WEEKDAYS = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]


class UnitForm(forms.Form):
    name = forms.CharField(label=_("Unit name"), max_length=80)
    level = forms.ChoiceField(label=_("Level"), choices=LEVELS)
    division_code = forms.RegexField(
        label=_("Division code"), max_length=12, regex=r"^\d{0,12}$", required=False,
        help_text=_("Administrative division of the place, six digits."),
    )  # fmt: skip


class NewUnitForm(UnitForm):
    code = forms.RegexField(
        label=_("Code"), max_length=40, regex=r"^[A-Za-z0-9][A-Za-z0-9_-]*$",
        help_text=_("As in the core system. It cannot be changed later."),
    )  # fmt: skip
    field_order = ["code", "name", "level", "division_code"]


class EditUnitForm(UnitForm):
    is_active = forms.BooleanField(label=_("In business"), required=False)


class MoveForm(forms.Form):
    parent = forms.CharField(label=_("Code of the new unit above"), max_length=40)


class PostForm(forms.Form):
    username = forms.CharField(label=_("User name"), max_length=150)
    role = forms.ChoiceField(label=_("Role"))
    from_date = forms.DateField(label=_("From"), widget=forms.DateInput(format="%Y-%m-%d"))
    until_date = forms.DateField(
        label=_("Until (not included)"), required=False, widget=forms.DateInput(format="%Y-%m-%d")
    )

    def __init__(self, *arguments: Any, roles: dict[str, str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.fields["role"].choices = list(roles.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("until_date") and data.get("from_date") and data["until_date"] <= data["from_date"]:
            self.add_error("until_date", gettext("The end lies before the beginning."))
        return data


class HoursField(forms.CharField):
    def clean(self, value: Any) -> Any:
        try:
            return rules.parse_spans(super().clean(value) or "")
        except ValueError as error:
            raise forms.ValidationError(gettext("Write hours like 09:00-12:00, 13:00-17:30.")) from error


class CalendarForm(forms.Form):
    name = forms.CharField(label=_("Calendar name"), max_length=80)

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        for number, weekday in enumerate(WEEKDAYS, start=1):
            self.fields[f"day_{number}"] = HoursField(label=weekday, max_length=60, required=False)

    def weekly_hours(self) -> dict[str, list[list[str]]]:
        return {str(number): self.cleaned_data[f"day_{number}"] for number in range(1, 8)}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(self.weekly_hours().values()):
            raise forms.ValidationError(gettext("A week without any working hours would never reach a deadline."))
        return data


class NewCalendarForm(CalendarForm):
    code = forms.SlugField(label=_("Code"), max_length=40)
    unit = forms.CharField(
        label=_("Code of the unit"),
        max_length=40,
        required=False,
        help_text=_("Holds for the unit and everything below."),
    )
    field_order = ["code", "name", "unit"]


class DayForm(forms.Form):
    day = forms.DateField(label=_("Date"), widget=forms.DateInput(format="%Y-%m-%d"))
    kind = forms.ChoiceField(label=_("Kind"), choices=[("off", _("Day off")), ("work", _("Working day"))])
    hours = HoursField(label=_("Hours"), max_length=60, required=False, help_text=_("Empty: as on a usual day."))
    name = forms.CharField(label=_("Occasion"), max_length=60, required=False)


class YearForm(forms.Form):
    year = forms.IntegerField(min_value=2004, max_value=2100)
