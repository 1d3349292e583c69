#!/usr/bin/env python
"""Django's command line; `anxin` is the product's own."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anxin.config.settings")
    from anxin.config import embedded

    with embedded.server_if_needed():
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
