"""The copy a person gets: all that every room holds, as JSON for machines and as a page for people, handed out once."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, gettext, override, pgettext

from anxin.book.rights import access, rules
from anxin.book.rights.data import RequestKind, RequestNotFound
from anxin.book.rights.models import SubjectRequest
from anxin.book.rights.services.requests import trace_deed
from anxin.foundation.audit import services as audit
from anxin.foundation.documents import services as documents
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished, JobView
from anxin.foundation.privacy import services as privacy
from anxin.foundation.privacy.data import Records
from anxin.kernel import money, sources, tiers
from anxin.kernel.actor import Actor
from anxin.kernel.states import IllegalTransition, StaleState
from anxin.kernel.words import mark as _

KIND: Final = "rights.archive"
KEPT_FOR: Final = timedelta(days=15)
FORMAT: Final = "anxin-personal-data/1"
# Columns beside one another on a page; what has more is read from top to bottom.
WIDEST: Final = 10
EMPTY: Final = "—"
# What a site calls by names of its own.
_NAMED: Final = {"source": sources.name, "tier": tiers.name}
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_KINDS: Final = (RequestKind.ACCESS, RequestKind.PORTABILITY)


def start_archive(*, actor: Actor, now: datetime, request_id: UUID, task: jobs.QueuedTask) -> JobView:
    """Queue the making of the copy for a request whose identity was checked. Raises IllegalTransition otherwise."""
    row = access.get_request(actor, request_id, "rights.handle")
    if row.state != SubjectRequest.State.WORKING or row.party_id is None or row.kind not in _KINDS:
        raise IllegalTransition(row.state, "archive", [])
    with transaction.atomic():
        audit.record(
            actor=actor, now=now, action="rights.start_archive", object_kind="subject_request", object_id=row.pk,
            object_ref=row.ref,
        )  # fmt: skip
        return jobs.start(
            actor=actor, now=now, kind=KIND, title=row.ref, arguments={"request": str(row.pk)}, task=task,
            dedupe_key=str(row.pk),
        )  # fmt: skip


def work(running: jobs.Running) -> Finished:
    """Make the archive and keep it sealed. Nobody owns the file: it leaves by `take_archive` only."""
    now = running.clock()
    row = SubjectRequest.objects.select_related("party").get(pk=running.arguments["request"])
    if row.party_id is None or row.state != SubjectRequest.State.WORKING:
        raise jobs.JobFailed(_("The request is not being worked on any more."))
    content = make_archive(row.party_id, row.ref, now)
    with transaction.atomic():
        running.fence()
        if row.archive_document_id is not None:
            documents.remove(document_id=row.archive_document_id, now=now)
        kept = documents.store(
            actor=Actor.system("rights"), now=now, name=f"{row.ref}.zip", content=io.BytesIO(content),
            purpose="rights.archive", expires_at=now + KEPT_FOR,
        )  # fmt: skip
        SubjectRequest.objects.filter(pk=row.pk).update(
            archive_document_id=kept.id, archive_at=now, archive_taken_at=None, version=F("version") + 1
        )
        trace_deed(running.actor, now, row.pk, "copy")
    return Finished(message=_("The copy is ready to be handed out once."))


def take_archive(*, actor: Actor, now: datetime, request_id: UUID) -> tuple[str, bytes]:
    """Name and bytes of the copy, once: then it is gone. Raises RequestNotFound, StaleState when it was taken."""
    row = access.get_request(actor, request_id, "rights.handle")
    if row.archive_document_id is None:
        raise RequestNotFound(str(request_id))
    document = row.archive_document_id
    with transaction.atomic():
        taken = SubjectRequest.objects.filter(
            pk=row.pk, archive_document_id=document, archive_taken_at__isnull=True
        ).update(archive_taken_at=now, archive_document_id=None, version=F("version") + 1)
        if not taken:
            raise StaleState("taken", row.version)
        with documents.open_document(document) as source:
            content = source.read()
        documents.remove(document_id=document, now=now)
        trace_deed(actor, now, row.pk, "take")
        audit.record(
            actor=actor, now=now, action="rights.take_archive", object_kind="subject_request", object_id=row.pk,
            object_ref=row.ref, detail={"size": len(content)},
        )  # fmt: skip
    return f"{row.ref}.zip", content


def make_archive(party_id: UUID, ref: str, now: datetime) -> bytes:
    """A zip of `data.json` (UTF-8, codes as keys) and `index.html` (Chinese, without scripts)."""
    found = [(room, records) for room, records in privacy.export_holdings(party_id) if records.rows]
    plain = {
        "format": FORMAT, "request": ref, "made_at": now.isoformat(),
        "records": [
            {"room": room, "code": one.code, "rows": [dict(row) for row in one.rows]} for room, one in found
        ],
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target, override("zh-hans"):
        target.writestr("data.json", json.dumps(plain, ensure_ascii=False, indent=1))
        page = {"tables": tables(one for _room, one in found), "ref": ref, "day": rules.day_of(now)}
        target.writestr("index.html", render_to_string("rights/archive.html", page))
    return out.getvalue()


def tables(found: Iterable[Records]) -> list[dict[str, object]]:
    """Records as people read them: `title`; `heads` with `rows` of cells, or, where there are more columns than a page
    is wide, `cards`: for each record its labels and values, without what is empty."""
    return [_table(one) for one in found]


def _table(one: Records) -> dict[str, object]:
    heads = [gettext(label) for label in one.labels.values()]
    rows = [[_cell(name, row.get(name), one.words.get(name, {})) for name in one.labels] for row in one.rows]
    if len(heads) <= WIDEST:
        return {"title": gettext(one.title), "heads": heads, "rows": rows}
    cards = [[(head, cell) for head, cell in zip(heads, row, strict=True) if cell != EMPTY] for row in rows]
    return {"title": gettext(one.title), "cards": cards}


def _cell(name: str, value: object, words: Mapping[Any, str]) -> str:
    """Codes by their words, fen as yuan, moments in local time, sources by their names."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return pgettext("answer", "Yes") if value else pgettext("answer", "No")
    if isinstance(value, int):
        return money.format_money(value, get_language() or "zh-hans") if name.endswith("_fen") else str(value)
    text = str(value)
    if text in words:
        return gettext(words[text])
    if name in _NAMED:
        return _NAMED[name](text)
    return _moment(text) if _MOMENT.match(text) else text


def _moment(text: str) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{timezone.localtime(at, timezone.get_default_timezone()):%Y-%m-%d %H:%M}" if at.tzinfo else text
