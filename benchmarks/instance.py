"""Instances for benchmarks: a filled one under `var/bench`, made once by the real pipeline and kept; empty ones."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "1000000"))
# 10: import a tenth and copy it nine times (`benchmarks.multiply`), for reading at a size whose import takes an hour.
TIMES = int(os.environ.get("BENCH_TIMES", "1"))
HOME = Path(os.environ.get("BENCH_HOME", "var/bench")).resolve()
TOKEN_PERMISSIONS = ["customers.view", "portfolio.view", "desk.view"]


@contextlib.contextmanager
def filled() -> Iterator[dict[str, Any]]:
    """Yield facts of the running instance: customers, a session cookie, a token, references, search words."""
    os.environ["ANXIN_HOME"] = str(HOME)
    os.environ["ANXIN_DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    HOME.mkdir(parents=True, exist_ok=True)
    from anxin.config import embedded

    with embedded.server_if_needed():
        if not (HOME / "sample" / "done").exists():
            print(f"Importing {CUSTOMERS:,} customers once into {HOME.name} …", flush=True)
            subprocess.run([sys.executable, "-m", "benchmarks.fill", str(CUSTOMERS // TIMES)], check=True)
            if TIMES > 1:
                subprocess.run([sys.executable, "-m", "benchmarks.multiply", str(TIMES)], check=True)
        else:
            # Loaded by an earlier version perhaps: bring the tables up to date, and what the planner knows of them.
            subprocess.run([sys.executable, "-m", "benchmarks.fill"], check=True)
        output = subprocess.run(
            [sys.executable, "-m", "benchmarks.facts"], check=True, stdout=subprocess.PIPE, text=True
        ).stdout
        yield json.loads(output)


SAMPLE = 20_000  # customers of the sample insurer that a crowd is copied from


@contextlib.contextmanager
def crowd(customers: int) -> Iterator[None]:
    """An instance with a book of `customers` as the night is promised for (see `benchmarks.crowd`), made once."""
    base, made = HOME / "crowd-sample", HOME / f"crowd-{customers}"
    os.environ["ANXIN_DEMO"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    from anxin.config import embedded

    if not (made / "crowd").exists():
        os.environ["ANXIN_HOME"] = str(base)
        base.mkdir(parents=True, exist_ok=True)
        if not (base / "sample" / "done").exists():
            with embedded.server_if_needed():
                subprocess.run([sys.executable, "-m", "benchmarks.fill", str(SAMPLE)], check=True)
        print(f"Copying its customers until there are {customers:,} …", flush=True)
        shutil.rmtree(made, ignore_errors=True)
        shutil.copytree(base, made, ignore=shutil.ignore_patterns("run", "analytics", "*.pid"))
        _run(made, "benchmarks.fill")
        _run(made, "benchmarks.crowd", str(customers), ANXIN_DATABASE_FAST="1")
        (made / "crowd").touch()
    else:
        _run(made, "benchmarks.fill")  # made by an earlier version perhaps
    os.environ["ANXIN_HOME"] = str(made)
    with embedded.server_if_needed():
        yield


def _run(home: Path, module: str, *arguments: str, **environment: str) -> None:
    """A module as a process of its own, with a server of its own."""
    from anxin.config import embedded

    before = dict(os.environ)
    os.environ |= {"ANXIN_HOME": str(home), **environment}
    try:
        with embedded.server_if_needed():
            subprocess.run([sys.executable, "-m", module, *arguments], check=True)
    finally:
        os.environ.clear()
        os.environ |= before


@contextlib.contextmanager
def empty(home: Path, settings: str = "benchmarks.settings") -> Iterator[None]:
    """A migrated instance without rows under `home`, thrown away at the end. Django is set up inside."""
    os.environ["ANXIN_HOME"] = str(home)
    os.environ["ANXIN_DEMO"] = "1"  # no second factor
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    from anxin.config import embedded

    try:
        with embedded.server_if_needed():
            import django

            django.setup()
            from anxin.config.commands.upkeep import bring_up_to_date

            bring_up_to_date()
            yield
    finally:
        shutil.rmtree(home, ignore_errors=True)
