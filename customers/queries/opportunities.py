"""Opportunities read: who sees which, the board with its true totals, the list, one of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Count,
    ExpressionWrapper,
    F,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    Window,
)
from django.db.models.fields import BooleanField, PositiveSmallIntegerField
from django.db.models.functions import Coalesce, RowNumber

from core.calendars import add_months
from core.models import AuditEntry
from customers.models import Appointment, KeyPerson, Opportunity, Parameters, Stage, StageMove
from customers.queries.finding import IsAmong, _opened, _own, _within
from customers.rules.opportunities import Chance, chance_of
from customers.states import StageKind
from staff.scope import Reach, visible_stores
from staff.states import Level

# A column shows so many cards, fewer to those who see all stores; the list has them all.
MOST_CARDS = 30
MOST_CARDS_OF_ALL = 12
NOTHING = Decimal(0)


def opportunities_in_reach(reach: Reach) -> QuerySet[Opportunity]:
    """The opportunities of customers within reach, and one's own; others do not exist."""
    if reach.level == Level.NONE:
        return Opportunity.objects.none()
    if reach.level == Level.ALL:
        return Opportunity.objects.all()
    mine = Q(owner__in=reach.acts_for)
    # A few hundred customers, found first: see `finding.visible`.
    theirs = _within(reach).values("pk")
    if reach.level == Level.OWN:
        theirs = _own(reach).values("pk").union(_opened(reach), all=True)
    return Opportunity.objects.filter(mine | Q(IsAmong("customer", theirs)))


def _history_needed(today: date) -> Coalesce:
    """From how many closed ones on our own history counts, as `parameters` has it, in SQL."""
    rows = Parameters.objects.filter(valid_from__lte=today).order_by("-valid_from")
    shipped = Parameters._meta.get_field("history_needed").default
    return Coalesce(
        Subquery(rows.values("history_needed")[:1]),
        Value(shipped, output_field=PositiveSmallIntegerField()),
    )


def with_history_needed(stages: QuerySet[Stage], *, today: date) -> QuerySet[Stage]:
    """Each stage with its set, and with what `chance_in` needs."""
    return stages.select_related("stage_set").annotate(history_needed=_history_needed(today))


def chance_in(stage) -> Chance:
    """The chance of what stands in `stage`, which has passed `with_history_needed`."""
    return chance_of(
        kind=StageKind(stage.kind),
        default_chance=stage.default_chance,
        won_share=stage.won_share,
        reckoned_from=stage.reckoned_from,
        history_needed=stage.history_needed,
    )


def stages_for(reach: Reach, *, today: date) -> list[Stage]:
    """The stages of all sets by which the stores within reach sell, a set after the other."""
    trades = visible_stores(reach).values("trade")
    stages = Stage.objects.filter(stage_set__trades__overlap=ArraySubquery(trades))
    in_order = ("stage_set_id", "position", "pk")
    return list(with_history_needed(stages, today=today).order_by(*in_order))


@dataclass(frozen=True)
class Column:
    """One stage of the board: its true totals, and the first of its cards.

    A closed stage counts what was closed in this month. `sum` is of those that name an amount.
    """

    stage: Stage
    chance: Chance
    count: int = 0
    sum: Decimal = NOTHING
    past: int = 0
    this_month: int = 0
    this_month_sum: Decimal = NOTHING
    cards: list[Opportunity] = field(default_factory=list)

    @property
    def weighted(self) -> Decimal:
        return self.sum * self.chance.share

    @property
    def more(self) -> int:
        return self.count - len(self.cards)


def _on_board(
    opportunities: QuerySet[Opportunity], stages: Iterable[Stage], *, month_began: datetime
) -> QuerySet[Opportunity]:
    """All that is open in these stages, and what was closed there since the month began."""
    here = opportunities.filter(stage__in=[stage.pk for stage in stages])
    return here.filter(Q(state=StageKind.OPEN) | Q(closed_at__gte=month_began))


