"""Links, first passwords, resets by mail, and one's own password."""

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.utils import timezone, translation

from core.models import AuditEntry, Job
from staff import services
from staff.services.passwords import link_for, person_of_link
from staff.tasks import send_reset_link
from tests.factories.staff import PASSWORD

GOOD = "seven calm lamps"


@pytest.fixture
def sent(company, settings):
    """The mails that go out; `lin` has an address."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.BASE_URL = "https://genjin.example"
    mail.outbox = []
    company.sales_store.email = "lin@example.com"
    company.sales_store.save(update_fields=["email"])
    return mail.outbox


def test_make_link_voids_the_password_the_sessions_and_older_links(company, as_):
    person = company.sales_store
    browser, older = as_(person), link_for(person)

    link = services.make_link(person=person, by=company.store_manager, now=timezone.now())

    person.refresh_from_db()
    assert not person.has_usable_password()
    assert browser.get("/me/").status_code == 302
    assert person_of_link(uidb64=older.uidb64, token=older.token) is None
    assert person_of_link(uidb64=link.uidb64, token=link.token) == person
    assert AuditEntry.objects.latest("pk").verb == "link_made"


@pytest.mark.parametrize("role", ["ops_manager", "marketing_manager", "finance", "sales_store"])
def test_make_link_is_refused_to_others(company, role):
    with pytest.raises(services.LinkNotMade) as refused:
        services.make_link(person=company.stranger, by=getattr(company, role), now=timezone.now())
    assert refused.value.codes == ("not_yours",)
    company.stranger.refresh_from_db()
    assert company.stranger.check_password(PASSWORD)


def test_a_link_is_dead_for_a_disabled_person_and_after_three_days(company, monkeypatch):
    link = link_for(company.stranger)
    later = timezone.localtime().replace(tzinfo=None) + timedelta(days=3, minutes=1)
    with monkeypatch.context() as patch:
        patch.setattr(default_token_generator, "_now", lambda: later)
        assert person_of_link(uidb64=link.uidb64, token=link.token) is None
    assert person_of_link(uidb64=link.uidb64, token=link.token) == company.stranger
    services.disable_person(person=company.stranger, by=company.admin, now=timezone.now())
    assert person_of_link(uidb64=link.uidb64, token=link.token) is None


@pytest.mark.parametrize("uidb64", ["", "x", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "-_-", "ééé", "4pyT"])
def test_a_forged_link_belongs_to_nobody(company, uidb64):
    assert person_of_link(uidb64=uidb64, token="x-y") is None


def test_a_link_works_once(company, client):
    link = link_for(company.stranger)
    answer = client.post(link.path, {"password": GOOD, "again": GOOD})
    assert answer.status_code == 302
    assert client.get("/me/").status_code == 200
    assert client.get(link.path).status_code == 404

    with pytest.raises(services.PasswordNotSet) as refused:
        services.set_first_password(
            uidb64=link.uidb64,
            token=link.token,
            password=GOOD,
            request=RequestFactory().post("/"),
            now=timezone.now(),
        )
    assert refused.value.codes == ("link_is_dead",)


@pytest.mark.parametrize("weak", ["short", "password123", "1234567890", "person0person0"])
def test_a_weak_password_is_refused_in_words(company, client, weak):
    company.stranger.username = "person0person0"
    company.stranger.save()
    link = link_for(company.stranger)
    answer = client.post(link.path, {"password": weak, "again": weak})
    assert answer.status_code == 200
    assert answer.context["form"].errors["password"]


@pytest.mark.parametrize("chosen", ["  seven calm lamps  ", "密码𠮷😀密码𠮷😀密码"])
def test_a_password_is_kept_exactly_as_typed(company, client, chosen):
    client.post(link_for(company.stranger).path, {"password": chosen, "again": chosen})
    company.stranger.refresh_from_db()
    assert company.stranger.check_password(chosen)
    assert not company.stranger.check_password(chosen.strip() + "x")


def test_change_password_ends_the_other_sessions_and_keeps_this_one(company, as_):
    here, elsewhere = as_(company.finance), as_(company.finance)
    answer = here.post("/me/password/", {"old": PASSWORD, "password": GOOD, "again": GOOD})

    assert answer.status_code == 302
    assert here.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302


def test_change_password_refuses_a_wrong_old_one_and_counts_it(company, as_):
    browser = as_(company.finance)
    wrong = {"old": "nothing like it", "password": GOOD, "again": GOOD}
    answers = [browser.post("/me/password/", wrong) for _ in range(5)]

    assert "old" in answers[0].context["form"].errors
    assert answers[-1].status_code == 429
    company.finance.refresh_from_db()
    assert company.finance.check_password(PASSWORD)


def test_ask_reset_writes_the_same_rows_for_everybody(sent, company):
    asked = ["lin@example.com", "nobody@example.com", company.sales_store.username, "nobody"]
    written = []
    for identifier in [*asked, company.finance.username]:
        before = Job.objects.count(), AuditEntry.objects.count()
        services.ask_reset(identifier=identifier, now=timezone.now())
        written.append((Job.objects.count() - before[0], AuditEntry.objects.count() - before[1]))
    assert written == [(1, 1)] * 5
    found = list(Job.objects.order_by("pk").values_list("params__person", flat=True))
    assert found == [company.sales_store.pk, 0, company.sales_store.pk, 0, 0]


def test_a_flood_of_asking_queues_nothing_more(sent, company):
    for _ in range(25):
        services.ask_reset(identifier="nobody", now=timezone.now())
    assert Job.objects.count() == 20


def test_send_reset_link_mails_the_address_on_the_row_three_times_an_hour(sent, company):
    person = company.sales_store
    answers = [services.send_reset_link(person_id=person.pk, now=timezone.now()) for _ in range(4)]

    assert answers == [True, True, True, False]
    assert sent[0].to == ["lin@example.com"]
    assert "https://genjin.example/welcome/" in sent[0].body
    assert services.send_reset_link(person_id=0, now=timezone.now()) is False
    assert services.send_reset_link(person_id=company.finance.pk, now=timezone.now()) is False


def test_the_task_sends_once_however_often_it_runs(sent, company):
    services.ask_reset(identifier="lin@example.com", now=timezone.now())
    job = Job.objects.get()
    send_reset_link(job.pk)
    send_reset_link(job.pk)
    assert len(sent) == 1


def test_the_mail_ignores_the_host_that_the_asker_claims(sent, company, client):
    for headers in ({"x-forwarded-host": "evil.com"}, {}):
        client.post("/forgot/", {"identifier": "lin@example.com"}, headers=headers)
    for job in Job.objects.all():
        services.send_reset_link(person_id=job.params["person"], now=timezone.now())
    assert sent
    assert all("evil" not in message.body for message in sent)


def test_the_forgot_page_answers_everybody_alike(sent, company, client):
    pages = {
        client.post("/forgot/", {"identifier": identifier}).content
        for identifier in ("lin@example.com", "nobody@example.com", "nobody")
    }
    assert len(pages) == 1


def test_a_link_is_told_to_no_other_host_and_to_no_cache(company, client):
    page = client.get(link_for(company.stranger).path)
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]


def test_a_short_password_is_refused_in_the_readers_language():
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refusal:
        validate_password("短a1")
    assert any("10" in sentence for sentence in refusal.value.messages)
    assert not any("password" in sentence.lower() for sentence in refusal.value.messages)
