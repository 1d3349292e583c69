"""What a web process, a worker and the command line carry from the start: the heavy come only to who needs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.architecture.rooms import ROOT

# Ibis brings 40 MB and 2 s, Splink with scikit-learn 150, Arrow 25, what writes PDF and workbooks 8: times the number
# of processes, and the memory the product promises to need is gone.
HEAVY = {
    "ibis", "duckdb", "splink", "sklearn", "scipy", "pyspark", "pandas", "pyarrow", "reportlab", "PIL", "fontTools",
    "xlsxwriter", "python_calamine", "websockets",
}  # fmt: skip
START = """
import json, os, sys
import django
django.setup()
from django.urls import get_resolver
assert get_resolver().url_patterns
from procrastinate.contrib.django import app
assert app.tasks
import anxin.config.cli
print(json.dumps([os.environ["_RJEM_MALLOC_CONF"], *sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def test_no_process_carries_from_the_start_what_few_need() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    environment.pop("_RJEM_MALLOC_CONF", None)
    started = subprocess.run(
        [sys.executable, "-c", START], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert started.returncode == 0, started.stderr
    allocator, *names = json.loads(started.stdout)
    loaded = set(names)
    assert {"anxin", "polars", "procrastinate"} <= loaded, "the list would show what start-up loads"
    assert loaded & HEAVY == set()
    assert "narenas" in allocator, "Polars was there before config.memory could settle its allocator"
