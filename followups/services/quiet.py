"""What a customer does not wish: written down, and the work that rests until they wish it again."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused, refuse_if
from customers import services as customers
from customers.models import Contact, Customer, QuietChange
from customers.states import Quiet, QuietReason
from followups import rules
from followups.models import Obligation, Task
from followups.queries.quieting import last_change, resting
from followups.services import engine
from followups.services.holding import hold_one
from followups.states import Anchor, Cause, State
from staff.models import Person

LONGEST_NOTE = QuietChange._meta.get_field("note").max_length or 0


class QuietNotSet(Refused):
    """A wish not to be contacted could not be written down as told."""

    messages = {
        "quiet_reason_missing": _("Say why."),
        "wishes_again_is_no_silence": _(
            "“Wishes contact again” is no reason for more silence. Choose another reason."
        ),
    }


def settle_quiet(customer: Customer, *, now: datetime, was_mistaken: bool = False) -> None:
    """Work rests or stands as the customer's wish and grade now have it.

    What fell due in the silence is over, unless the silence `was_mistaken`; what lies ahead is open
    again. The caller holds the customer, and asks the engine afterwards.
    """
    rests = resting(quiet=customer.quiet, grade=customer.grade)
    # A service case rests by its own clock alone.
    rows = Obligation.objects.filter(customer=customer).exclude(step__anchor=Anchor.CASE)
    going = rows.filter(rests, state=State.OPEN).values_list("pk", flat=True)
    Obligation.objects.filter(pk__in=list(going)).update(state=State.SUSPENDED, task=None)
    _close_empty_tasks(customer, now=now)

    today = customer.store.today(now)
    back = rows.filter(~rests, state=State.SUSPENDED)
    is_ahead = Q(due_on__gte=today) | Q(planned_on__gte=today)
    ahead_of_us = back if was_mistaken else back.filter(is_ahead)
    ahead = list(ahead_of_us.values_list("pk", flat=True))
    over = list(back.exclude(pk__in=ahead).values_list("pk", flat=True))
    Obligation.objects.filter(pk__in=over).update(
        state=State.CANCELLED, cause=Cause.SILENCE, closed_at=now
    )
    Obligation.objects.filter(pk__in=ahead, planned_on__lt=today).update(planned_on=None)
    Obligation.objects.filter(pk__in=ahead).update(state=State.OPEN)


def _close_empty_tasks(customer: Customer, *, now: datetime) -> None:
    """A task from which everything has gone to rest is no work."""
    left = Obligation.objects.filter(task=OuterRef("pk"), state=State.OPEN)
    Task.objects.filter(~Exists(left), customer=customer, state=State.OPEN).update(
        state=State.CANCELLED, closed_at=now
    )


@transaction.atomic
def set_quiet(
    *,
    customer: Customer,
    quiet: Quiet | str,
    reason: QuietReason | str,
    by: Person,
    now: datetime,
    note: str = "",
    contact: Contact | None = None,
) -> None:
    """Note what the customer does not wish; what that wish stops rests (FUP-24, decision 15).

    Said in `contact`, where there was one. The same wish for another reason is noted, too; nothing
    new is not. Raises QuietNotSet.
    """
    customer = hold_one(customer)
    if customer.quiet == quiet and _is_known(customer, reason=reason, note=note):
        return
    blockers = rules.quiet_blockers(before=customer.quiet, after=quiet, reason=reason)
    refuse_if(QuietNotSet, blockers)

    customers.set_quiet(
        customer=customer, quiet=quiet, reason=reason, note=note, contact=contact, by=by, now=now
    )
    settle_quiet(customer, now=now)
    engine.touch_and_ask(customers=[customer.pk], now=now)


def _is_known(customer: Customer, *, reason: QuietReason | str, note: str) -> bool:
    """The wish stands for this very reason; whoever wishes nothing special needs none."""
    change = last_change(customer)
    if change is None or customer.quiet == Quiet.NONE:
        return customer.quiet == Quiet.NONE
    return change.reason == reason and note.strip() in ("", change.note)


def take_back_wish(contact: Contact, *, reason: str, by: Person, now: datetime) -> bool:
    """The contact is void: so is the wish that was told in it, while none was told since.

    The caller holds the customer, and settles what rests. Answers whether there was one.
    """
    customer = contact.customer
    change = QuietChange.objects.filter(customer=customer).order_by("-at", "-pk").first()
    if change is None or change.contact_id != contact.pk or change.after != customer.quiet:
        return False
    customers.set_quiet(
        customer=customer,
        quiet=change.before,
        reason=QuietReason.OTHER,
        note=reason.strip()[:LONGEST_NOTE],
        by=by,
        now=now,
    )
    return True
