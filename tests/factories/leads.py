"""The smallest valid source, lead and rota, made as people and platforms make them."""

from datetime import date, datetime
from itertools import count

from core.keyring import keyring
from core.phones import normalise
from customers.models import Lead, LeadSource
from customers.services.intake import LeadFacts
from customers.states import LeadWay
from desk.services.leads import take_in
from staff.models import Person, RotaDay, Store
from staff.services.system import system_account

SECRET = "a secret of forty-two sofas"
_numbers = count(13_700_000_000)
_ids = count(1)


def source(code: str = "", **where) -> LeadSource:
    """A source in use, which signs with SECRET."""
    code = code or f"platform-{next(_ids)}"
    name = where.pop("name", code)
    return LeadSource.objects.create(
        code=code, name=name, secret=keyring().encrypt(SECRET), **where
    )


def facts(**said) -> LeadFacts:
    """An inquiry with a number of its own; `phone` is a text, "" for none."""
    phone = said.pop("phone", str(next(_numbers)))
    return LeadFacts(
        platform_id=said.pop("platform_id", f"L{next(_ids)}"),
        phone=normalise(phone) if phone else None,
        **{"name": "许文博", "need": "沙发", **said},
    )


def lead(*, origin: LeadSource, now: datetime, **said) -> Lead:
    """A lead that has come in and was offered, as far as somebody is there."""
    (received,) = take_in(
        [facts(**said)], origin=origin, way=LeadWay.WEBHOOK, by=system_account(), now=now
    )
    received.lead.refresh_from_db()
    return received.lead


def on_duty(store: Store, *people: Person, on: date) -> None:
    """These people are on duty that day, in this order."""
    RotaDay.objects.bulk_create(
        RotaDay(store=store, person=person, on=on, position=position, set_by=person)
        for position, person in enumerate(people)
    )
