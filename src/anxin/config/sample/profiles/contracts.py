"""Profiles of policies and of what hangs on them."""

from __future__ import annotations

from typing import Final

from anxin.config.sample.membership import LIFE, MOTOR
from anxin.config.sample.profiles.form import COMPACT, SHARED, Profile, day_column, map_column, same_names

_LIFE_STATUS: Final = {
    "有效": "active",
    "中止": "suspended",
    "终止": "terminated",
    "满期": "expired",
    "退保": "surrendered",
}
_COVER_STATUS: Final = {**_LIFE_STATUS, "未生效": "not_started"}
_PAY_MODES: Final = {
    "趸交": "single",
    "年交": "annual",
    "半年交": "half_yearly",
    "季交": "quarterly",
    "月交": "monthly",
}
_STAGE_STATES: Final = {
    "报案": "reported",
    "查勘": "surveyed",
    "定损": "assessed",
    "立案": "registered",
    "单证": "documents_complete",
    "理算": "calculated",
    "核赔": "approved",
    "支付": "paid",
    "结案": "closed",
}


def contract_profiles() -> list[Profile]:
    return [
        Profile(
            "life-policies",
            LIFE,
            "life_policies*.csv",
            (
                (
                    "policy",
                    {
                        "policy_no": "保单号",
                        "proposal_no": "投保单号",
                        "product_code": "险种代码",
                        "holder_key": "投保人客户号",
                        "insured_key": "被保险人客户号",
                        "unit_code": "归属机构",
                        "staff_no": "业务员工号",
                        "channel": "销售渠道",
                        "applied_date": "投保日期",
                        "underwritten_date": "承保日期",
                        "start_date": "生效日期",
                        "end_date": "满期日期",
                        "receipt_date": "回执签收日期",
                        "pay_mode": {"column": "缴费方式", "map": dict(_PAY_MODES)},
                        "pay_years": "缴费年期",
                        "premium": "期交保费",
                        "annual_premium": "年化保费",
                        "accumulated_premium": "累计已交保费",
                        "sum_insured": "基本保额",
                        "currency": "币种",
                        "paid_to_date": "交至日期",
                        "status": {"column": "保单状态", "map": dict(_LIFE_STATUS)},
                        "end_reason": "终止原因",
                    },
                ),
            ),
        ),
        Profile(
            "group-policies",
            LIFE,
            "group_policies*.csv",
            (
                (
                    "policy",
                    {
                        "policy_no": "团体保单号",
                        "is_group": {"default": "true"},
                        "holder_key": "投保单位客户号",
                        "product_code": "险种代码",
                        "unit_code": "归属机构",
                        "staff_no": "业务员工号",
                        "insured_count": "参保人数",
                        "premium": "保费",
                        "start_date": "生效日期",
                        "end_date": "满期日期",
                        "status": {"column": "保单状态", "map": dict(_LIFE_STATUS)},
                        "previous_policy_no": "上年保单号",
                    },
                ),
            ),
        ),
        Profile(
            "motor-policies",
            MOTOR,
            "motor_policies*.csv",
            (
                (
                    "policy",
                    {
                        "policy_no": "保单号码",
                        "product_code": "险种",
                        "holder_key": "投保人代码",
                        "insured_key": "被保险人代码",
                        "unit_code": "归属机构",
                        "staff_no": "经办人",
                        "channel": map_column(
                            "业务来源", _01="direct", _02="dealer", _03="agent", _04="telesales", _05="online"
                        ),
                        "underwritten_date": day_column("签单日期", COMPACT),
                        "start_date": day_column("起保日期", COMPACT),
                        "end_date": day_column("终保日期", COMPACT),
                        "premium": "保费",
                        "sum_insured": "保险金额",
                        "plate": "号牌号码",
                        "status": map_column("状态", _0="not_started", _1="active", _3="expired", _4="surrendered"),
                        "previous_policy_no": "上年保单号",
                    },
                ),
                (
                    "vehicle",
                    {
                        "policy_no": "保单号码",
                        "plate": "号牌号码",
                        "vin": "车架号",
                        "engine_no": "发动机号",
                        "model": "厂牌型号",
                        "registered_date": day_column("初次登记日期", COMPACT),
                        "use": map_column("使用性质", _211="private", _220="company"),
                        "seats": "核定座位",
                        "energy": map_column("能源种类", _0="fuel", _1="electric"),
                    },
                ),
            ),
            encoding="gb18030",
        ),
        Profile(
            "policy-roles",
            LIFE,
            "policy_roles*.csv",
            (
                (
                    "policy_role",
                    {**same_names("policy_no role name relation order share"), "customer_key": "customer_no"},
                ),
            ),
        ),
        Profile(
            "coverages",
            SHARED,
            "coverages*.csv",
            (
                (
                    "coverage",
                    {
                        **same_names(
                            "policy_no seq product_code main_or_rider sum_insured premium deductible "
                            "start_date end_date"
                        ),
                        "status": {"column": "status", "map": dict(_COVER_STATUS)},
                    },
                ),
            ),
        ),
        Profile(
            "instalments",
            SHARED,
            "instalments*.csv",
            (
                (
                    "instalment",
                    same_names("policy_no seq due_date grace_end amount paid_amount paid_date method status"),
                ),
            ),
        ),
        Profile(
            "endorsements",
            SHARED,
            "endorsements*.csv",
            (
                (
                    "endorsement",
                    {
                        **same_names(
                            "endorsement_no policy_no type applied_date accepted_date approved_date effective_date "
                            "premium_delta channel staff_no"
                        ),
                        "status": {"column": "status", "map": {"处理中": "open", "已完成": "done"}},
                    },
                ),
            ),
        ),
        Profile(
            "claims",
            SHARED,
            "claims*.csv",
            (
                (
                    "claim",
                    {
                        "report_no": "报案号",
                        "claim_no": "赔案号",
                        "policy_no": "保单号",
                        "reported_at": "报案时间",
                        "reporter": "报案人",
                        "reporter_relation": "报案人关系",
                        "reporter_phone": "报案电话",
                        "happened_at": "出险时间",
                        "place": "出险地点",
                        "cause": "出险原因",
                        "has_injury": map_column("人伤标志", 是="true", 否="false"),
                        "surveyor_staff_no": "查勘员工号",
                        "surveyed_at": "查勘时间",
                        "assessed_at": "定损时间",
                        "registered_at": "立案时间",
                        "documents_complete_at": "单证齐全时间",
                        "calculated_at": "理算时间",
                        "approved_at": "核赔时间",
                        "paid_at": "支付时间",
                        "closed_at": "结案时间",
                        "stage": {"column": "案件状态", "map": dict(_STAGE_STATES)},
                        "conclusion": map_column(
                            "结案类型", 赔付="paid", 拒赔="refused", 零结案="zero", 注销="withdrawn"
                        ),
                        "estimate": "估损金额",
                        "paid_amount": "赔付金额",
                    },
                ),
            ),
        ),
    ]
