"""The limits of the figures: what a row keeps, which hold on a day, and setting others."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from core.models import AuditEntry
from staff.states import Role
from stock.forms.terms import TermsForm
from stock.models import FigureSet, Season, SeasonTarget, StockTerms
from stock.queries.seasons import season_terms
from stock.queries.terms import terms_on
from stock.rules.targets import drawn_curve
from stock.rules.terms import DEFAULTS
from stock.rules.written_terms import FIELDS, NotTerms, terms_from, values_blockers, values_of
from stock.services.terms import TermsNotSet, set_terms
from stock.wording.terms import written
from tests.factories.staff import PersonFactory

TODAY = date(2026, 4, 1)
NOW = datetime(2026, 4, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_what_is_written_is_read_back():
    terms = replace(DEFAULTS, steady_from=Fraction(2, 3), counts_gifts=True, bucket_limits=(10, 20))
    assert terms_from(values_of(terms)) == terms
    assert terms_from({}) == DEFAULTS
    assert terms_from({"steady_from": "3/5", "slow_from": 0.2}).steady_from == Fraction(3, 5)


@pytest.mark.parametrize(
    "values",
    [
        {"window_days": "14"}, {"window_days": True}, {"counts_gifts": 1}, {"steady_from": "1/0"},
        {"freight": "NaN"}, {"curve": 5}, {"curve": ["x"]}, {"markdown_weeks": [7]},
        {"colour": "red"},
    ],
)  # fmt: skip
def test_a_row_that_says_something_else_is_refused_by_field(values):
    with pytest.raises(NotTerms) as refused:
        terms_from(values)
    assert refused.value.fields == tuple(values)
    assert [each.code for each in values_blockers(values)] == list(values)


def test_a_sentence_for_every_field_that_can_be_wrong():
    wrong = replace(
        DEFAULTS, window_days=0, cover_days=0, lead_days=-1, warn_under_days=-1, red_over_days=1,
        bucket_limits=(), light_from=Fraction(0), watch_weeks=0, slow_from=Fraction(0),
        fast_volume_from=Fraction(0), dead_from_weeks=-1, cut_weeks=0, main_from_week=0, new_days=0,
        curve=(), behind_weeks=0, markdown_weeks=(8, 7), healthy_from=Fraction(0),
        freight=DEFAULTS.freight - 1, commission=DEFAULTS.commission + 1,
    )  # fmt: skip
    codes = [each.code for each in values_blockers(values_of(wrong))]
    assert len(codes) == 20
    assert set(codes) <= set(TermsNotSet.messages)
    assert "%%" not in str(TermsNotSet.because("steady_from"))


@pytest.mark.parametrize("sign", [1, -1])
def test_no_limit_is_beyond_all_measure(sign):
    """An order for 10^20 days fits no column: the night's figures and the board would fail."""
    for name in FIELDS:
        standing = getattr(DEFAULTS, name)
        if isinstance(standing, bool):
            continue
        huge = sign * 10**20
        many = tuple(huge for _each in standing) if isinstance(standing, tuple) else None
        wrong = replace(DEFAULTS, **{name: many or type(standing)(huge)})
        assert values_blockers(values_of(wrong)), name


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("cover_days", "9" * 20, "At most 3650: look at the figure again."),
        ("bucket_limits", "30, 99999", "At most 3650: look at the figure again."),
        ("curve", "20, 1e999999999", "Say it in figures, for example 20, 30, 40, 50, 60, 75."),
        ("fast_volume_from", "1e999999999", "Say it in figures, for example 1.5."),
    ],
)
@pytest.mark.usefixtures("in_english")
def test_a_huge_figure_is_refused_where_it_was_typed(name, text, said):
    standing = {field: written(field, getattr(DEFAULTS, field)) for field in FIELDS}
    form = TermsForm({**standing, name: text}, standing=DEFAULTS)
    assert form.errors[name] == [said]


def test_a_curve_of_a_table_is_straight_between_its_weeks():
    found = drawn_curve({2: Fraction(1, 5), 4: Fraction(3, 5)}, season_weeks=5)
    assert found == [
        Fraction(1, 10),
        Fraction(1, 5),
        Fraction(2, 5),
        Fraction(3, 5),
        Fraction(3, 5),
    ]


@pytest.mark.django_db
def test_the_latest_row_holds_from_its_day_on(django_assert_num_queries):
    by = PersonFactory(role=Role.OPS_MANAGER)
    assert terms_on(TODAY) == DEFAULTS
    row = set_terms(values={"cover_days": 42}, from_on=TODAY, reason=" 春季 ", by=by, now=NOW)
    set_terms(
        values={"cover_days": 50}, from_on=TODAY + timedelta(days=9), reason="夏", by=by, now=NOW
    )
    assert FigureSet.objects.get().is_standing
    with django_assert_num_queries(1):
        assert terms_on(TODAY).cover_days == 42
    assert terms_on(TODAY - timedelta(days=1)).cover_days == 35
    assert terms_on(TODAY + timedelta(days=9)).cover_days == 50
    entry = AuditEntry.objects.get(verb="set_stock_terms", object_id=row.pk)
    assert (entry.reason, entry.detail["changes"]) == ("春季", {"cover_days": [35, 42]})


@pytest.mark.django_db
def test_limits_are_never_set_for_the_past_nor_twice_a_day():
    by = PersonFactory(role=Role.OPS_MANAGER)
    said = {"values": {"cover_days": 42}, "reason": "春季", "by": by, "now": NOW}
    for change, code in (
        ({"from_on": TODAY - timedelta(days=1)}, "too_early"),
        ({"from_on": TODAY, "reason": " "}, "reason_missing"),
        ({"from_on": TODAY, "values": {}}, "nothing_changed"),
        ({"from_on": TODAY, "values": {"slow_from": "4/5"}}, "steady_from"),
    ):
        with pytest.raises(TermsNotSet) as refused:
            set_terms(**said | change)
        assert refused.value.codes == (code,)
    set_terms(from_on=TODAY, **said)
    later = said | {"values": {"cover_days": 43}}
    with pytest.raises(TermsNotSet, match="2"):
        set_terms(from_on=TODAY, **later)
    tomorrow = TODAY + timedelta(days=1)
    set_terms(from_on=tomorrow, **later)
    with pytest.raises(TermsNotSet) as refused:
        set_terms(from_on=tomorrow, **said)
    assert refused.value.codes == ("set_already",)
    assert StockTerms.objects.count() == 2


@pytest.mark.django_db
def test_a_season_has_its_own_main_weeks_and_curve(django_assert_num_queries):
    spring = Season.objects.create(name="春单", weeks=4, main_from_week=2, main_until_week=3)
    summer = Season.objects.create(name="夏凉", weeks=16, main_until_week=12)
    SeasonTarget.objects.create(season=spring, week=2, share="0.5")
    with django_assert_num_queries(2):
        found = season_terms(DEFAULTS)
    own = found[spring.pk]
    assert (own.terms.main_from_week, own.terms.main_until_week) == (2, 3)
    assert own.targets == (Fraction(1, 4), Fraction(1, 2), Fraction(1, 2), Fraction(1, 2))
    assert own.is_own_curve
    shared = found[summer.pk]
    assert (shared.targets[1], shared.targets[-1]) == (Fraction(1, 5), Fraction(3, 4))
    assert (found[None].weeks, found[None].terms) == (17, DEFAULTS)
