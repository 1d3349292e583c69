"""What a column holds by the look of its values: the only sign when its name says nothing ("F7", "备用1")."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from anxin.kernel.identifiers.bankcards import validate_bank_card
from anxin.kernel.identifiers.emails import normalise_email
from anxin.kernel.identifiers.phones import PhoneKind, normalise_phone
from anxin.kernel.identifiers.plates import validate_plate
from anxin.kernel.identifiers.resident import validate_resident_id
from anxin.kernel.identifiers.uscc import validate_uscc
from anxin.kernel.personal import Kind

LEAST_VALUES: Final = 5
_LEAST_SHARE: Final = 0.8


def _is_document(text: str) -> bool:
    return validate_resident_id(text).ok or validate_uscc(text).ok


# In this order: a resident number must not be taken for a bank card.
_TESTS: Final[Mapping[Kind, Callable[[str], bool]]] = {
    Kind.DOCUMENT: _is_document,
    Kind.MOBILE: lambda text: normalise_phone(text).kind is PhoneKind.MOBILE,
    Kind.EMAIL: lambda text: normalise_email(text) is not None,
    Kind.PLATE: lambda text: validate_plate(text).ok,
    Kind.BANK_ACCOUNT: lambda text: validate_bank_card(text).ok,
}


def kind_of_values(values: Sequence[str]) -> Kind | None:
    """The kind of personal number most of the values are; None when they are something else or too few to tell."""
    texts = [value.strip() for value in values if value.strip()]
    if len(texts) < LEAST_VALUES:
        return None
    for kind, holds in _TESTS.items():
        if sum(map(holds, texts)) >= _LEAST_SHARE * len(texts):
            return kind
    return None
