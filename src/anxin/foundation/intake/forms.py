"""Shapes of what people send to the import pages. What a mapping means is judged by the services."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anxin.foundation.intake.data import Matter

LARGEST_UPLOAD_MB: Final = 1_024
ENDINGS: Final = (".csv", ".txt", ".tsv", ".gz", ".xlsx", ".parquet")
OF_OTHER_PROGRAMS: Final = (".xls", ".xlsb", ".xlsm", ".et", ".ods", ".numbers")
DETECT: Final = ""
LONGEST_DRAFT: Final = 400_000

DATE_FORMATS: Final = (
    ("", _("Find out")),
    ("%Y-%m-%d", "2026-10-12"),
    ("%Y/%m/%d", "2026/10/12"),
    ("%Y%m%d", "20261012"),
    ("%Y年%m月%d日", "2026年10月12日"),
    ("%d/%m/%Y", _("12/10/2026 (day first)")),
    ("%m/%d/%Y", _("10/12/2026 (month first)")),
    ("%d.%m.%Y", "12.10.2026"),
)
NUMBERS: Final = (("", "1,234.56"), ("1.234,56", "1.234,56"))
ENCODINGS: Final = (("", _("Find out")), ("utf-8", "UTF-8"), ("gb18030", "GB18030 / GBK"), ("utf-16", "UTF-16"))
DELIMITERS: Final = (
    ("", _("Find out")), (",", _("Comma")), (";", _("Semicolon")), ("tab", _("Tab")), ("|", "|"),
)  # fmt: skip
# One field of the form per column and kind of row: the server takes 2,000 fields of a form.
MOST_CELLS: Final = 1_900
UNITS: Final = (("yuan", _("Yuan")), ("fen", _("Fen")), ("wan", _("10,000 yuan")), ("yi", _("100 million yuan")))


class UploadForm(forms.Form):
    file = forms.FileField(
        label=pgettext_lazy("import", "File"),
        allow_empty_file=True,
        error_messages={
            "required": _("Choose a file."),
            "invalid": _("This is not an uploaded file. Choose a file of your computer."),
            "missing": _("Choose a file."),
        },
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        max_length=255,
    )
    profile = forms.ChoiceField(label=_("Import profile"), required=False)

    def __init__(self, *args: Any, profiles: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["profile"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (DETECT, gettext("Recognise by the column names")),
            *((name, f"{name} · {source}") for name, source in profiles),
        ]

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if not file.size:
            raise forms.ValidationError(gettext("The file is empty."))
        if file.size > LARGEST_UPLOAD_MB * 1024 * 1024:
            raise forms.ValidationError(
                gettext(
                    "The file is larger than %(limit)s MB. Compress it with gzip, split it, or import it on the server "
                    "with “anxin import”."
                )
                % {"limit": LARGEST_UPLOAD_MB}
            )
        name = (file.name or "").lower()
        if name.endswith(OF_OTHER_PROGRAMS):
            raise forms.ValidationError(
                gettext("This kind of workbook is not taken. Save it as “Excel workbook (.xlsx)” and choose that file.")
            )
        if not name.endswith(ENDINGS):
            raise forms.ValidationError(
                gettext("This kind of file is not taken. Use CSV (also gzipped), XLSX or Parquet.")
            )
        return file


class FilterForm(forms.Form):
    """The list's filters; what is not among the choices is ignored."""

    state = forms.CharField(required=False, max_length=10)
    source = forms.CharField(required=False, max_length=40)
    q = forms.CharField(required=False, max_length=60)

    def wanted(self) -> dict[str, str]:
        """As `queries.list_batches` takes them."""
        self.is_valid()
        names = {"state": "state", "source": "source", "q": "text"}
        return {name: self.cleaned_data.get(field, "") for field, name in names.items()}


class ConfirmForm(forms.Form):
    on_error = forms.ChoiceField(choices=[("skip", "skip"), ("refuse", "refuse")])
    is_full_load = forms.BooleanField(required=False)


class MatterForm(forms.Form):
    matter = forms.ChoiceField(choices=[(matter.value, matter.value) for matter in Matter])


class UndoForm(forms.Form):
    typed = forms.CharField(max_length=40)

    def __init__(self, *args: Any, ref: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ref = ref

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if typed.strip() != self.ref:
            raise forms.ValidationError(gettext("Type the number of the batch as it stands there."))
        return typed


READ_BY: Final = ("encoding", "delimiter", "header_line", "sheet")


@dataclass(frozen=True, kw_only=True)
class MappingPost:
    """What the mapping page sent: the draft it was made from, the chosen fields by (entity, column), and what to do.

    `rule`: the settings of the one column whose conversion was open, else None.
    """

    draft: Mapping[str, Any] | None
    targets: Mapping[tuple[int, int], str]
    source: str
    name: str
    action: str
    argument: str
    rule_of: str
    rule: Mapping[str, str] | None
    kind: str
    fixed_field: str
    fixed_value: str
    key_of: Sequence[int]  # numbers of columns
    reading: Mapping[str, str]

    @classmethod
    def of(cls, post: QueryDict) -> MappingPost:
        """Never raises: a broken draft is None, unreadable parts are left out."""
        targets = {}
        for key, value in post.items():
            parts = key.split("-")
            if parts[0] == "t" and len(parts) == 3 and parts[1].isdigit() and parts[2].isdigit():
                targets[int(parts[1]), int(parts[2])] = str(value)[:80]
        action, _colon, argument = post.get("do", "").partition(":")
        entity = argument if action == "fixed" else ""
        rule_of = post.get("rule_of", "")
        names = ("format", "other_format", "number", "unit", "map", "nulls", "default", "optional")
        return cls(
            draft=_draft(post.get("draft", "")),
            targets=targets,
            source=post.get("source", "").strip()[:40],
            name=post.get("name", "").strip()[:80],
            action=action,
            argument=argument,
            rule_of=rule_of,
            rule={name: post.get(f"rule_{name}", "").strip()[:8_000] for name in names} if rule_of else None,
            kind=post.get("kind", ""),
            fixed_field=post.get(f"fixed_field-{entity}", ""),
            fixed_value=post.get(f"fixed_value-{entity}", "").strip()[:200],
            key_of=[int(at) for at in post.getlist(f"key-{argument}") if at.isdigit()] if action == "key" else (),
            reading={name: post.get(f"read_{name}", "").strip()[:80] for name in READ_BY if f"read_{name}" in post},
        )


def _draft(text: str) -> Mapping[str, Any] | None:
    if len(text) > LONGEST_DRAFT:
        return None
    try:
        made = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(made, dict):
        return None
    entities = made.get("entity", [])
    if not isinstance(entities, list) or not all(
        isinstance(one, dict) and isinstance(one.get("columns", {}), dict) for one in entities
    ):
        return None
    return made
