"""The shape of what staff enter about households."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from anxin.book.households import data

ROLES = [(code, _(word)) for code, word in data.MEMBER_ROLES.items()]


class MemberForm(forms.Form):
    customer = forms.CharField(
        label=_("Customer number"), max_length=9, help_text=_("Such as C7K2-9QF4, from their page.")
    )
    role = forms.ChoiceField(label=_("Role in the household"), choices=ROLES[1:] + ROLES[:1])


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role in the household"), choices=ROLES)


class LeaveForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=200, help_text=_("Such as marriage, own household, deceased.")
    )
    is_mistake = forms.BooleanField(label=_("Never belonged here; do not propose again"), required=False)


class DissolveForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class RefuseForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)
