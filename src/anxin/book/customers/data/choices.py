"""Codes of the customer file and their words. Codes a source invented stay as they are and show as themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from anxin.kernel.words import mark as _

SEX: Final = {"M": _("Male"), "F": _("Female")}
MARITAL: Final = {
    "single": _("Single"),
    "married": _("Married"),
    "divorced": _("Divorced"),
    "widowed": _("Widowed"),
}
EDUCATION: Final = {
    "primary": _("Primary school"),
    "junior_high": _("Junior high school"),
    "senior_high": _("Senior high school"),
    "vocational": _("Vocational school"),
    "college": _("College"),
    "bachelor": _("Bachelor"),
    "master": _("Master"),
    "doctor": _("Doctor"),
}
INFORMATION_SOURCES: Final = {
    "walk_in": _("Visit to an outlet"),
    "phone": _("Telephone"),
    "mail": _("Mail"),
    "on_site": _("On-site observation"),
    "web": _("Internet"),
    "industry_site": _("Industry site"),
    "authority": _("Public register"),
    "agency": _("Information agency"),
    "referral": _("Introduced by a customer"),
    "competitor": _("Competitor"),
    "employer": _("The customer's company"),
    "survey": _("Market survey"),
}
DOCUMENT_KINDS: Final = {
    "resident_id": _("Resident ID card"),
    "passport": _("Passport"),
    "hk_macau_permit": _("Mainland travel permit (Hong Kong, Macao)"),
    "taiwan_permit": _("Mainland travel permit (Taiwan)"),
    "residence_permit": _("Foreigner's permanent residence card"),
    "military_id": _("Military officer card"),
    "household_register": _("Household register"),
    "birth_certificate": _("Birth certificate"),
    "uscc": _("Unified social credit code"),
    "other": _("Other document"),
}
CONTACT_KINDS: Final = {
    "mobile": _("Mobile"),
    "phone": _("Landline"),
    "email": _("E-mail"),
    "fax": _("Fax"),
    "wechat": _("WeChat"),
}
CONTACT_LABELS: Final = {"home": _("Home"), "work": _("Work"), "other": _("Other")}
ADDRESS_KINDS: Final = {
    "home": _("Home address"),
    "work": _("Work address"),
    "mail": _("Postal address"),
    "registered": _("Registered address"),
}
TAG_COLOURS: Final = {
    "neutral": _("Grey"),
    "brand": _("Blue"),
    "ok": _("Green"),
    "warn": _("Amber"),
    "danger": _("Red"),
    "vio": _("Violet"),
}
ATTENTION_KINDS: Final = {
    "blacklist": _("Blacklist"),
    "underwriting": _("Underwriting risk"),
    "claims": _("Claims risk"),
    "refused": _("Refused or adverse selection"),
    "fraud": _("Suspected fraud"),
    "dispute": _("Dispute or litigation"),
    "aml": _("Anti-money-laundering review"),
    "care": _("Needs special care"),
}
ATTENTION_STATES: Final = {
    "proposed": (_("Waits for a second person"), "warn"),
    "active": (_("On the list"), "danger"),
    "refused": (_("Not agreed to"), ""),
    "lifted": (_("Taken off the list"), ""),
    "expired": (_("Ended by its day"), ""),
}
ATTENTION_PURPOSES: Final = {
    "underwriting": _("Underwriting"),
    "claims": _("Claims handling"),
    "payment": _("Payment"),
    "service": _("Policy service"),
}
CONSENT_PURPOSES: Final = {
    "service": _("Service notices"),
    "marketing": _("Marketing"),
    "profiling": _("Personal profile and recommendations"),
    "sharing": _("Sharing with a partner"),
    "health": _("Use of health information"),
    "recording": _("Recording of calls"),
}
CONSENT_CHANNELS: Final = {
    "": _("All channels"),
    "phone": _("Telephone"),
    "sms": _("Text message"),
    "wechat": _("WeChat"),
    "email": _("E-mail"),
    "mail": _("Mail"),
    "visit": _("Visit"),
}
# A19: why an important value changed.
CHANGE_CAUSES: Final = {
    "told": _("The customer told us"),
    "document": _("Seen in a document"),
    "mistake": _("It was recorded wrongly"),
    "life": _("Event in the customer's life"),
    "company": _("Change in the company"),
    "policy": _("Result of a policy change"),
    "cleaning": _("Data cleaning"),
    "self_filled": _("Filled in by the customer"),
}
IMPORTANT_FIELDS: Final = frozenset({
    "name", "sex", "birth_date", "is_deceased", "nationality", "uscc", "legal_representative",
})  # fmt: skip
# A02: what helps to serve a person and has no column. Optional, with a purpose and an end; health and religion never.
FACT_CODES: Final = {
    "hometown": _("Hometown and family background"),
    "school": _("School and year of graduation"),
    "leisure": _("Leisure"),
    "hobbies": _("Hobbies"),
    "food": _("Restaurants and food"),
    "pets": _("Pets"),
    "books": _("Books and media"),
    "last_holiday": _("Last holiday"),
    "next_holiday": _("Next holiday"),
    "itinerary": _("Travel plans"),
    "role": _("Role in the organisation"),
    "colleagues": _("Ties with colleagues"),
    "work_goals": _("Goals of this year"),
    "life_plans": _("Plans and ambitions"),
    "living": _("Living situation"),
    "contact_person": _("Contact person"),
    "company_overview": _("Overview of the company"),
}
FACT_PURPOSES: Final = {
    "service": _("Personal service"),
    "care": _("Occasions and care"),
    "needs": _("Analysis of insurance needs"),
    "group": _("Service of a group account"),
}
REVEAL_REASONS: Final = {
    "call_back": _("Calling or writing to the customer"),
    "verify": _("Verifying the customer's identity"),
    "policy_service": _("Policy service"),
    "claim": _("Claims handling"),
    "complaint": _("Complaint handling"),
    "correction": _("Correcting the file"),
    "compliance": _("Check by audit or compliance"),
    "other": _("Other, as described"),
}
LANGUAGES: Final = {"zh": _("Chinese"), "en": _("English language"), "yue": _("Cantonese")}

# Where most customers of an insurer in China come from; any other country keeps its code (ISO 3166, three letters).
COUNTRIES: Final[Mapping[str, str]] = {
    "CHN": _("China"),
    "HKG": _("Hong Kong, China"),
    "MAC": _("Macao, China"),
    "TWN": _("Taiwan, China"),
    "AUS": _("Australia"),
    "CAN": _("Canada"),
    "DEU": _("Germany"),
    "FRA": _("France"),
    "GBR": _("United Kingdom"),
    "JPN": _("Japan"),
    "KOR": _("Republic of Korea"),
    "MYS": _("Malaysia"),
    "RUS": _("Russia"),
    "SGP": _("Singapore"),
    "USA": _("United States"),
    "VNM": _("Viet Nam"),
}
CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "sex": SEX,
    "marital_status": MARITAL,
    "education": EDUCATION,
    "information_source": INFORMATION_SOURCES,
    "language": LANGUAGES,
}

FIELD_LABELS: Final[Mapping[str, str]] = {
    "name": _("Full name"),
    "sex": _("Sex"),
    "birth_date": _("Birth date"),
    "is_deceased": _("Deceased"),
    "nationality": _("Nationality"),
    "native_place": _("Native place"),
    "marital_status": _("Marital status"),
    "education": _("Education"),
    "occupation": _("Occupation"),
    "occupation_class": _("Occupation class"),
    "employer": _("Employer"),
    "department": _("Department"),
    "position": _("Position"),
    "annual_income_fen": _("Annual income"),
    "uscc": _("Unified social credit code"),
    "industry": _("Industry"),
    "scale": _("Scale"),
    "headcount": _("Headcount"),
    "legal_representative": _("Legal representative"),
    "language": _("Language"),
    "contact_preference": _("Contact preference"),
    "information_source": _("Source of information"),
    "customer_since": _("Customer since"),
    "unit": _("Unit"),
    "manager": _("Customer manager"),
    "contact": _("Contact point"),
    "document": _("Identity document"),
    "address": _("Address"),
    "bank_account": _("Bank account"),
    "relation": _("Relation"),
    "fact": _("Personal fact"),
    "note": _("Note"),
    "tag": _("Tag"),
    "consent": _("Consent"),
    "attention": _("Attention list"),
}


@dataclass(frozen=True, kw_only=True)
class RelationKind:
    """`reverse` is what the other is to the one; `shape` how the picture of relations draws it."""

    label: str
    reverse: str
    group: str  # family, business, social
    shape: str = "person"


# A23: the part a key person plays in the decisions of an organisation.
PERSON_ROLES: Final = {
    "decides": _("Decides"),
    "approves": _("Approves the money"),
    "hr": _("Responsible for staff benefits"),
    "influences": _("Influences the decision"),
    "handles": _("Handles it day by day"),
    "uses": _("Speaks for the insured"),
}
RELATION_GROUPS: Final = {"family": _("Family"), "business": _("Business ties"), "social": _("Personal ties")}
# A relation is stored once, `from_party` is the kind of `to_party`; read from the other end it is the reverse.
RELATION_KINDS: Final[Mapping[str, RelationKind]] = {
    "spouse": RelationKind(label=_("Spouse"), reverse="spouse", group="family"),
    "child": RelationKind(label=_("Child"), reverse="parent", group="family"),
    "parent": RelationKind(label=_("Parent"), reverse="child", group="family"),
    "sibling": RelationKind(label=_("Brother or sister"), reverse="sibling", group="family"),
    "grandparent": RelationKind(label=_("Grandparent"), reverse="grandchild", group="family"),
    "grandchild": RelationKind(label=_("Grandchild"), reverse="grandparent", group="family"),
    "guardian": RelationKind(label=_("Guardian"), reverse="ward", group="family"),
    "ward": RelationKind(label=_("Ward"), reverse="guardian", group="family"),
    "relative": RelationKind(label=_("Other relative"), reverse="relative", group="family"),
    "employer": RelationKind(label=_("Employer"), reverse="employee", group="business", shape="company"),
    "employee": RelationKind(label=_("Employee"), reverse="employer", group="business"),
    "legal_representative": RelationKind(label=_("Legal representative"), reverse="represents", group="business"),
    "represents": RelationKind(
        label=_("Represented company"), reverse="legal_representative", group="business", shape="company"
    ),
    "controller": RelationKind(label=_("Actual controller"), reverse="controlled", group="business"),
    "controlled": RelationKind(label=_("Controlled company"), reverse="controller", group="business", shape="company"),
    "key_contact": RelationKind(label=_("Key contact"), reverse="contact_of", group="business"),
    "contact_of": RelationKind(label=_("Contact person of"), reverse="key_contact", group="business", shape="company"),
    "supplier": RelationKind(label=_("Supplier"), reverse="client", group="business", shape="company"),
    "client": RelationKind(label=_("Customer of theirs"), reverse="supplier", group="business", shape="company"),
    "parent_company": RelationKind(label=_("Parent company"), reverse="subsidiary", group="business", shape="company"),
    "subsidiary": RelationKind(label=_("Subsidiary"), reverse="parent_company", group="business", shape="company"),
    "shareholder": RelationKind(label=_("Shareholder"), reverse="invested", group="business"),
    "invested": RelationKind(label=_("Invested company"), reverse="shareholder", group="business", shape="company"),
    "partner": RelationKind(label=_("Partner"), reverse="partner", group="business", shape="company"),
    "alliance": RelationKind(label=_("Strategic ally"), reverse="alliance", group="business", shape="company"),
    "friend": RelationKind(label=_("Friend"), reverse="friend", group="social"),
    "colleague": RelationKind(label=_("Colleague"), reverse="colleague", group="social"),
    "classmate": RelationKind(label=_("Schoolmate"), reverse="classmate", group="social"),
    "neighbour": RelationKind(label=_("Neighbour"), reverse="neighbour", group="social"),
    "referrer": RelationKind(label=_("Referrer"), reverse="referred", group="social", shape="referral"),
    "referred": RelationKind(label=_("Referred by us"), reverse="referrer", group="social", shape="referral"),
}


def written_in(preferred: str) -> str:
    """ "en" or "zh": the language somebody is written to in, by what their file or ticket says (a code or a word)."""
    return "en" if preferred.strip().casefold().startswith(("en", "英")) else "zh"
