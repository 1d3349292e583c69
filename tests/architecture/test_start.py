"""What a web process, a worker and the command line carry from the start: the engines come only to who judges."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.architecture.rooms import ROOT

# Ibis brings 40 MB and 2 s, Splink with scikit-learn 150 MB: times the number of processes, and the memory the product
# promises to need is gone.
ENGINES = {"ibis", "duckdb", "splink", "sklearn", "scipy", "pyspark", "pandas"}
START = """
import json, sys
import django
django.setup()
from django.urls import get_resolver
assert get_resolver().url_patterns
from procrastinate.contrib.django import app
assert app.tasks
import anxin.config.cli
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def test_no_process_carries_an_engine_from_the_start() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    started = subprocess.run(
        [sys.executable, "-c", START], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert started.returncode == 0, started.stderr
    loaded = set(json.loads(started.stdout))
    assert {"anxin", "polars", "procrastinate"} <= loaded, "the list would show what start-up loads"
    assert loaded & ENGINES == set()
