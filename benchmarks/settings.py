"""The product's settings with one more address: the hand-written SQL that the JSON is measured against."""

from anxin.config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.reference"

# Counted as always, but never reached.
API_CALLS_OF_TOKEN = API_CALLS_OF_USER = 10_000_000
MIDDLEWARE = ["benchmarks.timing.ServerTime", *MIDDLEWARE]  # noqa: F405
