"""What a list of customers is taken out for: one for marketing leaves out whoever is not to be approached that way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext, override

from anxin.book.customers.queries import permissions
from anxin.foundation.jobs.data import Finished
from anxin.kernel.words import mark as _

USUAL: Final = "service"
PURPOSES: Final = {
    "service": _("Service of these customers"),
    "analysis": _("Analysis and reports"),
    "marketing_phone": _("Marketing by telephone"),
    "marketing_sms": _("Marketing by text message"),
    "marketing_wechat": _("Marketing over WeChat"),
    "marketing_email": _("Marketing by e-mail"),
    "marketing_mail": _("Marketing by mail"),
    "marketing_visit": _("Marketing by visits"),
}
# Why somebody is not on a list for marketing; the house's own reasons are not told apart.
_WHY: Final = {
    "silence": _("complaint open or closed lately"),
    "no_consent": _("no consent"),
    "refused": _("wants no marketing"),
    "ended": _("consent ended"),
    "no_guardian": _("child without the guardian's consent"),
    "deceased": _("deceased"),
}
_OTHER: Final = _("by an instruction of the house")


class Sieve:
    """Lets through whom the list may hold, and counts the others by why."""

    def __init__(self, purpose: str, now: datetime) -> None:
        kind, _bar, self._channel = purpose.partition("_")
        self._is_marketing = kind == permissions.MARKETING
        self._now = now
        self.left_out: Counter[str] = Counter()

    def through(self, ids: Sequence[UUID]) -> list[UUID]:
        """In the same order. Four queries for a list for marketing, else none."""
        if not self._is_marketing:
            return list(ids)
        found = permissions.may_use_many(ids, purpose=permissions.MARKETING, now=self._now, channel=self._channel)
        self.left_out.update(one.why.value for one in found.values() if not one.is_allowed)
        return [key for key in ids if found[key].is_allowed]

    def told(self, finished: Finished, language: str) -> Finished:
        """What the job leaves behind, saying how many were left out and why."""
        if not self.left_out:
            return finished
        left = self.left_out.total()
        with override(language):
            why = gettext("; ").join(
                f"{gettext(_WHY.get(code, _OTHER))} {count:,}" for code, count in self.left_out.most_common()
            )
        return replace(
            finished, message=_("%(rows)s customers exported, %(left)s left out (%(why)s)."),
            values={**finished.values, "left": left, "why": why}, result={**finished.result, "left_out": left},
        )  # fmt: skip
