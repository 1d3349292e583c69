"""Files that have passed their date."""

from __future__ import annotations

from procrastinate.contrib.django import app

from anxin.foundation.documents import services
from anxin.kernel import clock


@app.periodic(cron="17 * * * *", periodic_id="remove-expired-documents")
@app.task(queueing_lock="remove-expired-documents", queue="housekeeping")
def remove_expired_documents(timestamp: int) -> None:
    services.remove_expired(now=clock.now())
