"""What the tables know of each other and of other rooms, and what watches over their rows."""

import django.contrib.postgres.constraints
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import customers.models.appointments
from core.migrating import Together


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("customers", "0002_keep_history_of_changes_only"),
        ("customers", "0003_contacts_hold_long_notes"),
        ("customers", "0004_sort_customers_by_last_contact_and_grade"),
        ("customers", "0005_find_customers_by_wechat"),
        ("customers", "0006_know_the_whole_customer"),
        ("customers", "0008_tell_duplicate_leads"),
        ("customers", "0009_know_what_was_insured_before"),
        ("customers", "0010_sort_customers_by_value"),
        ("customers", "0011_retire_numbers"),
        ("customers", "0012_find_customers_by_birthday"),
        ("customers", "0013_put_open_work_in_order"),
        ("customers", "0014_name_the_part_of_a_key_person"),
        ("customers", "0015_index_merged_cards_alone"),
        ("customers", "0016_know_when_to_leave_in_peace"),
        ("customers", "0017_say_what_a_household_buys_further"),
        ("customers", "0018_note_birthdays_and_terms"),
        ("customers", "0019_find_customers_by_contact_hour"),
        ("customers", "0020_say_that_what_was_agreed_stands"),
        ("customers", "0021_tell_in_which_contact_a_wish_was_told"),
        ("customers", "0022_join_projects_of_one_home"),
        ("customers", "0023_count_filings_of_a_history"),
        ("customers", "0024_keep_evidence_apart"),
        ("customers", "0025_never_emptied"),
        ("customers", "0026_suspect_another_extension"),
    ]

    dependencies = [
        ("core", "0002_references"),
        ("customers", "0001_tables"),
        ("staff", "0001_tables"),
        ("stock", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            [
                migrations.AddField(
                    model_name="access",
                    name="person",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accesses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="appointment",
                    name="closed_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="appointment",
                    name="made_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="appointment",
                    name="moved_to",
                    field=models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moved_from",
                        to="customers.appointment",
                    ),
                ),
                migrations.AddField(
                    model_name="appointment",
                    name="person",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                migrations.AddField(
                    model_name="arrival",
                    name="by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="attachment",
                    name="added_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="attachment",
                    name="file",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                migrations.AddField(
                    model_name="attachment",
                    name="removed_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="attachment",
                    name="thumbnail",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                migrations.AddField(
                    model_name="contact",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="contact",
                    name="on_behalf_of",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="contact",
                    name="voided_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="appointment",
                    name="contact",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="customers.contact",
                    ),
                ),
                migrations.AddField(
                    model_name="customer",
                    name="merged_into",
                    field=models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_cards",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="customer",
                    name="owner",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="customers",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="keeper",
                    ),
                ),
                migrations.AddField(
                    model_name="customer",
                    name="referrer",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referred",
                        to="customers.customer",
                        verbose_name="referred by",
                    ),
                ),
                migrations.AddField(
                    model_name="customer",
                    name="registered_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="customer",
                    name="store",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="customers",
                        to="staff.store",
                        verbose_name="store",
                    ),
                ),
                migrations.AddField(
                    model_name="contact",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="attachment",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="arrival",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="arrivals",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="appointment",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="access",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accesses",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="customerhistory",
                    name="merged_into",
                    field=models.ForeignKey(
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="customerhistory",
                    name="owner",
                    field=models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="keeper",
                    ),
                ),
                migrations.AddField(
                    model_name="customerhistory",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="owner_store_grade_intent_quiet_merged_into_events",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="customerhistory",
                    name="store",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="staff.store",
                        verbose_name="store",
                    ),
                ),
                migrations.AddField(
                    model_name="customerphone",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phones",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="designer",
                    name="added_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="designer",
                    name="keeper",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="designers",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="keeper",
                    ),
                ),
                migrations.AddField(
                    model_name="designer",
                    name="store",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="designers",
                        to="staff.store",
                        verbose_name="store",
                    ),
                ),
                migrations.AddField(
                    model_name="customer",
                    name="designer",
                    field=models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="customers",
                        to="customers.designer",
                        verbose_name="designer",
                    ),
                ),
                migrations.AddField(
                    model_name="designercontact",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="designercontact",
                    name="designer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="customers.designer",
                    ),
                ),
                migrations.AddField(
                    model_name="dispatchrule",
                    name="changed_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="dispatchrule",
                    name="store",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="dispatch_rule",
                        to="staff.store",
                    ),
                ),
                migrations.AddField(
                    model_name="gradechange",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="gradechange",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grade_changes",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="gradeproposal",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grade_proposals",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="gradeproposal",
                    name="decided_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="handover",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="handover",
                    name="leaver",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="historyimport",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="historyimport",
                    name="revoked_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="contact",
                    name="history_import",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.historyimport",
                    ),
                ),
                migrations.AddField(
                    model_name="householdmember",
                    name="added_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="householdmember",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="household",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="intentchange",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="intentchange",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="intent_changes",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="interest",
                    name="brand",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stock.brand",
                    ),
                ),
                migrations.AddField(
                    model_name="interest",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="interests",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="interest",
                    name="noted_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="interest",
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
                    model_name="keyperson",
                    name="added_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="keyperson",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="key_people",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="lead",
                    name="closed_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="lead",
                    name="customer",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="lead",
                    name="duplicate_of",
                    field=models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates",
                        to="customers.lead",
                    ),
                ),
                migrations.AddField(
                    model_name="lead",
                    name="store",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="staff.store",
                    ),
                ),
                migrations.AddField(
                    model_name="leadoffer",
                    name="lead",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offers",
                        to="customers.lead",
                    ),
                ),
                migrations.AddField(
                    model_name="leadoffer",
                    name="offered_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="leadoffer",
                    name="person",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lead_offers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="leadsource",
                    name="made_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="leadsource",
                    name="region",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.region",
                        verbose_name="region",
                    ),
                ),
                migrations.AddField(
                    model_name="leadsource",
                    name="store",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                        verbose_name="store",
                    ),
                ),
                migrations.AddField(
                    model_name="lead",
                    name="origin",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="customers.leadsource",
                    ),
                ),
                migrations.AddField(
                    model_name="merge",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="merge",
                    name="kept",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="merge",
                    name="merged",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="merge",
                    name="undone_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="opportunity",
                    name="brand",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stock.brand",
                        verbose_name="brand",
                    ),
                ),
                migrations.AddField(
                    model_name="opportunity",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opportunities",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="opportunity",
                    name="history_import",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opportunities",
                        to="customers.historyimport",
                    ),
                ),
                migrations.AddField(
                    model_name="opportunity",
                    name="opened_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="opportunity",
                    name="owner",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opportunities",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="keeper",
                    ),
                ),
                migrations.AddField(
                    model_name="opportunity",
                    name="store",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                    ),
                ),
                migrations.AddField(
                    model_name="appointment",
                    name="opportunity",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="customers.opportunity",
                    ),
                ),
                migrations.AddField(
                    model_name="ownedproduct",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="products",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="ownedproduct",
                    name="sold_by",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sold by",
                    ),
                ),
                migrations.AddField(
                    model_name="ownedproduct",
                    name="store",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="staff.store",
                    ),
                ),
                migrations.AddField(
                    model_name="attachment",
                    name="product",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="customers.ownedproduct",
                    ),
                ),
                migrations.AddField(
                    model_name="parameters",
                    name="set_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="phonereveal",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reveals",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="phonereveal",
                    name="person",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reveals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="productevent",
                    name="noted_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="productevent",
                    name="product",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="customers.ownedproduct",
                    ),
                ),
                migrations.AddField(
                    model_name="productevent",
                    name="voided_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="project",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="project",
                    name="joined_to",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="customers.project",
                    ),
                ),
                migrations.AddField(
                    model_name="project",
                    name="opened_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="opportunity",
                    name="project",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opportunities",
                        to="customers.project",
                    ),
                ),
                migrations.AddField(
                    model_name="contact",
                    name="project",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="customers.project",
                    ),
                ),
                migrations.AddField(
                    model_name="quietchange",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="quietchange",
                    name="contact",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.contact",
                    ),
                ),
                migrations.AddField(
                    model_name="quietchange",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quiet_changes",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="resource",
                    name="store",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resources",
                        to="staff.store",
                    ),
                ),
                migrations.AddField(
                    model_name="appointment",
                    name="resource",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="customers.resource",
                        verbose_name="car, crew or room",
                    ),
                ),
                migrations.AddField(
                    model_name="opportunity",
                    name="stage",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opportunities",
                        to="customers.stage",
                    ),
                ),
                migrations.AddField(
                    model_name="stagemove",
                    name="after",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.stage",
                    ),
                ),
                migrations.AddField(
                    model_name="stagemove",
                    name="before",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.stage",
                    ),
                ),
                migrations.AddField(
                    model_name="stagemove",
                    name="by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="stagemove",
                    name="opportunity",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moves",
                        to="customers.opportunity",
                    ),
                ),
                migrations.AddField(
                    model_name="stage",
                    name="stage_set",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stages",
                        to="customers.stageset",
                    ),
                ),
                migrations.AddField(
                    model_name="suspicion",
                    name="decided_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="suspicion",
                    name="first",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="suspicion",
                    name="raised_by",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="suspicion",
                    name="second",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="tag",
                    name="made_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="taggedcustomer",
                    name="customer",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tagged",
                        to="customers.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="taggedcustomer",
                    name="tag",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tagged",
                        to="customers.tag",
                    ),
                ),
                migrations.AddField(
                    model_name="taggedcustomer",
                    name="tagged_by",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddIndex(
                    model_name="arrival",
                    index=models.Index(fields=["customer", "-at"], name="arrival_of_customer"),
                ),
                migrations.AddConstraint(
                    model_name="access",
                    constraint=models.UniqueConstraint(
                        fields=("person", "customer"), name="one_access_a_person"
                    ),
                ),
                migrations.AddIndex(
                    model_name="customerphone",
                    index=models.Index(fields=["last4"], name="phone_by_last4"),
                ),
                migrations.AddConstraint(
                    model_name="customerphone",
                    constraint=models.UniqueConstraint(
                        fields=("key",),
                        name="one_customer_a_number",
                        violation_error_message="This number belongs to a customer already.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="customerphone",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("is_primary", True)),
                        fields=("customer",),
                        name="one_primary_number",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="customerphone",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("retired_at", None), ("is_primary", False), _connector="OR"
                        ),
                        name="retired_number_is_not_main",
                    ),
                ),
                migrations.AddIndex(
                    model_name="designer",
                    index=models.Index(fields=["keeper", "next_on"], name="designer_of_keeper"),
                ),
                migrations.AddConstraint(
                    model_name="designer",
                    constraint=models.UniqueConstraint(
                        fields=("key",),
                        name="one_designer_a_number",
                        violation_error_message="This number belongs to another designer.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="designer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("furniture_rate", None),
                                ("furniture_rate__range", (0, 100)),
                                _connector="OR",
                            ),
                            models.Q(
                                ("accessories_rate", None),
                                ("accessories_rate__range", (0, 100)),
                                _connector="OR",
                            ),
                        ),
                        name="commission_is_a_percentage",
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        fields=["owner", "next_contact_on", "id"], name="customer_of_owner"
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        fields=["store", "next_contact_on", "id"], name="customer_of_store"
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(fields=["next_contact_on", "id"], name="customer_by_next"),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        models.OrderBy(models.F("last_contact_at"), nulls_first=True),
                        models.OrderBy(models.F("id")),
                        name="customer_by_last",
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(fields=["grade", "id"], name="customer_by_grade"),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        fields=["grade", "next_contact_on", "id"], name="customer_grade_next"
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(fields=["-registered_at", "-id"], name="customer_by_newest"),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        fields=["store", "-registered_at", "-id"], name="customer_store_newest"
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        fields=["owner", "-registered_at", "-id"], name="customer_owner_newest"
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        condition=models.Q(("address_key", ""), _negated=True),
                        fields=["address_key"],
                        name="customer_by_address",
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        django.db.models.functions.text.Upper("wechat"), name="customer_by_wechat"
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        condition=models.Q(
                            ("birth_month__isnull", False), ("birth_year__isnull", False)
                        ),
                        fields=["birth_month", "birth_day", "birth_year"],
                        name="customer_by_birthday",
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        models.OrderBy(models.F("last_bought_on"), nulls_first=True),
                        models.OrderBy(models.F("id")),
                        name="customer_by_last_bought",
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(fields=["bought_total", "id"], name="customer_by_total"),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        condition=models.Q(("referrer__isnull", False)),
                        fields=["referrer"],
                        name="customer_by_referrer",
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        condition=models.Q(("merged_into__isnull", False)),
                        fields=["merged_into"],
                        name="customer_by_merged",
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        condition=models.Q(("designer__isnull", False)),
                        fields=["designer"],
                        name="customer_by_designer",
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        condition=models.Q(("intent", ""), _negated=True),
                        fields=["intent", "id"],
                        name="customer_by_intent",
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        condition=models.Q(("contact_from__isnull", False)),
                        fields=["contact_from"],
                        name="customer_by_contact_hour",
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("search", "gin_trgm_ops"),
                        name="customer_search",
                    ),
                ),
                migrations.AddIndex(
                    model_name="customer",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("address", "gin_trgm_ops"),
                        name="customer_address_search",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="customer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="customer_has_name"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="customer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("birth_day", None), ("birth_month", None)),
                            models.Q(
                                ("birth_day__range", (1, 31)), ("birth_month__range", (1, 12))
                            ),
                            _connector="OR",
                        ),
                        name="birthday_has_month_and_day",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="customer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("birth_month", None),
                            ("birthday_noted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="birthday_is_noted",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="customer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("home_area", None), ("home_area__gt", 0), _connector="OR"
                        ),
                        name="home_area_is_positive",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="customer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("merged_into", models.F("id")), _negated=True),
                        name="merged_card_is_another",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="customer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("contact_from", None), ("contact_until", None)),
                            ("contact_from__lt", models.F("contact_until")),
                            _connector="OR",
                        ),
                        name="contact_hours_are_a_stretch",
                        violation_error_message="Say from when until when, the earlier hour first.",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="customer",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."grade" IS DISTINCT FROM (NEW."grade") OR OLD."intent" IS DISTINCT FROM (NEW."intent") OR OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."quiet" IS DISTINCT FROM (NEW."quiet") OR OLD."store_id" IS DISTINCT FROM (NEW."store_id"))',
                            func='INSERT INTO "customers_customerhistory" ("grade", "intent", "merged_into_id", "owner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quiet", "store_id") VALUES (NEW."grade", NEW."intent", NEW."merged_into_id", NEW."owner_id", NOW(), \'update\', NEW."id", NEW."quiet", NEW."store_id"); RETURN NULL;',
                            hash="d0ededbc64fa05e06912f5a1e1490742d3690e6d",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_ca86d",
                            table="customers_customer",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="designercontact",
                    index=models.Index(fields=["designer", "-at"], name="contact_of_designer"),
                ),
                migrations.AddIndex(
                    model_name="gradechange",
                    index=models.Index(fields=["customer", "-at"], name="grade_change_of_customer"),
                ),
                migrations.AddConstraint(
                    model_name="gradechange",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("before", models.F("after")), _negated=True),
                        name="grade_really_changes",
                    ),
                ),
                migrations.AddIndex(
                    model_name="gradeproposal",
                    index=models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["made_at", "id"],
                        name="proposal_open_oldest",
                    ),
                ),
                migrations.AddIndex(
                    model_name="gradeproposal",
                    index=models.Index(
                        fields=["customer", "-made_at"], name="proposal_of_customer"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="gradeproposal",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("customer",),
                        name="one_open_proposal_a_customer",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="gradeproposal",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="proposal_decided_has_time",
                    ),
                ),
                migrations.AddIndex(
                    model_name="handover",
                    index=models.Index(fields=["leaver", "-at"], name="hand_over_of_person"),
                ),
                migrations.AddConstraint(
                    model_name="historyimport",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at", None), ("revoked_by", None)),
                            models.Q(("revoked_at__isnull", False), ("revoked_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="revoked_import_has_who",
                    ),
                ),
                migrations.AddIndex(
                    model_name="householdmember",
                    index=models.Index(
                        condition=models.Q(("key__isnull", False)),
                        fields=["key"],
                        name="member_by_number",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="householdmember",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("birth_day", None), ("birth_month", None)),
                            models.Q(
                                ("birth_day__range", (1, 31)), ("birth_month__range", (1, 12))
                            ),
                            _connector="OR",
                        ),
                        name="member_birthday_has_month_and_day",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="householdmember",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("birth_month", None),
                            ("birthday_noted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="member_birthday_is_noted",
                    ),
                ),
                migrations.AddIndex(
                    model_name="intentchange",
                    index=models.Index(
                        fields=["customer", "-at"], name="intent_change_of_customer"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="intentchange",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("before", models.F("after")), _negated=True),
                        name="intent_really_changes",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="interest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True),
                            ("brand__isnull", False),
                            ("style__isnull", False),
                            _connector="OR",
                        ),
                        name="interest_names_something",
                        violation_error_message="Name a product, a style or a brand.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="keyperson",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("birth_day", None), ("birth_month", None)),
                            models.Q(
                                ("birth_day__range", (1, 31)), ("birth_month__range", (1, 12))
                            ),
                            _connector="OR",
                        ),
                        name="key_person_birthday_has_month_and_day",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="keyperson",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("birth_month", None),
                            ("birthday_noted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="key_person_birthday_is_noted",
                    ),
                ),
                migrations.AddIndex(
                    model_name="leadoffer",
                    index=models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["lapses_at"],
                        name="offer_open",
                    ),
                ),
                migrations.AddIndex(
                    model_name="leadoffer",
                    index=models.Index(fields=["person", "-offered_at"], name="offer_of_person"),
                ),
                migrations.AddConstraint(
                    model_name="leadoffer",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("lead",),
                        name="one_open_offer_a_lead",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="leadoffer",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("answered_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="answered_offer_has_a_time",
                    ),
                ),
                migrations.AddIndex(
                    model_name="lead",
                    index=models.Index(
                        condition=models.Q(("state__in", ("waiting", "offered"))),
                        fields=["received_at"],
                        name="lead_open",
                    ),
                ),
                migrations.AddIndex(
                    model_name="lead",
                    index=models.Index(
                        condition=models.Q(("key__isnull", False)),
                        fields=["key"],
                        name="lead_by_number",
                    ),
                ),
                migrations.AddIndex(
                    model_name="lead",
                    index=models.Index(fields=["store", "-received_at"], name="lead_of_store"),
                ),
                migrations.AddIndex(
                    model_name="lead",
                    index=models.Index(fields=["customer"], name="lead_of_customer"),
                ),
                migrations.AddConstraint(
                    model_name="lead",
                    constraint=models.UniqueConstraint(
                        fields=("origin", "platform_id"), name="one_lead_a_platform_id"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="lead",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("duplicate_of", None),
                            models.Q(("state__in", ("waiting", "offered")), _negated=True),
                            _connector="OR",
                        ),
                        name="duplicate_lead_is_closed",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="lead",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("key__isnull", False),
                            models.Q(("wechat", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="lead_can_be_reached",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="lead",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at", None),
                                ("customer", None),
                                ("state__in", ("waiting", "offered")),
                            ),
                            models.Q(
                                models.Q(("state__in", ("waiting", "offered")), _negated=True),
                                ("closed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="closed_lead_has_a_time",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="lead",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("customer__isnull", False),
                            models.Q(("state__in", ["accepted", "joined"]), _negated=True),
                            _connector="OR",
                        ),
                        name="taken_lead_has_a_customer",
                    ),
                ),
                migrations.AddIndex(
                    model_name="merge",
                    index=models.Index(fields=["kept", "-at"], name="merge_of_customer"),
                ),
                migrations.AddConstraint(
                    model_name="merge",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)),
                        fields=("merged",),
                        name="a_card_is_merged_once",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="merge",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("kept", models.F("merged")), _negated=True),
                        name="nobody_is_merged_with_himself",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="merge",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at", None), ("undone_by", None)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="undone_merge_has_who",
                    ),
                ),
                migrations.AddIndex(
                    model_name="ownedproduct",
                    index=models.Index(
                        condition=models.Q(("plate", ""), _negated=True),
                        fields=["plate"],
                        name="product_by_plate",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="ownedproduct",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("serial", ""), _negated=True), ("gone_on", None)
                        ),
                        fields=("serial",),
                        name="one_owner_a_serial",
                        violation_error_message="This serial number belongs to another product.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="ownedproduct",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("delivered_at", None),
                                ("delivered_noted_at", None),
                                ("delivered_on", None),
                            ),
                            models.Q(
                                ("delivered_noted_at__isnull", False),
                                ("delivered_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="delivery_is_noted",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="ownedproduct",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("price", None), ("price__gt", 0), _connector="OR"),
                        name="price_is_positive",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="ownedproduct",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("gone_note", ""), ("gone_on", None), ("gone_reason", "")),
                            models.Q(
                                ("gone_on__isnull", False),
                                models.Q(("gone_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="gone_product_says_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="ownedproduct",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("first_service_on", None),
                                ("insurance_until", None),
                                ("warranty_until", None),
                            ),
                            ("terms_noted_at__isnull", False),
                            _connector="OR",
                        ),
                        name="terms_are_noted",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="ownedproduct",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("purchased_noted_at", None), ("purchased_on", None)),
                            models.Q(
                                ("purchased_noted_at__isnull", False),
                                ("purchased_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="purchase_is_noted",
                    ),
                ),
                migrations.AddIndex(
                    model_name="attachment",
                    index=models.Index(
                        fields=["customer", "-added_at"], name="attachment_of_customer"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="attachment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("removed_at", None), ("removed_by", None)),
                            models.Q(("removed_at__isnull", False), ("removed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="attachment_removal_has_who",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="phonereveal",
                    constraint=models.UniqueConstraint(
                        fields=("person", "on", "customer"), name="one_reveal_a_customer_and_day"
                    ),
                ),
                migrations.AddIndex(
                    model_name="productevent",
                    index=models.Index(fields=["product", "-on"], name="event_of_product"),
                ),
                migrations.AddConstraint(
                    model_name="productevent",
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
                        name="product_event_void_has_who_and_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="productevent",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "renewal"), _negated=True),
                            ("insured_until__isnull", False),
                            _connector="OR",
                        ),
                        name="renewal_says_until_when",
                        violation_error_message="Say until when the product is insured now.",
                    ),
                ),
                migrations.AddIndex(
                    model_name="contact",
                    index=models.Index(
                        fields=["customer", "-occurred_at", "-id"], name="contact_of_customer"
                    ),
                ),
                migrations.AddIndex(
                    model_name="contact",
                    index=models.Index(fields=["by", "-logged_at"], name="contact_of_person"),
                ),
                migrations.AddIndex(
                    model_name="contact",
                    index=models.Index(
                        condition=models.Q(("history_import__isnull", False)),
                        fields=["history_import"],
                        name="contact_of_import",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contact",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("reached", False),
                            ("is_imported", True),
                            models.Q(
                                ("next_kind", "none"), models.Q(("none_reason", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("next_kind__in", ["", "none"]), _negated=True),
                                ("next_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="reached_contact_has_next_step",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contact",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("outcome__in", ("connected", "replied", "met")), ("reached", True)
                            ),
                            models.Q(
                                ("reached", False),
                                models.Q(
                                    ("outcome__in", ("connected", "replied", "met")), _negated=True
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="reached_follows_from_outcome",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contact",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("is_effective", False), ("reached", True), _connector="OR"
                        ),
                        name="only_reached_is_effective",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contact",
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
                        name="contact_void_has_who_and_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="contact",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("occurred_at__lte", models.F("logged_at"))),
                        name="contact_happened_before_it_was_logged",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="contact",
                    trigger=pgtrigger.compiler.Trigger(
                        name="contact_claims_are_never_edited",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."by_id" IS DISTINCT FROM (NEW."by_id") OR OLD."on_behalf_of_id" IS DISTINCT FROM (NEW."on_behalf_of_id") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."reached" IS DISTINCT FROM (NEW."reached") OR OLD."is_effective" IS DISTINCT FROM (NEW."is_effective") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."occurred_at" IS DISTINCT FROM (NEW."occurred_at") OR OLD."logged_at" IS DISTINCT FROM (NEW."logged_at") OR OLD."next_kind" IS DISTINCT FROM (NEW."next_kind") OR OLD."next_on" IS DISTINCT FROM (NEW."next_on") OR OLD."next_at" IS DISTINCT FROM (NEW."next_at") OR OLD."next_text" IS DISTINCT FROM (NEW."next_text") OR OLD."none_reason" IS DISTINCT FROM (NEW."none_reason") OR OLD."is_inbound" IS DISTINCT FROM (NEW."is_inbound") OR OLD."touches" IS DISTINCT FROM (NEW."touches") OR OLD."override" IS DISTINCT FROM (NEW."override"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="9d5a80bb148b38bb85a061c1623b77cd923c57e3",
                            operation="UPDATE",
                            pgid="pgtrigger_contact_claims_are_never_edited_a5c6e",
                            table="customers_contact",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="contact",
                    trigger=pgtrigger.compiler.Trigger(
                        name="contact_is_never_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (NOT OLD."is_imported")',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="b2cc782cf9c5542678609eadd29f53ce8c1609e3",
                            operation="DELETE",
                            pgid="pgtrigger_contact_is_never_deleted_b1898",
                            table="customers_contact",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="contact",
                    trigger=pgtrigger.compiler.Trigger(
                        name="contacts_are_never_emptied",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot truncate % table', TG_TABLE_NAME;",
                            hash="31a77add3828305907631111ca773cfffdcad5e3",
                            level="STATEMENT",
                            operation="TRUNCATE",
                            pgid="pgtrigger_contacts_are_never_emptied_f0f29",
                            table="customers_contact",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="quietchange",
                    index=models.Index(fields=["customer", "-at", "-id"], name="quiet_of_customer"),
                ),
                migrations.AddConstraint(
                    model_name="resource",
                    constraint=models.UniqueConstraint(
                        fields=("store", "name"),
                        name="one_resource_a_name",
                        violation_error_message="The store has a resource of this name.",
                    ),
                ),
                migrations.AddIndex(
                    model_name="appointment",
                    index=models.Index(
                        fields=["person", "starts_at"], name="appointment_of_person"
                    ),
                ),
                migrations.AddIndex(
                    model_name="appointment",
                    index=models.Index(
                        fields=["customer", "-starts_at"], name="appointment_of_customer"
                    ),
                ),
                migrations.AddIndex(
                    model_name="appointment",
                    index=models.Index(fields=["starts_at"], name="appointment_by_time"),
                ),
                migrations.AddConstraint(
                    model_name="appointment",
                    constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(
                            ("state__in", ("booked", "kept")), ("resource__isnull", False)
                        ),
                        expressions=[
                            (models.F("resource"), "="),
                            (customers.models.appointments.TimeRange("starts_at", "ends_at"), "&&"),
                        ],
                        name="one_appointment_a_resource_at_a_time",
                        violation_error_message="It is taken at that time.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="appointment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="appointment_ends_after_it_begins",
                        violation_error_message="An appointment ends after it begins.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="appointment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None), ("state", "booked")),
                            models.Q(
                                models.Q(("state", "booked"), _negated=True),
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="appointment_closed_has_who",
                    ),
                ),
                migrations.AddIndex(
                    model_name="opportunity",
                    index=models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["stage", "expected_on", "id"],
                        name="opportunity_open_of_stage",
                    ),
                ),
                migrations.AddIndex(
                    model_name="opportunity",
                    index=models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["expected_on", "id"],
                        name="opportunity_open_by_day",
                    ),
                ),
                migrations.AddIndex(
                    model_name="opportunity",
                    index=models.Index(
                        fields=["owner", "state", "expected_on"], name="opportunity_of_owner"
                    ),
                ),
                migrations.AddIndex(
                    model_name="opportunity",
                    index=models.Index(
                        fields=["store", "state", "expected_on"], name="opportunity_of_store"
                    ),
                ),
                migrations.AddIndex(
                    model_name="opportunity",
                    index=models.Index(fields=["customer"], name="opportunity_of_customer"),
                ),
                migrations.AddConstraint(
                    model_name="opportunity",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("product", ""), _negated=True),
                            ("brand__isnull", False),
                            _connector="OR",
                        ),
                        name="opportunity_names_product_or_brand",
                        violation_error_message="Name the product or the brand.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="opportunity",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount", None), ("amount__gt", 0), _connector="OR"),
                        name="opportunity_amount_is_positive",
                        violation_error_message="The amount is more than nothing.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="opportunity",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("closed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="closed_opportunity_has_time",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="opportunity",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "lost"), models.Q(("lost_reason", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("state", "lost"), _negated=True), ("lost_reason", "")
                            ),
                            _connector="OR",
                        ),
                        name="lost_opportunity_has_reason",
                    ),
                ),
                migrations.AddIndex(
                    model_name="stagemove",
                    index=models.Index(
                        fields=["opportunity", "at"], name="stage_move_of_opportunity"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stage",
                    constraint=models.UniqueConstraint(
                        fields=("stage_set", "position"), name="one_stage_a_position"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="stage",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("default_chance__lte", 100)),
                        name="chance_is_a_percentage",
                    ),
                ),
                migrations.AddIndex(
                    model_name="suspicion",
                    index=models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["-raised_at"],
                        name="suspicion_open",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="suspicion",
                    constraint=models.UniqueConstraint(
                        fields=("first", "second"), name="one_suspicion_a_pair"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="suspicion",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))),
                        name="suspicion_pair_is_in_order",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="suspicion",
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
                        name="suspicion_decided_has_who",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="tag",
                    constraint=models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"), name="one_tag_a_name"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="taggedcustomer",
                    constraint=models.UniqueConstraint(
                        fields=("tag", "customer"), name="one_tag_a_customer"
                    ),
                ),
            ]
        ),
    ]
