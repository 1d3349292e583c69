"""Shapes of what people type about users, roles and themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.foundation.accounts.models import User
from anxin.kernel import permissions
from anxin.kernel.identifiers import phones
from anxin.kernel.permissions import Scope

FEWEST_DIFFERENT = 6
LIFETIMES = [(30, _("30 days")), (90, _("90 days")), (180, _("180 days")), (365, _("One year"))]
SCOPES = {
    Scope.OWN: _("Own"),
    Scope.TEAM: _("Team"),
    Scope.UNIT: _("Unit and below"),
    Scope.ALL: _("Everything"),
}


class PersonForm(forms.Form):
    """What is known of a user besides the user name."""

    display_name = forms.CharField(label=_("Name"), max_length=80)
    staff_no = forms.CharField(label=_("Staff number"), max_length=40, required=False)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("The way back in after a forgotten password.")
    )
    mobile = forms.CharField(label=_("Mobile phone"), max_length=20, required=False)

    def clean_mobile(self) -> str:
        typed: str = self.cleaned_data["mobile"]
        if not typed:
            return ""
        found = phones.normalise_phone(typed)
        if found.normalised is None:
            raise forms.ValidationError(gettext("This is not a phone number."))
        return found.normalised


class InviteForm(PersonForm):
    username = forms.RegexField(
        label=_("User name"), max_length=60, regex=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,59}$",
        help_text=_("Letters, digits, dot, dash and underscore. It cannot be changed later."),
    )  # fmt: skip
    field_order = ["username", "display_name", "staff_no", "email", "mobile"]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class RoleForm(forms.Form):
    code = forms.RegexField(
        label=_("Code"), max_length=40, regex=r"^[a-z][a-z0-9_]{2,39}$",
        help_text=_("Small letters, digits and underscore, for instance vip_manager."),
    )  # fmt: skip
    name_zh = forms.CharField(label=_("Chinese name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=60)


class GrantsForm(forms.Form):
    """One choice per permission: not at all, or how far."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, held: dict[str, Scope], **more: Any) -> None:
        super().__init__(*arguments, **more)
        choices = [("", _("No")), *((scope.value, label) for scope, label in SCOPES.items())]
        for code, permission in permissions.registered().items():
            self.fields[code] = forms.ChoiceField(
                label=gettext(permission.label), choices=choices, required=False, initial=held.get(code, ""),
                widget=forms.Select(attrs={"class": "in"}),
            )  # fmt: skip

    def wanted(self) -> dict[str, Scope | None]:
        """What was chosen; a permission that was not sent at all stays as it is."""
        return {
            code: Scope(value) if value else None
            for code, value in self.cleaned_data.items()
            if code != "version" and code in self.data
        }


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What is it for?"), max_length=80)
    days = forms.TypedChoiceField(label=_("Valid for"), choices=LIFETIMES, coerce=int, initial=90)
    codes = forms.MultipleChoiceField(label=_("May do"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *arguments: Any, grantable: list[str], **more: Any) -> None:
        super().__init__(*arguments, **more)
        known = permissions.registered()
        self.fields["codes"].choices = [  # type: ignore[attr-defined]
            (code, gettext(known[code].label)) for code in grantable if code in known
        ]

    @property
    def lifetime(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])


class LookForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("As the site")), *settings.LANGUAGES]
    )
    theme = forms.ChoiceField(
        label=_("Colours"),
        choices=[
            (User.Theme.AUTO, _("As the computer")),
            (User.Theme.LIGHT, _("Light")),
            (User.Theme.DARK, _("Dark")),
        ],
    )
    density = forms.ChoiceField(
        label=_("Row height"),
        choices=[
            (User.Density.COMPACT, _("Compact")),
            (User.Density.NORMAL, _("Normal")),
            (User.Density.RELAXED, _("Relaxed")),
        ],
    )
    has_shortcuts = forms.BooleanField(
        label=_("Single-key shortcuts"),
        required=False,
        help_text=_("Off, keys like J, K and / do nothing by themselves."),
    )


class VariedPassword:
    """Refuses twelve characters that are none: digits only, few different ones, a common password with a tail."""

    def __init__(self) -> None:
        self.common = CommonPasswordValidator()

    def validate(self, password: str, user: object = None) -> None:
        stem = password.strip().casefold().strip("0123456789!@#$%^&*()_+-=., ")
        if len(set(password)) < FEWEST_DIFFERENT or password.isdigit() or stem in self.common.passwords:
            raise forms.ValidationError(
                gettext("This password is too simple: a sentence of a few words is better."), code="password_too_simple"
            )

    def get_help_text(self) -> str:
        return gettext("Not only digits, not one character over and over, not a common word with a number behind it.")
