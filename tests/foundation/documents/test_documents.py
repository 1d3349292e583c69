"""Stored files: sealed on disk, whole or not at all, handed out to those who may have them."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from anxin.foundation.audit.models import Entry
from anxin.foundation.documents import access, rules, services
from anxin.foundation.documents.models import Document
from anxin.foundation.documents.services import frames
from anxin.foundation.documents.services.frames import FRAME, TAG, DocumentDamaged, SealedReader, SealingWriter
from tests import build
from tests.build import Cast

SIZES = (0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:
    settings.DOCUMENTS_FOLDER = tmp_path


def sealed(data: bytes, path: Path, key: bytes, name: object) -> None:
    with path.open("wb") as target:
        writer = SealingWriter(target, key, name)
        for start in range(0, len(data), 100_000):
            writer.write(data[start : start + 100_000])
        writer.finish()


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_comes_back_and_can_be_read_anywhere(size: int, tmp_path: Path) -> None:
    data, key, name = os.urandom(size), frames.new_key(), uuid4()
    sealed(data, tmp_path / "x", key, name)
    with (tmp_path / "x").open("rb") as source:
        reader = SealedReader(source, key, name)
        assert reader.size == size
        assert io.BufferedReader(reader).read() == data
    with (tmp_path / "x").open("rb") as source:
        reader = io.BufferedReader(SealedReader(source, key, name))
        for at in (size // 2, 0, max(0, size - 10)):
            reader.seek(at)
            assert reader.read(10) == data[at : at + 10]


def test_cut_swapped_repeated_or_foreign_frames_are_found_out(tmp_path: Path) -> None:
    key, name = frames.new_key(), uuid4()
    path = tmp_path / "x"
    sealed(os.urandom(3 * FRAME + 100), path, key, name)
    whole = path.read_bytes()
    head, step = len(frames.HEAD), FRAME + TAG

    def frame(number: int) -> bytes:
        return whole[head + number * step : head + (number + 1) * step]

    spoiled = {
        "cut inside a frame": whole[:-1],
        "cut after a frame": whole[: head + 2 * step],
        "two frames swapped": whole[:head] + frame(1) + frame(0) + frame(2) + frame(3),
        "a frame twice": whole[:head] + frame(0) + frame(0) + frame(2) + frame(3),
        "one bit": whole[:100] + bytes([whole[100] ^ 1]) + whole[101:],
        "only the head": whole[:head],
        "nothing": b"",
    }
    for data in spoiled.values():
        path.write_bytes(data)
        with path.open("rb") as source, pytest.raises(DocumentDamaged):
            io.BufferedReader(SealedReader(source, key, name)).read()
    path.write_bytes(whole)
    for other_key, other_name in ((key, uuid4()), (frames.new_key(), name)):
        with path.open("rb") as source, pytest.raises(DocumentDamaged):
            SealedReader(source, other_key, other_name)


def store(cast: Cast, content: bytes = b"a,b\n1,2\n", **fields):
    given = {"name": "客户.csv", "purpose": "test", "content": io.BytesIO(content), **fields}
    return services.store(actor=build.actor(cast.steward), now=build.NOW, **given)


def test_nothing_lies_on_disk_in_clear(cast: Cast, tmp_path: Path) -> None:
    document = store(cast, "身份证号 110101199003070011".encode() * 1000)
    (file,) = tmp_path.iterdir()
    assert b"110101199003070011" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    with services.open_document(document.id) as source:
        assert source.read().count(b"110101199003070011") == 1000
    assert (document.size, document.content_type) == (31_000, "text/csv")


def test_only_the_owner_and_holders_of_the_permission_get_the_file(cast: Cast, monkeypatch, client: Client) -> None:
    document = store(cast)
    address = reverse("documents:download", args=[document.id])
    client.force_login(cast.manager)
    assert client.get(address).status_code == 404
    client.force_login(cast.steward)
    answer = client.get(address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"a,b\n1,2\n"
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    assert Entry.objects.filter(action="documents.download", object_id=str(document.id)).count() == 1
    monkeypatch.setattr(access, "_purposes", {"test": "intake.run"})
    client.force_login(cast.head_office)
    assert client.get(address).status_code == 404
    client.force_login(cast.administrator)
    assert client.get(reverse("documents:download", args=[uuid4()])).status_code == 404


def test_markup_under_any_name_is_never_offered_as_markup(cast: Cast) -> None:
    for name, content in (
        ("x.csv", b"<html><script>1</script>"), ("x.svg", b"<svg onload=alert(1)>"), ("x.html", b"\xef\xbb\xbf <HTML>"),
    ):  # fmt: skip
        assert store(cast, content, name=name, content_type="text/html").content_type == rules.UNKNOWN


def test_names_cannot_leave_the_folder() -> None:
    assert rules.clean_name("../../etc/passwd") == "passwd"
    assert rules.clean_name("C:\\temp\\客户.csv") == "客户.csv"
    assert rules.clean_name("a\r\nSet-Cookie: x") == "aSet-Cookie: x"
    assert rules.clean_name("...") == "file"
    assert len(rules.clean_name("x" * 500 + ".xlsx")) == 120 and rules.clean_name("x" * 500 + ".xlsx").endswith(".xlsx")


def test_expired_and_removed_files_are_gone_with_their_key(
    cast: Cast, tmp_path: Path, django_capture_on_commit_callbacks
) -> None:
    document = store(cast, expires_at=build.NOW + timedelta(days=7))
    later = build.NOW + timedelta(days=7)
    with pytest.raises(services.DocumentNotFound):
        services.download(actor=build.actor(cast.steward), now=later, document_id=document.id)
    assert services.remove_expired(now=build.NOW) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert services.remove_expired(now=later) == 1
    assert list(tmp_path.iterdir()) == []
    assert Document.objects.get().key_sealed is None
    with pytest.raises(services.DocumentNotFound), services.open_document(document.id):
        pass


def test_files_without_a_row_are_swept(db: None, tmp_path: Path) -> None:
    orphan = tmp_path / f"{uuid4()}.sealed"
    orphan.write_bytes(b"x")
    os.utime(orphan, (1, 1))
    services.remove_expired(now=build.NOW)
    assert not orphan.exists()
