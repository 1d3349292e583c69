"""What each system knows of its persons: the same people, with the gaps and mistakes of each system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from anxin.config.sample import noise, words
from anxin.config.sample.dice import Dice, Ints, Mask, choose, digits, join, take
from anxin.config.sample.identifiers import mobiles
from anxin.config.sample.membership import LINKS, SOURCES, Membership
from anxin.config.sample.organisation import Organisation
from anxin.config.sample.people import Document, People

_OTHER_MOBILE: Final = 40_000_000


@dataclass(frozen=True)
class Seen:
    """What one system holds of the persons it knows, after its own gaps and mistakes."""

    who: Ints
    name: pl.Series
    birth: Ints
    male: Ints
    document: Ints
    document_no: pl.Series
    mobile: pl.Series
    address: pl.Series
    short_address: pl.Series
    unit: pl.Series
    manager: pl.Series
    link: pl.Series
    strong: Mask


def seen_by(org: Organisation, people: People, members: Membership, source: str, dice: Dice) -> Seen:
    who = np.flatnonzero(members.known[source]).astype(np.int64)
    count = len(who)
    link = members.link[source][who]
    male = people.male[who]
    name = take(people.name, who)
    titled = join(name.str.slice(0, 1), choose(male == 1, "先生", "女士"))
    stranger = mobiles(dice, _OTHER_MOBILE * (1 + SOURCES.index(source)) // 2 + people.first + who)
    written = {
        "near_misheard": noise.misheard(name),
        "near_swapped": noise.swapped(name),
        "near_traditional": noise.traditional(name),
    }
    for kind, text in written.items():
        # A name that has no such form is a mere form of address instead: the truth must not name a flaw that is none.
        link = np.where((link == LINKS.index(kind)) & text.is_null().to_numpy(), LINKS.index("near_name"), link)
    written["near_name"] = titled
    for kind, text in written.items():
        name = choose(link == LINKS.index(kind), text, name)
    mobile = take(people.mobile, who)
    phones = {
        "near_mobile": stranger,
        "near_mistyped": noise.mistyped(mobile),
        "near_agent": take(org.manager_mobiles, people.manager[who]),
        # Another phone and another home: only a person can say who it is.
        "near_moved": stranger,
    }
    for kind, text in phones.items():
        mobile = choose(link == LINKS.index(kind), text, mobile)
    moved = link == LINKS.index("near_moved")
    full, short = elsewhere(org, people.outlet[who], people.first + who)
    birth = people.birth[who] + np.where(link == LINKS.index("near_birth"), 1, 0)
    hidden = link >= LINKS.index("name_birth_mobile")
    # People give an outlet, sometimes only the county branch, sometimes nothing is on file.
    outlet = people.outlet[who]
    level = dice.weighted(count, (80, 17, 3))
    unit = choose(level == 0, take(org.outlet_codes, outlet), choose(level == 1, take(org.district_codes, outlet), ""))
    manager = choose(dice.chance(count, 0.08), "", take(org.manager_numbers, people.manager[who]))
    number = choose(hidden, "", take(people.document_no, who))
    return Seen(
        who=who,
        name=name,
        birth=birth,
        male=male,
        document=np.where(hidden, int(Document.NONE), people.document[who]),
        document_no=number,
        mobile=mobile,
        address=choose(moved, full, take(people.address, who)),
        short_address=choose(moved, short, take(people.short_address, who)),
        unit=unit,
        manager=manager,
        link=take(LINKS, link),
        strong=np.asarray((people.document[who] == Document.RESIDENT_ID) & ~hidden),
    )


def elsewhere(org: Organisation, outlet: Ints, number: Ints) -> tuple[pl.Series, pl.Series]:
    """A home in the same district that is not theirs, by the number of the person: full, and as clerks shorten it."""
    district = take([one.district.name for one in org.outlets], outlet)
    city = take([one.province.name + one.city.name for one in org.outlets], outlet)
    tail = join(
        district,
        take(words.STREETS, number * 7 % len(words.STREETS)),
        digits(401 + number * 37 % 400),
        "号",
        take(words.ESTATES, number * 13 % len(words.ESTATES)),
        digits(1 + number % 30),
        "幢",
        digits(1 + number % 4),
        "单元",
        digits((1 + number % 28) * 100 + 1 + number % 4),
        "室",
    )
    return join(city, tail), tail
