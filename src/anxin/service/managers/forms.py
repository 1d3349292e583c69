"""The shape of what is entered about managers, hand-overs, absences and service given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.kernel import tiers
from anxin.service.managers import data


def tier_word(code: str) -> str:
    """The name of a tier; also of having none."""
    return gettext("Without a tier") if code == "none" else tiers.name(code)


def _tier_choices() -> list[tuple[str, str]]:
    return [(code, tier_word(code)) for code in data.TIERS]


def _words(words: Mapping[str, str]) -> list[tuple[str, Any]]:
    return [(code, _(word)) for code, word in words.items()]


class HandOverForm(forms.Form):
    """Who leaves hands over everything; others may hand over a part."""

    manager = forms.ChoiceField(label=_("Whose customers"))
    kind = forms.ChoiceField(
        label=_("Occasion"), widget=forms.RadioSelect, initial="leave",
        choices=[("leave", _("The manager leaves: all customers, each is told")),
                 ("hand_over", _("The manager stays: some customers go to others"))],
    )  # fmt: skip
    target = forms.ChoiceField(label=_("Goes to"), required=False)
    tiers = forms.MultipleChoiceField(
        label=_("Only these tiers"), required=False, choices=_tier_choices,
        widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: all. Not asked of who leaves."),
    )  # fmt: skip
    most = forms.IntegerField(
        label=_("At most so many customers"), required=False, min_value=1, max_value=100_000,
        help_text=_("The most valuable first. Empty: all."),
    )  # fmt: skip
    tells = forms.BooleanField(label=_("Customers are told: a task for each"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, staff: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manager"] = forms.ChoiceField(label=_("Whose customers"), choices=staff)
        self.fields["target"] = forms.ChoiceField(
            label=_("Goes to"), required=False, choices=[("", _("By the rules: near, with room, lowest load")), *staff]
        )


class AbsenceForm(forms.Form):
    user = forms.ChoiceField(label=_("Who is away"))
    deputy = forms.ChoiceField(label=_("Deputy"))
    cause = forms.ChoiceField(label=_("Kind of absence"), choices=_words(data.ABSENCES))
    first = forms.DateField(label=_("First day away"))
    last = forms.DateField(label=_("Last day away"))

    def __init__(self, *args: Any, staff: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"] = forms.ChoiceField(label=_("Who is away"), choices=staff)
        self.fields["deputy"] = forms.ChoiceField(label=_("Deputy"), choices=staff)


class CapacityForm(forms.Form):
    most = forms.IntegerField(
        label=_("Average customers at most"), required=False, min_value=0, max_value=100_000,
        help_text=_("Empty: as the role says."),
    )  # fmt: skip
    note = forms.CharField(label=_("Remark"), required=False, max_length=200)


class AssistantForm(forms.Form):
    line = forms.ChoiceField(label=_("Line"), choices=_words(data.LINES))
    user = forms.ChoiceField(label=_("Assistant"))
    note = forms.CharField(label=_("Remark"), required=False, max_length=200)

    def __init__(self, *args: Any, staff: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"] = forms.ChoiceField(label=_("Assistant"), choices=staff)


class GiveForm(forms.Form):
    item = forms.ChoiceField(label=_("Service item"))
    given_on = forms.DateField(label=_("Day"))
    note = forms.CharField(label=_("Remark"), required=False, max_length=200)

    def __init__(self, *args: Any, items: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"] = forms.ChoiceField(label=_("Service item"), choices=items)
