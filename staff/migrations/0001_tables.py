"""The tables, as they stand after all that was changed before the first release."""

import datetime

import django.contrib.auth.models
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from core.migrating import Together


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("staff", "0001_initial"),
        ("staff", "0002_admins_are_confirmed_and_duties_unique"),
        ("staff", "0004_duty_rota"),
        ("staff", "0005_absences_and_notices"),
        ("staff", "0006_one_installation_speaks_outside"),
        ("staff", "0007_say_when_a_message_is_tried_next"),
        ("staff", "0008_tell_what_became_of_a_proposal"),
        ("staff", "0009_count_what_a_robot_was_asked"),
        ("staff", "0010_tell_who_was_written_down_as_away"),
        ("staff", "0011_tell_nobody_what_is_due_today"),
        ("staff", "0012_tell_of_leads_and_places"),
        ("staff", "0013_tell_of_a_card_that_changed"),
        ("staff", "0014_set_targets"),
    ]

    dependencies = [
        ("core", "0001_tables"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="region")),
                (
                    "places",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="Cities and districts of this region, as addresses write them: 杭州、余杭",
                        max_length=400,
                        verbose_name="places",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9._-]+$",
                                "Use small letters, digits, dot, dash or underscore.",
                            )
                        ],
                        verbose_name="user name",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("sales_store", "Store salesperson"),
                            ("sales_field", "Field salesperson"),
                            ("store_manager", "Store manager"),
                            ("field_supervisor", "Field supervisor"),
                            ("marketing_manager", "Marketing manager"),
                            ("ops_manager", "Operations manager"),
                            ("merchandiser", "Merchandiser"),
                            ("finance", "Finance"),
                            ("admin", "Administrator"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                ("is_active", models.BooleanField(default=True, verbose_name="may sign in")),
                (
                    "is_staff",
                    models.BooleanField(default=False, verbose_name="may use the engineers' admin"),
                ),
                ("is_system", models.BooleanField(default=False)),
                (
                    "awaits_confirmation",
                    models.BooleanField(
                        default=False,
                        help_text="An administrator signs in only once an operations manager has agreed.",
                        verbose_name="waits for an operations manager",
                    ),
                ),
                (
                    "joined_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("disabled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="FeedKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("last_read_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feed_key",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NoticeSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_mail", models.BooleanField(default=False, verbose_name="one mail a day")),
                ("digest_at", models.TimeField(default=datetime.time(8, 30), verbose_name="at")),
                (
                    "muted",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("escalated", "Something overdue was reported up to you"),
                                ("case_assigned", "A service case is yours"),
                                ("case_late", "A service case is past its clock"),
                                ("lead_offered", "A lead is offered to you"),
                                ("handed_over", "Customers were handed to you"),
                                ("standing_in", "You stand in for somebody"),
                                ("away", "Somebody wrote down that you are away"),
                                ("plan_changed", "A plan of care was changed"),
                                ("proposal", "Somebody proposes a change of a script"),
                                ("proposal_decided", "What you proposed was decided"),
                                ("filing_clock", "A filing nears a limit, or has lapsed"),
                                ("filing_free", "A customer you were refused is free"),
                                ("filing_review", "A filing waits for its review, or was reviewed"),
                                ("extension", "An extension was asked for or decided"),
                                ("dispute", "A dispute about a lead concerns you"),
                                ("ruling", "A ruling was made"),
                                ("credit", "A deposit was taken from a customer you filed"),
                                ("special_price", "A special price was asked for or decided"),
                                ("order", "An order needs you"),
                                (
                                    "card_changed",
                                    "A colleague changed the card of a customer of yours",
                                ),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("digested_on", models.DateField(null=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notice_settings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Store",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("store", "Store"),
                            ("office", "Office"),
                            ("warehouse", "Warehouse"),
                            ("field_team", "Field sales team"),
                        ],
                        default="store",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "trade",
                    models.CharField(
                        choices=[
                            ("cars", "Cars"),
                            ("furniture", "Furniture"),
                            ("mattresses", "Mattresses"),
                            ("home", "Home furnishing"),
                            ("shoes", "Shoes"),
                        ],
                        max_length=20,
                        verbose_name="trade",
                    ),
                ),
                (
                    "opens_at",
                    models.TimeField(
                        db_default=datetime.time(9, 0),
                        default=datetime.time(9, 0),
                        verbose_name="opens at",
                    ),
                ),
                (
                    "closes_at",
                    models.TimeField(default=datetime.time(21, 30), verbose_name="closes at"),
                ),
                (
                    "zone",
                    models.CharField(
                        default="Asia/Shanghai", max_length=40, verbose_name="time zone"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="open for business")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="staff.region",
                        verbose_name="region",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Robot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("wecom", "WeCom"),
                            ("dingtalk", "DingTalk"),
                            ("feishu", "Feishu"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("address_cipher", models.BinaryField()),
                ("address_shown", models.CharField(max_length=80)),
                ("address_index", models.BinaryField(db_default=b"", max_length=32)),
                ("secret_cipher", models.BinaryField(null=True)),
                ("digest_at", models.TimeField(default=datetime.time(8, 30), verbose_name="at")),
                ("digested_on", models.DateField(null=True)),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="robots",
                        to="staff.store",
                        verbose_name="store",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="person",
            name="other_stores",
            field=models.ManyToManyField(
                blank=True,
                related_name="shared_people",
                to="staff.store",
                verbose_name="other stores",
            ),
        ),
        migrations.AddField(
            model_name="person",
            name="store",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="people",
                to="staff.store",
                verbose_name="store",
            ),
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_day", models.DateField(verbose_name="month")),
                (
                    "kind",
                    models.CharField(
                        choices=[("orders", "Orders"), ("deliveries", "Deliveries")],
                        max_length=12,
                        verbose_name="counts",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="target, ¥"),
                ),
                (
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targets",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targets",
                        to="staff.store",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("leave", "Leave"),
                            ("ill", "Ill"),
                            ("travel", "Travelling for work"),
                            ("training", "Training"),
                        ],
                        max_length=10,
                        verbose_name="why",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="until")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("called_off_at", models.DateTimeField(null=True)),
                (
                    "called_off_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "stand_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standing_in",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="stands in",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["stand_in", "ends_on"], name="absence_of_stand_in")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="absence_ends_after_it_starts",
                        violation_error_message="Leave ends on or after the day it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("stand_in")), _negated=True),
                        name="nobody_stands_in_for_oneself",
                        violation_error_message="Choose somebody else to stand in.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("called_off_at", None), ("called_off_by", None)),
                            models.Q(
                                ("called_off_at__isnull", False), ("called_off_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="absence_called_off_by_somebody",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("called_off_at", None)),
                        expressions=[
                            ("person", "="),
                            (
                                models.Func(
                                    models.F("starts_on"),
                                    models.F("ends_on"),
                                    models.Value("[]"),
                                    function="daterange",
                                ),
                                "&&",
                            ),
                        ],
                        name="away_once_at_a_time",
                        violation_error_message="This person is away on some of these days already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("only", models.BooleanField(default=True, primary_key=True, serialize=False)),
                ("mark", models.CharField(max_length=200)),
                (
                    "confirmed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("only", True)), name="one_installation"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("escalated", "Something overdue was reported up to you"),
                            ("case_assigned", "A service case is yours"),
                            ("case_late", "A service case is past its clock"),
                            ("lead_offered", "A lead is offered to you"),
                            ("handed_over", "Customers were handed to you"),
                            ("standing_in", "You stand in for somebody"),
                            ("away", "Somebody wrote down that you are away"),
                            ("plan_changed", "A plan of care was changed"),
                            ("proposal", "Somebody proposes a change of a script"),
                            ("proposal_decided", "What you proposed was decided"),
                            ("filing_clock", "A filing nears a limit, or has lapsed"),
                            ("filing_free", "A customer you were refused is free"),
                            ("filing_review", "A filing waits for its review, or was reviewed"),
                            ("extension", "An extension was asked for or decided"),
                            ("dispute", "A dispute about a lead concerns you"),
                            ("ruling", "A ruling was made"),
                            ("credit", "A deposit was taken from a customer you filed"),
                            ("special_price", "A special price was asked for or decided"),
                            ("order", "An order needs you"),
                            ("card_changed", "A colleague changed the card of a customer of yours"),
                        ],
                        max_length=20,
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                ("params", models.JSONField(default=dict)),
                ("path", models.CharField(blank=True, max_length=200)),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "-made_at", "-id"], name="notice_of_person"),
                    models.Index(
                        condition=models.Q(("read_at", None)),
                        fields=["person"],
                        name="notice_unread_of_person",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "key"), name="told_once_of_a_thing")
                ],
            },
        ),
        migrations.CreateModel(
            name="Outgoing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=80, unique=True)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("body", models.TextField(max_length=20000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("failed", "Given up"),
                            ("held", "Held back on a restored copy"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "next_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("attempt", models.UUIDField(null=True)),
                ("tried_at", models.DateTimeField(null=True)),
                ("lease_ends_at", models.DateTimeField(null=True)),
                ("may_be_twice", models.BooleanField(default=False)),
                ("sent_at", models.DateTimeField(null=True)),
                ("error", models.CharField(blank=True, max_length=200)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "robot",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="staff.robot",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "sending"])),
                        fields=["next_at", "id"],
                        name="outgoing_to_send",
                    ),
                    models.Index(
                        condition=models.Q(("robot__isnull", False)),
                        fields=["tried_at"],
                        name="outgoing_tried_lately",
                    ),
                    models.Index(fields=["-made_at", "-id"], name="outgoing_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person", None), ("robot__isnull", False)),
                            models.Q(("person__isnull", False), ("robot", None)),
                            _connector="OR",
                        ),
                        name="outgoing_is_to_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state", "sent")),
                            models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at", None)),
                            _connector="OR",
                        ),
                        name="sent_outgoing_has_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RotaDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(verbose_name="day")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rota",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rota",
                        to="staff.store",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("store", "on", "person"), name="on_duty_once_a_day_and_store"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sales_manager", "Sales manager"),
                            ("department_manager", "Department manager"),
                            ("assistant", "Assistant of"),
                            ("order_desk", "Order desk"),
                            ("delivery", "Delivery"),
                            ("service_lead", "Service lead"),
                            ("visual_display", "Visual display"),
                            ("appeal", "Appeals"),
                        ],
                        max_length=20,
                        verbose_name="duty",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "assists",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assistants",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assists",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="staff.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="staff.store",
                        verbose_name="store",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "duties",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="duty_ends_after_it_starts",
                        violation_error_message="A duty ends on or after the day it starts.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)),
                        fields=("person", "kind", "store", "region", "assists"),
                        name="one_open_duty_of_a_kind_for_a_thing",
                        nulls_distinct=False,
                        violation_error_message="This person has this duty already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("assists__isnull", False),
                                ("kind", "assistant"),
                                ("region", None),
                                ("store", None),
                            ),
                            models.Q(
                                models.Q(("kind", "assistant"), _negated=True),
                                ("assists", None),
                                models.Q(
                                    ("region__isnull", False),
                                    ("store__isnull", False),
                                    _negated=True,
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="duty_is_for_one_thing",
                        violation_error_message="An assistant is for one person; any other duty is for a store, a region or all.",
                    ),
                ],
            },
        ),
        Together(
            [
                migrations.AddConstraint(
                    model_name="person",
                    constraint=models.UniqueConstraint(
                        django.db.models.functions.text.Lower("username"),
                        name="one_person_a_user_name",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="person",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "role__in",
                                    (
                                        "sales_store",
                                        "sales_field",
                                        "store_manager",
                                        "field_supervisor",
                                    ),
                                ),
                                _negated=True,
                            ),
                            ("store__isnull", False),
                            _connector="OR",
                        ),
                        name="store_people_have_a_store",
                        violation_error_message="Choose the store or team in which this person works.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="person",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("is_active", True), ("is_system", True), _negated=True),
                        name="system_account_never_signs_in",
                        violation_error_message="The system account cannot sign in.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="person",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("awaits_confirmation", False),
                            models.Q(("is_active", False), ("role", "admin")),
                            _connector="OR",
                        ),
                        name="unconfirmed_administrator_stays_out",
                        violation_error_message="An operations manager has to confirm this administrator first.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="person",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("is_active", False), ("disabled_at", None), _connector="OR"
                        ),
                        name="person_who_may_sign_in_is_not_disabled",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="target",
                    constraint=models.UniqueConstraint(
                        fields=("store", "person", "first_day", "kind"),
                        name="one_target_a_month",
                        nulls_distinct=False,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="target",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)), name="target_is_not_negative"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="target",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("first_day__day", 1)), name="target_month_is_a_first"
                    ),
                ),
            ]
        ),
    ]
