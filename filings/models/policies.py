"""The parameters of lead filing, in force from a day on (ADJ-07)."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from filings.states import (
    CrossRegionSale,
    LapseBy,
    LapseTest,
    LateTestedAt,
    NeededToFile,
    RefillMonth,
)
from staff.models import Person
from staff.states import Trade


def _choice(name, states, default):
    """One of the readings of decision 13."""
    return models.CharField(name, max_length=15, choices=states.choices, default=default,
                            db_default=default.value)  # fmt: skip


def _count(name, default):
    return models.PositiveSmallIntegerField(name, default=default, db_default=default)


class Policy(models.Model):
    """The parameters of lead filing for one trade, in force from a day until the next row's.

    The columns are named as `filings.rules.Terms` has them. A filing keeps the policy under which
    it came in, whatever follows.
    """

    trade = models.CharField(_("trade"), max_length=20, choices=Trade.choices)
    valid_from = models.DateField(_("valid from"))
    is_on = models.BooleanField(_("leads are filed"), default=True)
    file_within_hours = models.PositiveSmallIntegerField(_("hours to file"), default=24)
    update_days = models.PositiveSmallIntegerField(_("days to follow up"), default=3)
    protection_days = models.PositiveSmallIntegerField(_("days of protection"), default=10)
    field_limit_days = models.PositiveSmallIntegerField(
        _("days to measure or take a deposit, field sales"), default=15
    )
    field_quota = models.PositiveSmallIntegerField(_("filings a month, field sales"), default=20)
    extension_days = _count(_("days of an extension"), 15)
    extensions = _count(_("extensions of one filing"), 1)
    request_working_days = _count(_("working days for which a request holds"), 2)
    review_working_days = _count(_("working days to review a filing"), 1)
    update_warn_days = _count(_("warned of the follow-up, days before"), 1)
    protection_warn_days = _count(_("warned of the end of protection, days before"), 2)
    limit_warn_days = _count(_("warned of the limit to measure, days before"), 2)
    claim_days = _count(_("days to contest after a deal"), 3)
    release_wait_hours = _count(_("hours before filing again what one released"), 24)
    refile_wait_days = _count(_("days before filing again what one took back"), 7)
    claims_a_day = _count(_("taken from the pool a day, 0 without limit"), 0)
    most_held = _count(_("filings held at once, 0 without limit"), 0)
    min_deposit = models.DecimalField(
        _("smallest deposit that settles"),
        max_digits=12, decimal_places=2, default=Decimal(0), db_default=Decimal(0),
    )  # fmt: skip
    report_after_lapse_days = _count(_("days in which a lapse can still be reported, 0 none"), 0)
    roll_over_holidays = models.BooleanField(
        _("a limit on a day off moves to the next working day"), default=False, db_default=False
    )
    quote_before_review = models.BooleanField(
        _("quoting goes on while a filing is reviewed"), default=True, db_default=True
    )
    lapse_test = _choice(_("what loses a filing"), LapseTest, LapseTest.SILENCE)
    lapse_by = _choice(_("what ends a silent filing"), LapseBy, LapseBy.FILING)
    store_needs = _choice(_("complete, stores"), NeededToFile, NeededToFile.ALL)
    field_needs = _choice(_("complete, field sales"), NeededToFile, NeededToFile.ALL)
    late_tested_at = _choice(_("the hours are tested"), LateTestedAt, LateTestedAt.COMPLETION)
    cross_region_sale = _choice(
        _("deposit in another region"), CrossRegionSale, CrossRegionSale.RECORD
    )
    refill_month = _choice(_("a deal frees a slot in"), RefillMonth, RefillMonth.DEAL)
    note = models.CharField(_("why"), max_length=200, blank=True, default="", db_default="")
    set_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "policies"
        constraints = [
            models.UniqueConstraint(fields=["trade", "valid_from"], name="one_policy_a_day"),
            models.CheckConstraint(
                name="policy_days_are_in_order",
                condition=Q(update_days__lte=F("protection_days")),
                violation_error_message=_("The duty to follow up is not longer than protection."),
            ),
            models.CheckConstraint(
                name="policy_figures_are_positive",
                condition=Q(update_days__gte=1, protection_days__gte=1, field_limit_days__gte=1,
                            file_within_hours__gte=1, min_deposit__gte=0),
                violation_error_message=_("Days and hours are at least 1."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.trade} {self.valid_from}"
