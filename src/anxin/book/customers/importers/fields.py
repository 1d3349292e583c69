"""What a row of customers may carry, what can be wrong with it, and the words sources use for the same thing."""

from __future__ import annotations

from typing import Final

from anxin.kernel.importing import FieldKind, FieldSpec
from anxin.kernel.personal import Kind
from anxin.kernel.words import mark as _


def _text(name: str, label: str, length: int, *aliases: str, personal: Kind = Kind.NOT_PERSONAL) -> FieldSpec:
    return FieldSpec(name=name, label=label, max_length=length, aliases=aliases, personal=personal)


def _code(name: str, label: str, length: int, *aliases: str, personal: Kind = Kind.NOT_PERSONAL) -> FieldSpec:
    return FieldSpec(name=name, label=label, kind=FieldKind.CODE, max_length=length, aliases=aliases, personal=personal)


def _date(name: str, label: str, *aliases: str, personal: Kind = Kind.NOT_PERSONAL) -> FieldSpec:
    return FieldSpec(name=name, label=label, kind=FieldKind.DATE, aliases=aliases, personal=personal)


FIELDS: Final[tuple[FieldSpec, ...]] = (
    FieldSpec(
        name="source_key",
        label=_("Customer number"),
        kind=FieldKind.CODE,
        is_required=True,
        max_length=80,
        aliases=("客户号", "客户代码", "客户编号", "企业客户号", "customer no", "customer number", "client id", "ID"),
    ),
    _text("kind", _("Person or organisation"), 20, "客户类型", "customer type", "kind"),
    _text("name", _("Name"), 120, "姓名", "客户名称", "客户姓名", "企业名称", "投保人姓名", "name", personal=Kind.NAME),
    FieldSpec(
        name="sex", label=_("Sex"), kind=FieldKind.TEXT, max_length=10, aliases=("性别", "sex", "gender"),
        choices=("male", "female"),
    ),
    _date("birth_date", _("Date of birth"), "出生日期", "出生年月日", "出生年月", "生日", "birth date", "date of birth",
          personal=Kind.BIRTH_DATE),
    _text("id_type", _("Kind of identity document"), 40, "证件类型", "证件类别", "id type"),
    _code("id_number", _("Number of the identity document"), 60, "证件号码", "证件号", "身份证号",
          "统一社会信用代码", "id number", personal=Kind.DOCUMENT),
    _date("id_valid_until", _("Document valid until"), "证件有效期", "证件有效期止", "id valid until"),
    _text("nationality", _("Nationality"), 3, "国籍", "nationality", personal=Kind.ADDRESS),
    _text("native_place", _("Native place"), 60, "籍贯", "native place", personal=Kind.ADDRESS),
    _text("marital_status", _("Marital status"), 12, "婚姻状况", "marital status", personal=Kind.FAMILY),
    _text("education", _("Education"), 16, "学历", "education", personal=Kind.OCCUPATION),
    _text("occupation", _("Occupation"), 60, "职业", "职业类型", "occupation", personal=Kind.OCCUPATION),
    _text("occupation_class", _("Occupation class"), 10, "职业类别", "occupation class", personal=Kind.OCCUPATION),
    _text("employer", _("Employer"), 120, "工作单位", "employer", personal=Kind.OCCUPATION),
    _text("department", _("Department"), 60, "所属部门", "部门", "department", personal=Kind.OCCUPATION),
    _text("position", _("Position"), 60, "职位", "职务", "position", personal=Kind.OCCUPATION),
    FieldSpec(
        name="annual_income",
        label=_("Annual income (yuan)"),
        kind=FieldKind.MONEY,
        aliases=("年收入", "annual income"),
        personal=Kind.FINANCE,
    ),
    _text("annual_income_wan", _("Annual income (10,000 yuan)"), 20, "年收入(万元)", personal=Kind.FINANCE),
    _code("uscc", _("Unified social credit code"), 40, "社会信用代码", "uscc"),
    _text("industry", _("Industry"), 60, "行业", "industry"),
    _text("scale", _("Scale"), 20, "企业规模", "scale"),
    FieldSpec(
        name="headcount",
        label=_("Number of employees"),
        kind=FieldKind.INTEGER,
        aliases=("职工人数", "员工人数", "headcount", "employees"),
    ),
    _text("legal_representative", _("Legal representative"), 120, "法定代表人", "legal representative",
          personal=Kind.NAME),
    _text("contact_name", _("Contact person"), 60, "联系人", "contact person", personal=Kind.NAME),
    _text("contact_role", _("Position of the contact person"), 60, "联系人职务", "contact role",
          personal=Kind.OCCUPATION),
    _code("mobile", _("Mobile"), 40, "手机", "手机号", "手机号码", "联系电话", "联系人手机", "移动电话", "mobile",
          personal=Kind.MOBILE),
    _code("home_phone", _("Home phone"), 40, "住宅电话", "家庭电话", "home phone", personal=Kind.PHONE),
    _code("work_phone", _("Work phone"), 40, "工作电话", "单位电话", "办公电话", "work phone", personal=Kind.PHONE),
    _code("work_fax", _("Work fax"), 40, "工作传真", "传真", "fax", personal=Kind.PHONE),
    _text("email", _("E-mail"), 254, "电子邮件", "邮箱", "电子邮箱", "email", "e-mail", personal=Kind.EMAIL),
    _text("wechat", _("WeChat"), 60, "微信号", "微信", "wechat", personal=Kind.EMAIL),
    _text("home_address", _("Home address"), 300, "住宅地址", "家庭住址", "家庭地址", "home address",
          personal=Kind.ADDRESS),
    _text("work_address", _("Work address"), 300, "单位地址", "注册地址", "work address", personal=Kind.ADDRESS),
    _text("mail_address", _("Mail address"), 300, "通讯地址", "邮寄地址", "mail address", "address",
          personal=Kind.ADDRESS),
    _text("bank", _("Bank"), 60, "开户银行", "开户行", "bank"),
    _code("bank_account", _("Bank account"), 60, "银行账号", "银行卡号", "bank account", personal=Kind.BANK_ACCOUNT),
    _text("hobbies", _("Hobbies"), 200, "爱好", "兴趣爱好", "hobbies", personal=Kind.FREE_TEXT),
    _text("language", _("Language"), 10, "语言", "language"),
    _text("information_source", _("Where the information comes from"), 40, "信息来源", "information source"),
    _code("unit_code", _("Unit code"), 40, "归属机构", "归属机构代码", "所属网点", "机构代码", "unit code"),
    _code("manager_staff_no", _("Staff number of the manager"), 40, "客户经理工号", "业务归属人", "维护人",
          "manager staff no"),
    _date("opened_date", _("Customer since"), "建档日期", "录入日期", "customer since", "opened"),
    _date("last_contact_date", _("Last contact"), "最近联系", "last contact"),
)  # fmt: skip

