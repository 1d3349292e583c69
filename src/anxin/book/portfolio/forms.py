"""The shape of a reason for seeing a masked value."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from anxin.book.customers import data as customers


class RevealForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason for viewing"),
        choices=[("", "—"), *((code, _(word)) for code, word in customers.REVEAL_REASONS.items())],
    )
    explanation = forms.CharField(label=_("In words"), required=False, max_length=200)
