"""What the tables know of each other and of other rooms, and what watches over their rows."""

import django.contrib.postgres.constraints
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from core.migrating import Together


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("filings", "0003_measuring_done"),
        ("filings", "0004_file_leads"),
        ("filings", "0005_bring_filings_in"),
        ("filings", "0006_hold_deals_that_were_contested"),
        ("filings", "0007_nobody_decides_the_own"),
        ("filings", "0008_keep_used_slots"),
        ("filings", "0009_note_who_knew_longer"),
        ("filings", "0010_keep_what_was_said"),
        ("filings", "0011_never_emptied"),
        ("filings", "0012_know_repeats_and_own_regions"),
    ]

    dependencies = [
        ("customers", "0002_references"),
        ("filings", "0001_tables"),
        ("staff", "0001_tables"),
        ("stock", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            [
                migrations.AddField(
                    model_name="appeal",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="appeal",
                    name="decided_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="deal",
                    name="closer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deals_closed",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken by",
                    ),
                ),
                migrations.AddField(
                    model_name="deal",
                    name="credited_to",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deals",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="credited to",
                    ),
                ),
                migrations.AddField(
                    model_name="deal",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deals",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="deal",
                    name="keeper",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="deal",
                    name="own_region",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.region",
                    ),
                ),
                migrations.AddField(
                    model_name="deal",
                    name="project",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deals",
                        to="customers.project",
                    ),
                ),
                migrations.AddField(
                    model_name="deal",
                    name="refills",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="deal",
                    name="region",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.region",
                    ),
                ),
                migrations.AddField(
                    model_name="deal",
                    name="store",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                    ),
                ),
                migrations.AddField(
                    model_name="deal",
                    name="undone_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="dispute",
                    name="closed_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="dispute",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="dispute",
                    name="deal",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="filings.deal",
                    ),
                ),
                migrations.AddField(
                    model_name="dispute",
                    name="opened_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="dispute",
                    name="project",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="customers.project",
                    ),
                ),
                migrations.AddField(
                    model_name="dispute",
                    name="proof_of",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="dispute",
                    name="suspicion",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="customers.suspicion",
                    ),
                ),
                migrations.AddField(
                    model_name="appeal",
                    name="dispute",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeal",
                        to="filings.dispute",
                    ),
                ),
                migrations.AddField(
                    model_name="evidence",
                    name="attachment",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.attachment",
                    ),
                ),
                migrations.AddField(
                    model_name="evidence",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="evidence",
                    name="dispute",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="filings.dispute",
                    ),
                ),
                migrations.AddField(
                    model_name="extensionrequest",
                    name="asked_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="extensionrequest",
                    name="decided_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="filing",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="filing",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filings",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="filing",
                    name="filer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="filing",
                    name="history_import",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filings",
                        to="customers.historyimport",
                    ),
                ),
                migrations.AddField(
                    model_name="filing",
                    name="holder",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filings",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="filed by",
                    ),
                ),
                migrations.AddField(
                    model_name="filing",
                    name="project",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filings",
                        to="customers.project",
                    ),
                ),
                migrations.AddField(
                    model_name="filing",
                    name="proof",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.attachment",
                    ),
                ),
                migrations.AddField(
                    model_name="filing",
                    name="region",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.region",
                    ),
                ),
                migrations.AddField(
                    model_name="filing",
                    name="reviewed_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="filing",
                    name="store",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filings",
                        to="staff.store",
                        verbose_name="store",
                    ),
                ),
                migrations.AddField(
                    model_name="extensionrequest",
                    name="filing",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="filings.filing",
                    ),
                ),
                migrations.AddField(
                    model_name="deal",
                    name="filing",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deals",
                        to="filings.filing",
                    ),
                ),
                migrations.AddField(
                    model_name="filingevent",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="filingevent",
                    name="contact",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.contact",
                    ),
                ),
                migrations.AddField(
                    model_name="filingevent",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filing_events",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="filingevent",
                    name="deal",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="filings.deal",
                    ),
                ),
                migrations.AddField(
                    model_name="filingevent",
                    name="filing",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="filings.filing",
                    ),
                ),
                migrations.AddField(
                    model_name="filingevent",
                    name="person",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="filingevent",
                    name="project",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.project",
                    ),
                ),
                migrations.AddField(
                    model_name="filingevent",
                    name="request",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="filings.extensionrequest",
                    ),
                ),
                migrations.AddField(
                    model_name="measuring",
                    name="appointment",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measurings",
                        to="customers.appointment",
                    ),
                ),
                migrations.AddField(
                    model_name="measuring",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="measuring",
                    name="contact",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measuring",
                        to="customers.contact",
                    ),
                ),
                migrations.AddField(
                    model_name="measuring",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measurings",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="measuring",
                    name="picture",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.attachment",
                    ),
                ),
                migrations.AddField(
                    model_name="measuring",
                    name="project",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measurings",
                        to="customers.project",
                    ),
                ),
                migrations.AddField(
                    model_name="party",
                    name="dispute",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
                        to="filings.dispute",
                    ),
                ),
                migrations.AddField(
                    model_name="party",
                    name="filing",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="filings.filing",
                    ),
                ),
                migrations.AddField(
                    model_name="party",
                    name="person",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="policy",
                    name="set_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="filing",
                    name="policy",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="filings",
                        to="filings.policy",
                    ),
                ),
                migrations.AddField(
                    model_name="protection",
                    name="filing",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="protections",
                        to="filings.filing",
                    ),
                ),
                migrations.AddField(
                    model_name="protection",
                    name="project",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="protections",
                        to="customers.project",
                    ),
                ),
                migrations.AddField(
                    model_name="ruling",
                    name="by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="ruling",
                    name="credited_to",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rulings",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="credited to",
                    ),
                ),
                migrations.AddField(
                    model_name="ruling",
                    name="deal",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rulings",
                        to="filings.deal",
                    ),
                ),
                migrations.AddField(
                    model_name="ruling",
                    name="dispute",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rulings",
                        to="filings.dispute",
                    ),
                ),
                migrations.AddField(
                    model_name="ruling",
                    name="filing",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rulings",
                        to="filings.filing",
                    ),
                ),
                migrations.AddField(
                    model_name="ruling",
                    name="policy",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="filings.policy",
                    ),
                ),
                migrations.AddField(
                    model_name="ruling",
                    name="previous",
                    field=models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="next",
                        to="filings.ruling",
                    ),
                ),
                migrations.AddField(
                    model_name="ruling",
                    name="project",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rulings",
                        to="customers.project",
                    ),
                ),
                migrations.AddField(
                    model_name="appeal",
                    name="ruling",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appeals",
                        to="filings.ruling",
                    ),
                ),
                migrations.AddField(
                    model_name="seal",
                    name="last_ruling",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="filings.ruling",
                    ),
                ),
                migrations.AddField(
                    model_name="specialprice",
                    name="asked_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="specialprice",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="special_prices",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="specialprice",
                    name="decided_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="specialprice",
                    name="store",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                    ),
                ),
                migrations.AddField(
                    model_name="specialpriceline",
                    name="application",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="filings.specialprice",
                    ),
                ),
                migrations.AddField(
                    model_name="specialpriceline",
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
                    model_name="violation",
                    name="cleared_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="violation",
                    name="contact",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.contact",
                    ),
                ),
                migrations.AddField(
                    model_name="violation",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="violations",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="violation",
                    name="deal",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="violations",
                        to="filings.deal",
                    ),
                ),
                migrations.AddField(
                    model_name="violation",
                    name="filing",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="violations",
                        to="filings.filing",
                    ),
                ),
                migrations.AddField(
                    model_name="violation",
                    name="person",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="violations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="violation",
                    name="store",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                    ),
                ),
                migrations.AddIndex(
                    model_name="dispute",
                    index=models.Index(
                        condition=models.Q(("state__in", ["open", "proof"])),
                        fields=["opened_at", "id"],
                        name="dispute_waiting",
                    ),
                ),
                migrations.AddIndex(
                    model_name="dispute",
                    index=models.Index(fields=["-closed_at", "-id"], name="dispute_closed"),
                ),
                migrations.AddIndex(
                    model_name="dispute",
                    index=models.Index(fields=["project"], name="dispute_of_project"),
                ),
                migrations.AddConstraint(
                    model_name="dispute",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state__in", ["open", "proof"])),
                        fields=("project", "kind"),
                        name="one_open_dispute_of_a_kind",
                        violation_error_message="This question is before the operations manager.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dispute",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state__in", ["open", "proof"])),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("state__in", ["decided", "withdrawn"]),
                                ("closed_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="dispute_closed_has_who_and_when",
                    ),
                ),
                migrations.AddIndex(
                    model_name="evidence",
                    index=models.Index(
                        fields=["dispute", "rank", "at"], name="evidence_of_dispute"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="evidence",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True),
                            ("attachment__isnull", False),
                            _connector="OR",
                        ),
                        name="evidence_shows_something",
                        violation_error_message="Attach a file, or say what happened.",
                    ),
                ),
                migrations.AddIndex(
                    model_name="extensionrequest",
                    index=models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["asked_at"],
                        name="request_open",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="extensionrequest",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("filing",),
                        name="one_open_request_a_filing",
                        violation_error_message="An extension is asked for already.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="extensionrequest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="request_decided_has_who_and_when",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="extensionrequest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_decides_the_own_request",
                        violation_error_message="Nobody decides the own request.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="extensionrequest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_until__isnull", False), ("state", "granted")),
                            models.Q(
                                models.Q(("state", "granted"), _negated=True),
                                ("decided_until", None),
                            ),
                            _connector="OR",
                        ),
                        name="request_granted_says_until_when",
                    ),
                ),
                migrations.AddIndex(
                    model_name="deal",
                    index=models.Index(fields=["project", "at"], name="deal_of_project"),
                ),
                migrations.AddIndex(
                    model_name="deal",
                    index=models.Index(fields=["customer", "at"], name="deal_of_customer"),
                ),
                migrations.AddIndex(
                    model_name="deal",
                    index=models.Index(fields=["credited_to", "at"], name="deal_of_person"),
                ),
                migrations.AddIndex(
                    model_name="deal",
                    index=models.Index(fields=["-at", "-id"], name="deal_newest"),
                ),
                migrations.AddConstraint(
                    model_name="deal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("undone_at", None), ("undone_by", None), ("undone_reason", "")
                            ),
                            models.Q(
                                ("undone_at__isnull", False),
                                ("undone_by__isnull", False),
                                models.Q(("undone_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="deal_undone_has_who_and_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="deal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount", None), ("amount__gt", 0), _connector="OR"),
                        name="deal_amount_is_positive",
                        violation_error_message="The amount is more than 0.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="deal",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("order_no", ""), _negated=True), ("undone_at", None)
                        ),
                        fields=("order_no",),
                        name="one_deal_an_order",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="deal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deal_claims_are_never_edited",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."closer_id" IS DISTINCT FROM (NEW."closer_id") OR OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."order_no" IS DISTINCT FROM (NEW."order_no") OR OLD."amount" IS DISTINCT FROM (NEW."amount") OR OLD."kind" IS DISTINCT FROM (NEW."kind"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="2fc23733738f34096dfdb5b69b15e58de66abb0d",
                            operation="UPDATE",
                            pgid="pgtrigger_deal_claims_are_never_edited_0c3c3",
                            table="filings_deal",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="deal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deal_is_never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="053c2f1ff0cf4ca0bc4bdb8cebf5a2fe7069e328",
                            operation="DELETE",
                            pgid="pgtrigger_deal_is_never_deleted_e78ef",
                            table="filings_deal",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="deal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="deals_are_never_emptied",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot truncate % table', TG_TABLE_NAME;",
                            hash="23c8cf1ddb7623b84268b418beeb0c5f94e23ebc",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_deals_are_never_emptied_e45ff",
                            table="filings_deal",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="filingevent",
                    index=models.Index(fields=["customer", "id"], name="filing_event_of_customer"),
                ),
                migrations.AddIndex(
                    model_name="filingevent",
                    index=models.Index(
                        condition=models.Q(("contact__isnull", False)),
                        fields=["contact"],
                        name="filing_event_contact",
                    ),
                ),
                migrations.AddIndex(
                    model_name="filingevent",
                    index=models.Index(fields=["at"], name="filing_event_by_time"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="filingevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="filing_event_is_never_edited",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."filing_id" IS DISTINCT FROM (NEW."filing_id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."by_id" IS DISTINCT FROM (NEW."by_id") OR OLD."contact_id" IS DISTINCT FROM (NEW."contact_id") OR OLD."request_id" IS DISTINCT FROM (NEW."request_id") OR OLD."deal_id" IS DISTINCT FROM (NEW."deal_id") OR OLD."occurred_at" IS DISTINCT FROM (NEW."occurred_at") OR OLD."until" IS DISTINCT FROM (NEW."until") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."is_imported" IS DISTINCT FROM (NEW."is_imported"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="49a6da7681be0a425ba42b314badb98b7e256417",
                            operation="UPDATE",
                            pgid="pgtrigger_filing_event_is_never_edited_f0aaa",
                            table="filings_filingevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="filingevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="filing_event_stays",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NOT OLD."is_imported")',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="3ecd665cd5b39f75db16762c2394b7da98848640",
                            operation="DELETE",
                            pgid="pgtrigger_filing_event_stays_24f45",
                            table="filings_filingevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="filingevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="filing_events_are_never_emptied",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot truncate % table', TG_TABLE_NAME;",
                            hash="5e493b4885a510de540cb7d2c62fa272aba281c0",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_filing_events_are_never_emptied_d2952",
                            table="filings_filingevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="measuring",
                    index=models.Index(fields=["customer", "-at"], name="measuring_of_customer"),
                ),
                migrations.AddConstraint(
                    model_name="party",
                    constraint=models.UniqueConstraint(
                        fields=("dispute", "person"), name="a_party_once_a_dispute"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="policy",
                    constraint=models.UniqueConstraint(
                        fields=("trade", "valid_from"), name="one_policy_a_day"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="policy",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("update_days__lte", models.F("protection_days"))),
                        name="policy_days_are_in_order",
                        violation_error_message="The duty to follow up is not longer than protection.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="policy",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("field_limit_days__gte", 1),
                            ("file_within_hours__gte", 1),
                            ("min_deposit__gte", 0),
                            ("protection_days__gte", 1),
                            ("update_days__gte", 1),
                        ),
                        name="policy_figures_are_positive",
                        violation_error_message="Days and hours are at least 1.",
                    ),
                ),
                migrations.AddIndex(
                    model_name="filing",
                    index=models.Index(fields=["customer", "id"], name="filing_of_customer"),
                ),
                migrations.AddIndex(
                    model_name="filing",
                    index=models.Index(
                        fields=["project", "submitted_at"], name="filing_of_project"
                    ),
                ),
                migrations.AddIndex(
                    model_name="filing",
                    index=models.Index(fields=["filer", "submitted_at"], name="filing_of_filer"),
                ),
                migrations.AddIndex(
                    model_name="filing",
                    index=models.Index(
                        condition=models.Q(
                            ("invalid", ""), ("submitted_at__isnull", False), ("withdrawn", "")
                        ),
                        fields=["holder", "protected_until", "id"],
                        name="filing_held",
                    ),
                ),
                migrations.AddIndex(
                    model_name="filing",
                    index=models.Index(
                        condition=models.Q(
                            ("invalid", ""), ("submitted_at__isnull", False), ("withdrawn", "")
                        ),
                        fields=["store", "protected_until", "id"],
                        name="filing_of_store",
                    ),
                ),
                migrations.AddIndex(
                    model_name="filing",
                    index=models.Index(
                        condition=models.Q(
                            ("ended", ""),
                            ("invalid", ""),
                            ("lapse_noted_at", None),
                            ("withdrawn", ""),
                        ),
                        fields=["protected_until", "id"],
                        name="filing_to_sweep",
                    ),
                ),
                migrations.AddIndex(
                    model_name="filing",
                    index=models.Index(
                        condition=models.Q(("review_state__in", ["pending", "proof"])),
                        fields=["review_due_at", "id"],
                        name="filing_to_review",
                    ),
                ),
                migrations.AddIndex(
                    model_name="filing",
                    index=models.Index(
                        condition=models.Q(("invalid", "LATER_FILER"), ("told_free_at", None)),
                        fields=["customer"],
                        name="filing_refused_untold",
                    ),
                ),
                migrations.AddIndex(
                    model_name="filing",
                    index=models.Index(
                        condition=models.Q(("cross_state", "asked")),
                        fields=["noted_at", "id"],
                        name="filing_asked_across_regions",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="filing",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("submitted_at", None),
                            models.Q(("invalid", ""), _negated=True),
                            models.Q(("acted_at__isnull", False), ("update_due_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="admitted_filing_has_its_limits",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="filing",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended", ""), ("ended_at", None)),
                            models.Q(
                                models.Q(("ended", ""), _negated=True), ("ended_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="filing_ended_has_when",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="filing",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reviewed_at", None), ("reviewed_by", None)),
                            models.Q(
                                ("reviewed_at__isnull", False), ("reviewed_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="filing_reviewed_has_who_and_when",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="filing",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("reviewed_by", None),
                            models.Q(("reviewed_by", models.F("filer")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_reviews_the_own_filing",
                        violation_error_message="Nobody reviews the own filing.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="filing",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("submitted_at", None),
                            ("acquired_at__lte", models.F("submitted_at")),
                            _connector="OR",
                        ),
                        name="data_were_had_before_they_were_filed",
                        violation_error_message="You cannot have had the data later than now.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="filing",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("cross_state", ""),
                            models.Q(("cross_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="cross_region_filing_has_reason",
                        violation_error_message="Choose the reason to file across regions.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="filing",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("submitted_at", None)),
                        fields=("project", "filer"),
                        name="one_draft_a_person_and_project",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="filing",
                    trigger=pgtrigger.compiler.Trigger(
                        name="filing_claims_are_never_edited",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."filer_id" IS DISTINCT FROM (NEW."filer_id") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."by_id" IS DISTINCT FROM (NEW."by_id") OR OLD."noted_at" IS DISTINCT FROM (NEW."noted_at") OR OLD."is_imported" IS DISTINCT FROM (NEW."is_imported"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="e4e4df630b14931567f0d71e235e915b7323bb5f",
                            operation="UPDATE",
                            pgid="pgtrigger_filing_claims_are_never_edited_5ff07",
                            table="filings_filing",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="filing",
                    trigger=pgtrigger.compiler.Trigger(
                        name="filing_is_never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NOT OLD."is_imported")',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="64e2e0a4ca281877ac9882b2059710d6c0c6e9a4",
                            operation="DELETE",
                            pgid="pgtrigger_filing_is_never_deleted_fb960",
                            table="filings_filing",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="filing",
                    trigger=pgtrigger.compiler.Trigger(
                        name="filings_are_never_emptied",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot truncate % table', TG_TABLE_NAME;",
                            hash="3f5c35097bfa945bc27d3c8b38164eeafbb9582b",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_filings_are_never_emptied_edf1f",
                            table="filings_filing",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="protection",
                    index=models.Index(fields=["filing", "id"], name="protection_of_filing"),
                ),
                migrations.AddConstraint(
                    model_name="protection",
                    constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("withdrawn", False)),
                        expressions=[("project", "="), ("during", "&&")],
                        name="one_protection_a_project",
                        violation_error_message="Somebody has filed this customer already.",
                    ),
                ),
                migrations.AddIndex(
                    model_name="ruling",
                    index=models.Index(fields=["project", "-id"], name="ruling_of_project"),
                ),
                migrations.AddIndex(
                    model_name="ruling",
                    index=models.Index(fields=["-at", "-id"], name="ruling_newest"),
                ),
                migrations.AddConstraint(
                    model_name="ruling",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["deposit", "reversal"]),
                            models.Q(("by__isnull", False), models.Q(("text", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="ruling_of_a_person_has_a_reason",
                        violation_error_message="Give the reason of the ruling.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="ruling",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("previous", None)),
                        fields=("project",),
                        name="one_first_ruling_a_project",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ruling",
                    trigger=pgtrigger.compiler.Trigger(
                        name="ruling_is_never_changed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="b7de32ca63a0dc0654160dd6f7271067145c5799",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_ruling_is_never_changed_2ac7b",
                            table="filings_ruling",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="ruling",
                    trigger=pgtrigger.compiler.Trigger(
                        name="rulings_are_never_emptied",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot truncate % table', TG_TABLE_NAME;",
                            hash="673787778b48628e6065e753001ae860ba518d92",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_rulings_are_never_emptied_a03eb",
                            table="filings_ruling",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="appeal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="appeal_decided_has_who_and_when",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="appeal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_decides_the_own_appeal",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="seal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="seal_is_never_changed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="b33a76a94585c784432651f23660120f3b67d41b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_seal_is_never_changed_72045",
                            table="filings_seal",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="seal",
                    trigger=pgtrigger.compiler.Trigger(
                        name="seals_are_never_emptied",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot truncate % table', TG_TABLE_NAME;",
                            hash="acfa105715dc8aa5a469b322be0cbbd53c74861e",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_seals_are_never_emptied_b65f7",
                            table="filings_seal",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="specialprice",
                    index=models.Index(
                        fields=["customer", "-id"], name="special_price_of_customer"
                    ),
                ),
                migrations.AddIndex(
                    model_name="specialprice",
                    index=models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["asked_at", "id"],
                        name="special_price_open",
                    ),
                ),
                migrations.AddIndex(
                    model_name="specialprice",
                    index=models.Index(
                        fields=["store", "-asked_at"], name="special_price_of_store"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="specialprice",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="special_price_decided_has_who",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="specialprice",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_approves_the_own_price",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="specialpriceline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("wished_price__gt", 0), ("wished_price__lt", models.F("list_price"))
                        ),
                        name="special_price_is_under_the_list",
                        violation_error_message="The price asked for lies under the list price.",
                    ),
                ),
                migrations.AddIndex(
                    model_name="violation",
                    index=models.Index(fields=["-moment", "-id"], name="violation_newest"),
                ),
                migrations.AddIndex(
                    model_name="violation",
                    index=models.Index(fields=["person", "-moment"], name="violation_of_person"),
                ),
                migrations.AddConstraint(
                    model_name="violation",
                    constraint=models.UniqueConstraint(
                        fields=("kind", "person", "customer", "moment"), name="a_violation_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="violation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("clear_note", ""), ("cleared_at", None), ("cleared_by", None)
                            ),
                            models.Q(
                                ("cleared_at__isnull", False),
                                ("cleared_by__isnull", False),
                                models.Q(("clear_note", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="violation_cleared_has_who_and_why",
                    ),
                ),
            ]
        ),
    ]
