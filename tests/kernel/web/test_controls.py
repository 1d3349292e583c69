"""Pickers are drawn without templates, and look like those that are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.html import format_html

from anxin.kernel.web.controls import Renderer


class Form(forms.Form):
    one = forms.ChoiceField(
        choices=[("", "—"), ("a&b", '<b>"bold"</b>'), ("Far", [("x", "X"), ("y", "Y")]), (3, 1234)], required=False
    )
    many = forms.MultipleChoiceField(choices=[("x", format_html("<i>{}</i>", "&")), ("y", "Y")])


def drawn(renderer: Any, **values: Any) -> list[str]:
    form = Form(initial=values, renderer=renderer)
    told = [
        field.as_widget(attrs={"class": "in", "data-q": 'a"b', "autofocus": True, "hidden": False}) for field in form
    ]
    return [" ".join(one.split()).replace("> <", "><") for one in told]


def test_a_select_is_the_one_of_django() -> None:
    for values in ({}, {"one": "a&b", "many": ["y"]}, {"one": "y", "many": ["x", "y"]}, {"one": 3}):
        assert drawn(Renderer(), **values) == drawn(DjangoTemplates(), **values)


class Coloured(forms.Select):
    option_template_name = "django/forms/widgets/checkbox_option.html"


def test_options_with_a_template_of_their_own_keep_it() -> None:
    field = Coloured(choices=[("x", "X")])
    assert field.render("n", "x", renderer=Renderer()) == field.render("n", "x", renderer=DjangoTemplates())
