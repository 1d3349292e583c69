"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="audit.view",
        label=_("See the audit trail"),
        defaults={
            Role.AUDITOR: Scope.ALL,
            Role.ADMINISTRATOR: Scope.ALL,
        },
    ),
    Permission(
        code="audit.export",
        label=_("Export the audit trail"),
        defaults={
            Role.AUDITOR: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "Entry.actor_name": PersonalData(Kind.NAME),
    "Entry.action": NOT_PERSONAL,
    "Entry.object_kind": NOT_PERSONAL,
    "Entry.object_id": NOT_PERSONAL,
    "Entry.object_ref": NOT_PERSONAL,
    "Entry.reason": PersonalData(Kind.FREE_TEXT),
    "Entry.detail": PersonalData(Kind.FREE_TEXT),
    "Entry.channel": NOT_PERSONAL,
    "Entry.address": NOT_PERSONAL,
    "Entry.request_ref": NOT_PERSONAL,
    "Seal.gaps": NOT_PERSONAL,
    "Seal.late": NOT_PERSONAL,
    "Seal.digest": NOT_PERSONAL,
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "audit.export": _("Exported the audit trail"),
    "audit.verify": _("Verified the audit trail"),
}


# Names that rooms give to what they write down beside a deed; a name that is missing here is shown as it is.
DETAILS: dict[str, str] = {
    "after": _("after"),
    "as": _("as"),
    "before": _("before"),
    "bulk": _("many at once"),
    "by": _("by"),
    "certain": _("certain pairs"),
    "certificate": _("certificate"),
    "changed": _("changed"),
    "changes": _("changes"),
    "channel": _("channel"),
    "code": _("code"),
    "columns": _("columns"),
    "count": _("count"),
    "customers": _("number of customers"),
    "day": _("day"),
    "days": _("number of days"),
    "direction": _("direction"),
    "edition": _("edition"),
    "fields": _("fields"),
    "files": _("files"),
    "filters": _("filters"),
    "first": _("from"),
    "format": _("format"),
    "found": _("found"),
    "from": _("from"),
    "ground": _("ground"),
    "in_clear": _("unmasked"),
    "intention": _("intention"),
    "is_same": _("the same person"),
    "is_sound": _("sound"),
    "item": _("item"),
    "kind": _("kind"),
    "last": _("until"),
    "limit": _("at most"),
    "line": _("line of business"),
    "means": _("channel"),
    "members": _("members"),
    "merged": _("merged"),
    "notice": _("privacy notice"),
    "number": _("number"),
    "origin": _("origin"),
    "parties": _("number of customers"),
    "party": _("customer"),
    "penalty": _("penalty"),
    "period": _("period"),
    "permissions": _("permissions"),
    "policy": _("policy"),
    "product": _("product"),
    "profile": _("profile"),
    "queue": _("queue"),
    "reason": _("reason"),
    "records": _("records"),
    "refused": _("refused"),
    "removed": _("removed"),
    "request": _("request"),
    "review": _("for review"),
    "role": _("role"),
    "rows": _("rows"),
    "score": _("score"),
    "size": _("size in bytes"),
    "state": _("status"),
    "step": _("step"),
    "taken": _("taken over"),
    "to": _("to"),
    "type": _("kind"),
    "unit": _("unit"),
    "units": _("units"),
    "version": _("version"),
    "what": _("what"),
    "with_reason": _("with a reason"),
}
CHANNELS: dict[str, str] = {
    "web": _("Web page"),
    "api": _("Interface"),
    "worker": _("Background"),
    "cli": _("Command line"),
    "command": _("Command line"),
    "card": _("Customer's card"),
}


@dataclass(frozen=True, kw_only=True)
class EntryFilter:
    """What to show of the trail; dates are whole days in Shanghai, both included."""

    who: str = ""
    action: str = ""
    kind: str = ""
    thing: str = ""
    first: date | None = None
    last: date | None = None

    def names(self) -> list[str]:
        """Which filters are set, without their values: for the trail itself."""
        return [name for name in ("who", "action", "kind", "thing", "first", "last") if getattr(self, name)]
