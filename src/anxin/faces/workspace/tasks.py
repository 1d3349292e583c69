"""The long work that lists start."""

from __future__ import annotations

from procrastinate.contrib.django import app

from anxin.book.customers import services as customers
from anxin.foundation.jobs import services as jobs
from anxin.kernel import clock


@app.task(queue="default")
def change_customers(job_id: str) -> None:
    """Tag, untag or assign many customers."""
    jobs.run(job_id, customers.bulk.work, clock=clock.now)


@app.task(queue="default")
def export_customers(job_id: str) -> None:
    """Write a list of customers to a file."""
    jobs.run(job_id, customers.exporting.work, clock=clock.now)
