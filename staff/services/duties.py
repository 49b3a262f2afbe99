"""Giving and ending duties."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.refusals import Refused, refuse_if
from core.services import audit
from core.services.once import once
from staff import rules
from staff.models import Duty, Person, Region, Store
from staff.queries import standing_of
from staff.rules import DutyTerms
from staff.states import DutyKind


class DutyNotGiven(Refused):
    """A duty could not be given or ended."""

    messages = {
        "duty_not_yours_to_give": _(
            "Administrators and operations managers give duties, and never to themselves."
        ),
        "appeal_only_by_admin": _("Only an administrator says who hears appeals."),
        "administrators_have_no_duties": _(
            "An administrator has no duties: they would open customers to the account."
        ),
        "person_is_disabled": _("This person is disabled. Enable the account first."),
        "ends_before_it_starts": _(
            "The last day must be today or later, and not before the first."
        ),
        "assisted_person_missing": _("Choose whom this person assists."),
        "assistant_is_for_a_person": _("An assistant is for a person, not for a store or region."),
        "only_assistants_assist": _("Only an assistant is for a person. Leave the person empty."),
        "store_or_region": _("Choose a store or a region, not both."),
        "nobody_assists_himself": _("Nobody can be the own assistant. Choose somebody else."),
        "has_it_already": _("This person has this duty already."),
        "has_ended": _("This duty has ended already."),
    }


@transaction.atomic
def give_duty(
    *,
    person: Person,
    kind: DutyKind | str,
    store: Store | None,
    region: Region | None,
    assists: Person | None,
    starts_on: date,
    ends_on: date | None,
    by: Person,
    now: datetime,
    key: UUID,
) -> Duty:
    """Give `person` a duty for one store, one region, one person or everything.

    Raises DutyNotGiven. `key` is the form's own id: sent twice, the same duty comes back.
    """
    terms = DutyTerms(
        kind=DutyKind(kind),
        store_id=store.pk if store else None,
        region_id=region.pk if region else None,
        assists_id=assists.pk if assists else None,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    blockers = rules.duty_blockers(
        by=standing_of(by),
        person=standing_of(person),
        terms=terms,
        today=timezone.localdate(now),
    )
    refuse_if(DutyNotGiven, blockers)

    with once(key=key, purpose="duty", by=by) as form:
        if form.result_id:
            return Duty.objects.get(pk=form.result_id)
        try:
            with transaction.atomic():
                duty = Duty.objects.create(
                    person=person,
                    kind=terms.kind,
                    store=store,
                    region=region,
                    assists=assists,
                    starts_on=starts_on,
                    ends_on=ends_on,
                    given_by=by,
                )
        except IntegrityError as error:
            raise DutyNotGiven.because("has_it_already") from error
        form.result_id = duty.pk

    audit.record(verb="duty_given", of=duty, by=by, person=person.pk, kind=terms.kind)
    return duty


@transaction.atomic
def end_duty(*, duty: Duty, by: Person, now: datetime) -> None:
    """End a duty at once, so that the next request is without it. Raises DutyNotGiven.

    Days are whole: the last day becomes yesterday, and a duty that began today or later goes.
    """
    today = timezone.localdate(now)
    current = Duty.objects.select_for_update(of=("self",), no_key=True).filter(pk=duty.pk).first()
    if current is None or (current.ends_on is not None and current.ends_on < today):
        raise DutyNotGiven.because("has_ended")
    rights = rules.rights_over(by=standing_of(by), person=standing_of(current.person))
    if rules.Right.GIVE_DUTIES not in rights:
        raise DutyNotGiven.because("duty_not_yours_to_give")

    audit.record(verb="duty_ended", of=current, by=by, person=current.person_id, kind=current.kind)
    if current.starts_on >= today:
        current.delete()
        return
    current.ends_on = today - timedelta(days=1)
    current.save(update_fields=["ends_on"])
