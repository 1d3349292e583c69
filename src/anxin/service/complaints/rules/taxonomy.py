"""The words complaints are sorted by: nature, causes on two levels, line, sales channel, intake channel.

No official list of codes for insurers exists; what is shipped follows the regulators' bulletins and may be changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.words import mark as _

TAXONOMY: Final = "complaints.taxonomy"
GROUPS: Final = {
    "natures": _("Natures"), "causes": _("Causes"), "details": _("Detailed causes"), "lines": _("Lines of business"),
    "sales_channels": _("Sales channels"), "channels": _("Intake channels"),
}  # fmt: skip
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
OTHER: Final = "other"


def _rows(text: str) -> list[dict[str, str]]:
    found = []
    for line in text.strip().splitlines():
        code, zh, en = (part.strip() for part in line.split("|"))
        code, _sep, parent = code.partition("<")
        found.append({"code": code, "zh": zh, "en": en} | ({"parent": parent} if parent else {}))
    return found


TAXONOMY_DEFAULT: Final[Content] = cast(Content, {
    "natures": _rows("""
contract|保险合同纠纷（保险公司）|Contract dispute with the insurer
violation|涉嫌违法违规（保险公司）|Suspected breach of law by the insurer
contract_intermediary|保险合同纠纷（中介机构）|Contract dispute with an intermediary
violation_intermediary|涉嫌违法违规（中介机构）|Suspected breach of law by an intermediary
"""),
    "causes": _rows("""
sales|销售纠纷|Sales
claim|理赔（给付）纠纷|Claims and benefits
surrender|退保纠纷|Surrender
underwriting|承保纠纷|Underwriting
servicing|保全纠纷|Policy servicing
renewal|续保续收纠纷|Renewal and renewal premiums
premium|保费收费纠纷|Premium and charges
service|客户服务（态度、时效）|Customer service
privacy|个人信息安全|Personal information
other|其他|Other
"""),
    "details": _rows("""
claim_amount<claim|定损、损失核定金额争议|Amount of loss
claim_cover<claim|保险责任认定争议|Whether the loss is covered
claim_delay<claim|理赔时效过长|Delay of the claim
claim_denial<claim|拒赔理由不认可|Reasons of refusal
claim_papers<claim|理赔手续繁琐|Cumbersome papers
policy_delivery<underwriting|保单派送不及时|Late delivery of the policy
premium_dispute<underwriting|保费计算异议|Calculation of the premium
exaggerated<sales|夸大收益|Exaggerated return
hidden_loss<sales|隐瞒现金价值、退保损失|Hidden cash value or surrender loss
deposit_swap<sales|存单变保单|Deposit turned into a policy
altered_contract<sales|篡改合同|Altered contract
forged_signature<sales|代签字|Signed by another
hidden_illness<sales|诱导隐瞒病史|Illness concealed
bundled<sales|捆绑销售|Bundled sale
nuisance_calls<sales|电话营销扰民|Nuisance calls
without_consent<sales|未经同意投退保|Insured or surrendered without consent
surrender_amount<surrender|退保金额、扣费争议|Surrender value
surrender_delay<surrender|退保处理不及时|Delay of the surrender
maturity_amount<servicing|满期给付金额争议|Maturity benefit
auto_renewed<renewal|未经同意自动续保|Renewed without consent
leak<privacy|个人信息泄露|Leak of personal information
attitude<service|服务态度不佳|Attitude
slow_service<service|服务时效过长|Slow service
"""),
    "lines": _rows("""
motor|机动车辆保险|Motor
guarantee|保证保险|Guarantee
liability|责任保险|Liability
property|财产保险|Property
accident|意外伤害保险|Accident
health|健康保险|Health
agriculture|农业保险|Agriculture
return_freight|退货运费保险|Return freight
flight_delay|航班延误保险|Flight delay
life|普通人寿保险|Ordinary life
participating|分红保险|Participating
universal|万能保险|Universal life
unit_linked|投资连结保险|Unit-linked
disease|疾病保险|Critical illness
medical|医疗保险|Medical
annuity|年金保险|Annuity
other|其他|Other
"""),
    "sales_channels": _rows("""
