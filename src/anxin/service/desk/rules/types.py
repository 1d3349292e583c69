"""Types of tickets: what each asks, needs and is given to. A scheme of the site, with what is shipped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.words import mark as _
from anxin.service.desk.data.tickets import TicketKind

TYPES: Final = "desk.types"
# What a site writes where no skill is needed.
ANY: Final = "any"


def _text(code: str, label: str) -> SchemeField:
    return SchemeField(code=code, label=label, kind=FieldKind.TEXT)


TYPE_FIELDS = (
    SchemeField(
        code="queues", label=_("Queues"), kind=FieldKind.ROWS,
        columns=(_text("code", _("Code")), _text("label_zh", _("Chinese name")), _text("label_en", _("English name"))),
    ),
    SchemeField(
        code="types", label=_("Types of tickets"), kind=FieldKind.ROWS,
        columns=(
            _text("code", _("Code")), _text("kind", _("Kind")), _text("label_zh", _("Chinese name")),
            _text("label_en", _("English name")), _text("queue", _("Queue")),
            SchemeField(code="skill", label=_("Skill"), kind=FieldKind.TEXT, hint=_("any, where none is needed.")),
            SchemeField(code="priority", label=_("Priority"), kind=FieldKind.INTEGER, hint=_("1 urgent to 4 low.")),
            SchemeField(code="is_sunset", label=_("Answered by sunset"), kind=FieldKind.YES_NO),
            _text("measure", _("Standard time counts")),
            SchemeField(code="amount", label=_("Standard time"), kind=FieldKind.INTEGER, hint=_("Minutes or days.")),
        ),
    ),
    SchemeField(
        code="fields", label=_("What is asked"), kind=FieldKind.ROWS,
        hint=_("A code that ends in _at asks for a day and a time; wanted_at makes an appointment."),
        columns=(
            _text("type", _("Type")), _text("code", _("Code")), _text("label_zh", _("Chinese name")),
            _text("label_en", _("English name")),
            SchemeField(code="is_required", label=_("Required"), kind=FieldKind.YES_NO),
        ),
    ),
    SchemeField(
        code="documents", label=_("Documents, told all at once"), kind=FieldKind.ROWS,
        columns=(
            _text("type", _("Type")), _text("code", _("Code")), _text("label_zh", _("Chinese name")),
            _text("label_en", _("English name")),
            SchemeField(code="is_required", label=_("Required"), kind=FieldKind.YES_NO),
        ),
    ),
)  # fmt: skip


def _type(code: str, kind: str, zh: str, en: str, queue: str, measure: str, amount: int, **more: Any) -> dict[str, Any]:
    return {
        "code": code, "kind": kind, "label_zh": zh, "label_en": en, "queue": queue, "skill": more.get("skill", ANY),
        "priority": more.get("priority", 3), "is_sunset": more.get("is_sunset", True), "measure": measure,
        "amount": amount,
    }  # fmt: skip


def _rows(*lines: tuple[str, str, str, str, bool]) -> list[dict[str, Any]]:
    return [
        {"type": kind, "code": code, "label_zh": zh, "label_en": en, "is_required": needed}
        for kind, code, zh, en, needed in lines
    ]


# Standard times: the service clocks of 人身保险业务基本服务规定 (acceptance 2 working days, change 5),
# and of the desk itself where no rule holds.
TYPE_DEFAULT: Content = {
    "queues": [
        {"code": "general", "label_zh": "综合服务", "label_en": "General"},
        {"code": "policy", "label_zh": "保全", "label_en": "Policy changes"},
        {"code": "claims", "label_zh": "理赔", "label_en": "Claims"},
        {"code": "voice", "label_zh": "客户之声", "label_en": "Voice of the customer"},
    ],
    "types": [
        _type("consult_product", "consult", "产品与条款咨询", "Product and clauses", "general", "working_minutes", 240),
        _type("consult_claim", "consult", "理赔咨询", "Claim consultation", "claims", "working_minutes", 240),
        _type(
            "fnol_motor",
            "claim_report",
            "车险报案",
            "Motor claim report",
            "claims",
            "minutes",
            60,
            priority=1,
            skill="motor",
        ),
        _type("fnol_other", "claim_report", "非车险报案", "Other claim report", "claims", "minutes", 120, priority=1),
        _type("change_contact", "endorsement", "联系方式变更", "Change of contact", "policy", "working_days", 2),
        _type("change_beneficiary", "endorsement", "受益人变更", "Change of beneficiary", "policy", "working_days", 5),
        _type("change_account", "endorsement", "账户变更", "Change of account", "policy", "working_days", 5),
        _type(
            "change_members",
            "endorsement",
            "团体被保险人增减",
            "Members of a group policy",
            "policy",
            "working_days",
            5,
            skill="group",
        ),
        _type("query_policy", "query", "保单查询", "Policy query", "general", "working_minutes", 120),
        _type("query_claim", "query", "理赔进度查询", "Progress of a claim", "claims", "working_minutes", 120),
        _type("suggestion", "suggestion", "意见建议", "Suggestion", "voice", "working_days", 5, priority=4),
        _type("objection", "objection", "异议", "Objection", "voice", "working_days", 3, priority=2),
        # 人身保险业务基本服务规定: 15 working days, not by sales.
        _type(
            "callback_problem",
            "objection",
            "回访问题件",
            "Problem found in a call-back",
            "voice",
            "working_days",
            15,
            priority=2,
            is_sunset=False,
        ),
        _type("pick_up", "pick_up", "上门收单", "Pick-up of documents", "general", "working_days", 2),
        _type("invoice", "service", "电子发票", "Electronic invoice", "general", "working_days", 1),
        _type("callback", "service", "约定回电", "Call back", "general", "working_minutes", 120, priority=2),
        _type("other", "service", "其他服务", "Other service", "general", "working_days", 3),
    ],
    "fields": _rows(
        ("fnol_motor", "reporter", "报案人", "Who reports", True),
        ("fnol_motor", "reporter_phone", "报案人电话", "Telephone of who reports", True),
        ("fnol_motor", "relation", "报案人与被保险人关系", "How related to the insured", False),
        ("fnol_motor", "accident_at", "出险时间", "Time of the accident", True),
        ("fnol_motor", "place", "出险地点", "Place of the accident", True),
        ("fnol_motor", "cause", "事故经过", "What happened", True),
        ("fnol_motor", "plate", "车牌号", "Plate", True),
        ("fnol_motor", "driver", "驾驶人", "Driver", False),
        ("fnol_motor", "injured", "人员伤亡情况", "People hurt", True),
        ("fnol_motor", "other_side", "对方车辆或财产损失", "Damage of the other side", False),
        ("fnol_motor", "police_no", "交警报案号", "Number of the police report", False),
        ("fnol_motor", "vehicle_now", "车辆目前停放地点", "Where the vehicle is now", False),
        ("fnol_other", "reporter", "报案人", "Who reports", True),
        ("fnol_other", "reporter_phone", "报案人电话", "Telephone of who reports", True),
        ("fnol_other", "relation", "报案人与被保险人关系", "How related to the insured", False),
        ("fnol_other", "accident_at", "出险时间", "Time of the event", True),
        ("fnol_other", "place", "出险地点", "Place of the event", True),
        ("fnol_other", "cause", "出险原因及经过", "Cause and course", True),
        ("fnol_other", "condition", "被保险人现状", "State of the insured", False),
        ("fnol_other", "hospital", "就诊医院", "Hospital", False),
        ("change_contact", "new_contact", "新的联系方式", "New contact", True),
        ("change_beneficiary", "beneficiary", "受益人及份额", "Beneficiaries and shares", True),
        ("change_account", "bank", "开户行", "Bank", True),
        ("change_members", "count", "增减人数", "People joining and leaving", True),
        ("query_claim", "claim_no", "赔案号", "Claim number", False),
        ("pick_up", "address", "上门地址", "Address", True),
        ("pick_up", "wanted_at", "上门时间", "When to come", True),
        ("pick_up", "contact", "联系人及电话", "Person and telephone there", True),
        ("pick_up", "papers", "需收取的单证", "Papers to pick up", True),
        ("invoice", "title", "发票抬头", "Invoice title", True),
        ("callback", "wanted_at", "回电时间", "Time to call", True),
    ),
    "documents": _rows(
        ("fnol_motor", "licence", "驾驶证、行驶证", "Driving and vehicle licence", True),
        ("fnol_motor", "photos", "现场照片", "Photos of the scene", True),
        ("fnol_motor", "police", "交警事故认定书", "Police report", False),
        ("fnol_other", "identity", "被保险人身份证明", "Identity of the insured", True),
        ("fnol_other", "medical", "诊断证明及费用清单", "Diagnosis and list of costs", False),
        ("change_beneficiary", "identity", "投保人、被保险人身份证明", "Identity of holder and insured", True),
        ("change_beneficiary", "application", "保险合同变更申请书", "Application for the change", True),
        ("change_beneficiary", "identity_new", "新受益人身份证明", "Identity of the new beneficiaries", True),
        ("change_account", "identity", "投保人身份证明", "Identity of the holder", True),
        ("change_account", "application", "保险合同变更申请书", "Application for the change", True),
        ("change_account", "card", "新账户银行卡复印件", "Copy of the new bank card", True),
        ("change_members", "application", "团体保险变更申请书（盖章）", "Application with the company's seal", True),
        ("change_members", "list", "人员变动清单", "List of people joining and leaving", True),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A field or a document of a type."""

    code: str
    label_zh: str
    label_en: str
    is_required: bool

    @property
    def is_moment(self) -> bool:
        """Whether it asks for a day and a time, `2026-11-23 18:00`."""
        return self.code.endswith("_at")


