"""Facts about a person's life end by themselves, and some are never kept at all (A02; PIPL articles 19 and 28)."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from django.db import transaction

from anxin.book.customers.models import Fact
from anxin.foundation.privacy import services as privacy

# Words of health and religion. A net with wide meshes: it stops what somebody would write without thinking.
_NEVER: Final = re.compile(
    "癌|肿瘤|糖尿病|高血压|心脏病|抑郁|精神病|乙肝|艾滋|怀孕|流产|住院|手术|病史|患有|确诊|残疾|服药|透析|化疗"
    "|信佛|佛教|基督|天主教|伊斯兰|穆斯林|道教|信教|宗教|教徒|法会|礼拜"
    r"|\b(?:cancer|diabet\w*|hiv|aids|pregnan\w*|depress\w*|surgery|diagnos\w*|disease|christian|muslim|buddhis\w*"
    r"|catholic|religio\w*|jewish)\b",
    re.IGNORECASE,
)
_CHUNK: Final = 2_000


def is_never_kept(text: str) -> bool:
    """Whether a fact speaks of health or religion."""
    return bool(_NEVER.search(text))


def remove_expired(*, today: date) -> int:
    """Take facts past their day out for good, their history too; how many. Repeatable at any time."""
    removed = 0
    while True:
        with transaction.atomic():
            keys = list(Fact.objects.filter(expires_on__lte=today).order_by("pk").values_list("pk", flat=True)[:_CHUNK])
            if not keys:
                return removed
            removed += privacy.remove_rows(Fact, Fact.objects.filter(pk__in=keys))
