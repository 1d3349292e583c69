"""How many rows a person may take out in a day, and who hears of much (PIPL article 51: access within what is needed).

All exports of a person count together, whatever list they come from. The limit is a scheme; what would pass it is
refused, and the data protection officer hears of the attempt.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from anxin.book.customers import rules
from anxin.book.customers.services.bulk import BulkError
from anxin.foundation.audit import services as audit
from anxin.foundation.jobs import queries as jobs
from anxin.foundation.notices import services as notices
from anxin.foundation.org import queries as org
from anxin.foundation.schemes import queries as schemes
from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _

SCHEME: Final = "customers.exports"
FIELDS: Final = (
    SchemeField(
        code="rows_a_day",
        label=_("Rows a person may export in a day"),
        kind=FieldKind.INTEGER,
        hint=_("All lists together. What would pass it is refused."),
    ),
    SchemeField(
        code="told_from_rows",
        label=_("Tell the data protection officer from"),
        kind=FieldKind.INTEGER,
        hint=_("Rows of a day, all lists together."),
    ),
)
DEFAULT: Final[Content] = {"rows_a_day": 50_000, "told_from_rows": 10_000}
MOST: Final = 1_000_000
# The data protection officer, and head office beside them.
TOLD: Final = "privacy.edit"


class TooMuch(BulkError):
    """The person has taken out as much as the day allows."""


def problems(content: Content) -> list[Problem]:
    """What is wrong with a content of the scheme."""
    most: Any = content["rows_a_day"]
    told: Any = content["told_from_rows"]
    found = []
    if not 1 <= most <= MOST:
        found.append(Problem(path="rows_a_day", message=_("Choose between 1 and 1,000,000 rows.")))
    if not 1 <= told <= MOST:
        found.append(Problem(path="told_from_rows", message=_("Choose between 1 and 1,000,000 rows.")))
    return found


@contextmanager
def counted(*, actor: Actor, now: datetime, rows: int) -> Iterator[None]:
    """The transaction in which an export of `rows` is queued. Raises TooMuch before it begins.

    Exports of one person wait for one another, so that two at once cannot both take the last rows of the day. That one
    was refused is kept. An actor who is no person has no limit.
    """
    if actor.user_id is None:
        with transaction.atomic():
            yield
        return
    content: Any = schemes.active(SCHEME, on=rules.day_of(now)).content
    with transaction.atomic():
        _one_at_a_time(actor.user_id)
        total = rows + jobs.rows_taken_out(actor.user_id, since=_midnight(now))
        if total <= content["rows_a_day"]:
            if total >= content["told_from_rows"]:
                _tell(actor, now, "much", "有人今日导出的客户数据较多，请留意", "Somebody exported much today")
            yield
            return
        audit.record(
            actor=actor, now=now, action="customers.export_refused", object_kind="party", detail={"rows": rows}
        )
        _tell(actor, now, "refused", "有导出申请超过每日限额，已被拒绝", "An export beyond the daily limit was refused")
    raise TooMuch(
        _("This would pass the rows you may export in a day. Narrow the filter, or ask head office for the rest.")
    )


def _tell(actor: Actor, now: datetime, what: str, title_zh: str, title_en: str) -> None:
    today = rules.day_of(now)
    notices.tell(
        now=now, users=org.holders_of(TOLD, unit_id=None, today=today), kind="privacy", title_zh=title_zh,
        title_en=title_en, dedupe_key=f"exports-{what}-{actor.user_id}-{today}", url="/audit/",
    )  # fmt: skip


def _one_at_a_time(user_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [user_id.int % 2**63])


def _midnight(now: datetime) -> datetime:
    """When the day of `now` began in China."""
    return datetime.combine(rules.day_of(now), time(), tzinfo=rules.CHINA)
