"""Every page of the room against the matrix: who gets it, who is refused, who sees nothing."""

import json
from pathlib import Path

import pytest
from django.conf import settings as project
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEntry
from staff import services
from staff.models import Duty, Person, Region, Store
from staff.states import Role
from tests.factories.staff import DutyFactory, PersonFactory, StoreFactory

ROLES = [role.value for role in Role]
ADMIN, OPS = {"admin"}, {"ops_manager"}
MANAGERS = {"store_manager", "field_supervisor"}

# page → who may open it; everybody else who is signed in gets 403, a stranger the sign-in.
PAGES = {
    "/me/": set(ROLES),
    "/me/password/": set(ROLES),
    "/calendar/": set(ROLES),
    "/calendar/2027/": set(ROLES),
    "/people/": ADMIN | OPS | MANAGERS,
    "/people/new/": ADMIN | MANAGERS,
    "/stores/": ADMIN | OPS,
    "/stores/new/": ADMIN,
    "/stores/{store}/": ADMIN | OPS,
    "/people/{stranger}/disable/": ADMIN,
}
# acts: who is not turned away with 403 or 404 when the target is in nobody's own store but admin's.
ACTS = {
    "/people/{stranger}/invite/": ADMIN,
    "/people/{stranger}/unlock/": ADMIN | OPS,
    "/people/{stranger}/disable/": ADMIN,
    "/people/{stranger}/": ADMIN,
    "/people/{stranger}/duties/": ADMIN | OPS,
    "/people/{stranger}/duties/{duty}/end/": ADMIN | OPS,
    "/people/{waiting}/confirm/": OPS,
    "/people/{gone}/enable/": ADMIN,
    "/regions/": ADMIN,
    "/stores/new/": ADMIN,
    "/stores/{store}/": ADMIN,
    "/calendar/set/": OPS,
    "/calendar/clear/": OPS,
}
REFUSED_TO_UNIT_MANAGERS = {403, 404}  # 404 where the person is out of sight


@pytest.fixture
def ids(company):
    return {
        "store": company.store.pk,
        "stranger": company.stranger.pk,
        "duty": DutyFactory.create(person=company.stranger).pk,
        "waiting": PersonFactory.create(
            role=Role.ADMIN, is_active=False, awaits_confirmation=True
        ).pk,
        "gone": PersonFactory.create(
            role=Role.FINANCE, is_active=False, disabled_at=timezone.now()
        ).pk,
    }


@pytest.mark.parametrize("url", PAGES)
def test_pages_open_for_their_roles_only(company, ids, as_, client, url):
    address = url.format(**ids)
    answers = {role: as_(getattr(company, role)).get(address).status_code for role in ROLES}
    assert answers == {role: 200 if role in PAGES[url] else 403 for role in ROLES}
    anonymous = client.get(address)
    assert (anonymous.status_code, anonymous["Location"][:9]) == (302, "/sign-in/")


@pytest.mark.parametrize("url", ACTS)
def test_acts_are_refused_to_all_other_roles_and_change_nothing(company, ids, as_, client, url):
    address = url.format(**ids)

    def everything():
        return [
            list(model.objects.order_by("pk").values())
            for model in (Person, Store, Region, Duty, AuditEntry)
        ]

    refused = set(ROLES) - ACTS[url]
    browsers = {role: as_(getattr(company, role)) for role in refused}
    before = everything()
    answers = {role: browser.post(address).status_code for role, browser in browsers.items()}
    assert client.post(address).status_code == 302
    assert everything() == before
    assert {role: code for role, code in answers.items() if code not in (403, 404)} == {}
    assert all(answers[role] == 403 for role in refused - MANAGERS)


@pytest.mark.parametrize("url", ACTS)
def test_acts_are_open_to_their_roles(company, ids, as_, url):
    for role in ACTS[url]:
        assert as_(getattr(company, role)).post(url.format(**ids)).status_code in (200, 302, 404)


@pytest.mark.parametrize("url", [url for url in ACTS if url not in PAGES])
def test_acts_want_a_post(company, ids, as_, url):
    browser = as_(company.ops_manager if OPS & ACTS[url] else company.admin)
    if url != "/people/{stranger}/":
        assert browser.get(url.format(**ids)).status_code == 405
    assert browser.delete(url.format(**ids)).status_code == 405


