"""Another process of the product against the same test database: another worker, or one with production settings."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap

from django.conf import settings

from tests.architecture.rooms import ROOT

START = """
import pytest  # the settings then read static files where they lie
import django
django.setup()
from django.conf import settings
from django.db import connections
settings.DATABASES["default"]["NAME"] = connections.databases["default"]["NAME"] = {name!r}
"""


def run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `program` after the set-up; both outputs are captured."""
    code = START.format(name=settings.DATABASES["default"]["NAME"]) + textwrap.dedent(program)
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )
