"""Opening, changing, disabling and confirming accounts."""

from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEntry
from staff import services
from staff.models import Person
from staff.scope import reach_of
from staff.services.system import system_account
from staff.states import Level, PersonState, Role
from tests.factories.staff import PersonFactory, StoreFactory


def last_act() -> AuditEntry:
    return AuditEntry.objects.latest("pk")


def open_account(company, *, by, role=Role.SALES_STORE, store=..., username="fang", key=None):
    return services.create_person(
        username=username,
        name="方方",
        role=role,
        store=company.store if store is ... else store,
        by=by,
        now=timezone.now(),
        key=key or uuid4(),
    )


def change(person, *, by, **changes):
    values = {
        "name": person.name,
        "role": person.role,
        "store": person.store,
        "other_stores": (),
        "email": person.email,
    }
    return services.change_person(person=person, by=by, now=timezone.now(), **(values | changes))


def test_create_person_opens_an_account_without_a_password(company):
    person = open_account(company, by=company.admin)

    assert person.state == PersonState.INVITED
    assert (last_act().verb, last_act().object_id) == ("person_created", person.pk)
    assert last_act().by == company.admin


def test_create_person_sent_twice_makes_one_person(company):
    key = uuid4()
    first = open_account(company, by=company.admin, key=key)
    second = open_account(company, by=company.admin, key=key)

    assert first == second
    assert Person.objects.filter(username="fang").count() == 1


def test_create_person_lets_an_administrator_wait(company):
    person = open_account(company, by=company.admin, role=Role.ADMIN, store=None)

    assert person.state == PersonState.AWAITING
    assert not person.is_active


def test_create_person_refuses_a_taken_user_name(company):
    open_account(company, by=company.admin)
    with pytest.raises(services.PersonNotCreated) as refused:
        open_account(company, by=company.admin)
    assert refused.value.codes == ("username_taken",)


def test_a_manager_opens_accounts_in_the_own_store_only(company):
    open_account(company, by=company.store_manager)
    with pytest.raises(services.PersonNotCreated) as refused:
        open_account(company, by=company.store_manager, store=company.other, username="gu")
    assert refused.value.codes == ("store_not_yours",)
    with pytest.raises(services.PersonNotCreated) as refused:
        open_account(company, by=company.store_manager, role=Role.ADMIN, username="gu")
    assert refused.value.codes == ("role_not_yours_to_give",)
    assert not Person.objects.filter(username="gu").exists()


def test_a_duty_for_another_store_does_not_let_a_manager_invite_there(company):
    company.store_manager.duties.create(
        kind="sales_manager", store=company.other, starts_on="2026-01-01"
    )
    with pytest.raises(services.PersonNotCreated):
        open_account(company, by=company.store_manager, store=company.other)


def test_change_person_moves_somebody_and_the_reach_follows(company):
    person = company.sales_store
    change(person, by=company.admin, role=Role.STORE_MANAGER, store=company.other)

    reach = reach_of(Person.objects.get(pk=person.pk), today=timezone.localdate())
    assert (reach.level, reach.store_ids) == (Level.STORE, {company.other.pk})
    assert last_act().detail["role"] == ["sales_store", "store_manager"]


def test_change_person_takes_a_new_administrator_out_until_confirmed(company, as_):
    browser = as_(company.finance)
    changed = change(company.finance, by=company.admin, role=Role.ADMIN)

    assert changed.state == PersonState.AWAITING
    assert browser.get("/me/").status_code == 302
    assert Session.objects.count() == 0


def test_change_person_lets_in_again_who_is_no_administrator_after_all(company):
    waiting = open_account(company, by=company.admin, role=Role.ADMIN, store=None)
    changed = change(waiting, by=company.admin, role=Role.FINANCE)
    assert (changed.is_active, changed.awaits_confirmation) == (True, False)


def test_change_person_leaves_a_disabled_one_disabled(company):
    services.disable_person(person=company.finance, by=company.admin, now=timezone.now())
    company.finance.refresh_from_db()
    assert change(company.finance, by=company.admin, role=Role.ADMIN).state == "disabled"


