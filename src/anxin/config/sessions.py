"""Sessions in the database, as Django keeps them, found by a statement that is made once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from anxin.kernel.statements import Statement


def _living(key: Any, now: Any) -> QuerySet[Any, Any]:
    return Session.objects.filter(session_key=key, expire_date__gt=now).values_list(
        "session_key", "session_data", "expire_date"
    )


_LIVING: Final = Statement(_living, key=str, now=datetime)


class SessionStore(db.SessionStore):
    """Asked for with every page."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        rows = _LIVING.all(key=self.session_key or "", now=timezone.now())
        if not rows:
            self._session_key = None
            return None
        return Session(*rows[0])
