"""Taking a complaint in: who speaks for many, what may be asked for, how somebody is received, what is promised."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from anxin.kernel.words import mark as _

# Order no. 3 of 2020, article 12.
SPEAKERS: Final = 5
# Bytes of one file of the evidence.
LARGEST_FILE: Final = 20 * 1024 * 1024
_BETWEEN: Final = re.compile(r"[、，,;；/\s]+")
# What is asked for by who complains (articles 13 and 14), told once and all at once; nothing the house holds already.
PAPERS: Final[Mapping[str, tuple[str, ...]]] = {
    "self": (_("Name and telephone of the complainant"), _("Request, facts and reasons; signed when on paper")),
    "agent": (
        _("Original of the signed authority"), _("Identity document and telephone of the agent"),
        _("Name of the complainant, request, facts and reasons"),
    ),
    "heir": (
        _("Proof of the inheritance"), _("Identity document and telephone of the heir"),
        _("Request, facts and reasons; signed when on paper"),
    ),
    "legal_rep": (
        _("Proof of representation or guardianship"), _("Identity document and telephone of the representative"),
        _("Request, facts and reasons; signed when on paper"),
    ),
    "org": (
        _("Name and unified social credit code of the organisation"), _("Name and telephone of its representative"),
        _("Request, facts and reasons; with the seal when on paper"),
    ),
}  # fmt: skip
# The seven steps of receiving a complainant, each with what to do and a sentence to say.
STEPS: Final = (
    (_("Welcome the complainant"), _("Greet, lead to a quiet room, say who you are and that you stay in charge."),
     _("“My name is …; I take this up and stay with you until it is settled.”")),
    (_("Listen to the complainant"), _("Let the complainant finish; note the words, do not defend."),
     _("“Please tell me from the beginning, I am writing it down.”")),
    (_("Observe the complainant"), _("Notice the mood; more than five people choose representatives."),
     _("“I see how much this troubles you.”")),
    (_("Ask the complainant"), _("Ask for facts and for what is wanted; nothing the company can look up itself."),
     _("“When did it happen, and what would settle it for you?”")),
    (_("Judge the matter"), _("Name the matter back and choose cause, severity and method."),
     _("“If I have understood you, it is about … Is that right?”")),
    (_("Settle the matter"), _("Settle it at once if you may; else say who does what, and by when."),
     _("“You get our answer by … at the latest. Here is your number.”")),
    (_("Visit the complainant again"), _("Call back after the decision is carried out and ask whether it is well."),
     _("“Was it settled as we promised? What could we do better?”")),
)  # fmt: skip
# How a complaint may be handled.
METHODS: Final = (
    ("one_stop", _("One-stop service"), _("One person takes it up and sees it through, whatever units are asked.")),
    ("promise", _("Service promise"), _("Promise an answer by a time, write it down, and keep it.")),
    ("replace", _("Replacement"), _("Change the person, the place or the time when talks have run hot.")),
)  # fmt: skip


def risk_of(*, channel: str, is_forwarded: bool, severity: str) -> tuple[str, str]:
    """(level of a tag, text) of how near the complaint is to the regulator."""
    if is_forwarded or channel in ("regulator", "hotline_12378"):
        return "danger", _("High: the regulator has it")
    if severity in ("major", "repeated") or channel in ("media", "mediation"):
        return "warn", _("Middle: repeated, major or outside the house")
    return "", _("Low: no complaint elsewhere is known")


def names_in(text: str) -> list[str]:
    """The names somebody wrote one after the other."""
    return list(dict.fromkeys(name for name in _BETWEEN.split(text.strip()) if name))
