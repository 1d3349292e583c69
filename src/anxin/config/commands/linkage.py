"""Finding records that are the same: how well it does on labelled sets."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from anxin.config.commands.session import ready


@click.group()
def linkage() -> None:
    """Identity resolution."""


@linkage.command()
@click.option("--full", is_flag=True, help="All customers with one another (the default).")
@click.option("--batch", "batch_ref", help="Only what this import batch brought.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def run(full: bool, batch_ref: str | None, as_json: bool) -> None:
    """Find customers with several files: merge what is certain, put the rest up for review."""
    if full and batch_ref:
        raise click.UsageError("Either --full or --batch.")
    with ready():
        from anxin.book.matching.services import linking
        from anxin.foundation.intake import queries as intake
        from anxin.kernel import clock
        from anxin.kernel.actor import Actor

        actor = Actor.system("linkage run", channel="command")
        batch_id = intake.get_batch(actor, batch_ref).id if batch_ref else None

        def tell(stage: str, done: int, total: int) -> None:
            if not as_json:
                click.echo(f"{stage}: {done:,} of {total:,}", err=True)

        found = linking.run(actor=actor, now=clock.now(), batch_id=batch_id, progress=tell)
    click.echo(json.dumps(found) if as_json else ", ".join(f"{name} {count:,}" for name, count in found.items()))


@linkage.command()
@click.option(
    "--spec",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML of the labelled set.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def evaluate(spec: Path, as_json: bool) -> None:
    """Link a labelled set without its labels and print precision, recall and F1."""
    from dataclasses import replace

    from anxin.analytics.engines import EngineMissing
    from anxin.analytics.linkage import evaluation, labelled, linking

    try:
        read = labelled.read_spec(spec)
        # The instance's engine, unless the specification names one.
        wanted = os.environ.get("ANXIN_ENGINE", "duckdb")
        read = replace(read, engine=read.engine or wanted)
        result = evaluation.evaluate(read, session=linking.spark_session)
    except (labelled.SpecError, EngineMissing, FileNotFoundError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
        return
    click.echo(f"{result['name']}: {result['records']:,} records, {result['clusters']:,} clusters ({result['engine']})")
    for kind in ("pairwise", "clustered"):
        score = result[kind]
        click.echo(
            f"  {kind:<10} precision {score['precision']:.4f}  recall {score['recall']:.4f}  F1 {score['f1']:.4f}"
        )
    click.echo(f"  {result['seconds']:.1f} s, {result['peak_memory_mb']:,} MB")
