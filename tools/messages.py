"""Catalogues of the rooms: `extract` what the code says, `check` that all of it is translated, `compile` for running.

    python tools/messages.py extract [src/anxin/service/desk …]
    python tools/messages.py check
    python tools/messages.py compile

Each room has its own `locale/zh_Hans/LC_MESSAGES/django.po`; kernel and config share the one of kernel/web.
English needs none: it is the language of the sources.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polib

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src/anxin"
LANGUAGE = "zh_Hans"
FLOORS = ("faces", "oversight", "engagement", "service", "book", "foundation")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "mark": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# What both Django ({{ n }} becomes %(n)s) and format strings put into a text.
PLACEHOLDER = re.compile(r"%\((\w+)\)[#0\- +]*\d*(?:\.\d+)?[a-z]|%(?:\d+\$)?[sdrf]|\{(\w*)(?:![rsa])?(?::[^{}]*)?\}")
HEADER = {
    "Project-Id-Version": "Anxin",
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}

Identity = tuple[str, str]  # context ("" for none), msgid


@dataclass
class Message:
    text: str
    plural: str = ""
    context: str = ""
    comments: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)

    @property
    def identity(self) -> Identity:
        return (self.context, self.text)


def room_of(path: Path, package: Path = PACKAGE) -> Path:
    """Folder whose catalogue holds the messages of this file."""
    parts = path.relative_to(package).parts
    if parts[0] in FLOORS and len(parts) > 2:
        return package / parts[0] / parts[1]
    return package / "kernel/web"


def catalogue_of(room: Path) -> Path:
    return room / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def sources(package: Path = PACKAGE) -> Iterator[Path]:
    for path in sorted(package.rglob("*")):
        if path.suffix == ".py" or (path.suffix in {".html", ".txt"} and "templates" in path.parts):
            yield path


def messages_in(path: Path) -> Iterator[Message]:
    """Every message of one file, duplicates included."""
    from babel.messages.extract import extract

    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        from django.utils.translation.template import templatize

        text = templatize(text, origin=str(path))
    found = extract(
        "python",
        io.BytesIO(text.encode()),
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        options={"encoding": "utf-8"},
    )
    for _line, content, comments, context in found:
        texts = content if isinstance(content, tuple) else (content,)
        if texts[0]:
            yield Message(
                text=texts[0],
                plural=texts[1] if len(texts) > 1 and texts[1] else "",
                context=context or "",
                comments=list(comments),
            )


def collect(package: Path = PACKAGE) -> dict[Path, dict[Identity, Message]]:
    """room → messages. Raises ValueError when one text is used with two different plurals."""
    rooms: dict[Path, dict[Identity, Message]] = {}
    for path in sources(package):
        for message in messages_in(path):
            known = rooms.setdefault(room_of(path, package), {}).setdefault(message.identity, message)
            if message.plural and known.plural and known.plural != message.plural:
                raise ValueError(f"{path}: “{message.text}” has two different plurals.")
            known.plural = known.plural or message.plural
            known.comments += [comment for comment in message.comments if comment not in known.comments]
            known.places.add(path.relative_to(package).as_posix())
    return rooms


def load(room: Path) -> polib.POFile:
    path = catalogue_of(room)
    if path.exists():
        return polib.pofile(str(path), encoding="utf-8")
    return polib.POFile(encoding="utf-8")


def merge(room: Path, messages: Mapping[Identity, Message]) -> tuple[int, list[str]]:
    """Bring the catalogue of a room up to date. Returns how many translations it lacks and the texts that went away.

    Nothing is guessed (no fuzzy entries); lines carry file names without numbers, so edits elsewhere change nothing.
    """
    old = {(entry.msgctxt or "", entry.msgid): entry for entry in load(room) if not entry.obsolete}
    new = polib.POFile(encoding="utf-8", wrapwidth=110)
    new.metadata = dict(HEADER)
    missing = 0
    for identity in sorted(messages, key=lambda one: (one[1], one[0])):
        message = messages[identity]
        known = old.get(identity)
        entry = polib.POEntry(
            msgid=message.text,
            msgctxt=message.context or None,
            occurrences=[(place, "") for place in sorted(message.places)],
            comment="\n".join(message.comments),
            flags=["python-format"] if "%(" in message.text else [],
        )
        if message.plural:
            entry.msgid_plural = message.plural
            entry.msgstr_plural = {0: (known.msgstr_plural.get(0) or known.msgstr or "") if known else ""}
        else:
            entry.msgstr = (known.msgstr or known.msgstr_plural.get(0, "")) if known else ""
        missing += not translation(entry)
        new.append(entry)
    gone = [entry.msgid for identity, entry in old.items() if identity not in messages and translation(entry)]
    path = catalogue_of(room)
    text = str(new) if str(new).endswith("\n") else f"{new}\n"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return missing, gone


def translation(entry: polib.POEntry) -> str:
    return str(entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr)


def placeholders(text: str) -> list[str]:
    return sorted(match.group(0) for match in PLACEHOLDER.finditer(text.replace("%%", "")))


def faults(room: Path, messages: Mapping[Identity, Message], package: Path = PACKAGE) -> Iterator[str]:
    """What is wrong with the catalogue of one room, a sentence each."""
    name = room.relative_to(package).as_posix()
    seen: set[Identity] = set()
    for entry in load(room):
        identity = (entry.msgctxt or "", entry.msgid)
        where = f"{name}: “{entry.msgid}”"
        if entry.obsolete or identity not in messages:
            yield f"{where} is no longer used; run extract."
            continue
        seen.add(identity)
        text = translation(entry)
        if entry.fuzzy:
            yield f"{where} is marked fuzzy; check the translation and remove the mark."
        if not text.strip():
            yield f"{where} is not translated."
            continue
        wanted, got = set(placeholders(entry.msgid_plural or entry.msgid)), set(placeholders(text))
        if messages[identity].plural != (entry.msgid_plural or ""):
            yield f"{where} has another plural than the source; run extract."
        elif wanted != got:
            yield f"{where} needs {sorted(wanted) or 'no placeholder'}, its translation has {sorted(got) or 'none'}."
        if entry.msgid.startswith("\n") != text.startswith("\n") or entry.msgid.endswith("\n") != text.endswith("\n"):
            yield f"{where} and its translation must begin and end with the same line breaks."
    for identity in sorted(set(messages) - seen):
        yield f"{name}: “{identity[1]}” is not in the catalogue; run extract and translate it."


def quarrels(rooms: Iterable[Path], package: Path = PACKAGE) -> Iterator[str]:
    """One text, two translations: Django merges all catalogues, so the winner would be a matter of chance."""
    first: dict[Identity, tuple[str, str]] = {}
    for room in sorted(rooms):
        for entry in load(room):
            text = translation(entry)
            if entry.obsolete or not text:
                continue
            name = room.relative_to(package).as_posix()
            other, known = first.setdefault((entry.msgctxt or "", entry.msgid), (name, text))
            if known != text:
                yield f"“{entry.msgid}” is “{known}” in {other} but “{text}” in {name}; agree, or give one a context."


def rooms_with_catalogue(package: Path = PACKAGE) -> set[Path]:
    return {path.parents[3] for path in package.rglob(f"locale/{LANGUAGE}/LC_MESSAGES/django.po")}


def check(package: Path = PACKAGE) -> list[str]:
    """All faults of all catalogues; an empty list means complete."""
    found = collect(package)
    rooms = set(found) | rooms_with_catalogue(package)
    result = [fault for room in sorted(rooms) for fault in faults(room, found.get(room, {}), package)]
    return result + list(quarrels(rooms, package))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("command", choices=("extract", "check", "compile"))
    parser.add_argument("rooms", nargs="*", type=Path, help="folders of rooms; all when none is given (extract only)")
    given = parser.parse_args(arguments)
    if given.command == "compile":
        sys.path.insert(0, str(ROOT / "src"))
        from anxin.kernel.web import catalogues

        written = catalogues.compile_stale(PACKAGE)
        if written:
            print(f"Catalogues compiled: {written}.")
        return 0
    if given.command == "check":
        wrong = check()
        for fault in wrong:
            print(fault)
        print(f"{len(wrong)} faults in the catalogues." if wrong else "All catalogues are complete.")
        return 1 if wrong else 0
    found = collect()
    wanted = {room.resolve() for room in given.rooms} or set(found) | rooms_with_catalogue()
    for room in sorted(wanted):
        if room not in found and not catalogue_of(room).exists():
            continue
        missing, gone = merge(room, found.get(room, {}))
        print(f"{room.relative_to(PACKAGE)}: {len(found.get(room, {}))} messages, {missing} to translate.")
        for text in gone:
            print(f"  gone: {text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
