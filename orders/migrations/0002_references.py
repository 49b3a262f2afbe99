"""What the tables know of each other and of other rooms, and what watches over their rows."""

import datetime

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from core.migrating import Together


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("orders", "0002_take_deposits"),
        ("orders", "0003_deposits_are_payments"),
        ("orders", "0004_orders_in_full"),
        ("orders", "0005_tell_of_orders_handed_over"),
        ("orders", "0007_name_buyers"),
        ("orders", "0008_take_own_mistakes_back"),
        ("orders", "0009_keep_the_promised_day"),
        ("orders", "0010_know_imported_money"),
        ("orders", "0011_list_quotes_newest_first"),
        ("orders", "0013_list_orders_of_designers"),
        ("orders", "0014_look_through_own_orders"),
        ("orders", "0015_find_orders_among_many"),
    ]

    dependencies = [
        ("core", "0002_references"),
        ("customers", "0002_references"),
        ("filings", "0002_references"),
        ("followups", "0001_tables"),
        ("orders", "0001_tables"),
        ("staff", "0001_tables"),
        ("stock", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            [
                migrations.AddField(
                    model_name="account",
                    name="set_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="bill",
                    name="changed_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="commissionentry",
                    name="designer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commissions",
                        to="customers.designer",
                    ),
                ),
                migrations.AddField(
                    model_name="commissionentry",
                    name="noted_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="credit",
                    name="contacted_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="credit",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credits",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="credit",
                    name="handler",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credits_handled",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="handled by",
                    ),
                ),
                migrations.AddField(
                    model_name="credit",
                    name="made_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="credituse",
                    name="asked_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="credituse",
                    name="credit",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="orders.credit",
                    ),
                ),
                migrations.AddField(
                    model_name="credituse",
                    name="done_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="credituse",
                    name="refused_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="datechange",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="dayend",
                    name="closed_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="dayend",
                    name="store",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="day_ends",
                        to="staff.store",
                    ),
                ),
                migrations.AddField(
                    model_name="delivery",
                    name="noted_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries_noted",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="delivery",
                    name="photo",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                migrations.AddField(
                    model_name="delivery",
                    name="product",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.ownedproduct",
                    ),
                ),
                migrations.AddField(
                    model_name="delivery",
                    name="voided_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="deliveryline",
                    name="delivery",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="orders.delivery",
                    ),
                ),
                migrations.AddField(
                    model_name="deliveryline",
                    name="product",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.ownedproduct",
                    ),
                ),
                migrations.AddField(
                    model_name="due",
                    name="disputed_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="incident",
                    name="case",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="followups.case",
                    ),
                ),
                migrations.AddField(
                    model_name="incident",
                    name="opened_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="incident",
                    name="solved_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="introduction",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="introductions",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="introduction",
                    name="designer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="introductions",
                        to="customers.designer",
                    ),
                ),
                migrations.AddField(
                    model_name="introduction",
                    name="noted_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="look",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="look",
                    name="person",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="milestone",
                    name="reached_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="order",
                    name="clerk",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="order clerk",
                    ),
                ),
                migrations.AddField(
                    model_name="order",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="order",
                    name="designer",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="customers.designer",
                        verbose_name="designer",
                    ),
                ),
                migrations.AddField(
                    model_name="order",
                    name="project",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="customers.project",
                    ),
                ),
                migrations.AddField(
                    model_name="order",
                    name="released_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="order",
                    name="seller",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="order",
                    name="store",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="staff.store",
                    ),
                ),
                migrations.AddField(
                    model_name="milestone",
                    name="order",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="milestones",
                        to="orders.order",
                    ),
                ),
                migrations.AddField(
                    model_name="look",
                    name="order",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="looks",
                        to="orders.order",
                    ),
                ),
                migrations.AddField(
                    model_name="incident",
                    name="order",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="orders.order",
                    ),
                ),
                migrations.AddField(
                    model_name="due",
                    name="order",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dues",
                        to="orders.order",
                    ),
                ),
                migrations.AddField(
                    model_name="delivery",
                    name="order",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="orders.order",
                    ),
                ),
                migrations.AddField(
                    model_name="datechange",
                    name="order",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="date_changes",
                        to="orders.order",
                    ),
                ),
                migrations.AddField(
                    model_name="credituse",
                    name="order",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offsets",
                        to="orders.order",
                    ),
                ),
                migrations.AddField(
                    model_name="credit",
                    name="order",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credits",
                        to="orders.order",
                    ),
                ),
                migrations.AddField(
                    model_name="commissionentry",
                    name="order",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commissions",
                        to="orders.order",
                    ),
                ),
                migrations.AddField(
                    model_name="orderevent",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="orderevent",
                    name="order",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.order",
                    ),
                ),
                migrations.AddField(
                    model_name="orderfile",
                    name="added_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="orderfile",
                    name="file",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                migrations.AddField(
                    model_name="orderfile",
                    name="order",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="orders.order",
                    ),
                ),
                migrations.AddField(
                    model_name="orderfile",
                    name="removed_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="orderline",
                    name="order",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="orders.order",
                    ),
                ),
                migrations.AddField(
                    model_name="orderline",
                    name="special_price",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="filings.specialpriceline",
                    ),
                ),
                migrations.AddField(
                    model_name="orderline",
                    name="style",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stock.style",
                    ),
                ),
                migrations.AddField(
                    model_name="orderevent",
                    name="line",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="orders.orderline",
                    ),
                ),
                migrations.AddField(
                    model_name="milestone",
                    name="line",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="milestones",
                        to="orders.orderline",
                    ),
                ),
                migrations.AddField(
                    model_name="incident",
                    name="line",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incidents",
                        to="orders.orderline",
                    ),
                ),
                migrations.AddField(
                    model_name="deliveryline",
                    name="line",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="orders.orderline",
                    ),
                ),
                migrations.AddField(
                    model_name="datechange",
                    name="line",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="date_changes",
                        to="orders.orderline",
                    ),
                ),
                migrations.AddField(
                    model_name="orderterms",
                    name="changed_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="payment",
                    name="confirmed_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="payment",
                    name="order",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="orders.order",
                    ),
                ),
                migrations.AddField(
                    model_name="payment",
                    name="returned_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="payment",
                    name="taken_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments_taken",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken by",
                    ),
                ),
                migrations.AddField(
                    model_name="bill",
                    name="payment",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bill",
                        to="orders.payment",
                    ),
                ),
                migrations.AddField(
                    model_name="quote",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotes",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="quote",
                    name="project",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotes",
                        to="customers.project",
                    ),
                ),
                migrations.AddField(
                    model_name="quote",
                    name="seller",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="quote",
                    name="store",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quotes",
                        to="staff.store",
                    ),
                ),
                migrations.AddField(
                    model_name="order",
                    name="quote",
                    field=models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="order",
                        to="orders.quote",
                    ),
                ),
                migrations.AddField(
                    model_name="quoteline",
                    name="quote",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="orders.quote",
                    ),
                ),
                migrations.AddField(
                    model_name="quoteline",
                    name="special_price",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="filings.specialpriceline",
                    ),
                ),
                migrations.AddField(
                    model_name="quoteline",
                    name="style",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stock.style",
                    ),
                ),
                migrations.AddField(
                    model_name="return",
                    name="asked_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="return",
                    name="case",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="followups.case",
                    ),
                ),
                migrations.AddField(
                    model_name="return",
                    name="credit",
                    field=models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="goods_back",
                        to="orders.credit",
                    ),
                ),
                migrations.AddField(
                    model_name="return",
                    name="decided_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="return",
                    name="line",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="orders.orderline",
                    ),
                ),
                migrations.AddField(
                    model_name="return",
                    name="new_line",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.orderline",
                    ),
                ),
                migrations.AddField(
                    model_name="return",
                    name="order",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="orders.order",
                    ),
                ),
                migrations.AddField(
                    model_name="commissionentry",
                    name="goods_back",
                    field=models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claw_back",
                        to="orders.return",
                    ),
                ),
                migrations.AddField(
                    model_name="slip",
                    name="image",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                migrations.AddField(
                    model_name="slip",
                    name="noted_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="slip",
                    name="order",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slips",
                        to="orders.order",
                    ),
                ),
                migrations.AddField(
                    model_name="slip",
                    name="payment",
                    field=models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slip",
                        to="orders.payment",
                    ),
                ),
                migrations.AddField(
                    model_name="slip",
                    name="settled_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="statement",
                    name="confirmed_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="statement",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="statement",
                    name="made_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="account",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("is_held", False),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="held_account_says_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="account",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("credit_limit", None), ("credit_limit__gte", 0), _connector="OR"
                        ),
                        name="credit_limit_is_not_negative",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dayend",
                    constraint=models.UniqueConstraint(
                        fields=("store", "day"), name="one_day_end_a_day"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="introduction",
                    constraint=models.UniqueConstraint(
                        fields=("designer", "customer"), name="one_introduction_a_customer"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="introduction",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("accessories_rate__range", (0, 100)),
                            ("furniture_rate__range", (0, 100)),
                        ),
                        name="introduction_rates_are_percentages",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="look",
                    constraint=models.UniqueConstraint(
                        fields=("order", "person"), name="one_look_an_order_and_person"
                    ),
                ),
                migrations.AddIndex(
                    model_name="due",
                    index=models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["due_on"],
                        name="due_by_day",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="due",
                    constraint=models.UniqueConstraint(
                        fields=("order", "position"), name="one_due_a_position"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="due",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="due_is_positive"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="due",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "on_day"), _negated=True),
                            ("due_on__isnull", False),
                            _connector="OR",
                        ),
                        name="due_on_a_day_has_it",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="due",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("dispute_reason", ""), ("disputed_at", None), ("disputed_by", None)
                            ),
                            models.Q(
                                ("disputed_at__isnull", False),
                                ("disputed_by__isnull", False),
                                models.Q(("dispute_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="disputed_due_says_who_and_why",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="due",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_order_id_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE ids bigint[];",
                            func="SELECT array_agg(order_id) INTO ids FROM (SELECT order_id FROM new_rows) owner WHERE order_id IS NOT NULL; IF ids IS NOT NULL THEN PERFORM orders_keep(ids); END IF; RETURN NULL;",
                            hash="9072c3dc68e550b710283a13d899f9e6bfca6e24",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keep_order_id_insert_1ebfa",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_due",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="due",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_order_id_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE ids bigint[];",
                            func="SELECT array_agg(order_id) INTO ids FROM (SELECT order_id FROM new_rows UNION SELECT order_id FROM old_rows) owner WHERE order_id IS NOT NULL; IF ids IS NOT NULL THEN PERFORM orders_keep(ids); END IF; RETURN NULL;",
                            hash="a998838cbf6f0073a41b73ba3562554fa83e763e",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_keep_order_id_update_cdae8",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_due",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="due",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_order_id_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE ids bigint[];",
                            func="SELECT array_agg(order_id) INTO ids FROM (SELECT order_id FROM old_rows) owner WHERE order_id IS NOT NULL; IF ids IS NOT NULL THEN PERFORM orders_keep(ids); END IF; RETURN NULL;",
                            hash="d4e905a42bd281cecff5b46f9d273a94c9da9922",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_keep_order_id_delete_8c3e8",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_due",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="delivery",
                    index=models.Index(fields=["order", "-delivered_on"], name="delivery_of_order"),
                ),
                migrations.AddIndex(
                    model_name="delivery",
                    index=models.Index(
                        condition=models.Q(("voided_at", None)),
                        fields=["delivered_on"],
                        name="delivery_by_day",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="delivery",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("void_reason", ""), ("voided_at", None), ("voided_by", None)),
                            models.Q(
                                ("voided_at__isnull", False),
                                ("voided_by__isnull", False),
                                models.Q(("void_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="voided_delivery_says_who_and_why",
                    ),
                ),
                migrations.AddIndex(
                    model_name="credituse",
                    index=models.Index(
                        condition=models.Q(
                            ("done_at", None), ("kind", "refund"), ("refused_at", None)
                        ),
                        fields=["asked_at"],
                        name="refund_asked",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="credituse",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="credit_use_is_positive"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="credituse",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("done_at__isnull", False),
                                ("kind", "offset"),
                                ("order__isnull", False),
                                models.Q(("consent", ""), _negated=True),
                            ),
                            models.Q(("kind", "refund"), ("order", None)),
                            _connector="OR",
                        ),
                        name="offset_has_order_and_consent",
                        violation_error_message="An offset needs the other order and the customer's yes.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="credituse",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at", None), ("done_by", None)),
                            models.Q(
                                ("done_at__isnull", False),
                                ("done_by__isnull", False),
                                ("refused_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="done_credit_use_has_who",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="credituse",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "refund"), _negated=True),
                            ("done_at", None),
                            models.Q(
                                models.Q(("method", ""), _negated=True),
                                models.Q(("voucher", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="done_refund_has_way_and_voucher",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="credituse",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "offset"),
                            ("done_by", None),
                            models.Q(("done_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_refunds_what_they_asked_for",
                        violation_error_message="Somebody else pays out a refund that you asked for.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="credituse",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("refuse_reason", ""), ("refused_at", None), ("refused_by", None)
                            ),
                            models.Q(
                                ("refused_at__isnull", False),
                                ("refused_by__isnull", False),
                                models.Q(("refuse_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="refused_refund_says_who_and_why",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="credituse",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_order_id_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE ids bigint[];",
                            func="SELECT array_agg(order_id) INTO ids FROM (SELECT order_id FROM new_rows) owner WHERE order_id IS NOT NULL; IF ids IS NOT NULL THEN PERFORM orders_keep(ids); END IF; RETURN NULL;",
                            hash="e8e959a989ce880811aa7d7f28f6b0f5c94533a6",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keep_order_id_insert_3ed49",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_credituse",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="credituse",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_order_id_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE ids bigint[];",
                            func="SELECT array_agg(order_id) INTO ids FROM (SELECT order_id FROM new_rows UNION SELECT order_id FROM old_rows) owner WHERE order_id IS NOT NULL; IF ids IS NOT NULL THEN PERFORM orders_keep(ids); END IF; RETURN NULL;",
                            hash="8a4bc387c9ccabb581475660d94296db37fa663c",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_keep_order_id_update_525a4",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_credituse",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="credituse",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_order_id_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE ids bigint[];",
                            func="SELECT array_agg(order_id) INTO ids FROM (SELECT order_id FROM old_rows) owner WHERE order_id IS NOT NULL; IF ids IS NOT NULL THEN PERFORM orders_keep(ids); END IF; RETURN NULL;",
                            hash="99e2cd87b7dc4486a1b2ff1ee6d66a9ad5694818",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_keep_order_id_delete_68509",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_credituse",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="credituse",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_credit_id_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE ids bigint[];",
                            func="SELECT array_agg(credit_id) INTO ids FROM (SELECT credit_id FROM new_rows) owner WHERE credit_id IS NOT NULL; IF ids IS NOT NULL THEN PERFORM orders_keep_credits(ids); END IF; RETURN NULL;",
                            hash="18fa5d39af58a33f4c042348caf33a53ca4c78c3",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keep_credit_id_insert_a9ffa",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_credituse",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="credituse",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_credit_id_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE ids bigint[];",
                            func="SELECT array_agg(credit_id) INTO ids FROM (SELECT credit_id FROM new_rows UNION SELECT credit_id FROM old_rows) owner WHERE credit_id IS NOT NULL; IF ids IS NOT NULL THEN PERFORM orders_keep_credits(ids); END IF; RETURN NULL;",
                            hash="e41058924f0e8e8283336cc541f907712ebb2667",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_keep_credit_id_update_6f4be",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_credituse",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="credituse",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_credit_id_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE ids bigint[];",
                            func="SELECT array_agg(credit_id) INTO ids FROM (SELECT credit_id FROM old_rows) owner WHERE credit_id IS NOT NULL; IF ids IS NOT NULL THEN PERFORM orders_keep_credits(ids); END IF; RETURN NULL;",
                            hash="053b669cc3b376b541804ede8c5fb1b7f5564250",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_keep_credit_id_delete_eee0b",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_credituse",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="credit",
                    index=models.Index(
                        fields=["customer", "-changed_on"], name="credit_of_customer"
                    ),
                ),
                migrations.AddIndex(
                    model_name="credit",
                    index=models.Index(
                        condition=models.Q(("used__lt", models.F("amount"))),
                        fields=["refundable_from", "id"],
                        name="credit_open_by_due",
                    ),
                ),
                migrations.AddIndex(
                    model_name="credit",
                    index=models.Index(fields=["-changed_on", "-id"], name="credit_newest"),
                ),
                migrations.AddConstraint(
                    model_name="credit",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)),
                        name="credit_is_positive",
                        violation_error_message="The credit is more than 0.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="credit",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("used__gte", 0), ("used__lte", models.F("amount"))),
                        name="credit_is_used_once",
                        violation_error_message="More than this credit is given back.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="credit",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("contact_note", ""), ("contacted_at", None), ("contacted_by", None)
                            ),
                            models.Q(
                                ("contacted_at__isnull", False),
                                ("contacted_by__isnull", False),
                                models.Q(("contact_note", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="credit_contact_has_who_and_what",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="credit",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_order_id_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE ids bigint[];",
                            func="SELECT array_agg(order_id) INTO ids FROM (SELECT order_id FROM new_rows) owner WHERE order_id IS NOT NULL; IF ids IS NOT NULL THEN PERFORM orders_keep(ids); END IF; RETURN NULL;",
                            hash="934dc11b4d66e7ddacc37e388c46fd1fd2e1ed57",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keep_order_id_insert_f4602",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_credit",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="credit",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_order_id_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE ids bigint[];",
                            func="SELECT array_agg(order_id) INTO ids FROM (SELECT order_id FROM new_rows UNION SELECT order_id FROM old_rows) owner WHERE order_id IS NOT NULL; IF ids IS NOT NULL THEN PERFORM orders_keep(ids); END IF; RETURN NULL;",
                            hash="55cc931dc08e13106bf9bf9c40801ed21c1419e0",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_keep_order_id_update_7ab7c",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_credit",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="credit",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_order_id_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE ids bigint[];",
                            func="SELECT array_agg(order_id) INTO ids FROM (SELECT order_id FROM old_rows) owner WHERE order_id IS NOT NULL; IF ids IS NOT NULL THEN PERFORM orders_keep(ids); END IF; RETURN NULL;",
                            hash="0b08e2f4bfe0d39a744c3793a99d4153693d7ec8",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_keep_order_id_delete_72b26",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_credit",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="orderfile",
                    index=models.Index(fields=["order", "-added_at"], name="file_of_order"),
                ),
                migrations.AddConstraint(
                    model_name="orderfile",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("removed_at", None), ("removed_by", None)),
                            models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="order_file_removal_has_who",
                    ),
                ),
                migrations.AddIndex(
                    model_name="orderline",
                    index=models.Index(
                        condition=models.Q(("state__in", ["submitted", "in_production"])),
                        fields=["arrives_on"],
                        name="line_awaited",
                    ),
                ),
                migrations.AddIndex(
                    model_name="orderline",
                    index=models.Index(
                        condition=models.Q(("supply", "floor_sample")),
                        fields=["order"],
                        name="line_of_floor_sample",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_price__gte", 0), ("list_price__gte", 0), ("qty__gt", 0)
                        ),
                        name="orderline_has_pieces_and_prices",
                        violation_error_message="A line has at least one piece, and no price under 0.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("floor_price", None),
                            ("agreed_price__gte", models.F("floor_price")),
                            ("special_price__isnull", False),
                            _connector="OR",
                        ),
                        name="orderline_under_floor_has_number",
                        violation_error_message="A price under the floor needs an approved special price.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderline",
                    constraint=models.UniqueConstraint(
                        fields=("order", "position"), name="one_line_a_position"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("delivered_qty__lte", models.F("qty"))),
                        name="no_more_delivered_than_ordered",
                        violation_error_message="More is delivered than was ordered.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="orderline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("returned_qty__lte", models.F("delivered_qty"))),
                        name="no_more_returned_than_delivered",
                        violation_error_message="More comes back than was delivered.",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_order_id_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE ids bigint[];",
                            func="SELECT array_agg(order_id) INTO ids FROM (SELECT order_id FROM new_rows) owner WHERE order_id IS NOT NULL; IF ids IS NOT NULL THEN PERFORM orders_keep(ids); END IF; RETURN NULL;",
                            hash="e692b013a3f8443686f9ba0c71430100abdcd41a",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keep_order_id_insert_86533",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_orderline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_order_id_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE ids bigint[];",
                            func="SELECT array_agg(order_id) INTO ids FROM (SELECT order_id FROM new_rows UNION SELECT order_id FROM old_rows) owner WHERE order_id IS NOT NULL; IF ids IS NOT NULL THEN PERFORM orders_keep(ids); END IF; RETURN NULL;",
                            hash="dd3ce47cfe40ac32ad8c261ddcbe71d04e030f57",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_keep_order_id_update_d74e6",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_orderline",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderline",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_order_id_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE ids bigint[];",
                            func="SELECT array_agg(order_id) INTO ids FROM (SELECT order_id FROM old_rows) owner WHERE order_id IS NOT NULL; IF ids IS NOT NULL THEN PERFORM orders_keep(ids); END IF; RETURN NULL;",
                            hash="9918cb33208c3020e1f1bae6e3203c1bef584b0d",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_keep_order_id_delete_f8d2e",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_orderline",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="orderevent",
                    index=models.Index(fields=["order", "-at", "-id"], name="event_of_order"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="event_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="7ed33b902c0bb14e81a9f62b4d672d48feb0cc5f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_event_stays_564c3",
                            table="orders_orderevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="orderevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="events_never_emptied",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot truncate % table', TG_TABLE_NAME;",
                            hash="94c8a10212a3e05cc58e5831108534f57d12ed9d",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_events_never_emptied_68e1a",
                            table="orders_orderevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="milestone",
                    constraint=models.UniqueConstraint(
                        fields=("order", "line", "kind"),
                        name="one_milestone_a_kind",
                        nulls_distinct=False,
                    ),
                ),
                migrations.AddConstraint(
                    model_name="milestone",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reached_by", None), ("reached_on", None)),
                            models.Q(("reached_by__isnull", False), ("reached_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="reached_milestone_has_who",
                    ),
                ),
                migrations.AddIndex(
                    model_name="incident",
                    index=models.Index(
                        condition=models.Q(("solved_at", None)),
                        fields=["order"],
                        name="incident_open_of_order",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="incident",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("remedy", ""), ("solved_at", None), ("solved_by", None)),
                            models.Q(
                                ("solved_at__isnull", False),
                                ("solved_by__isnull", False),
                                models.Q(("remedy", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="solved_incident_says_who_and_how",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="deliveryline",
                    constraint=models.UniqueConstraint(
                        fields=("delivery", "line"), name="line_once_a_delivery"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="deliveryline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("qty__gt", 0)), name="delivered_pieces"
                    ),
                ),
                migrations.AddIndex(
                    model_name="datechange",
                    index=models.Index(fields=["order", "-at"], name="date_change_of_order"),
                ),
                migrations.AddIndex(
                    model_name="payment",
                    index=models.Index(fields=["-taken_at", "-id"], name="payment_newest"),
                ),
                migrations.AddIndex(
                    model_name="payment",
                    index=models.Index(fields=["taken_by", "-taken_at"], name="payment_of_person"),
                ),
                migrations.AddIndex(
                    model_name="payment",
                    index=models.Index(
                        condition=models.Q(("confirmed_at", None), ("returned_at", None)),
                        fields=["taken_at"],
                        name="payment_to_confirm",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="payment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)),
                        name="payment_is_positive",
                        violation_error_message="The amount is more than 0.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="payment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", None)),
                            models.Q(
                                ("confirmed_at__isnull", False), ("confirmed_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="payment_confirmed_has_who",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="payment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(("confirmed_by", models.F("taken_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_confirms_the_own_payment",
                        violation_error_message="Somebody else confirms a payment that you recorded.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="payment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("return_reason", ""), ("returned_at", None), ("returned_by", None)
                            ),
                            models.Q(
                                ("returned_at__isnull", False),
                                ("returned_by__isnull", False),
                                models.Q(("return_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="payment_returned_has_who_and_why",
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
                pgtrigger.migrations.AddTrigger(
                    model_name="payment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_order_id_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE ids bigint[];",
                            func="SELECT array_agg(order_id) INTO ids FROM (SELECT order_id FROM new_rows) owner WHERE order_id IS NOT NULL; IF ids IS NOT NULL THEN PERFORM orders_keep(ids); END IF; RETURN NULL;",
                            hash="54326f003fcbac392e374dc575de52121e1a0c41",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_keep_order_id_insert_8fed8",
                            referencing="REFERENCING NEW TABLE AS new_rows ",
                            table="orders_payment",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="payment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_order_id_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE ids bigint[];",
                            func="SELECT array_agg(order_id) INTO ids FROM (SELECT order_id FROM new_rows UNION SELECT order_id FROM old_rows) owner WHERE order_id IS NOT NULL; IF ids IS NOT NULL THEN PERFORM orders_keep(ids); END IF; RETURN NULL;",
                            hash="fe5a5bbf10db0c83a7a0c84168c6f0e2653bfc90",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_keep_order_id_update_ebff9",
                            referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                            table="orders_payment",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="payment",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_order_id_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE ids bigint[];",
                            func="SELECT array_agg(order_id) INTO ids FROM (SELECT order_id FROM old_rows) owner WHERE order_id IS NOT NULL; IF ids IS NOT NULL THEN PERFORM orders_keep(ids); END IF; RETURN NULL;",
                            hash="08b296351bd9b77c9a11249a03507edc6d811cef",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_keep_order_id_delete_2f9cb",
                            referencing="REFERENCING OLD TABLE AS old_rows ",
                            table="orders_payment",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="bill",
                    index=models.Index(
                        condition=models.Q(("state", "held")),
                        fields=["due_on"],
                        name="bill_in_hand",
                    ),
                ),
                migrations.AddIndex(
                    model_name="quote",
                    index=models.Index(fields=["customer", "-quoted_at"], name="quote_of_customer"),
                ),
                migrations.AddIndex(
                    model_name="quote",
                    index=models.Index(
                        fields=["store", "-quoted_at", "-id"], name="quote_of_store"
                    ),
                ),
                migrations.AddIndex(
                    model_name="quote",
                    index=models.Index(
                        fields=["seller", "-quoted_at", "-id"], name="quote_of_seller"
                    ),
                ),
                migrations.AddIndex(
                    model_name="quote",
                    index=models.Index(fields=["-quoted_at", "-id"], name="quote_newest"),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(fields=["store", "-ordered_on"], name="order_of_store"),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(fields=["-ordered_on", "-id"], name="order_newest"),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        fields=["seller", "-ordered_on", "-id"], name="order_of_seller"
                    ),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        fields=["customer", "-ordered_on"], name="order_of_customer"
                    ),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(fields=["current_on", "id"], name="order_by_planned_day"),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        models.OrderBy(models.F("amount"), nulls_first=True),
                        models.F("id"),
                        name="order_by_amount",
                    ),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        condition=models.Q(
                            ("state__in", ("received", "checked", "confirmed", "delivered"))
                        ),
                        fields=["-ordered_on", "-id"],
                        name="order_open",
                    ),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        condition=models.Q(
                            ("state__in", ("received", "checked", "confirmed", "delivered"))
                        ),
                        fields=["seller"],
                        name="order_open_of_seller",
                    ),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("buyer", "gin_trgm_ops"),
                        name="order_by_buyer",
                    ),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("number"), "varchar_pattern_ops"
                        ),
                        name="order_by_number",
                    ),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        condition=models.Q(("designer__isnull", False)),
                        fields=["designer", "-ordered_on"],
                        name="order_of_designer",
                    ),
                ),
                migrations.AddIndex(
                    model_name="order",
                    index=models.Index(
                        condition=models.Q(("designer__isnull", False)),
                        fields=["-ordered_on", "-id"],
                        name="order_with_designer",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("paid__gte", 0),
                            models.Q(
                                ("amount", None), ("paid__lte", models.F("amount")), _connector="OR"
                            ),
                        ),
                        name="nobody_pays_more_than_is_owed",
                        violation_error_message="More is paid than this order costs.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("original_amount", None),
                            ("amount", None),
                            ("original_amount", models.F("amount")),
                            models.Q(("difference_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="difference_from_original_says_why",
                        violation_error_message="Say why the amount differs from the original.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "confirmed"), _negated=True),
                            models.Q(("amount__isnull", False), ("promised_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="confirmed_order_has_its_amount_and_day",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["settled", "archived"]), _negated=True),
                            models.Q(
                                ("amount", models.F("paid")),
                                ("settled_at__isnull", False),
                                ("unconfirmed", 0),
                            ),
                            _connector="OR",
                        ),
                        name="settled_order_is_paid",
                        violation_error_message="An order with money open is not settled.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("release_reason", ""), ("released_at", None), ("released_by", None)
                            ),
                            models.Q(
                                ("released_at__isnull", False),
                                ("released_by__isnull", False),
                                models.Q(("release_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="released_order_says_by_whom_and_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("cancelled_at__isnull", False),
                                ("state", "cancelled"),
                                models.Q(("cancel_reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "cancelled"), _negated=True),
                                ("cancelled_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="cancelled_order_says_why",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="keep_due_before",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."current_on" IS DISTINCT FROM (NEW."current_on"))',
                            func="PERFORM orders_keep(ARRAY[NEW.id]); RETURN NULL;",
                            hash="1dbf1a263276b11edd6bb002494d55b15978d74e",
                            operation="UPDATE",
                            pgid="pgtrigger_keep_due_before_5c14d",
                            table="orders_order",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="order",
                    trigger=pgtrigger.compiler.Trigger(
                        name="promise_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."confirmed_at" IS NOT NULL AND OLD."promised_on" IS DISTINCT FROM (NEW."promised_on") AND OLD."promised_on" IS NOT NULL)',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="59e27c331320c49745fb54f9df897fa8165b0d9f",
                            operation="UPDATE",
                            pgid="pgtrigger_promise_stays_5e078",
                            table="orders_order",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quoteline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_price__gte", 0), ("list_price__gte", 0), ("qty__gt", 0)
                        ),
                        name="quoteline_has_pieces_and_prices",
                        violation_error_message="A line has at least one piece, and no price under 0.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quoteline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("floor_price", None),
                            ("agreed_price__gte", models.F("floor_price")),
                            ("special_price__isnull", False),
                            _connector="OR",
                        ),
                        name="quoteline_under_floor_has_number",
                        violation_error_message="A price under the floor needs an approved special price.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="quoteline",
                    constraint=models.UniqueConstraint(
                        fields=("quote", "position"), name="one_line_a_quote_position"
                    ),
                ),
                migrations.AddIndex(
                    model_name="return",
                    index=models.Index(fields=["order", "-asked_on"], name="return_of_order"),
                ),
                migrations.AddIndex(
                    model_name="return",
                    index=models.Index(fields=["-asked_on", "-id"], name="return_newest"),
                ),
                migrations.AddConstraint(
                    model_name="return",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0), ("qty__gt", 0)),
                        name="return_has_pieces",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="return",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None), ("decided_by", None), ("state", "asked")
                            ),
                            models.Q(
                                models.Q(("state", "asked"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="decided_return_has_who",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="return",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("state", "refused"), _negated=True), ("is_within", True)
                            ),
                            ("state", "asked"),
                            models.Q(("decision_note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="refused_or_late_return_says_why",
                        violation_error_message="Say why it is refused, or why it is taken so late.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="return",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_decides_the_own_return",
                        violation_error_message="Somebody else decides a return that you asked for.",
                    ),
                ),
                migrations.AddIndex(
                    model_name="commissionentry",
                    index=models.Index(fields=["designer", "-on"], name="commission_of_designer"),
                ),
                migrations.AddIndex(
                    model_name="commissionentry",
                    index=models.Index(fields=["order"], name="commission_of_order"),
                ),
                migrations.AddConstraint(
                    model_name="commissionentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="commission_is_positive"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="commissionentry",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("goods_back__isnull", False), ("kind", "clawed_back")),
                            models.Q(
                                ("goods_back", None),
                                ("kind", "paid"),
                                models.Q(("voucher", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="claw_back_names_its_return",
                        violation_error_message="A payment of commission has a voucher.",
                    ),
                ),
                migrations.AddIndex(
                    model_name="slip",
                    index=models.Index(fields=["order", "-noted_at"], name="slip_of_order"),
                ),
                migrations.AddConstraint(
                    model_name="slip",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="slip_is_positive"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="slip",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("settled_at", None), ("settled_by", None), ("settled_note", "")
                            ),
                            models.Q(("settled_at__isnull", False), ("settled_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="slip_settled_has_who",
                    ),
                ),
                migrations.AddIndex(
                    model_name="statement",
                    index=models.Index(
                        fields=["customer", "-made_at"], name="statement_of_customer"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="statement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="statement_ends_after_it_starts",
                    ),
                ),
            ]
        ),
    ]
