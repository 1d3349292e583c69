"""The filters of the trail."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from anxin.foundation.audit.data import EntryFilter


class FilterForm(forms.Form):
    who = forms.CharField(label=_("Who"), max_length=60, required=False)
    action = forms.CharField(label=_("Action"), max_length=60, required=False)
    kind = forms.CharField(label=_("Kind of object"), max_length=40, required=False)
    thing = forms.CharField(label=_("Number of the customer, object or request"), max_length=80, required=False)
    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(format="%Y-%m-%d"))
    last = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(format="%Y-%m-%d"))

    def wanted(self) -> EntryFilter:
        """What can be understood; a date that is none filters nothing."""
        self.is_valid()
        data = self.cleaned_data
        return EntryFilter(
            who=data.get("who", "").strip(), action=data.get("action", "").strip(), kind=data.get("kind", "").strip(),
            thing=data.get("thing", "").strip(), first=data.get("first"), last=data.get("last"),
        )  # fmt: skip
