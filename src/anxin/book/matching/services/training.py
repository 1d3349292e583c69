"""A new draft of the matching model from what people decided: how often fields agree among pairs judged the same."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, Final

from anxin.analytics.linkage.model import Model
from anxin.book.matching.data import CandidateState
from anxin.book.matching.models import Candidate
from anxin.book.matching.rules import models as scheme
from anxin.book.matching.services.linking import SHANGHAI
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import JobView
from anxin.foundation.schemes import queries as schemes
from anxin.foundation.schemes import services as scheme_services
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _

KIND: Final = "matching.train"
# So many decided pairs the model in force counts for: few decisions move it little.
PRIOR_PAIRS: Final = 50
LEAST_PAIRS: Final = 20
LEAST: Final = 1e-4


def start(*, actor: Actor, now: datetime, kind: str, task: jobs.QueuedTask, title: str) -> JobView:
    """Queue the training of the model of `kind` (person, organisation). Raises NotPermitted."""
    actor.require("matching.run")
    return jobs.start(
        actor=actor, now=now, kind=KIND, title=title, task=task, dedupe_key=kind, arguments={"kind": kind}
    )


def train(*, actor: Actor, now: datetime, kind: str) -> int:
    """Draft a version from the decisions of people; returns its number. It holds once somebody activates it.

    Raises NotPermitted, and JobFailed with too few decisions.
    """
    actor.require("matching.run")
    today = now.astimezone(SHANGHAI).date()
    active = schemes.active(scheme.SCHEMES[kind], on=today)
    decided = Candidate.objects.filter(
        state__in=[CandidateState.MERGED, CandidateState.DIFFERENT], decided_by_id__isnull=False, left__kind=kind
    )
    same = [one.evidence for one in decided.filter(state=CandidateState.MERGED).only("evidence")]
    apart = decided.filter(state=CandidateState.DIFFERENT).count()
    if len(same) < LEAST_PAIRS:
        raise jobs.JobFailed(
            _("%(least)s pairs judged to be the same are needed, there are %(found)s."),
            least=LEAST_PAIRS,
            found=len(same),
        )
    trained = with_decisions(scheme.model_of(kind, active.content), same)
    content = scheme.content_of(
        trained, is_automatic=bool(active.content["is_automatic"]), needs_number=bool(active.content["needs_number"])
    )
    view = scheme_services.draft(
        actor=Actor.system("matching"), now=now, code=scheme.SCHEMES[kind], content=content,
        note=f"{len(same)} = / {apart} ≠",
    )  # fmt: skip
    return view.version


def with_decisions(model: Model, same: list[list[dict[str, Any]]]) -> Model:
    """The model with m drawn towards how often each level was seen among the pairs judged the same. u stays: it comes
    from random pairs, of which people see none."""
    seen = Counter((one["field"], one["level"]) for evidence in same for one in evidence)
    weights = {}
    for comparison in model.comparisons:
        total = sum(seen[comparison.code, level.code] for level in comparison.levels)
        for level in comparison.levels:
            m = (PRIOR_PAIRS * (level.m or LEAST) + seen[comparison.code, level.code]) / (PRIOR_PAIRS + total)
            weights[comparison.code, level.code] = (max(m, LEAST), level.u)
    return model.with_weights(weights)
