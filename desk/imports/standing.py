"""What the database knows of a sheet: a handful of questions, however many rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.db.models.functions import Upper

from core.keyring import keyring
from core.phones import Phone
from customers.models import Customer, CustomerPhone, OwnedProduct
from customers.queries import visible
from customers.queries.grading import NOT_BOUGHT
from customers.services.bulk import CARD_COLUMNS, TOLD
from customers.states import GoneReason, Grade
from desk.imports.facts import CustomerRow, KnownCustomer, KnownProduct, Standing
from followups.models import Obligation
from followups.states import Anchor
from staff.models import Person
from staff.scope import Reach, reach_of
from staff.states import Level, Role

Row = TypeVar("Row", bound=Model)


def importer_reach(by: Person, *, today: date) -> Reach:
    """How far an import in the name of `by` reaches; the system account's reaches everywhere."""
    if by.is_system:
        return Reach(person_id=by.pk, role=Role.OPS_MANAGER, level=Level.ALL)
    return reach_of(by, today=today)


def key_of(phone: Phone) -> bytes:
    """Under which key the database keeps this number."""
    return keyring().index(phone.e164)


def among(rows: QuerySet[Row], column: str, values: Collection[object]) -> QuerySet[Row]:
    """Those of `rows` whose `column` is one of thousands of values, handed over as one array.

    `IN` with a sub-select of the same array has been seen to take half a minute instead of a
    tenth of a second, before the planner has looked at freshly imported rows.
    """
    kind = {int: "bigint", str: "text", bytes: "bytea"}[type(next(iter(values)))]
    table = rows.model._meta.db_table
    condition = f'"{table}"."{column}" = ANY(%s::{kind}[])'
    return rows.extra(where=[condition], params=[list(values)])  # noqa: S610  (all names are ours)


def _numbers_known(rows: Iterable[CustomerRow]) -> dict[bytes, int]:
    """Key → customer, of the numbers in the sheet and of those named as referrers."""
    keys = {key_of(phone) for row in rows for phone in row.phones}
    keys |= {key_of(row.referrer) for row in rows if isinstance(row.referrer, Phone)}
    if not keys:
        return {}
    found = among(CustomerPhone.objects.all(), "key", keys)
    return {bytes(key): pk for key, pk in found.values_list("key", "customer_id")}


def _wechats_known(rows: Iterable[CustomerRow]) -> dict[str, tuple[int, ...]]:
    wanted = {row.wechat.casefold() for row in rows if row.wechat}
    if not wanted:
        return {}
    found: dict[str, list[int]] = defaultdict(list)
    standing = Customer.objects.filter(merged_into=None).annotate(plain=Upper("wechat"))
    known = standing.filter(plain__in=[wechat.upper() for wechat in wanted])
    for pk, wechat in known.order_by("pk").values_list("pk", "wechat"):
        found[wechat.casefold()].append(pk)
    return {wechat: tuple(ids) for wechat, ids in found.items()}


def _serials_known(rows: Iterable[CustomerRow]) -> dict[str, int]:
    wanted = {row.product.serial for row in rows if row.product and row.product.serial}
    if not wanted:
        return {}
    found = among(OwnedProduct.objects.filter(gone_on=None), "serial", wanted)
    return dict(found.values_list("serial", "customer_id"))


def _keys_of(ids: Collection[int]) -> tuple[dict[int, set[bytes]], set[int]]:
    """Each customer's number keys, and who has a main number."""
    keys: dict[int, set[bytes]] = defaultdict(set)
    with_primary = set()
    phones = among(CustomerPhone.objects.all(), "customer_id", ids)
    for pk, key, is_primary in phones.values_list("customer_id", "key", "is_primary"):
        keys[pk].add(bytes(key))
        if is_primary:
            with_primary.add(pk)
    return keys, with_primary


def _products_of(ids: Collection[int]) -> dict[int, list[KnownProduct]]:
    """What these customers own or owned; what was recorded by mistake is as if never told."""
    products: dict[int, list[KnownProduct]] = defaultdict(list)
    owned = OwnedProduct.objects.exclude(gone_reason=GoneReason.MISTAKE)
    for product in among(owned, "customer_id", ids).order_by("pk"):
        products[product.customer_id].append(
            KnownProduct(
                id=product.pk,
                name=product.product,
                serial=product.serial,
                purchased_on=product.purchased_on,
                delivered_on=product.delivered_on,
                delivered_at=product.delivered_at,
                is_bought=_is_bought(product),
                **{name: getattr(product, name) for name in TOLD},
            )
        )
    return products


def _is_bought(product: OwnedProduct) -> bool:
    """The twin of `customers.queries.has_bought` for one product."""
    has_day = product.delivered_on is not None or product.purchased_on is not None
    return has_day and product.gone_reason not in NOT_BOUGHT


def _step_days_of(ids: Collection[int]) -> dict[int, set[date]]:
    """The days of next steps each customer has or had, open or done: not opened a second time."""
    days: dict[int, set[date]] = defaultdict(set)
    agreed = Obligation.objects.filter(step__anchor=Anchor.NEXT_STEP)
    steps = among(agreed, "customer_id", ids)
    for pk, due_on, occurrence in steps.values_list("customer_id", "due_on", "occurrence"):
        days[pk].add(due_on)
        if occurrence < 0:  # imported: made of its first day, wherever it was moved since
            days[pk].add(date.fromordinal(-occurrence))
    return days


def known_customers(ids: Collection[int], *, reach: Reach) -> dict[int, KnownCustomer]:
    """These customers as they stand now, by id."""
    if not ids:
        return {}
    customers = among(Customer.objects.all(), "id", ids)
    in_reach = set(among(visible(reach), "id", ids).values_list("pk", flat=True))
    keys, with_primary = _keys_of(ids)
    products, step_days = _products_of(ids), _step_days_of(ids)
    columns = ("pk", "name", "store_id", "owner_id", "grade", *CARD_COLUMNS)
    return {
        pk: KnownCustomer(
            id=pk,
            is_in_reach=pk in in_reach,
            name=name,
            store_id=store_id,
            owner_id=owner_id,
            grade=Grade(grade),
            card=dict(zip(CARD_COLUMNS, card, strict=True)),
            phone_keys=frozenset(keys.get(pk, ())),
            has_primary=pk in with_primary,
            products=tuple(products.get(pk, ())),
            step_days=frozenset(step_days.get(pk, ())),
        )
        for pk, name, store_id, owner_id, grade, *card in customers.values_list(*columns)
    }


def standing_of(rows: Sequence[CustomerRow], *, reach: Reach) -> Standing:
    """All that the database knows of the customers in `rows`."""
    by_key, by_wechat = _numbers_known(rows), _wechats_known(rows)
    ids = set(by_key.values()) | {pk for found in by_wechat.values() for pk in found}
    return Standing(
        customers=known_customers(ids, reach=reach),
        by_key=by_key,
        by_wechat=by_wechat,
        serial_owners=_serials_known(rows),
    )
