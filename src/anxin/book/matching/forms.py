"""The shape of what is asked of pairs and merges."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class DecisionForm(forms.Form):
    """`chosen_<field>`: left or right, read apart."""

    decision = forms.ChoiceField(choices=[(one, one) for one in ("merge", "different", "later", "reopen")])
    version = forms.IntegerField(min_value=1)
    left_version = forms.IntegerField(min_value=1, required=False)
    right_version = forms.IntegerField(min_value=1, required=False)
    survivor = forms.ChoiceField(choices=[("left", "left"), ("right", "right")], required=False)
    reason = forms.CharField(max_length=200, required=False)


class SeparateForm(forms.Form):
    reason = forms.CharField(
        label=_("Why are they separated"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


class MergeForm(forms.Form):
    other = forms.CharField(label=_("Number of the other file"), max_length=20)
    reason = forms.CharField(
        label=_("Why are they one customer"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


class BulkForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class WeightForm(forms.Form):
    """Filters of the queue."""

    state = forms.CharField(required=False)
    source = forms.CharField(required=False, max_length=40)
    unit = forms.UUIDField(required=False)
    weight = forms.CharField(required=False)
    contradiction = forms.CharField(required=False)
