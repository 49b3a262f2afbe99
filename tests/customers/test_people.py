"""The household, key people, numbers and interests of a customer: services."""

from datetime import date
from uuid import uuid4

import pytest
from django.utils import timezone

from core.models import AuditEntry
from core.phones import normalise
from customers import queries, services
from customers.models import HouseholdMember, Interest, KeyPerson, PhoneReveal
from customers.rules.birthdays import next_birthday
from customers.services import interests, people, phones
from customers.services.numbers import mask_paper, sealed
from staff.scope import reach_of
from stock.models import Brand, Style
from tests.factories.customers import CustomerFactory

WIFE = "13900001111"
NOW = timezone.now


@pytest.fixture
def who(company):
    return CustomerFactory(phone="13800138000", owner=company.sales_store)


def add_wife(who, **said):
    said = {"relation": "spouse", "name": "王丽", "phone": normalise(WIFE), "key": uuid4()} | said
    return people.add_member(customer=who, by=who.owner, now=NOW(), **said)


def today_of(who):
    return who.store.today(NOW())


def test_the_same_form_again_brings_nobody_back_who_was_removed(who):
    key = uuid4()
    people.remove_somebody(somebody=add_wife(who, key=key), by=who.owner, now=NOW())
    assert add_wife(who, key=key) is None
    assert not HouseholdMember.objects.exists()


@pytest.mark.parametrize(
    ("birthday", "today", "found"),
    [
        ((8, 15, True, False), date(2026, 1, 1), date(2026, 9, 25)),
        ((8, 15, True, False), date(2026, 9, 25), date(2026, 9, 25)),
        ((8, 15, True, False), date(2026, 9, 26), date(2027, 9, 15)),
        ((12, 30, True, False), date(2026, 3, 1), date(2027, 2, 5)),
        ((6, 1, True, True), date(2026, 1, 1), date(2026, 7, 14)),
        ((3, 12, False, False), date(2026, 3, 12), date(2026, 3, 12)),
        ((3, 12, False, False), date(2026, 3, 13), date(2027, 3, 12)),
        ((2, 29, False, False), date(2026, 1, 1), date(2026, 2, 28)),
        ((2, 29, False, False), date(2028, 1, 1), date(2028, 2, 29)),
        ((4, 31, False, False), date(2026, 1, 1), None),
        ((8, 31, True, False), date(2026, 1, 1), None),
    ],
)
def test_the_next_birthday_by_the_sun_and_by_the_moon(birthday, today, found):
    month, day, is_lunar, is_leap = birthday
    assert found == next_birthday(
        month=month, day=day, is_lunar=is_lunar, is_leap_month=is_leap, today=today
    )


# people


def test_a_members_number_is_sealed_and_opened_as_the_customers(who, company):
    wife = add_wife(who)
    assert wife.masked == "139****1111"
    assert WIFE.encode() not in bytes(wife.cipher)
    opened = services.reveal_number_of(
        somebody=wife, by=company.sales_store, now=NOW(), today=today_of(who)
    )
    assert opened == f"+86{WIFE}"
    services.reveal_number(customer=who, by=company.sales_store, now=NOW(), today=today_of(who))
    assert PhoneReveal.objects.filter(person=company.sales_store, customer=who).count() == 1
    assert AuditEntry.objects.filter(verb="reveal", object_id=who.pk).count() == 2


def test_who_has_no_number_has_none_to_open(who):
    with pytest.raises(services.NumberNotRevealed):
        services.reveal_number_of(
            somebody=add_wife(who, phone=None), by=who.owner, now=NOW(), today=today_of(who)
        )


def test_the_same_form_twice_makes_one_member(who):
    key = uuid4()
    assert add_wife(who, key=key) == add_wife(who, key=key)
    assert HouseholdMember.objects.count() == 1


def test_a_key_person_has_a_name(who):
    with pytest.raises(people.SomebodyNotSaved) as refused:
        people.add_key_person(customer=who, by=who.owner, now=NOW(), key=uuid4(), name="")
    assert refused.value.codes == ("name_missing",)


