"""What makes large migrations quick: many steps that share one rendering of the models."""

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AlterField
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class Together(Operation):
    """Steps none of which reads what a later one changes: models that are made whole; or fields,
    indexes, constraints and triggers that are added to models which stand already; or fields that
    are altered, each once.

    Django renders a model, and all that is related to it, anew after each step; with a hundred
    models two hundred steps took a minute. Here they are rendered once, as they stand at the end;
    a field that is altered is read as it stood at the beginning. What is made and then added to
    takes two of these. What removes stays a step of its own.
    """

    reversible = True

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = tuple(operations)

    def deconstruct(self) -> tuple[str, list, dict]:
        """As Django writes it into a migration."""
        return self.__class__.__qualname__, [], {"operations": list(self.operations)}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Without rendered models each step costs nothing; who asks for them next renders all."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """One after the other, on the models as they stand in the end."""
        for operation in self.operations:
            before = from_state if isinstance(operation, AlterField) else to_state
            operation.database_forwards(app_label, schema_editor, before, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Take away what was added and put back what was altered, the last first."""
        for operation in reversed(self.operations):
            before = to_state if isinstance(operation, AlterField) else from_state
            operation.database_backwards(app_label, schema_editor, from_state, before)

    def describe(self) -> str:
        """What `migrate` says of it."""
        return f"Take {len(self.operations)} steps together"

    def references_model(self, name: str, app_label: str) -> bool:
        """Whether one of its steps does."""
        return any(each.references_model(name, app_label) for each in self.operations)
