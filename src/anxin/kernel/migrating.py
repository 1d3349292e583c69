"""Making the tables of a room in one step.

After every operation of a migration Django renders anew the models that the changed one is related to. With two hundred
tables around customer and user an empty database took a minute of a core, nearly all of it for states nobody asks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    CreateModel,
    RemoveConstraint,
    RemoveIndex,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

_OF_BEFORE: Final = (AlterField, RemoveIndex, RemoveConstraint)


class AtOnce(Operation):
    """The operations of a migration, with the models rendered once, as they are at its end.

    For `CreateModel` and what is added: a model made here is made whole, with the fields, indexes and constraints that
    later operations of the same list add to it. What is altered or removed must have been there before.
    """

    reversible = True

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return (type(self).__name__, [self.operations], {})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        # Without rendered models a state only notes what is said; they are rendered when somebody asks for them.
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        made = {operation.name_lower for operation in self.operations if isinstance(operation, CreateModel)}
        for operation in self.operations:
            if isinstance(operation, AddField | AddIndex | AddConstraint) and operation.model_name_lower in made:
                continue
            # Rendering the state before as well would cost the same again, and adding asks it for nothing but a name.
            known = from_state if isinstance(operation, _OF_BEFORE) else to_state
            operation.database_forwards(app_label, schema_editor, known, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for operation in reversed(self.operations):
            if isinstance(operation, CreateModel):
                operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "Make the tables of the room"
