"""The shape of an edition, of feedback and of an attached file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anxin.service.knowledge.data import KINDS
from anxin.service.knowledge.rules import LARGEST_ATTACHMENT


class EditionForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=[(code, _(label)) for code, (label, _icon) in KINDS.items()])
    category = forms.ChoiceField(label=_("Article category"), required=False)
    body = forms.CharField(
        label=_("Text of the article"), max_length=50_000, widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_("Begin with what is asked most; one paragraph for one thing. A blank line begins a new one."),
    )  # fmt: skip
    valid_from = forms.DateField(label=_("Valid from"), required=False)
    valid_until = forms.DateField(label=_("Valid until"), required=False)
    note = forms.CharField(label=_("What changed, and why"), max_length=300, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, categories: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["category"]
        field.choices = [("", "—"), *categories]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("valid_from"), values.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The last day lies before the first."))
        return values


class FeedbackForm(forms.Form):
    is_helpful = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")
    comment = forms.CharField(label=_("What is missing or wrong"), max_length=300, required=False)


class FileForm(forms.Form):
    file = forms.FileField(label=_("File to attach"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_ATTACHMENT:
            raise forms.ValidationError(_("A file may have 20 MB at most."))
        return file