def test_a_household_has_an_end(who, monkeypatch):
    monkeypatch.setattr(people, "MOST", 1)
    add_wife(who)
    with pytest.raises(people.SomebodyNotSaved) as refused:
        add_wife(who)
    assert refused.value.codes == ("too_many",)


def test_fields_that_are_none_of_a_persons_are_refused(who):
    with pytest.raises(TypeError):
        add_wife(who, position="x")


def change(somebody, seen=None, **said):
    people.change_somebody(
        somebody=somebody, seen=seen or people.version_of(somebody), by=somebody.customer.owner,
        now=NOW(), **said,
    )  # fmt: skip


def test_a_member_is_changed_and_the_number_stays_unless_dropped(who):
    wife = add_wife(who)
    change(wife, note="爱喝茶")
    wife.refresh_from_db()
    assert (wife.note, wife.masked) == ("爱喝茶", "139****1111")
    change(wife, drop_number=True)
    wife.refresh_from_db()
    assert (wife.masked, wife.cipher, wife.key) == ("", None, None)
    fields = AuditEntry.objects.filter(verb="change_householdmember").values_list("detail__fields")
    assert sorted(fields) == [(["note"],), (["phone"],)]


def test_what_two_people_write_of_a_member_is_not_written_over(who):
    wife = add_wife(who)
    seen = people.version_of(wife)
    change(wife, note="first")
    with pytest.raises(people.SomebodyNotSaved) as refused:
        change(wife, seen=seen, note="second")
    assert refused.value.codes == ("changed_meanwhile",)
    people.remove_somebody(somebody=wife, by=who.owner, now=NOW())
    people.remove_somebody(somebody=HouseholdMember(pk=wife.pk), by=who.owner, now=NOW())
    with pytest.raises(people.SomebodyNotSaved) as refused:
        change(wife, seen=seen, note="third")
    assert refused.value.codes == ("is_gone",)
    assert AuditEntry.objects.filter(verb="remove_householdmember").count() == 1
    assert not KeyPerson.objects.exists()


def test_nobody_is_sealed_into_empty_columns():
    assert sealed(None) == {"cipher": None, "key": None, "masked": "", "last4": ""}


# papers


@pytest.mark.parametrize(
    ("number", "masked"),
    [("310101198503120012", "310***********0012"), ("E1234567", "******67"), ("12", "****12")],
)
def test_the_number_of_a_paper_is_masked(number, masked):
    assert mask_paper(number) == masked


def test_a_paper_is_sealed_opened_and_deleted(who):
    services.update_customer(
        customer=who, by=who.owner, now=NOW(), id_kind="id_card", id_number="310101198503120012"
    )
    who.refresh_from_db()
    assert b"31010119" not in bytes(who.id_cipher)
    opened = services.reveal_paper(customer=who, by=who.owner, now=NOW(), today=today_of(who))
    assert opened == "310101198503120012"
    services.update_customer(customer=who, by=who.owner, now=NOW(), id_kind="")
    who.refresh_from_db()
    assert (who.id_cipher, who.id_masked) == (None, "")
    with pytest.raises(services.NumberNotRevealed):
        services.reveal_paper(customer=who, by=who.owner, now=NOW(), today=today_of(who))


# numbers


def second(who, number="13800138001"):
    phones.add_number(customer=who, phone=normalise(number), by=who.owner, now=NOW())
    return who.phones.get(last4=number[-4:])


def standing(who):
    numbers = who.phones.order_by("pk")
    return [(each.last4, each.is_primary, each.retired_at is not None) for each in numbers]


def test_another_number_becomes_the_main_one_when_it_is_made_so(who):
    phones.make_main(number=second(who), by=who.owner, now=NOW())
    assert standing(who) == [("8000", False, False), ("8001", True, False)]


