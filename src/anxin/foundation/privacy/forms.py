"""What is typed about notices, activities, assessments and breaches."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

BASES = {
    "contract": _("Needed for the contract"),
    "consent": _("Consent"),
    "duty": _("Legal duty"),
    "emergency": _("Emergency"),
    "public": _("Made public by the person"),
}
RISKS = {"high": _("High risk"), "medium": _("Medium risk"), "low": _("Low risk")}


def _text(label: Any, *, required: bool = True, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), help_text=hint
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d"))


class NoticeForm(forms.Form):
    code = forms.SlugField(label=_("Code"), max_length=20, help_text=_("The same code makes the next version."))
    title = forms.CharField(label=_("Title"), max_length=120)
    effective_from = _day(_("Effective from"))
    text = forms.CharField(label=_("Text"), max_length=60_000, widget=forms.Textarea(attrs={"rows": 14}))


class ActivityForm(forms.Form):
    name = forms.CharField(label=_("Activity"), max_length=120)
    purpose = forms.CharField(label=_("Purpose"), max_length=300)
    legal_basis = forms.ChoiceField(label=_("Legal ground"), choices=list(BASES.items()))
    kinds = forms.CharField(label=_("Kinds of personal data"), max_length=300)
    recipients = forms.CharField(label=_("Recipients"), required=False, max_length=300)
    retention = forms.CharField(label=_("Kept how long"), max_length=200)
    is_sensitive = forms.BooleanField(label=_("Sensitive personal data"), required=False)
    is_automated = forms.BooleanField(label=_("Automated decisions"), required=False)
    is_shared = forms.BooleanField(label=_("Given to others or made public"), required=False)
    is_abroad = forms.BooleanField(label=_("Given abroad"), required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class AssessmentForm(forms.Form):
    assessed_on = _day(_("Assessed on"))
    necessity = _text(_("Lawful, proper and necessary?"), hint=_("Purpose and means (PIPL article 56)."))
    impact = _text(_("Impact on rights, and risks"))
    risk = forms.ChoiceField(label=_("Grade of risk"), choices=list(RISKS.items()))
    measures = _text(_("Measures"), hint=_("Lawful, effective, fitting the risk."))
    conclusion = _text(_("Conclusion of the assessment"))
    review_date = _day(_("Review on"))

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        first, again = given.get("assessed_on"), given.get("review_date")
        if first and again and again <= first:
            self.add_error("review_date", _("The review comes after the assessment."))
        return given


class BreachForm(forms.Form):
    found_at = forms.DateTimeField(label=_("Found at"), help_text="YYYY-MM-DD HH:MM")
    what = _text(_("What happened"))
    cause = _text(_("Cause of the breach"), required=False)
    kinds = forms.CharField(label=_("Kinds of personal data"), max_length=300)
    people = forms.IntegerField(label=_("How many people"), required=False, min_value=0)
    harm = _text(_("Possible harm"), required=False)
    measures = _text(_("Measures"))
    authority_told_at = forms.DateTimeField(label=_("Authority told at"), required=False)
    people_told_at = forms.DateTimeField(label=_("People told at"), required=False)
    why_people_not_told = _text(
        _("Why people need not be told"), required=False, hint=_("When the measures avoid all harm (PIPL article 57).")
    )
    closed_at = forms.DateTimeField(label=_("Breach closed at"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
