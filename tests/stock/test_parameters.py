"""The page of the limits: who reads it, who sets them, and why each was set."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.utils import timezone

from staff.states import Role
from stock.models import StockTerms
from stock.queries.terms import terms_on
from stock.rules.terms import DEFAULTS
from stock.services.terms import TermsNotSet
from stock.wording.terms import FIELDS, written
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db
PAGE, SET = "/stock/parameters/", "/stock/parameters/set/"


def form(**said):
    """Every limit as the page shows it, but what is `said`."""
    shown = {name: written(name, getattr(DEFAULTS, name)) for name in FIELDS}
    shown.pop("counts_gifts")
    today = timezone.localdate()
    return shown | {"from_on": today.isoformat(), "reason": "春季试行", "seen": ""} | said


def test_every_limit_has_its_words():
    assert set(FIELDS) == set(DEFAULTS.__dataclass_fields__)


def test_operations_set_limits_and_everybody_reads_why(company, as_):
    browser = as_(company.ops_manager)
    said = form(steady_from="66.6", bucket_limits="15、45", freight="4.5%", fast_volume_from="2")
    assert browser.post(SET, said).status_code == 302
    terms = terms_on(timezone.localdate())
    assert (terms.steady_from, terms.bucket_limits) == (Fraction(333, 500), (15, 45))
    assert (str(terms.freight), terms.curve) == ("0.045", DEFAULTS.curve)
    page = as_(PersonFactory(role=Role.MERCHANDISER)).get(PAGE).content.decode()
    assert "春季试行" in page
    assert "66.6 %" in page
    assert SET not in page
    later = form(seen=str(StockTerms.objects.get().pk))
    assert browser.get(SET).context["form"]["from_on"].initial > timezone.localdate()
    assert browser.post(SET, later).status_code == 200


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("window_days", "0", None), ("window_days", "", "required"),
        ("window_days", "two", "invalid"), ("curve", "20, x", "invalid"),
        ("curve", "20, 10", None), ("steady_from", "1/0", "invalid"), ("reason", "", "required"),
        ("markdown_weeks", "7", None), ("freight", "-1", None),
    ],
)  # fmt: skip
def test_what_cannot_hold_is_refused_at_its_field_and_stays_typed(company, as_, field, typed, code):
    page = as_(company.ops_manager).post(SET, form(**{field: typed}))
    errors = page.context["form"].errors
    assert list(errors) == [field]
    assert code is None or errors.as_data()[field][0].code == code
    assert page.context["form"][field].value() == typed
    assert not StockTerms.objects.exists()


def test_nobody_writes_over_limits_that_somebody_else_set_meanwhile(company, as_):
    browser = as_(company.ops_manager)
    assert browser.post(SET, form(cover_days="40")).status_code == 302
    tomorrow = timezone.localdate() + timedelta(days=1)
    page = browser.post(SET, form(lead_days="10", from_on=tomorrow.isoformat()))
    assert str(TermsNotSet.messages["set_meanwhile"]) in page.content.decode()
    assert StockTerms.objects.count() == 1


def test_a_merchandiser_reads_but_sets_none_and_an_administrator_reads_none(company, as_):
    assert as_(PersonFactory(role=Role.MERCHANDISER)).get(SET).status_code == 403
    assert as_(PersonFactory(role=Role.ADMIN)).get(PAGE).status_code == 403


def test_the_page_takes_the_same_queries_with_one_change_and_with_twelve(
    company, as_, django_assert_max_num_queries
):
    browser = as_(company.ops_manager)
    counts = []
    for number in range(12):
        StockTerms.objects.create(
            from_on=timezone.localdate() - timedelta(days=number),
            values={"cover_days": number + 1},
            reason="试行", set_by=company.ops_manager,
        )  # fmt: skip
        if number in (0, 11):
            with django_assert_max_num_queries(40) as found:
                browser.get(PAGE)
            counts.append(len(found))
    assert counts[0] == counts[1]
