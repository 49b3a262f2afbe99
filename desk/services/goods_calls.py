"""Goods meet customers: who is called about a slow, aged or cheaper style (MER-32, FUP-09).

The list is a campaign of its own, so that it has the guard, the tasks and the figures of one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.amounts import money_text
from core.models import Job
from core.refusals import Refused
from core.services.once import once
from customers.models import Customer
from desk.services.inviting import ask_to_invite
from followups.models import Campaign, Invitation
from followups.services.campaigns import CampaignTerms, plan_campaign
from followups.services.foreseeing import judged
from followups.states import RUNNING_CAMPAIGNS, CampaignKind, Withheld
from staff.models import Person, Store
from stock.models import Style
from stock.queries.calling import Calling, calling_of

# Everybody is called within three days; who comes within a fortnight comes for these goods.
CALLED_WITHIN = timedelta(days=3)
LASTS = timedelta(days=14)


class NotCalled(Refused):
    """Nobody was put on a call list."""

    messages = {
        "sells_by_itself": gettext_lazy(
            "This style is neither slow nor old nor marked down: nobody is called about it."
        ),
        "gone": gettext_lazy("None of it is left there: nobody is called about it."),
        "nobody": gettext_lazy("Nobody new can be called. All of them are on a list already."),
    }


@dataclass(frozen=True, kw_only=True)
class Whom:
    """Whom a list about a style would call: `ready`, `there` on one already, kept off and why."""

    ready: Sequence[int]
    there: Sequence[int]
    withheld: Mapping[Withheld, Sequence[int]]

    @property
    def asked(self) -> list[int]:
        """Whom the list notes: the ready, and those kept off with their reason."""
        return sorted([*self.ready, *(key for keys in self.withheld.values() for key in keys)])


def whom_to_call(*, style: Style, customers: Sequence[Customer], now: datetime) -> Whom:
    """What the guard says of these customers; who stands on a running list of the style is there.

    Three queries, however many.
    """
    listed = set(
        Invitation.objects.filter(
            campaign__style=style,
            campaign__state__in=RUNNING_CAMPAIGNS,
            customer__in=[who.pk for who in customers],
            withheld="",
        ).values_list("customer", flat=True)
    )
    ready: list[int] = []
    withheld: dict[Withheld, list[int]] = {}
    verdicts = judged([who for who in customers if who.pk not in listed], now=now)
    for pk, verdict in verdicts.items():
        if verdict == Withheld.NONE:
            ready.append(pk)
        else:
            withheld.setdefault(verdict, []).append(pk)
    return Whom(ready=ready, there=sorted(listed), withheld=withheld)


def list_name(style: Style, calling: Calling) -> str:
    """What the tasks say: the style and what it costs now."""
    name = f"{style.brand.name} {style.number} {money_text(calling.price)}"
    if calling.old_price is not None:
        was = _("was %(price)s") % {"price": money_text(calling.old_price)}
        name = f"{name} ({was})"
    return name[:80]


def _terms(style: Style, store: Store | None, calling: Calling, *, now: datetime) -> CampaignTerms:
    zone = store.tzinfo if store else timezone.get_default_timezone()
    morning = now.astimezone(zone).replace(hour=10, minute=0, second=0, microsecond=0)
    text = _("{store} has %(style)s now for %(price)s. Would you like to try it on?") % {
        "style": f"{style.brand.name} {style.number}", "price": money_text(calling.price),
    }  # fmt: skip
    return CampaignTerms(
        name=list_name(style, calling),
        kind=CampaignKind.EVENT,
        store=store,
        place="",
        starts_at=morning + CALLED_WITHIN,
        ends_at=morning + LASTS,
        text=text,
    )


@transaction.atomic
def call_about(
    *,
    style: Style,
    store: Store | None,
    customers: Sequence[int],
    by: Person,
    key: UUID,
    now: datetime,
) -> tuple[Campaign, Job | None]:
    """Put these customers on the call list of a style at its price; each gets one task, once.

    Two who do it at once fill one list: the style is held meanwhile. Whom the guard keeps off
    stands on the list with the reason. Many are put there by a job. Raises NotCalled,
    CampaignNotSaved, ManyNotInvited.
    """
    with once(key=key, purpose="goods_calls", by=by) as form:
        if form.result_id:
            return Campaign.objects.get(pk=form.result_id), None
        campaign, job = _fill(style, store, customers, by=by, key=key, now=now)
        form.result_id = campaign.pk
    return campaign, job


def _fill(
    style: Style,
    store: Store | None,
    customers: Sequence[int],
    *,
    by: Person,
    key: UUID,
    now: datetime,
) -> tuple[Campaign, Job | None]:
    """The running list of this style, place and price, or a new one, with these on it."""
    held = Style.objects.select_for_update(of=("self",), no_key=True).select_related("brand")
    style = held.get(pk=style.pk)
    calling = calling_of(style, store, on=timezone.localdate(now))
    if calling.is_gone:
        raise NotCalled.because("gone")
    if not calling.reasons:
        raise NotCalled.because("sells_by_itself")
    rows = Customer.objects.filter(pk__in=customers).select_related("owner", "store")
    told = whom_to_call(style=style, customers=list(rows.order_by("pk")), now=now)
    if not told.ready:
        raise NotCalled.because("nobody")
    terms = _terms(style, store, calling, now=now)
    running = Campaign.objects.filter(
        style=style, store=store, name=terms.name, state__in=RUNNING_CAMPAIGNS, ends_at__gt=now
    )
    campaign = running.order_by("pk").first() or plan_campaign(
        terms=terms, style=style, by=by, now=now, key=uuid5(key, "call list")
    )
    invited = uuid5(key, "invited")
    return campaign, ask_to_invite(campaign=campaign, customers=told.asked, by=by, key=invited)