HINTS: Final[dict[str, str]] = {
    "key_missing": _("The customer number is missing. Without it the row cannot be told from others; fill it in."),
    "key_invalid": _("The customer number holds control characters. Correct it in the source file."),
    "name_missing": _("The name is missing. Fill in the name and import the row again."),
    "kind_unknown": _("The kind of customer is not known. Use person or organisation, or map the value."),
    "id_number_invalid": _(
        "The resident ID number fails its check (length, date or check character). Compare it with the document."
    ),
    "uscc_invalid": _("The social credit code fails its check. Compare it with the business licence."),
    "id_number_unreadable": _("The document number is too short or holds strange characters. Correct it."),
    "id_type_unknown": _("The kind of document is not known; it was kept as another document. Map the value."),
    "birth_date_impossible": _("The date of birth lies in the future or before 1900. Correct the date."),
    "birth_differs_from_id": _("The date of birth differs from the ID number; the date of the ID number was taken."),
    "sex_differs_from_id": _("The sex differs from the ID number; that of the ID number was taken."),
    "sex_unreadable": _("The sex was not understood and left out. Use male or female, or map the value."),
    "phone_unreadable": _("This is not a phone number; the row was taken without it. Correct the number."),
    "phone_without_area": _("The phone number lacks its area code; the row was taken without it. Add the area code."),
    "email_unreadable": _("This is not an e-mail address; the row was taken without it. Correct the address."),
    "account_unreadable": _("This is not a bank account number; the row was taken without it. Correct the number."),
    "amount_unreadable": _("The amount was not understood and left out. Use a plain number."),
    "too_long": _("The text is too long and was cut. Shorten it in the source system."),
    "unknown_unit": _("There is no unit with this code. Import the unit first or correct the code."),
    "unknown_staff": _("Nobody has this staff number; the row was taken without a manager. Import the staff first."),
    "document_disputed": _(
        "Another customer has the same document number but contradicts this row. Both were kept apart; compare them."
    ),
    "file_erased": _("This customer was erased at their own request and is not taken in again."),
    "person_erased": _(
        "A person with this document was erased at their own request. The data protection officer decides whether "
        "they are a customer again; then import the row anew."
    ),
    "file_restricted": _(
        "Processing of this customer's file is restricted: it is kept, and nothing is added to it. Ask the data "
        "protection officer."
    ),
}