def _with_totals(opportunities: QuerySet[Opportunity], *, today: date) -> QuerySet[Any]:
    """Each with its place in its stage, the soonest expected first, and with the stage's totals."""
    soonest = [F("expected_on").asc(nulls_last=True), F("pk").asc()]
    in_stage: dict[str, Any] = {"partition_by": [F("stage")]}
    begins = today.replace(day=1)
    this_month = Q(expected_on__gte=begins, expected_on__lt=add_months(begins, 1))
    return opportunities.annotate(
        place=Window(RowNumber(), order_by=soonest, **in_stage),
        all_count=Window(Count("pk"), **in_stage),
        all_sum=Window(Sum("amount"), **in_stage),
        all_past=Window(Count("pk", filter=Q(expected_on__lt=today)), **in_stage),
        all_month=Window(Count("pk", filter=this_month), **in_stage),
        all_month_sum=Window(Sum("amount", filter=this_month), **in_stage),
    )


def _column(stage: Stage, cards: list) -> Column:
    """The totals stand on each card: the first one tells them."""
    chance = chance_in(stage)
    if not cards:
        return Column(stage, chance)
    first = cards[0]
    return Column(
        stage,
        chance,
        count=first.all_count,
        sum=first.all_sum or NOTHING,
        past=first.all_past,
        this_month=first.all_month,
        this_month_sum=first.all_month_sum or NOTHING,
        cards=cards,
    )


def board(
    opportunities: QuerySet[Opportunity],
    stages: Iterable[Stage],
    *,
    today: date,
    month_began: datetime,
    most: int = MOST_CARDS,
) -> list[Column]:
    """The columns of one set, in order, with `most` cards each: one query, however many there are.

    `opportunities` have passed `opportunities_in_reach`, `stages` come from `stages_for`.
    """
    stages = list(stages)
    here = _on_board(opportunities, stages, month_began=month_began)
    shown = (
        _with_totals(here, today=today)
        .filter(place__lte=most)
        .select_related("customer", "brand", "owner")
        .only(
            "stage", "state", "product", "amount", "expected_on", "staged_at", "closed_at",
            "customer__name", "customer__grade", "brand__name", "owner__name",
        )
        .order_by("stage", "place")
    )  # fmt: skip
    cards = defaultdict(list)
    for card in shown:
        cards[card.stage_id].append(card)
    return [_column(stage, cards[stage.pk]) for stage in stages]


def for_opportunity_list(
    opportunities: QuerySet[Opportunity], *, today: date
) -> QuerySet[Opportunity]:
    """What a row of the list shows, in one query."""
    needed = _history_needed(today)
    return opportunities.select_related("customer", "brand", "owner", "store", "stage").annotate(
        history_needed=needed
    )


def with_all_of_it(opportunities: QuerySet[Opportunity]) -> QuerySet[Opportunity]:
    """One opportunity as its page shows it: people, project, moves, appointments."""
    moves = StageMove.objects.select_related("before", "after", "by").order_by("-at", "-pk")
    booked = Appointment.objects.select_related("person").order_by("-starts_at", "-pk")
    key_people = KeyPerson.objects.order_by("role", "name", "pk")
    return opportunities.select_related(
        "customer__store", "customer__owner", "project", "brand", "owner", "store",
        "stage__stage_set", "opened_by",
    ).prefetch_related(
        Prefetch("moves", queryset=moves),
        Prefetch("appointments", queryset=booked),
        Prefetch("customer__key_people", queryset=key_people),
    )  # fmt: skip


def reasons_of_moves(opportunity: Opportunity) -> dict[int, tuple[str, str]]:
    """What was said at each move, by its id: the reason's code and the words, from the trail."""
    acts = AuditEntry.objects.filter(
        object_type=Opportunity._meta.label_lower, object_id=opportunity.pk, verb="move_stage"
    )
    said = acts.order_by("pk").values_list("detail", "reason")
    return {detail["move"]: (detail.get("lost_reason", ""), words) for detail, words in said}


def opportunities_of(customer_id: int, *, reach: Reach, today: date) -> QuerySet[Opportunity]:
    """All opportunities of one customer, the open ones first."""
    rows = for_opportunity_list(opportunities_in_reach(reach), today=today)
    open_first = Q(state=StageKind.OPEN)
    return rows.filter(customer=customer_id).order_by(
        ExpressionWrapper(open_first, output_field=BooleanField()).desc(), "-staged_at", "-pk"
    )


def chance_on(opportunity) -> Chance:
    """The chance of an opportunity that came from `for_opportunity_list`."""
    stage = opportunity.stage
    return chance_of(
        kind=StageKind(stage.kind),
        default_chance=stage.default_chance,
        won_share=stage.won_share,
        reckoned_from=stage.reckoned_from,
        history_needed=opportunity.history_needed,
    )
