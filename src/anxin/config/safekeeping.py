"""Backups: one tar with the database dump, the sealed documents and a manifest that says what must be in them.

The key ring is never part of a backup: whoever finds one can read neither ID numbers nor documents.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections
from psycopg import sql

from anxin.config import embedded
from anxin.kernel import clock, vault
from anxin.kernel.encryption import EncryptionError

FORMAT = 1
DRILL_DATABASE = "anxin_restore_drill"


class BackupRefused(Exception):
    """The file is not a whole backup, or this instance has not the keys to read it."""


def backup(file: Path) -> dict[str, Any]:
    """Write the backup to `file` (mode 600) and return its manifest. The dump is one consistent snapshot."""
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as work:
        dump = Path(work) / "database.dump"
        with closing(_connect(_name())) as source:
            source.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            snapshot = source.execute("SELECT pg_export_snapshot()").fetchone()
            rows = _row_counts(source)
            _pg("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot[0] if snapshot else ''}",
                f"--file={dump}", _name())  # fmt: skip
        documents = list(_copy_documents(Path(work) / "documents"))
        manifest = {
            "format": FORMAT,
            "made_at": clock.now().isoformat(),
            "dump_sha256": _sha256(dump),
            "rows": rows,
            "documents": {path.name: _sha256(path) for path in documents},
            "key_ids": list(vault.ring().key_ids),
            "key_check": base64.b64encode(vault.ring().make_check()).decode(),
        }
        partial = file.with_name(f"{file.name}.partial")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as raw, tarfile.open(fileobj=raw, mode="w") as tar:
            note = Path(work) / "manifest.json"
            note.write_text(json.dumps(manifest, indent=1))
            tar.add(note, "manifest.json")
            tar.add(dump, "database.dump")
            for path in documents:
                tar.add(path, f"documents/{path.name}")
        partial.replace(file)
    return manifest


def _copy_documents(folder: Path) -> Iterator[Path]:
    """After the dump, so that every file it speaks of is there; one that is removed meanwhile is left out. Links, not
    copies, where the file system has them: a sealed file never changes."""
    folder.mkdir()
    for path in sorted(Path(settings.DOCUMENTS_FOLDER).rglob("*.sealed")):
        try:
            try:
                os.link(path, folder / path.name)
            except FileNotFoundError:
                raise
            except OSError:
                shutil.copyfile(path, folder / path.name)
        except FileNotFoundError:
            continue
        yield folder / path.name


def restore(file: Path) -> dict[str, Any]:
    """Replace this instance's rows and documents by those of `file`; raises BackupRefused before touching anything."""
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as work:
        manifest = _unpack(file, Path(work))
        name = _name()
        fresh = f"{name}_restored"
        _load(Path(work) / "database.dump", fresh)
        with closing(_connect(fresh)) as restored:
            _compare(manifest, restored)
            _put_to_rest(restored)
        connections.close_all()
        with closing(_connect("postgres")) as admin:
            _terminate_others(admin, name)
            # Web and worker may be back with a new connection before this is done.
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(fresh), sql.Identifier(name)))
        for path in (Path(work) / "documents").glob("*"):
            shutil.move(path, Path(settings.DOCUMENTS_FOLDER) / path.name)
    return manifest


def _put_to_rest(restored: psycopg.Connection[Any]) -> None:
    """What was waiting when the backup was made has long been done and sent: never again. And nobody comes back to
    life signed in."""
    restored.execute("UPDATE procrastinate_jobs SET status = 'cancelled' WHERE status IN ('todo', 'doing')")
    restored.execute(
        "UPDATE jobs_job SET state = 'cancelled', finished_at = now(), lease_until = NULL "
        "WHERE state IN ('waiting', 'running')"
    )
    restored.execute("TRUNCATE django_session, usersessions_usersession")


def drill(file: Path) -> dict[str, bool]:
    """Restore `file` into a database of its own and ask whether the product could live on it."""
    findings: dict[str, bool] = {}
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as work:
        manifest = _unpack(file, Path(work))
        findings["The file is whole and the keys fit."] = True
        _load(Path(work) / "database.dump", DRILL_DATABASE)
        try:
            with closing(_connect(DRILL_DATABASE)) as restored:
                findings["Every table has the rows it had."] = _row_counts(restored) == manifest["rows"]
                findings["A sample of sealed values opens."] = _sample_opens(restored)
            connection.close()
            before = connection.settings_dict["NAME"]
            connection.settings_dict["NAME"] = DRILL_DATABASE
            try:
                findings |= _ask_the_product()
            finally:
                connection.close()
                connection.settings_dict["NAME"] = before
        finally:
            with closing(_connect("postgres")) as admin:
                _terminate_others(admin, DRILL_DATABASE)
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(DRILL_DATABASE)))
    return findings


