"""An address that only takes a form, opened by hand: a page that leads back."""

import pytest
from django.test import Client

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
