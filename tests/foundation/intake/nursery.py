"""What the fork server of the tests loads first: Django, once for all the processes it forks."""

from __future__ import annotations

import os

# Set for the fork server and what it forks; the test process has Django already.
START = "ANXIN_TEST_WORKER"
if os.environ.get(START):
    import django

    django.setup()
