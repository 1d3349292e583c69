# ruff: noqa: E501 - a table: one entry is read across
"""What companies are offered, by how far the sale is, kind of product, and importance (domain 8.10).

A service may stand in several stages: the report on a contract is made while it runs and sells the next one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from anxin.book.segments.rules.fields import Kind, anything, choice, choices_in_order, rows, text
from anxin.foundation.schemes.data import Choice
from anxin.kernel.words import mark as _

CODE: Final = "segments.group"
STAGES: Final = {
    "presale": _("Before the sale"), "underwriting": _("Handling of new business"), "inforce": _("While policies run"), "renewal": _("Renewal of the contract"),
}  # fmt: skip
OBJECTS: Final = {"hr": _("Human resources"), "staff": _("Employees"), "both": _("Human resources and employees")}
RHYTHMS: Final = {"regular": _("Regular"), "occasion": _("On occasion")}
PRODUCTS: Final = ("accident", "health", "annuity")
_ANY: Final = Choice(code="*", label=_("All of them"))


def _choices(words: Mapping[str, str]) -> list[Choice]:
    return [Choice(code=code, label=word) for code, word in words.items()]


PRODUCT_WORDS: Final = {"accident": _("Accident"), "health": _("Health"), "annuity": _("Annuity")}
WHO: Final = {"all": _("All customers"), "key": _("Key customers")}
RENEWAL_DAYS: Final = 90


@dataclass(frozen=True, kw_only=True)
class Service:
    zh: str
    en: str
    group_zh: str
    group_en: str
    receiver: str
    rhythm: str
    is_for_key: bool


def _service(
    group: tuple[str, str],
    zh: str,
    en: str,
    receiver: str,
    stages: str,
    *,
    products: str = "*",
    customers: str = "all",
    rhythm: str = "regular",
) -> dict[str, str]:
    return {
        "group_zh": group[0], "group_en": group[1], "zh": zh, "en": en, "receiver": receiver, "stages": stages,
        "products": products, "customers": customers, "rhythm": rhythm,
    }  # fmt: skip


_PLAN: Final = ("福利规划顾问式", "Benefit planning")
_RUN: Final = ("后台运营外延式", "Operations on site")
_TIES: Final = ("客户关系管理", "Customer relations")
_MORE: Final = ("增值服务", "Added value")
KIND: Final = Kind(
    code=CODE,
    label=_("Services for companies"),
    help=_("What companies are offered: by stage of the sale, product, and whether all or key customers."),
    fields=(
        rows(
            "rows", _("Services"), text("group_zh", _("Chinese name of the group")), text("group_en", _("English name of the group")),
            text("zh", _("Chinese name")), text("en", _("English name")), choice("receiver", _("Receiver"), _choices(OBJECTS)),
            choices_in_order("stages", _("Stages of the sale"), [*_choices(STAGES), _ANY]),
            choices_in_order("products", _("Products"), [*_choices(PRODUCT_WORDS), _ANY]),
            choice("customers", _("Customers"), _choices(WHO)), choice("rhythm", _("Rhythm"), _choices(RHYTHMS)),
        ),
    ),
    default={
        "rows": [
            _service(_PLAN, "福利规划与财务安排", "Benefit and financial planning", "hr", "presale,renewal"),
            _service(_PLAN, "方案设计", "Design of the plan", "hr", "presale,renewal"),
            _service(_PLAN, "合同管理报告", "Report on the contract", "hr", "presale,inforce,renewal"),
            _service(_PLAN, "咨询热线", "Hotline", "both", "*", rhythm="occasion"),
            _service(_RUN, "上门收单", "Collection of claims on site", "staff", "inforce,renewal", products="health"),
            _service(_RUN, "在线理赔查询", "Claims online", "staff", "inforce,renewal", products="health,annuity", rhythm="occasion"),
            _service(_RUN, "现场办公", "Office hours on site", "both", "underwriting,inforce", products="health,annuity"),
            _service(_RUN, "员工福利手册", "Benefit handbook", "staff", "underwriting,inforce", products="health,annuity"),
            _service(_TIES, "满意度调查", "Satisfaction survey", "hr", "*"),
            _service(_TIES, "客户例会", "Regular meetings", "hr", "*"),
            _service(_TIES, "关键人沟通", "Talks with those who decide", "hr", "*", rhythm="occasion"),
            _service(_TIES, "服务审计", "Audit of service", "hr", "inforce,renewal"),
            _service(_MORE, "专家咨询", "Advice by experts", "both", "*", customers="key", rhythm="occasion"),
            _service(_MORE, "员工体检", "Health checks", "staff", "inforce,renewal", customers="key"),
            _service(_MORE, "健康讲座", "Health lectures", "staff", "inforce,renewal", customers="key"),
            _service(_MORE, "疫苗注射", "Vaccination", "staff", "inforce,renewal", customers="key", rhythm="occasion"),
            _service(_MORE, "急诊住院押金垫付", "Hospital deposit advanced", "staff", "inforce,renewal", products="health", customers="key", rhythm="occasion"),
            _service(_MORE, "季度与年度管理报告", "Quarterly and yearly reports", "hr", "inforce,renewal", customers="key"),
            _service(_MORE, "就医绿色通道", "Medical green channel", "staff", "inforce,renewal", products="health", customers="key", rhythm="occasion"),
        ]
    },
    validate=anything,
)  # fmt: skip


def stage_of(*, active: int, pending: int, days_to_expiry: int | None) -> str:
    """How far the sale is: nothing held yet, being written, running, or ending within RENEWAL_DAYS."""
    if not active:
        return "underwriting" if pending else "presale"
    return "renewal" if days_to_expiry is not None and days_to_expiry <= RENEWAL_DAYS else "inforce"


def services_for(
    rows: Sequence[Mapping[str, Any]], *, stage: str, products: Sequence[str], is_key: bool
) -> list[Service]:
    """The rows that a company in `stage` with policies of `products` is offered; before anything is held, every product
    may be meant."""
    held = set(products) & set(PRODUCTS)
    found = []
    for row in rows:
        stages = {part.strip() for part in str(row["stages"]).split(",")}
        kinds = {part.strip() for part in str(row["products"]).split(",")}
        if row["customers"] == "key" and not is_key:
            continue
        if not stages & {stage, "*"} or not (
            kinds & {*held, "*"} or (not held and stage in ("presale", "underwriting"))
        ):
            continue
        found.append(
            Service(
                zh=str(row["zh"]),
                en=str(row["en"]),
                group_zh=str(row["group_zh"]),
                group_en=str(row["group_en"]),
                receiver=str(row["receiver"]),
                rhythm=str(row["rhythm"]),
                is_for_key=row["customers"] == "key",
            )
        )
    return found
