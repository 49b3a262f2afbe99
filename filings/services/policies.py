"""Setting the rules of filing: new versions from a day on, never the past (ADJ-07)."""

from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused
from core.services import audit
from filings.models import Policy
from filings.queries import policy_of, terms_of
from filings.rules import Terms
from staff.models import Person
from staff.states import Trade


class PolicyNotSet(Refused):
    """The rules of filing were not set, or a version not taken back."""

    messages = {
        "too_early": _(
            "Rules begin on a day to come, at the earliest on %(day)s: what was filed until then "
            "keeps the rules under which it came in."
        ),
        "nothing_changed": _("These are the rules that hold on that day already."),
        "note_missing": _("Say why the rules change."),
        "days_not_in_order": _("The duty to follow up is not longer than protection."),
        "set_already": _(
            "%(who)s has set rules for this trade from that day on. Look at them first, or choose "
            "another day."
        ),
        "begun": _("These rules hold already. Set others from a day on."),
        "gone": _("Somebody has taken these rules back already."),
    }


def earliest_day(trade: Trade | str, *, now: datetime) -> date:
    """From when on rules can be set: tomorrow, or today where the trade has none."""
    today = timezone.localdate(now)
    return today + timedelta(days=1) if policy_of(trade, day=today) else today


def _check(
    trade: Trade | str, valid_from: date, terms: Terms, note: str, *, now: datetime
) -> Policy | None:
    """Everything that stops these rules; answers with those that they follow."""
    earliest = earliest_day(trade, now=now)
    if valid_from < earliest:
        raise PolicyNotSet.because("too_early", day=date_format(earliest, "DATE_FORMAT"))
    if terms.update_days > terms.protection_days:
        raise PolicyNotSet.because("days_not_in_order")
    if not note.strip():
        raise PolicyNotSet.because("note_missing")
    before = policy_of(trade, day=valid_from)
    if before is not None and before.valid_from == valid_from:
        who = before.set_by.name if before.set_by else _("Somebody")
        raise PolicyNotSet.because("set_already", who=who)
    if before is not None and terms_of(before) == terms:
        raise PolicyNotSet.because("nothing_changed")
    return before


@transaction.atomic
def set_policy(
    *, trade: Trade | str, valid_from: date, terms: Terms, note: str, by: Person, now: datetime
) -> Policy:
    """New rules for a trade from a day on; filings made before keep theirs (ADJ-07).

    One a day and trade: of two who set at once the second is told. Raises PolicyNotSet.
    """
    before = _check(trade, valid_from, terms, note, now=now)
    values = asdict(terms)

    try:
        with transaction.atomic():
            policy = Policy.objects.create(
                trade=trade, valid_from=valid_from, note=note.strip()[:200], set_by=by, set_at=now,
                **values,
            )  # fmt: skip
    except IntegrityError as error:
        raise PolicyNotSet.because("set_already", who=_("Somebody")) from error

    known = asdict(terms_of(before)) if before else {}
    changed = {name: str(value) for name, value in values.items() if known.get(name) != value}
    audit.record(
        verb="set_policy", of=policy, by=by, reason=note, trade=str(trade),
        valid_from=valid_from.isoformat(), changed=changed,
    )  # fmt: skip
    return policy


@transaction.atomic
def take_back_policy(*, policy: Policy, by: Person, now: datetime) -> None:
    """Take back a version that has not begun: nothing was filed under it. Raises PolicyNotSet."""
    if policy.valid_from <= timezone.localdate(now):
        raise PolicyNotSet.because("begun")
    audit.record(
        verb="take_back_policy", of=policy, by=by, reason=policy.note, trade=policy.trade,
        valid_from=policy.valid_from.isoformat(),
    )  # fmt: skip
    gone, _rows = Policy.objects.filter(
        pk=policy.pk, valid_from__gt=timezone.localdate(now)
    ).delete()
    if not gone:
        raise PolicyNotSet.because("gone")
