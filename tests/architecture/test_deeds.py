"""Whatever is written to the audit trail has words: a code that no room names fails here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import anxin
from anxin.book.customers.services.bulk import Action as BulkAction
from anxin.book.matching.data import Decision
from anxin.book.rights import rules as rights
from anxin.foundation.audit import queries
from anxin.foundation.intake.data import BatchState
from anxin.service.complaints.rules import flow
from anxin.service.desk.data import Action as TicketAction
from anxin.service.managers.data import RunKind
from anxin.service.worklist.data import Action as ItemAction

PACKAGE = Path(anxin.__path__[0])
CODE = re.compile(r"[a-z]+\.[a-z_]+")
# Calls that hand a code on to `audit.record`; what else looks like a code is a permission, a scheme or an address.
WRITERS = re.compile(r"(?:^|\.)(?:record|record_many|_record|_recorded|_remove|_note|_changed|_stored)$")


def codes(source: str) -> Iterator[str]:
    """Codes written out in calls that record: `action="room.verb"`, or handed to a helper that records."""
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        named = [word.value for word in call.keywords if word.arg == "action"]
        handed = list(call.args) if WRITERS.search(ast.unparse(call.func)) else []
        for part in [*named, *handed]:
            for leaf in ast.walk(part):
                if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str) and CODE.fullmatch(leaf.value):
                    yield leaf.value


def composed() -> Iterator[str]:
    """Codes put together from the moves of a workflow or the members of an enumeration."""
    yield from (f"desk.{one}" for one in TicketAction)
    yield from (f"worklist.{one}" for one in ItemAction)
    yield from (f"customers.{one}" for one in BulkAction)
    yield from (f"matching.{one}" for one in Decision)
    yield from (f"managers.{one}" for one in RunKind)
    yield from (f"intake.{one}" for one in (BatchState.DONE, BatchState.STOPPED, BatchState.FAILED))
    yield from (f"complaints.{one.action}" for one in flow.WORKFLOW.transitions)
    yield from (f"rights.{one.action}" for one in rights.WORKFLOW.transitions)
    yield from (f"rights.{one}" for one in ("receive", "assign", "extend"))
    yield from (f"approvals.{one}" for one in ("approve", "reject"))
    yield from (f"upkeep.{one}" for one in ("resolve", "dismiss"))


def test_every_recorded_deed_has_words() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/*/apps.py")}
    written = set(composed())
    for path in PACKAGE.rglob("*.py"):
        if "audit" in (text := path.read_text()):
            written |= {code for code in codes(text) if code.partition(".")[0] in rooms}
    assert len(written) > 150
    named = queries.words("DEEDS")
    assert sorted(written - named.keys()) == []


def test_a_planted_deed_without_words_is_found() -> None:
    planted = 'audit.record(actor=actor, now=now, action="desk.bewitch")\n_record(actor, now, "desk.curse", row)'
    assert set(codes(planted)) == {"desk.bewitch", "desk.curse"}
    assert not set(codes(planted)) & queries.words("DEEDS").keys()
