"""The product's settings under test: its own home, a database that may forget on a power cut."""

import os
from pathlib import Path

os.environ.setdefault("ANXIN_HOME", str(Path(__file__).resolve().parent.parent / "var" / "test"))
os.environ.setdefault("ANXIN_DATABASE_FAST", "1")
os.environ.setdefault("ANXIN_HOSTS", "localhost,127.0.0.1,testserver")
os.environ.setdefault("ANXIN_MFA_REQUIRED", "0")
# Handing the few rows of a test to another thread and back takes longer than what is done to them.
os.environ.setdefault("POLARS_MAX_THREADS", "1")

from anxin.config.settings import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
HAS_MAIL = True
# The files of a night lie in the home by day: processes that share the tests must not share them.
if _process := os.environ.get("PYTEST_XDIST_WORKER"):
    ANXIN_HOME = Path(os.environ["ANXIN_HOME"]) / _process
    ANXIN_HOME.mkdir(parents=True, exist_ok=True)
