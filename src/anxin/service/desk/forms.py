"""The shape of a contact."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from anxin.service.desk import data


class TouchpointForm(forms.Form):
    channel = forms.ChoiceField(
        label=_("Channel"), choices=[(code, _(word)) for code, (word, _icon) in data.CHANNELS.items()]
    )
    direction = forms.ChoiceField(
        label=_("Direction"), choices=[(code, _(word)) for code, word in data.DIRECTIONS.items()], initial="outbound"
    )
    topic = forms.CharField(label=_("About"), max_length=60)
    summary = forms.CharField(
        label=_("What was said"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )
    result = forms.ChoiceField(
        label=_("Result"), required=False,
        choices=[("", "—"), *((code, _(word)) for code, word in data.RESULTS.items())],
    )  # fmt: skip
    next_step = forms.CharField(label=_("Next step"), required=False, max_length=200)
