"""The six principles of handling a complaint, each as a check of what is on record."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from anxin.kernel.words import mark as _


class Verdict(StrEnum):
    KEPT = "kept"
    OPEN = "open"
    BROKEN = "broken"


@dataclass(frozen=True, kw_only=True)
class Record:
    """What the checks look at. `satisfaction` and `is_in_time` None: not known yet."""

    is_told: bool = False
    has_contact: bool = False
    has_silent_extension: bool = False
    sent_back: int = 0
    is_reviewed: bool = False
    is_late: bool = False
    late_steps: int = 0
    is_in_time: bool | None = None
    is_handler_blamed: bool = False
    is_plan_by_two: bool | None = None
    has_findings: bool = False
    evidence: int = 0
    validity: str = ""
    outcome: str = ""
    satisfaction: int | None = None


@dataclass(frozen=True, kw_only=True)
class Principle:
    """One principle and how it stands; `why` is a text of the catalogue."""

    code: str
    label: str
    verdict: Verdict
    why: str


MET: Final = frozenset({"met", "partly_met", "goodwill", "surrender", "mediated"})


def check(told: Record) -> tuple[Principle, ...]:
    """The six principles in their order."""
    return tuple(
        Principle(code=code, label=label, verdict=verdict, why=why)
        for code, label, (verdict, why) in (
            ("transparency", _("Transparency"), _transparency(told)),
            ("convenience", _("Convenience"), _convenience(told)),
            ("timeliness", _("Timeliness"), _timeliness(told)),
            ("fairness", _("Fairness"), _fairness(told)),
            ("legality", _("Legality"), _legality(told)),
            ("satisfaction", _("Reasonable requests satisfied"), _satisfaction(told)),
        )
    )


def _transparency(told: Record) -> tuple[Verdict, str]:
    if told.has_silent_extension:
        return Verdict.BROKEN, _("More time was taken without telling the complainant.")
    if told.is_told:
        return Verdict.KEPT, _("The decision was told with its basis and the ways to appeal.")
    if told.has_contact:
        return Verdict.KEPT, _("The complainant was told how it goes on.")
    return Verdict.OPEN, _("Nobody has talked to the complainant yet.")


def _convenience(told: Record) -> tuple[Verdict, str]:
    if told.sent_back > 1:
        return Verdict.BROKEN, _("The complainant was asked for papers more than once.")
    if told.is_reviewed:
        return Verdict.KEPT, _("What was needed was asked for once, all at once.")
    return Verdict.OPEN, _("The registration is not reviewed yet.")


def _timeliness(told: Record) -> tuple[Verdict, str]:
    if told.is_late or told.is_in_time is False:
        return Verdict.BROKEN, _("The statutory day was missed.")
    if told.late_steps:
        return Verdict.BROKEN, _("A step took longer than its internal target.")
    if told.is_in_time:
        return Verdict.KEPT, _("The decision was told within the statutory term.")
    return Verdict.OPEN, _("Both clocks run and are kept so far.")


def _fairness(told: Record) -> tuple[Verdict, str]:
    if told.is_handler_blamed:
        return Verdict.BROKEN, _("The handler is the one found responsible and did not stand aside.")
    if told.is_plan_by_two is False:
        return Verdict.BROKEN, _("The plan was approved by whoever proposed it.")
    if told.is_plan_by_two:
        return Verdict.KEPT, _("Investigated by somebody without an interest, decided by another person.")
    return Verdict.OPEN, _("No plan is approved yet.")


def _legality(told: Record) -> tuple[Verdict, str]:
    if not told.has_findings:
        return Verdict.OPEN, _("There are no findings yet.")
    if not told.evidence:
        return (Verdict.BROKEN if told.is_told else Verdict.OPEN), _("The findings rest on no evidence in the file.")
    if told.is_told:
        return Verdict.KEPT, _("Findings on evidence; a notice with every item of the law and its proof of delivery.")
    return Verdict.OPEN, _("Findings on evidence; the notice is to come.")


def _satisfaction(told: Record) -> tuple[Verdict, str]:
    if told.satisfaction is not None and told.satisfaction <= 2:
        return Verdict.BROKEN, _("The complainant was not satisfied at the call-back.")
    if not told.outcome:
        return Verdict.OPEN, _("There is no outcome yet.")
    if told.validity in ("valid", "partly"):
        if told.outcome in MET:
            return Verdict.KEPT, _("A well-founded request was met.")
        return Verdict.BROKEN, _("A well-founded request was not met.")
    return Verdict.KEPT, _("The request was not well-founded; the reasons were given.")
