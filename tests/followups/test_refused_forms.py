"""A long form that was refused says so where one looks, and offers only what can pass."""

from datetime import timedelta

import pytest

from customers.models import Contact, OwnedProduct
from customers.states import NextKind, NoStepReason, Quiet, QuietReason
from followups.services import set_quiet, void_case
from followups.states import CaseKind, Override
from tests.factories.cases import opened
from tests.factories.customers import CustomerFactory
from tests.followups.test_guard_everywhere import ask
from tests.followups.test_views_log import NOW, taps, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]


@pytest.fixture
def who(company):
    return CustomerFactory(owner=company.sales_store, now=NOW - timedelta(days=60))


@pytest.fixture
def silent(who):
    set_quiet(customer=who, quiet=Quiet.ALL, reason=QuietReason.ASKED, by=who.owner, now=NOW)
    who.refresh_from_db()
    return who


def offered(form) -> list[str]:
    return [value for value, _label in form.fields["override"].choices]


def test_a_refused_log_leads_to_each_field_that_is_wrong(company, as_, who):
    browser = as_(company.sales_store)
    assert "error-summary" not in browser.get(url(who)).content.decode()
    page = browser.post(url(who), taps(reason="")).content.decode()
    assert 'class="error-summary" role="alert" tabindex="-1" autofocus' in page
    assert '<a href="#id_reason_error">' in page
    assert 'id="id_reason_error"' in page


def test_a_refused_survey_says_so_above_its_questions(company, as_, who):
    page = ask(as_(company.sales_store), who, willing="").content.decode()
    assert page.index("error-summary") < page.index('name="result"')
    assert '<a href="#id_willing_error">' in page


def test_of_a_wish_for_no_contact_only_the_need_is_offered(company, as_, silent):
    seller, manager = as_(company.sales_store), as_(company.store_manager)
    assert offered(seller.get(url(silent)).context["form"]) == [Override.NEEDED]
    assert len(offered(manager.get(url(silent)).context["form"])) > 1
    call = f"/customers/{silent.pk}/reveal/"
    first = seller.post(call).context["form"]
    assert offered(first) == [Override.NEEDED]
    assert not first.errors
    again = seller.post(call, {"override": "news"})
    assert again.status_code == 409
    assert again.context["form"].errors["override"]
    assert seller.post(call, {"override_text": "他很客气"}).context["form"].errors["override"]


def test_a_wish_for_no_contact_presets_no_step_and_lets_none_be_dated(company, as_, silent):
    browser = as_(company.sales_store)
    form = browser.get(url(silent)).context["form"]
    assert form["next_kind"].value() == NextKind.NONE
    assert form["none_reason"].value() == NoStepReason.UNWILLING
    page = browser.post(url(silent), taps(override="needed"))
    assert list(page.context["form"].errors) == ["next_kind"]
    assert not Contact.objects.exists()


def test_an_open_case_is_a_tie_for_a_dated_step(company, as_, silent):
    opened(silent, kind=CaseKind.COMPLAINT, now=NOW)
    assert as_(company.sales_store).post(url(silent), taps(override="needed")).status_code == 302


def test_a_case_opened_by_mistake_and_a_product_sent_back_tie_nobody(company, as_, silent):
    case = opened(silent, kind=CaseKind.COMPLAINT, now=NOW)
    void_case(case=case, reason="登记错了", by=company.store_manager, now=NOW)
    OwnedProduct.objects.create(
        customer=silent, store=silent.store, product="床", purchased_on=NOW.date(),
        purchased_noted_at=NOW, gone_on=NOW.date(), gone_reason="returned",
    )  # fmt: skip
    page = as_(company.sales_store).post(url(silent), taps(override="needed"))
    assert list(page.context["form"].errors) == ["next_kind"]


def test_whoever_has_a_problem_now_is_called_about_it(company, as_, silent):
    said = taps(override="needed", touches="problem", opens_case="on", note="桌脚又松了")
    assert as_(company.sales_store).post(url(silent), said).status_code == 302


def test_an_objection_is_said_once_after_a_refusal(company, as_, silent):
    page = as_(company.sales_store).post(url(silent), taps(next_kind="none", none_reason="no_need"))
    sentence = page.context["form"].errors["override"][0]
    assert page.content.decode().count(sentence) == 1
