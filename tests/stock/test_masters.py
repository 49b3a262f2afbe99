"""The masters of goods: what a style is, filters by all of it, the small lists it hangs on."""

from datetime import date, timedelta
from itertools import product
from uuid import uuid4

import pytest
from django.utils import timezone

from core.models import AuditEntry
from staff.states import Role, StoreKind
from stock.models import (
    Brand,
    CoreSizes,
    FigureSet,
    OfficePrice,
    Season,
    SeasonTarget,
    Series,
    ShoeType,
    Style,
)
from stock.queries.masters import in_category
from stock.rules.launch import category
from stock.rules.terms import DEFAULTS
from stock.services.masters import MasterNotKept
from stock.states import Category
from tests.factories.staff import PersonFactory, StoreFactory
from tests.factories.stock import BrandFactory, MovementFactory, SeasonFactory, StyleFactory

pytestmark = pytest.mark.django_db
LIST, NEW = "/stock/masters/", "/stock/masters/new/"


@pytest.fixture
def buyer(as_):
    return as_(PersonFactory(role=Role.MERCHANDISER))


def rows(page):
    return [row.number for row in page.context["list"].page.rows]


def summer():
    """The brand, season, series and type of a sandal."""
    brand = Brand.objects.create(name="HP", code="04")
    season = Season.objects.create(name="夏凉", position=2)
    return {
        "brand": brand, "season": season,
        "series": Series.objects.create(brand=brand, name="通勤"),
        "shoe_type": ShoeType.objects.create(season=season, name="凉鞋"),
    }  # fmt: skip


def form(said, **more):
    keys = {name: row.pk for name, row in said.items()}
    return keys | {
        "key": str(uuid4()), "number": "H10X001", "year": "2010", "material": "皮料",
        "heel_type": "成型底", "heel_height": "中跟", "tag_price": "499",
        "launched_on": "2010-04-20", "season_ends_on": "2010-08-20",
        "first_order": "1200", "second_order": "300",
        "third_order": "80",
    } | more  # fmt: skip


def test_a_style_shows_all_it_is_and_each_of_it_is_a_filter(buyer):
    said = summer()
    shown = f"{LIST}?q={form(said)['number']}"
    for _twice in range(2):
        assert buyer.post(NEW, form(said, key="7d0ad3be-7d0f-4f62-8a8f-3f3a6cf0a0d1")).url == shown
    style = Style.objects.get()
    StyleFactory(brand=said["brand"], first_order=5)
    page = buyer.get(f"/stock/styles/{style.pk}/").content.decode()
    for word in (
        str(Category.PAST.label),
        "2010",
        "夏凉",
        "凉鞋",
        "成型底",
        "中跟",
        "1,200",
        "300",
        "80",
    ):
        assert word in page
    for asked in (
        f"season={said['season'].pk}", "year=2010", f"series={said['series'].pk}",
        f"shoe_type={said['shoe_type'].pk}", "material=皮料", "heel_type=成型底",
        "heel_height=中跟", "category=past", "ordered=third_order", "q=10x",
    ):  # fmt: skip
        assert rows(buyer.get(f"{LIST}?{asked}")) == ["H10X001"], asked
    assert len(rows(buyer.get(f"{LIST}?brand={said['brand'].pk}&ordered=first_order"))) == 2
    entry = AuditEntry.objects.get(verb="add_style", object_id=style.pk)
    assert entry.detail["changes"]["third_order"] == ["", "80"]


def test_categories_turn_by_themselves_in_lists_as_in_the_rule():
    today, brand = date(2026, 4, 1), BrandFactory()
    launches = [None, *(today - timedelta(days=days) for days in (-1, 0, 27, 28, 364, 365, 366))]
    ends = [None, today - timedelta(days=1), today, today + timedelta(days=1)]
    for launched_on, ends_on in product(launches, ends):
        StyleFactory(brand=brand, launched_on=launched_on, season_ends_on=ends_on)
    for wanted in Category:
        found = Style.objects.filter(in_category(wanted, today=today, terms=DEFAULTS))
        assert set(found.values_list("pk", flat=True)) == {
            style.pk
            for style in Style.objects.all()
            if wanted
            == category(
                launched_on=style.launched_on, season_ends_on=style.season_ends_on, as_of=today
            )
        }  # fmt: skip