@dataclass(frozen=True, kw_only=True)
class TicketType:
    """A type with everything it asks and needs."""

    code: str
    kind: TicketKind
    label_zh: str
    label_en: str
    queue: str
    skill: str
    priority: int
    is_sunset: bool
    measure: str
    amount: int
    fields: tuple[Asked, ...]
    documents: tuple[Asked, ...]


def types_of(content: Content) -> dict[str, TicketType]:
    """The types of a scheme by their codes, in its order."""
    rows: Any = content

    def asked(part: str, code: str) -> tuple[Asked, ...]:
        return tuple(
            Asked(code=one["code"], label_zh=one["label_zh"], label_en=one["label_en"], is_required=one["is_required"])
            for one in rows[part]
            if one["type"] == code
        )

    return {
        one["code"]: TicketType(
            **{**one, "kind": TicketKind(one["kind"]), "skill": "" if one["skill"] == ANY else one["skill"]},
            fields=asked("fields", one["code"]),
            documents=asked("documents", one["code"]),
        )
        for one in rows["types"]
    }  # fmt: skip


# The answer that says when somebody is to come or to call.
WANTED_AT: Final = "wanted_at"
MEASURES: Final = frozenset({"minutes", "working_minutes", "natural_days", "working_days"})


def type_problems(content: Content) -> list[Problem]:
    rows: Any = content
    found = []
    queues = {one["code"] for one in rows["queues"]}
    codes: set[str] = set()
    for number, one in enumerate(rows["types"], 1):
        where = f"types.{number}"
        if one["code"] in codes:
            found.append(Problem(path=f"{where}.code", message=_("This code is used twice.")))
        codes.add(one["code"])
        if one["kind"] not in set(TicketKind):
            found.append(Problem(path=f"{where}.kind", message=_("There is no such kind of ticket.")))
        if one["queue"] not in queues:
            found.append(Problem(path=f"{where}.queue", message=_("There is no such queue.")))
        if one["measure"] not in MEASURES:
            found.append(
                Problem(
                    path=f"{where}.measure",
                    message=_("Choose minutes, working_minutes, natural_days or working_days."),
                )
            )
        if not 1 <= one["amount"] <= 100_000:
            found.append(Problem(path=f"{where}.amount", message=_("A standard time is at least 1.")))
        if not 1 <= one["priority"] <= 4:
            found.append(Problem(path=f"{where}.priority", message=_("Choose between 1 and 4.")))
    for part in ("fields", "documents"):
        for number, one in enumerate(rows[part], 1):
            if one["type"] not in codes:
                found.append(Problem(path=f"{part}.{number}.type", message=_("There is no such type of ticket.")))
    return found


def missing_answers(kind: TicketType, answers: Mapping[str, str]) -> list[Asked]:
    """The required fields without an answer: told all at once."""
    return [one for one in kind.fields if one.is_required and not answers.get(one.code, "").strip()]
