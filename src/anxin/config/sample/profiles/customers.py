"""Profiles of the three customer systems."""

from __future__ import annotations

from typing import Final

from anxin.config.sample.membership import CRM, LIFE, MOTOR
from anxin.config.sample.profiles.form import COMPACT, Profile, day_column, map_column

_SEX: Final = {"男": "male", "女": "female", "M": "male", "F": "female"}
_DOCUMENTS: Final = {"居民身份证": "resident_id", "护照": "passport", "港澳居民来往内地通行证": "hk_macau_permit"}


def customer_profiles() -> list[Profile]:
    return [
        Profile(
            "life-core-customers",
            LIFE,
            "life_core_customers*.csv",
            (
                (
                    "customer",
                    {
                        "source_key": "客户号",
                        "kind": {"default": "person"},
                        "name": "姓名",
                        "sex": {"column": "性别", "map": dict(_SEX)},
                        "birth_date": day_column("出生日期", "%Y-%m-%d"),
                        "id_type": {"column": "证件类型", "map": dict(_DOCUMENTS)},
                        "id_number": "证件号码",
                        "nationality": "国籍",
                        "native_place": "籍贯",
                        "marital_status": "婚姻状况",
                        "education": "学历",
                        "occupation": "职业类型",
                        "employer": "工作单位",
                        "department": "所属部门",
                        "position": "职位",
                        "work_address": "单位地址",
                        "work_phone": "工作电话",
                        "work_fax": "工作传真",
                        "mobile": "手机",
                        "home_phone": "住宅电话",
                        "email": "电子邮件",
                        "home_address": "住宅地址",
                        "annual_income_wan": "年收入(万元)",
                        "unit_code": "归属机构",
                        "manager_staff_no": "客户经理工号",
                        "opened_date": day_column("建档日期", "%Y-%m-%d"),
                    },
                ),
            ),
        ),
        Profile(
            "life-core-companies",
            LIFE,
            "life_core_companies*.csv",
            (
                (
                    "customer",
                    {
                        "source_key": "企业客户号",
                        "kind": {"default": "organisation"},
                        "name": "企业名称",
                        "id_type": {"default": "uscc"},
                        "id_number": "统一社会信用代码",
                        "industry": "行业",
                        "headcount": "职工人数",
                        "legal_representative": "法定代表人",
                        "contact_name": "联系人",
                        "contact_role": "联系人职务",
                        "mobile": "联系人手机",
                        "work_phone": "单位电话",
                        "work_address": "注册地址",
                        "unit_code": "归属机构",
                        "manager_staff_no": "客户经理工号",
                    },
                ),
            ),
        ),
        Profile(
            "motor-core-customers",
            MOTOR,
            "motor_core_customers*.csv",
            (
                (
                    "customer",
                    {
                        "source_key": "客户代码",
                        "kind": map_column("客户类型", _1="person", _2="organisation"),
                        "name": "投保人姓名",
                        "sex": map_column("性别", _1="male", _2="female"),
                        "birth_date": day_column("出生日期", COMPACT),
                        "id_type": map_column(
                            "证件类别", _01="resident_id", _02="passport", _03="hk_macau_permit", _31="uscc"
                        ),
                        "id_number": "证件号",
                        "contact_name": "联系人",
                        "mobile": "联系电话",
                        "home_address": "通讯地址",
                        "unit_code": "归属机构代码",
                        "manager_staff_no": "业务归属人",
                        "opened_date": day_column("录入日期", COMPACT),
                    },
                ),
            ),
            encoding="gb18030",
        ),
        Profile(
            "old-crm-customers",
            CRM,
            "old_crm_customers*.xlsx",
            (
                (
                    "customer",
                    {
                        "source_key": "客户编号",
                        "kind": {"default": "person"},
                        "name": "客户名称",
                        "sex": {"column": "性别", "map": dict(_SEX)},
                        "birth_date": day_column("生日", "%Y-%m-%d", "%Y.%m.%d", "%Y年%m月%d日"),
                        "id_type": {"default": "resident_id"},
                        "id_number": "身份证号",
                        "mobile": "手机号",
                        "home_address": "家庭住址",
                        "occupation": "职业",
                        "hobbies": "爱好",
                        "unit_code": "所属网点",
                        "manager_staff_no": "维护人",
                        "last_contact_date": day_column("最近联系", "%Y-%m-%d"),
                    },
                ),
            ),
            format="xlsx",
        ),
    ]
