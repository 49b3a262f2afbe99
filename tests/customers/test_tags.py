"""Tags: made once whatever the case, given and taken, never a number."""

import pytest
from django.utils import timezone

from customers.models import Tag
from customers.services.tags import (
    TagNotChanged,
    make_tag,
    set_tags,
    tag_customers,
    untag_customers,
)
from tests.factories.customers import CustomerFactory
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db


def test_a_tag_is_one_whatever_its_case():
    person, now = PersonFactory(), timezone.now()
    first = make_tag(name="VIP", by=person, now=now)
    assert make_tag(name=" vip ", by=person, now=now) == first
    assert Tag.objects.count() == 1


@pytest.mark.parametrize("name", ["", "  ", "x" * 31, "13800138001", "老王 138 0013 8001"])
def test_what_is_no_tag_is_refused(name):
    with pytest.raises(TagNotChanged):
        make_tag(name=name, by=PersonFactory(), now=timezone.now())


def test_giving_a_tag_twice_gives_it_once():
    person, now = PersonFactory(), timezone.now()
    tag = make_tag(name="fair", by=person, now=now)
    ids = [CustomerFactory().pk for _ in range(3)]
    assert tag_customers(tag=tag, customers=ids, by=person, now=now) == 3
    assert tag_customers(tag=tag, customers=ids, by=person, now=now) == 0
    assert untag_customers(tag=tag, customers=ids[:1], by=person, now=now) == 1
    assert tag.tagged.count() == 2


def test_one_customer_has_exactly_the_tags_that_were_set():
    person, now, customer = PersonFactory(), timezone.now(), CustomerFactory()
    old, new = (make_tag(name=name, by=person, now=now) for name in ("old", "new"))
    set_tags(customer=customer, tags=[old], by=person, now=now)
    set_tags(customer=customer, tags=[new], by=person, now=now)
    assert list(customer.tagged.values_list("tag__name", flat=True)) == ["new"]
