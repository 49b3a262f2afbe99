"""What the tables know of each other and of other rooms, and what watches over their rows."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from core.migrating import Together


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("core", "0003_form_content"),
        ("core", "0004_seal_files_and_let_them_expire"),
        ("core", "0005_keep_files_and_filters"),
        ("core", "0006_know_lunar_days"),
        ("core", "0008_never_emptied"),
    ]

    dependencies = [
        ("core", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            [
                migrations.AddField(
                    model_name="auditentry",
                    name="by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddIndex(
                    model_name="businessday",
                    index=models.Index(
                        fields=["lunar_month", "lunar_day", "day"], name="day_by_lunar_day"
                    ),
                ),
                migrations.AddIndex(
                    model_name="businessday",
                    index=models.Index(
                        condition=models.Q(("is_working", True)),
                        fields=["ordinal"],
                        include=("day",),
                        name="working_day_by_ordinal",
                    ),
                ),
                migrations.AddField(
                    model_name="dayoverride",
                    name="set_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="formtoken",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="job",
                    name="asked_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="savedfilter",
                    name="person",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="storedfile",
                    name="stored_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="job",
                    name="output",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                migrations.AddField(
                    model_name="job",
                    name="source",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                migrations.AddIndex(
                    model_name="auditentry",
                    index=models.Index(
                        fields=["object_type", "object_id", "-at"], name="audit_of_object"
                    ),
                ),
                migrations.AddIndex(
                    model_name="auditentry",
                    index=models.Index(fields=["by", "-at"], name="audit_of_person"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="auditentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="6b2652b5bb5129424469034ae53d5116f56d3e42",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_97da0",
                            table="core_auditentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="auditentry",
                    trigger=pgtrigger.compiler.Trigger(
                        name="audit_is_never_emptied",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot truncate % table', TG_TABLE_NAME;",
                            hash="cf4aaf825e76776a03ada938ae5c5d961fcb353f",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_audit_is_never_emptied_66499",
                            table="core_auditentry",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="savedfilter",
                    constraint=models.UniqueConstraint(
                        fields=("person", "list_name", "name"),
                        name="one_saved_filter_a_name",
                        violation_error_message="You have a filter of this name. Choose another name.",
                    ),
                ),
                migrations.AddIndex(
                    model_name="storedfile",
                    index=models.Index(
                        condition=models.Q(("emptied_at", None)),
                        fields=["expires_at"],
                        name="file_to_empty",
                    ),
                ),
                migrations.AddIndex(
                    model_name="job",
                    index=models.Index(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=["asked_at"],
                        name="job_open",
                    ),
                ),
                migrations.AddIndex(
                    model_name="job",
                    index=models.Index(fields=["asked_by", "-asked_at"], name="job_of_person"),
                ),
                migrations.AddConstraint(
                    model_name="job",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("state__in", ["waiting", "running"])),
                            models.Q(
                                ("ended_at__isnull", False), ("state__in", ["done", "failed"])
                            ),
                            _connector="OR",
                        ),
                        name="job_ended_has_time",
                    ),
                ),
            ]
        ),
    ]