def test_a_style_is_changed_with_what_it_was_in_the_trail(buyer):
    said = summer()
    style = StyleFactory(brand=said["brand"], number="H10X001")
    page = f"/stock/masters/{style.pk}/edit/"
    seen = buyer.get(page).context["form"]["seen"].value()
    Style.objects.filter(pk=style.pk).update(tag_price=599)
    refused = buyer.post(page, form(said, seen=seen)).content.decode()
    assert "599" in refused
    assert "成型底" in refused
    seen = buyer.get(page).context["form"]["seen"].value()
    assert not FigureSet.objects.exists()
    assert buyer.post(page, form(said, seen=seen)).status_code == 302
    assert FigureSet.objects.get().is_standing
    entry = AuditEntry.objects.get(verb="change_style", object_id=style.pk)
    assert entry.detail["changes"]["tag_price"] == ["599.00", "499"]


def edited(browser, style, **more):
    """What the style's form says at its fields after `more` was sent; {} where it is kept."""
    page = f"/stock/masters/{style.pk}/edit/"
    seen = browser.get(page).context["form"]
    said = {name: seen[name].value() or "" for name in seen.stands}
    answer = browser.post(page, said | {"seen": seen["seen"].value()} | more)
    return {} if answer.status_code == 302 else dict(answer.context["form"].errors)


