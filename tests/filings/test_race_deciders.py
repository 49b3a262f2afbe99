"""Two who decide one thing at once: reviews, extensions, special prices; the second is told.

The guard is the conditional update; the control writes without its condition, and both decide.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from core.refusals import Refused
from filings.models import ExtensionRequest, Filing, SpecialPrice
from filings.services import prices, requests, reviews
from filings.states import RequestState, ReviewState, SpecialPriceState
from tests.filings.leads import House
from tests.filings.test_prices import asked as asked_price
from tests.filings.test_requests import asked as asked_extension
from tests.racing import one_upon_the_other

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass(kw_only=True)
class Matter:
    """Something that waits for a decision: who says yes, who says no, and how it then stands."""

    row: Any
    service: Any
    yes: Callable[[], object]
    no: Callable[[], object]
    stands: Callable[[Any], str]
    states: tuple[str, str]
    told: str

    def state(self) -> str:
        return self.stands(type(self.row).objects.get(pk=self.row.pk))

    def acts(self, is_yes_first: bool):
        return (self.yes, self.no) if is_yes_first else (self.no, self.yes)


def review() -> Matter:
    house = House()
    row = house.filing(house.seller)
    fresh = Filing.objects.get
    return Matter(
        row=row, service=reviews, stands=lambda one: one.review_state,
        yes=lambda: reviews.approve(filing=fresh(pk=row.pk), by=house.manager),
        no=lambda: reviews.reject(filing=fresh(pk=row.pk), by=house.ops, note="地址不符"),
        states=(ReviewState.APPROVED, ReviewState.REJECTED), told="reviewed_already",
    )  # fmt: skip


def extension() -> Matter:
    house = House()
    row = asked_extension(house.filing(house.field))

    def decide(by, until):
        request = ExtensionRequest.objects.get(pk=row.pk)
        requests.decide_extension(request=request, until=until, note="已量尺", by=by)

    return Matter(
        row=row, service=requests, stands=lambda one: one.state,
        yes=lambda: decide(house.supervisor, row.wanted_until),
        no=lambda: decide(house.ops, None),
        states=(RequestState.GRANTED, RequestState.REFUSED), told="decided_already",
    )  # fmt: skip


def price() -> Matter:
    house = House()
    row = asked_price(house)

    def decide(by, is_approved):
        asked = SpecialPrice.objects.get(pk=row.pk)
        prices.decide_price(price=asked, is_approved=is_approved, note="不行", by=by)

    return Matter(
        row=row, service=prices, stands=lambda one: one.state,
        yes=lambda: decide(house.manager, True), no=lambda: decide(house.ops, False),
        states=(SpecialPriceState.APPROVED, SpecialPriceState.REFUSED), told="decided_already",
    )  # fmt: skip


MATTERS = pytest.mark.parametrize("matter_of", [review, extension, price])


@MATTERS
@pytest.mark.parametrize("is_yes_first", [True, False])
def test_of_two_who_decide_at_once_the_first_stands_and_the_second_is_told(matter_of, is_yes_first):
    matter = matter_of()
    came = one_upon_the_other(*matter.acts(is_yes_first))
    assert came.has_waited
    assert not isinstance(came.first, Refused)
    assert came.second.codes == (matter.told,)
    assert matter.state() == matter.states[0 if is_yes_first else 1]


@MATTERS
def test_the_control_without_the_condition_both_decide_and_the_later_stands(matter_of, monkeypatch):
    def claim(row, **values):
        type(row).objects.filter(pk=row.pk).update(**values)

    matter = matter_of()
    monkeypatch.setattr(matter.service, "_claim", claim)
    came = one_upon_the_other(*matter.acts(True))
    assert not isinstance(came.first, Refused)
    assert not isinstance(came.second, Refused)
    assert matter.state() == matter.states[1]
