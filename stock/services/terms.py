"""Setting the limits of the figures from a day on: never the past."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.clock import database_now
from core.refusals import Refused, refuse_if
from core.services import audit
from staff.models import Person
from stock.models import StockTerms
from stock.queries.terms import terms_on
from stock.rules.written_terms import changed_fields, terms_from, values_blockers, values_of
from stock.services.figure_sets import ask_standing


class TermsNotSet(Refused):
    """The limits were left as they are; the other codes are the fields that are wrong."""

    messages = {
        "too_early": _(
            "Limits begin at the earliest on %(day)s: figures of days before keep those they were "
            "reckoned by."
        ),
        "set_meanwhile": _(
            "Somebody else has set limits meanwhile. Open the page again and look at them."
        ),
        "set_already": _(
            "Somebody has set limits from that day on. Look at them, or choose another day."
        ),
        "nothing_changed": _("These are the limits that hold on that day already."),
        "reason_missing": _("Say why the limits change."),
        "window_days": _("Sales of one day at least make the pace."),
        "cover_days": _("An order covers one day at least."),
        "lead_days": _("The lead time is 0 days or more."),
        "warn_under_days": _("The warning comes at 0 days or more."),
        "red_over_days": _("The red list of what runs out ends below that of what lies too long."),
        "bucket_limits": _("The limits of the age groups rise, from 0 days on."),
        "full_price_from": _("Full price begins above light promotion, both between 0 and 100 %%."),
        "watch_weeks": _("A new style is watched for one week at least."),
        "steady_from": _("Steady begins above slow, both between 0 and 100 %%."),
        "fast_volume_from": _(
            "The volume of a fast style is over 0, at most 100 times the median."
        ),
        "dead_from_weeks": _("A style is dead no sooner than the weeks it is watched."),
        "cut_under": _("Cut is a price under a share of the tag, for one week at least."),
        "main_until_week": _("The main season begins in week 1 or later and ends no sooner."),
        "past_after_days": _("A style is past only after it was new for a day at least."),
        "curve": _(
            "The target curve rises from week to week, to 100 %% at most, and is no longer than "
            "its cycle."
        ),
        "behind_weeks": _("Behind its target is a style after one week at least."),
        "markdown_weeks": _("The second markdown comes after the first."),
        "healthy_until": _("A healthy season ends between two shares, the lower one first."),
        "freight": _("Freight is between 0 and 100 %% of the cost."),
        "commission": _("Commission and expense leave something of the price."),
    }


def earliest_day(*, now: datetime) -> date:
    """From when on limits can be set: today, or the day after one that was set today."""
    today = timezone.localdate(now)
    is_set = StockTerms.objects.filter(from_on=today).exists()
    return today + timedelta(days=1) if is_set else today


@transaction.atomic
def set_terms(
    *,
    values: Mapping[str, Any],
    from_on: date,
    reason: str,
    by: Person,
    seen: str | None = None,
    now: datetime | None = None,
) -> StockTerms:
    """Let these limits hold from a day on: a new row with all of them. Raises TermsNotSet.

    What `values` does not name is the default. One row a day: of two who set at once the second is
    told. `seen` is the key of the latest row that was read, "" before the first.
    """
    now = now or database_now()
    last = StockTerms.objects.select_for_update().order_by("from_on").last()
    if seen is not None and seen != (str(last.pk) if last else ""):
        raise TermsNotSet.because("set_meanwhile")
    earliest = earliest_day(now=now)
    if from_on < earliest:
        raise TermsNotSet.because("too_early", day=date_format(earliest, "DATE_FORMAT"))
    if not reason.strip():
        raise TermsNotSet.because("reason_missing")
    refuse_if(TermsNotSet, values_blockers(values))
    before, after = terms_on(from_on), terms_from(values)
    changed = changed_fields(before, after)
    if not changed:
        raise TermsNotSet.because("nothing_changed")
    known, written = values_of(before), values_of(after)
    try:
        with transaction.atomic():
            row = StockTerms.objects.create(
                from_on=from_on, values=written, reason=reason.strip(), set_by=by, set_at=now
            )
    except IntegrityError as error:
        raise TermsNotSet.because("set_already") from error
    audit.record(
        verb="set_stock_terms",
        of=row,
        by=by,
        reason=reason.strip(),
        from_on=from_on.isoformat(),
        changes={name: [known[name], written[name]] for name in changed},
    )
    ask_standing(now=now)
    return row