KINDS: Final = {
    "person": "person", "individual": "person", "个人": "person", "自然人": "person", "个人客户": "person",
    "organisation": "organisation", "organization": "organisation", "company": "organisation", "group": "organisation",
    "企业": "organisation", "机构": "organisation", "单位": "organisation", "团体": "organisation",
    "法人": "organisation",
}  # fmt: skip
SEXES: Final = {
    "male": "M", "m": "M", "男": "M", "男性": "M", "female": "F", "f": "F", "女": "F", "女性": "F",
}  # fmt: skip
UNKNOWN_SEXES: Final = ("unknown", "未知", "其他", "u", "x")
DOCUMENTS: Final = {
    "resident_id": "resident_id", "居民身份证": "resident_id", "身份证": "resident_id", "passport": "passport",
    "护照": "passport", "hk_macau_permit": "hk_macau_permit", "港澳居民来往内地通行证": "hk_macau_permit",
    "taiwan_permit": "taiwan_permit", "台湾居民来往大陆通行证": "taiwan_permit", "residence_permit": "residence_permit",
    "外国人永久居留身份证": "residence_permit", "military_id": "military_id", "军官证": "military_id",
    "birth_certificate": "birth_certificate", "出生医学证明": "birth_certificate", "出生证": "birth_certificate",
    "household_register": "household_register", "户口簿": "household_register", "uscc": "uscc",
    "统一社会信用代码": "uscc", "营业执照": "uscc", "other": "other", "其他": "other",
}  # fmt: skip
MARITAL: Final = {
    "已婚": "married", "未婚": "single", "离异": "divorced", "离婚": "divorced", "丧偶": "widowed",
}  # fmt: skip
EDUCATION: Final = {
    "小学及以下": "primary", "小学": "primary", "初中及以下": "junior_high", "初中": "junior_high",
    "高中": "senior_high", "中专": "vocational", "大专": "college", "专科": "college", "本科": "bachelor",
    "学士": "bachelor", "硕士": "master", "博士": "doctor",
}  # fmt: skip

# Columns of the file that a row may fill, as they stand in the checked rows.
SCALARS: Final = (
    "name", "sex", "birth_date", "nationality", "native_place", "marital_status", "education", "occupation",
    "occupation_class", "employer", "department", "position", "annual_income_fen", "uscc", "industry", "scale",
    "headcount", "legal_representative", "language", "information_source", "customer_since",
)  # fmt: skip
NULLABLE: Final = frozenset({"birth_date", "annual_income_fen", "headcount", "customer_since"})
# Field, kind of contact point, label.
CONTACTS: Final = (
    ("mobile", "mobile", ""),
    ("home_phone", "phone", "home"),
    ("work_phone", "phone", "work"),
    ("work_fax", "fax", "work"),
    ("email", "email", ""),
    ("wechat", "wechat", ""),
)
PHONES: Final = ("mobile", "home_phone", "work_phone", "work_fax")
ADDRESSES: Final = (("home_address", "home"), ("work_address", "work"), ("mail_address", "mail"))
FACTS: Final = (("hobbies", "hobbies"), ("contact_person", "contact_person"))
# Never in the plain copy of what the source said.
SEALED: Final = frozenset({"document_no", "bank_account", *(name for name, _kind, _label in CONTACTS)})
