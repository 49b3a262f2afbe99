"""Whoever took a payment takes a mistake back within ten minutes (decision 12)."""

import datetime

import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0007_name_buyers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="payment",
            name="nobody_returns_the_own_payment",
        ),
        migrations.AlterField(
            model_name="orderevent",
            name="kind",
            field=models.CharField(
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
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("returned_by", None),
                    models.Q(("returned_by", models.F("taken_by")), _negated=True),
                    models.Q(
                        ("confirmed_at", None),
                        (
                            "returned_at__lte",
                            django.db.models.expressions.CombinedExpression(
                                models.F("taken_at"),
                                "+",
                                models.Value(datetime.timedelta(seconds=600)),
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="nobody_returns_the_own_payment",
                violation_error_message="Somebody else returns a payment that you took.",
            ),
        ),
    ]
