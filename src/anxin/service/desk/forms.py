"""The shapes of what is entered at the desk."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from anxin.service.desk import data
from anxin.service.desk.data import Action, MessageKind
from anxin.service.desk.rules import workflow
from anxin.service.desk.rules.counters import Side
from anxin.service.desk.rules.types import TicketType

SHANGHAI = ZoneInfo("Asia/Shanghai")
SATISFACTION = [("", "—"), ("5", "5"), ("4", "4"), ("3", "3"), ("2", "2"), ("1", "1")]


class MomentField(forms.DateTimeField):
    """`2026-11-23 18:00` in Shanghai."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"],
            widget=forms.TextInput(attrs={"placeholder": "YYYY-MM-DD HH:MM", "inputmode": "numeric"}), **arguments,
        )  # fmt: skip

    def to_python(self, value: Any) -> Any:
        found = super().to_python(value)
        return found.replace(tzinfo=SHANGHAI) if found is not None else None


class TouchpointForm(forms.Form):
    """A quick note: one line for what was said, so that Enter saves."""

    topic = forms.CharField(label=_("About"), max_length=60)
    summary = forms.CharField(label=_("What was said"), required=False, max_length=500)
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[(code, _(word)) for code, (word, _icon) in data.CHANNELS.items()]
    )
    direction = forms.ChoiceField(
        label=_("Direction"), choices=[(code, _(word)) for code, word in data.DIRECTIONS.items()], initial="outbound"
    )
    result = forms.ChoiceField(
        label=_("Result"), required=False,
        choices=[("", "—"), *((code, _(word)) for code, word in data.RESULTS.items())],
    )  # fmt: skip
    stage = forms.ChoiceField(
        label=_("Stage of service"), required=False,
        choices=[("", "—"), *((code, _(word)) for code, word in data.STAGES.items())],
    )  # fmt: skip
    next_step = forms.CharField(label=_("Next step"), required=False, max_length=200)
    next_at = MomentField(label=_("Appointment"), required=False)
    satisfaction = forms.TypedChoiceField(
        label=_("Satisfaction"), required=False, choices=SATISFACTION, coerce=int, empty_value=None
    )


class TicketForm(forms.Form):
    """A new ticket; the fields its type asks for come as `answer_<code>`."""

    type = forms.ChoiceField(label=_("What for"))
    party_ref = forms.CharField(label=_("Customer"), required=False, max_length=20, widget=forms.HiddenInput)
    parent = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    subject = forms.CharField(label=_("In a few words"), max_length=120)
    body = forms.CharField(
        label=_("What the customer says"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[(code, _(word)) for code, (word, _icon) in data.CHANNELS.items()]
    )
    priority = forms.ChoiceField(
        label=_("Priority"), required=False,
        choices=[("", _("As usual for this type")), *((str(code), _(word)) for code, word in data.PRIORITIES.items())],
    )  # fmt: skip
    policy_no = forms.CharField(label=_("Policy no."), required=False, max_length=60)
    promised_at = MomentField(label=_("Promised to the customer"), required=False)
    amount = forms.DecimalField(
        label=_("Estimated loss, yuan"), required=False, min_value=Decimal(0), max_digits=12, decimal_places=2
    )
    take = forms.BooleanField(label=_("I handle it myself"), required=False, initial=True)

    def __init__(
        self, *arguments: Any, types: Mapping[str, TicketType], kind: TicketType | None,
        label: Callable[[Any], str], **named: Any,
    ) -> None:  # fmt: skip
        super().__init__(*arguments, **named)
        self.kind = kind
        self.fields["type"].choices = [(code, label(one)) for code, one in types.items()]  # type: ignore[attr-defined]
        for one in kind.fields if kind else ():
            self.fields[f"answer_{one.code}"] = (
                MomentField(label=label(one), required=one.is_required)
                if one.is_moment
                else forms.CharField(label=label(one), required=one.is_required, max_length=500)
            )

    def answer_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("answer_")]

    def answers(self) -> dict[str, str]:
        return {
            name.removeprefix("answer_"): f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
            if isinstance(value, datetime)
            else value or ""
            for name, value in self.cleaned_data.items()
            if name.startswith("answer_")
        }

    def clean_amount(self) -> int | None:
        amount = self.cleaned_data["amount"]
        return int(amount * 100) if amount is not None else None


