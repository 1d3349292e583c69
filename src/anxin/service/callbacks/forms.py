"""Shapes of what is typed. What it means is decided by the services."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anxin.service.callbacks.data import FALLBACK_WAYS, OUTCOMES, REASONS, WAYS, Outcome
from anxin.service.callbacks.services.following import BY_HAND

MOMENT = "%Y-%m-%dT%H:%M"


def words(table: Any, codes: Any = None) -> list[tuple[str, str]]:
    """Choices of a vocabulary of `data` in the reader's language."""
    from django.utils.translation import gettext

    return [
        (str(code), gettext(word[0] if isinstance(word, tuple) else word))
        for code, word in table.items()
        if codes is None or code in codes
    ]


class _Versioned(forms.Form):
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class AttemptForm(_Versioned):
    """A try that did not get through."""

    outcome = forms.ChoiceField(label=_("Result of the attempt"))
    again_at = forms.DateTimeField(
        label=_("Call again at"), required=False, input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )  # fmt: skip
    note = forms.CharField(label=_("Remark"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["outcome"]
        choices.choices = words(OUTCOMES, [one for one in Outcome if one is not Outcome.REACHED])


class FinishForm(_Versioned):
    """The end of the questions. `has_problem`: the answers want a description."""

    description = forms.CharField(
        label=_("What is wrong"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Facts only, no details of health. Others solve it within the promised time."),
    )  # fmt: skip
    way = forms.ChoiceField(label=_("Answered by"))
    note = forms.CharField(label=_("Remark"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, has_problem: bool, by_phone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        way: Any = self.fields["way"]
        way.choices = words(WAYS, ["phone"] if by_phone else FALLBACK_WAYS)
        if by_phone:
            way.widget = forms.HiddenInput()
            way.initial = "phone"
        if not has_problem:
            del self.fields["description"]


class ReasonForm(_Versioned):
    """Why it failed, or is not needed."""

    why = forms.ChoiceField(label=_("Reason"))
    note = forms.CharField(label=_("Remark"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, codes: Any, needs_note: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        why: Any = self.fields["why"]
        why.choices = words(REASONS, codes)
        self.fields["note"].required = needs_note


class HandOverForm(_Versioned):
    to = forms.ChoiceField(label=_("To"))

    def __init__(self, *args: Any, staff: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.choices = staff


class PlanForm(forms.Form):
    """A call-back somebody wants. `key` makes a form that is sent twice one."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    kind = forms.ChoiceField(label=_("Kind"))
    start = forms.DateField(label=_("Call from"), widget=forms.DateInput(attrs={"type": "date"}))
    is_regular = forms.BooleanField(
        label=_("Regularly"), required=False,
        help_text=_("Care only: the next one is planned by the class of the customer."),
    )  # fmt: skip
    note = forms.CharField(label=_("Remark"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, kinds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = words(kinds, BY_HAND)


class PeriodForm(forms.Form):
    first = forms.DateField(required=False)
    last = forms.DateField(required=False)


def moment_text(moment: datetime) -> str:
    return timezone.localtime(moment).strftime(MOMENT)
