"""What a typed text may mean: part of a name, pinyin, a phone, an identity number, an e-mail address, a reference."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, Final

from django.db.models import Q, QuerySet

from anxin.book.customers import rules
from anxin.book.customers.models import ContactPoint, IdentityDocument
from anxin.kernel import names, vault
from anxin.kernel.identifiers import phones
from anxin.kernel.identifiers.emails import normalise_email

LONGEST: Final = 60
MOST_OWNERS: Final = 2_000  # of one phone tail: 1 of 10,000 numbers
_HAN: Final = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_ALL_HAN: Final = re.compile(f"(?:{_HAN.pattern})+\\Z")
_LETTERS: Final = re.compile(r"[a-zA-Z]+\Z")
_RESIDENT: Final = re.compile(r"[0-9]{17}[0-9Xx]\Z|[0-9]{15}\Z")
_USCC: Final = re.compile(r"[0-9A-HJ-NPQRTUWXYa-hj-npqrtuwxy]{18}\Z")
_LONGEST_SYLLABLE: Final = 6  # zhuang, shuang, chuang
_LAST: Final = "\U0010ffff"
_FILLER: Final = "有限公司"  # long enough that no reading as a surname applies


class Meaning(StrEnum):
    """By what a text finds. The audit trail names these, never the text."""

    NAME = "name"
    PINYIN = "pinyin"
    PHONE = "phone"
    PHONE_TAIL = "phone_tail"
    DOCUMENT = "document"
    EMAIL = "email"
    REFERENCE = "reference"


# Finding a person by these is looking up personal data, and is recorded.
RECORDED: Final = frozenset({Meaning.PHONE, Meaning.PHONE_TAIL, Meaning.DOCUMENT, Meaning.EMAIL})


@dataclass(frozen=True)
class Step:
    """A condition to try, and the indexed field in whose order it finds ("": as they come).

    `between`: the condition is no other than this field's lying from the one up to the other.
    """

    condition: Callable[[], Q]
    order: str = ""
    between: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Names that lie together in their order (`name_sort`), and all that the text asks of them.

    `between`: nothing but lying from the one key up to the other. The sort key holds the characters themselves, so who
    lies there has them; to ask for them once more would make the planner expect a hundredth of what there is.
    """

    where: Q
    between: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One way to read the text: steps to try in this order until enough is found. Making a condition may query."""

    meaning: Meaning
    steps: tuple[Step, ...]


def tidy(text: str) -> str:
    """Half-width, trimmed, cut to what anyone would type."""
    return names.normalise_name(text[: LONGEST * 2])[:LONGEST]


def readings(text: str) -> list[Reading]:
    """Every sensible reading, most exact first."""
    plain = tidy(text)
    return [reading for reading in _readings(plain) if reading.steps] if plain else []


def _readings(plain: str) -> Iterator[Reading]:
    compact = _compact(plain)
    if "@" in plain:
        if address := normalise_email(plain):
            yield Reading(meaning=Meaning.EMAIL, steps=(Step(partial(_contact, "email", address)),))
        return
    if _HAN.search(plain):
        yield Reading(meaning=Meaning.NAME, steps=_name_steps(plain))
        return
    if _RESIDENT.match(compact) or _USCC.match(compact):
        number = compact.upper()
        steps = [Step(partial(_document, number))]
        if len(number) == 18:
            steps.append(Step(partial(Q, uscc=number)))
        yield Reading(meaning=Meaning.DOCUMENT, steps=tuple(steps))
    phone = phones.normalise_phone(plain)
    if phone.normalised:
        yield Reading(meaning=Meaning.PHONE, steps=(Step(partial(_contact, "phone", phone.normalised)),))
    elif compact.isdigit() and len(compact) == 4:
        yield Reading(meaning=Meaning.PHONE_TAIL, steps=(Step(partial(_tail, compact)),))
    # One in twenty has no digit and looks like pinyin: asked for as both.
    if reference := _reference(compact):
        yield Reading(meaning=Meaning.REFERENCE, steps=(Step(partial(Q, ref=reference)),))
    if _LETTERS.match(compact) and compact.isascii():
        yield Reading(meaning=Meaning.PINYIN, steps=_pinyin_steps(compact.lower()))
    elif re.search(r"[^\W\d_]", plain) and not _RESIDENT.match(compact):
        yield Reading(meaning=Meaning.NAME, steps=(_beginning("name_sort", plain.lower()),))


def _compact(plain: str) -> str:
    return re.sub(r"[\s-]", "", plain)


def matches(text: str) -> Q:
    """Every reading and pass at once, for lists. Nothing matches a text that cannot be read at all."""
    plain = tidy(text)
    if _HAN.search(plain):
        return _contains(plain)
    asked = Q()
    for reading in readings(plain):
        for step in reading.steps:
            asked |= step.condition()
    return asked or Q(pk__in=[])


def meanings(text: str) -> frozenset[Meaning]:
    return frozenset(reading.meaning for reading in readings(text))


def _name_steps(plain: str) -> tuple[Step, ...]:
    # The beginning first: an index range ordered by name, so that the exact name leads and a common character is cheap.
    return (_beginning("name", plain), Step(partial(_contains, plain)))


def stretches(text: str) -> tuple[Stretch, ...]:
    """All that a text finds (`matches`), in parts that lie together in the order of names; () for no such text.

    First the names that begin with it: an index walked from its start would meet them late. Chinese is read as a
    surname and as an ordinary word; letters are pinyin or initials.
    """
    plain = tidy(text)
    letters = _compact(plain).lower()
    if _LETTERS.match(letters) and letters.isascii():
        found, same_letter = _stretch(letters), _between("name_sort", letters[0])
        # Who has these initials begins with their first letter, or with no letter at all: a bracket, a rare character.
        unread = Q(name_sort__lt="a") | Q(name_sort__gte="{")
        parts = [matches(text) & same_letter & ~found.where, matches(text) & unread]
        if reference := _reference(letters):
            parts.append(Q(ref=reference) & ~same_letter & ~unread)
        return found, *(Stretch(where=part) for part in parts)
    if not _HAN.match(plain):
        return ()
    as_word = names.pinyin_sort_key(plain + _FILLER).removesuffix(names.pinyin_sort_key(_FILLER))
    keys = dict.fromkeys((names.pinyin_sort_key(plain), as_word))
    beginnings, rest = [_stretch(key) for key in keys], matches(text)
    for one in beginnings:
        rest &= ~one.where
    if not _ALL_HAN.match(plain):
        # Keys hold letters in lower case: having the key is not having the text.
        beginnings = [Stretch(where=matches(text) & one.where) for one in beginnings]
    return *beginnings, Stretch(where=rest)


def _stretch(beginning: str) -> Stretch:
    return Stretch(where=_between("name_sort", beginning), between=(beginning, beginning + _LAST))


def _contains(plain: str) -> Q:
    chars = names.search_chars(plain)
    if len(plain) == 1:
        # The array says it all; a second condition would make the planner expect a tenth of a tenth.
        return Q(name_chars__contains=chars)
    return Q(name_chars__contains=chars, name__contains=plain)


def _pinyin_steps(letters: str) -> tuple[Step, ...]:
    """Initials (wxm), names in letters, full pinyin (wangxiaom)."""
    steps = []
    if len(letters) <= _LONGEST_SYLLABLE:
        steps.append(_beginning("name_initials", letters))
    steps.append(_beginning("name_sort", letters))
    # `wang2王ming2明`: what was typed, with a tone and a character allowed behind every syllable.
    pattern = "^" + "([1-5].)?".join(letters)
    for length in range(1, min(_LONGEST_SYLLABLE, len(letters) - 1) + 1):
        head, rest = letters[:length], letters[length:]
        if any(letter in "aeiou" for letter in head):
            syllable = Q(name_sort__gte=head + "1", name_sort__lt=head + "6", name_sort__regex=pattern)
            steps.append(Step(partial(Q, syllable, _between("name_initials", letters[0] + rest[0]))))
    return tuple(steps)


def _beginning(field: str, text: str) -> Step:
    return Step(partial(_between, field, text), field, (text, text + _LAST))


def _between(field: str, beginning: str) -> Q:
    """Begins with, as a range an index on a C-collated column can use whatever the plan cache knows."""
    return Q(**{f"{field}__gte": beginning, f"{field}__lt": beginning + _LAST})


# The ids first: inside an OR the database could not begin at the index of the blind values.


def _contact(kind: str, value: str) -> Q:
    return _owners(ContactPoint.objects.filter(value_blind=vault.ring().blind(kind, value)))


def _tail(digits: str) -> Q:
    return _owners(ContactPoint.objects.filter(tail_blind=vault.ring().blind("phone-tail", digits)))


def _document(number: str) -> Q:
    return _owners(IdentityDocument.objects.numbered(vault.ring().blind("document", number)))


def _owners(rows: QuerySet[Any]) -> Q:
    return Q(pk__in=list(rows.values_list("party_id", flat=True)[:MOST_OWNERS]))


def _reference(text: str) -> str:
    """As it is stored; "" for what cannot be one."""
    try:
        return rules.normalise_ref(text)
    except ValueError:
        return ""
