"""Finding records that are the same: how well it does on labelled sets."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click


@click.group()
def linkage() -> None:
    """Identity resolution."""


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
