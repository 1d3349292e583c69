"""The shape of what is recorded about a renewal, and of the list's filter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anxin.engagement.renewals.data import Intention

CHOICES = [
    (Intention.RENEW, _("Will renew")),
    (Intention.CONSIDERING, _("Considering")),
    (Intention.NOT_RENEW, _("Will not renew")),
]


class IntentionForm(forms.Form):
    intention = forms.ChoiceField(label=_("What does the customer say"), choices=CHOICES, widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("Reason"), required=False)
    next_date = forms.DateField(label=_("Ask again on"), required=False)
    note = forms.CharField(label=_("Remark"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, reasons: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reason"]
        field.choices = [("", "—"), *reasons]


class PeriodForm(forms.Form):
    """Any period (C21); both days included."""

    first = forms.DateField()
    last = forms.DateField()
