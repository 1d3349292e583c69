"""`python -m benchmarks.fill [N]`: migrate, and import a sample insurer of N customers through the real pipeline."""

from __future__ import annotations

import sys

import django


def main() -> None:
    django.setup()
    from anxin.config import demo
    from anxin.config.commands.upkeep import bring_up_to_date

    bring_up_to_date()
    if len(sys.argv) > 1:
        demo.ensure(customers=int(sys.argv[1]), say=lambda line: print(line, flush=True))
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    main()
