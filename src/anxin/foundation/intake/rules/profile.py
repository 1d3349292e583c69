"""Profiles: how the files of one source are read. The form is that of the TOML files in docs/guides/profiles."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

FORMATS: Final = ("", "csv", "xlsx", "parquet")
ENCODINGS: Final = ("", "utf-8", "utf-16", "gb18030")
DELIMITERS: Final = ("", ",", ";", "\t", "|")
UNITS: Final = {"yuan": 0, "元": 0, "fen": -2, "分": -2, "wan": 4, "万": 4, "万元": 4, "yi": 8, "亿": 8}  # power of ten
ON_ERROR: Final = ("skip", "refuse")
FULL_LOAD_OF: Final = ("source", "profile")
WHEN_ABSENT: Final = ("report", "end")
_ENCODING_NAMES: Final = {
    "utf8": "utf-8", "utf-8-sig": "utf-8", "utf-8-bom": "utf-8", "gbk": "gb18030", "gb2312": "gb18030",
    "cp936": "gb18030", "utf16": "utf-16", "utf-16le": "utf-16", "utf-16be": "utf-16", "utf-16-le": "utf-16",
    "utf-16-be": "utf-16",
    "ascii": "utf-8", "auto": "",
}  # fmt: skip
_PLACE: Final = re.compile(r"\{([^{}:]+)(?::([^{}]+))?\}")


class ProfileError(ValueError):
    """The profile is not well-formed; the text says where."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A row holds the entity only if the column's value is (not) one of these; "" stands for an empty cell."""

    column: str
    is_in: tuple[str, ...] = ()
    is_not_in: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ColumnRule:
    """Where one field comes from: a column, a template, a key or a default, which also fills empty cells of a column.

    `key_of`: columns that together tell a row from all others, where a file has no number of its own for it.
    """

    field: str
    column: str = ""
    template: str = ""
    key_of: tuple[str, ...] = ()
    default: str = ""
    formats: tuple[str, ...] = ()
    value_map: Mapping[str, str] = dataclasses.field(default_factory=dict)
    null_values: tuple[str, ...] = ()
    number: str = ""  # decimal mark "," for 1.234,56; "" or "." for 1,234.56
    unit: str = "yuan"
    is_optional: bool = False  # the file may lack the column

    @property
    def columns(self) -> tuple[str, ...]:
        """Source columns this field needs."""
        if self.template:
            return tuple(name for name, _ in self.places)
        return (self.column,) if self.column else self.key_of

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """(column, date format or "") of every place of the template."""
        return tuple((match[1], match[2] or "") for match in _PLACE.finditer(self.template))

    @property
    def shown(self) -> str:
        """What a report names as the column."""
        return self.column or self.template or " + ".join(self.key_of) or self.field


