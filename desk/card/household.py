"""The people around a customer: the household, and a company's key people (AFT-26, KNW-05)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from core.days import day_text
from core.phones import mask_in_text
from core.time_left import TimeLeft, until_day
from customers.models import HouseholdMember, KeyPerson
from customers.queries import MaskedCustomer
from customers.rules.birthdays import next_birthday
from desk.card.birthdays import birthday_of
from staff.scope import REGISTERING_ROLES, Reach

# A birthday that one may prepare for says how many days there are.
SOON = timedelta(days=30)


@dataclass(frozen=True)
class SomebodyShown:
    """One person around the customer; `kind` is how the reveal is told whose number is meant."""

    pk: int
    kind: str
    name: str
    part: str
    birthday: str
    due: TimeLeft | None
    masked: str
    note: str
    edit_url: str


def content(
    customer: MaskedCustomer, *, reader: Reach, request_get: QueryDict, now: datetime
) -> dict[str, object]:
    """What the tab shows: household and key_people, and where one writes them down."""
    today = customer.store.today(now)
    may_write = reader.has_role(REGISTERING_ROLES)
    adding = {
        f"{name}_url": reverse(f"followups:{name}", args=[customer.pk]) if may_write else ""
        for name in ("add_member", "add_key_person")
    }
    household = customer.household.order_by("pk")
    key_people = customer.key_people.order_by("pk")
    return {
        "household": [
            _shown(each, "member", may_write=may_write, today=today) for each in household
        ],
        "key_people": [
            _shown(each, "key_person", may_write=may_write, today=today) for each in key_people
        ],
        **adding,
    }


def _shown(
    somebody: HouseholdMember | KeyPerson, kind: str, *, may_write: bool, today: date
) -> SomebodyShown:
    coming = coming_birthday(somebody, today=today)
    return SomebodyShown(
        pk=somebody.pk,
        kind=kind,
        name=mask_in_text(str(somebody)),
        part=_(", ").join(_parts(somebody)),
        birthday=_birthday_line(somebody, coming, today=today),
        due=until_day(coming, today=today) if coming and coming - today <= SOON else None,
        masked=somebody.masked,
        note=mask_in_text(somebody.note),
        edit_url=reverse(f"followups:{kind}", args=[somebody.pk]) if may_write else "",
    )


def coming_birthday(somebody: HouseholdMember | KeyPerson, *, today: date) -> date | None:
    """The day of their next birthday; None where it is not known."""
    if not somebody.birth_month or not somebody.birth_day:
        return None
    return next_birthday(
        month=somebody.birth_month,
        day=somebody.birth_day,
        is_lunar=somebody.birth_is_lunar,
        is_leap_month=somebody.birth_is_leap_month,
        today=today,
    )


def _birthday_line(
    somebody: HouseholdMember | KeyPerson, coming: date | None, *, today: date
) -> str:
    """Lunar 8-15, next on 25 Sep (Fri)."""
    if coming is None:
        return birthday_of(somebody)
    return _("%(birthday)s, next on %(day)s") % {
        "birthday": birthday_of(somebody),
        "day": day_text(coming, today=today),
    }


def _parts(somebody: HouseholdMember | KeyPerson) -> Sequence[str]:
    """Spouse; or purchasing manager, economic buyer."""
    if isinstance(somebody, HouseholdMember):
        return [somebody.get_relation_display()] if somebody.name else []
    said = (mask_in_text(somebody.position), somebody.get_role_display())
    return [str(text) for text in said if text]