@pytest.mark.parametrize(
    "url", ["/people/999999/", "/people/999999/disable/", "/stores/999999/", "/calendar/1999/"]
)
def test_what_is_not_there_is_404(company, as_, url):
    assert as_(company.admin).get(url).status_code == 404


def test_a_huge_id_is_404_and_not_an_error(company, as_):
    for url in ("/people/99999999999999999999999/", "/stores/99999999999999999999999/"):
        assert as_(company.admin).get(url).status_code == 404


def test_a_manager_sees_the_own_people_and_no_others(company, as_):
    browser = as_(company.store_manager)
    body = browser.get("/people/").content.decode()
    assert company.sales_store.username in body
    assert company.stranger.username not in body
    assert company.ops_manager.username not in body
    assert browser.get(f"/people/{company.stranger.pk}/").status_code == 404
    assert browser.get(f"/people/{company.sales_store.pk}/").status_code == 200
    assert browser.post(f"/people/{company.sales_store.pk}/").status_code == 403
    assert browser.post(f"/people/{company.store_manager.pk}/invite/").status_code == 403


def test_the_system_account_is_not_on_the_list(company, as_):
    assert "Genjin</a>" not in as_(company.admin).get("/people/").content.decode().split("rows")[1]


def test_inviting_shows_the_link_once(company, as_):
    browser = as_(company.store_manager)
    form = browser.get("/people/new/").context["form"]
    answer = browser.post(
        "/people/new/",
        {
            "key": form["key"].value(),
            "name": "方方",
            "username": "Fang.Fang",
            "role": "sales_store",
            "store": company.store.pk,
        },
        follow=True,
    )
    link = answer.context["fresh_link"]
    assert link.startswith("http://testserver/welcome/")
    assert link in answer.content.decode()
    again = browser.get(answer.request["PATH_INFO"])
    assert again.context["fresh_link"] == ""
    assert Person.objects.get(username="fang.fang").store == company.store

    newcomer = as_(company.finance)
    assert newcomer.get(link).status_code == 200


def test_a_manager_cannot_choose_another_store_or_role(company, as_):
    browser = as_(company.store_manager)
    form = browser.get("/people/new/").context["form"]
    answer = browser.post(
        "/people/new/",
        {
            "key": form["key"].value(),
            "name": "方方",
            "username": "fang",
            "role": "admin",
            "store": company.other.pk,
            "is_staff": "1",
            "is_superuser": "1",
        },
    )
    assert set(answer.context["form"].errors) == {"role", "store"}
    assert not Person.objects.filter(username="fang").exists()


def test_extra_fields_are_ignored(company, as_):
    as_(company.sales_store).post(
        "/me/",
        {
            "name": "小林",
            "email": "",
            "language": "en",
            "role": "admin",
            "store": company.other.pk,
            "is_staff": "1",
            "username": "root",
        },
    )
    changed = Person.objects.get(pk=company.sales_store.pk)
    assert (changed.name, changed.language) == ("小林", "en")
    assert (changed.role, changed.store_id, changed.is_staff) == (
        "sales_store",
        company.store.pk,
        False,
    )
    assert changed.username == company.sales_store.username


def test_an_administrator_changes_a_person_and_it_holds_at_the_next_request(company, as_):
    theirs, browser = as_(company.sales_store), as_(company.admin)
    assert theirs.get("/people/").status_code == 403
    url = f"/people/{company.sales_store.pk}/"
    answer = browser.post(
        url, {"name": "小林", "role": "store_manager", "store": company.other.pk, "email": ""}
    )
    assert answer.status_code == 302
    assert company.stranger.username in theirs.get("/people/").content.decode()


def test_a_refusal_is_said_on_the_page(company, as_):
    browser = as_(company.admin)
    url = f"/people/{company.finance.pk}/"
    answer = browser.post(url, {"name": "x", "role": "sales_store", "store": "", "email": ""})
    assert answer.context["form"].non_field_errors()
    assert str(answer.context["form"].non_field_errors()[0]) in answer.content.decode()