def test_only_operations_lower_a_floor_or_a_price_that_holds_somewhere(buyer, as_):
    office = StoreFactory(kind=StoreKind.OFFICE)
    style = StyleFactory(tag_price=598, counter_price=None, floor_price=254)
    MovementFactory(style=StyleFactory(), office=office)
    ops = as_(PersonFactory(role=Role.OPS_MANAGER))
    assert list(edited(buyer, style, floor_price="1", counter_price="100")) == [
        "floor_price",
        "counter_price",
    ]
    assert list(edited(buyer, style, floor_price="")) == ["floor_price"]
    assert list(edited(buyer, style, counter_price="400")) == ["counter_price"]
    assert list(edited(buyer, style, tag_price="400")) == ["counter_price"]
    assert list(edited(ops, style, counter_price="253")) == ["counter_price"]
    style.refresh_from_db()
    assert (style.tag_price, style.counter_price, style.floor_price) == (598, None, 254)
    assert edited(ops, style, counter_price="400", floor_price="200") == {}
    assert edited(buyer, style, floor_price="254", counter_price="420") == {}
    OfficePrice.objects.create(
        style=style, office=office, from_on=timezone.localdate(), counter_price=400
    )
    MovementFactory(style=style, office=office, unit_cost=180)
    assert edited(buyer, style, counter_price="300") == {}, "no office has it at this price"
    assert list(edited(buyer, style, counter_price="253")) == ["counter_price"]
    assert edited(ops, style, floor_price="") == {}, "reckoned from the cost it is 253.97"
    assert list(edited(buyer, style, floor_price="250")) == ["floor_price"]
    dearer = buyer.post(NEW, form(summer(), number="N1", floor_price="500"))
    assert list(dearer.context["form"].errors) == ["counter_price"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": "TAKEN"}, "number"), ({"tag_price": ""}, "tag_price"),
        ({"tag_price": "0"}, "tag_price"), ({"season_ends_on": "2010-04-20"}, "season_ends_on"),
        ({"series": "other"}, "series"), ({"shoe_type": "other"}, "shoe_type"),
        ({"first_order": "-1"}, "first_order"), ({"year": "10"}, "year"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(buyer, wrong, field):
    said = summer()
    StyleFactory(brand=said["brand"], number="TAKEN")
    others = {
        "series": Series.objects.create(brand=BrandFactory(), name="都市"),
        "shoe_type": ShoeType.objects.create(season=SeasonFactory(), name="短靴"),
    }
    wrong = {name: others[name].pk if value == "other" else value for name, value in wrong.items()}
    page = buyer.post(NEW, form(said, **wrong))
    assert list(page.context["form"].errors) == [field]
    assert Style.objects.count() == 1


def test_the_small_lists_are_kept_and_read(buyer, company, as_):
    assert (
        buyer.post("/stock/masters/brands/new/", {"name": "金布谷", "code": ""}).status_code == 302
    )
    brand = Brand.objects.get(name="金布谷")
    assert buyer.post("/stock/masters/brands/new/", {"name": "金布谷"}).status_code == 200
    page = f"/stock/masters/brands/{brand.pk}/"
    stale = {"name": "金谷", "seen": buyer.get(page).context["form"]["seen"].value()}
    assert buyer.post(page, {"name": "KC"}).status_code == 302
    assert "name" in buyer.post(page, stale).context["form"].errors
    assert (
        buyer.post("/stock/masters/series/new/", {"brand": brand.pk, "name": "街头"}).status_code
        == 302
    )
    sizes = {"name": "女鞋", "position": "1", "sizes": "36、37 38"}
    assert not FigureSet.objects.exists()
    assert buyer.post("/stock/masters/sizes/new/", sizes).status_code == 302
    assert CoreSizes.objects.get().sizes == ["36", "37", "38"]
    assert FigureSet.objects.get().is_standing
    twice = sizes | {"name": "男鞋", "sizes": "36 36"}
    assert list(buyer.post("/stock/masters/sizes/new/", twice).context["form"].errors) == ["sizes"]
    reader = as_(company.ops_manager)
    assert reader.get(page).status_code == 403
    for kind in ("brands", "series", "seasons", "types", "sizes"):
        assert reader.get(f"/stock/masters/{kind}/").status_code == 200
        assert reader.get(f"/stock/masters/{kind}/new/").status_code == 403
        assert as_(company.admin).get(f"/stock/masters/{kind}/").status_code == 403
    assert buyer.get("/stock/masters/colours/").status_code == 404
    assert AuditEntry.objects.filter(verb__in=["add_master", "change_master"]).count() == 4


def test_a_season_has_its_weeks_and_a_curve_of_its_own(buyer):
    said = {"name": "冬靴", "position": "4", "weeks": "4", "main_from_week": "2",
            "main_until_week": "3"}  # fmt: skip
    assert buyer.post("/stock/masters/seasons/new/", said).status_code == 302
    season = Season.objects.get()
    page = f"/stock/masters/seasons/{season.pk}/"
    assert buyer.post(page, said | {"week_1": "20", "week_4": "62.5"}).status_code == 302
    targets = SeasonTarget.objects.order_by("week").values_list("week", "share")
    assert [(week, str(share)) for week, share in targets] == [(1, "0.2000"), (4, "0.6250")]
    assert buyer.get(page).context["form"]["week_4"].initial == "62.5"
    for shares in ({"week_1": "20", "week_4": "10"}, {"week_1": "0", "week_4": "62.5"}):
        fallen = buyer.post(page, said | shares)
        assert str(MasterNotKept.because("targets_fall")) in fallen.content.decode()
    outside = buyer.post(page, said | {"main_until_week": "5"})
    assert list(outside.context["form"].errors) == ["main_until_week"]
    entry = AuditEntry.objects.filter(verb="change_master").get()
    assert entry.detail["changes"] == {"targets": ["", "1:0.2 4:0.625"]}
    assert buyer.post(page, said | {"week_2": "30", "week_5": "70"}).status_code == 302
    assert list(season.targets.values_list("week", flat=True)) == [2]


def test_who_does_not_write_masters_is_offered_none_and_refused(company, as_):
    style = StyleFactory()
    reader = as_(company.store_manager)
    assert NEW not in reader.get(LIST).content.decode()
    for page in (NEW, f"/stock/masters/{style.pk}/edit/"):
        assert reader.get(page).status_code == 403


def test_the_list_takes_the_same_queries_with_one_style_and_with_twelve(
    buyer, django_assert_max_num_queries
):
    counts = []
    for number in range(12):
        StyleFactory(**summer() if not number else {}, launched_on=timezone.localdate())
        if number in (0, 11):
            with django_assert_max_num_queries(60) as found:
                assert len(rows(buyer.get(LIST))) == number + 1
            counts.append(len(found))
    assert counts[0] == counts[1]
