"""Merging and separating in a process of its own. Nothing of Django is imported before the child has set it up."""

from __future__ import annotations

import os
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any

ROUNDS = 12


def rival(database: str, refs: list[str], seed: int, barrier: Barrier, answers: Queue[Any], locked: bool) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    import random
    import time

    from django.db import connection as mine

    from anxin.book.customers.services import golden
    from anxin.book.matching.models import Merge
    from anxin.book.matching.services import merging, separating
    from anxin.kernel.actor import Actor
    from tests.build.people import NOW

    mine.settings_dict["NAME"] = database
    actor, chance = Actor.system("rival"), random.Random(seed)
    if not locked:
        looked = golden.read

        def look_then_wait(ids: Any) -> Any:
            found = looked(ids)
            time.sleep(0.05)
            return found

        golden.lock = look_then_wait
    done: list[str] = []
    barrier.wait(timeout=60)
    for _ in range(ROUNDS):
        try:
            in_force = list(Merge.objects.filter(state="done").values_list("pk", flat=True))
            if in_force and chance.random() < 0.4:
                separating.unmerge(actor=actor, now=NOW, merge_id=chance.choice(in_force))
            else:
                survivor, loser = chance.sample(refs, 2)
                merging.merge(actor=actor, now=NOW, survivor_ref=survivor, loser_ref=loser)
            done.append("done")
        except Exception as error:  # noqa: BLE001 - the test reads what happened
            done.append(type(error).__name__)
    answers.put(done)
    mine.close()
