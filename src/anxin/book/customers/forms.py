"""The shape of what staff type about customers. What a value means is judged by the services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxin.book.customers import data
from anxin.book.customers.queries.panels import FieldItem
from anxin.kernel import money

PERSON = (
    "name", "sex", "birth_date", "is_deceased", "nationality", "native_place", "marital_status", "education",
    "occupation", "occupation_class", "employer", "department", "position", "annual_income_fen", "language",
    "contact_preference", "information_source",
)  # fmt: skip
ORGANISATION = (
    "name", "uscc", "industry", "scale", "headcount", "legal_representative", "language", "contact_preference",
    "information_source",
)  # fmt: skip
_LENGTHS = {"name": 120, "employer": 120, "legal_representative": 120, "contact_preference": 120, "nationality": 3}


def choices(words: Mapping[str, str], empty: bool = True) -> list[tuple[str, Any]]:
    """Codes with their words in the page's language, an empty choice in front."""
    offered: list[tuple[str, Any]] = [("", "—")] if empty and "" not in words else []
    return offered + [(code, _(word)) for code, word in words.items()]


class MoneyField(forms.CharField):
    """Yuan as people write them; cleaned to fen."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return money.parse_fen(text)
        except money.MoneyError as error:
            raise forms.ValidationError(_("Write an amount in yuan, such as 300000 or 30万.")) from error


def _field(name: str) -> forms.Field:
    label = _(data.FIELD_LABELS[name])
    if name == "is_deceased":
        return forms.BooleanField(label=label, required=False)
    if name == "birth_date":
        return forms.DateField(label=label, required=False, widget=forms.DateInput(format="%Y-%m-%d"))
    if name == "annual_income_fen":
        return MoneyField(label=label, required=False)
    if name == "headcount":
        return forms.IntegerField(label=label, required=False, min_value=0, max_value=10_000_000)
    if name in data.CHOICES:
        return forms.CharField(label=label, required=False, widget=forms.Select(choices=choices(data.CHOICES[name])))
    return forms.CharField(label=label, required=name == "name", max_length=_LENGTHS.get(name, 60))


def _custom(field: FieldItem) -> forms.Field:
    label = field.label_en if (get_language() or "").startswith("en") else field.label_zh
    if field.kind == "number":
        return forms.DecimalField(label=label, required=False)
    if field.kind == "date":
        return forms.DateField(label=label, required=False, widget=forms.DateInput(format="%Y-%m-%d"))
    if field.kind == "yes_no":
        return forms.BooleanField(label=label, required=False)
    if field.kind == "choice":
        offered = [("", "—"), *((one, one) for one in field.choices)]
        return forms.ChoiceField(label=label, required=False, choices=offered)
    return forms.CharField(label=label, required=False, max_length=200)


class EditForm(forms.Form):
    """The plain values of a file. `masked` values show as hints and stay as they are when left empty."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.JSONField(widget=forms.HiddenInput)
    cause = forms.ChoiceField(
        label=_("Cause of the change"), required=False, choices=choices(data.CHANGE_CAUSES),
        help_text=_("Asked for name, sex, birth date and what else says who the customer is."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, kind: str, fields: Sequence[FieldItem] = (), masked: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.names = PERSON if kind == "person" else ORGANISATION
        self.masked = masked or {}
        self.codes = tuple(field.code for field in fields)
        for name in self.names:
            field = _field(name)
            value = (self.initial or {}).get(name)
            if isinstance(field.widget, forms.Select) and value and value not in data.CHOICES[name]:
                field.widget.choices = [*field.widget.choices, (value, value)]
            if self.masked.get(name):
                field.help_text = _("Now %(value)s; leave empty to keep it.") % {"value": self.masked[name]}
            self.fields[name] = field
        for one in fields:
            self.fields[f"custom_{one.code}"] = _custom(one)

    def clean_seen(self) -> dict[str, Any]:
        seen = self.cleaned_data["seen"]
        if not isinstance(seen, dict):
            raise forms.ValidationError(_("The form is incomplete. Open it again."))
        return seen

    def touched(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Columns and custom values this person changed: what differs from what they were shown."""
        seen = self.cleaned_data["seen"]
        columns: dict[str, Any] = {}
        for name in self.names:
            value = self.cleaned_data.get(name)
            if name in self.masked:
                if value is not None:
                    columns[name] = value
            elif seen.get(name) != plain(value):
                columns[name] = value
        custom = {
            code: jsonable(self.cleaned_data.get(f"custom_{code}"))
            for code in self.codes
            if seen.get(f"custom_{code}") != plain(self.cleaned_data.get(f"custom_{code}"))
        }
        return columns, custom

    def own_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.names]

    def custom_fields(self) -> list[forms.BoundField]:
        return [self[f"custom_{code}"] for code in self.codes]


def plain(value: Any) -> str:
    """A value as text, to see whether it was touched."""
    if value is None or value is False:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def jsonable(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


class CreateForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind of customer"), choices=[("person", _("Person")), ("organisation", _("Organisation"))],
        widget=forms.RadioSelect, initial="person",
    )  # fmt: skip
    document_kind = forms.ChoiceField(
        label=_("Kind of document"), choices=choices(data.DOCUMENT_KINDS, empty=False), initial="resident_id"
    )
    document_number = forms.CharField(label=_("Document number"), required=False, max_length=40)
    name = forms.CharField(label=_("Full name"), max_length=120)
    birth_date = forms.DateField(
        label=_("Birth date"), required=False, widget=forms.DateInput(format="%Y-%m-%d"),
        help_text=_("Taken from a resident ID number when left empty."),
    )  # fmt: skip
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=choices(data.CHOICES["sex"]))
    mobile = forms.CharField(label=_("Mobile"), required=False, max_length=20)
    home_address = forms.CharField(label=_("Address"), required=False, max_length=300)
    employer = forms.CharField(label=_("Employer"), required=False, max_length=120)
    occupation = forms.CharField(label=_("Occupation"), required=False, max_length=60)
    overview = forms.CharField(
        label=_("Overview of the company"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for an organisation: what it does, how large it is, whose it is."),
    )
    information_source = forms.ChoiceField(
        label=_("Source of information"), required=False, choices=choices(data.CHOICES["information_source"])
    )


class ContactForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=choices(data.CONTACT_KINDS, empty=False))
    value = forms.CharField(label=_("Number or address"), max_length=120)
    label = forms.ChoiceField(label=_("Where"), required=False, choices=choices(data.CONTACT_LABELS))


class DocumentForm(forms.Form):
    document_kind = forms.ChoiceField(label=_("Kind of document"), choices=choices(data.DOCUMENT_KINDS, empty=False))
    document_number = forms.CharField(label=_("Document number"), max_length=40)
    valid_until = forms.DateField(label=_("Valid until"), required=False, widget=forms.DateInput(format="%Y-%m-%d"))


class AddressForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=choices(data.ADDRESS_KINDS, empty=False))
    text = forms.CharField(label=_("Address"), max_length=300)


class AccountForm(forms.Form):
    bank = forms.CharField(label=_("Bank"), max_length=60)
    number = forms.CharField(label=_("Account number"), max_length=40)


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    is_pinned = forms.BooleanField(label=_("Keep on top"), required=False)
    due_date = forms.DateField(
        label=_("To be done by"), required=False, widget=forms.DateInput(format="%Y-%m-%d"),
        help_text=_("Puts the note on a work list until then."),
    )  # fmt: skip
    assignee = forms.ChoiceField(label=_("By whom"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"] = forms.ChoiceField(
            label=_("By whom"), required=False, choices=[("", _("Myself")), *people]
        )

    def said(self) -> dict[str, Any]:
        """What `keeping.add_note` and `edit_note` take."""
        given = self.cleaned_data
        return {
            "text": given["text"], "is_pinned": given["is_pinned"], "due_date": given["due_date"],
            "assignee_id": UUID(given["assignee"]) if given["assignee"] else None,
        }  # fmt: skip


class TagForm(forms.Form):
    name = forms.CharField(label=_("Tag"), max_length=40)
    colour = forms.ChoiceField(
        label=_("Colour of a new tag"), required=False, choices=choices(data.TAG_COLOURS, empty=False)
    )


class FactForm(forms.Form):
    code = forms.ChoiceField(label=_("About"), choices=choices(data.FACT_CODES, empty=False))
    value = forms.CharField(
        label=_("Fact"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only what helps to serve the customer; never health or religion."),
    )  # fmt: skip
    purpose = forms.ChoiceField(label=_("Kept for"), choices=choices(data.FACT_PURPOSES, empty=False))
    expires_on = forms.DateField(
        label=_("Keep until"), required=False, widget=forms.DateInput(format="%Y-%m-%d"),
        help_text=_("Two years when left empty."),
    )  # fmt: skip


class RelationForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Is this customer's"),
        choices=[(code, _(one.label)) for code, one in data.RELATION_KINDS.items()],
    )
    other = forms.CharField(
        label=_("Customer number of the other"), max_length=9, help_text=_("Such as C7K2-9QF4, from their page.")
    )
    person_role = forms.ChoiceField(
        label=_("Role of a key person"), required=False, choices=choices(data.PERSON_ROLES),
        help_text=_("For people who decide or act in an organisation."),
    )  # fmt: skip
    from_date = forms.DateField(label=_("Since"), required=False, widget=forms.DateInput(format="%Y-%m-%d"))
    until_date = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(format="%Y-%m-%d"))
    note = forms.CharField(label=_("Remark"), required=False, max_length=200)


class ConsentForm(forms.Form):
    purpose = forms.ChoiceField(label=_("Purpose"), choices=choices(data.CONSENT_PURPOSES, empty=False))
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=choices(data.CONSENT_CHANNELS))
    recipient = forms.CharField(
        label=_("Recipient"), required=False, max_length=80, help_text=_("For sharing: whom the data go to.")
    )
    answer = forms.ChoiceField(
        label=_("Answer"), choices=[("yes", _("Agrees")), ("no", _("Refuses"))], widget=forms.RadioSelect
    )
    is_separate = forms.BooleanField(
        label=_("Separate consent"), required=False,
        help_text=_("Told and agreed to by itself: needed for sharing and for health information."),
    )  # fmt: skip
    wording = forms.CharField(
        label=_("Wording"), required=False, max_length=40, help_text=_("Code and version of the notice, such as P1@3.")
    )
    evidence = forms.CharField(label=_("Evidence"), max_length=300)
    recording_ref = forms.CharField(label=_("Number of the recording"), required=False, max_length=80)
    guardian = forms.CharField(
        label=_("Guardian"), required=False, max_length=120, help_text=_("For a child under fourteen.")
    )
    until_date = forms.DateField(label=_("Ends on"), required=False, widget=forms.DateInput(format="%Y-%m-%d"))


class WithdrawForm(forms.Form):
    evidence = forms.CharField(label=_("Evidence"), max_length=300)


class AttentionForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"))
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = forms.CharField(
        label=_("Evidence"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Claim number, letter, decision: where it can be looked up."),
    )  # fmt: skip
    until_date = forms.DateField(label=_("Ends on"), required=False)
    review_date = forms.DateField(label=_("Review on"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(label=_("Kind"), choices=choices(data.ATTENTION_KINDS, empty=False))


class StrangerForm(AttentionForm):
    """An entry about somebody who is no customer."""

    name = forms.CharField(label=_("Full name"), required=False, max_length=120)
    birth_date = forms.DateField(label=_("Birth date"), required=False)
    document = forms.CharField(label=_("Document number"), required=False, max_length=40)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=20)
    plate = forms.CharField(label=_("Plate"), required=False, max_length=12)
    uscc = forms.CharField(label=_("Unified social credit code"), required=False, max_length=18)

    field_order = ("name", "birth_date", "document", "phone", "plate", "uscc")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class KeepForm(forms.Form):
    """Until when an entry counts on."""

    until_date = forms.DateField(label=_("Ends on"), required=False, widget=forms.DateInput(format="%Y-%m-%d"))
    review_date = forms.DateField(label=_("Review on"), required=False, widget=forms.DateInput(format="%Y-%m-%d"))
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class AssignForm(forms.Form):
    manager = forms.ChoiceField(label=_("Customer manager"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
    beyond = forms.BooleanField(label=_("Assign even if the manager has no room"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, managers: Sequence[tuple[str, str]] = (), may_beyond: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["manager"] = forms.ChoiceField(label=_("Customer manager"), choices=managers)
        if not may_beyond:
            del self.fields["beyond"]


class RevealForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason for viewing"), choices=choices(data.REVEAL_REASONS))
    explanation = forms.CharField(label=_("In words"), required=False, max_length=200)


class FieldForm(forms.Form):
    code = forms.CharField(label=_("Code"), required=False, max_length=40, help_text=_("Small letters, digits and _."))
    label_zh = forms.CharField(label=_("Chinese name"), max_length=60)
    label_en = forms.CharField(label=_("English name"), max_length=60)
    kind = forms.ChoiceField(
        label=_("Kind of value"), required=False,
        choices=[("text", _("Text")), ("number", _("Numeric")), ("date", _("Date")), ("choice", _("Choice")),
                 ("yes_no", _("Yes or no"))],
    )  # fmt: skip
    choices = forms.CharField(
        label=_("Choices"), required=False, widget=forms.Textarea(attrs={"rows": 4}), help_text=_("One on each line.")
    )
    order = forms.IntegerField(label=_("Order"), required=False, min_value=0, max_value=999, initial=0)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)
