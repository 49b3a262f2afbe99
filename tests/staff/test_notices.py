"""Telling people in the app: once of a thing, and not of what they have muted."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from staff.models import Notice, NoticeSettings
from staff.services.notices import Telling, tell, tell_many
from staff.states import NoticeKind
from staff.told import SENTENCES, in_both, on_day, sentence
from tests.factories.staff import PersonFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 6, 4, tzinfo=UTC)


def test_a_person_is_told_once_of_a_thing():
    person = PersonFactory()
    for count in (3, 4):
        tell(
            person=person,
            kind=NoticeKind.HANDED_OVER,
            key="handover:7",
            params={"count": count},
            path="/customers/",
            now=NOW,
        )
    notice = Notice.objects.get()
    assert (notice.params, notice.path, notice.made_at) == ({"count": 3}, "/customers/", NOW)


def test_one_thing_twice_in_one_telling_is_one_row(django_assert_num_queries):
    people = PersonFactory.create_batch(3)
    tellings = [
        Telling(person_id=person.pk, kind=NoticeKind.CASE_LATE, key="case:1") for person in people
    ]
    with django_assert_num_queries(2):
        tell_many([*tellings, *tellings], now=NOW)
    assert Notice.objects.count() == 3


def test_a_muted_kind_is_not_told():
    person, other = PersonFactory.create_batch(2)
    NoticeSettings.objects.create(person=person, muted=[NoticeKind.PLAN_CHANGED])
    tellings = [
        Telling(person_id=who.pk, kind=kind, key=kind)
        for who in (person, other)
        for kind in (NoticeKind.PLAN_CHANGED, NoticeKind.CASE_LATE)
    ]
    assert tell_many(tellings, now=NOW) == 3
    assert list(Notice.objects.filter(person=person).values_list("kind", flat=True)) == [
        NoticeKind.CASE_LATE
    ]


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_has_words_also_without_parameters(kind):
    assert sentence(kind, {})
    assert SENTENCES[kind][-1].needs == ()


PARAMS = {
    "person": "Li", "from": on_day(date(2026, 3, 12)), "until": on_day(date(2027, 3, 15)),
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "You stand in for Li from 12 Mar (Thu) to 15 Mar 2027 (Mon)."),
        ("zh-hans", "3月12日 (周四)"),
    ],
)
def test_days_are_said_as_the_reader_says_them(language, said):
    with translation.override(language):
        told = sentence(NoticeKind.STANDING_IN, PARAMS, today=date(2026, 3, 1))
    assert said in told
    assert "2026-03" not in told


@pytest.mark.parametrize(("language", "name"), [("en", "Car dealer"), ("zh-hans", "汽车经销")])
def test_what_has_a_name_in_each_language_is_called_as_the_reader_calls_it(language, name):
    params = {"plan": in_both(en="Car dealer", zh="汽车经销")}
    with translation.override(language):
        assert f"“{name}”" in sentence(NoticeKind.PLAN_CHANGED, params)


def test_the_fullest_sentence_that_can_be_filled_is_taken():
    with translation.override("en"):
        assert sentence(NoticeKind.ESCALATED, {"person": "Li", "days": 3}) == (
            "A task of Li is 3 days overdue and was reported up to you."
        )
        assert sentence(NoticeKind.ESCALATED, {"days": 3}) == (
            "Something overdue was reported up to you."
        )
