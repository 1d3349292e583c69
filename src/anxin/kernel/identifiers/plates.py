"""Vehicle plates, GA 36: ordinary plates of seven characters and new-energy plates of eight."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from anxin.kernel.identifiers import columns

PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_DROP: Final = str.maketrans(dict.fromkeys("·•‧・･.-—–_"))


class PlateKind(StrEnum):
    ORDINARY = "ordinary"
    NEW_ENERGY_SMALL = "new_energy_small"
    NEW_ENERGY_LARGE = "new_energy_large"


class PlateProblem(StrEnum):
    EMPTY = "empty"
    SHAPE = "shape"


@dataclass(frozen=True, slots=True)
class Plate:
    normalised: str | None = None
    kind: PlateKind | None = None
    reason: PlateProblem | None = None

    @property
    def ok(self) -> bool:
        return self.reason is None


# Small vehicles carry the energy letter first, large ones last; much published code mixes the two up.
_SHAPES: Final = {
    PlateKind.ORDINARY: re.compile(f"[{PROVINCES}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{{4}}[A-HJ-NP-Z0-9挂学警港澳]"),
    PlateKind.NEW_ENERGY_SMALL: re.compile(f"[{PROVINCES}][A-HJ-NP-Z][A-HJK][A-HJ-NP-Z0-9][0-9]{{4}}"),
    PlateKind.NEW_ENERGY_LARGE: re.compile(f"[{PROVINCES}][A-HJ-NP-Z][0-9]{{5}}[A-HJK]"),
}


def normalise_plate(text: str) -> str:
    """Capital letters, half-width, without dots, hyphens and white space; nothing is checked."""
    return columns.tidy(text).translate(_DROP).upper()


def validate_plate(text: str | None) -> Plate:
    """Check one plate. Military, embassy and old special series (second letter O) are not known here."""
    plain = normalise_plate(text or "")
    if not plain:
        return Plate(reason=PlateProblem.EMPTY)
    for kind, shape in _SHAPES.items():
        if shape.fullmatch(plain):
            return Plate(plain, kind)
    return Plate(reason=PlateProblem.SHAPE)
