"""The tables, as they stand after all that was changed before the first release."""

from decimal import Decimal

import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [("filings", "0001_initial")]

    dependencies = [
        ("core", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Appeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=1000, verbose_name="why")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting"),
                            ("upheld", "The ruling stands"),
                            ("changed", "The ruling was changed"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Deal",
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
                        choices=[("deposit", "Deposit"), ("signed", "Signed order")],
                        default="deposit",
                        max_length=10,
                    ),
                ),
                ("order_no", models.CharField(blank=True, max_length=40, verbose_name="order no.")),
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
                ("is_cross_approved", models.BooleanField(default=False)),
                ("is_repeat", models.BooleanField(db_default=False, default=False)),
                ("is_new_project", models.BooleanField(default=False)),
                ("is_doubted", models.BooleanField(default=False)),
                ("is_contested", models.BooleanField(db_default=False, default=False)),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_reason", models.CharField(blank=True, max_length=200, verbose_name="why")),
                ("keeps_slot", models.BooleanField(db_default=False, default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Dispute",
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
                            ("contested", "Contested"),
                            ("same_person", "Perhaps one customer"),
                            ("same_second", "Filed in the same second"),
                            ("new_project", "New project to be checked"),
                            ("cross_region", "Between regions"),
                            ("buyer", "Bought from us before"),
                            ("circumstances", "Special circumstances open"),
                        ],
                        max_length=15,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be decided"),
                            ("proof", "Waiting for proof"),
                            ("decided", "Decided"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "question",
                    models.CharField(blank=True, max_length=400, verbose_name="what is disputed"),
                ),
                (
                    "opened_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "proof_note",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="what is to be proved"
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                ("close_note", models.CharField(blank=True, max_length=200)),
                ("version", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rank",
                    models.CharField(
                        choices=[
                            ("1_record", "Record of the system"),
                            ("2_dated", "Attachment with a time of its own"),
                            ("3_statement", "Statement"),
                            ("4_paper", "Paper note"),
                        ],
                        max_length=15,
                    ),
                ),
                (
                    "text",
                    models.CharField(blank=True, max_length=1000, verbose_name="what it shows"),
                ),
                ("dated_at", models.DateTimeField(null=True, verbose_name="its own time")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="ExtensionRequest",
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
                            ("limit", "Longer time to measure"),
                            ("silence", "Special circumstances"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("decoration", "Decoration is delayed"),
                            ("travel", "The customer is travelling"),
                            ("not_handed_over", "The home is not handed over yet"),
                            ("other", "Something else"),
                        ],
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                (
                    "text",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="more about the reason"
                    ),
                ),
                ("wanted_until", models.DateField(verbose_name="wanted until")),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("held_until", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting"),
                            ("granted", "Granted"),
                            ("refused", "Refused"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_until", models.DateField(null=True)),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="why")),
            ],
        ),
        migrations.CreateModel(
            name="Filing",
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
                        choices=[("store", "Store"), ("field", "Field sales")],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("acquired_at", models.DateTimeField(verbose_name="data obtained at")),
                (
                    "noted_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("submitted_at", models.DateTimeField(null=True, verbose_name="filed at")),
                (
                    "invalid",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("INCOMPLETE", "Incomplete"),
                            ("AFTER_DEAL", "Filed after the deal"),
                            ("LATE_24H", "Filed too late"),
                            ("OUT_OF_SCOPE", "Outside the scope of filing"),
                            ("CROSS_REGION", "Another region's customer"),
                            ("LATER_FILER", "Filed by somebody before"),
                            ("OVER_QUOTA", "Over the quota"),
                            ("REVIEW_REJECTED", "Rejected on review"),
                            ("VOIDED", "Filed by mistake"),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_out_of_scope", models.BooleanField(default=False)),
                ("is_new_project", models.BooleanField(default=False)),
                (
                    "project_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="why a new project"),
                ),
                ("is_from_pool", models.BooleanField(default=False)),
                ("is_imported", models.BooleanField(default=False)),
                (
                    "notes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("bare_house", "House without a door number"),
                                ("company", "Company: building and department for a door"),
                                ("address_known", "Perhaps somebody else's customer"),
                                ("same_second", "Filed in the same second as another"),
                                ("refiled", "Filed again by the same person"),
                                (
                                    "kin_number",
                                    "The number belongs to somebody close to a filed customer",
                                ),
                                (
                                    "knew_longer",
                                    "Had the customer's data before, for another project",
                                ),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                (
                    "cross_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                "2.1",
                                "2.1 A design institute or group unifies the design of a new product",
                            ),
                            ("2.2", "2.2 Unified tender, separate purchases"),
                            ("2.3", "2.3 The owner uses, an agent buys"),
                        ],
                        max_length=20,
                        verbose_name="reason to file across regions",
                    ),
                ),
                (
                    "cross_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("asked", "Waiting"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "said",
                    models.JSONField(
                        blank=True, db_default=models.Value({}, models.JSONField()), default=dict
                    ),
                ),
                (
                    "withdrawn",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("rejected", "Rejected on review"),
                            ("voided", "Filed by mistake"),
                            ("merged", "The other card's filing came first"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "ended",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("RELEASED_D", "Released"),
                            ("VOID_15D", "Not measured in time"),
                            ("LAPSED_10D", "Lapsed by silence"),
                        ],
                        max_length=12,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                ("acted_at", models.DateTimeField(null=True, verbose_name="last followed up")),
                ("update_due_at", models.DateTimeField(null=True, verbose_name="follow up by")),
                (
                    "protected_until",
                    models.DateTimeField(null=True, verbose_name="protected until"),
                ),
                ("limit_at", models.DateTimeField(null=True, verbose_name="measure by")),
                ("measured_at", models.DateTimeField(null=True, verbose_name="measured")),
                ("extended", models.PositiveSmallIntegerField(default=0)),
                (
                    "review_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("pending", "Waiting"),
                            ("proof", "Proof demanded"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                        ],
                        max_length=10,
                        verbose_name="review",
                    ),
                ),
                ("review_due_at", models.DateTimeField(null=True)),
                ("reviewed_at", models.DateTimeField(null=True)),
                (
                    "review_note",
                    models.CharField(blank=True, max_length=200, verbose_name="note of the review"),
                ),
                ("escalated_at", models.DateTimeField(null=True)),
                ("warned_of", models.DateTimeField(null=True)),
                ("lapse_noted_at", models.DateTimeField(null=True)),
                ("told_free_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="FilingEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("filed", "Filed"),
                            ("contacted", "Followed up"),
                            ("contact_voided", "A follow-up was taken back"),
                            ("measured", "Measured"),
                            ("asked", "Extension asked for"),
                            ("answered", "Extension decided"),
                            ("reviewed", "Reviewed"),
                            ("released", "Released"),
                            ("resumed", "Release taken back"),
                            ("withdrawn", "Withdrawn"),
                            ("joined", "Over: another filing of this home stands"),
                            ("handed_over", "Handed over"),
                            ("dealt", "Deposit taken"),
                            ("undone", "Deposit returned"),
                            ("credited", "Credit decided"),
                            ("confirmed", "New project confirmed"),
                        ],
                        max_length=15,
                    ),
                ),
                ("occurred_at", models.DateTimeField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("code", models.CharField(blank=True, max_length=20)),
                ("is_imported", models.BooleanField(db_default=False, default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Measuring",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="place")),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="measurements")),
            ],
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("is_on", models.BooleanField(default=True, verbose_name="leads are filed")),
                (
                    "file_within_hours",
                    models.PositiveSmallIntegerField(default=24, verbose_name="hours to file"),
                ),
                (
                    "update_days",
                    models.PositiveSmallIntegerField(default=3, verbose_name="days to follow up"),
                ),
                (
                    "protection_days",
                    models.PositiveSmallIntegerField(default=10, verbose_name="days of protection"),
                ),
                (
                    "field_limit_days",
                    models.PositiveSmallIntegerField(
                        default=15, verbose_name="days to measure or take a deposit, field sales"
                    ),
                ),
                (
                    "field_quota",
                    models.PositiveSmallIntegerField(
                        default=20, verbose_name="filings a month, field sales"
                    ),
                ),
                (
                    "extension_days",
                    models.PositiveSmallIntegerField(
                        db_default=15, default=15, verbose_name="days of an extension"
                    ),
                ),
                (
                    "extensions",
                    models.PositiveSmallIntegerField(
                        db_default=1, default=1, verbose_name="extensions of one filing"
                    ),
                ),
                (
                    "request_working_days",
                    models.PositiveSmallIntegerField(
                        db_default=2,
                        default=2,
                        verbose_name="working days for which a request holds",
                    ),
                ),
                (
                    "review_working_days",
                    models.PositiveSmallIntegerField(
                        db_default=1, default=1, verbose_name="working days to review a filing"
                    ),
                ),
                (
                    "update_warn_days",
                    models.PositiveSmallIntegerField(
                        db_default=1, default=1, verbose_name="warned of the follow-up, days before"
                    ),
                ),
                (
                    "protection_warn_days",
                    models.PositiveSmallIntegerField(
                        db_default=2,
                        default=2,
                        verbose_name="warned of the end of protection, days before",
                    ),
                ),
                (
                    "limit_warn_days",
                    models.PositiveSmallIntegerField(
                        db_default=2,
                        default=2,
                        verbose_name="warned of the limit to measure, days before",
                    ),
                ),
                (
                    "claim_days",
                    models.PositiveSmallIntegerField(
                        db_default=3, default=3, verbose_name="days to contest after a deal"
                    ),
                ),
                (
                    "release_wait_hours",
                    models.PositiveSmallIntegerField(
                        db_default=24,
                        default=24,
                        verbose_name="hours before filing again what one released",
                    ),
                ),
                (
                    "refile_wait_days",
                    models.PositiveSmallIntegerField(
                        db_default=7,
                        default=7,
                        verbose_name="days before filing again what one took back",
                    ),
                ),
                (
                    "claims_a_day",
                    models.PositiveSmallIntegerField(
                        db_default=0,
                        default=0,
                        verbose_name="taken from the pool a day, 0 without limit",
                    ),
                ),
                (
                    "most_held",
                    models.PositiveSmallIntegerField(
                        db_default=0,
                        default=0,
                        verbose_name="filings held at once, 0 without limit",
                    ),
                ),
                (
                    "min_deposit",
                    models.DecimalField(
                        db_default=Decimal("0"),
                        decimal_places=2,
                        default=Decimal("0"),
                        max_digits=12,
                        verbose_name="smallest deposit that settles",
                    ),
                ),
                (
                    "report_after_lapse_days",
                    models.PositiveSmallIntegerField(
                        db_default=0,
                        default=0,
                        verbose_name="days in which a lapse can still be reported, 0 none",
                    ),
                ),
                (
                    "roll_over_holidays",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        verbose_name="a limit on a day off moves to the next working day",
                    ),
                ),
                (
                    "quote_before_review",
                    models.BooleanField(
                        db_default=True,
                        default=True,
                        verbose_name="quoting goes on while a filing is reviewed",
                    ),
                ),
                (
                    "lapse_test",
                    models.CharField(
                        choices=[
                            ("silence", "Silence longer than the days of protection"),
                            ("missed_update", "An update missed within the days of protection"),
                        ],
                        db_default="silence",
                        default="silence",
                        max_length=15,
                        verbose_name="what loses a filing",
                    ),
                ),
                (
                    "lapse_by",
                    models.CharField(
                        choices=[
                            ("filing", "A colleague's deposit or filing"),
                            ("deposit", "A colleague's deposit only"),
                        ],
                        db_default="filing",
                        default="filing",
                        max_length=15,
                        verbose_name="what ends a silent filing",
                    ),
                ),
                (
                    "store_needs",
                    models.CharField(
                        choices=[
                            ("all", "Name, phone, detailed address, need and expected date"),
                            ("name_phone", "Name and phone"),
                        ],
                        db_default="all",
                        default="all",
                        max_length=15,
                        verbose_name="complete, stores",
                    ),
                ),
                (
                    "field_needs",
                    models.CharField(
                        choices=[
                            ("all", "Name, phone, detailed address, need and expected date"),
                            ("name_phone", "Name and phone"),
                        ],
                        db_default="all",
                        default="all",
                        max_length=15,
                        verbose_name="complete, field sales",
                    ),
                ),
                (
                    "late_tested_at",
                    models.CharField(
                        choices=[
                            ("completion", "When the filing is complete"),
                            ("name_phone", "When name and phone were written down"),
                        ],
                        db_default="completion",
                        default="completion",
                        max_length=15,
                        verbose_name="the hours are tested",
                    ),
                ),
                (
                    "cross_region_sale",
                    models.CharField(
                        choices=[
                            ("record", "It is recorded, and the credit goes home"),
                            ("block", "It is refused unless a manager agrees"),
                        ],
                        db_default="record",
                        default="record",
                        max_length=15,
                        verbose_name="deposit in another region",
                    ),
                ),
                (
                    "refill_month",
                    models.CharField(
                        choices=[
                            ("deal", "The month of the deal"),
                            ("filing", "The month of the filing"),
                        ],
                        db_default="deal",
                        default="deal",
                        max_length=15,
                        verbose_name="a deal frees a slot in",
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=200, verbose_name="why"
                    ),
                ),
                (
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "verbose_name_plural": "policies",
            },
        ),
        migrations.CreateModel(
            name="Protection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("withdrawn", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Ruling",
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
                            ("deposit", "At the deposit"),
                            ("dispute", "On a dispute"),
                            ("appeal", "On appeal"),
                            ("reversal", "The deposit was returned"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("auto", "Decided by the rules"),
                            ("adjudicate", "A person decides"),
                        ],
                        max_length=12,
                    ),
                ),
                ("is_home_region", models.BooleanField(default=False)),
                ("shares", models.JSONField(default=list)),
                (
                    "clauses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), size=None
                    ),
                ),
                ("statuses", models.JSONField(default=dict)),
                (
                    "flags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("reasons", models.JSONField(default=list)),
                ("facts", models.JSONField(default=dict)),
                ("text", models.CharField(blank=True, max_length=2000, verbose_name="reason")),
                ("at", models.DateTimeField()),
                ("previous_hash", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True)),
                ("rulings", models.PositiveIntegerField()),
                ("hash", models.CharField(max_length=64)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="SpecialPrice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=400, verbose_name="reason")),
                ("valid_until", models.DateField(verbose_name="valid until")),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting"),
                            ("approved", "Approved"),
                            ("refused", "Refused"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="why")),
            ],
        ),
        migrations.CreateModel(
            name="SpecialPriceLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("product", models.CharField(max_length=120, verbose_name="product")),
                (
                    "list_price",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="list price"),
                ),
                (
                    "floor_price",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        verbose_name="floor price",
                    ),
                ),
                (
                    "wished_price",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="price asked for"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Violation",
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
                            ("after_deal", "Filed after the deal"),
                            ("over_quota", "Filed over the quota"),
                            ("late", "Filed too late"),
                            ("back_dated", "Follow-up entered too late"),
                            ("cross_region_filing", "Filed across regions"),
                            ("cross_region_sale", "Sold across regions"),
                            ("update_missed", "Update missed"),
                            ("copied_note", "Same words as the contact before"),
                            ("refiled", "Filed again soon after taking back or releasing"),
                            ("other_number", "Another number of a filed customer"),
                            ("returned_slot", "Slot used of a deposit that was returned"),
                            ("handed_at_limit", "Handed over shortly before the limit"),
                        ],
                        max_length=25,
                    ),
                ),
                ("moment", models.DateTimeField(verbose_name="when")),
                (
                    "noted_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("cleared_at", models.DateTimeField(null=True)),
                (
                    "clear_note",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="why it counts no more"
                    ),
                ),
            ],
        ),
    ]
