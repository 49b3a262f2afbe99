"""The pages of proposals, of suggestions and of a style's class: who may, what they say."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
import python_calamine
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from staff.models import Store
from staff.states import StoreKind
from stock.models import ClassOverride, Figure, InTransit, Proposal, StockTerms
from stock.rules.terms import DEFAULTS
from stock.rules.written_terms import values_of
from stock.services.proposals import decide, propose
from stock.states import FigureLevel, Kind, ProposalKind, StyleClass
from tests.factories.staff import StoreFactory
from tests.factories.stock import (
    FigureFactory,
    FigureSetFactory,
    MovementFactory,
    SizeStockFactory,
    StyleFactory,
)
from tests.stock.proposed import draft

pytestmark = pytest.mark.django_db
AS_OF = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setattr("staff.middleware.LANGUAGES", ("en", "zh-hans"))


def a_red_style(figures, short, rich):
    """Nine pairs for a fortnight of fourteen in one store, forty pairs in another."""
    style = StyleFactory.create(floor_price=Decimal("253.97"))
    at = {"set": figures, "style": style, "days_on_sale": 40, "window_days": 14,
          "launched_on": AS_OF - timedelta(days=39)}  # fmt: skip
    FigureFactory.create(
        **at, office=short, closing=9, window_sold=14, style_class=StyleClass.FAST, sold=14
    )
    FigureFactory.create(
        **at, office=rich, closing=40, window_sold=1, style_class=StyleClass.SLOW, sold=1
    )
    FigureFactory.create(
        **at, level=FigureLevel.COMPANY, office=None, region=None, closing=49, window_sold=15,
        style_class=StyleClass.STEADY,
    )  # fmt: skip
    lying = {short: {"36": 2, "37": 4, "38": 3}, rich: {"36": 10, "37": 20, "38": 10}}
    sold = {short: {"36": 4, "37": 6, "38": 4}, rich: {"37": 1}}
    for office, sizes in lying.items():
        for size, pairs in sizes.items():
            SizeStockFactory.create(style=style, office=office, size=size, quantity=pairs)
    for office, sizes in sold.items():
        for size, pairs in sizes.items():
            MovementFactory.create(
                style=style, office=office, on=AS_OF, kind=Kind.SALE, size=size, quantity=pairs
            )
    return style


@pytest.fixture
def goods(company):
    company.figures = FigureSetFactory.create(as_of=AS_OF)
    company.style = a_red_style(company.figures, company.store, company.other)
    return company


def page(browser, name, *args, **asked):
    answer = browser.get(reverse(f"stock:{name}", args=args), asked)
    return answer.status_code, answer.content.decode()


def test_the_red_list_suggests_the_store_that_has_forty_by_size(goods, as_):
    status, said = page(as_(goods.merchandiser), "suggestions")
    assert status == 200
    assert goods.style.number in said
    assert "9 days" in said
    assert f"{goods.other.name} (has 40)" in said
    assert "36×8 37×11 38×7" in said
    status, said = page(as_(goods.merchandiser), "suggestions", list="mark_down")
    assert status == 200
    assert "¥499" in said
    assert "¥399" in said
    assert "break-even ¥253.97" in said


def test_what_sells_in_the_region_is_moved_before_it_is_marked_down(goods, as_):
    """Prices go by the sales and stock of a region (MER-13)."""
    region = FigureFactory.create(
        set=goods.figures, style=goods.style, level=FigureLevel.REGION, office=None,
        region=goods.region, style_class=StyleClass.FAST,
    )  # fmt: skip
    said = f"{goods.region.name} as a whole: Fast."
    gives = f"kind=transfer&amp;from={goods.other.pk}"
    for reader, is_told in ((goods.merchandiser, True), (goods.store_manager, False)):
        for name, place in (("suggestions", {"list": "mark_down"}), ("board", {"office": 0})):
            shown = goods.other if is_told else goods.store
            asked = {"office": shown.pk} if "office" in place else place
            text = page(as_(reader), name, **asked)[1]
            assert (said in text, gives in text) == (is_told, is_told), (name, is_told)
    Figure.objects.filter(pk=region.pk).update(style_class=StyleClass.SLOW)
    text = page(as_(goods.merchandiser), "suggestions", list="mark_down")[1]
    assert "as a whole" not in text


def test_a_given_class_moves_a_style_to_the_other_list(goods, as_):
    ClassOverride.objects.create(
        style=goods.style, style_class=StyleClass.STEADY, reason="r", set_by=goods.merchandiser
    )
    for name in ("reorder", "mark_down"):
        _status, said = page(as_(goods.merchandiser), "suggestions", list=name)
        assert "Nothing is red" in said


def test_suggestions_ask_as_much_for_one_style_as_for_many(goods, as_):
    browser = as_(goods.merchandiser)
    page(browser, "suggestions")
    counts = []
    for more in (0, 8):
        for _each in range(more):
            a_red_style(goods.figures, goods.store, goods.other)
        for name in ("reorder", "mark_down"):
            with CaptureQueriesContext(connection) as ran:
                assert page(browser, "suggestions", list=name)[0] == 200
            counts.append(len(ran))
    assert counts[:2] == counts[2:]
    assert max(counts) < 25


def test_nothing_has_a_class_in_a_warehouse(goods, as_):
    Store.objects.filter(pk=goods.other.pk).update(kind=StoreKind.WAREHOUSE)
    Figure.objects.filter(office=goods.other).update(purchased=41)
    browser = as_(goods.merchandiser)
    row = Figure.objects.get(office=goods.other)
    for name, args, asked in (
        ("figure", [row.pk], {}), ("board", [], {"office": goods.other.pk}),
    ):  # fmt: skip
        _status, said = page(browser, name, *args, **asked)
        assert 'class="cls is-' not in said
    assert not re.search(r"<td[^>]*><a class=\"is-(late|soon)", said), "nothing is behind, or red"
    at = {"office": goods.other.pk, "part": "charts"}
    assert "Share of the classes" not in page(browser, "board", **at)[1]
    _status, said = page(browser, "style", goods.style.pk)
    assert said.count('class="cls is-') == 2, "of the store and of the whole"
    _status, said = page(browser, "override", goods.style.pk)
    assert goods.other.name not in said


def test_a_warehouse_gives_and_is_on_no_red_list(goods, as_):
    Store.objects.filter(pk=goods.other.pk).update(kind=StoreKind.WAREHOUSE)
    assert f"{goods.other.name} (has 40)" in page(as_(goods.merchandiser), "suggestions")[1]
    said = page(as_(goods.merchandiser), "suggestions", list="mark_down")[1]
    assert "Nothing is red" in said


def test_the_red_list_goes_on_behind_its_first_page(goods, as_):
    for pairs in range(25):
        FigureFactory.create(
            set=goods.figures, style=StyleFactory.create(), office=goods.store, closing=pairs % 8,
            window_days=14, window_sold=20, style_class=StyleClass.FAST,
        )  # fmt: skip
    browser = as_(goods.merchandiser)
    first = browser.get(reverse("stock:suggestions")).context_data
    days = [int(row.lasts.split()[0]) for row in first["rows"]]
    assert days == sorted(days)
    rest = browser.get(reverse("stock:suggestions") + first["next_url"]).context_data
    assert (len(first["rows"]), len(rest["rows"]), rest["next_url"]) == (25, 1, "")
    assert rest["rows"][0].style == f"{goods.style.brand.name} {goods.style.number}"


def test_the_red_lists_speak_of_the_limits_as_they_are_set(goods, as_):
    limits = values_of(replace(DEFAULTS, window_days=7, red_under_days=1, red_over_days=120))
    StockTerms.objects.create(from_on=AS_OF, values=limits, reason="pace", set_by=goods.ops_manager)
    browser = as_(goods.merchandiser)
    _status, said = page(browser, "suggestions")
    assert "No fast style here has stock for fewer than 1 day." in said
    _status, said = page(browser, "suggestions", list="mark_down")
    assert "1 sold in 7 days" in said
    Figure.objects.all().delete()
    _status, said = page(browser, "suggestions", list="mark_down")
    assert "No slow style here has stock for more than 120 days." in said


def test_an_order_is_proposed_with_its_sizes_and_facts(goods, as_):
    browser = as_(goods.merchandiser)
    status, said = page(browser, "propose", goods.style.pk, office=goods.store.pk)
    assert status == 200
    # ⌈14 × 35 / 14 − 9⌉
    assert "Suggested: 26 pairs." in said
    form = {
        "key": uuid4(), "as_of": AS_OF, "office": goods.store.pk, "cover_days": 35, "lead_days": 14,
        "size_36": 8, "size_37": 11, "size_38": "", "reason": "runs out",
    }  # fmt: skip
    url = reverse("stock:propose", args=[goods.style.pk])
    for _twice in range(2):
        answer = browser.post(f"{url}?kind=reorder", form)
        assert answer.status_code == 302
    row = Proposal.objects.get()
    assert (row.quantity, row.facts["days_of_supply"], row.as_of) == (19, "9.0000", AS_OF)
    status, said = page(browser, "proposal", row.pk)
    assert status == 200
    assert "19 pairs" in said


def test_pairs_that_move_are_suggested_by_size(goods, as_):
    asked = {"kind": "transfer", "office": goods.store.pk, "from": goods.other.pk}
    _status, said = page(as_(goods.merchandiser), "propose", goods.style.pk, **asked)
    assert "Suggested: 26 pairs. Who gives keeps the days to cover." in said
    assert 'value="11"' in said


def test_a_price_under_the_floor_is_refused_where_it_was_typed(goods, as_):
    browser, url = as_(goods.merchandiser), reverse("stock:propose", args=[goods.style.pk])
    form = {
        "key": uuid4(), "as_of": AS_OF, "office": goods.other.pk, "new_price": "253",
        "from_on": timezone.localdate(), "reason": "",
    }  # fmt: skip
    said = browser.post(f"{url}?kind=mark_down", form).content.decode()
    assert "break-even price of ¥254" in said
    assert 'value="253"' in said
    asked = {**form, "asks_under_floor": "on", "reason": "last pairs"}
    assert browser.post(f"{url}?kind=mark_down", asked).status_code == 302
    _status, said = page(browser, "proposal", Proposal.objects.get().pk)
    assert "goes under the break-even price" in said


def test_figures_made_anew_meanwhile_are_looked_at_again(goods, as_):
    browser, url = as_(goods.merchandiser), reverse("stock:propose", args=[goods.style.pk])
    form = {
        "key": uuid4(), "as_of": "2026-03-25", "office": goods.store.pk, "cover_days": 35,
        "lead_days": 14, "size_37": 11,
    }  # fmt: skip
    said = browser.post(f"{url}?kind=reorder", form).content.decode()
    assert "The figures were made anew meanwhile" in said
    assert 'value="2026-04-01"' in said
    assert not Proposal.objects.exists()


def test_an_older_proposal_says_that_there_are_newer_figures(goods, as_):
    row = made(goods, ProposalKind.REORDER, as_of=AS_OF - timedelta(days=7))
    _status, said = page(as_(goods.ops_manager), "proposal", row.pk)
    assert "Newer ones are there" in said


def made(goods, kind, **said):
    world = {"style": goods.style, "here": goods.store, "there": goods.other}
    if kind == ProposalKind.MARK_DOWN:
        said.setdefault("from_on", timezone.localdate())
    return propose(draft=draft(world, kind, **said), by=goods.merchandiser, key=uuid4())


def test_operations_decide_and_the_page_says_what_came_of_it(goods, as_):
    row = made(goods, ProposalKind.REORDER)
    url, browser = reverse("stock:decide_proposal", args=[row.pk]), as_(goods.ops_manager)
    said = browser.post(url, {"answer": "decline", "note": ""}).content.decode()
    assert "Say why it is declined." in said
    assert browser.post(url, {"answer": "approve"}).status_code == 302
    late = browser.post(url, {"answer": "decline", "note": "no, sold out"}).content.decode()
    assert "in the meantime" in late
    assert "no, sold out" in late
    _status, said = page(browser, "proposal", row.pk)
    assert "What came of it" in said
    assert "Of 8 pairs, 0 have come in" in said


def test_nothing_is_said_of_a_price_before_its_first_day(goods, as_):
    begins = timezone.localdate() + timedelta(days=1)
    row = made(goods, ProposalKind.MARK_DOWN, from_on=begins)
    browser = as_(goods.ops_manager)
    browser.post(reverse("stock:decide_proposal", args=[row.pk]), {"answer": "approve"})
    _status, said = page(browser, "proposal", row.pk)
    assert f"It begins on {begins:%Y-%m-%d}" in said
    assert "three weeks before" not in said


def test_who_opens_which_page(goods, as_):
    row = made(goods, ProposalKind.MARK_DOWN)
    elsewhere = made(goods, ProposalKind.REORDER, office=goods.other)
    for person, name, key, status in [
        (goods.merchandiser, "proposals", None, 200),
        (goods.store_manager, "proposals", None, 200),
        (goods.store_manager, "proposal", row.pk, 200),
        (goods.store_manager, "proposal", elsewhere.pk, 404),
        (goods.sales_store, "proposals", None, 403),
        (goods.finance, "proposal", row.pk, 403),
        (goods.marketing_manager, "propose", goods.style.pk, 403),
        (goods.merchandiser, "propose", 0, 404),
        (goods.merchandiser, "proposal", 0, 404),
        (goods.merchandiser, "override", goods.style.pk, 200),
        (goods.store_manager, "override", goods.style.pk, 403),
        (goods.store_manager, "suggestions", None, 200),
        (goods.store_manager, "export_proposals", None, 403),
    ]:
        args = [] if key is None else [key]
        assert page(as_(person), name, *args)[0] == status, (person.role, name)
    given = ClassOverride.objects.create(
        style=goods.style, style_class=StyleClass.FAST, reason="r", set_by=goods.merchandiser
    )
    for person, name, key in [
        (goods.merchandiser, "decide_proposal", row.pk),
        (goods.store_manager, "decide_proposal", row.pk),
        (goods.marketing_manager, "withdraw_proposal", row.pk),
        (goods.store_manager, "lift_override", given.pk),
    ]:
        url = reverse(f"stock:{name}", args=[key])
        assert as_(person).post(url, {"answer": "approve"}).status_code == 403, (person.role, name)
    decide(proposal=row, is_approved=True, by=goods.ops_manager)
    url = reverse("stock:decide_proposal", args=[row.pk])
    assert as_(goods.store_manager).post(url, {"answer": "approve"}).status_code == 403


def test_a_manager_proposes_for_the_own_store_alone(goods, as_):
    browser = as_(goods.store_manager)
    _status, said = page(browser, "propose", goods.style.pk)
    assert goods.other.name not in said
    for asked in ({"kind": "transfer"}, {"office": goods.other.pk}, {"kind": "burn"}):
        assert page(browser, "propose", goods.style.pk, **asked)[0] == 404
    url = reverse("stock:propose", args=[goods.style.pk])
    form = {"key": uuid4(), "as_of": AS_OF, "office": "", "cover_days": 35, "lead_days": 14,
            "size_37": 1}  # fmt: skip
    assert "Choose an office." in browser.post(f"{url}?kind=reorder", form).content.decode()
    browser.post(f"{url}?kind=reorder", {**form, "office": goods.store.pk})
    assert Proposal.objects.get().office == goods.store


def test_a_manager_narrows_suggestions_to_no_other_store(goods, as_):
    browser = as_(goods.store_manager)
    assert page(browser, "suggestions", office=goods.store.pk)[0] == 200
    assert page(browser, "suggestions", office=goods.other.pk)[0] == 404


def test_an_order_that_is_late_says_so_and_says_for_whom(goods, as_):
    browser, asked = as_(goods.merchandiser), {"kind": "reorder", "office": goods.store.pk}
    with time_machine.travel(AS_OF):
        _status, said = page(browser, "propose", goods.style.pk, **asked)
    assert f"<b>{goods.store.name}</b>" in said
    assert "has passed" in said
    _status, said = page(browser, "propose", goods.style.pk, **{**asked, "office": goods.other.pk})
    assert "has passed" not in said


def test_a_manager_reads_no_figures_of_other_stores_on_a_proposal(goods, as_):
    facts = {"stock": 4913, "days_of_supply": "977.0000"}
    for kind, said in (
        (ProposalKind.MARK_DOWN, {"office": None}),
        (ProposalKind.TRANSFER, {}),
    ):
        row = made(goods, kind, facts=facts, **said)
        decide(proposal=row, is_approved=True, by=goods.ops_manager)
        _status, said = page(as_(goods.merchandiser), "proposal", row.pk)
        assert "4,913" in said
        assert "What came of it" in said
        _status, said = page(as_(goods.store_manager), "proposal", row.pk)
        assert "4,913" not in said
        assert "What came of it" not in said
    assert "977" in page(as_(goods.merchandiser), "proposals")[1]
    assert "977" not in page(as_(goods.store_manager), "proposals")[1]


def test_the_list_is_handed_over_with_its_sizes(goods, as_):
    row = made(goods, ProposalKind.REORDER)
    decide(proposal=row, is_approved=True, by=goods.ops_manager)
    waiting = made(goods, ProposalKind.MARK_DOWN)
    browser = as_(goods.merchandiser)
    url = reverse("stock:export_proposals")
    assert browser.get(url).status_code == 200
    answer = browser.post(url, {"reason": "Monday", "kind": "xlsx"})
    book = python_calamine.load_workbook(BytesIO(answer.content))
    sheets = book.get_sheet_by_index(1).to_python()[-2:]
    assert [line[4:6] for line in sheets] == [["36", 2], ["37", 6]]
    row.refresh_from_db()
    waiting.refresh_from_db()
    assert row.exported_at is not None
    assert waiting.exported_at is None


def test_the_list_asks_as_much_for_one_as_for_many(goods, as_):
    browser = as_(goods.merchandiser)
    made(goods, ProposalKind.REORDER)
    page(browser, "proposals")
    counts = []
    for more in range(2):
        for _each in range(more * 8):
            style = StyleFactory.create()
            goods.style = style
            made(goods, ProposalKind.REORDER)
        with CaptureQueriesContext(connection) as ran:
            assert page(browser, "proposals", state="open")[0] == 200
        counts.append(len(ran))
    assert counts[0] == counts[1]


def test_a_class_is_given_and_lifted_on_its_page(goods, as_):
    browser, url = as_(goods.merchandiser), reverse("stock:override", args=[goods.style.pk])
    _status, said = page(browser, "override", goods.style.pk)
    assert "Steady" in said
    form = {"office": goods.store.pk, "style_class": "slow", "reason": "window only", "seen": ""}
    assert browser.post(url, form).status_code == 302
    _status, said = page(browser, "override", goods.style.pk)
    assert "Fast → Slow" in said
    assert "window only" in said
    refused = browser.post(url, {**form, "style_class": "dead"}).content.decode()
    assert "in the meantime" in refused
    assert f'href="{reverse("stock:style", args=[goods.style.pk])}" aria-label="Back"' in refused
    (seen,) = re.findall(r'name="seen" value="([^"]*)"', refused)
    assert browser.post(url, {**form, "style_class": "dead", "seen": seen}).status_code == 302
    given = ClassOverride.objects.get(lifted_at=None)
    _status, said = page(browser, "override", goods.style.pk)
    (lifts,) = re.findall(rf"<button[^>]*/classes/{given.pk}/lift/[^>]*>", said)
    assert 'form="lift"' in lifts, "Enter in the reason presses the first button of its form"
    assert browser.post(reverse("stock:lift_override", args=[given.pk])).status_code == 302
    given.refresh_from_db()
    assert given.lifted_by == goods.merchandiser


def test_what_is_coming_is_taken_off_what_is_proposed(goods, as_):
    InTransit.objects.create(style=goods.style, office=goods.store, size="37", quantity=11)
    _status, said = page(
        as_(goods.merchandiser), "propose", goods.style.pk, kind="transfer",
        office=goods.store.pk, **{"from": goods.other.pk},
    )  # fmt: skip
    assert "Suggested: 15 pairs." in said


def test_a_store_without_figures_says_so(company, as_):
    style, office = StyleFactory.create(), StoreFactory.create()
    browser = as_(company.merchandiser)
    assert "There are no figures yet" in page(browser, "suggestions")[1]
    for kind in ProposalKind:
        status, said = page(browser, "propose", style.pk, kind=kind.value, office=office.pk)
        assert status == 200
        assert "None yet for this place." in said


def test_what_was_approved_lately_is_said_before_it_is_proposed_again(goods, as_):
    row = made(goods, ProposalKind.REORDER)
    browser, asked = as_(goods.merchandiser), {"kind": "reorder", "office": goods.store.pk}
    assert "already" not in page(browser, "propose", goods.style.pk, **asked)[1]
    decide(proposal=row, is_approved=True, by=goods.ops_manager, note="")
    said = page(browser, "propose", goods.style.pk, **asked)[1]
    assert f"{row.quantity} pairs were approved on" in said
    assert reverse("stock:proposal", args=[row.pk]) in said
    for elsewhere in ({"office": goods.other.pk}, {"kind": "transfer"}):
        assert "already" not in page(browser, "propose", goods.style.pk, **asked | elsewhere)[1]
    Proposal.objects.update(decided_at=timezone.now() - timedelta(weeks=4))
    assert "already" not in page(browser, "propose", goods.style.pk, **asked)[1]
    assert "pairs · </span>" in page(browser, "proposals")[1]


def test_what_is_proposed_already_is_one_tap_away(goods, as_):
    standing = made(goods, ProposalKind.REORDER)
    browser = as_(goods.merchandiser)
    address = reverse("stock:propose", args=[goods.style.pk])
    sent = {"key": uuid4(), "as_of": AS_OF, "office": goods.store.pk, "cover_days": 35,
            "lead_days": 14, "size_37": 3, "reason": "again"}  # fmt: skip
    said = browser.post(f"{address}?kind=reorder", sent).content.decode()
    assert "Look at that proposal first." in said
    assert f'href="{reverse("stock:proposal", args=[standing.pk])}"' in said
    assert 'value="again"' in said
