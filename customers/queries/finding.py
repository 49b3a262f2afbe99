"""Who may see which customer, and how one is found."""

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, OuterRef, Q, QuerySet, Subquery

from core.keyring import keyring
from core.names import comparison_key
from core.phones import PhoneRefused, normalise
from core.searching import sought
from customers.models import Access, Customer, CustomerPhone, OwnedProduct, PhoneReveal
from customers.queries.tags import with_tags
from customers.rules import normal_plate, normal_serial
from staff.scope import Reach
from staff.states import Level

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _Masked(TypedDict):
        phone: str | None

    MaskedCustomer = WithAnnotations[Customer, _Masked]
else:
    MaskedCustomer = Customer

LONGEST_SEARCH = 60
MANY_DIGITS = re.compile(r"\d{5}")
MOST_WORDS = 4


class IsAmong(Func):
    """A column is one of a subquery's values, read into an array once.

    PostgreSQL can combine this with other indexed conditions by OR; beside `IN (SELECT …)` and
    `EXISTS` it reads the whole table.
    """

    arg_joiner = " = ANY("
    template = "%(expressions)s)"
    output_field = BooleanField()

    def __init__(self, column: str, values: QuerySet) -> None:
        super().__init__(F(column), ArraySubquery(values))


def _own(reach: Reach) -> QuerySet[Customer]:
    """Kept by this person or by somebody they assist."""
    return Customer.objects.filter(owner__in=reach.acts_for)


def _opened(reach: Reach) -> QuerySet[Access, Any]:
    """Customers of others, opened to this person or to somebody they assist."""
    return Access.objects.filter(person__in=reach.acts_for).values("customer")


def are_visible(reach: Reach, *, path: str) -> Q:
    """Rows whose customer, at `path`, lies within reach: the twin of `visible` for their tables.

    No row hangs on a merged card (`desk.services.moves`): they need not be left out here.
    """
    if reach.level == Level.ALL:
        return Q()
    if reach.level == Level.NONE:
        return Q(pk__in=[])
    if reach.level == Level.STORE:
        # The customers of the stores, found first by their indexes, whatever the rows.
        return Q(**{f"{path}__in": _within(reach).values("pk")})
    return Q(**{f"{path}__owner__in": reach.acts_for}) | Q(IsAmong(path, _opened(reach)))


def visible(reach: Reach) -> QuerySet[Customer]:
    """The customers within reach; all others, and cards merged into another, do not exist."""
    return _within(reach).filter(merged_into=None)


def _within(reach: Reach) -> QuerySet[Customer]:
    access = _opened(reach)
    if reach.level == Level.ALL:
        return Customer.objects.all()
    if reach.level == Level.STORE:
        return Customer.objects.filter(
            Q(store__in=sorted(reach.store_ids))
            | Q(owner__in=reach.acts_for)
            | Q(IsAmong("pk", access))
        )
    if reach.level == Level.OWN:
        # A few hundred, found first: else PostgreSQL walks all customers in the order of the list.
        return Customer.objects.filter(
            IsAmong("pk", _own(reach).values("pk").union(access, all=True))
        )
    return Customer.objects.none()


def with_masked_phone(customers: QuerySet[Customer]) -> QuerySet[MaskedCustomer]:
    """Each customer with `phone`, the masked text of the main number, None without any."""
    in_use = CustomerPhone.objects.filter(customer=OuterRef("pk"), retired_at=None)
    phones = in_use.order_by("-is_primary", "pk")
    return customers.annotate(phone=Subquery(phones.values("masked")[:1]))


def for_list(customers: QuerySet[Customer]) -> QuerySet[MaskedCustomer]:
    """What a row of a list shows, in one query: keeper, store and masked number with it."""
    rows = with_tags(with_masked_phone(customers)).select_related("owner", "store", "designer")
    return rows.only(
        "name", "title", "grade", "need", "address", "source", "budget", "expected_purchase",
        "next_contact_on", "last_contact_at", "registered_at", "owner__name", "store__name",
        "bought_total", "last_bought_on", "company", "designer__name",
    )  # fmt: skip


def with_this_number(text: str) -> CustomerPhone | None:
    """Whose number this is, in whatever spelling (FIL-31); None where it is nobody's."""
    try:
        phone = normalise(text)
    except PhoneRefused:
        return None
    key = keyring().index(phone.e164)
    return CustomerPhone.objects.select_related("customer").filter(key=key).first()


def _is_number(text: str) -> bool:
    """Digits and what stands between them: such a text is compared with numbers alone."""
    return re.fullmatch(r"[\d\s()+-]*\d[\d\s()+-]*", text) is not None


def _begins_a_word(column: str, word: str) -> Q:
    """A word of `column` begins with `word`: what the trigram index finds, however short it is."""
    return Q(**{f"{column}__startswith": word}) | Q(**{f"{column}__contains": f" {word}"})


def _with_word(word: str) -> Q:
    """Name, pinyin, initials or address hold the word, or it is a whole WeChat id: by its parts a
    masked role could spell one out. So it could a number typed into a name or an address: a run
    of five digits is looked for nowhere else. Trigrams need three characters: a shorter word is
    found where a word begins, which a Chinese given name does (`core.names`).
    """
    if MANY_DIGITS.search(word):
        return Q(wechat__iexact=word)
    key = comparison_key(word)
    if len(word) > 2:
        return Q(search__contains=key) | Q(address__contains=word) | Q(wechat__iexact=word)
    return _begins_a_word("search", key) | _begins_a_word("address", word)


def _with_words(customers: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    """Those with every word of `text`, or whose product it names; found first and put in order
    afterwards, because nobody can guess how rare a name is, and walking all customers in the
    order of a list is slow.
    """
    found = customers
    for word in text.split(" ")[:MOST_WORDS]:
        found = found.filter(_with_word(word))
    return customers.filter(IsAmong("pk", found.values("pk")) | _with_product(text))


def _with_product(text: str) -> Q:
    """Who has a product with this whole plate, serial number or VIN, in whatever spelling.

    What was sold on belongs to somebody else by now, and what was a mistake to nobody.
    """
    owned = OwnedProduct.objects.filter(gone_on=None)
    by_serial = owned.filter(serial=normal_serial(text)).exclude(serial="")
    by_plate = owned.filter(plate=normal_plate(text)).exclude(plate="")
    owners = by_serial.values("customer").union(by_plate.values("customer"), all=True)
    return Q(IsAmong("pk", owners))


def matching(customers: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    """Those among `customers` whom `text` finds: name, pinyin, initials, the full number or its
    last four digits, address, the whole WeChat id, the whole plate, serial number or VIN of what
    they own. Several words are all to be found. An empty text finds all; any other part of a
    number finds nobody.
    """
    text = " ".join(sought(text).split())[:LONGEST_SEARCH]
    if not text:
        return customers
    if not _is_number(text):
        return _with_words(customers, text)
    digits = text.replace(" ", "")
    if len(digits) == 4 and digits.isascii() and digits.isdecimal():
        last4 = CustomerPhone.objects.filter(last4=digits).values("customer")
        return customers.filter(IsAmong("pk", last4))
    if owner := with_this_number(text):
        return customers.filter(pk=owner.customer_id)
    # Many a WeChat id is a number, and so is many a serial number.
    return customers.filter(Q(wechat__iexact=digits) | _with_product(text))


def was_called(customer: Customer, *, by: int, now: datetime) -> bool:
    """The person `by` opened a number of this customer today, which was counted."""
    today = customer.store.today(now)
    return PhoneReveal.objects.filter(person=by, customer=customer, on=today).exists()
