"""Campaigns and their guests: who sees which, and what came of them (ORG-18, KPI-15)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import (
    Case,
    Count,
    DateField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate

from core.models import AuditEntry
from customers.models import CustomerPhone, OwnedProduct
from customers.queries import are_visible, card_that_stands
from customers.states import GoneReason, Grade, NoStepReason, Quiet
from followups.models import Campaign, Invitation
from followups.queries.agreed import what_goes_on
from followups.states import Answer, CampaignKind, CampaignState
from staff.models import Person, Store
from staff.scope import CAMPAIGN_ROLES, Reach
from staff.states import Level

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Teller(TypedDict):
        teller: str
        left_in_peace: bool

    Told = WithAnnotations[Invitation, _Teller]
else:
    Told = Invitation

CAME = Q(attended_at__isnull=False)
# Written down at the door, in one moment.
NOTED_AT_THE_DOOR = Q(
    attended_at__isnull=False, invited_at=F("attended_at"), sent_at=None, answer=""
)
INVITED = Q(withheld="") & ~NOTED_AT_THE_DOOR
# Who came without being asked: on no list before, or kept off it by the guard.
WALKED_IN = CAME & (NOTED_AT_THE_DOOR | ~Q(withheld=""))
COMING = Q(answer=Answer.COMING, withheld="")
# Everybody whose purchases afterwards count: the invited, and who came.
GUEST = Q(withheld="") | CAME
# Taken back, or written down by mistake: no deal. Whatever else became of it, it was bought.
BOUGHT = ("", GoneReason.SOLD, GoneReason.SCRAPPED)
# One person on two cards that were merged is one guest: what stayed with the hidden card is none.
STANDING = Q(customer__merged_into=None)
# Whom the guard would not let be asked now, whatever was so when they were invited (FUP-24).
NOT_ASKED_NOW = Q(customer__quiet__in=[Quiet.MARKETING, Quiet.ALL]) | Q(customer__grade=Grade.D)
NOTHING = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What came of a campaign, as far as the reader sees its guests."""

    invited: int = 0
    coming: int = 0
    came: int = 0
    bought: int = 0
    bought_who_came: int = 0
    amount: Decimal = NOTHING
    unpriced: int = 0
    kept_off: int = 0
    unsent: int = 0
    unanswered: int = 0
    not_coming: int = 0
    undecided: int = 0
    walked_in: int = 0

    @property
    def sent(self) -> int:
        """Who was written to: all that care is about."""
        return self.invited - self.unsent


def visible_campaigns(reach: Reach) -> QuerySet[Campaign]:
    """The campaigns of the stores that this person works for, and those of several stores."""
    if reach.sees_all:
        return Campaign.objects.all()
    if reach.level == Level.NONE:
        return Campaign.objects.none()
    own = Person.objects.filter(pk__in=reach.acts_for, store__isnull=False).values("store")
    stores = Store.objects.filter(Q(pk__in=reach.store_ids) | Q(pk__in=own)).values("pk")
    return Campaign.objects.filter(Q(store=None) | Q(store__in=stores))


def may_manage(reach: Reach, campaign: Campaign) -> bool:
    """Marketing and operations set every campaign; a manager those of the own store or team."""
    if not reach.has_role(CAMPAIGN_ROLES):
        return False
    return sees_everybody(reach, campaign)


def sees_everybody(reach: Reach, campaign: Campaign) -> bool:
    """Whether the guests within reach are all of them: what is aimed at is aimed at with all."""
    return reach.sees_all or campaign.store_id in reach.store_ids


def visible_invitations(reach: Reach) -> QuerySet[Invitation]:
    """Guests whose cards lie within reach, of campaigns that do, too."""
    return Invitation.objects.filter(
        STANDING, are_visible(reach, path="customer"), campaign__in=visible_campaigns(reach)
    )


def guest_that_stands(pk: int) -> int:
    """`pk`; where its card was merged into one that is invited, too, that card's invitation."""
    rows = Invitation.objects.filter(pk=pk).exclude(STANDING)
    left = rows.values_list("campaign", "customer").first()
    if left is None:
        return pk
    twins = Invitation.objects.filter(campaign=left[0], customer=card_that_stands(left[1]))
    return twins.values_list("pk", flat=True).first() or pk


def window() -> dict[str, Any]:
    """From which day until which a purchase follows a campaign."""
    end = TruncDate("campaign__ends_at")
    within = end + F("campaign__deals_within_days")
    return {
        "deals_from": TruncDate("campaign__starts_at"),
        "deals_until": ExpressionWrapper(within, output_field=DateField()),
    }


def products_bought() -> QuerySet[OwnedProduct]:
    """What the customer of a guest (the outer row, with its `window`) owns since a campaign."""
    return (
        OwnedProduct.objects.filter(customer=OuterRef("customer"), gone_reason__in=BOUGHT)
        .annotate(sold_on=Coalesce("purchased_on", "delivered_on"))
        .filter(sold_on__gte=OuterRef("deals_from"), sold_on__lte=OuterRef("deals_until"))
    )


