"""Shapes of what staff enter on lists. A condition that makes no sense is dropped, not complained about."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anxin.book.customers.services import purposes
from anxin.kernel import tiers
from anxin.kernel.identifiers import divisions

ABC: Final = (("A", "A"), ("B", "B"), ("C", "C"))
KINDS: Final = (("person", _("Person")), ("organisation", _("Organisation")))
SEXES: Final = (("F", pgettext_lazy("sex", "Female")), ("M", pgettext_lazy("sex", "Male")))
HOLDS: Final = (("active", _("Has a policy in force")), ("none", _("Has no policy in force")))
LINES: Final = (
    ("motor", _("Motor")),
    ("life", _("Life")),
    ("annuity", _("Annuity")),
    ("health", _("Health")),
    ("accident", _("Accident")),
    ("property", _("Property")),
    ("liability", _("Liability")),
)
BIRTHDAYS: Final = (("0", _("Today")), ("7", _("Within 7 days")), ("30", _("Within 30 days")))
EXPIRIES: Final = (
    ("7", _("Within 7 days")),
    ("30", _("Within 30 days")),
    ("60", _("Within 60 days")),
    ("90", _("Within 90 days")),
)
SILENCES: Final = (
    ("30", _("30 days or longer")),
    ("90", _("90 days or longer")),
    ("180", _("180 days or longer")),
    ("365", _("A year or longer")),
)


class PlaceField(forms.CharField):
    """A province, city or district: its code, or a name. Gives the code."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        code = divisions.code_of(text)
        if text and not code:
            raise forms.ValidationError(gettext("There is no such place."))
        return code


def _many(choices: Any, label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(choices=choices, label=label, required=False, widget=forms.CheckboxSelectMultiple)


def _one(choices: Any, label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=[("", _("Any")), *choices], label=label, required=False)


def _days(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=3660)


class CustomerFilterForm(forms.Form):
    """The parameters of the customers list."""

    q = forms.CharField(label=_("Text"), required=False, max_length=60)
    manager = forms.CharField(label=_("Customer manager"), required=False, max_length=40)
    unit = forms.UUIDField(label=_("Unit"), required=False)
    tier = _many(tiers.choices, _("Premium tier"))
    abc = _many(ABC, _("ABC class"))
    kind = _one(KINDS, _("Kind"))
    sex = _one(SEXES, _("Sex"))
    age_from = forms.IntegerField(label=_("Age from"), required=False, min_value=0, max_value=150)
    age_to = forms.IntegerField(label=_("Age to"), required=False, min_value=0, max_value=150)
    birthday = _days(_("Birthday"))
    expiring = _days(_("Policy expiring"))
    silent = _days(_("Not contacted for"))
    premium_from = forms.IntegerField(
        label=_("Annual premium from (yuan)"), required=False, min_value=0, max_value=10**12
    )
    premium_to = forms.IntegerField(
        label=_("Annual premium below (yuan)"), required=False, min_value=0, max_value=10**12
    )
    holds = _one(HOLDS, _("Policies"))
    line = _many(LINES, _("Line held"))
    tag = forms.CharField(label=_("Tags"), required=False)
    division = PlaceField(label=_("Province, city or district"), required=False, max_length=40)
    claim = forms.BooleanField(label=_("Has an open claim"), required=False)
    attention = forms.BooleanField(label=_("On the attention list"), required=False)


class ViewForm(forms.Form):
    name = forms.CharField(label=_("Name of the view"), max_length=60)
    is_shared = forms.BooleanField(label=_("Share with everybody who may see this list"), required=False)
    is_default = forms.BooleanField(label=_("Open the list with this view"), required=False)

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]


class BulkForm(forms.Form):
    """What is meant: ticked rows (`ref`), or the whole filtered set (`whole`) as the query string in `state`."""

    whole = forms.BooleanField(required=False)
    state = forms.CharField(required=False, max_length=4000)


class TagForm(BulkForm):
    tag = forms.CharField(label=_("Tag"), max_length=40)


class AssignForm(BulkForm):
    manager = forms.UUIDField(label=_("Customer manager"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
    beyond = forms.BooleanField(label=_("Assign even if the manager has no room"), required=False)

    def __init__(self, *args: Any, may_beyond: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_beyond:
            del self.fields["beyond"]


class ExportForm(BulkForm):
    purpose = forms.ChoiceField(
        label=_("What the list is for"),
        choices=[("", "—"), *((code, _(word)) for code, word in purposes.PURPOSES.items())],
        help_text=_(
            "A list for marketing leaves out who did not agree to it and who has a complaint open; "
            "the job says how many."
        ),
    )  # fmt: skip
    format = forms.ChoiceField(
        label=_("Format"), choices=[("xlsx", "XLSX"), ("csv", "CSV")], initial="xlsx", widget=forms.RadioSelect
    )
    in_clear = forms.BooleanField(label=_("Phone numbers in clear"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, may_reveal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_reveal:
            del self.fields["in_clear"]
            del self.fields["reason"]


class DoneForm(forms.Form):
    """How a contact ended; `again` only for outcomes that leave the item open."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    outcome = forms.ChoiceField(label=_("Outcome"), widget=forms.RadioSelect)
    note = forms.CharField(label=_("Remark"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    again = forms.DateField(label=_("Try again on"), required=False, widget=forms.DateInput(format="%Y-%m-%d"))

    def __init__(self, *args: Any, outcomes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = outcomes  # type: ignore[attr-defined]


SNOOZES: Final = (
    ("hour", _("In one hour")),
    ("tomorrow", _("Tomorrow 9:00")),
    ("monday", _("Next Monday 9:00")),
    ("week", _("In a week")),
    ("month", _("In 30 days")),
)


class SnoozeForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)
    until = forms.ChoiceField(label=_("Until"), choices=SNOOZES)


class HandOverForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)
    to = forms.UUIDField(label=_("Colleague"))
    why = forms.CharField(label=_("Reason"), required=False, max_length=200)


class ItemForm(forms.Form):
    """A work item made by hand."""

    title = forms.CharField(label=_("What is to be done"), max_length=200)
    customer = forms.CharField(
        label=_("Customer no."), required=False, max_length=12, help_text=_("Such as C7K2-9QF4; may stay empty")
    )
    due = forms.DateField(label=_("Due on"), widget=forms.DateInput(format="%Y-%m-%d"))
    is_urgent = forms.BooleanField(label=_("High priority"), required=False)
    owner = forms.UUIDField(label=_("For"), required=False)
    note = forms.CharField(label=_("Remark"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, may_give: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_give:
            del self.fields["owner"]
