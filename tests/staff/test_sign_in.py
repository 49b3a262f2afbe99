"""The door: the right password, the wrong one, the lock, and who never comes in."""

import json
from pathlib import Path

import pytest
from django.conf import settings as project
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from core.models import AuditEntry
from staff import services
from staff.models import Person
from staff.queries import is_locked_out
from staff.services import sessions
from staff.services.system import system_account
from tests.factories.staff import PASSWORD

URL = "/sign-in/"
ACT = "/leads/1/accept/"


def attempt(client, username, password=PASSWORD, **more):
    return client.post(URL, {"username": username, "password": password, **more})


@pytest.fixture
def lin(company):
    company.sales_store.username = "lin"
    company.sales_store.save()
    return company.sales_store


def test_the_right_password_opens_a_session_under_a_new_id(lin, client):
    client.cookies["sessionid"] = "chosen-by-an-attacker"
    answer = attempt(client, "lin")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert client.cookies["sessionid"].value != "chosen-by-an-attacker"
    assert AuditEntry.objects.latest("pk").verb == "signed_in"


@pytest.mark.parametrize("written", ["lin", "LIN", " lin ", "ｌｉｎ"])
def test_a_user_name_is_read_in_one_spelling(lin, client, written):
    assert attempt(client, written).status_code == 302


@pytest.mark.parametrize("written", ["lın", "liń", "lin\u200b", "l1n"])
def test_a_name_that_only_looks_alike_is_somebody_else(lin, client, written):
    assert attempt(client, written).status_code == 200


def test_an_unknown_name_and_a_wrong_password_get_the_same_words(lin, client):
    unknown = attempt(client, "nobody", "wrong")
    wrong = attempt(client, "lin", "wrong")
    assert unknown.context["form"].errors == wrong.context["form"].errors
    assert unknown.status_code == wrong.status_code == 200


def test_a_failed_attempt_is_in_the_trail_without_the_name_typed(lin, client):
    attempt(client, "somebody-else", "wrong")
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.object_id, entry.by) == ("sign_in_failed", None, None)
    assert "somebody-else" not in str(entry.detail)
    attempt(client, "lin", "wrong")
    assert AuditEntry.objects.latest("pk").object_id == lin.pk


@pytest.mark.parametrize("onward", ["//evil.com", "https:evil.com", "https://evil.com/", "x", ""])
def test_next_never_leads_out_of_the_house(lin, client, onward):
    assert client.get(URL, {"next": onward}).context["next"] == ""
    assert "evil" not in attempt(client, "lin", next=onward)["Location"]


def test_next_leads_on_inside(lin, client):
    assert attempt(client, "lin", next="/me/?x=1")["Location"] == "/me/?x=1"


def test_five_wrong_passwords_lock_even_the_right_one_out(lin, client):
    answers = [attempt(client, "lin", "wrong").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]

    refused = attempt(client, "lin")
    assert refused.status_code == 429
    assert "15" in refused.content.decode()
    assert "_auth_user_id" not in client.session
    assert is_locked_out(lin, now=timezone.now())


def test_the_lock_is_on_this_name_from_this_address(lin, company, client):
    for _ in range(5):
        attempt(client, "lin", "wrong")
    assert attempt(client, company.finance.username).status_code == 302
    elsewhere = client.post(URL, {"username": "lin", "password": PASSWORD}, REMOTE_ADDR="10.0.0.9")
    assert elsewhere.status_code == 302


def test_an_unknown_name_is_locked_just_the_same(lin, client):
    answers = [attempt(client, "nobody", "wrong").status_code for _ in range(6)]
    assert answers[-2:] == [429, 429]


def test_control_without_the_axes_backend_the_right_password_would_pass(lin, client, settings):
    settings.AUTHENTICATION_BACKENDS = ["staff.backends.PersonBackend"]
    for _ in range(6):
        attempt(client, "lin", "wrong")
    attempt(client, "lin")
    assert "_auth_user_id" in client.session


def test_a_manager_takes_the_lock_off(lin, company, client, as_):
    for _ in range(5):
        attempt(client, "lin", "wrong")
    with pytest.raises(services.LockNotOpened):
        services.unlock_person(person=lin, by=company.finance)

    page = as_(company.store_manager).post(f"/people/{lin.pk}/unlock/")

    assert page.status_code == 302
    assert not is_locked_out(lin, now=timezone.now())
    assert attempt(client, "lin").status_code == 302