def test_disabling_asks_first_and_names_what_hangs_on_it(company, as_):
    DutyFactory(person=company.stranger, store=company.other)
    DutyFactory(person=company.sales_store, kind="assistant", assists=company.stranger, store=None)
    browser = as_(company.admin)
    url = f"/people/{company.stranger.pk}/disable/"
    body = browser.get(url).content.decode()
    assert company.sales_store.name in body
    assert Person.objects.get(pk=company.stranger.pk).is_active
    browser.post(url)
    assert not Person.objects.get(pk=company.stranger.pk).is_active
    answer = browser.post(url)
    assert answer.status_code == 403


def test_duties_are_given_and_ended_and_hold_at_the_next_request(company, as_):
    theirs, browser = as_(company.merchandiser), as_(company.ops_manager)
    url = f"/people/{company.merchandiser.pk}/duties/"
    form = browser.get(f"/people/{company.merchandiser.pk}/").context["duty_form"]
    sent = {
        "key": form["key"].value(),
        "kind": "service_lead",
        "store": company.store.pk,
        "starts_on": timezone.localdate().isoformat(),
    }
    browser.post(url, sent)
    browser.post(url, sent)
    duty = Duty.objects.get(person=company.merchandiser)
    assert duty.given_by == company.ops_manager
    assert theirs.get("/me/").context["duties"] == [duty]

    browser.post(f"{url}{duty.pk}/end/")
    assert not Duty.objects.filter(pk=duty.pk).exists()
    assert theirs.get("/me/").context["duties"] == []


def test_a_duty_of_another_person_is_404(company, ids, as_):
    url = f"/people/{company.finance.pk}/duties/{ids['duty']}/end/"
    assert as_(company.admin).post(url).status_code == 404


def test_a_refused_duty_is_said_on_the_page(company, as_):
    browser = as_(company.ops_manager)
    form = browser.get(f"/people/{company.stranger.pk}/").context["duty_form"]
    sent = {"key": form["key"].value(), "kind": "appeal", "starts_on": "2026-01-01"}
    answer = browser.post(f"/people/{company.stranger.pk}/duties/", sent)
    assert answer.context["duty_form"].non_field_errors()
    answer = browser.post(f"/people/{company.stranger.pk}/duties/", {"starts_on": "31-02-x"})
    assert {"kind", "starts_on", "key"} <= set(answer.context["duty_form"].errors)


def test_the_same_new_person_form_sent_twice_makes_one_person(company, as_):
    browser = as_(company.admin)
    form = browser.get("/people/new/").context["form"]
    sent = {
        "key": form["key"].value(),
        "name": "方方",
        "username": "fang",
        "role": "finance",
        "store": "",
        "email": "",
    }
    first, second = (browser.post("/people/new/", sent) for _ in range(2))
    assert first["Location"] == second["Location"]


def test_somebody_elses_form_key_is_refused_in_words(company, as_):
    key = as_(company.admin).get("/people/new/").context["form"]["key"].value()
    sent = {"key": key, "name": "方方", "username": "fang", "role": "finance"}
    as_(company.admin).post("/people/new/", sent)
    second = PersonFactory.create(role=Role.ADMIN)
    answer = as_(second).post("/people/new/", sent | {"username": "gu"})
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()


def test_stores_are_added_changed_and_closed_only_when_empty(company, as_):
    browser = as_(company.admin)
    form = browser.get("/stores/new/").context["form"]
    sent = {
        "key": form["key"].value(),
        "code": "X1",
        "name": "新店",
        "region": company.region.pk,
        "kind": "store",
        "trade": "mattresses",
        "closes_at": "22:00",
        "zone": "Asia/Shanghai",
    }
    assert browser.post("/stores/new/", sent).status_code == 302
    assert browser.post("/stores/new/", sent).status_code == 302
    assert Store.objects.filter(code="X1").count() == 1
    form = browser.get("/stores/new/").context["form"]
    taken = browser.post("/stores/new/", sent | {"key": form["key"].value()})
    assert taken.context["form"].errors["code"]

    url = f"/stores/{company.store.pk}/"
    closed = browser.post(url, sent)
    assert closed.context["form"].errors["is_active"]
    wrong = browser.post(url, sent | {"zone": "Mars/Base", "closes_at": "25:00", "is_active": "on"})
    assert {"zone", "closes_at"} <= set(wrong.context["form"].errors)
    assert browser.post(url, sent | {"is_active": "on"}).status_code == 302
    company.store.refresh_from_db()
    assert company.store.trade == "mattresses"


