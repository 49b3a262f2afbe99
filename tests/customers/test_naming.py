"""A name that says how its bearer is addressed is given no title beside it."""

import pytest

from customers.models import Customer
from customers.states import Title
from tests.factories.customers import CustomerFactory


@pytest.mark.parametrize(
    ("name", "has_title"),
    [("赵女士", False), ("谢先生", False), ("刘小姐", False), ("王总", False), ("李老师 ", False),
     ("王芳", True), ("Anna", True), ("总", True)],
)  # fmt: skip
@pytest.mark.parametrize("title", [Title.MS, Title.MR])
def test_a_name_that_says_it_is_given_no_title(name, has_title, title):
    who = Customer(name=name, title=title)
    assert who.shown_title == (title.label if has_title else "")


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "is_told"), [("赵女士", False), ("赵芳", True)])
def test_the_card_says_it_once(company, as_, name, is_told):
    who = CustomerFactory(owner=company.sales_store, name=name, title=Title.MS)
    head = as_(who.owner).get(f"/customers/{who.pk}/").context["customer"]
    assert head.title == (Title.MS.label if is_told else "")
