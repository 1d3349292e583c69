"""What screens ask many times a second."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.core import signing

from anxin.config.live import SALT, Live, Screens


class Told(Screens):
    def number(self, user: str) -> int:
        return self._numbers.get(user, 0)


def ask(live: Live, query: str, path: str = "/live/") -> tuple[str, bytes]:
    seen: list[str] = []

    def start(status: str, _headers: Any) -> None:
        seen.append(status[:3])

    body = b"".join(live({"PATH_INFO": path, "QUERY_STRING": query}, start))
    return (seen or ["passed on"])[0], body


def test_a_screen_hears_only_what_is_new_and_its_own() -> None:
    screens = Told()
    live = Live(lambda _environ, _start: [b"django"], screens)
    mine, other = uuid4().hex, uuid4().hex
    ticket = signing.dumps(mine, salt=SALT)
    assert ask(live, f"ticket={ticket}&seen=0") == ("204", b"")
    screens.hear(f"{other}:9")
    assert ask(live, f"ticket={ticket}&seen=0") == ("204", b"")
    screens.hear(f"{mine}:3")
    screens.hear(f"{mine}:2")  # late
    screens.hear("nonsense")
    assert ask(live, f"ticket={ticket}&seen=2") == ("200", b"3")
    assert ask(live, f"ticket={ticket}&seen=3") == ("204", b"")


def test_nobody_asks_without_a_ticket() -> None:
    live = Live(lambda _environ, _start: [b"django"], Told())
    forged = signing.dumps(uuid4().hex, salt="other")
    for query in ("", "ticket=x&seen=0", f"ticket={forged}&seen=0", "ticket=&seen=-1"):
        assert ask(live, query)[0] == "403"
    assert ask(live, "", "/customers/") == ("passed on", b"django")
