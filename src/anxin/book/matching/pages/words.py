"""Codes of the linkage model and of decisions, in words."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anxin.book.matching.data import CandidateState, Origin

FIELDS: Final = {
    "name": _("Full name"),
    "sex": _("Sex"),
    "birth": _("Birth date"),
    "birth_date": _("Birth date"),
    "id": _("ID number"),
    "document": _("Identity document"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "account": _("Bank account"),
    "bank_account": _("Bank account"),
    "address": _("Address"),
    "organisation": _("Name of the organisation"),
    "uscc": _("Unified social credit code"),
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
    "industry": _("Industry"),
    "scale": _("Scale"),
    "headcount": _("Headcount"),
    "legal_representative": _("Legal representative"),
    "language": _("Language"),
    "contact_preference": _("Contact preference"),
    "information_source": _("Source of information"),
    "is_deceased": _("Deceased"),
    "manager": _("Customer manager"),
    "manager_id": _("Customer manager"),
    "unit": _("Unit"),
    "unit_id": _("Unit"),
    "source": _("Source"),
    "customer_since": _("Customer since"),
}
LEVELS: Final = {
    "same": _("the same"),
    "same_sound": _("sounds the same"),
    "look_alike": _("characters look alike"),
    "swapped": _("characters swapped"),
    "part_missing": _("a part is missing"),
    "surname_only": _("only the surname is known"),
    "one_character": _("one character differs"),
    "same_given": _("same given name"),
    "surname": _("same surname only"),
    "other": _("different"),
    "day_month_swapped": _("day and month swapped"),
    "one_digit": _("one digit differs"),
    "two_of_three": _("two of year, month and day agree"),
    "two_digits": _("two digits differ"),
    "year": _("same year only"),
    "same_visible": _("the visible digits agree"),
    "typing_error": _("a typing error apart"),
    "two_errors": _("two typing errors apart"),
    "both_sound": _("both valid, but different"),
    "same_second": _("agrees with the second number"),
    "same_user": _("same name before the @"),
    "close": _("nearly the same"),
    "same_door": _("same door"),
    "same_house": _("same building"),
    "same_road": _("same road"),
    "same_area": _("same area"),
    "other_branch": _("another branch of the same company"),
    "same_core": _("same core of the name"),
    "inside": _("one name contains the other"),
}
CONTRADICTIONS: Final = {
    "id_contradicted": _("Same ID number, but sex and birth date both differ"),
    "different_ids": _("Two valid ID numbers that differ"),
    "family_member": _("Different given names: perhaps of one family"),
    "other_sex": _("The sex differs"),
    "other_birth": _("The birth dates differ"),
    "name_unknown": _("Only the surname is known"),
    "no_number": _("Name and birth date agree, but no number or address"),
    "other_branch": _("Two branches of one company"),
    "different_codes": _("Different social credit codes"),
    "other_company": _("Another trade or place in the company name"),
    "cluster_conflict": _("Would join two customers with different valid ID numbers"),
}
# In a row of the queue there is room for some words only.
SHORT: Final = {
    "id_contradicted": _("ID disputed"),
    "different_ids": _("Two IDs"),
    "family_member": _("Family?"),
    "other_sex": _("Other sex"),
    "other_birth": _("Other birth date"),
    "name_unknown": _("Surname only"),
    "no_number": _("No number"),
    "other_branch": _("Two branches"),
    "different_codes": _("Two codes"),
    "other_company": _("Another firm?"),
    "cluster_conflict": _("Two IDs"),
}
RULES: Final = {
    "verified": _("verified"),
    "trusted": _("source more trusted"),
    "recent": _("more recent"),
    "complete": _("more complete"),
    "earliest": _("earlier date"),
    "any": _("one says yes"),
    "by_hand": _("chosen by hand"),
    "own": _("of the file that stays"),
    "only": _("only value"),
    "same": _("same value"),
}
STATES: Final = {
    CandidateState.OPEN: (pgettext_lazy("pair", "To review"), "warn"),
    CandidateState.LATER: (pgettext_lazy("pair", "Put off"), "info"),
    CandidateState.DIFFERENT: (pgettext_lazy("pair", "Different customers"), ""),
    CandidateState.MERGED: (pgettext_lazy("pair", "Merged"), "ok"),
}
ORIGINS: Final = {
    Origin.HAND: _("by hand"),
    Origin.REVIEW: _("after review"),
    Origin.BULK: _("in bulk"),
    Origin.AUTOMATIC: _("automatically"),
}
