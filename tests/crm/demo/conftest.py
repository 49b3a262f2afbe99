"""One demonstration for all that looks at one: a quarter of it leads, an eighth of it orders."""

import pytest

from crm.demo import make_demo
from tests.crm.demo import BUYERS, CUSTOMERS, LEADS
from tests.crm.test_demo import NOW
from tests.worlds import kept


@pytest.fixture(scope="package", autouse=True)
def _demo(django_db_setup, django_db_blocker):
    def make() -> None:
        make_demo(customers=CUSTOMERS, leads=LEADS, buyers=BUYERS, now=NOW)

    with kept(make, blocker=django_db_blocker):
        yield
