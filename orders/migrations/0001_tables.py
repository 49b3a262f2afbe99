"""The tables, as they stand after all that was changed before the first release."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [("orders", "0001_initial")]

    dependencies = [
        ("core", "0001_tables"),
        ("customers", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, verbose_name="bill no.")),
                ("bank", models.CharField(max_length=60, verbose_name="bank")),
                ("due_on", models.DateField(verbose_name="due on")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "In hand"),
                            ("discounted", "Discounted"),
                            ("honoured", "Honoured"),
                            ("bounced", "Bounced"),
                        ],
                        default="held",
                        max_length=10,
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CommissionEntry",
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
                        choices=[("paid", "Paid"), ("clawed_back", "Clawed back")], max_length=12
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount"),
                ),
                ("on", models.DateField(verbose_name="on")),
                (
                    "voucher",
                    models.CharField(blank=True, max_length=40, verbose_name="voucher no."),
                ),
                (
                    "noted_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("key", models.UUIDField(editable=False, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Credit",
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
                            ("fewer", "Fewer items"),
                            ("exchanged", "Exchanged"),
                            ("cheaper", "Price lowered"),
                            ("returned", "Goods returned"),
                            ("cancelled", "Order cancelled"),
                            ("difference", "Difference made good"),
                        ],
                        max_length=12,
                        verbose_name="change",
                    ),
                ),
                ("changed_on", models.DateField(verbose_name="changed on")),
                (
                    "before",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, verbose_name="amount before"
                    ),
                ),
                (
                    "after",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, verbose_name="amount after"
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="credit"),
                ),
                ("refundable_from", models.DateField(verbose_name="refundable from")),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("contacted_at", models.DateTimeField(null=True, verbose_name="contacted")),
                (
                    "contact_note",
                    models.CharField(blank=True, max_length=200, verbose_name="what was said"),
                ),
                ("used", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("key", models.UUIDField(editable=False, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="CreditUse",
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
                        choices=[("offset", "Offset"), ("refund", "Refunded")], max_length=10
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount"),
                ),
                (
                    "consent",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="how the customer agreed"
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("wechat", "WeChat Pay"),
                            ("alipay", "Alipay"),
                            ("card", "Bank card"),
                            ("transfer", "Transfer"),
                            ("cash", "Cash"),
                            ("cheque", "Cheque"),
                            ("acceptance", "Bank acceptance"),
                        ],
                        max_length=10,
                        verbose_name="refunded by",
                    ),
                ),
                (
                    "voucher",
                    models.CharField(blank=True, max_length=40, verbose_name="voucher no."),
                ),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("done_at", models.DateTimeField(null=True)),
                ("refused_at", models.DateTimeField(null=True)),
                ("refuse_reason", models.CharField(blank=True, max_length=200, verbose_name="why")),
                ("key", models.UUIDField(editable=False, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="DateChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "which",
                    models.CharField(
                        choices=[
                            ("wished", "Wished by the customer"),
                            ("current", "Planned delivery"),
                            ("eta", "Expected arrival"),
                        ],
                        max_length=10,
                    ),
                ),
                ("before_on", models.DateField(null=True)),
                ("after_on", models.DateField(null=True)),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("supplier", "Supplier"),
                            ("production", "Production"),
                            ("logistics", "Logistics"),
                            ("customer", "Wish of the customer"),
                            ("site", "Home not ready"),
                            ("unpaid", "Not paid"),
                            ("ours", "Our mistake"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                        verbose_name="why",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="DayEnd",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("orders", models.PositiveIntegerField()),
                ("ordered", models.DecimalField(decimal_places=2, max_digits=16)),
                ("payments", models.PositiveIntegerField()),
                ("received", models.DecimalField(decimal_places=2, max_digits=16)),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="note")),
                (
                    "closed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("delivered_on", models.DateField(verbose_name="delivered on")),
                ("delivered_at", models.DateTimeField(null=True, verbose_name="delivered at")),
                ("signed_by", models.CharField(max_length=64, verbose_name="signed for by")),
                (
                    "checked",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("clean", "Clean"),
                                ("faultless", "Without faults"),
                                ("documents", "Papers handed over"),
                                ("keys", "Keys handed over"),
                                ("complete", "Complete"),
                                ("undamaged", "Undamaged"),
                                ("installed", "Installed"),
                                ("explained", "Use explained"),
                            ],
                            max_length=12,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="note")),
                (
                    "noted_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("installed_on", models.DateField(null=True, verbose_name="installed on")),
                ("voided_at", models.DateTimeField(null=True)),
                ("void_reason", models.CharField(blank=True, max_length=200, verbose_name="why")),
                ("key", models.UUIDField(editable=False, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="DeliveryLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("qty", models.PositiveIntegerField(verbose_name="quantity")),
                (
                    "serial",
                    models.CharField(blank=True, max_length=40, verbose_name="serial or VIN"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Due",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ordered", "With the order"),
                            ("before_delivery", "Before delivery"),
                            ("on_delivery", "On delivery"),
                            ("on_day", "On a day"),
                            ("month_end", "End of the month of delivery"),
                        ],
                        max_length=16,
                        verbose_name="due",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount"),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                ("disputed_at", models.DateTimeField(null=True)),
                (
                    "dispute_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="what is disputed"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Incident",
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
                            ("lost", "Lost"),
                            ("damaged", "Damaged"),
                            ("wrong", "Wrong goods"),
                            ("short", "Out of stock"),
                            ("delayed", "Delayed"),
                        ],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                ("note", models.CharField(max_length=400, verbose_name="what happened")),
                (
                    "opened_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("solved_at", models.DateTimeField(null=True)),
                (
                    "remedy",
                    models.CharField(blank=True, max_length=400, verbose_name="how it was mended"),
                ),
                ("key", models.UUIDField(editable=False, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Introduction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("introduced_on", models.DateField(verbose_name="introduced on")),
                (
                    "furniture_rate",
                    models.DecimalField(
                        decimal_places=2, max_digits=5, verbose_name="commission on furniture, %"
                    ),
                ),
                (
                    "accessories_rate",
                    models.DecimalField(
                        decimal_places=2, max_digits=5, verbose_name="commission on accessories, %"
                    ),
                ),
                (
                    "noted_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("looked_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Milestone",
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
                            ("checked", "Checked"),
                            ("confirmed", "Confirmed"),
                            ("signed", "Signed"),
                            ("allocated", "Allocated"),
                            ("submitted", "Submitted"),
                            ("in_production", "In production"),
                            ("arrived", "Arrived"),
                            ("ready", "Ready"),
                            ("shipped", "Shipped"),
                            ("delivered", "Delivered"),
                            ("installed", "Installed"),
                            ("settled", "Settled"),
                            ("archived", "Archived"),
                        ],
                        max_length=15,
                    ),
                ),
                ("planned_on", models.DateField(null=True, verbose_name="planned")),
                ("reached_on", models.DateField(null=True, verbose_name="reached")),
            ],
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="order no.")),
                (
                    "buyer",
                    models.CharField(blank=True, db_default="", max_length=64, verbose_name="name"),
                ),
                ("ordered_on", models.DateField(verbose_name="ordered on")),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("checked", "Checked"),
                            ("confirmed", "Confirmed"),
                            ("delivered", "Delivered"),
                            ("settled", "Settled"),
                            ("archived", "Archived"),
                            ("cancelled", "Cancelled"),
                        ],
                        db_default="received",
                        default="received",
                        max_length=10,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("in_store", "In the store"),
                            ("phone", "By phone"),
                            ("fax", "By fax"),
                            ("mail", "By mail"),
                            ("wechat", "By WeChat"),
                        ],
                        db_default="in_store",
                        default="in_store",
                        max_length=10,
                        verbose_name="came",
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        blank=True, db_default="", max_length=120, verbose_name="delivered to"
                    ),
                ),
                (
                    "terms",
                    models.CharField(
                        choices=[
                            ("prepaid", "Prepaid: all before delivery"),
                            ("on_delivery", "On delivery"),
                            ("instalments", "Instalments"),
                            ("monthly", "Monthly terms"),
                        ],
                        db_default="prepaid",
                        default="prepaid",
                        max_length=12,
                        verbose_name="terms",
                    ),
                ),
                (
                    "promised_on",
                    models.DateField(blank=True, null=True, verbose_name="promised for"),
                ),
                ("wished_on", models.DateField(blank=True, null=True, verbose_name="wished for")),
                ("current_on", models.DateField(blank=True, null=True, verbose_name="planned for")),
                (
                    "original_amount",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="amount on the customer's original",
                    ),
                ),
                (
                    "difference_reason",
                    models.CharField(
                        blank=True, db_default="", max_length=200, verbose_name="why it differs"
                    ),
                ),
                (
                    "remark",
                    models.CharField(
                        blank=True, db_default="", max_length=400, verbose_name="remark"
                    ),
                ),
                ("letter_sent_at", models.DateTimeField(null=True)),
                (
                    "letter_way",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_store", "In the store"),
                            ("phone", "By phone"),
                            ("fax", "By fax"),
                            ("mail", "By mail"),
                            ("wechat", "By WeChat"),
                        ],
                        db_default="",
                        max_length=10,
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(null=True, verbose_name="confirmed by the customer"),
                ),
                ("signed_on", models.DateField(null=True, verbose_name="signed on")),
                (
                    "crew",
                    models.CharField(blank=True, db_default="", max_length=80, verbose_name="crew"),
                ),
                (
                    "time_window",
                    models.CharField(
                        blank=True, db_default="", max_length=40, verbose_name="time of day"
                    ),
                ),
                (
                    "preparation",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("loading", "Loading"),
                                ("installation", "Installation"),
                                ("lift", "Lift"),
                                ("stairs", "Carried up"),
                                ("old_away", "Old pieces taken away"),
                            ],
                            max_length=15,
                        ),
                        blank=True,
                        db_default=[],
                        default=list,
                        size=None,
                    ),
                ),
                ("released_at", models.DateTimeField(null=True)),
                (
                    "release_reason",
                    models.CharField(
                        blank=True, db_default="", max_length=200, verbose_name="why it is released"
                    ),
                ),
                ("delivered_on", models.DateField(null=True, verbose_name="delivered on")),
                ("settled_at", models.DateTimeField(null=True)),
                ("archived_at", models.DateTimeField(null=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
                (
                    "cancel_reason",
                    models.CharField(
                        blank=True,
                        db_default="",
                        max_length=200,
                        verbose_name="why it is cancelled",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, null=True, verbose_name="amount"
                    ),
                ),
                (
                    "paid",
                    models.DecimalField(
                        db_default=0,
                        decimal_places=2,
                        default=0,
                        max_digits=14,
                        verbose_name="paid",
                    ),
                ),
                (
                    "unconfirmed",
                    models.DecimalField(db_default=0, decimal_places=2, default=0, max_digits=14),
                ),
                (
                    "due_before",
                    models.DecimalField(db_default=0, decimal_places=2, default=0, max_digits=14),
                ),
                ("lines_all", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("lines_submitted", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("lines_arrived", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("lines_delivered", models.PositiveSmallIntegerField(db_default=0, default=0)),
            ],
        ),
        migrations.CreateModel(
            name="OrderEvent",
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
                            ("received", "Order received"),
                            ("lines_placed", "Lines written down"),
                            ("line_changed", "A line was changed"),
                            ("line_cancelled", "A line was cancelled"),
                            ("details_changed", "Details changed"),
                            ("compared", "Compared with the customer's original"),
                            ("checked", "Order checked"),
                            ("letter_sent", "Confirmation letter sent"),
                            ("confirmed", "Confirmed by the customer"),
                            ("signed", "Order signed"),
                            ("allocated", "Line allocated"),
                            ("submitted", "Line submitted"),
                            ("in_production", "Line in production"),
                            ("arrived", "Goods arrived"),
                            ("ready", "Goods ready"),
                            ("shipped", "Goods shipped"),
                            ("taken_back", "A step of a line was taken back"),
                            ("date_changed", "A date was changed"),
                            ("incident", "Something went wrong"),
                            ("incident_solved", "What went wrong was mended"),
                            ("planned", "Delivery planned"),
                            ("released", "Delivery released by a manager"),
                            ("delivered", "Delivered"),
                            ("delivery_corrected", "Date of the delivery corrected"),
                            ("delivery_voided", "Delivery taken back as a mistake"),
                            ("installed", "Installed"),
                            ("paid", "Payment recorded"),
                            ("payment_confirmed", "Payment confirmed"),
                            ("payment_returned", "Payment given back"),
                            ("bill_moved", "A bill was discounted, honoured or bounced"),
                            ("slip_noted", "Remittance slip noted"),
                            ("slip_settled", "Difference of a slip settled"),
                            ("terms_changed", "Terms of payment changed"),
                            ("credit_made", "Credit for the customer"),
                            ("credit_contacted", "Customer asked about the credit"),
                            ("refund_asked", "Refund asked for"),
                            ("refund_refused", "Refund refused"),
                            ("credit_used", "Credit offset against another order"),
                            ("credit_refunded", "Credit refunded"),
                            ("return_asked", "Return or exchange asked for"),
                            ("return_decided", "Return or exchange decided"),
                            ("return_settled", "Return or exchange settled"),
                            ("commission_paid", "Commission paid"),
                            ("commission_clawed_back", "Commission clawed back"),
                            ("file_added", "Paper attached"),
                            ("settled", "Settled with finance"),
                            ("archived", "Archived"),
                            ("cancelled", "Order cancelled"),
                            ("handed_over", "Handed to another salesperson"),
                            ("imported", "Brought in from the shop's system"),
                        ],
                        max_length=25,
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("params", models.JSONField(default=dict)),
                ("note", models.CharField(blank=True, max_length=400)),
            ],
        ),
        migrations.CreateModel(
            name="OrderFile",
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
                            ("original", "The customer's own order"),
                            ("signed", "Signed order"),
                            ("contract", "Contract"),
                            ("slip", "Remittance slip"),
                            ("handover", "Signed delivery note"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("caption", models.CharField(blank=True, max_length=120, verbose_name="caption")),
                (
                    "added_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("removed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("product", models.CharField(max_length=120, verbose_name="product")),
                ("spec", models.CharField(blank=True, max_length=80, verbose_name="spec")),
                ("colour", models.CharField(blank=True, max_length=40, verbose_name="colour")),
                ("qty", models.PositiveIntegerField(verbose_name="quantity")),
                (
                    "list_price",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="list price"),
                ),
                (
                    "agreed_price",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="agreed price"
                    ),
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
                ("is_accessory", models.BooleanField(default=False, verbose_name="accessory")),
                (
                    "amount",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            models.F("qty"), "*", models.F("agreed_price")
                        ),
                        output_field=models.DecimalField(decimal_places=2, max_digits=14),
                    ),
                ),
                (
                    "remark",
                    models.CharField(blank=True, max_length=200, verbose_name="asked and noted"),
                ),
                (
                    "supply",
                    models.CharField(
                        choices=[
                            ("stock", "Stock"),
                            ("purchase", "Purchase"),
                            ("production", "Production"),
                            ("floor_sample", "Floor sample"),
                        ],
                        max_length=15,
                        verbose_name="from",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be allocated"),
                            ("allocated", "Allocated"),
                            ("submitted", "Submitted"),
                            ("in_production", "In production"),
                            ("arrived", "Arrived"),
                            ("ready", "Ready"),
                            ("shipped", "Shipped"),
                            ("delivered", "Delivered"),
                            ("cancelled", "Cancelled"),
                        ],
                        db_default="open",
                        default="open",
                        max_length=15,
                    ),
                ),
                (
                    "po_no",
                    models.CharField(blank=True, max_length=40, verbose_name="purchase order no."),
                ),
                ("arrives_on", models.DateField(blank=True, null=True, verbose_name="expected")),
                ("carrier", models.CharField(blank=True, max_length=60, verbose_name="carrier")),
                (
                    "tracking_no",
                    models.CharField(blank=True, max_length=60, verbose_name="tracking no."),
                ),
                (
                    "delivered_qty",
                    models.PositiveIntegerField(db_default=0, default=0, verbose_name="delivered"),
                ),
                (
                    "returned_qty",
                    models.PositiveIntegerField(db_default=0, default=0, verbose_name="returned"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OrderTerms",
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
                        unique=True,
                    ),
                ),
                (
                    "slip_band",
                    models.DecimalField(
                        decimal_places=2,
                        default=0,
                        max_digits=10,
                        verbose_name="tolerance of a slip, ¥",
                    ),
                ),
                (
                    "check_days",
                    models.PositiveSmallIntegerField(
                        default=7, verbose_name="paid days before delivery"
                    ),
                ),
                (
                    "credit_days",
                    models.PositiveSmallIntegerField(
                        default=28, verbose_name="credit refundable after days"
                    ),
                ),
                (
                    "return_days",
                    models.PositiveSmallIntegerField(default=7, verbose_name="returns within days"),
                ),
                (
                    "hold_after_days",
                    models.PositiveSmallIntegerField(
                        default=31, verbose_name="shipments held when overdue by days"
                    ),
                ),
                (
                    "monthly_days",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="monthly terms: days"
                    ),
                ),
                (
                    "claw_back_percent",
                    models.PositiveSmallIntegerField(
                        default=90, verbose_name="commission taken back, %"
                    ),
                ),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name="Payment",
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
                        choices=[("deposit", "Deposit"), ("payment", "Payment")],
                        db_default="deposit",
                        default="deposit",
                        max_length=10,
                    ),
                ),
                ("payer", models.CharField(max_length=64, verbose_name="received from")),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="amount"),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("wechat", "WeChat Pay"),
                            ("alipay", "Alipay"),
                            ("card", "Bank card"),
                            ("transfer", "Transfer"),
                            ("cash", "Cash"),
                            ("cheque", "Cheque"),
                            ("acceptance", "Bank acceptance"),
                        ],
                        max_length=10,
                        verbose_name="paid by",
                    ),
                ),
                ("taken_at", models.DateTimeField(verbose_name="taken at")),
                ("key", models.UUIDField(editable=False, unique=True)),
                (
                    "note",
                    models.CharField(
                        blank=True, db_default="", max_length=200, verbose_name="note"
                    ),
                ),
                ("is_imported", models.BooleanField(db_default=False, default=False)),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="confirmed")),
                ("returned_at", models.DateTimeField(null=True, verbose_name="returned")),
                ("return_reason", models.CharField(blank=True, max_length=200, verbose_name="why")),
            ],
        ),
        migrations.CreateModel(
            name="Quote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="quote no.")),
                (
                    "buyer",
                    models.CharField(blank=True, db_default="", max_length=64, verbose_name="name"),
                ),
                (
                    "quoted_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        verbose_name="quoted at",
                    ),
                ),
                ("valid_until", models.DateField(verbose_name="valid until")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("ordered", "Ordered"),
                            ("declined", "Declined"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("remark", models.CharField(blank=True, max_length=400, verbose_name="remark")),
                (
                    "declined_reason",
                    models.CharField(blank=True, max_length=200, verbose_name="why"),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount"),
                ),
                ("key", models.UUIDField(editable=False, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="QuoteLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("product", models.CharField(max_length=120, verbose_name="product")),
                ("spec", models.CharField(blank=True, max_length=80, verbose_name="spec")),
                ("colour", models.CharField(blank=True, max_length=40, verbose_name="colour")),
                ("qty", models.PositiveIntegerField(verbose_name="quantity")),
                (
                    "list_price",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="list price"),
                ),
                (
                    "agreed_price",
                    models.DecimalField(
                        decimal_places=2, max_digits=12, verbose_name="agreed price"
                    ),
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
                ("is_accessory", models.BooleanField(default=False, verbose_name="accessory")),
                (
                    "amount",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.expressions.CombinedExpression(
                            models.F("qty"), "*", models.F("agreed_price")
                        ),
                        output_field=models.DecimalField(decimal_places=2, max_digits=14),
                    ),
                ),
                (
                    "remark",
                    models.CharField(blank=True, max_length=200, verbose_name="asked and noted"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Return",
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
                        choices=[("return", "Return"), ("exchange", "Exchange")], max_length=10
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("customer", "Customer changed their mind"),
                            ("quality", "Quality"),
                            ("damaged", "Damaged"),
                            ("wrong", "Wrong goods"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="why",
                    ),
                ),
                ("qty", models.PositiveIntegerField(verbose_name="quantity")),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount"),
                ),
                ("asked_on", models.DateField(verbose_name="asked for on")),
                ("is_within", models.BooleanField()),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="note")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked for"),
                            ("agreed", "Agreed"),
                            ("refused", "Refused"),
                            ("settled", "Settled"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_note", models.CharField(blank=True, max_length=200, verbose_name="why")),
                ("settled_on", models.DateField(null=True)),
                ("key", models.UUIDField(editable=False, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Slip",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("payer", models.CharField(max_length=64, verbose_name="payer")),
                ("bank", models.CharField(max_length=60, verbose_name="bank")),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount"),
                ),
                ("paid_on", models.DateField(verbose_name="paid on")),
                ("compared_with", models.DecimalField(decimal_places=2, max_digits=14)),
                ("band", models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("passed", "Passed"),
                            ("within_band", "Passed within the tolerance"),
                            ("short", "Short"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "noted_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "settled_note",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="how the difference was settled"
                    ),
                ),
                ("key", models.UUIDField(editable=False, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="until")),
                (
                    "balance",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="balance"),
                ),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(null=True, verbose_name="confirmed by the customer"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_monthly", models.BooleanField(default=False, verbose_name="monthly terms")),
                (
                    "credit_limit",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="credit limit, ¥",
                    ),
                ),
                ("is_held", models.BooleanField(default=False, verbose_name="deliveries held")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="why")),
                (
                    "set_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="account",
                        to="customers.customer",
                    ),
                ),
            ],
        ),
    ]
