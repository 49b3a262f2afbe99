"""One act on many customers: what it would do is shown first, then a job does just that."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core.models import Job
from core.refusals import Refused
from core.services import jobs
from core.services.jobs import Work
from core.services.once import once
from customers import queries
from customers.models import Customer, Tag
from customers.services import tags
from followups import services as followups
from staff.models import Person
from staff.scope import REASSIGNING_ROLES, SERVING_ROLES, Reach, reach_of

# More than this is not one act any more: nobody has looked at them.
MOST = 5000
STEP = 200
KIND = "desk.tasks.act_on_many"


class Act(TextChoices):
    """What may be done to many at once."""

    REASSIGN = "reassign", _("Give to another keeper")
    TAG = "tag", _("Give a tag")
    UNTAG = "untag", _("Take a tag away")


class NotDoneToMany(Refused):
    """An act on many customers was not begun."""

    messages = {
        "nobody_chosen": _("Choose at least one customer."),
        "too_many": _("At most %(most)s customers at once. Narrow the list."),
        "not_yours": _("You may not hand customers over to this person."),
        "keeper_left": _("%(name)s cannot take customers. Choose somebody who works in a store."),
    }


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What an act would do: whom it changes, who stays as they are, and where they come from."""

    ids: list[int]
    stays: int
    by_keeper: list[tuple[str, int]]
    by_grade: list[tuple[str, int]]


def acts_open_to(reach: Reach) -> list[Act]:
    """The acts that somebody of this reach may do."""
    return [act for act in Act if act != Act.REASSIGN or reach.has_role(REASSIGNING_ROLES)]


def _refuse_unless_possible(ids: Sequence[int], act: Act, keeper: Person | None, reach: Reach):
    if not ids:
        raise NotDoneToMany.because("nobody_chosen")
    if len(ids) > MOST:
        raise NotDoneToMany.because("too_many", most=MOST)
    if act not in acts_open_to(reach):
        raise NotDoneToMany.because("not_yours")
    if act == Act.REASSIGN and keeper is not None:
        can_serve = keeper.is_active and keeper.role in SERVING_ROLES and keeper.store_id
        if not can_serve:
            raise NotDoneToMany.because("keeper_left", name=keeper.name)


def _unchanged(chosen: QuerySet[Customer], act: Act, keeper: Person | None, tag: Tag | None):
    """Those whom the act would leave as they are."""
    if act == Act.REASSIGN:
        return chosen.filter(owner=keeper)
    tagged = queries.tagged_with(tag.pk if tag else 0)
    return chosen.filter(pk__in=tagged) if act == Act.TAG else chosen.exclude(pk__in=tagged)


def foresee(
    *, customers: Sequence[int], act: Act, keeper: Person | None, tag: Tag | None, reach: Reach
) -> Foreseen:
    """What the act would do to these customers, as far as they are within reach.

    Raises NotDoneToMany.
    """
    _refuse_unless_possible(customers, act, keeper, reach)
    chosen = queries.visible(reach).filter(pk__in=list(customers))
    rows = list(chosen.order_by("pk").values_list("pk", "owner__name", "grade"))
    stays = set(_unchanged(chosen, act, keeper, tag).values_list("pk", flat=True))
    keepers = Counter(name or "" for pk, name, _grade in rows if pk not in stays)
    grades = Counter(grade for pk, _name, grade in rows if pk not in stays)
    return Foreseen(
        ids=[pk for pk, _name, _grade in rows if pk not in stays],
        stays=len(stays),
        by_keeper=keepers.most_common(),
        by_grade=sorted(grades.items()),
    )


@transaction.atomic
def ask_act(
    *,
    customers: Sequence[int],
    act: Act,
    keeper: Person | None,
    tag: Tag | None,
    reason: str,
    by: Person,
    key: UUID,
) -> Job:
    """Queue the act on exactly these customers; the same form again answers with the same job."""
    with once(key=key, purpose="act_on_many", by=by, content=f"{act} {sorted(customers)}") as form:
        if form.result_id:
            return Job.objects.get(pk=form.result_id)
        job = jobs.ask(
            kind=KIND,
            by=by,
            params={
                "customers": list(customers),
                "act": act,
                "keeper": keeper.pk if keeper else None,
                "tag": tag.pk if tag else None,
                "reason": reason,
                "page": {
                    "title": gettext_noop("Act on many customers"),
                    "result": "desk:customers",
                    "result_label": gettext_noop("To the customers"),
                    "back": "desk:act_on_many",
                },
            },
        )
        form.result_id = job.pk
    return job


def do_act(work: Work) -> None:
    """Do what was asked, a few hundred at a time; whoever left the asker's reach is left alone.

    Each step is done twice without harm, so that a worker's death half-way costs nothing.
    """
    params, by = work.job.params, work.job.asked_by
    reach = reach_of(by, today=timezone.localdate())
    act = Act(params["act"])
    keeper = Person.objects.get(pk=params["keeper"]) if params["keeper"] else None
    tag = Tag.objects.get(pk=params["tag"]) if params["tag"] else None
    _refuse_unless_possible(params["customers"], act, keeper, reach)
    ids, done = sorted(params["customers"]), 0
    for start in range(0, len(ids), STEP):
        some = queries.visible(reach).filter(pk__in=ids[start : start + STEP])
        chosen = list(some.order_by("pk").values_list("pk", flat=True))
        _do_some(chosen, act, keeper=keeper, tag=tag, by=by, reason=params["reason"])
        done += len(chosen)
        work.advance(min(start + STEP, len(ids)), len(ids))
    work.job.result = {"updated": done, "unchanged": len(ids) - done}


def _do_some(
    ids: list[int],
    act: Act,
    *,
    keeper: Person | None,
    tag: Tag | None,
    by: Person,
    reason: str,
) -> None:
    now: datetime = timezone.now()
    if act == Act.REASSIGN:
        followups.reassign(customers=ids, keeper=keeper, by=by, now=now, reason=reason)
    elif tag is not None and act == Act.TAG:
        tags.tag_customers(tag=tag, customers=ids, by=by, now=now)
    elif tag is not None:
        tags.untag_customers(tag=tag, customers=ids, by=by, now=now)
