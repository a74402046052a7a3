"""A published assessment is sealed, and the database itself refuses to change what the seal covers.

SQLite drops a table's triggers when Django remakes the table: a later migration that alters Assessment must run
``protect`` again.
"""

from django.db import migrations, models

COLUMNS = (
    "organisation_id, scoring_model_id, period, state, as_of, score, median, low, high, level, coverage, document, "
    "seal, previous_seal, published_at"
)
MESSAGE = "a published assessment does not change"


def protect(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            f"CREATE TRIGGER scoring_published_never_changes BEFORE UPDATE OF {COLUMNS} ON scoring_assessment "
            f"WHEN OLD.state = 'published' BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
    elif schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE FUNCTION scoring_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER scoring_published_never_changes BEFORE UPDATE OF {COLUMNS} ON scoring_assessment "
            "FOR EACH ROW WHEN (OLD.state = 'published') EXECUTE FUNCTION scoring_refuse_change()"
        )


def unprotect(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER IF EXISTS scoring_published_never_changes")
    elif schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER IF EXISTS scoring_published_never_changes ON scoring_assessment")
        schema_editor.execute("DROP FUNCTION IF EXISTS scoring_refuse_change()")


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=~models.Q(state="published") | (~models.Q(seal="") & models.Q(published_at__isnull=False)),
                name="published_is_sealed",
            ),
        ),
        migrations.RunPython(protect, unprotect),
    ]