def _ask_the_product() -> dict[str, bool]:
    from django.contrib.auth import get_user_model
    from django.contrib.auth.hashers import identify_hasher

    from anxin.foundation.audit import services as audit
    from anxin.foundation.org import queries as org

    users = [user for user in get_user_model().objects.filter(is_active=True)[:50] if user.has_usable_password()]
    return {
        "The audit chain holds.": not audit.verify(),
        "Users can be signed in.": all(
            identify_hasher(user.password).algorithm == "argon2" and org.actor_for(user, today=clock.today())
            for user in users
        ),
    }


def _unpack(file: Path, work: Path) -> dict[str, Any]:
    try:
        with tarfile.open(file) as tar:
            tar.extractall(work, filter="data")
        manifest: dict[str, Any] = json.loads((work / "manifest.json").read_text())
    except (tarfile.TarError, OSError, ValueError, EOFError) as error:
        raise BackupRefused(f"{file} is not a whole backup ({error}).") from error
    if manifest.get("format") != FORMAT:
        raise BackupRefused(f"{file} has format {manifest.get('format')}; this program reads format {FORMAT}.")
    if _sha256(work / "database.dump") != manifest["dump_sha256"]:
        raise BackupRefused(f"{file} is damaged: the database dump is not the one that was written.")
    for name, digest in manifest["documents"].items():
        path = work / "documents" / name
        if not path.exists() or _sha256(path) != digest:
            raise BackupRefused(f"{file} is damaged: document {name} is missing or changed.")
    missing = set(manifest["key_ids"]) - set(vault.ring().key_ids)
    if missing:
        raise BackupRefused(
            f"This instance lacks the keys {', '.join(sorted(missing))}: put back the `secrets/keys.json` of that time "
            "(after a rotation `secrets/keys-before-….json`)."
        )
    try:
        vault.ring().verify(base64.b64decode(manifest["key_check"]))
    except EncryptionError as error:
        raise BackupRefused("The keys of this instance do not open this backup.") from error
    return manifest


def _load(dump: Path, name: str) -> None:
    with closing(_connect("postgres")) as admin:
        _terminate_others(admin, name)
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    # Rows first, then constraints and triggers: that is how pg_restore orders a full dump by itself.
    _pg("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={name}", str(dump))


def _compare(manifest: dict[str, Any], restored: psycopg.Connection[Any]) -> None:
    found = _row_counts(restored)
    wrong = [name for name, count in manifest["rows"].items() if found.get(name) != count]
    if wrong:
        raise BackupRefused(f"After restoring, these tables have other row counts than before: {', '.join(wrong)}.")


def _sample_opens(restored: psycopg.Connection[Any]) -> bool:
    rows = restored.execute("SELECT id, value_sealed FROM customers_contactpoint ORDER BY id LIMIT 20").fetchall()
    try:
        for row_id, sealed in rows:
            vault.ring().open(bytes(sealed), table="customers_contactpoint", column="value_sealed", row=row_id)
    except EncryptionError:
        return False
    return True


def _row_counts(database: psycopg.Connection[Any]) -> dict[str, int]:
    tables = database.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
    ).fetchall()
    counts = {}
    for (table,) in tables:
        row = database.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
        counts[table] = int(row[0]) if row else 0
    return counts


def _terminate_others(admin: psycopg.Connection[Any], name: str) -> None:
    admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


def _name() -> str:
    return str(settings.DATABASES["default"]["NAME"])


def _parameters() -> Iterator[tuple[str, str]]:
    config = settings.DATABASES["default"]
    for ours, theirs in (("HOST", "host"), ("PORT", "port"), ("USER", "user"), ("PASSWORD", "password")):
        if config.get(ours):
            yield theirs, str(config[ours])


def _connect(name: str) -> psycopg.Connection[Any]:
    return psycopg.connect(dbname=name, autocommit=True, **dict(_parameters()))  # type: ignore[arg-type]


def _pg(program: str, *arguments: str) -> None:
    environment = {**os.environ, **{f"PG{key.upper()}": value for key, value in _parameters()}}
    result = subprocess.run(
        [embedded.binaries() / program, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        raise BackupRefused(f"{program} failed: {result.stderr.strip()[-500:]}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