def test_who_has_no_password_is_disabled_or_waits_does_not_come_in(lin, company, client):
    company.finance.set_unusable_password()
    company.finance.save()
    Person.objects.filter(pk=company.merchandiser.pk).update(is_active=False)
    Person.objects.filter(pk=company.admin.pk).update(is_active=False, awaits_confirmation=True)
    for person in (company.finance, company.merchandiser, company.admin):
        assert attempt(client, person.username).status_code == 200
    assert attempt(client, company.finance.username, "!").status_code == 200


def test_the_system_account_does_not_come_in_even_with_a_password(company, client):
    account = system_account()
    Person.objects.filter(pk=account.pk).update(password=make_password(PASSWORD))
    assert attempt(client, "system").status_code == 200


def test_when_everybody_signs_in_at_once_some_are_asked_to_come_back(lin, client):
    places = sessions.HASHED_AT_ONCE + 1
    for _ in range(places):
        sessions._at_the_door.acquire()
    try:
        answer = attempt(client, "lin")
    finally:
        for _ in range(places):
            sessions._at_the_door.release()
    assert answer.status_code == 503
    assert 2 <= int(answer["Retry-After"]) <= 8
    assert answer.context["form"].errors
    assert attempt(client, "lin").status_code == 302


def test_control_the_door_is_given_back_after_a_failure(lin, client):
    for _ in range(sessions.HASHED_AT_ONCE + 2):
        assert attempt(client, "nobody", "wrong").status_code == 200


CASES = json.loads((Path(project.BASE_DIR) / "tests/data/bad_inputs_login.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_bad_input_gets_a_sentence_and_never_an_error(lin, client, case):
    answer = client.post(URL, case["post"])
    assert answer.status_code == case["status"]
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, db, method):
    assert getattr(client, method)(URL).status_code == 405


def test_a_password_of_ten_million_characters_is_refused_before_it_is_hashed(lin, client):
    assert attempt(client, "lin", "x" * 5000).context["form"].errors["password"]
    assert attempt(client, "lin", "x" * 10_000_000).status_code == 400


def test_signing_out_takes_a_post_and_ends_the_session(lin, as_):
    browser = as_(lin)
    assert browser.get("/sign-out/").status_code == 405
    assert browser.get("/me/").status_code == 200
    assert browser.post("/sign-out/").status_code == 302
    assert browser.get("/me/").status_code == 302


def test_forms_need_the_token_of_the_page(lin, as_):
    assert as_(lin, enforce_csrf_checks=True).post("/sign-out/").status_code == 403


def test_engineers_sign_in_at_the_same_door(lin, client, as_):
    answer = client.get("/engine-room/")
    assert answer.status_code == 302
    assert client.get(answer["Location"])["Location"].startswith("/sign-in/?next=%2Fengine-room")
    assert as_(lin).get("/engine-room/login/").status_code == 403


def test_the_language_is_kept_by_person_or_by_browser(lin, client, as_):
    client.post("/language/", {"language": "en", "next": "/sign-in/"})
    assert client.cookies["language"].value == "en"
    browser = as_(lin)
    browser.post("/language/", {"language": "en"})
    lin.refresh_from_db()
    assert lin.language == "en"
    assert browser.post("/language/", {"language": "xx", "next": "//evil.com"}).status_code == 302
    lin.refresh_from_db()
    assert lin.language == "en"


@pytest.mark.parametrize(
    ("sent_from", "back_to"),
    [
        ("http://testserver/leads/?state=open#offers", "/leads/%3Fstate%3Dopen"),
        ("http://elsewhere.example/leads/", ACT),
        ("http://testserver", ACT),
        ("", ACT),
    ],
)
def test_an_act_after_the_session_ended_leads_back_to_its_page(client, db, sent_from, back_to):
    answer = client.post(ACT, headers={"referer": sent_from} if sent_from else {})
    assert answer["Location"] == f"/sign-in/?next={back_to}"


@pytest.mark.parametrize("is_signed_out", [False, True])
def test_a_page_of_who_was_signed_in_before_is_read_anew(company, as_, client, is_signed_out):
    browser = client if is_signed_out else as_(company.finance)

    def piece(drawn_for):
        return browser.get("/me/", headers={"HX-Request": "true", "X-Drawn-For": str(drawn_for)})

    assert piece(company.store_manager.pk).headers["HX-Refresh"] == "true"
    assert "HX-Refresh" not in piece("" if is_signed_out else company.finance.pk).headers
