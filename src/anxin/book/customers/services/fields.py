"""Fields a site adds to the customer file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from anxin.book.customers.data import FIELD_LABELS, Rejected
from anxin.book.customers.models import CustomField
from anxin.foundation.audit import services as audit
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _


def save_field(
    *, actor: Actor, now: datetime, field_id: UUID | None, code: str, label_zh: str, label_en: str, kind: str,
    choices: Sequence[str] = (), order: int = 0, is_active: bool = True,
) -> None:  # fmt: skip
    """Make or change a field. Code and kind are settled when it is made: stored values depend on them."""
    actor.require("customers.configure")
    offered = [text.strip() for text in choices if text.strip()]
    if kind == CustomField.Kind.CHOICE and len(set(offered)) < 2:
        raise Rejected("choices", _("A choice needs at least two different values."))
    values = {
        "label_zh": label_zh.strip(), "label_en": label_en.strip(), "order": order, "is_active": is_active,
        "choices": list(dict.fromkeys(offered)),
    }  # fmt: skip
    try:
        with transaction.atomic():
            if field_id is None:
                if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", code) or code in FIELD_LABELS:
                    raise Rejected("code", _("A code has small letters, digits and _, and is no field of the file."))
                field = CustomField.objects.create(code=code, kind=kind, **values)
            else:
                field = CustomField.objects.get(pk=field_id)
                CustomField.objects.filter(pk=field_id).update(**values)
            audit.record(
                actor=actor, now=now, action="customers.configure_field", object_kind="custom_field",
                object_id=field.pk, object_ref=field.code, detail={"fields": sorted(values)},
            )  # fmt: skip
    except IntegrityError as error:
        raise Rejected("code", _("There is a field with this code already.")) from error
