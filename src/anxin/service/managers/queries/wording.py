"""Why somebody has a customer, in a sentence: for pages in the reader's language, for the history in Chinese."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from django.utils.translation import gettext, override

from anxin.kernel.words import mark as _
from anxin.service.managers.data import Reason

TEXTS: Final = {
    Reason.OWNER: _("Made the business; load now %(load)s %%"),
    Reason.DIVISION: _("Local branch of the place of residence (%(place)s); lowest load, now %(load)s %%"),
    Reason.NEAREST: _("Nearest unit %(place)s; lowest load, now %(load)s %%"),
    Reason.UNIT: _("Unit named by the rule, %(place)s; lowest load, now %(load)s %%"),
    Reason.KEPT: _("Already managed by them"),
    Reason.CHOSEN: _("Chosen by whoever handed over"),
    Reason.DEPUTY: _("Deputy while the manager is away"),
    Reason.BACK: _("The manager is back"),
    Reason.CLAIMED: _("Taken from the pool"),
    Reason.RECYCLED: _("Back in the pool: nobody contacted the customer for long"),
    Reason.ALL_FULL: _("Everybody near is full"),
    Reason.NO_MANAGER: _("No customer manager near"),
    Reason.NO_PLACE: _("Neither unit nor place of residence is on file"),
    Reason.NO_RULE: _("No rule fits"),
    Reason.BY_HAND: _("By the rules a person decides"),
}
OTHER: Final = _("Nobody looked for a manager yet")


def text_of(reason: str, *, load: int = 0, place: str = "", level: int = 0) -> str:
    """`load` in 1/10000 of the capacity; a code nobody knows gives the text of nothing decided."""
    if reason not in set(Reason):
        return gettext(OTHER)
    said = gettext(TEXTS[Reason(reason)]) % {"load": load // 100, "place": place}
    if level:
        said += gettext(" (%(level)s up)") % {"level": level}
    return said


@lru_cache(maxsize=20_000)
def history_text(reason: str, *, load: int = 0, place: str = "", level: int = 0) -> str:
    """What the history of the file keeps, whoever caused it. A run says the same of thousands."""
    with override("zh-hans"):
        return text_of(reason, load=load, place=place, level=level)


def taken_back() -> str:
    """What the history says when a run was undone."""
    with override("zh-hans"):
        return gettext("The allocation was taken back")
