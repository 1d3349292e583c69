"""The shape of what is entered about the quality of files, and of the card a customer fills in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.book.customers.data import CHOICES
from anxin.book.upkeep import data
from anxin.kernel.identifiers import phones


def _choices(words: Mapping[str, str], empty: bool = False) -> list[tuple[str, Any]]:
    return ([("", "—")] if empty else []) + [(code, _(word)) for code, word in words.items()]


class CorrectionForm(forms.Form):
    code = forms.ChoiceField(label=_("What to correct"))
    note = forms.CharField(label=_("Remark"), required=False, max_length=300)

    def __init__(self, *args: Any, codes: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.ChoiceField(label=_("What to correct"), choices=_choices(codes))


class OutcomeForm(forms.Form):
    outcome = forms.CharField(label=_("What was done"), required=False, max_length=300)


class DismissForm(forms.Form):
    outcome = forms.CharField(label=_("Why nothing needs correcting"), max_length=300)


class ConfirmForm(forms.Form):
    means = forms.ChoiceField(
        label=_("How the customer confirmed it"),
        choices=_choices({code: word for code, word in data.MEANS.items() if code != "self"}),
    )


class LinkForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language of the card"), choices=[("zh-hans", _("Chinese")), ("en", _("English language"))]
    )
    days = forms.IntegerField(label=_("Good for days"), min_value=1, max_value=30, initial=7)


class CardForm(forms.Form):
    """What a customer may tell about themselves; every field may stay empty."""

    mobile = forms.CharField(required=False, max_length=20)
    email = forms.EmailField(required=False, max_length=120)
    home_address = forms.CharField(required=False, max_length=300)
    marital_status = forms.ChoiceField(required=False, choices=_choices(CHOICES["marital_status"], empty=True))
    education = forms.ChoiceField(required=False, choices=_choices(CHOICES["education"], empty=True))
    occupation = forms.CharField(required=False, max_length=60)
    employer = forms.CharField(required=False, max_length=120)
    contact_preference = forms.CharField(required=False, max_length=120)
    agrees = forms.BooleanField(required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in data.CARD_FIELDS:
            self.fields[name].label = _(data.CARD_LABELS[name])
        self.fields["agrees"].label = _("I have read the notice and agree that the insurer keeps what I fill in here.")
        self.fields["mobile"].widget.attrs |= {"inputmode": "tel", "autocomplete": "tel"}
        self.fields["email"].widget.attrs |= {"autocomplete": "email"}
        self.fields["home_address"].widget.attrs |= {"autocomplete": "street-address"}

    def clean_mobile(self) -> str:
        """The link is good for one answer: a slip is told while it can be mended."""
        value: str = self.cleaned_data["mobile"]
        if value.strip() and phones.normalise_phone(value).normalised is None:
            raise forms.ValidationError(gettext("This is not a phone number."))
        return value
