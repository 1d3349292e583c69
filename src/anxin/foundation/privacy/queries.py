"""The register of personal data, as the rooms declare it."""

from __future__ import annotations

from importlib import import_module

from django.apps import apps

from anxin.foundation.privacy.data import RegisterLine
from anxin.kernel.personal import PersonalData


def register(*, with_all: bool = False) -> list[RegisterLine]:
    """Every personal column of every room; `with_all` also those declared not to be personal."""
    lines = []
    for config in apps.get_app_configs():
        if not config.name.startswith("anxin.") or config.name.startswith("anxin.kernel."):
            continue
        declared: dict[str, PersonalData] = getattr(import_module(f"{config.name}.data"), "PERSONAL_DATA", {})
        for name, entry in declared.items():
            model, column = name.split(".")
            line = RegisterLine(
                room=config.label, room_name=str(config.verbose_name), model=model, column=column,
                table=config.get_model(model)._meta.db_table, entry=entry,
            )  # fmt: skip
            if with_all or line.is_personal:
                lines.append(line)
    return lines
