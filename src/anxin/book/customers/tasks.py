"""Taking the attention list out, as a job."""

from __future__ import annotations

from procrastinate.contrib.django import app

from anxin.book.customers.services import attention_list
from anxin.foundation.jobs import services as jobs
from anxin.kernel import clock


@app.task(queue="jobs", name=attention_list.KIND)
def export_attention(job_id: str) -> None:
    jobs.run(job_id, attention_list.work, clock=clock.now)
