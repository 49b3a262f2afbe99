"""Prices of a style by office: the floor, the path of the year, who lowers (M19)."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone
from django.utils.translation import override

from core.models import AuditEntry
from staff.states import Role, StoreKind
from stock.models import ClassOverride, OfficePrice, Proposal
from stock.queries.prices import floor_of
from stock.rules.terms import DEFAULTS
from stock.services.prices import PriceNotSet
from stock.states import Kind, ProposalKind, ProposalState
from tests.factories.staff import PersonFactory, RegionFactory, StoreFactory
from tests.factories.stock import MovementFactory, StyleFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def offices(today):
    """郑办, 西安办 and 地市, each with a price of its own for one style that cost 180."""
    style = StyleFactory(tag_price=Decimal(598), counter_price=Decimal(598))
    found = []
    for name, price in (("郑办", 498), ("西安办", 528), ("地市", 469)):
        office = StoreFactory(name=name, region=RegionFactory(), kind=StoreKind.OFFICE)
        OfficePrice.objects.create(
            style=style, office=office, from_on=today - timedelta(days=40),
            counter_price=598, current_price=price,
        )  # fmt: skip
        found.append(office)
    MovementFactory(style=style, office=found[0], on=today - timedelta(days=60), unit_cost=180)
    return style, found


def send(browser, style, office, price, **more):
    said = {"key": str(uuid4()), "where": getattr(office, "pk", office), "current_price": price,
            "from_on": timezone.localdate().isoformat()}  # fmt: skip
    return browser.post(f"/stock/styles/{style.pk}/prices/new/", said | more)


def errors(answer):
    return {name: str(each) for name, each in answer.context["form"].errors.items()}


def lived(style, office):
    rows = OfficePrice.objects.filter(style=style, office=office).order_by("from_on")
    return [str(row.current_price) for row in rows]


def test_the_floor_is_of_the_last_cost_where_none_is_given(offices, today):
    style, found = offices
    MovementFactory(style=style, office=found[1], on=today - timedelta(days=90), unit_cost=300)
    MovementFactory(style=style, office=found[1], on=today, kind=Kind.TRANSFER_IN, unit_cost=300)
    MovementFactory(style=style, office=found[1], on=today + timedelta(days=1), unit_cost=300)
    floor = floor_of(style, DEFAULTS, on=today)
    assert (floor.value, floor.is_given, floor.cost) == (Decimal("253.97"), False, Decimal(180))
    style.floor_price = Decimal(240)
    assert floor_of(style, DEFAULTS, on=today).value == Decimal(240)
    assert floor_of(StyleFactory(), DEFAULTS, on=today).value is None


def test_three_offices_show_three_prices_and_the_path_of_the_year(offices, as_):
    style, _found = offices
    answer = as_(PersonFactory(role=Role.FINANCE)).get(f"/stock/styles/{style.pk}/prices/")
    page = answer.content.decode()
    for text in ("498", "528", "469", "253.97", "254", "郑办", "西安办", "地市"):
        assert text in page
    assert page.count('class="price-line is-') == 6
    assert "prices/new/" not in page
    with override("en"):
        read = as_(PersonFactory(role=Role.FINANCE, language="en"))
        drawing = read.get(f"/stock/styles/{style.pk}/prices/").context["drawing"]
    assert drawing.months[-1][1] == f"{timezone.localdate():%b}"


def test_nobody_goes_under_the_floor_but_with_a_dead_style_marked_down_before(offices, as_):
    style, found = offices
    ops = as_(PersonFactory(role=Role.OPS_MANAGER))
    refused = send(ops, style, found[0], "253")
    assert "¥254" in errors(refused)["current_price"]
    assert send(ops, style, found[0], "254").status_code == 302
    assert lived(style, found[0]) == ["498.00", "254.00"]
    ClassOverride.objects.create(
        style=style, office=found[1], style_class="dead", reason="不动销", set_by=PersonFactory()
    )
    assert send(ops, style, found[1], "200").status_code == 302
    assert send(ops, style, found[2], "200").status_code == 200
    assert lived(style, found[2]) == ["469.00"]


def test_a_dead_style_that_was_never_marked_down_keeps_to_the_floor(offices, as_, today):
    style, found = offices
    OfficePrice.objects.update(current_price=598)
    ClassOverride.objects.create(
        style=style, office=None, style_class="dead", reason="不动销", set_by=PersonFactory()
    )
    ops = as_(PersonFactory(role=Role.OPS_MANAGER))
    assert "current_price" in errors(send(ops, style, found[0], "200"))


def approved(style, *, price, **more):
    said = {"kind": ProposalKind.MARK_DOWN, "state": ProposalState.APPROVED, "style": style,
            "new_price": price, "from_on": timezone.localdate(), "as_of": timezone.localdate(),
            "is_under_floor": True, "proposed_by": PersonFactory(), "decided_by": PersonFactory(),
            "decided_at": timezone.now()}  # fmt: skip
    return Proposal.objects.create(**said | more)


def test_the_number_of_an_approved_markdown_lets_a_price_go_under_the_floor(offices, as_):
    style, found = offices
    buyer = as_(PersonFactory(role=Role.MERCHANDISER))
    proposal = approved(style, price=240)
    other = approved(StyleFactory(), price=100)
    usual = approved(style, price=240, is_under_floor=False)
    declined = approved(style, price=240, state=ProposalState.DECLINED)
    for number in (other.pk, usual.pk, declined.pk, 10**12, "①", "x"):
        told = errors(send(buyer, style, found[0], "240", approval=number))
        assert list(told) == ["approval"]
        assert str(PriceNotSet.messages["number_unknown"]) in told["approval"]
    lower = send(buyer, style, found[0], "239", approval=proposal.pk)
    assert "240" in errors(lower)["approval"]
    assert send(buyer, style, found[0], "240", approval=f"#{proposal.pk}").status_code == 302
    entry = AuditEntry.objects.get(verb="set_goods_price")
    assert (entry.detail["approval"], entry.detail["current"]) == (str(proposal.pk), "240")


def test_a_merchandiser_raises_a_price_and_proposes_to_lower_it(offices, as_):
    style, found = offices
    buyer = as_(PersonFactory(role=Role.MERCHANDISER))
    refused = send(buyer, style, found[0], "480")
    assert "¥498" in errors(refused)["current_price"]
    closed = StoreFactory(is_active=False)
    OfficePrice.objects.create(
        style=style, office=closed, from_on=timezone.localdate(), current_price=498
    )
    assert send(buyer, style, "all", "530", counter_price="620").status_code == 302
    assert [lived(style, office)[-1] for office in (*found, closed)] == ["530.00"] * 3 + ["498.00"]
    late = as_(PersonFactory(role=Role.OPS_MANAGER))
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert list(errors(send(late, style, found[0], "500", from_on=yesterday))) == ["from_on"]
    assert list(errors(send(late, style, found[0], ""))) == ["current_price"]
    assert errors(send(late, style, found[0], "530")).keys() == {"__all__"}


def test_one_region_at_once_and_the_same_form_once(offices, as_):
    style, found = offices
    ops, key = as_(PersonFactory(role=Role.OPS_MANAGER)), str(uuid4())
    for price in ("450", "440"):
        region = f"region-{found[1].region_id}"
        assert send(ops, style, region, price, key=key).status_code == 302
    assert [lived(style, office)[-1] for office in found] == ["498.00", "450.00", "469.00"]


def test_only_who_sets_prices_is_let_in(offices, company, as_):
    style, _found = offices
    page = f"/stock/styles/{style.pk}/prices/new/"
    for person, answer in ((company.store_manager, 403), (company.finance, 403)):
        assert as_(person).get(page).status_code == answer
    assert as_(company.admin).get(f"/stock/styles/{style.pk}/prices/").status_code == 403


def test_the_page_takes_the_same_queries_with_three_offices_and_with_twelve(
    offices, as_, today, django_assert_max_num_queries
):
    style, _found = offices
    browser = as_(PersonFactory(role=Role.OPS_MANAGER))
    counts = []
    for more in (0, 9):
        for number in range(more):
            OfficePrice.objects.create(
                style=style, office=StoreFactory(), from_on=today, current_price=400 + number
            )
        with django_assert_max_num_queries(40) as found:
            browser.get(f"/stock/styles/{style.pk}/prices/")
        counts.append(len(found))
    assert counts[0] == counts[1]
