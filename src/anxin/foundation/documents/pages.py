"""Handing out files."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

from anxin.foundation.documents import services
from anxin.kernel import clock
from anxin.kernel.web.pages import SIGNED_IN, actor_of, page


@page(SIGNED_IN)
def download_page(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Always as an attachment: nothing that was stored is ever shown by the browser as a page of ours."""
    try:
        document, portions = services.download(actor=actor_of(request), now=clock.now(), document_id=document_id)
    except services.DocumentNotFound as error:
        raise Http404 from error
    response = StreamingHttpResponse(portions, content_type=document.content_type)
    response["Content-Length"] = str(document.size)
    response["Content-Disposition"] = content_disposition_header(True, document.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    # No subclass of HttpResponse for the type checker; for Django it is a response all the same.
    return response  # type: ignore[return-value]
