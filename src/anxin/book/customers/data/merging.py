"""How rows that point to a customer behave when two files turn out to be one person's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Behaviour(StrEnum):
    """FOLLOWS: the row goes to the file that stays, and back when the two are separated. STAYS: it is left alone."""

    FOLLOWS = "follows"
    STAYS = "stays"


@dataclass(frozen=True, kw_only=True)
class MergeRule:
    """What becomes of `column` (a foreign key to Party, or a plain UUID of one) of the rows of `model`.

    `once`: columns that together with the customer may stand only once, as a unique constraint says; asked only of rows
    with the values of `only`. Where both files have such a row, that of the file that stays is kept, and the other one
    stays where it is (`shelved` False), unseen, until it fits or its file is separated again.

    `shelved`: for rows that can be seen from a second side (a relation, a part in a policy): the row that does not fit
    is taken out of its table into the ledger, and put back later. No sealed columns in such a table, and nothing that
    refers to it. `newest`: of two such rows the one with the later value is kept, whichever file it came with.

    `mirrored`: a column that says, read from the other end, something else: `mirrors` has (value, its reverse). A row
    that comes and says what a row of the file says from the other end goes to the shelf, too.

    `single`: a yes/no column of which a customer has one, among the rows with equal `within`; lowered on rows that come
    to a file that has one.
    """

    model: str  # "portfolio.Policy"
    column: str  # the field, without _id
    behaviour: Behaviour
    label: str = ""  # what people call the rows (English, marked), for the preview
    why: str = ""  # why they stay (English)
    once: tuple[str, ...] = ()
    is_once: bool = False
    only: Mapping[str, str | bool | None] = field(default_factory=dict, hash=False)
    shelved: bool = False
    newest: str = ""
    mirrored: str = ""
    mirrors: tuple[tuple[str, str], ...] = ()
    single: str = ""
    within: tuple[str, ...] = ()
