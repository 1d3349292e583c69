"""Judging the search of the knowledge base by questions whose answer is known."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import click

from anxin.config.commands.session import ready


@click.group()
def knowledge() -> None:
    """The knowledge base."""


@knowledge.command()
@click.option(
    "--questions", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV with the columns question and passage; other columns are ignored.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def evaluate(questions: Path, as_json: bool) -> None:
    """Search the passages of a file by each question alone: how many were found (recall at 1, 5, 10)."""
    csv.field_size_limit(sys.maxsize)
    with questions.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if not {"question", "passage"} <= set(rows.fieldnames or ()):
            raise click.ClickException(f"{questions.name} has no columns question and passage.")
        pairs = [(row["question"], row["passage"]) for row in rows if row["question"] and row["passage"]]
    if not pairs:
        raise click.ClickException(f"{questions.name} has no questions.")
    with ready():
        from anxin.kernel import clock
        from anxin.service.knowledge import services

        found = services.evaluate(pairs, today=clock.today())
    figures = {
        "questions": found.questions, "passages": found.passages,
        **{f"recall@{top}": share for top, share in found.recall.items()},
        "p50_ms": found.p50_ms, "p95_ms": found.p95_ms, "build_seconds": found.build_seconds,
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(figures))
    else:
        for name, figure in figures.items():
            click.echo(f"{name:<14}{figure:>10,}")
