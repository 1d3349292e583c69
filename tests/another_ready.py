"""Loaded once by the fork server of `tests.another`."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

# The addresses bring in whatever the settings did not.
__import__("anxin.config.urls")