def _counts(guests: QuerySet[Invitation]) -> Iterable[Mapping[str, object]]:
    return (
        guests.order_by()
        .values("campaign")
        .annotate(
            invited=Count("pk", filter=INVITED),
            coming=Count("pk", filter=COMING),
            came=Count("pk", filter=CAME),
            kept_off=Count("pk", filter=~Q(withheld="") & ~CAME),
            unsent=Count("pk", filter=INVITED & Q(sent_at=None)),
            unanswered=Count("pk", filter=INVITED & Q(answer="")),
            not_coming=Count("pk", filter=INVITED & Q(answer=Answer.NOT_COMING)),
            undecided=Count("pk", filter=INVITED & Q(answer=Answer.UNDECIDED)),
            walked_in=Count("pk", filter=WALKED_IN),
        )
    )


def counts_of(guests: QuerySet[Invitation], campaigns: Iterable[int]) -> dict[int, Figures]:
    """By campaign, who was invited, answered and came: one query, however many campaigns.

    What they bought afterwards stands in orders, too: `orders.queries.campaigns` adds it.
    """
    told = {pk: Figures() for pk in campaigns}
    for row in _counts(guests.filter(STANDING, campaign__in=list(told))):
        said: dict[str, Any] = dict(row)
        campaign = said.pop("campaign")
        told[campaign] = Figures(**said)
    return told


SHOWN = {
    "invited": INVITED,
    "coming": COMING,
    "came": CAME,
    "withheld": ~Q(withheld="") & ~CAME,
    "sent": INVITED & Q(sent_at__isnull=False),
    "unsent": INVITED & Q(sent_at=None),
    "unanswered": INVITED & Q(answer=""),
    "not_coming": INVITED & Q(answer=Answer.NOT_COMING),
    "undecided": INVITED & Q(answer=Answer.UNDECIDED),
    "walked_in": WALKED_IN,
}


def why_no_step(guest: Invitation) -> NoStepReason | None:
    """What goes on with a guest who is agreed on nothing new with; None where nothing does.

    The visit or call on which an earlier answer agreed gives way to the new one, and does not
    count; neither does the grade's cadence, which nobody has promised.
    """
    return what_goes_on(guest.customer, but=guest.contact_id)


def running(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Those to which customers may be invited."""
    states = (CampaignState.PLANNED, CampaignState.INVITING)
    return campaigns.filter(state__in=states).order_by("starts_at", "pk")


def guests_for_list(guests: QuerySet[Invitation], campaign: Campaign) -> QuerySet[Invitation]:
    """What a row of the guests shows, in one query: the card, who asks, the masked number."""
    numbers = CustomerPhone.objects.filter(customer=OuterRef("customer"), retired_at=None)
    rows = guests.filter(campaign=campaign).select_related("customer", "assignee")
    return rows.annotate(phone=Subquery(numbers.order_by("-is_primary", "pk").values("masked")[:1]))


def next_to_ask(
    guests: QuerySet[Invitation], campaign: Campaign, *, by: list[int]
) -> Invitation | None:
    """Whom these people ask next: not written to yet, then not asked; None when all are.

    Who wishes no marketing since they were invited, or was given up, is offered to nobody.
    """
    left = guests.filter(INVITED, campaign=campaign, assignee__in=by, attended_at=None)
    left = left.exclude(NOT_ASKED_NOW)
    unsent = left.filter(sent_at=None, answer="").order_by("pk")
    if campaign.kind == CampaignKind.CARE:
        return left.filter(sent_at=None).order_by("pk").first()
    return unsent.first() or left.filter(answer="").order_by("pk").first()


def put_on_list(campaign: Campaign, customers: Iterable[int]) -> tuple[int, int]:
    """How many of these stand on the list by now, and how many the guard keeps off."""
    rows = Invitation.objects.filter(STANDING, campaign=campaign, customer__in=list(customers))
    told = rows.aggregate(
        listed=Count("pk", filter=Q(withheld="")), kept_off=Count("pk", filter=~Q(withheld=""))
    )
    return told["listed"], told["kept_off"]


def to_be_told(guests: QuerySet[Invitation], campaign: Campaign) -> QuerySet[Told]:
    """Who said they come, and hears of it when it is called off (`services.guest_news`), each with
    the `teller` who calls them, and whether they are `left_in_peace`: nobody calls them then.
    """
    coming = guests.filter(COMING, campaign=campaign, attended_at=None)
    told = coming.exclude(customer__grade=Grade.D).select_related("customer")
    teller = Case(
        When(customer__owner__is_active=True, then="customer__owner__name"),
        When(assignee__is_active=True, then="assignee__name"),
        default=Value(""),
    )
    return told.annotate(teller=teller, left_in_peace=Q(customer__quiet=Quiet.ALL)).order_by("pk")


def calling_off(campaign: Campaign) -> AuditEntry | None:
    """Who called it off last, when and why."""
    return _last(campaign, verb="move_campaign", detail__after=CampaignState.CALLED_OFF)


def last_change(campaign: Campaign) -> AuditEntry | None:
    """Who changed what the campaign says last, and when."""
    return _last(campaign, verb="change_campaign")


def _last(campaign: Campaign, **which: Any) -> AuditEntry | None:
    entries = AuditEntry.objects.filter(
        object_type=campaign._meta.label_lower, object_id=campaign.pk, **which
    )
    return entries.select_related("by").order_by("-at", "-pk").first()
