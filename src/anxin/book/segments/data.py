"""What leaves this room, what may be permitted in it, and which of its columns are personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from anxin.kernel.permissions import Permission, Role, Scope
from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData
from anxin.kernel.words import mark as _

PERMISSIONS: tuple[Permission, ...] = (
    Permission(
        code="segments.view",
        label=_("See segments and classes"),
        defaults={
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
            Role.AUDITOR: Scope.ALL,
        },
    ),
    Permission(
        code="segments.save",
        label=_("Keep segments of one's own"),
        defaults={
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
        },
    ),
    Permission(
        code="segments.phase_out",
        label=_("Ask to phase a customer out"),
        defaults={
            Role.CUSTOMER_MANAGER: Scope.OWN,
            Role.TEAM_LEAD: Scope.TEAM,
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
        },
    ),
    Permission(
        code="segments.phase_out_approve",
        label=_("Approve phasing a customer out"),
        defaults={
            Role.BRANCH_MANAGER: Scope.UNIT,
            Role.HEAD_OFFICE: Scope.ALL,
        },
    ),
    Permission(
        code="segments.run",
        label=_("Start the nightly run by hand"),
        defaults={
            Role.HEAD_OFFICE: Scope.ALL,
            Role.ADMINISTRATOR: Scope.ALL,
        },
    ),
)

PERSONAL_DATA: dict[str, PersonalData] = {
    "Run.engine": NOT_PERSONAL,
    "Run.state": NOT_PERSONAL,
    "Run.scheme_versions": NOT_PERSONAL,
    "Run.summary": NOT_PERSONAL,
    "Run.input_digest": NOT_PERSONAL,
    "Run.message": NOT_PERSONAL,
    "Run.fitted": NOT_PERSONAL,
    "ClassChange.scheme": NOT_PERSONAL,
    "ClassChange.before": NOT_PERSONAL,
    "ClassChange.after": NOT_PERSONAL,
    "Profile.kind": NOT_PERSONAL,
    "Profile.sex": NOT_PERSONAL,
    "Profile.marital_status": PersonalData(Kind.FAMILY),
    "Profile.education": NOT_PERSONAL,
    "Profile.occupation_class": PersonalData(Kind.OCCUPATION),
    "Profile.industry": NOT_PERSONAL,
    "Profile.life_stage": PersonalData(Kind.FAMILY),
    "Profile.needs_cell": PersonalData(Kind.FAMILY),
    "Profile.key_group": PersonalData(Kind.OCCUPATION),
    **dict.fromkeys(
        (
            f"Profile.{column}"
            for column in (
                "acquisition_channel",
                "region",
                "tier",
                "abc",
                "profit_tier",
                "service_balance",
                "value_tier",
                "scale_class",
                "channel_class",
                "buyer_class",
                "key_account",
                "tenure_class",
                "quadrant",
                "lifecycle",
                "age_band",
                "cluster",
                "needs_result",
                "visit_state",
                "abc_credit",
                "abc_share",
                "pyramid",
                "small_action",
                "credit",
                "rfm_segment",
                "affluence",
                "needs_results",
                "rfm",
                "own_classes",
            )
        ),
        NOT_PERSONAL,
    ),
    "Segment.name": NOT_PERSONAL,
    "Segment.note": NOT_PERSONAL,
    "Segment.kind": NOT_PERSONAL,
    "Segment.condition": NOT_PERSONAL,
}
# What the audit trail says of this room, in words: what was done, and to what kind of thing.
DEEDS: dict[str, str] = {
    "segments.run": _("Computed the classes anew"),
    "segments.save": _("Saved a segment"),
    "segments.save_list": _("Saved a list as a segment"),
    "segments.remove": _("Removed a segment"),
    "segments.export": _("Exported a segment"),
    "segments.phase_out": _("Phased a customer out"),
    "segments.take_back_phase_out": _("Took a phase-out back"),
}
THINGS: dict[str, str] = {"segment": _("Segment")}


@dataclass(frozen=True, kw_only=True)
class RunView:
    """One run. `summary` holds counts only; `is_new` False: the same night had the same result already."""

    id: UUID
    as_of: date
    engine: str
    state: str
    scheme_versions: Mapping[str, int]
    summary: Mapping[str, object]
    started_at: datetime
    finished_at: datetime | None
    message: str
    is_replay: bool = False
    fitted: Mapping[str, object] = field(default_factory=dict)
    is_new: bool = False

    @property
    def moved(self) -> int | None:
        """Customers' moves from class to class, all classifications together."""
        found = self.summary.get("changes")
        return sum(found.values()) if isinstance(found, dict) else None

    @property
    def lasted(self) -> str:
        """As `3.2 s`, or `2:05` minutes; nothing while it runs, or when the caller's clock stood still."""
        seconds = (self.finished_at - self.started_at).total_seconds() if self.finished_at is not None else 0.0
        if seconds <= 0:
            return ""
        return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


@dataclass(frozen=True, kw_only=True)
class TierName:
    code: str
    name_zh: str
    name_en: str
    from_fen: int


@dataclass(frozen=True, kw_only=True)
class ChangeView:
    """A customer's move from one class to another."""

    as_of: date
    scheme: str
    before: str
    after: str
