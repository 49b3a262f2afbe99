"""An address that only takes a form, opened by hand: a page that leads back."""

import pytest
from django.template import Template
from django.test import Client
from django.urls import resolve

from core import middleware
from core.middleware import is_opened_by_hand
from tests.test_conventions import filled, our_patterns

pytestmark = pytest.mark.django_db

PAGE = {"accept": "text/html,application/xhtml+xml"}


@pytest.mark.parametrize(
    ("address", "above"),
    [
        ("/campaigns/5/move/", "/campaigns/5/"),
        ("/customers/6/message/", "/customers/6/"),
        ("/campaigns/5/walk-in/9/", "/campaigns/5/"),
        ("/me/feed/", "/me/"),
        ("/sign-out/", "/"),
    ],
)
def test_a_browser_is_led_back_to_the_page_above(company, as_, address, above):
    answer = as_(company.store_manager).get(address, headers=PAGE)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    page = answer.content.decode()
    assert f'href="{above}"' in page
    assert "<h1>" in page


def test_a_programme_reads_the_status_alone(company, as_):
    browser = as_(company.store_manager)
    assert browser.get("/me/feed/").content == b""
    assert browser.delete("/me/", headers=PAGE).content == b""
    assert Client().get("/leads/in/douyin/").content == b""


def test_strangers_are_sent_to_sign_in(company):
    assert Client().get("/me/feed/", headers=PAGE).status_code == 302


def taking_forms_alone() -> list[str]:
    return [filled(address) for _name, address, view in our_patterns()
            if not is_opened_by_hand(view)]  # fmt: skip


def test_what_leads_back_leads_to_a_page_that_opens():
    for address in taking_forms_alone():
        assert is_opened_by_hand(resolve(middleware._page_above(address)).func), address


def test_the_control_some_stand_below_another_that_takes_forms_alone(monkeypatch):
    monkeypatch.setattr(middleware, "is_opened_by_hand", lambda _view: True)
    above = {middleware._page_above(address) for address in taking_forms_alone()}
    assert not all(is_opened_by_hand(resolve(address).func) for address in above)


def test_what_is_told_of_a_view_is_what_a_browser_meets(company, as_, monkeypatch):
    """Each page is made, but not drawn: only its status is looked at. Pieces are drawn, as some
    are kept for the pages to come.
    """
    drawn = Template._render

    def render(template, context):
        is_piece = (template.name or "").startswith("components/")
        return drawn(template, context) if is_piece else ""

    monkeypatch.setattr(Template, "_render", render)
    browser = as_(company.ops_manager)
    browser.raise_request_exception = False
    shut = set(taking_forms_alone())
    for _name, address, _view in our_patterns():
        status = browser.get(filled(address)).status_code
        assert status != 405 if filled(address) not in shut else status != 200, address