class MessageForm(forms.Form):
    kind = forms.ChoiceField(
        choices=[
            (MessageKind.TO_CUSTOMER, _("To the customer")),
            (MessageKind.FROM_CUSTOMER, _("From the customer")),
            (MessageKind.NOTE, _("Note for colleagues")),
        ],
        initial=MessageKind.TO_CUSTOMER,
    )
    body = forms.CharField(label=_("What was said"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
    version = forms.IntegerField(widget=forms.HiddenInput)


class MoveForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *arguments: Any, action: Action, colleagues: Sequence[tuple[str, str]] = (), **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        if action is Action.HAND_OVER:
            self.fields["to"] = forms.ChoiceField(label=_("Colleague"), choices=[("", "—"), *colleagues])
        if action is Action.MERGE:
            self.fields["into"] = forms.CharField(label=_("Number of the ticket that stays"), max_length=20)
            return
        label = _("How it was solved") if action is Action.RESOLVE else _("Reason")
        self.fields["why"] = forms.CharField(
            label=label, max_length=500, required=action in workflow.NEEDS_REASON,
            widget=forms.Textarea(attrs={"rows": 3}),
        )  # fmt: skip
        if action in (Action.RESOLVE, Action.CLOSE):
            self.fields["satisfaction"] = forms.TypedChoiceField(
                label=_("Satisfaction"), required=False, choices=SATISFACTION, coerce=int, empty_value=None
            )


class MacroForm(forms.Form):
    name = forms.CharField(label=_("Name of the macro"), max_length=40)
    name_en = forms.CharField(label=_("English name"), max_length=60, required=False)
    reach = forms.ChoiceField(label=_("Who sees it"))
    reply = forms.CharField(
        label=_("Reply to the customer"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )
    reply_en = forms.CharField(
        label=_("The same in English"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("For customers who prefer English; blank: the reply above."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note for colleagues"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    action = forms.ChoiceField(label=_("Next move"), required=False)
    why = forms.CharField(label=_("Reason, or how it was solved"), required=False, max_length=500)
    type = forms.ChoiceField(label=_("Change the type to"), required=False)
    queue = forms.ChoiceField(label=_("Move to the queue"), required=False)
    priority = forms.TypedChoiceField(
        label=_("Priority"), required=False, coerce=int, empty_value=None,
        choices=[("", "—"), *((str(code), _(word)) for code, word in data.PRIORITIES.items())],
    )  # fmt: skip
    tag = forms.CharField(label=_("Tag"), required=False, max_length=20)
    version = forms.IntegerField(required=False, initial=0, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, choices: Mapping[str, Sequence[tuple[str, str]]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.choices = offered if name == "reach" else [("", "—"), *offered]


class ParentForm(forms.Form):
    number = forms.CharField(label=_("Number of the ticket it is part of"), max_length=20, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class WatcherForm(forms.Form):
    user = forms.ChoiceField(label=_("Colleague"))

    def __init__(self, *arguments: Any, colleagues: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field: Any = self.fields["user"]
        field.choices = [("", "—"), *colleagues]


class PromiseForm(forms.Form):
    promised_at = MomentField()
    version = forms.IntegerField()


class SeatForm(forms.Form):
    extension = forms.CharField(label=_("Extension"), max_length=20)


class WrapUpForm(forms.Form):
    code = forms.ChoiceField(label=_("What the call was about"))
    note = forms.CharField(
        label=_("Note about the call"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    party_ref = forms.CharField(label=_("Customer no."), max_length=20, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, codes: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field: Any = self.fields["code"]
        field.choices = [("", "—"), *codes]


class PurposeForm(forms.Form):
    purpose = forms.ChoiceField(
        label=_("What the call is for"), choices=[(code, _(word)) for code, word in data.CALL_PURPOSES.items()],
        widget=forms.RadioSelect,
    )  # fmt: skip


class CallFiguresForm(forms.Form):
    """Days, queue, and what is tried out in place of the scheme's target."""

    first = forms.DateField(label=_("From day"), required=False)
    last = forms.DateField(label=_("To day"), required=False)
    queue = forms.ChoiceField(label=_("Queue"), required=False)
    share = forms.IntegerField(label=_("Answered in time, %"), min_value=1, max_value=99, required=False)
    seconds = forms.IntegerField(label=_("In time means, seconds"), min_value=0, max_value=600, required=False)
    occupancy = forms.IntegerField(label=_("Busy at most, %"), min_value=1, max_value=99, required=False)
    shrinkage = forms.IntegerField(label=_("Off the queue, %"), min_value=0, max_value=90, required=False)

    def __init__(self, *arguments: Any, queues: Sequence[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field: Any = self.fields["queue"]
        field.choices = [("", _("All queues")), *queues]


class ProfileForm(forms.Form):
    """What somebody can be given. Nothing ticked: anything."""

    queues = forms.MultipleChoiceField(
        label=_("Queues"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("Nothing ticked: all.")
    )
    skills = forms.MultipleChoiceField(
        label=_("Skills"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("Nothing ticked: all.")
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(code, _(word)) for code, word in data.LANGUAGES.items()],
    )  # fmt: skip
    level = forms.TypedChoiceField(
        label=_("Agent level"), coerce=int, choices=[(str(code), _(word)) for code, word in data.LEVELS.items()]
    )
    most_open = forms.IntegerField(label=_("Tickets in hand at most"), min_value=1, max_value=500)
    is_available = forms.BooleanField(label=_("Is given tickets and calls"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *arguments: Any, queues: Sequence[tuple[str, str]], skills: Sequence[tuple[str, str]], **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        for name, choices in (("queues", queues), ("skills", skills)):
            field: Any = self.fields[name]
            field.choices = choices


class NumberForm(forms.Form):
    business = forms.ChoiceField(label=_("Business"))
    is_internal = forms.BooleanField(label=_("Insider (agent or staff)"), required=False)
    is_first = forms.BooleanField(label=_("Goes first (elderly, disabled, pregnant)"), required=False)
    party_ref = forms.CharField(label=_("Customer no."), max_length=20, required=False)

    def __init__(self, *arguments: Any, services: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        field: Any = self.fields["business"]
        field.choices = services


class OutletForm(forms.Form):
    mode = forms.ChoiceField(
        label=_("How the outlet is run"),
        choices=[
            ("auto", _("As its numbers of a month say")), ("small", _("Small: windows apart, no lobby manager")),
            ("full", _("With a lobby manager and zones")),
        ],
    )  # fmt: skip
    windows = forms.CharField(label=_("Windows"), max_length=600, widget=forms.Textarea(attrs={"rows": 5}))

    def clean_windows(self) -> dict[str, Side]:
        found = {}
        for line in self.cleaned_data["windows"].splitlines():
            code, _space, side = line.strip().partition(" ")
            if not code:
                continue
            try:
                found[code] = Side(side.strip() or Side.ALL)
            except ValueError as error:
                raise forms.ValidationError(_("Write all, customers or insiders after the number.")) from error
        return found


class WindowForm(forms.Form):
    window = forms.CharField(max_length=8)
    side = forms.ChoiceField(choices=[("all", ""), ("customers", ""), ("insiders", "")])
