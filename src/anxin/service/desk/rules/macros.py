"""Macros: which may be written, and what a reply says with its places filled. No templates of users (S9)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from anxin.book.customers.data import written_in
from anxin.kernel.words import mark as _
from anxin.service.desk.data.tickets import Action, TicketState
from anxin.service.desk.rules import workflow

PLACES: Final = {
    "customer": _("Name of the customer"),
    "number": _("Number of the ticket"),
    "type": _("What it is about"),
    "agent": _("Your name"),
    "due": _("When it is due"),
    "policy": _("Number of the policy"),
}
_PLACE: Final = re.compile(r"\{(\w+)\}")
# Moves a macro may make. Handing over and merging need a choice for each ticket.
MOVES: Final = (Action.TAKE, Action.ASK, Action.REFER, Action.RESUME, Action.RESOLVE, Action.CLOSE, Action.RETURN)
# Above this many tickets it is work for the background.
AT_ONCE: Final = 20
MOST: Final = 500


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a macro does; blank or None: it leaves that as it is."""

    type: str = ""
    priority: int | None = None
    queue: str = ""
    action: str = ""
    why: str = ""
    tag: str = ""
    note: str = ""
    reply: str = ""
    reply_en: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(
            (self.type, self.priority, self.queue, self.action, self.tag, self.note, self.reply, self.reply_en)
        )


def for_language(content: Content, language: str) -> Content:
    """With the reply in the language of the customer, where there is one in English."""
    if written_in(language) == "en" and content.reply_en:
        return replace(content, reply=content.reply_en)
    return content


def filled(text: str, values: Mapping[str, str]) -> str:
    """`text` with its places filled; what is no place stays as it was written."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def unknown_places(*texts: str) -> list[str]:
    """Names in braces that no macro knows, in order."""
    return [name for text in texts for name in _PLACE.findall(text) if name not in PLACES]


def problems(content: Content, *, types: frozenset[str], queues: frozenset[str]) -> list[tuple[str, str]]:
    """(field, what is wrong) of a macro that somebody wrote."""
    found = []
    if content.is_empty:
        found.append(("reply", _("A macro does at least one thing.")))
    if content.type and content.type not in types:
        found.append(("type", _("There is no such type of ticket.")))
    if content.queue and content.queue not in queues:
        found.append(("queue", _("There is no such queue.")))
    if content.priority is not None and not 1 <= content.priority <= 4:
        found.append(("priority", _("Choose between 1 and 4.")))
    if content.action and content.action not in MOVES:
        found.append(("action", _("Choose a move that needs no person.")))
    elif content.action and (missing := workflow.missing_reason(Action(content.action), content.why)):
        found.append(("why", missing))
    if unknown_places(content.reply, content.reply_en, content.note, content.why):
        found.append(("reply", _("Only the places listed may stand in braces.")))
    return found


def steps(content: Content, state: str) -> list[Action]:
    """The moves that lead to what the macro wants: what nobody has taken yet is taken first. Raises IllegalTransition
    when there is no way."""
    if not content.action:
        return []
    wanted = Action(content.action)
    way = [wanted]
    if state == TicketState.NEW and wanted is not Action.TAKE:
        way = [Action.TAKE, wanted]
    for action in way:
        state = workflow.WORKFLOW.move(state, action).to_state
    return way