@dataclass(frozen=True, kw_only=True)
class EntityRule:
    """What of a file row makes a row of one kind. `source` overrides the profile's."""

    kind: str
    columns: tuple[ColumnRule, ...]
    source: str = ""
    when: tuple[Condition, ...] = ()
    options: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class FileRule:
    """What the file is expected to be; empty means: find out."""

    pattern: str = ""
    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    quote: str = '"'
    header_line: int = 1
    sheet: str = ""
    null_values: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ImportProfile:
    """A whole profile, checked."""

    name: str
    source: str
    entities: tuple[EntityRule, ...]
    file: FileRule = FileRule()
    label: str = ""
    on_error: str = "skip"
    is_full_load: bool = False
    # What a full load speaks for: all rows of the source, or those that batches of this profile brought.
    full_load_of: str = "source"
    # Rows it no longer holds are reported, or also marked ended; not when more than so many in a hundred are missing.
    when_absent: str = "report"
    end_at_most: int = 10

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of rows in order, each once."""
        return tuple(dict.fromkeys(entity.kind for entity in self.entities))

    @property
    def columns(self) -> tuple[str, ...]:
        """Every source column some field needs, each once."""
        names: list[str] = []
        for entity in self.entities:
            names += [condition.column for condition in entity.when]
            for rule in entity.columns:
                if not rule.is_optional:
                    names += rule.columns
        return tuple(dict.fromkeys(names))

    def fits_name(self, file_name: str) -> bool:
        return bool(self.file.pattern) and fnmatchcase(file_name.lower(), self.file.pattern.lower())


def parse_profile(data: Mapping[str, object]) -> ImportProfile:
    """A profile from what TOML or JSON gives. Raises ProfileError naming the place."""
    known = {
        "name", "source", "label", "file", "entity", "on_error", "full_load", "full_load_of", "when_absent",
        "end_at_most", "description", "version",
    }  # fmt: skip
    _no_others(data, known, "the profile")
    entities = data.get("entity")
    if not isinstance(entities, list) or not entities:
        raise ProfileError("There is no [[entity]]; name at least one kind of row.")
    name = _text(data, "name", "the profile", is_required=True)
    if not re.fullmatch(r"[\w.\- ]{1,80}", name):
        raise ProfileError("“name” may hold letters, digits, hyphens and blanks, at most 80.")
    on_error = _text(data, "on_error", "the profile") or "skip"
    if on_error not in ON_ERROR:
        raise ProfileError(f"“on_error” is one of {', '.join(ON_ERROR)}.")
    speaks_for = _text(data, "full_load_of", "the profile") or "source"
    if speaks_for not in FULL_LOAD_OF:
        raise ProfileError(f"“full_load_of” is one of {', '.join(FULL_LOAD_OF)}.")
    when_absent = _text(data, "when_absent", "the profile") or "report"
    if when_absent not in WHEN_ABSENT:
        raise ProfileError(f"“when_absent” is one of {', '.join(WHEN_ABSENT)}.")
    end_at_most = data.get("end_at_most", 10)
    if not isinstance(end_at_most, int) or isinstance(end_at_most, bool) or not 0 <= end_at_most <= 100:
        raise ProfileError("“end_at_most” is a per cent from 0 to 100.")
    source = _text(data, "source", "the profile", is_required=True)
    if len(source) > 40:
        raise ProfileError("“source” may have at most 40 characters.")
    return ImportProfile(
        name=name,
        source=source,
        label=_text(data, "label", "the profile"),
        file=_file(data.get("file", {})),
        entities=tuple(_entity(entity, number) for number, entity in enumerate(entities, start=1)),
        on_error=on_error,
        is_full_load=_flag(data, "full_load", "the profile"),
        full_load_of=speaks_for,
        when_absent=when_absent,
        end_at_most=end_at_most,
    )


def _file(data: object) -> FileRule:
    table = _table(data, "[file]")
    _no_others(
        table,
        {"pattern", "format", "encoding", "delimiter", "quote", "header_line", "sheet", "null_values"},
        "[file]",
    )
    format_, encoding = _text(table, "format", "[file]").lower(), _text(table, "encoding", "[file]").lower()
    encoding = _ENCODING_NAMES.get(encoding, encoding)
    delimiter = _raw_text(table, "delimiter", "[file]")
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
    quote = _raw_text(table, "quote", "[file]") if "quote" in table else '"'
    header = table.get("header_line", 1)
    if format_ not in FORMATS:
        raise ProfileError(f"[file] format “{format_}” is not one of csv, xlsx, parquet.")
    if encoding not in ENCODINGS:
        raise ProfileError(f"[file] encoding “{encoding}” is not one of utf-8, gb18030, utf-16.")
    if delimiter not in DELIMITERS:
        raise ProfileError("[file] delimiter is one of comma, semicolon, tab and |.")
    if quote not in ("", '"', "'"):
        raise ProfileError("[file] quote is a double or single quotation mark, or empty for none.")
    if not isinstance(header, int) or isinstance(header, bool) or not 1 <= header <= 100:
        raise ProfileError("[file] header_line is a number from 1 to 100.")
    return FileRule(
        pattern=_text(table, "pattern", "[file]"),
        format=format_,
        encoding=encoding,
        delimiter=delimiter,
        quote=quote,
        header_line=header,
        sheet=_text(table, "sheet", "[file]"),
        null_values=_texts(table, "null_values", "[file]"),
    )


def _entity(data: object, number: int) -> EntityRule:
    place = f"[[entity]] {number}"
    table = _table(data, place)
    _no_others(table, {"kind", "source", "columns", "when", "options"}, place)
    kind = _text(table, "kind", place, is_required=True)
    columns = _table(table.get("columns", {}), f"{place} columns")
    if not columns:
        raise ProfileError(f"{place} has no columns.")
    options = {key: str(value) for key, value in _table(table.get("options", {}), f"{place} options").items()}
    return EntityRule(
        kind=kind,
        source=_text(table, "source", place),
        columns=tuple(_column(name, value, f"{place}, field “{name}”") for name, value in columns.items()),
        when=_conditions(table.get("when", []), place),
        options=options,
    )


def _column(name: str, data: object, place: str) -> ColumnRule:
    if isinstance(data, str):
        if not data:
            raise ProfileError(f"{place}: the column has no name.")
        return ColumnRule(field=name, column=data)
    table = _table(data, place)
    known = {"column", "template", "key_of", "default", "format", "map", "null_values", "number", "unit", "optional"}
    _no_others(table, known, place)
    column, template = _text(table, "column", place), _raw_text(table, "template", place)
    key_of = _texts(table, "key_of", place)
    if not column and not template and not key_of and "default" not in table:
        raise ProfileError(f"{place} names neither a column, nor a template, nor a default.")
    if column and template:
        raise ProfileError(f"{place} names both a column and a template.")
    if key_of and (set(table) - {"key_of"} or not all(key_of)):
        raise ProfileError(f"{place}: “key_of” lists columns and stands alone.")
    if template and not _PLACE.search(template):
        raise ProfileError(f"{place}: the template holds no {{column}}.")
    unit = _text(table, "unit", place) or "yuan"
    if unit not in UNITS:
        raise ProfileError(f"{place}: the unit “{unit}” is not one of {', '.join(UNITS)}.")
    mapped = _table(table.get("map", {}), f"{place} map")
    return ColumnRule(
        field=name,
        column=column,
        template=template,
        key_of=key_of,
        default=str(table.get("default", "")),
        formats=_texts(table, "format", place),
        value_map={str(key): str(value) for key, value in mapped.items()},
        null_values=_texts(table, "null_values", place),
        number=_decimal_mark(_raw_text(table, "number", place), place),
        unit=unit,
        is_optional=_flag(table, "optional", place),
    )


def _decimal_mark(example: str, place: str) -> str:
    """The decimal mark of an example such as `1.234,56`."""
    if not example:
        return ""
    marks = re.findall(r"[^0-9]", example)
    if not marks or marks[-1] not in ",.":
        raise ProfileError(f"{place}: “number” is an example such as 1,234.56 or 1.234,56.")
    return "," if marks[-1] == "," else "."


def _conditions(data: object, place: str) -> tuple[Condition, ...]:
    items = data if isinstance(data, list) else [data]
    found = []
    for item in items:
        table = _table(item, f"{place} when")
        _no_others(table, {"column", "is", "is_not"}, f"{place} when")
        if ("is" in table) == ("is_not" in table):
            raise ProfileError(f"{place} when: give either “is” or “is_not”.")
        found.append(
            Condition(
                column=_text(table, "column", f"{place} when", is_required=True),
                is_in=_texts(table, "is", f"{place} when"),
                is_not_in=_texts(table, "is_not", f"{place} when"),
            )
        )
    return tuple(found)


def _table(data: object, place: str) -> Mapping[str, object]:
    if not isinstance(data, Mapping):
        raise ProfileError(f"{place} must be a table.")
    return {str(key): value for key, value in data.items()}


def _no_others(table: Mapping[str, object], known: set[str], place: str) -> None:
    # A misspelt key that is silently ignored would import wrong values.
    if unknown := sorted(set(table) - known):
        raise ProfileError(f"{place}: unknown key “{unknown[0]}”. Known: {', '.join(sorted(known))}.")


def _raw_text(table: Mapping[str, object], key: str, place: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise ProfileError(f"{place}: “{key}” must be a text.")
    return value


def _text(table: Mapping[str, object], key: str, place: str, *, is_required: bool = False) -> str:
    value = _raw_text(table, key, place).strip()
    if is_required and not value:
        raise ProfileError(f"{place}: “{key}” is missing.")
    return value


def _texts(table: Mapping[str, object], key: str, place: str) -> tuple[str, ...]:
    value = table.get(key, [])
    items: Sequence[object] = [value] if isinstance(value, str) else value if isinstance(value, list) else [None]
    if any(not isinstance(item, str) for item in items):
        raise ProfileError(f"{place}: “{key}” must be a text or a list of texts.")
    return tuple(str(item) for item in items)


def _flag(table: Mapping[str, object], key: str, place: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise ProfileError(f"{place}: “{key}” must be true or false.")
    return value


def normal_header(text: str) -> str:
    """Headers compare without regard to width, case, blanks and marks such as * for required."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s*_\-]+", "", plain)


def header_digest(headers: Sequence[str]) -> bytes:
    """16 bytes by which the headers of a known file are recognised, in any order."""
    joined = "\x1f".join(sorted(normal_header(header) for header in headers))
    return hashlib.blake2b(joined.encode(), digest_size=16).digest()
