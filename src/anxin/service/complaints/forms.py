"""What is typed about complaints. Shapes only: what may be done is judged by the services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from anxin.service.complaints import data
from anxin.service.complaints.rules import intake, numbering


def _choices(words: Mapping[str, str], *, blank: bool = False) -> list[tuple[str, Any]]:
    chosen = [(code, _(word)) for code, word in words.items() if code]
    return [("", "—"), *chosen] if blank else chosen


def _text(label: Any, *, required: bool = True, hint: Any = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=4000, widget=forms.Textarea(attrs={"rows": rows}), help_text=hint
    )


def _moment(label: Any, *, required: bool = True, hint: Any = "") -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, required=required, input_formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"],
        help_text=hint or _("Like 2026-10-12 14:30."),
    )  # fmt: skip


def _fen(value: Any) -> int | None:
    return None if value is None else int(value * 100)


class EvidenceField(forms.FileField):
    """A file of at most 20 MB, judged before it is read."""

    def to_python(self, data: Any) -> Any:
        found = super().to_python(data)
        if found and found.size > intake.LARGEST_FILE:
            raise forms.ValidationError(_("A file may have at most 20 MB."))
        return found


class _Worded(forms.Form):
    """Choices of the taxonomy are handed in: they are data, not code."""

    groups: Mapping[str, tuple[str, bool]] = {}

    def __init__(self, *args: Any, words: Mapping[str, Mapping[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (group, is_required) in self.groups.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [
                    *([] if is_required and name != "detail_cause" else [("", "—")]),
                    *words[group].items(),
                ]


def _key(label: Any, *, required: bool = True, hint: Any = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, required=required, coerce=UUID, empty_value=None, help_text=hint)


class RegisterForm(_Worded):
    groups = {
        "channel": ("channels", True), "nature": ("natures", False), "line": ("lines", False),
        "cause": ("causes", True), "detail_cause": ("details", False), "sales_channel": ("sales_channels", False),
    }  # fmt: skip

    party_ref = forms.CharField(label=_("Customer number"), required=False, max_length=9)
    complainant = forms.CharField(label=_("Complainant"), max_length=120)
    complainant_kind = forms.ChoiceField(
        label=_("Person or organisation"), required=False,
        choices=[("person", _("Person")), ("org", _("Legal person or organisation"))],
    )  # fmt: skip
    contact = forms.CharField(label=_("Telephone"), required=False, max_length=40)
    capacity = forms.ChoiceField(label=_("Capacity of the complainant"), choices=_choices(data.CAPACITIES))
    channel = forms.ChoiceField(label=_("Intake channel"))
    received_at = _moment(_("Received"))
    forwarded_at = _moment(
        _("Forwarded by the regulator on"), required=False, hint=_("Only for what the regulator passed on.")
    )
    forward_no = forms.CharField(label=_("Number of the regulator's letter"), required=False, max_length=40)
    situation = forms.ChoiceField(
        label=_("Kind of dispute"), required=False, choices=_choices(data.SITUATIONS, blank=True),
        help_text=_("Left empty, the cause decides."),
    )  # fmt: skip
    cause = forms.ChoiceField(label=_("Cause of the complaint"))
    detail_cause = forms.ChoiceField(label=_("Detailed cause"), required=False)
    line = forms.ChoiceField(label=_("Line of business"), required=False)
    product = forms.CharField(label=_("Product"), required=False, max_length=120)
    nature = forms.ChoiceField(label=_("Nature"), required=False)
    sales_channel = forms.ChoiceField(label=_("Sales channel"), required=False)
    policy_no = forms.CharField(label=_("Policy number"), required=False, max_length=60)
    claim_no = forms.CharField(label=_("Claim number"), required=False, max_length=60)
    unit_id = _key(
        _("Unit complained of"), required=False, hint=_("Left empty, the unit of the policy, claim or customer.")
    )
    respondent = forms.CharField(
        label=_("Respondent"), required=False, max_length=120, help_text=_("The unit or person complained of.")
    )
    title = forms.CharField(
        label=_("Subject of the complaint"),
        required=False,
        max_length=80,
        help_text=_("Left empty, the cause is taken."),
    )
    request = _text(_("Request of the complainant"))
    request_amount = forms.DecimalField(
        label=_("Amount asked for (yuan)"), required=False, min_value=0, max_digits=12, decimal_places=2
    )
    facts = _text(_("Facts and reasons"), required=False)
    expectation = forms.CharField(label=_("What the complainant expects"), required=False, max_length=200)
    mood = forms.ChoiceField(label=_("Mood"), required=False, choices=_choices(data.MOODS, blank=True))
    people_count = forms.IntegerField(label=_("People complaining together"), min_value=1, initial=1)
    representatives = forms.IntegerField(label=_("Representatives"), min_value=1, max_value=5, initial=1)
    representative_names = forms.CharField(
        label=_("Names of the representatives"), required=False, max_length=200,
        help_text=_("Only when several complain together; at most five."),
    )  # fmt: skip
    is_regulatory = forms.BooleanField(label=_("Within the regulator's meaning"), required=False)

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit_id"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [("", "—"), *units]

    def facts_told(self) -> dict[str, Any]:
        """For the service."""
        told = dict(self.cleaned_data)
        told["request_fen"] = _fen(told.pop("request_amount"))
        return told


class _Seen(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class WhyForm(_Seen):
    why = _text(_("Reason"))


class NothingForm(_Seen):
    why = _text(_("Note"), required=False, rows=2)


class ReviewForm(_Worded, _Seen):
    groups = {"line": ("lines", False), "cause": ("causes", True), "detail_cause": ("details", False)}
    severity = forms.ChoiceField(label=_("Severity"), choices=_choices(data.SEVERITIES))
    cause = forms.ChoiceField(label=_("Cause of the complaint"))
    detail_cause = forms.ChoiceField(label=_("Detailed cause"), required=False)
    line = forms.ChoiceField(label=_("Line of business"), required=False)
    is_internal = forms.BooleanField(label=_("Complaint in our own meaning"), required=False)
    is_regulatory = forms.BooleanField(label=_("Within the regulator's meaning"), required=False)
    why = _text(_("Note"), required=False, rows=2)


class _Staffed(_Seen):
    """Units and people are handed in."""

    def __init__(
        self, *args: Any, units: list[tuple[str, str]], staff: list[tuple[str, str]], **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.TypedChoiceField):
                chosen = units if "unit" in name else staff
                field.choices = [("", "—"), *chosen]


class DispatchForm(_Staffed):
    unit_id = _key(_("Unit"), hint=_("Units with people who handle complaints; the nearest is chosen."))
    handler_id = _key(_("Handler"), required=False, hint=_("Left empty, whoever of the unit is free takes it."))
    why = _text(_("Note"), required=False, rows=2)


class HandOverForm(_Staffed):
    handler_id = _key(_("Handler"))
    why = _text(_("Reason"), rows=2)


class FeedBackForm(_Worded, _Staffed):
    groups = {"cause": ("causes", True), "detail_cause": ("details", False)}
    cause = forms.ChoiceField(label=_("Cause of the complaint"))
    detail_cause = forms.ChoiceField(label=_("Detailed cause"), required=False)
    rater = forms.ChoiceField(
        label=_("Dimension of service (RATER)"), required=False, choices=_choices(data.RATER, blank=True)
    )
    findings = _text(_("Findings of the investigation"), rows=4)
    root_cause = _text(
        _("Root cause"), required=False, rows=4, hint=_("Five whys: one line for each “why”, the last is the root.")
    )
    validity = forms.ChoiceField(label=_("Validity"), choices=_choices(data.VALIDITIES))
    responsible_unit_id = _key(
        _("Responsible unit"), hint=_("Enters the register of responsibilities when the complaint is well-founded.")
    )
    department = forms.CharField(label=_("Responsible department"), required=False, max_length=60)
    responsible_id = _key(_("Responsible person"), required=False)
    degree = forms.ChoiceField(label=_("Degree"), choices=_choices(data.DEGREES))
    reason = forms.CharField(label=_("Grounds of the responsibility"), required=False, max_length=200)


class PlanForm(_Seen):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=_choices(data.OUTCOMES))
    measures = _text(_("Measures proposed"))
    amount = forms.DecimalField(label=_("Amount (yuan)"), required=False, min_value=0, max_digits=12, decimal_places=2)
    method = forms.ChoiceField(
        label=_("Method"), required=False,
        choices=[("", "—"), ("one_stop", _("One-stop service")), ("promise", _("Service promise")),
                 ("replace", _("Replacement"))],
    )  # fmt: skip


class NoticeForm(_Seen):
    finding = _text(_("Result of the verification"))
    basis = _text(_("Basis and reasons"))
    remedies = _text(_("Ways to appeal"))
    way = forms.ChoiceField(label=_("How it was told"), choices=_choices(data.WAYS))
    delivered_at = _moment(_("Delivered"))
    proof = forms.CharField(
        label=_("Proof of delivery"), max_length=200,
        help_text=_("Receipt, number of the letter, recording or message."),
    )  # fmt: skip
    proof_file = EvidenceField(label=_("File of the proof"), required=False, max_length=200)


class CheckForm(_Seen):
    """What the superior looks at: the procedure, the time and the result (Article 20)."""

    was_procedure_right = forms.BooleanField(label=_("The procedure was followed"), required=False)
    was_in_time = forms.BooleanField(label=_("The time was kept"), required=False)
    was_result_right = forms.BooleanField(label=_("The result holds"), required=False)
    why = _text(_("What the complainant is told"))


class ExecuteForm(_Seen):
    recovered = forms.DecimalField(
        label=_("Amount recovered (yuan)"), required=False, min_value=0, max_digits=12, decimal_places=2
    )
    why = _text(_("What was done"), rows=2)


class CallBackForm(_Seen):
    satisfaction = forms.TypedChoiceField(
        label=_("Satisfaction"), required=False, coerce=int, empty_value=None,
        choices=[("", _("Nobody could be asked")), *((n, str(n)) for n in range(5, 0, -1))],
    )  # fmt: skip
    mood_now = forms.ChoiceField(label=_("Mood"), required=False, choices=_choices(data.MOODS, blank=True))
    why = _text(_("What was said"), required=False, rows=2)


class SupplementForm(_Seen):
    why = _text(_("What is new"))
    is_new = forms.BooleanField(
        label=_("New facts or reasons: the term starts anew"), required=False,
    )  # fmt: skip


class ToldForm(_Seen):
    why = _text(_("Reason"))
    told_how = _text(_("How the complainant was told or agreed"), rows=2)


class MergeForm(_Seen):
    into = forms.CharField(label=_("Into the complaint"), max_length=20)
    why = _text(_("Reason"), required=False, rows=2)


class SuperviseForm(_Seen):
    why = _text(_("Order of the supervision"))
    due_at = _moment(_("Answer by"))


class MajorForm(_Seen):
    bearing = forms.ChoiceField(label=_("What makes it major"), choices=_choices(data.BEARINGS))
    why = _text(_("Reason"))


class TalkForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=_choices(data.TALKS))
    way = forms.ChoiceField(label=_("Way"), choices=_choices(data.WAYS), initial="phone")
    summary = _text(_("What was said"))
    offer = forms.DecimalField(label=_("Offer (yuan)"), required=False, min_value=0, max_digits=12, decimal_places=2)
    is_agreed = forms.NullBooleanField(
        label=_("Agreed"), required=False,
        widget=forms.Select(choices=[("", "—"), ("true", _("Agreement reached")), ("false", _("No agreement"))]),
    )  # fmt: skip
    mood_now = forms.ChoiceField(label=_("Mood"), required=False, choices=_choices(data.MOODS, blank=True))

    def facts_told(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        told["offer_fen"] = _fen(told.pop("offer"))
        return told


class ContactForm(forms.Form):
    reason = forms.CharField(label=_("Why it is shown"), max_length=200)


class PenaltyForm(forms.Form):
    penalty = forms.ChoiceField(label=_("Penalty"), choices=_choices(data.PENALTIES))
    amount = forms.DecimalField(label=_("Amount (yuan)"), required=False, min_value=0, max_digits=10, decimal_places=2)


class ResponsibleForm(forms.Form):
    """Another that answers for the complaint, beside the one of the findings."""

    unit_id = _key(_("Responsible unit"))
    department = forms.CharField(label=_("Responsible department"), required=False, max_length=60)
    user_id = _key(_("Responsible person"), required=False)
    degree = forms.ChoiceField(label=_("Degree"), choices=_choices(data.DEGREES), initial="shared")
    reason = forms.CharField(label=_("Grounds of the responsibility"), required=False, max_length=200)

    def __init__(
        self, *args: Any, units: list[tuple[str, str]], staff: list[tuple[str, str]], **kwargs: Any
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        for name, choices in (("unit_id", units), ("user_id", staff)):
            field = self.fields[name]
            if isinstance(field, forms.TypedChoiceField):
                field.choices = [("", "—"), *choices]


class EvidenceForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=_choices(data.EVIDENCE_KINDS))
    file = EvidenceField(label=_("Attached file"), required=False, max_length=200)
    reference = forms.CharField(label=_("Reference of a recording"), required=False, max_length=120)


class RectificationForm(forms.Form):
    title = forms.CharField(label=_("What is mended"), max_length=120)
    refs = forms.CharField(label=_("Complaints"), required=False, help_text=_("Numbers, separated by blanks."))
    root_cause = _text(_("Root cause"))
    measures = _text(_("Measures taken"))
    owner_id = _key(_("Owner of the rectification"), required=False)
    due_date = forms.DateField(label=_("Due day"), input_formats=["%Y-%m-%d"])

    def __init__(self, *args: Any, staff: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner_id"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [("", _("Myself")), *staff]


class RegulationForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=_choices(data.REGULATION_KINDS))
    title = forms.CharField(label=_("Title"), max_length=120)
    text = _text(_("Full text"), rows=8)
    valid_from = forms.DateField(label=_("Valid from"), input_formats=["%Y-%m-%d"])
    valid_to = forms.DateField(label=_("Valid until"), required=False, input_formats=["%Y-%m-%d"])


class VolumeForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    quarter = forms.IntegerField(label=_("Quarter"), min_value=1, max_value=4)
    unit_id = _key(_("Unit"), required=False)
    name = forms.CharField(
        label=_("Other insurer"), required=False, max_length=120, help_text=_("From the bulletin of the regulator.")
    )
    premium = forms.DecimalField(label=_("Premium income (yuan)"), min_value=0, max_digits=16, decimal_places=2)
    policies = forms.IntegerField(label=_("Policies"), min_value=0, initial=0)
    insured = forms.IntegerField(label=_("Insured persons, times"), min_value=0, initial=0)
    complaints = forms.IntegerField(label=_("Complaints of the other insurer"), required=False, min_value=0)

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit_id"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [("", "—"), *units]

    def facts_told(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        told["premium_fen"] = _fen(told.pop("premium")) or 0
        return told


def fen_of(form: forms.Form, name: str) -> int:
    """An amount of the form in fen; 0 when left empty."""
    return _fen(form.cleaned_data.get(name)) or 0


def moment_text(moment: datetime) -> str:
    """As a field of a moment takes it."""
    return f"{moment.astimezone(numbering.CHINA):%Y-%m-%d %H:%M}"
