"""`python -m benchmarks.facts`: what the load needs to know of a filled instance, as JSON."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import quote

import django


def main() -> None:
    django.setup()
    from anxin.book.customers.models import Party
    from anxin.foundation.accounts import services as accounts
    from anxin.foundation.accounts.models import User
    from anxin.foundation.org.models import Post
    from anxin.kernel import clock
    from anxin.kernel.actor import Actor
    from anxin.kernel.permissions import Role
    from benchmarks import sessions
    from benchmarks.instance import TOKEN_PERMISSIONS

    now = clock.now()
    # Everything within reach: the hardest case for lists and search.
    user = User.objects.get(pk=Post.objects.filter(role_id=Role.DATA_STEWARD).values_list("user_id", flat=True)[0])
    _token, secret = accounts.create_token(
        actor=Actor.system("benchmark", channel="cli"), now=now, user_id=user.pk, name="benchmark",
        codes=TOKEN_PERMISSIONS, lifetime=timedelta(days=1),
    )  # fmt: skip
    refs = list(Party.objects.filter(state="active").order_by("id").values_list("ref", flat=True)[:200_000:400])
    names = list(Party.objects.filter(kind="person").order_by("ref").values_list("name", flat=True)[:60])
    words = [*{name[0] for name in names}, *{name[1:3] for name in names}, *names, "13800138000", "wxm", "zw", "京A"]
    print(
        json.dumps(
            {
                "customers": Party.objects.count(),
                "cookie": sessions.cookie(user, now),
                "token": secret,
                "refs": refs,
                "words": [quote(word) for word in words],
                "list_queries": [
                    "sort=-premium",
                    "tier=gold",
                    "abc=A",
                    "kind=organisation",
                    "sort=next_expiry",
                    "expiring=30",
                    f"q={quote(names[0][0])}",
                    "holds=active&sort=-last_contact",
                ],
            }
        )
    )


if __name__ == "__main__":
    main()
