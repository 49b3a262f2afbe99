"""The tables, as they stand after all that was changed before the first release."""

import datetime

import django.contrib.postgres.fields
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [("customers", "0001_initial")]

    dependencies = [
        ("core", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Access",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "given_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Appointment",
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
                            ("store_visit", "Store visit"),
                            ("home_visit", "Home visit"),
                            ("test_drive", "Test drive"),
                            ("measuring", "Measuring"),
                            ("delivery", "Delivery"),
                            ("service", "Service"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="place")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("booked", "Booked"),
                            ("kept", "Kept"),
                            ("moved", "Moved"),
                            ("missed", "Missed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="booked",
                        max_length=10,
                    ),
                ),
                ("result", models.CharField(blank=True, max_length=400, verbose_name="result")),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("closed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Arrival",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("walk_in", "Walked in"),
                            ("advert", "Advertisement"),
                            ("online", "Online"),
                            ("event", "Event"),
                            ("friend", "Friend"),
                            ("owner_referral", "Referred by a customer"),
                            ("repurchase", "Further purchase of a household"),
                            ("designer", "Designer"),
                            ("partner", "Partner trade"),
                            ("intercept", "Approached outside"),
                            ("field_invite", "Invited by field sales"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("campaign", models.CharField(blank=True, max_length=80)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Attachment",
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
                            ("floor_plan", "Floor plan"),
                            ("photo", "Photo"),
                            ("sketch", "Sketch"),
                            ("paper", "Paper"),
                            ("evidence", "Evidence"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("caption", models.CharField(blank=True, max_length=120, verbose_name="caption")),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("removed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("call", "Call"),
                            ("wechat", "WeChat"),
                            ("sms", "Text message"),
                            ("store_visit", "Store visit"),
                            ("home_visit", "Home visit"),
                            ("measuring", "Measuring"),
                            ("email", "E-mail"),
                            ("letter", "Letter"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("connected", "Reached"),
                            ("unanswered", "No answer"),
                            ("switched_off", "Switched off"),
                            ("declined", "Declined"),
                            ("replied", "Replied"),
                            ("no_reply", "No reply"),
                            ("met", "Met"),
                            ("not_met", "Not met"),
                            ("sent", "Sent"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reached", models.BooleanField()),
                ("is_effective", models.BooleanField()),
                ("is_late_entry", models.BooleanField(default=False)),
                ("is_imported", models.BooleanField(default=False)),
                ("repeats_last_note", models.BooleanField(default=False)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("design", "Design"),
                            ("price", "Quote"),
                            ("event", "Event"),
                            ("material", "Material"),
                            ("progress", "Progress"),
                            ("care", "Care"),
                            ("referral", "Referral"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=20000)),
                ("is_inbound", models.BooleanField(db_default=False, default=False)),
                (
                    "touches",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("need", "Need"),
                                ("problem", "Problem"),
                                ("feedback", "Feedback"),
                            ],
                            max_length=10,
                        ),
                        blank=True,
                        db_default=[],
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "override",
                    models.CharField(blank=True, db_default="", default="", max_length=200),
                ),
                ("occurred_at", models.DateTimeField()),
                (
                    "logged_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "next_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("call", "Call"),
                            ("wechat", "WeChat"),
                            ("store_visit", "Store visit"),
                            ("home_visit", "Home visit"),
                            ("measuring", "Measuring"),
                            ("none", "None"),
                        ],
                        max_length=20,
                    ),
                ),
                ("next_on", models.DateField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("next_text", models.CharField(blank=True, max_length=200)),
                (
                    "none_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no_need", "No need now"),
                            ("bought_elsewhere", "Bought elsewhere"),
                            ("budget", "Budget dropped"),
                            ("unwilling", "Does not wish contact"),
                            ("cared_for", "All well, care plan goes on"),
                            ("stands", "What was agreed stands"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("A", "A · active prospect"),
                            ("B1", "B1 · designing, deciding"),
                            ("B2", "B2 · has bought"),
                            ("C1", "C1 · former buyer"),
                            ("C2", "C2 · later"),
                            ("D", "D · given up"),
                        ],
                        max_length=2,
                    ),
                ),
                ("voided_at", models.DateTimeField(null=True)),
                ("void_reason", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("birth_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("birth_month", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("birth_day", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("birth_is_lunar", models.BooleanField(default=False)),
                ("birth_is_leap_month", models.BooleanField(default=False)),
                ("birthday_noted_at", models.DateTimeField(editable=False, null=True)),
                ("name", models.CharField(max_length=64, verbose_name="name")),
                (
                    "title",
                    models.CharField(
                        blank=True,
                        choices=[("mr", "Mr"), ("ms", "Ms")],
                        max_length=4,
                        verbose_name="title",
                    ),
                ),
                ("search", models.TextField(editable=False)),
                ("wechat", models.CharField(blank=True, max_length=60, verbose_name="WeChat")),
                (
                    "grade",
                    models.CharField(
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
                (
                    "intent",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("H", "H · within 7 days"),
                            ("A", "A · within 15 days"),
                            ("B", "B · within 30 days"),
                            ("C", "C · within 90 days"),
                        ],
                        db_default="",
                        default="",
                        max_length=1,
                        verbose_name="intent level",
                    ),
                ),
                (
                    "quiet",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "May be contacted"),
                            ("marketing", "No marketing"),
                            ("visits", "No visits"),
                            ("all", "No contact"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="do not contact",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("walk_in", "Walked in"),
                            ("advert", "Advertisement"),
                            ("online", "Online"),
                            ("event", "Event"),
                            ("friend", "Friend"),
                            ("owner_referral", "Referred by a customer"),
                            ("repurchase", "Further purchase of a household"),
                            ("designer", "Designer"),
                            ("partner", "Partner trade"),
                            ("intercept", "Approached outside"),
                            ("field_invite", "Invited by field sales"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        verbose_name="source",
                    ),
                ),
                (
                    "referrer_text",
                    models.CharField(blank=True, max_length=60, verbose_name="referred by"),
                ),
                (
                    "campaign",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=80,
                        verbose_name="campaign",
                    ),
                ),
                ("need", models.CharField(blank=True, max_length=400, verbose_name="need")),
                (
                    "expected_purchase",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("week", "Within 7 days"),
                            ("fortnight", "Within 15 days"),
                            ("month", "Within a month"),
                            ("quarter", "Within 3 months"),
                            ("later", "Later"),
                        ],
                        max_length=10,
                        verbose_name="means to buy",
                    ),
                ),
                (
                    "expected_on",
                    models.DateField(blank=True, null=True, verbose_name="means to buy on"),
                ),
                ("budget", models.CharField(blank=True, max_length=40, verbose_name="budget")),
                ("address", models.CharField(blank=True, max_length=120, verbose_name="address")),
                ("address_key", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "contact_time",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="suitable contact time"
                    ),
                ),
                (
                    "contact_from",
                    models.TimeField(blank=True, null=True, verbose_name="may be called from"),
                ),
                (
                    "contact_until",
                    models.TimeField(blank=True, null=True, verbose_name="may be called until"),
                ),
                ("note", models.CharField(blank=True, max_length=1000, verbose_name="note")),
                (
                    "email",
                    models.EmailField(
                        blank=True, db_default="", default="", max_length=254, verbose_name="e-mail"
                    ),
                ),
                (
                    "company",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=80, verbose_name="company"
                    ),
                ),
                (
                    "job",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=60, verbose_name="job"
                    ),
                ),
                (
                    "hobbies",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=200,
                        verbose_name="hobbies",
                    ),
                ),
                (
                    "home_area",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=7,
                        null=True,
                        verbose_name="area, m²",
                    ),
                ),
                (
                    "home_layout",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=60, verbose_name="layout"
                    ),
                ),
                (
                    "home_style",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=60, verbose_name="style"
                    ),
                ),
                (
                    "decoration",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("bare", "Bare shell"),
                            ("wiring", "Water and wiring"),
                            ("carpentry", "Tiles and carpentry"),
                            ("paint", "Paint"),
                            ("moved_in", "Moved in"),
                        ],
                        db_default="",
                        default="",
                        max_length=10,
                        verbose_name="decoration",
                    ),
                ),
                (
                    "competitor",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=60,
                        verbose_name="competitor",
                    ),
                ),
                (
                    "services_wanted",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("product_search", "Find a product"),
                                ("home_visit", "Home visit"),
                                ("single_piece", "Single piece"),
                                ("long_term", "Long-term advice"),
                            ],
                            max_length=15,
                        ),
                        blank=True,
                        db_default=[],
                        default=list,
                        size=None,
                        verbose_name="service wanted",
                    ),
                ),
                (
                    "id_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("id_card", "Identity card"),
                            ("passport", "Passport"),
                            ("company", "Company number"),
                            ("other", "Other"),
                        ],
                        db_default="",
                        default="",
                        max_length=10,
                        verbose_name="paper",
                    ),
                ),
                ("id_cipher", models.BinaryField(null=True)),
                (
                    "id_masked",
                    models.CharField(
                        blank=True, db_default="", default="", editable=False, max_length=40
                    ),
                ),
                (
                    "bought_total",
                    models.DecimalField(
                        db_default=0,
                        decimal_places=2,
                        default=0,
                        editable=False,
                        max_digits=12,
                        verbose_name="bought, total",
                    ),
                ),
                (
                    "bought_count",
                    models.PositiveIntegerField(
                        db_default=0, default=0, editable=False, verbose_name="bought, times"
                    ),
                ),
                (
                    "last_bought_on",
                    models.DateField(editable=False, null=True, verbose_name="last bought"),
                ),
                (
                    "first_seen_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="first seen",
                    ),
                ),
                (
                    "registered_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "last_contact_at",
                    models.DateTimeField(
                        editable=False,
                        help_text="when the customer was last reached effectively (FIL-29)",
                        null=True,
                        verbose_name="last contact",
                    ),
                ),
                (
                    "next_contact_on",
                    models.DateField(
                        editable=False,
                        help_text="day of the earliest open task; kept by followups",
                        null=True,
                        verbose_name="next contact",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CustomerHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "grade",
                    models.CharField(
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
                (
                    "intent",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("H", "H · within 7 days"),
                            ("A", "A · within 15 days"),
                            ("B", "B · within 30 days"),
                            ("C", "C · within 90 days"),
                        ],
                        db_default="",
                        default="",
                        max_length=1,
                        verbose_name="intent level",
                    ),
                ),
                (
                    "quiet",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "May be contacted"),
                            ("marketing", "No marketing"),
                            ("visits", "No visits"),
                            ("all", "No contact"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="do not contact",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CustomerPhone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cipher", models.BinaryField()),
                ("key", models.BinaryField(max_length=32)),
                ("masked", models.CharField(max_length=40)),
                ("last4", models.CharField(max_length=4)),
                ("is_primary", models.BooleanField(default=False)),
                ("is_placeholder", models.BooleanField(default=False)),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("retired_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Designer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cipher", models.BinaryField(null=True)),
                ("key", models.BinaryField(max_length=32, null=True)),
                ("masked", models.CharField(blank=True, editable=False, max_length=40)),
                ("last4", models.CharField(blank=True, editable=False, max_length=4)),
                ("name", models.CharField(max_length=64, verbose_name="name")),
                ("search", models.TextField(default="", editable=False)),
                ("company", models.CharField(blank=True, max_length=80, verbose_name="company")),
                (
                    "agreement_no",
                    models.CharField(blank=True, max_length=40, verbose_name="agreement no."),
                ),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="signed on")),
                (
                    "valid_until",
                    models.DateField(blank=True, null=True, verbose_name="valid until"),
                ),
                (
                    "furniture_rate",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="commission on furniture, %",
                    ),
                ),
                (
                    "accessories_rate",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="commission on accessories, %",
                    ),
                ),
                (
                    "cadence_days",
                    models.PositiveSmallIntegerField(
                        null=True, verbose_name="call every so many days"
                    ),
                ),
                (
                    "next_step",
                    models.CharField(blank=True, max_length=200, verbose_name="next step"),
                ),
                ("next_on", models.DateField(blank=True, null=True, verbose_name="next contact")),
                ("last_contact_at", models.DateTimeField(null=True, verbose_name="last contact")),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="note")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DesignerContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("call", "Call"),
                            ("wechat", "WeChat"),
                            ("sms", "Text message"),
                            ("store_visit", "Store visit"),
                            ("home_visit", "Home visit"),
                            ("measuring", "Measuring"),
                            ("email", "E-mail"),
                            ("letter", "Letter"),
                        ],
                        max_length=20,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=400)),
                ("next_step", models.CharField(blank=True, max_length=200)),
                ("next_on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="DispatchRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("rota", "By duty rota"),
                            ("load", "To whoever has fewest open leads"),
                            ("hand", "By hand"),
                        ],
                        default="rota",
                        max_length=10,
                        verbose_name="method",
                    ),
                ),
                (
                    "accept_minutes",
                    models.PositiveSmallIntegerField(default=15, verbose_name="minutes to accept"),
                ),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name="GradeChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "before",
                    models.CharField(
                        choices=[
                            ("A", "A · active prospect"),
                            ("B1", "B1 · designing, deciding"),
                            ("B2", "B2 · has bought"),
                            ("C1", "C1 · former buyer"),
                            ("C2", "C2 · later"),
                            ("D", "D · given up"),
                        ],
                        max_length=2,
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("A", "A · active prospect"),
                            ("B1", "B1 · designing, deciding"),
                            ("B2", "B2 · has bought"),
                            ("C1", "C1 · former buyer"),
                            ("C2", "C2 · later"),
                            ("D", "D · given up"),
                        ],
                        max_length=2,
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("reason", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="GradeProposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "before",
                    models.CharField(
                        choices=[
                            ("A", "A · active prospect"),
                            ("B1", "B1 · designing, deciding"),
                            ("B2", "B2 · has bought"),
                            ("C1", "C1 · former buyer"),
                            ("C2", "C2 · later"),
                            ("D", "D · given up"),
                        ],
                        max_length=2,
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        choices=[
                            ("A", "A · active prospect"),
                            ("B1", "B1 · designing, deciding"),
                            ("B2", "B2 · has bought"),
                            ("C1", "C1 · former buyer"),
                            ("C2", "C2 · later"),
                            ("D", "D · given up"),
                        ],
                        max_length=2,
                    ),
                ),
                (
                    "because",
                    models.CharField(
                        choices=[
                            ("bought", "Has bought"),
                            ("owned_long", "Delivered long ago"),
                            ("warm", "Gave time and data, showed interest"),
                            ("silent", "No next step, twice running"),
                            ("unreached", "Not reached, again and again"),
                            ("back", "Got in touch again"),
                        ],
                        max_length=12,
                    ),
                ),
                ("basis", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting"),
                            ("confirmed", "Confirmed"),
                            ("declined", "Declined"),
                            ("withdrawn", "No longer holds"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("reason", models.CharField(max_length=200, verbose_name="why")),
                ("moved", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="HistoryImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=100)),
                ("sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("contacts", models.PositiveIntegerField(default=0)),
                ("opportunities_made", models.PositiveIntegerField(default=0)),
                ("filings_made", models.PositiveIntegerField(db_default=0, default=0)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="HouseholdMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cipher", models.BinaryField(null=True)),
                ("key", models.BinaryField(max_length=32, null=True)),
                ("masked", models.CharField(blank=True, editable=False, max_length=40)),
                ("last4", models.CharField(blank=True, editable=False, max_length=4)),
                ("birth_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("birth_month", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("birth_day", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("birth_is_lunar", models.BooleanField(default=False)),
                ("birth_is_leap_month", models.BooleanField(default=False)),
                ("birthday_noted_at", models.DateTimeField(editable=False, null=True)),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("spouse", "Spouse"),
                            ("parent", "Parent"),
                            ("child", "Child"),
                            ("sibling", "Brother or sister"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="relation",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=64, verbose_name="name")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IntentChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("H", "H · within 7 days"),
                            ("A", "A · within 15 days"),
                            ("B", "B · within 30 days"),
                            ("C", "C · within 90 days"),
                        ],
                        max_length=1,
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("H", "H · within 7 days"),
                            ("A", "A · within 15 days"),
                            ("B", "B · within 30 days"),
                            ("C", "C · within 90 days"),
                        ],
                        max_length=1,
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Interest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=120, verbose_name="product")),
                (
                    "noted_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        migrations.CreateModel(
            name="KeyPerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cipher", models.BinaryField(null=True)),
                ("key", models.BinaryField(max_length=32, null=True)),
                ("masked", models.CharField(blank=True, editable=False, max_length=40)),
                ("last4", models.CharField(blank=True, editable=False, max_length=4)),
                ("birth_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("birth_month", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("birth_day", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("birth_is_lunar", models.BooleanField(default=False)),
                ("birth_is_leap_month", models.BooleanField(default=False)),
                ("birthday_noted_at", models.DateTimeField(editable=False, null=True)),
                ("name", models.CharField(max_length=64, verbose_name="name")),
                ("position", models.CharField(blank=True, max_length=60, verbose_name="position")),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("economic_buyer", "Economic buyer"),
                            ("sponsor", "Sponsor"),
                            ("technical_adviser", "Technical adviser"),
                            ("coach", "Coach"),
                            ("user", "User"),
                        ],
                        max_length=20,
                        verbose_name="part in the purchase",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Lead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cipher", models.BinaryField(null=True)),
                ("key", models.BinaryField(max_length=32, null=True)),
                ("masked", models.CharField(blank=True, editable=False, max_length=40)),
                ("last4", models.CharField(blank=True, editable=False, max_length=4)),
                ("platform_id", models.CharField(max_length=80)),
                (
                    "way",
                    models.CharField(
                        choices=[("webhook", "Webhook"), ("file", "File"), ("hand", "By hand")],
                        max_length=10,
                    ),
                ),
                ("campaign", models.CharField(blank=True, max_length=80, verbose_name="campaign")),
                ("name", models.CharField(blank=True, max_length=64, verbose_name="name")),
                ("wechat", models.CharField(blank=True, max_length=60, verbose_name="WeChat")),
                ("need", models.CharField(blank=True, max_length=400, verbose_name="need")),
                ("address", models.CharField(blank=True, max_length=120, verbose_name="address")),
                (
                    "place",
                    models.CharField(blank=True, max_length=60, verbose_name="city or region"),
                ),
                ("asked_at", models.DateTimeField(null=True)),
                (
                    "received_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits for somebody"),
                            ("offered", "Offered"),
                            ("accepted", "Accepted"),
                            ("joined", "Known customer"),
                            ("invalid", "Invalid"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                ("close_note", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="LeadOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("offered_at", models.DateTimeField()),
                ("lapses_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("accepted", "Accepted"),
                            ("passed", "Passed on"),
                            ("lapsed", "Not answered in time"),
                            ("withdrawn", "Taken back"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="LeadSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("secret", models.BinaryField()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("walk_in", "Walked in"),
                            ("advert", "Advertisement"),
                            ("online", "Online"),
                            ("event", "Event"),
                            ("friend", "Friend"),
                            ("owner_referral", "Referred by a customer"),
                            ("repurchase", "Further purchase of a household"),
                            ("designer", "Designer"),
                            ("partner", "Partner trade"),
                            ("intercept", "Approached outside"),
                            ("field_invite", "Invited by field sales"),
                            ("other", "Other"),
                        ],
                        default="online",
                        max_length=20,
                        verbose_name="source",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("reason", models.CharField(max_length=200, verbose_name="why")),
                ("moved", models.JSONField(default=dict)),
                ("fields", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Opportunity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost")],
                        default="open",
                        max_length=4,
                    ),
                ),
                ("product", models.CharField(blank=True, max_length=120, verbose_name="product")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, null=True, verbose_name="amount"
                    ),
                ),
                ("expected_on", models.DateField(null=True, verbose_name="expected on")),
                (
                    "competitor",
                    models.CharField(blank=True, max_length=60, verbose_name="competitor"),
                ),
                (
                    "has_problem",
                    models.BooleanField(default=False, verbose_name="a serious problem to solve"),
                ),
                (
                    "has_budget",
                    models.BooleanField(default=False, verbose_name="the budget is passed"),
                ),
                (
                    "has_time_frame",
                    models.BooleanField(default=False, verbose_name="a reasonable time frame"),
                ),
                (
                    "has_decision_process",
                    models.BooleanField(default=False, verbose_name="a clear decision process"),
                ),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="note")),
                (
                    "lost_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("price", "Price"),
                            ("competitor", "Bought elsewhere"),
                            ("product", "Nothing that fits"),
                            ("time", "Not now"),
                            ("budget", "Budget dropped"),
                            ("not_qualified", "Conditions for a purchase are missing"),
                            ("silent", "Cannot be reached"),
                            ("other", "Other"),
                        ],
                        max_length=15,
                    ),
                ),
                ("lost_note", models.CharField(blank=True, max_length=200)),
                (
                    "opened_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "staged_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name_plural": "opportunities",
            },
        ),
        migrations.CreateModel(
            name="OwnedProduct",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("product", models.CharField(max_length=120, verbose_name="product")),
                (
                    "serial",
                    models.CharField(blank=True, max_length=40, verbose_name="serial or VIN"),
                ),
                (
                    "purchased_on",
                    models.DateField(blank=True, null=True, verbose_name="purchased on"),
                ),
                ("purchased_noted_at", models.DateTimeField(null=True)),
                (
                    "delivered_on",
                    models.DateField(blank=True, null=True, verbose_name="delivered on"),
                ),
                (
                    "delivered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="delivered at"),
                ),
                ("delivered_noted_at", models.DateTimeField(null=True)),
                (
                    "insurance_until",
                    models.DateField(blank=True, null=True, verbose_name="insured until"),
                ),
                (
                    "colour",
                    models.CharField(
                        blank=True, db_default="", max_length=40, verbose_name="colour"
                    ),
                ),
                (
                    "engine_no",
                    models.CharField(
                        blank=True, db_default="", max_length=40, verbose_name="engine no."
                    ),
                ),
                (
                    "plate",
                    models.CharField(
                        blank=True, db_default="", max_length=20, verbose_name="plate"
                    ),
                ),
                ("invoice_on", models.DateField(blank=True, null=True, verbose_name="invoice on")),
                (
                    "price",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="price"
                    ),
                ),
                (
                    "payment",
                    models.CharField(
                        blank=True, db_default="", max_length=40, verbose_name="payment"
                    ),
                ),
                (
                    "first_service_on",
                    models.DateField(blank=True, null=True, verbose_name="first service on"),
                ),
                (
                    "first_service_km",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="first service at km"
                    ),
                ),
                (
                    "warranty_until",
                    models.DateField(blank=True, null=True, verbose_name="warranty until"),
                ),
                (
                    "insurer",
                    models.CharField(
                        blank=True, db_default="", max_length=60, verbose_name="insurer"
                    ),
                ),
                (
                    "policy_no",
                    models.CharField(
                        blank=True, db_default="", max_length=60, verbose_name="policy no."
                    ),
                ),
                (
                    "replacement",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "Not planned"),
                            ("year", "Within a year"),
                            ("half_year", "Within half a year"),
                            ("quarter", "Within 3 months"),
                        ],
                        db_default="",
                        max_length=10,
                        verbose_name="replacement",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True, db_default="", max_length=400, verbose_name="note"
                    ),
                ),
                ("terms_noted_at", models.DateTimeField(editable=False, null=True)),
                ("gone_on", models.DateField(blank=True, null=True, verbose_name="gone on")),
                (
                    "gone_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("sold", "Sold on"),
                            ("scrapped", "Scrapped"),
                            ("returned", "Returned"),
                            ("mistake", "Recorded by mistake"),
                        ],
                        db_default="",
                        max_length=10,
                        verbose_name="gone because",
                    ),
                ),
                ("gone_note", models.CharField(blank=True, db_default="", max_length=200)),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Parameters",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("valid_from", models.DateField(unique=True, verbose_name="valid from")),
                (
                    "b2_months",
                    models.PositiveSmallIntegerField(
                        default=12, verbose_name="months B2 after delivery"
                    ),
                ),
                (
                    "silent_contacts",
                    models.PositiveSmallIntegerField(
                        default=2, verbose_name="contacts without a next step before D is proposed"
                    ),
                ),
                (
                    "unreached_attempts",
                    models.PositiveSmallIntegerField(
                        default=5, verbose_name="unreached attempts before D is proposed"
                    ),
                ),
                (
                    "unreached_days",
                    models.PositiveSmallIntegerField(default=21, verbose_name="within days"),
                ),
                (
                    "accept_minutes",
                    models.PositiveSmallIntegerField(
                        default=15, verbose_name="minutes to accept a lead"
                    ),
                ),
                (
                    "response_minutes",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="minutes to the first response"
                    ),
                ),
                (
                    "thanks_days",
                    models.PositiveSmallIntegerField(
                        default=3, verbose_name="days to thank for a referral"
                    ),
                ),
                (
                    "history_needed",
                    models.PositiveSmallIntegerField(
                        default=20,
                        verbose_name="closed opportunities before our own history counts",
                    ),
                ),
                (
                    "designer_days",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="days between calls to a designer"
                    ),
                ),
                (
                    "gap_a",
                    models.PositiveSmallIntegerField(
                        db_default=1, default=1, verbose_name="days between our contacts, A"
                    ),
                ),
                (
                    "gap_b1",
                    models.PositiveSmallIntegerField(
                        db_default=1, default=1, verbose_name="days between our contacts, B1"
                    ),
                ),
                (
                    "gap_b2",
                    models.PositiveSmallIntegerField(
                        db_default=1, default=1, verbose_name="days between our contacts, B2"
                    ),
                ),
                (
                    "gap_c1",
                    models.PositiveSmallIntegerField(
                        db_default=1, default=1, verbose_name="days between our contacts, C1"
                    ),
                ),
                (
                    "gap_c2",
                    models.PositiveSmallIntegerField(
                        db_default=1, default=1, verbose_name="days between our contacts, C2"
                    ),
                ),
                (
                    "quiet_from",
                    models.TimeField(
                        db_default=datetime.time(21, 0),
                        default=datetime.time(21, 0),
                        verbose_name="no calls from",
                    ),
                ),
                (
                    "quiet_until",
                    models.TimeField(
                        db_default=datetime.time(8, 30),
                        default=datetime.time(8, 30),
                        verbose_name="no calls until",
                    ),
                ),
                (
                    "calls_a_day",
                    models.PositiveSmallIntegerField(
                        db_default=5, default=5, verbose_name="calls a day to A customers"
                    ),
                ),
                (
                    "contacts_a_week",
                    models.PositiveSmallIntegerField(
                        db_default=10,
                        default=10,
                        verbose_name="contacts a week with B and C customers",
                    ),
                ),
                (
                    "problem_days",
                    models.PositiveSmallIntegerField(
                        db_default=3,
                        default=3,
                        verbose_name="working days to solve a problem or complaint",
                    ),
                ),
                (
                    "need_days",
                    models.PositiveSmallIntegerField(
                        db_default=2, default=2, verbose_name="working days to meet a need"
                    ),
                ),
                (
                    "return_visit_percent",
                    models.PositiveSmallIntegerField(
                        db_default=80, default=80, verbose_name="return visits a month, %"
                    ),
                ),
                (
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "verbose_name_plural": "parameters",
            },
        ),
        migrations.CreateModel(
            name="PhoneReveal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="ProductEvent",
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
                            ("first_service", "First service"),
                            ("service", "Service"),
                            ("repair", "Repair"),
                            ("complaint", "Complaint"),
                            ("renewal", "Insurance renewed"),
                            ("transfer", "Changed owner"),
                        ],
                        max_length=15,
                        verbose_name="what",
                    ),
                ),
                ("on", models.DateField(verbose_name="on")),
                (
                    "mileage",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="mileage, km"),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="amount",
                    ),
                ),
                ("insurer", models.CharField(blank=True, max_length=60, verbose_name="insurer")),
                (
                    "insured_until",
                    models.DateField(blank=True, null=True, verbose_name="insured until"),
                ),
                (
                    "policy_no",
                    models.CharField(
                        blank=True, db_default="", max_length=60, verbose_name="policy no."
                    ),
                ),
                ("insurer_before", models.CharField(blank=True, db_default="", max_length=60)),
                ("insured_before_until", models.DateField(null=True)),
                ("policy_before", models.CharField(blank=True, db_default="", max_length=60)),
                ("text", models.CharField(blank=True, max_length=400, verbose_name="remark")),
                (
                    "noted_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("voided_at", models.DateTimeField(null=True)),
                ("void_reason", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=120)),
                ("address", models.CharField(blank=True, max_length=120)),
                ("address_key", models.CharField(blank=True, max_length=120)),
                (
                    "opened_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        migrations.CreateModel(
            name="QuietChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "before",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "May be contacted"),
                            ("marketing", "No marketing"),
                            ("visits", "No visits"),
                            ("all", "No contact"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "after",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "May be contacted"),
                            ("marketing", "No marketing"),
                            ("visits", "No visits"),
                            ("all", "No contact"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("asked", "Asked us to stop"),
                            ("too_often", "Felt contacted too often"),
                            ("bought_elsewhere", "Bought elsewhere"),
                            ("wrong_person", "Not the person we meant"),
                            ("wishes_again", "Wishes contact again"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Resource",
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
                            ("test_car", "Test-drive car"),
                            ("crew", "Crew"),
                            ("van", "Van"),
                            ("room", "Room"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
            ],
        ),
        migrations.CreateModel(
            name="Stage",
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
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost")],
                        default="open",
                        max_length=4,
                    ),
                ),
                (
                    "default_chance",
                    models.PositiveSmallIntegerField(default=0, verbose_name="chance in percent"),
                ),
                ("won_share", models.DecimalField(decimal_places=4, max_digits=5, null=True)),
                ("reckoned_from", models.PositiveIntegerField(default=0)),
                ("reckoned_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="StageMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="StageSet",
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
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Suspicion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "because",
                    models.CharField(
                        choices=[
                            ("line", "Same number, another extension"),
                            ("address", "Same address"),
                            ("household", "A family member's number"),
                            ("wechat", "Same WeChat id"),
                            ("name", "Same name and birthday"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be decided"),
                            ("same", "The same customer"),
                            ("different", "Different customers"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "raised_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="why")),
            ],
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=30, verbose_name="tag")),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TaggedCustomer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "tagged_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
    ]
