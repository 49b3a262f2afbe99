"""What the database knows of a history's numbers: a handful of questions, however many rows."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo

from core.phones import Phone
from customers.models import Contact, Customer, CustomerPhone, Opportunity, Stage
from customers.queries import visible
from desk.histories.facts import (
    ContactMark,
    FilingMark,
    KnownCustomer,
    KnownStage,
    SaleMark,
    Standing,
)
from desk.imports.standing import among, key_of
from desk.imports.words import folded
from filings.models import Filing
from filings.services.histories import led_customers, projects_among
from staff.models import Person
from staff.scope import Reach, visible_people


def standing_of(phones: Sequence[Phone], *, reach: Reach) -> Standing:
    """All that the database knows of the customers with these numbers."""
    keys = {key_of(phone) for phone in phones}
    found = among(CustomerPhone.objects.all(), "key", keys).values_list("key", "customer_id")
    by_key = {bytes(key): pk for key, pk in found} if keys else {}
    ids = set(by_key.values())
    return Standing(
        by_key=by_key,
        customers=_customers(ids, reach),
        stages=_stages(),
        people=_people(reach),
        contacts=_contacts(ids),
        sales=_sales(ids),
        filings=_filings(ids),
        led=frozenset(led_customers(ids)) if ids else frozenset(),
        projects=projects_among(ids) if ids else {},
        filers=frozenset(Person.objects.exclude(store=None).values_list("pk", flat=True)),
    )


def _customers(ids: Collection[int], reach: Reach) -> dict[int, KnownCustomer]:
    if not ids:
        return {}
    in_reach = set(among(visible(reach), "id", ids).values_list("pk", flat=True))
    rows = among(Customer.objects.all(), "id", ids).values_list(
        "pk", "store", "store__code", "store__trade", "store__zone", "grade", "owner", "name"
    )
    return {
        pk: KnownCustomer(
            id=pk,
            store_id=store_id,
            store_code=code,
            trade=trade,
            zone=ZoneInfo(zone),
            grade=grade,
            owner_id=owner_id,
            is_in_reach=pk in in_reach,
            name=name,
        )
        for pk, store_id, code, trade, zone, grade, owner_id, name in rows
    }


def _stages() -> dict[str, dict[str, KnownStage]]:
    """Trade → each name that a stage of it goes by."""
    found: dict[str, dict[str, KnownStage]] = defaultdict(dict)
    for stage in Stage.objects.select_related("stage_set").order_by("-position", "-pk"):
        known = KnownStage(
            id=stage.pk, stage_set_id=stage.stage_set_id, kind=stage.kind, name=str(stage.name)
        )
        short = stage.code.removeprefix(f"{stage.stage_set.code}_")
        for trade in stage.stage_set.trades:
            for name in (stage.code, short, stage.name_en, stage.name_zh):
                found[trade][folded(name)] = known
    return found


def _people(reach: Reach) -> dict[str, list[int]]:
    """Whom a ledger may name: those who have left, too. A user name goes before a name."""
    found: dict[str, list[int]] = defaultdict(list)
    people = list(visible_people(reach).order_by("pk").values_list("pk", "username", "name"))
    for pk, _username, name in people:
        found[name.strip().casefold()].append(pk)
    return {**found, **{username.casefold(): [pk] for pk, username, _name in people}}


def _contacts(ids: Collection[int]) -> frozenset[ContactMark]:
    if not ids:
        return frozenset()
    rows = among(Contact.objects.all(), "customer_id", ids)
    return frozenset(rows.values_list("customer_id", "occurred_at", "channel", "note"))


def _filings(ids: Collection[int]) -> frozenset[FilingMark]:
    if not ids:
        return frozenset()
    rows = among(Filing.objects.filter(is_imported=True), "customer_id", ids)
    marks = rows.values_list("customer_id", "submitted_at", "filer_id")
    return frozenset((pk, at, filer) for pk, at, filer in marks if at is not None)


def _sales(ids: Collection[int]) -> frozenset[SaleMark]:
    if not ids:
        return frozenset()
    rows = among(Opportunity.objects.select_related("stage"), "customer_id", ids)
    return frozenset(
        rows.values_list("customer_id", "stage__stage_set", "product", "amount", "expected_on")
    )
