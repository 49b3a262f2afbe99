import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("followups", "0017_keep_plans_as_shipped")]
    operations = [
        migrations.AlterField(
            model_name="course",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="courses",
                to="customers.customer",
            ),
        ),
        migrations.AlterField(
            model_name="obligation",
            name="step",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="obligations",
                to="followups.step",
            ),
        ),
        migrations.RemoveIndex(model_name="course", name="course_by_next_due"),
        migrations.AddIndex(
            model_name="course",
            index=models.Index(
                condition=models.Q(("next_due_on__isnull", False)),
                fields=["next_due_on", "id"],
                name="course_by_next_due",
            ),
        ),
    ]
