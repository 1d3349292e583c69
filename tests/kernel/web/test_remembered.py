"""Parts of pages that are rendered once."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import Context, Engine, TemplateSyntaxError

from anxin.kernel.web.templatetags import parts

ENGINE = Engine(builtins=["anxin.kernel.web.templatetags.parts"])
ACTIONS = ENGINE.from_string('{% memo for ref key %}<a href="/c/{{ ref }}/">{{ word }} {{ ref }}</a>{% endmemo %}')


def shown(**values: Any) -> str:
    return ACTIONS.render(Context(values))


def test_a_part_remembered_for_one_thing_names_the_next() -> None:
    parts._remembered.clear()
    assert shown(ref="8KZX-M69M", key="a b", word="Edit") == '<a href="/c/8KZX-M69M/">Edit 8KZX-M69M</a>'
    assert shown(ref="KY8D-6TRC", key="a b", word="never") == '<a href="/c/KY8D-6TRC/">Edit KY8D-6TRC</a>'
    assert shown(ref="KY8D-6TRC", key="a", word="Look") == '<a href="/c/KY8D-6TRC/">Look KY8D-6TRC</a>'


@pytest.mark.parametrize("ref", ["", "a", "<b>&amp;", "8KZX/M69M", "\0\0\0\0\0\0\0"])
def test_what_may_stand_elsewhere_or_look_otherwise_is_rendered_anew(ref: str) -> None:
    parts._remembered.clear()
    assert "never" not in shown(ref="8KZX-M69M", key="a", word="Edit")
    assert "now" in shown(ref=ref, key="a", word="now")
    assert "<b>" not in shown(ref=ref, key="a", word="now")


def test_a_part_for_nothing_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError):
        ENGINE.from_string("{% memo for %}{% endmemo %}")
