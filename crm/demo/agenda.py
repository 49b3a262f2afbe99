"""What people find on their first day: cars and crews, appointments, duty rota, fresh leads."""

from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from core.phones import normalise
from crm.demo import talk
from crm.demo.company import MAIN, ZONE
from crm.demo.names import customer_name
from customers.models import Customer, Resource
from customers.services.appointments import AppointmentNotMade
from customers.services.dispatch import dispatch
from customers.services.intake import LeadFacts
from customers.services.lead_sources import create_source
from customers.services.leads import receive_lead
from customers.services.resources import add_resource
from customers.states import AppointmentKind, Grade, LeadWay, ResourceKind, Source
from followups.services import book_appointment
from staff.models import Person, RotaDay, Store
from staff.services.system import system_account
from staff.states import SALES_ROLES, StoreKind, Trade

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# The stores one looks at; a company of seven hundred has its rota from its managers.
MOST_STORES = 8
PLATFORMS = (
    ("dongche", "懂车帝", Trade.CARS, Source.ONLINE, "周末试驾"),
    ("haohaozhu", "好好住", Trade.FURNITURE, Source.ONLINE, "软装焕新"),
)
LEADS = 7


def plan_agenda(*, rng: Random, today: date, now: datetime) -> None:
    """Cars, crews, appointments of the coming week, who is on duty, and leads from outside."""
    stores = list(
        Store.objects.filter(kind=StoreKind.STORE, is_active=True).order_by("pk")[:MOST_STORES]
    )
    for store in stores:
        _rota(store, today)
        resources = _resources(store)
        _appointments(store, resources, rng=rng, today=today)
    _leads(rng, now)


def _sellers(store: Store) -> list[Person]:
    people = store.people.filter(role__in=SALES_ROLES, is_active=True)
    return list(people.order_by("username"))


def _rota(store: Store, today: date) -> None:
    people, by = _sellers(store), system_account()
    RotaDay.objects.bulk_create(
        RotaDay(
            store=store, person=people[(day + place) % len(people)], on=today + day * DAY,
            position=place, set_by=by,
        )
        for day in range(14 if people else 0)
        for place in range(min(2, len(people)))
    )  # fmt: skip


def _resources(store: Store) -> list[Resource]:
    by = system_account()
    wanted = {
        Trade.CARS: [
            (ResourceKind.TEST_CAR, "远山X5 试驾车"),
            (ResourceKind.TEST_CAR, "星程S 试驾车"),
        ],
        Trade.FURNITURE: [(ResourceKind.CREW, "量尺一组"), (ResourceKind.VAN, "送货车 2号")],
    }.get(Trade(store.trade), [])
    return [add_resource(store=store, kind=kind, name=name, by=by) for kind, name in wanted]


def _appointments(store: Store, resources: list[Resource], *, rng: Random, today: date) -> None:
    """A few each day of the coming week, from today on, booked last evening, so that the hour of
    asking changes nothing; two who want the same car find another hour.
    """
    booked_at = datetime.combine(today - DAY, time(18), ZONE)
    kinds = {
        Trade.CARS: (AppointmentKind.TEST_DRIVE, AppointmentKind.STORE_VISIT),
        Trade.FURNITURE: (AppointmentKind.MEASURING, AppointmentKind.HOME_VISIT),
    }.get(Trade(store.trade), (AppointmentKind.STORE_VISIT,))
    hot = Customer.objects.filter(
        store=store, grade__in=[Grade.A, Grade.B1], owner__is_active=True, quiet=""
    ).exclude(owner__username=MAIN)
    for number, customer in enumerate(hot.select_related("owner").order_by("pk")[:9]):
        if (keeper := customer.owner) is None:
            continue
        day = today + (number % 6) * DAY
        starts_at = datetime.combine(day, time(10 + 2 * (number % 4)), ZONE)
        kind = kinds[number % len(kinds)]
        fits = {AppointmentKind.TEST_DRIVE, AppointmentKind.MEASURING}
        resource = resources[number % len(resources)] if resources and kind in fits else None
        if resource and resource.kind == ResourceKind.VAN:
            resource = None
        try:
            book_appointment(
                customer=customer,
                kind=kind,
                starts_at=starts_at,
                ends_at=starts_at + HOUR,
                person=keeper,
                resource=resource,
                place=customer.address if kind == AppointmentKind.MEASURING else "",
                by=keeper,
                now=booked_at,
                key=UUID(int=rng.getrandbits(128)),
                anyway=True,
            )
        except AppointmentNotMade:
            continue


def _leads(rng: Random, now: datetime) -> None:
    """Two platforms, and inquiries of this morning that wait to be accepted."""
    by = system_account()
    for code, name, trade, source, campaign in PLATFORMS:
        store = Store.objects.filter(trade=trade, kind=StoreKind.STORE).order_by("pk").first()
        origin, _secret = create_source(
            code=code, name=name, source=source, store=store, region=None, by=by, now=now
        )
        made = []
        for number in range(LEADS):
            facts = LeadFacts(
                platform_id=f"{code}-{now:%m%d}-{number + 1:03}",
                name=customer_name(rng)[0],
                phone=normalise(f"1780{rng.randrange(10**7):07}"),
                need=talk.say(rng, talk.NEEDS[trade]),
                campaign=campaign if number % 2 else "",
            )
            at = now - timedelta(minutes=rng.randint(1, 9))
            got = receive_lead(origin=origin, facts=facts, way=LeadWay.WEBHOOK, by=by, now=at)
            made.append(got.lead.pk)
        dispatch(leads=made, now=now)