def test_a_wrong_number_stays_known_and_is_called_no_more(who, company):
    wrong = who.phones.get()
    second(who)
    phones.retire_number(number=wrong, by=who.owner, now=NOW())
    phones.retire_number(number=wrong, by=who.owner, now=NOW())
    assert standing(who) == [("8000", False, True), ("8001", True, False)]
    reach = reach_of(company.sales_store, today=today_of(who))
    for text in ("13800138000", "8000"):
        assert who in queries.matching(queries.visible(reach), text)
    with pytest.raises(services.CustomerNotRegistered):
        CustomerFactory(phone="13800138000")
    with pytest.raises(services.NumberNotRevealed):
        services.reveal_number(
            customer=who, by=who.owner, now=NOW(), today=today_of(who), phone_id=wrong.pk
        )
    with pytest.raises(phones.NumberNotChanged):
        phones.make_main(number=wrong, by=who.owner, now=NOW())
    shown = queries.with_masked_phone(queries.visible(reach)).get(pk=who.pk)
    assert shown.phone == "138****8001"


def test_who_has_only_wrong_numbers_has_none(who, company):
    phones.retire_number(number=who.phones.get(), by=who.owner, now=NOW())
    reach = reach_of(company.sales_store, today=today_of(who))
    assert queries.with_masked_phone(queries.visible(reach)).get(pk=who.pk).phone is None
    with pytest.raises(services.NumberNotRevealed):
        services.reveal_number(customer=who, by=who.owner, now=NOW(), today=today_of(who))


def test_a_retired_number_is_taken_up_again_by_tap_or_by_typing_it(who):
    number = who.phones.get()
    phones.retire_number(number=number, by=who.owner, now=NOW())
    phones.take_up_number(number=number, by=who.owner, now=NOW())
    assert standing(who) == [("8000", True, False)]
    phones.retire_number(number=number, by=who.owner, now=NOW())
    second(who, "13800138000")
    assert standing(who)[0][2] is False
    services.update_customer(
        customer=who, by=who.owner, now=NOW(), main_phone=normalise("13800138000")
    )
    assert standing(who) == [("8000", True, False)]
    second(who, "13800138000")
    assert who.phones.count() == 1


def test_a_number_that_is_gone_is_said_to_be(who):
    number = second(who)
    who.phones.filter(pk=number.pk).delete()
    with pytest.raises(phones.NumberNotChanged) as refused:
        phones.retire_number(number=number, by=who.owner, now=NOW())
    assert refused.value.codes == ("is_gone",)


# interests


@pytest.fixture
def style(db):
    return Style.objects.create(
        brand=Brand.objects.create(name="Aurora"), number="B-201", tag_price=9800
    )


def add(who, text, **said):
    said = {"key": uuid4()} | said
    return interests.add_interest(customer=who, text=text, by=who.owner, now=NOW(), **said)


@pytest.mark.parametrize("text", ["Aurora B-201", "b-201", " aurora   b-201 "])
def test_a_style_is_known_by_its_number(who, style, text):
    noted = add(who, text)
    assert (noted.style, noted.brand, noted.text) == (style, style.brand, "Aurora B-201")


def test_a_brand_is_known_and_words_stay_words(who, style):
    assert add(who, "aurora").brand == style.brand
    assert (add(who, "岩板餐桌").brand, add(who, "岩板餐桌").text) == (None, "岩板餐桌")
    assert Interest.objects.count() == 2


def test_an_interest_says_something_and_there_is_an_end(who, monkeypatch):
    with pytest.raises(interests.InterestNotNoted):
        add(who, "  ")
    key = uuid4()
    assert add(who, "床", key=key) == add(who, "床", key=key)
    monkeypatch.setattr(interests, "MOST", 1)
    with pytest.raises(interests.InterestNotNoted):
        add(who, "柜")
    noted = Interest.objects.get()
    interests.remove_interest(interest=noted, by=who.owner, now=NOW())
    assert not Interest.objects.exists()


def test_few_suggestions_begin_like_what_is_typed(style):
    from customers.queries.interests import suggestions

    Style.objects.create(brand=style.brand, number="C-1", tag_price=1)
    assert suggestions("b-2") == ["Aurora B-201"]
    assert suggestions("Aurora B") == ["Aurora B-201"]
    assert suggestions("auro") == ["Aurora"]
    assert len(suggestions("")) == 3
