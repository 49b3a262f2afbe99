"""The tables, as they stand after all that was changed before the first release."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from core.migrating import Together


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("followups", "0001_initial"),
        ("followups", "0002_tasks_keep_letters_apart"),
        ("followups", "0004_say_why_an_obligation_was_cancelled"),
        ("followups", "0005_anchors_of_appointments_and_referrals"),
        ("followups", "0007_obligations_of_appointments_called_off"),
        ("followups", "0008_surveys_scripts_cases_and_outreach"),
        ("followups", "0014_keep_first_plan_versions"),
        ("followups", "0015_case_events_say_why_and_how_satisfied"),
        ("followups", "0017_keep_plans_as_shipped"),
        ("followups", "0018_write_fewer_indexes"),
        ("followups", "0019_say_who_saw_what_was_reported"),
        ("followups", "0020_keep_agreed_days_and_since_when_a_step_asks"),
        ("followups", "0022_say_what_was_answered_before_it_was_due"),
        ("followups", "0023_tell_which_contact_answered_a_case"),
        ("followups", "0026_tell_a_rating_taken_back"),
        ("followups", "0028_days_of_orders_and_chores"),
    ]

    dependencies = [
        ("core", "0001_tables"),
        ("customers", "0002_references"),
        ("staff", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text_en", models.CharField(max_length=200, verbose_name="in English")),
                ("text_zh", models.CharField(max_length=200, verbose_name="in Chinese")),
                ("position", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=30)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("scale", "1 to 5"),
                            ("yes_no", "Yes or no"),
                            ("choice", "One of several"),
                            ("text", "Text"),
                            ("number", "Number"),
                            ("likelihood", "0 to 10"),
                        ],
                        max_length=15,
                        verbose_name="answer",
                    ),
                ),
                (
                    "branch",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Nothing"),
                            ("complaint", "Yes opens a complaint"),
                            ("help", "Yes opens a need"),
                            ("renewal", "The insurance is renewed or not"),
                            ("referral", "Somebody they recommend us to"),
                            ("replacement", "When they mean to replace it"),
                            ("hobbies", "Kept as hobbies on the card"),
                        ],
                        default="",
                        max_length=15,
                        verbose_name="leads to",
                    ),
                ),
                (
                    "trades",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("cars", "Cars"),
                                ("furniture", "Furniture"),
                                ("mattresses", "Mattresses"),
                                ("home", "Home furnishing"),
                                ("shoes", "Shoes"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "is_required",
                    models.BooleanField(default=False, verbose_name="must be answered"),
                ),
                (
                    "counts",
                    models.BooleanField(default=False, verbose_name="counts towards satisfaction"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Survey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_en", models.CharField(max_length=80, verbose_name="name in English")),
                ("name_zh", models.CharField(max_length=80, verbose_name="name in Chinese")),
                ("code", models.CharField(max_length=20, unique=True)),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title_en", models.CharField(max_length=120, verbose_name="title in English")),
                ("title_zh", models.CharField(max_length=120, verbose_name="title in Chinese")),
                ("body_en", models.TextField(max_length=20000, verbose_name="text in English")),
                ("body_zh", models.TextField(max_length=20000, verbose_name="text in Chinese")),
                ("code", models.SlugField(max_length=60, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("script", "Script"), ("training", "Training")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "situation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Any time"),
                            ("first_contact", "First contact"),
                            ("proposal", "Proposing a solution"),
                            ("next_step", "Agreeing on the next step"),
                            ("doubt", "Doubts"),
                            ("declined", "Does not wish to talk"),
                            ("dissatisfied", "Dissatisfied"),
                            ("referral", "Asking for a referral"),
                            ("renewal", "Renewing the insurance"),
                            ("stopping", "Stopping politely"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="situation",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "clauses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("search", models.TextField(editable=False)),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("number", models.PositiveIntegerField(default=1)),
                (
                    "changed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ArticleProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title_en", models.CharField(max_length=120, verbose_name="title in English")),
                ("title_zh", models.CharField(max_length=120, verbose_name="title in Chinese")),
                ("body_en", models.TextField(max_length=20000, verbose_name="text in English")),
                ("body_zh", models.TextField(max_length=20000, verbose_name="text in Chinese")),
                ("based_on", models.PositiveIntegerField()),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="why")),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("is_taken", models.BooleanField(null=True)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proposals",
                        to="followups.article",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ArticleVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title_en", models.CharField(max_length=120, verbose_name="title in English")),
                ("title_zh", models.CharField(max_length=120, verbose_name="title in Chinese")),
                ("body_en", models.TextField(max_length=20000, verbose_name="text in English")),
                ("body_zh", models.TextField(max_length=20000, verbose_name="text in Chinese")),
                ("number", models.PositiveIntegerField()),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="why")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="followups.article",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("event", "Event with invited guests"), ("care", "Everyday care")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="place")),
                ("starts_at", models.DateTimeField(verbose_name="starts")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("text", models.TextField(max_length=2000, verbose_name="text")),
                (
                    "target_invited",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="target: invited"
                    ),
                ),
                (
                    "target_attended",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="target: came"),
                ),
                (
                    "target_amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="target: amount",
                    ),
                ),
                (
                    "deals_within_days",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="deals counted for days after it"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("inviting", "Inviting"),
                            ("over", "Over"),
                            ("called_off", "Called off"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                ("review", models.TextField(blank=True, max_length=4000, verbose_name="review")),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "made_by",
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
                        related_name="+",
                        to="staff.store",
                        verbose_name="store",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Case",
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
                            ("problem", "Problem"),
                            ("need", "Need"),
                            ("complaint", "Complaint"),
                            ("repair", "Repair"),
                            ("return", "Return or exchange"),
                        ],
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("call", "Call"),
                            ("wechat", "WeChat"),
                            ("store", "In the store"),
                            ("email", "E-mail"),
                            ("survey", "Survey"),
                            ("visit", "Visit"),
                        ],
                        max_length=15,
                        verbose_name="channel",
                    ),
                ),
                ("text", models.CharField(max_length=1000, verbose_name="what it is about")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("paused", "Paused"),
                            ("solved", "Solved"),
                            ("closed", "Closed"),
                            ("voided", "Opened by mistake"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "opened_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("due_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("paused_at", models.DateTimeField(null=True)),
                (
                    "pause_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("customer", "Waiting for the customer"),
                            ("parts", "Waiting for parts"),
                            ("supplier", "Waiting for the maker"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                    ),
                ),
                ("escalated_at", models.DateTimeField(null=True)),
                ("solved_at", models.DateTimeField(null=True)),
                (
                    "solution",
                    models.CharField(blank=True, max_length=1000, verbose_name="solution"),
                ),
                (
                    "satisfaction",
                    models.PositiveSmallIntegerField(null=True, verbose_name="satisfied, 1 to 5"),
                ),
                ("times_reopened", models.PositiveSmallIntegerField(default=0)),
                (
                    "about",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="about",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="customers.contact",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="customers.customer",
                    ),
                ),
                (
                    "escalated_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="customers.ownedproduct",
                    ),
                ),
                (
                    "solved_by",
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
                        related_name="+",
                        to="staff.store",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("opened", "opened"),
                            ("answered", "first answer"),
                            ("unanswered", "first answer taken back"),
                            ("noted", "noted"),
                            ("assigned", "handed to somebody"),
                            ("paused", "clock paused"),
                            ("resumed", "clock runs again"),
                            ("escalated", "reported up"),
                            ("solved", "solved"),
                            ("reopened", "opened again"),
                            ("rated", "customer asked how satisfied"),
                            ("unrated", "rating taken back"),
                            ("voided", "taken back"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("customer", "Waiting for the customer"),
                            ("parts", "Waiting for parts"),
                            ("supplier", "Waiting for the maker"),
                            ("other", "Other"),
                        ],
                        db_default="",
                        default="",
                        max_length=10,
                    ),
                ),
                ("points", models.PositiveSmallIntegerField(null=True)),
                ("text", models.CharField(blank=True, max_length=1000)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="followups.case",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.contact",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Chore",
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
                            ("own_orders", "Look through your orders"),
                            ("substitute", "Sample sold: find another"),
                            ("off_floor", "Sample sold: clear the floor"),
                            ("slip", "Slip differs from its order"),
                            ("check_order", "Check a new order"),
                            ("return", "See to a return"),
                            ("prepare", "Prepare goods or fitting"),
                            ("other", "To do in the house"),
                        ],
                        max_length=12,
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("occurrence", models.PositiveIntegerField(default=0)),
                ("due_on", models.DateField()),
                ("text", models.CharField(blank=True, max_length=200)),
                ("path", models.CharField(blank=True, max_length=200)),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("done_at", models.DateTimeField(null=True)),
                ("dropped_at", models.DateTimeField(null=True)),
                (
                    "done_by",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chores",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Festival",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_en", models.CharField(max_length=80, verbose_name="name in English")),
                ("name_zh", models.CharField(max_length=80, verbose_name="name in Chinese")),
                ("code", models.SlugField(max_length=30, unique=True)),
                ("month", models.PositiveSmallIntegerField()),
                ("day", models.PositiveSmallIntegerField()),
                ("is_lunar", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("day__range", (1, 31)), ("month__range", (1, 12))),
                        name="festival_is_a_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ticket", models.CharField(max_length=32, unique=True)),
                ("text", models.CharField(blank=True, max_length=2000)),
                (
                    "withheld",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not withheld"),
                            ("quiet", "Wishes no marketing"),
                            ("recent", "Contacted too recently"),
                            ("no_keeper", "Has no keeper"),
                            ("given_up", "Graded D"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                (
                    "invited_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not asked yet"),
                            ("coming", "Coming"),
                            ("not_coming", "Not coming"),
                            ("undecided", "Undecided"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("attended_at", models.DateTimeField(null=True)),
                (
                    "assignee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "attended_noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="followups.campaign",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.contact",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="customers.customer",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Obligation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("occurrence", models.BigIntegerField()),
                ("is_given", models.BooleanField(db_default=False, default=False)),
                ("due_on", models.DateField()),
                ("due_at", models.DateTimeField()),
                ("shown_on", models.DateField()),
                ("planned_on", models.DateField(null=True)),
                ("is_timed", models.BooleanField(default=False)),
                (
                    "way",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("call", "Call"),
                            ("wechat", "WeChat"),
                            ("store_visit", "Store visit"),
                            ("home_visit", "Home visit"),
                            ("measuring", "Measuring"),
                            ("test_drive", "Test drive"),
                            ("letter", "Letter"),
                            ("greeting", "Greeting"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("done", "Done"),
                            ("skipped", "Skipped"),
                            ("cancelled", "Cancelled"),
                            ("suspended", "Suspended"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("left_over", "Its step or anchor is gone"),
                            ("replaced", "Something else takes its place"),
                            ("silence", "Fell due while no contact was wished"),
                            ("given_up", "The customer was given up"),
                            ("answered", "Answered before it was due"),
                            ("voided", "Its contact was taken back"),
                            ("called_off", "Its appointment was moved, missed or cancelled"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "assignee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="obligations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="obligations",
                        to="customers.customer",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("seen_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
                (
                    "seen_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "obligation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalation",
                        to="followups.obligation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_en", models.CharField(max_length=80, verbose_name="name in English")),
                ("name_zh", models.CharField(max_length=80, verbose_name="name in Chinese")),
                ("code", models.CharField(max_length=40, unique=True)),
                (
                    "trades",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("cars", "Cars"),
                                ("furniture", "Furniture"),
                                ("mattresses", "Mattresses"),
                                ("home", "Home furnishing"),
                                ("shoes", "Shoes"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("changed_at", models.DateTimeField(auto_now=True)),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Course",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("next_due_on", models.DateField(null=True)),
                ("ends_on", models.DateField(null=True)),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to="customers.customer",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to="customers.ownedproduct",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courses",
                        to="followups.plan",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlanVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_en", models.CharField(max_length=80, verbose_name="name in English")),
                ("name_zh", models.CharField(max_length=80, verbose_name="name in Chinese")),
                ("number", models.PositiveIntegerField()),
                (
                    "trades",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("cars", "Cars"),
                                ("furniture", "Furniture"),
                                ("mattresses", "Mattresses"),
                                ("home", "Home furnishing"),
                                ("shoes", "Shoes"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("is_plan_active", models.BooleanField(default=True)),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="why")),
                ("moved", models.PositiveIntegerField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="followups.plan",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Option",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text_en", models.CharField(max_length=200, verbose_name="in English")),
                ("text_zh", models.CharField(max_length=200, verbose_name="in Chinese")),
                ("position", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=30)),
                (
                    "opens",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Nothing"),
                            ("complaint", "Yes opens a complaint"),
                            ("help", "Yes opens a need"),
                            ("renewal", "The insurance is renewed or not"),
                            ("referral", "Somebody they recommend us to"),
                            ("replacement", "When they mean to replace it"),
                            ("hobbies", "Kept as hobbies on the card"),
                        ],
                        default="",
                        max_length=15,
                        verbose_name="opens",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="options",
                        to="followups.question",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_en", models.CharField(max_length=80, verbose_name="name in English")),
                ("name_zh", models.CharField(max_length=80, verbose_name="name in Chinese")),
                (
                    "anchor",
                    models.CharField(
                        choices=[
                            ("delivery", "Delivery"),
                            ("purchase", "Purchase"),
                            ("cadence", "Last effective contact, by grade"),
                            ("next_step", "The next step agreed"),
                            ("appointment", "An appointment"),
                            ("referral", "A customer they sent us"),
                            ("lead", "A known customer who asked again"),
                            ("birthday", "The customer's birthday"),
                            ("household_birthday", "A birthday in the household"),
                            ("key_birthday", "A key person's birthday"),
                            ("insurance", "End of the insurance"),
                            ("first_service", "First service"),
                            ("warranty", "End of the warranty"),
                            ("case", "A service case"),
                            ("satisfaction", "A solved service case"),
                            ("campaign", "An invitation"),
                            ("campaign_news", "A campaign that changed for a guest who is coming"),
                            ("filing", "The last follow-up of a filed customer"),
                            ("order_delivery", "A planned delivery that is not paid yet"),
                            ("receivable", "An amount that falls due"),
                            ("credit", "An amount kept for the customer"),
                            (
                                "order_news",
                                "Something about an order that the customer must be told",
                            ),
                        ],
                        max_length=20,
                        verbose_name="counts from",
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("A", "A · active prospect"),
                            ("B1", "B1 · designing, deciding"),
                            ("B2", "B2 · has bought"),
                            ("C1", "C1 · former buyer"),
                            ("C2", "C2 · later"),
                            ("D", "D · given up"),
                        ],
                        max_length=2,
                        verbose_name="grade",
                    ),
                ),
                ("offset", models.PositiveSmallIntegerField(default=0, verbose_name="after")),
                (
                    "is_before",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="before, not after"
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("hours", "hours"),
                            ("days", "days"),
                            ("working_days", "working days"),
                            ("months", "months"),
                        ],
                        default="days",
                        max_length=20,
                        verbose_name="unit",
                    ),
                ),
                ("every", models.PositiveSmallIntegerField(default=0, verbose_name="then every")),
                ("times", models.PositiveSmallIntegerField(default=1, verbose_name="times")),
                (
                    "ahead_days",
                    models.PositiveSmallIntegerField(default=0, verbose_name="shown days before"),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("call", "Call"),
                            ("wechat", "WeChat"),
                            ("store_visit", "Store visit"),
                            ("home_visit", "Home visit"),
                            ("measuring", "Measuring"),
                            ("test_drive", "Test drive"),
                            ("letter", "Letter"),
                            ("greeting", "Greeting"),
                        ],
                        max_length=20,
                        verbose_name="way",
                    ),
                ),
                (
                    "assignee",
                    models.CharField(
                        choices=[
                            ("keeper", "Keeper"),
                            ("seller", "Selling salesperson"),
                            ("sales_manager", "Sales manager"),
                            ("service_lead", "Service lead"),
                        ],
                        default="keeper",
                        max_length=20,
                        verbose_name="done by",
                    ),
                ),
                (
                    "escalates_after",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="reported up when overdue by hours"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("code", models.CharField(max_length=40, unique=True)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("asks_from", models.DateField(null=True)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="followups.plan",
                    ),
                ),
                (
                    "script",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="followups.article",
                        verbose_name="script",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="followups.survey",
                        verbose_name="survey",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StepVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_en", models.CharField(max_length=80, verbose_name="name in English")),
                ("name_zh", models.CharField(max_length=80, verbose_name="name in Chinese")),
                (
                    "anchor",
                    models.CharField(
                        choices=[
                            ("delivery", "Delivery"),
                            ("purchase", "Purchase"),
                            ("cadence", "Last effective contact, by grade"),
                            ("next_step", "The next step agreed"),
                            ("appointment", "An appointment"),
                            ("referral", "A customer they sent us"),
                            ("lead", "A known customer who asked again"),
                            ("birthday", "The customer's birthday"),
                            ("household_birthday", "A birthday in the household"),
                            ("key_birthday", "A key person's birthday"),
                            ("insurance", "End of the insurance"),
                            ("first_service", "First service"),
                            ("warranty", "End of the warranty"),
                            ("case", "A service case"),
                            ("satisfaction", "A solved service case"),
                            ("campaign", "An invitation"),
                            ("campaign_news", "A campaign that changed for a guest who is coming"),
                            ("filing", "The last follow-up of a filed customer"),
                            ("order_delivery", "A planned delivery that is not paid yet"),
                            ("receivable", "An amount that falls due"),
                            ("credit", "An amount kept for the customer"),
                            (
                                "order_news",
                                "Something about an order that the customer must be told",
                            ),
                        ],
                        max_length=20,
                        verbose_name="counts from",
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("A", "A · active prospect"),
                            ("B1", "B1 · designing, deciding"),
                            ("B2", "B2 · has bought"),
                            ("C1", "C1 · former buyer"),
                            ("C2", "C2 · later"),
                            ("D", "D · given up"),
                        ],
                        max_length=2,
                        verbose_name="grade",
                    ),
                ),
                ("offset", models.PositiveSmallIntegerField(default=0, verbose_name="after")),
                (
                    "is_before",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="before, not after"
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("hours", "hours"),
                            ("days", "days"),
                            ("working_days", "working days"),
                            ("months", "months"),
                        ],
                        default="days",
                        max_length=20,
                        verbose_name="unit",
                    ),
                ),
                ("every", models.PositiveSmallIntegerField(default=0, verbose_name="then every")),
                ("times", models.PositiveSmallIntegerField(default=1, verbose_name="times")),
                (
                    "ahead_days",
                    models.PositiveSmallIntegerField(default=0, verbose_name="shown days before"),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("call", "Call"),
                            ("wechat", "WeChat"),
                            ("store_visit", "Store visit"),
                            ("home_visit", "Home visit"),
                            ("measuring", "Measuring"),
                            ("test_drive", "Test drive"),
                            ("letter", "Letter"),
                            ("greeting", "Greeting"),
                        ],
                        max_length=20,
                        verbose_name="way",
                    ),
                ),
                (
                    "assignee",
                    models.CharField(
                        choices=[
                            ("keeper", "Keeper"),
                            ("seller", "Selling salesperson"),
                            ("sales_manager", "Sales manager"),
                            ("service_lead", "Service lead"),
                        ],
                        default="keeper",
                        max_length=20,
                        verbose_name="done by",
                    ),
                ),
                (
                    "escalates_after",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="reported up when overdue by hours"
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "script",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="followups.article",
                        verbose_name="script",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="followups.step",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="followups.planversion",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="followups.survey",
                        verbose_name="survey",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SurveyAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("points", models.PositiveSmallIntegerField(null=True)),
                ("number", models.IntegerField(null=True)),
                ("is_yes", models.BooleanField(null=True)),
                ("text", models.CharField(blank=True, max_length=1000)),
                (
                    "option",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="followups.option",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="followups.question",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SurveyResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("is_willing", models.BooleanField(default=True)),
                ("score", models.DecimalField(decimal_places=2, max_digits=3, null=True)),
                (
                    "satisfaction",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("satisfied", "Satisfied"),
                            ("fair", "Fair"),
                            ("dissatisfied", "Dissatisfied"),
                            ("", "Not said"),
                        ],
                        default="",
                        max_length=15,
                    ),
                ),
                ("remarks", models.CharField(blank=True, max_length=1000, verbose_name="remarks")),
                (
                    "about",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="survey_result",
                        to="customers.contact",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="survey_results",
                        to="customers.customer",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.ownedproduct",
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SurveyVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "published_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="why")),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="followups.survey",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("shown_on", models.DateField()),
                ("due_at", models.DateTimeField()),
                ("is_timed", models.BooleanField(default=False)),
                ("has_hour_limit", models.BooleanField(default=False)),
                ("is_care", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("done", "Done"),
                            ("skipped", "Skipped"),
                            ("cancelled", "Cancelled"),
                            ("suspended", "Suspended"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "moved_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("customer_asked", "Customer asked"),
                            ("no_time", "No time today"),
                            ("no_answer", "No answer, try again"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "skip_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("already_done", "Done another way"),
                            ("away", "Customer is away"),
                            ("not_needed", "Not needed"),
                            ("wrong", "Made by mistake"),
                        ],
                        max_length=20,
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closed_tasks",
                        to="customers.contact",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="customers.customer",
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="followups.step",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="followups.task",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Greeting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("friday", "Friday greeting"),
                            ("festival", "Festival"),
                            ("birthday", "Birthday"),
                        ],
                        max_length=10,
                    ),
                ),
                ("on", models.DateField()),
                ("text", models.CharField(max_length=2000)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("sms", "Text message"),
                            ("wechat", "WeChat"),
                            ("card", "Card or gift"),
                            ("spoken", "Said in a call or visit"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "sent_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="greetings",
                        to="customers.customer",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="followups.task",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name_en", models.CharField(max_length=80, verbose_name="name in English")),
                ("name_zh", models.CharField(max_length=80, verbose_name="name in Chinese")),
                (
                    "use",
                    models.CharField(
                        choices=[
                            ("friday", "Friday greeting"),
                            ("festival", "Festival greeting"),
                            ("birthday", "Birthday greeting"),
                            ("letter", "Letter"),
                            ("campaign", "Invitation or care"),
                        ],
                        max_length=10,
                        verbose_name="for",
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True)),
                (
                    "trades",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("cars", "Cars"),
                                ("furniture", "Furniture"),
                                ("mattresses", "Mattresses"),
                                ("home", "Home furnishing"),
                                ("shoes", "Shoes"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "whom",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("signed", "Signed"),
                                ("about", "About to sign"),
                                ("tracked", "Being tracked"),
                                ("long_term", "Long-standing customer"),
                                ("later", "Means to buy later"),
                                ("self", "Their own birthday"),
                                ("family", "A birthday near them"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="to whom",
                    ),
                ),
                ("text_en", models.TextField(max_length=2000, verbose_name="text in English")),
                ("text_zh", models.TextField(max_length=2000, verbose_name="text in Chinese")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "changed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "festival",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wordings",
                        to="followups.festival",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AnchorDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "anchor",
                    models.CharField(
                        choices=[
                            ("order_delivery", "A planned delivery that is not paid yet"),
                            ("receivable", "An amount that falls due"),
                            ("credit", "An amount kept for the customer"),
                            (
                                "order_news",
                                "Something about an order that the customer must be told",
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("on", models.DateField()),
                ("noted_at", models.DateTimeField()),
                ("text", models.CharField(blank=True, max_length=200)),
                ("path", models.CharField(blank=True, max_length=200)),
                ("paused_from", models.DateField(null=True)),
                ("asks_from", models.DateField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "assignee",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="anchor_days",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("anchor", "subject_id"), name="one_day_a_subject_of_an_order"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("anchor__in", ("order_delivery", "receivable", "credit", "order_news"))
                        ),
                        name="day_of_an_order_has_its_anchor",
                    ),
                ],
            },
        ),
        Together(
            [
                migrations.AddField(
                    model_name="obligation",
                    name="step",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="obligations",
                        to="followups.step",
                    ),
                ),
                migrations.AddField(
                    model_name="case",
                    name="answer",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="followups.surveyanswer",
                    ),
                ),
                migrations.AddField(
                    model_name="surveyanswer",
                    name="result",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="followups.surveyresult",
                    ),
                ),
                migrations.AddField(
                    model_name="surveyresult",
                    name="version",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="followups.surveyversion",
                    ),
                ),
                migrations.AddField(
                    model_name="question",
                    name="version",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="followups.surveyversion",
                    ),
                ),
                migrations.AddField(
                    model_name="obligation",
                    name="task",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="obligations",
                        to="followups.task",
                    ),
                ),
                migrations.AddIndex(
                    model_name="article",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("search", "gin_trgm_ops"),
                        name="article_search",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="article",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("situation", ""), ("kind", "script"), _connector="OR"),
                        name="situation_is_a_scripts",
                        violation_error_message="Only a script is for a situation.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="articleproposal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None), ("decided_by", None), ("is_taken", None)
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("is_taken__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="article_proposal_decided_by_somebody",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="articleversion",
                    constraint=models.UniqueConstraint(
                        fields=("article", "number"), name="one_version_of_an_article_a_number"
                    ),
                ),
                migrations.AddIndex(
                    model_name="campaign",
                    index=models.Index(fields=["-starts_at", "-id"], name="campaign_by_newest"),
                ),
                migrations.AddConstraint(
                    model_name="campaign",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ends_at__gte", models.F("starts_at"))),
                        name="campaign_ends_after_it_starts",
                        violation_error_message="It ends after it starts.",
                    ),
                ),
                migrations.AddIndex(
                    model_name="caseevent",
                    index=models.Index(fields=["case", "at", "id"], name="event_of_case"),
                ),
                migrations.AddIndex(
                    model_name="chore",
                    index=models.Index(
                        condition=models.Q(("done_at", None), ("dropped_at", None)),
                        fields=["person", "due_on"],
                        name="chore_open_of_person",
                    ),
                ),
                migrations.AddIndex(
                    model_name="chore",
                    index=models.Index(
                        condition=models.Q(("done_at", None), ("dropped_at", None)),
                        fields=["store", "due_on", "id"],
                        name="chore_open_of_store",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="chore",
                    constraint=models.UniqueConstraint(
                        fields=("kind", "subject_id", "occurrence"), name="one_chore_an_occurrence"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="chore",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at", None), ("done_by", None)),
                            models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="done_chore_has_who_and_when",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="chore",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("done_at", None), ("dropped_at", None), _connector="OR"
                        ),
                        name="chore_is_done_or_dropped",
                    ),
                ),
                migrations.AddIndex(
                    model_name="invitation",
                    index=models.Index(fields=["customer", "-invited_at"], name="invited_customer"),
                ),
                migrations.AddConstraint(
                    model_name="invitation",
                    constraint=models.UniqueConstraint(
                        fields=("campaign", "customer"), name="invited_once_to_a_campaign"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="invitation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None)),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                ("answered_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="answer_has_a_time",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="invitation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("withheld", ""), ("sent_at", None), _connector="OR"),
                        name="withheld_was_not_sent",
                    ),
                ),
                migrations.AddIndex(
                    model_name="escalation",
                    index=models.Index(
                        condition=models.Q(("seen_at", None)),
                        fields=["to", "-at"],
                        name="escalation_unseen",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="escalation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seen_at", None), ("seen_by", None)),
                            models.Q(("seen_at__isnull", False), ("seen_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="escalation_seen_by_somebody",
                    ),
                ),
                migrations.AddIndex(
                    model_name="course",
                    index=models.Index(
                        condition=models.Q(("next_due_on__isnull", False)),
                        fields=["next_due_on", "id"],
                        name="course_by_next_due",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="course",
                    constraint=models.UniqueConstraint(
                        fields=("customer", "plan", "product"),
                        name="one_course_a_plan",
                        nulls_distinct=False,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="planversion",
                    constraint=models.UniqueConstraint(
                        fields=("plan", "number"), name="one_version_a_number"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="option",
                    constraint=models.UniqueConstraint(
                        fields=("question", "code"), name="one_option_a_code"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stepversion",
                    constraint=models.UniqueConstraint(
                        fields=("version", "step"), name="one_step_a_version"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="step",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("anchor", "cadence"), models.Q(("grade", ""), _negated=True)),
                            models.Q(models.Q(("anchor", "cadence"), _negated=True), ("grade", "")),
                            _connector="OR",
                        ),
                        name="cadence_step_names_a_grade",
                        violation_error_message="A step by grade names its grade; no other step does.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="step",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("anchor", "cadence"), ("is_active", True)),
                        fields=("grade",),
                        name="one_cadence_a_grade",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="step",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("times", 1),
                            models.Q(("every__gt", 0), ("times__gt", 1)),
                            _connector="OR",
                        ),
                        name="repeated_step_says_how_often",
                        violation_error_message="Say after how long the step is repeated.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="step",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("anchor__in", ["delivery", "purchase"]), _negated=True),
                            ("offset__gt", 0),
                            _connector="OR",
                        ),
                        name="product_step_has_an_offset",
                        violation_error_message="Say how long after the anchor the step falls due.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="step",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("is_before", False),
                            models.Q(
                                (
                                    "anchor__in",
                                    (
                                        "insurance",
                                        "first_service",
                                        "warranty",
                                        "order_delivery",
                                        "receivable",
                                        "credit",
                                    ),
                                ),
                                ("times", 1),
                            ),
                            _connector="OR",
                        ),
                        name="only_a_day_ahead_is_counted_down_to",
                        violation_error_message="Only a day that is known beforehand is counted down to: the end of an insurance or a warranty, a first service, a day of an order. Such a step happens once.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="step",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("way__in", ("letter", "greeting")), _negated=True),
                            ("survey", None),
                            _connector="OR",
                        ),
                        name="what_stays_apart_asks_nothing",
                        violation_error_message="A letter or a greeting asks no survey.",
                    ),
                ),
                migrations.AddIndex(
                    model_name="case",
                    index=models.Index(
                        condition=models.Q(("state__in", ("open", "paused"))),
                        fields=["store", "due_at", "id"],
                        name="case_running_of_store",
                    ),
                ),
                migrations.AddIndex(
                    model_name="case",
                    index=models.Index(
                        condition=models.Q(("state__in", ("open", "paused"))),
                        fields=["assignee", "due_at"],
                        name="case_running_of_person",
                    ),
                ),
                migrations.AddIndex(
                    model_name="case",
                    index=models.Index(fields=["customer", "-opened_at"], name="case_of_customer"),
                ),
                migrations.AddIndex(
                    model_name="case",
                    index=models.Index(fields=["store", "-opened_at", "id"], name="case_of_store"),
                ),
                migrations.AddConstraint(
                    model_name="case",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("paused_at__isnull", False),
                                ("state", "paused"),
                                models.Q(("pause_reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "paused"), _negated=True),
                                ("pause_reason", ""),
                                ("paused_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="paused_case_says_since_when_and_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="case",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("solved_at__isnull", False),
                                ("state__in", ["solved", "closed"]),
                                models.Q(("solution", ""), _negated=True),
                            ),
                            models.Q(("state__in", ["solved", "closed"]), _negated=True),
                            _connector="OR",
                        ),
                        name="solved_case_says_how",
                        violation_error_message="Write how the case was solved.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="case",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("satisfaction", None), ("satisfaction__range", (1, 5)), _connector="OR"
                        ),
                        name="case_satisfaction_is_one_to_five",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="case",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("answered_by", None)),
                            models.Q(
                                ("answered_at__isnull", False), ("answered_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="case_answer_has_who_and_when",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="surveyanswer",
                    constraint=models.UniqueConstraint(
                        fields=("result", "question"), name="one_answer_a_question"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="surveyanswer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("points", None), ("points__range", (1, 5)), _connector="OR"
                        ),
                        name="points_are_one_to_five",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="surveyanswer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("points", None),
                            ("points__gt", 2),
                            models.Q(("text", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="low_points_have_a_reason",
                        violation_error_message="1 or 2 points need a reason.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="surveyversion",
                    constraint=models.UniqueConstraint(
                        fields=("survey", "number"), name="one_version_of_a_survey_a_number"
                    ),
                ),
                migrations.AddIndex(
                    model_name="surveyresult",
                    index=models.Index(
                        fields=["store", "-asked_at", "id"], name="survey_result_of_store"
                    ),
                ),
                migrations.AddIndex(
                    model_name="surveyresult",
                    index=models.Index(
                        fields=["customer", "-asked_at"], name="survey_result_of_customer"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="surveyresult",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("score", None), ("score__range", (1, 5)), _connector="OR"
                        ),
                        name="score_is_one_to_five",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="question",
                    constraint=models.UniqueConstraint(
                        fields=("version", "code"), name="one_question_a_code"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="question",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("counts", False), ("kind", "scale"), _connector="OR"),
                        name="only_a_scale_counts",
                        violation_error_message="Only an answer from 1 to 5 counts.",
                    ),
                ),
                migrations.AddIndex(
                    model_name="task",
                    index=models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["assignee", "shown_on"],
                        name="task_open_of_person",
                    ),
                ),
                migrations.AddIndex(
                    model_name="task",
                    index=models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["customer", "day"],
                        name="task_open_of_customer",
                    ),
                ),
                migrations.AddIndex(
                    model_name="task",
                    index=models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["due_at"],
                        name="task_open_by_due",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="task",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("customer", "assignee", "day", "letter"),
                        name="one_open_task_a_day",
                        nulls_distinct=False,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="task",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state__in", ("open", "suspended"))),
                            models.Q(
                                models.Q(("state__in", ("open", "suspended")), _negated=True),
                                ("closed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="closed_task_has_a_time",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="task",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "skipped"), _negated=True),
                            models.Q(("skip_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="skipped_task_has_a_reason",
                    ),
                ),
                migrations.AddIndex(
                    model_name="obligation",
                    index=models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["customer"],
                        name="obligation_open_of_customer",
                    ),
                ),
                migrations.AddIndex(
                    model_name="obligation",
                    index=models.Index(
                        condition=models.Q(("state", "open"), ("task", None)),
                        fields=["id"],
                        name="obligation_without_task",
                    ),
                ),
                migrations.AddIndex(
                    model_name="obligation",
                    index=models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["step", "due_at"],
                        name="obligation_open_by_step",
                    ),
                ),
                migrations.AddIndex(
                    model_name="obligation",
                    index=models.Index(fields=["due_on"], name="obligation_by_due"),
                ),
                migrations.AddIndex(
                    model_name="obligation",
                    index=models.Index(fields=["task"], name="obligation_of_task"),
                ),
                migrations.AddConstraint(
                    model_name="obligation",
                    constraint=models.UniqueConstraint(
                        fields=("step", "subject_id", "occurrence"),
                        name="one_obligation_an_occurrence",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="obligation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "cancelled"), models.Q(("cause", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("state", "cancelled"), _negated=True), ("cause", "")
                            ),
                            _connector="OR",
                        ),
                        name="cancelled_obligation_says_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="obligation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state__in", ("open", "suspended"))),
                            models.Q(
                                models.Q(("state__in", ("open", "suspended")), _negated=True),
                                ("closed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="closed_obligation_has_a_time",
                    ),
                ),
                migrations.AddIndex(
                    model_name="greeting",
                    index=models.Index(
                        fields=["customer", "-sent_at"], name="greeting_of_customer"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="greeting",
                    constraint=models.UniqueConstraint(
                        fields=("customer", "occasion", "on", "task"),
                        name="one_greeting_an_occasion",
                        nulls_distinct=False,
                    ),
                ),
            ]
        ),
    ]
    # the models, and what is added to them
    operations = [Together(operations[:-1]), operations[-1]]
