"""Codes of call-backs in the reader's words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from anxin.book.portfolio.data import CHANNELS, LINES, PAY_MODES
from anxin.service.callbacks.data import KINDS, OUTCOMES, REASONS, STATES, WAYS, CallBackRow, Question, State

ANSWERS: dict[str, Any] = {
    "yes": pgettext_lazy("answer", "Yes"), "no": pgettext_lazy("answer", "No"),
    "unsure": pgettext_lazy("answer", "Not sure"),
}  # fmt: skip


def is_english() -> bool:
    return (get_language() or "").startswith("en")


def text_of(question: Question) -> str:
    return question.text_en if is_english() else question.text_zh


def answer_word(value: str) -> str:
    return str(ANSWERS.get(value, value))


def said(table: Any, code: str) -> str:
    word = table.get(code, code)
    return _(word) if code and word else ""


def channel(code: str) -> str:
    return said(CHANNELS, code)


def line(code: str) -> str:
    return said(LINES, code)


def pay_mode(code: str) -> str:
    return said(PAY_MODES, code)


def reason(code: str) -> str:
    return said(REASONS, code)


def outcome(code: str) -> str:
    return said(OUTCOMES, code)


def way(code: str) -> str:
    return said(WAYS, code)


def shown(row: CallBackRow) -> dict[str, Any]:
    """A line of the list with the words a template needs."""
    word, icon = KINDS[row.kind]
    state, level = STATES[row.state]
    return {
        "row": row, "kind": _(word), "icon": icon, "state": _(state), "state_level": level,
        "channel": channel(row.channel), "line": line(row.line), "is_open": row.ended_at is None,
        "is_waiting": row.state is State.WAITING,
    }  # fmt: skip
