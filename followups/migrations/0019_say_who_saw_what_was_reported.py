"""Who marked a report as seen, beside when; known of the past from the audit."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NAME_WHO_SAW = """
    UPDATE followups_escalation report
       SET seen_by_id = COALESCE(
           (SELECT entry.by_id FROM core_auditentry entry
             WHERE entry.object_type = 'followups.escalation' AND entry.object_id = report.id
               AND entry.verb = 'escalation_seen' ORDER BY entry.at DESC LIMIT 1),
           report.to_id)
     WHERE report.seen_at IS NOT NULL;
    -- Nobody knows who: it waits to be seen again.
    UPDATE followups_escalation SET seen_at = NULL WHERE seen_by_id IS NULL;
    SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("core", "0001_initial"),
        ("followups", "0018_write_fewer_indexes"),
    ]
    operations = [
        migrations.AddField(
            model_name="escalation",
            name="seen_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(NAME_WHO_SAW, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.CheckConstraint(
                condition=models.Q(("seen_at", None), ("seen_by", None))
                | models.Q(("seen_at__isnull", False), ("seen_by__isnull", False)),
                name="escalation_seen_by_somebody",
            ),
        ),
    ]
