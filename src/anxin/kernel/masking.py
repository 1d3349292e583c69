"""How personal data looks to those who may not see it. What is not recognised is hidden whole: masking fails closed.

There is no statutory pattern; these are the defaults in use in the field (mobile: middle four hidden; see docs).
"""

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Final

from anxin.kernel.identifiers import phones, plates
from anxin.kernel.personal import Kind as PersonalKind

__all__ = ["HIDDEN", "DocumentKind", "PersonalKind", "mask"]

HIDDEN: Final = "****"  # always four: the length of what is hidden is no one's business


class DocumentKind(StrEnum):
    """Kinds that are masked differently; every other kind is OTHER."""

    RESIDENT_ID = "resident_id"
    OTHER = "other"


def mask_name(name: str) -> str:
    """张*, 张*三; only the first letter of a name in letters."""
    text = name.strip()
    if len(text) < 2:
        return HIDDEN
    if not all("\u3400" <= char <= "\u9fff" or char >= "\U00020000" or char == "·" for char in text):
        return text[0] + HIDDEN if text[0].isalpha() else HIDDEN
    return text[0] + "*" if len(text) == 2 else text[0] + "*" * (len(text) - 2) + text[-1]


def mask_mobile(number: str) -> str:
    """138****8000."""
    found = phones.normalise_phone(number)
    if found.normalised is None or found.kind is not phones.PhoneKind.MOBILE:
        return HIDDEN
    return found.normalised[:3] + "****" + found.normalised[-4:]


def mask_landline(number: str) -> str:
    """010-65****34: the area code stays, the four in the middle and any extension go."""
    found = phones.normalise_phone(number)
    if found.normalised is None or found.kind is not phones.PhoneKind.LANDLINE:
        return HIDDEN
    digits = found.normalised
    area = digits[:3] if digits[1] in "12" else digits[:4]
    local = digits[len(area) :]
    return f"{area}-{local[:2]}****{local[6:]}"


def mask_phone(number: str) -> str:
    """A mobile or a landline, whichever it is."""
    masked = mask_mobile(number)
    return mask_landline(number) if masked == HIDDEN else masked


def mask_document(number: str, kind: DocumentKind | None = None) -> str:
    """Resident numbers 110***********0011; other documents of eight or more characters E****78. kind None: by shape."""
    text = "".join(number.split()).upper()
    if re.fullmatch(r"[0-9]{17}[0-9X]|[0-9]{15}", text) and kind is not DocumentKind.OTHER:
        return text[:3] + "*" * (len(text) - 7) + text[-4:]
    if kind is DocumentKind.RESIDENT_ID or not re.fullmatch(r"[0-9A-Z()-]{8,30}", text):
        return HIDDEN
    return text[0] + HIDDEN + text[-2:]


def mask_bank_card(number: str) -> str:
    """First six and last four of sixteen or more digits; of twelve to fifteen the last four only."""
    digits = re.sub(r"[\s-]", "", number)
    if not re.fullmatch(r"[0-9]{12,30}", digits):
        return HIDDEN
    return (digits[:6] if len(digits) >= 16 else "") + HIDDEN + digits[-4:]


def mask_email(address: str) -> str:
    """z***@example.com; a local part of one or two letters is hidden whole."""
    match = re.fullmatch(r"([^\s@]+)@([A-Za-z0-9.-]+\.[A-Za-z]{2,})", address.strip())
    if match is None:
        return HIDDEN
    return (match[1][0] if len(match[1]) > 2 else "") + "***@" + match[2]


def mask_plate(plate: str) -> str:
    """京A***45."""
    found = plates.validate_plate(plate)
    return HIDDEN if found.normalised is None else found.normalised[:2] + "***" + found.normalised[-2:]


_WORD: Final = "(?:(?![号栋幢室])[\u4e00-\u9fff])"
_PROVINCE: Final = (
    "(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾)省"
    "|(?:内蒙古|广西壮族|西藏|宁夏回族|新疆维吾尔)自治区|(?:香港|澳门)特别行政区"
)
_ADDRESS: Final = re.compile(
    f"({_PROVINCE})?({_WORD}{{2,4}}?市|{_WORD}{{2,12}}?自治州|{_WORD}{{2,5}}?(?:地区|盟))?"
    f"({_WORD}{{2,14}}?自治[县旗]|{_WORD}{{1,4}}?[区县市旗])?"
)
# A housing estate also ends in 区, and names where someone lives.
_NOT_A_DISTRICT: Final = re.compile(
    "(?:小|社|园|校|厂|院|库|住宅|生活|别墅|家属|干休)区$|街道|[路街巷弄镇乡村](?!.$).."
)


def mask_address(address: str) -> str:
    """Province, city and district; what follows is hidden. Without a province or a city in front everything is."""
    match = _ADDRESS.match("".join(address.split()))
    if match is None or not (match[1] or match[2]):
        return HIDDEN
    district = match[3] or ""
    if _NOT_A_DISTRICT.search(district):
        district = ""
    return (match[1] or "") + (match[2] or "") + district + HIDDEN


_YEAR: Final = "((?:18|19|20)[0-9]{2})"
_DAYS: Final = (
    (re.compile(f"{_YEAR}([-/.年])[0-9]{{1,2}}([-/.月])[0-9]{{1,2}}(日?)"), r"\1\2**\3**\4"),
    (re.compile(f"[0-9]{{1,2}}([-/.])[0-9]{{1,2}}([-/.]){_YEAR}"), r"**\1**\2\3"),
    (re.compile(f"{_YEAR}[0-9]{{4}}"), r"\1****"),
)


def mask_birth_date(day: str) -> str:
    """1984-**-**, **/**/1984: the year and the form stay, so that whoever maps a file sees how its days are written."""
    for form, shown in _DAYS:
        if match := form.fullmatch(day.strip()):
            return match.expand(shown)
    return HIDDEN


def mask_vehicle(number: str) -> str:
    """A VIN keeps its maker (three) and its last four; engine numbers and the rest are hidden."""
    text = "".join(number.split()).upper()
    return text[:3] + HIDDEN + text[-4:] if re.fullmatch(r"[A-HJ-NPR-Z0-9]{17}", text) else HIDDEN


_RULES: Final[dict[PersonalKind, Callable[[str], str]]] = {
    PersonalKind.NAME: mask_name,
    PersonalKind.DOCUMENT: mask_document,
    PersonalKind.MOBILE: mask_mobile,
    PersonalKind.PHONE: mask_phone,
    PersonalKind.EMAIL: mask_email,
    PersonalKind.BANK_ACCOUNT: mask_bank_card,
    PersonalKind.PLATE: mask_plate,
    PersonalKind.VEHICLE: mask_vehicle,
    PersonalKind.ADDRESS: mask_address,
    PersonalKind.BIRTH_DATE: mask_birth_date,
}


def mask(kind: PersonalKind, value: str | date | None) -> str:
    """The masked form of a value of this kind; empty for nothing.

    Kinds without a rule (health, free text, finance, credentials, anything new) are hidden whole.
    """
    if value is None or value == "":
        return ""
    text = value.isoformat() if isinstance(value, date) else value
    if kind is PersonalKind.NOT_PERSONAL:
        return text
    rule = _RULES.get(kind)
    return HIDDEN if rule is None else rule(text)