def test_regions_are_added_beside_the_stores(company, as_):
    browser = as_(company.admin)
    key = browser.get("/stores/").context["region_form"]["key"].value()
    browser.post("/regions/", {"key": key, "name": "华东"})
    assert Region.objects.filter(name="华东").exists()
    for sent in ({"key": key, "name": ""}, {}, {"name": "华东", "key": "x"}):
        answer = browser.post("/regions/", sent, follow=True)
        assert list(answer.context["messages"])


@pytest.mark.parametrize("url", ["/people/", "/stores/"])
@pytest.mark.parametrize(
    "asked",
    [
        "q=%25%25%25",
        "q=_",
        "q=" + "x" * 100,
        "page=99999999999999999999",
        "page=-1",
        "page=x",
        "per_page=1000000",
        "sort=password",
        "sort=-store__region__name",
        "sort=;drop",
        "store=99999999999999999999",
        "role=god",
        "state=x",
        "kind=x",
        "region=x",
        "phone__startswith=138",
        "_connector=OR+1%3D1+OR",
    ],
)
def test_lists_answer_any_address(company, as_, url, asked):
    assert as_(company.admin).get(f"{url}?{asked}").status_code == 200


def test_a_nul_in_the_address_is_400(company, as_):
    assert as_(company.admin).get("/people/?q=%00").status_code == 400


def test_a_wildcard_is_searched_literally(company, as_):
    PersonFactory(name="100%", role=Role.FINANCE)
    page = as_(company.admin).get("/people/?q=%25")
    assert [row.record.name for row in page.context["table"].rows] == ["100%"]


@pytest.mark.parametrize("url", ["/people/", "/stores/"])
def test_a_list_asks_the_same_for_one_row_and_for_twelve(company, as_, url):
    browser = as_(company.admin)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            browser.get(url)
        counts.append(len(asked))
        for _ in range(11):
            store = StoreFactory(region=company.region)
            PersonFactory(store=store)
    assert counts[0] == counts[1]


CASES = json.loads((Path(project.BASE_DIR) / "tests/data/bad_inputs_names.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_names_of_every_kind_are_kept_or_refused_in_words(company, as_, case):
    browser = as_(company.sales_store)
    answer = browser.post("/me/", {"name": case["name"], "email": "", "language": "en"})
    person = Person.objects.get(pk=company.sales_store.pk)
    if case["kept"] is None:
        assert answer.status_code == 200
        assert answer.context["form"].errors["name"]
        assert person.name == company.sales_store.name
    else:
        assert answer.status_code == 302
        assert person.name == case["kept"]
        body = browser.get("/me/").content.decode()
        assert "<script>alert" not in body


def test_a_million_characters_are_refused_before_they_are_read(company, as_):
    answer = as_(company.finance).post("/me/", {"name": "张" * 1_000_000})
    assert answer.status_code == 400


def test_an_administrator_who_waits_is_told_to_the_ops_manager(company, ids, as_):
    browser = as_(company.ops_manager)
    assert browser.get("/people/").context["awaiting"] == [Person.objects.get(pk=ids["waiting"])]
    browser.post(f"/people/{ids['waiting']}/confirm/")
    assert Person.objects.get(pk=ids["waiting"]).is_active
    again = browser.post(f"/people/{ids['waiting']}/confirm/", follow=True)
    assert [message.level_tag for message in again.context["messages"]][-1] == "error"


def test_enabling_works_and_says_so(company, ids, as_):
    as_(company.admin).post(f"/people/{ids['gone']}/enable/")
    assert Person.objects.get(pk=ids["gone"]).is_active


def test_a_person_page_says_who_is_locked_out(company, as_, client):
    for _ in range(5):
        client.post("/sign-in/", {"username": company.sales_store.username, "password": "x"})
    page = as_(company.store_manager).get(f"/people/{company.sales_store.pk}/")
    assert page.context["is_locked_out"]
    assert f"/people/{company.sales_store.pk}/unlock/" in page.content.decode()


def test_a_link_for_a_disabled_person_is_not_offered_nor_made(company, as_):
    services.disable_person(person=company.stranger, by=company.admin, now=timezone.now())
    url = f"/people/{company.stranger.pk}/"
    browser = as_(company.admin)
    assert f"{url}invite/" not in browser.get(url).content.decode()
    assert browser.post(f"{url}invite/").status_code == 403