@pytest.mark.parametrize(
    "role", [role for role in Role if role != Role.ADMIN], ids=lambda role: role.value
)
def test_only_an_administrator_changes_people(company, role):
    with pytest.raises(services.PersonNotChanged) as refused:
        change(company.stranger, by=getattr(company, role.value), name="Other")
    assert refused.value.codes == ("not_yours",)
    company.stranger.refresh_from_db()
    assert company.stranger.name != "Other"


def test_nobody_changes_the_own_role(company):
    with pytest.raises(services.PersonNotChanged):
        change(company.admin, by=company.admin, role=Role.OPS_MANAGER)


def test_a_store_role_without_a_store_is_refused(company):
    with pytest.raises(services.PersonNotChanged) as refused:
        change(company.finance, by=company.admin, role=Role.SALES_STORE, store=None)
    assert refused.value.codes == ("store_missing",)


def test_confirm_administrator_takes_an_ops_manager(company):
    waiting = open_account(company, by=company.admin, role=Role.ADMIN, store=None)
    for by in (company.admin, company.store_manager, company.marketing_manager):
        with pytest.raises(services.PersonNotChanged):
            services.confirm_administrator(person=waiting, by=by, now=timezone.now())

    services.confirm_administrator(person=waiting, by=company.ops_manager, now=timezone.now())
    waiting.refresh_from_db()
    assert waiting.is_active
    with pytest.raises(services.PersonNotChanged) as refused:
        services.confirm_administrator(person=waiting, by=company.ops_manager, now=timezone.now())
    assert refused.value.codes == ("nothing_to_confirm",)


def test_disable_person_keeps_out_at_once_and_deletes_the_sessions(company, as_):
    browser, other = as_(company.sales_store), as_(company.finance)
    assert browser.get("/me/").status_code == 200

    services.disable_person(person=company.sales_store, by=company.admin, now=timezone.now())

    assert browser.get("/me/").status_code == 302
    assert other.get("/me/").status_code == 200
    assert Session.objects.count() == 1
    assert last_act().detail == {"sessions_ended": 1}


def test_disable_person_twice_is_refused(company):
    services.disable_person(person=company.finance, by=company.admin, now=timezone.now())
    with pytest.raises(services.PersonNotChanged) as refused:
        services.disable_person(person=company.finance, by=company.admin, now=timezone.now())
    assert refused.value.codes == ("already_disabled",)


def test_nobody_disables_himself(company):
    with pytest.raises(services.PersonNotChanged):
        services.disable_person(person=company.admin, by=company.admin, now=timezone.now())


def test_enable_person_lets_in_again_but_an_administrator_waits(company):
    second = PersonFactory.create(role=Role.ADMIN)
    for person in (company.finance, second):
        services.disable_person(person=person, by=company.admin, now=timezone.now())
        services.enable_person(person=person, by=company.admin, now=timezone.now())
        person.refresh_from_db()
    assert (company.finance.is_active, company.finance.disabled_at) == (True, None)
    assert second.state == PersonState.AWAITING
    with pytest.raises(services.PersonNotChanged) as refused:
        services.enable_person(person=second, by=company.admin, now=timezone.now())
    assert refused.value.codes == ("already_active",)


def test_the_system_account_exists_and_nothing_can_be_done_with_it(company):
    account = system_account()
    assert (account.username, account.has_usable_password()) == ("system", False)
    with pytest.raises(services.PersonNotChanged):
        services.enable_person(person=account, by=company.admin, now=timezone.now())
    with pytest.raises(services.LinkNotMade):
        services.make_link(person=account, by=company.admin, now=timezone.now())


@pytest.mark.parametrize(
    "wrong",
    [
        {"is_system": True, "is_active": True},
        {"awaits_confirmation": True, "is_active": True, "role": "admin"},
        {"awaits_confirmation": True, "is_active": False, "role": "finance"},
        {"is_active": True, "disabled_at": timezone.now()},
        {"role": "sales_store", "store": None},
    ],
    ids=lambda wrong: "-".join(wrong),
)
def test_the_database_refuses_states_that_cannot_be(company, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=company.finance.pk).update(**wrong)


def test_a_user_name_is_taken_in_any_case(company):
    StoreFactory()
    PersonFactory(username="wang", role=Role.FINANCE)
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonFactory(username="Wang", role=Role.FINANCE)
