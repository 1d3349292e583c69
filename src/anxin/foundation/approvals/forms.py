"""What is typed when deciding."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from anxin.foundation.approvals.data import LONGEST_REASON


class DecisionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Remark"), required=False, max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A refusal needs its reason."),
    )  # fmt: skip
