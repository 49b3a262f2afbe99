"""Who brought whom: the tree, and that it never runs in a circle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.queries.referrals import brought_by, first_of_chain, links_below
from customers.rules.referrals import Link, referrer_blockers, tree_of
from customers.services import CustomerNotRegistered, update_customer
from tests.factories.customers import NOW, CustomerFactory


def shape(branch):
    return (branch.customer_id, [shape(each) for each in branch.brought])


def test_a_chain_is_drawn_from_its_first():
    links = [
        Link(customer_id=1, referrer_id=None),
        Link(customer_id=2, referrer_id=1),
        Link(customer_id=3, referrer_id=2),
        Link(customer_id=4, referrer_id=1),
    ]
    branch = tree_of(links, root=1)
    assert shape(branch) == (1, [(2, [(3, [])]), (4, [])])
    assert branch.size == 3


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), max_size=30))
def test_everybody_is_drawn_once_whatever_was_written(pairs):
    links = [Link(customer_id=a, referrer_id=b) for a, b in pairs]
    drawn = []

    def walk(branch):
        drawn.append(branch.customer_id)
        for each in branch.brought:
            walk(each)

    walk(tree_of(links, root=1))
    assert len(drawn) == len(set(drawn))


@pytest.mark.parametrize(
    ("referrer", "brought", "codes"),
    [(1, set(), ["brought_himself"]), (3, {2, 3}, ["brought_in_a_circle"]), (4, {2, 3}, [])],
)
def test_nobody_is_brought_by_whom_he_brought(referrer, brought, codes):
    found = referrer_blockers(customer_id=1, referrer_id=referrer, brought_by_customer=brought)
    assert [blocker.code for blocker in found] == codes


@pytest.mark.django_db
def test_the_chain_is_read_in_one_query_each_way(django_assert_num_queries):
    first = CustomerFactory()
    second = CustomerFactory(owner=first.owner, referrer=first)
    third = CustomerFactory(owner=first.owner, referrer=second)
    with django_assert_num_queries(2):
        assert first_of_chain(third) == first.pk
        links = links_below(first.pk)
    assert [(link.customer_id, link.referrer_id) for link in links] == [
        (first.pk, None), (second.pk, first.pk), (third.pk, second.pk),
    ]  # fmt: skip
    assert brought_by(first.pk) == {second.pk, third.pk}


@pytest.mark.django_db
def test_a_card_cannot_close_the_circle():
    first = CustomerFactory()
    second = CustomerFactory(owner=first.owner, referrer=first)
    for referrer in (first, second):
        with pytest.raises(CustomerNotRegistered):
            update_customer(customer=first, referrer=referrer, by=first.owner, now=NOW)
