"""What is typed at the request desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anxin.book.rights import data


def _choices(words: Mapping[str, str]) -> list[tuple[str, Any]]:
    return [(code, _(word)) for code, word in words.items()]


def _text(label: Any, *, required: bool = True, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), help_text=hint
    )


class ReceiveForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is asked for"), choices=_choices(data.KINDS))
    party_ref = forms.CharField(
        label=_("Customer number"), required=False, max_length=9,
        help_text=_("Leave empty when it is not known yet whose file is meant."),
    )  # fmt: skip
    capacity = forms.ChoiceField(label=_("Who asks"), choices=_choices(data.CAPACITIES))
    requester = forms.CharField(label=_("Name of whoever asks"), max_length=120)
    channel = forms.ChoiceField(label=_("How it came"), choices=_choices(data.CHANNELS))
    detail = _text(_("In their words"), required=False)


class _Seen(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class VerifyForm(_Seen):
    method = forms.ChoiceField(label=_("How the identity was checked"), choices=_choices(data.IDENTITY_METHODS))
    party_ref = forms.CharField(label=_("Customer number"), required=False, max_length=9)
    note = _text(_("Remark"), required=False)


class AnswerForm(_Seen):
    answer = _text(_("What was done"))
    evidence = _text(_("How the person was told"), hint=_("Day, channel and proof, such as the number of the letter."))


class RefuseForm(_Seen):
    refusal = forms.ChoiceField(label=_("Ground"), choices=_choices(data.REFUSALS))
    answer = _text(_("What the person was told"))


class ExtendForm(_Seen):
    until = forms.DateField(label=_("New last day"), widget=forms.DateInput(format="%Y-%m-%d"))
    reason = _text(_("Reason"))


class WithdrawForm(_Seen):
    answer = _text(_("Remark"), required=False)


class RestrictForm(forms.Form):
    ground = forms.ChoiceField(label=_("Ground"), choices=_choices(data.RESTRICTION_GROUNDS))
    reason = _text(_("Reason"))


class ReasonForm(forms.Form):
    reason = _text(_("Reason"))
