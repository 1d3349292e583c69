"""What is typed for due diligence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anxin.book.customers.data import DOCUMENT_KINDS
from anxin.book.diligence import data


def _choices(words: Mapping[str, str]) -> list[tuple[str, Any]]:
    return [(code, _(word)) for code, word in words.items()]


class ReviewForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    risk = forms.ChoiceField(label=_("Grade of risk"), choices=_choices(data.RISKS))
    risk_reason = forms.CharField(label=_("Reason of the grade"), required=False, max_length=1000,
                                  widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip
    is_pep = forms.BooleanField(label=_("Politically exposed person"), required=False)
    pep_note = forms.CharField(label=_("Office or relation"), required=False, max_length=300)
    source_of_funds = forms.CharField(label=_("Source of funds"), required=False, max_length=200)
    use_of_funds = forms.CharField(label=_("Use of funds"), required=False, max_length=200)
    verification = forms.ChoiceField(label=_("Verification"), choices=_choices(data.VERIFICATIONS))
    verification_method = forms.CharField(label=_("How it was verified"), required=False, max_length=60)
    business_scope = forms.CharField(label=_("Business scope"), required=False, max_length=500)
    licence_no = forms.CharField(label=_("Licence number"), required=False, max_length=40)
    licence_until = forms.DateField(label=_("Licence valid until"), required=False,
                                    widget=forms.DateInput(format="%Y-%m-%d"))  # fmt: skip

    def __init__(self, *args: Any, is_person: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("business_scope", "licence_no", "licence_until") if is_person else ():
            del self.fields[name]


class PersonForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=_choices(data.ROLES))
    name = forms.CharField(label=_("Full name"), max_length=120)
    document_kind = forms.ChoiceField(label=_("Kind of document"), choices=_choices(DOCUMENT_KINDS))
    number = forms.CharField(label=_("Document number"), max_length=40)
    valid_until = forms.DateField(label=_("Valid until"), required=False, widget=forms.DateInput(format="%Y-%m-%d"))
    share_bp = forms.DecimalField(label=_("Holding in per cent"), required=False, min_value=0, max_value=100)

    def clean_share_bp(self) -> int | None:
        share = self.cleaned_data["share_bp"]
        return None if share is None else int(share * 100)
