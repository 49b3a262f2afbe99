"""Steps of a migration that share one rendering of the models."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from core.migrating import Together

TABLE = "toys_toy"
FIRST = migrations.CreateModel(name="Toy", fields=[("id", models.BigAutoField(primary_key=True))])
TOGETHER = Together(
    [
        migrations.AddField("toy", "price", models.IntegerField(default=1)),
        migrations.AddField("toy", "part_of", models.ForeignKey("toys.toy", models.CASCADE)),
        migrations.AddIndex("toy", models.Index(fields=["price"], name="toy_by_price")),
        migrations.AddConstraint(
            "toy",
            models.CheckConstraint(condition=models.Q(price__gt=0), name="toy_costs_something"),
        ),
    ]
)


def parts() -> set[str]:
    """The columns of the table, and the names of what stands on it."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, TABLE)
        named = connection.introspection.get_constraints(cursor, TABLE)
    return {column.name for column in found} | {name for name in named if name.startswith("toy_")}


@pytest.mark.django_db
def test_what_is_added_together_stands_and_goes_together():
    bare = ProjectState()
    FIRST.state_forwards("toys", bare)
    whole = bare.clone()
    TOGETHER.state_forwards("toys", whole)
    with connection.schema_editor() as editor:
        FIRST.database_forwards("toys", editor, ProjectState(), bare)
    assert parts() == {"id"}

    with connection.schema_editor() as editor:
        TOGETHER.database_forwards("toys", editor, bare, whole)
    added = {"id", "price", "part_of_id", "toy_by_price", "toy_costs_something"}
    assert parts() == added

    with connection.schema_editor() as editor:
        TOGETHER.database_backwards("toys", editor, whole, bare)
    assert parts() == {"id"}


def test_models_are_rendered_once_for_all_its_steps():
    state = ProjectState()
    FIRST.state_forwards("toys", state)
    assert "apps" in (state.apps and state.__dict__)
    TOGETHER.state_forwards("toys", state)
    assert "apps" not in state.__dict__
    assert {field.name for field in state.apps.get_model("toys", "toy")._meta.fields} == {
        "id", "price", "part_of",
    }  # fmt: skip


@pytest.mark.django_db
def test_what_is_altered_together_is_altered_from_what_it_was_and_back():
    """Read as they stand in the end, fields would have nothing to alter."""
    before = ProjectState()
    FIRST.state_forwards("toys", before)
    TOGETHER.state_forwards("toys", before)
    after = before.clone()
    altered = Together(
        [
            migrations.AlterField("toy", "price", models.IntegerField(null=True, db_index=True)),
            migrations.AlterField(
                "toy", "part_of", models.ForeignKey("toys.toy", models.CASCADE, null=True)
            ),
        ]
    )
    altered.state_forwards("toys", after)
    with connection.schema_editor() as editor:
        FIRST.database_forwards("toys", editor, ProjectState(), before)

    def nullable() -> set[str]:
        with connection.cursor() as cursor:
            found = connection.introspection.get_table_description(cursor, TABLE)
        return {column.name for column in found if column.null_ok}

    assert nullable() == set()
    with connection.schema_editor() as editor:
        altered.database_forwards("toys", editor, before, after)
    assert nullable() == {"price", "part_of_id"}
    with connection.schema_editor() as editor:
        altered.database_backwards("toys", editor, after, before)
    assert nullable() == set()


@pytest.mark.django_db
def test_models_are_made_together():
    state = ProjectState()
    parts_of = models.ForeignKey("toys.toy", models.CASCADE)
    made = Together(
        [
            FIRST,
            migrations.CreateModel(
                "Part", fields=[("id", models.BigAutoField(primary_key=True)), ("of", parts_of)]
            ),
        ]
    )
    made.state_forwards("toys", state)
    with connection.schema_editor() as editor:
        made.database_forwards("toys", editor, ProjectState(), state)
    assert {TABLE, "toys_part"} <= set(connection.introspection.table_names())
    with connection.schema_editor() as editor:
        made.database_backwards("toys", editor, state, ProjectState())
    assert not {TABLE, "toys_part"} & set(connection.introspection.table_names())