agent|个险|Agents
bank|银邮|Banks and post
phone|电销|Telephone sales
internet|互联网（自营）|Internet, own
platform|互联网（第三方平台）|Internet, platforms
group|团险|Group
broker|经代|Brokers and agencies
dealer|车商|Car dealers
direct|直销|Direct
other|其他|Other
"""),
    "channels": _rows("""
regulator|监管转办|Forwarded by the regulator
hotline_12378|12378 热线|Hotline 12378
hotline|公司客服热线|Company hotline
visit|来访、网点|Visit to an outlet
letter|来信|Letter
online|官网、APP、小程序|Website, app
email|电子邮件|E-mail
mediation|调解组织、行业协会|Mediation body, association
media|媒体|Media
other|其他|Other
"""),
})  # fmt: skip
_COLUMNS: Final = (
    SchemeField(code="code", label=_("Code"), kind=FieldKind.TEXT),
    SchemeField(code="zh", label=_("Chinese"), kind=FieldKind.TEXT),
    SchemeField(code="en", label=_("English"), kind=FieldKind.TEXT),
)
_PARENT: Final = SchemeField(code="parent", label=_("Belongs to"), kind=FieldKind.TEXT)
TAXONOMY_FIELDS: Final = tuple(
    SchemeField(
        code=group, label=label, kind=FieldKind.ROWS, columns=(*_COLUMNS, _PARENT) if group == "details" else _COLUMNS
    )
    for group, label in GROUPS.items()
)


def rows_of(content: Mapping[str, Any], group: str) -> Sequence[Mapping[str, str]]:
    return cast(Sequence[Mapping[str, str]], content.get(group, ()))


def words_of(content: Mapping[str, Any], group: str, language: str) -> dict[str, str]:
    """Code → word of a group; Chinese unless the language is English."""
    name = "en" if language.startswith("en") else "zh"
    return {row["code"]: row[name] for row in rows_of(content, group)}


def parent_of(content: Mapping[str, Any], detail: str) -> str:
    """The cause a detailed cause belongs to; "" for an unknown one."""
    return next((row.get("parent", "") for row in rows_of(content, "details") if row["code"] == detail), "")


# Causes by what the house rules call a dispute about business; the rest are other activities.
_BUSINESS: Final = frozenset({"sales", "claim", "surrender", "underwriting", "servicing", "renewal", "premium"})
_TERMS_IN_DISPUTE: Final = frozenset({"claim_cover", "claim_denial", "altered_contract", "maturity_amount"})


def situation_of(cause: str, detail: str = "") -> str:
    """Which of the three groups of disputes a cause belongs to, unless somebody says otherwise."""
    if detail in _TERMS_IN_DISPUTE:
        return "contract"
    return "business" if cause in _BUSINESS else "other"


def taxonomy_problems(content: Content) -> list[Problem]:
    found = []
    causes = {row["code"] for row in rows_of(content, "causes")}
    for group in GROUPS:
        seen: set[str] = set()
        for place, row in enumerate(rows_of(content, group)):
            code = row.get("code", "")
            if not _CODE.fullmatch(code) or (len(code) > 24 and group != "details"):
                found.append(Problem(path=f"{group}.{place}.code", message=_("Small letters, digits and underscores.")))
            if code in seen:
                found.append(Problem(path=f"{group}.{place}.code", message=_("This code is there twice.")))
            seen.add(code)
            if not row.get("zh") or not row.get("en"):
                found.append(Problem(path=f"{group}.{place}.zh", message=_("Give the words in both languages.")))
            if group == "details" and row.get("parent") not in causes:
                found.append(Problem(path=f"{group}.{place}.parent", message=_("There is no such cause.")))
    if OTHER not in causes:
        found.append(Problem(path="causes", message=_("Keep the cause “other”.")))
    return found


def codes_by_word(group: str) -> dict[str, str]:
    """Everything a file may say for a code of what is shipped: the code, the Chinese word, the English word."""
    return {
        told.lower(): row["code"]
        for row in rows_of(TAXONOMY_DEFAULT, group)
        for told in (row["code"], row["zh"], row["en"])
    }
