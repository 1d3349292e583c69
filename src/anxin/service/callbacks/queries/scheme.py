"""The rules of call-backs that hold now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from anxin.foundation.schemes import queries as schemes
from anxin.service.callbacks.data import Question
from anxin.service.callbacks.rules import due, scheme


def rules(now: datetime) -> Any:
    """Content of `callbacks.rules`: clocks, attempts, who is called."""
    # A version kept before a number was added takes what is shipped for it.
    return {**scheme.RULE_DEFAULT, **schemes.active(scheme.RULES, on=due.day_of(now)).content}


def questionnaire(
    kind: str, now: datetime, version: int | None = None
) -> tuple[int, Sequence[Question], tuple[str, str]]:  # fmt: skip
    """Version, questions and opening words (Chinese, English) of a kind of call-back. `version`: the one a customer was
    asked by; None before anybody called."""
    today = due.day_of(now)
    if version is None:
        found = schemes.active(scheme.QUESTIONS, on=today)
    else:
        found = schemes.numbered(scheme.QUESTIONS, version, on=today)
    return found.version, scheme.questions_of(found.content, kind), scheme.opening_of(found.content, kind)
