"""What {product} names: what the reader owns; the wish only to prospects (AFT-24, FUP-12)."""

from datetime import timedelta

import pytest
import time_machine

from followups.models import Wording
from followups.rules import wordings as rules
from followups.states import WordingUse
from tests.factories.customers import CustomerFactory
from tests.factories.opportunities import opportunity
from tests.followups.build import at

FRIDAY = at("2026-03-13 17:30")


@pytest.mark.parametrize(
    ("whom", "expected"),
    [
        (["about"], True),
        (["about", "tracked", "later"], True),
        (["about", "signed"], False),
        (["signed"], False),
        (["self"], False),
        ([], False),
    ],
)
def test_the_wish_is_named_to_prospects_alone(whom, expected):
    assert rules.names_wish(whom=whom) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "{day}我们在{store}举办“{occasion}”，为您的{product}免费检测灯光、刹车。您看几点方便？",
            "{day}我们在{store}举办“{occasion}”。您看几点方便？",
        ),
        (
            "on {day} we hold our {occasion} at {store}: we check your {product} free of charge,"
            " from lights to tyres. Tell me a time.",
            "on {day} we hold our {occasion} at {store}. Tell me a time.",
        ),
        (
            "Please drive carefully. If you need anything about your {product}, I am there.",
            "Please drive carefully.",
        ),
        (
            "天气变化较大，请注意出行安全。{product}有任何需要，随时联系我。",
            "天气变化较大，请注意出行安全。随时联系我。",
        ),
        ("14:00开始，我们为您的｛ product ｝免费检测", "14:00开始"),
        ("周末愉快，我们照看{product}，祝好！", "周末愉快，祝好！"),
        ("您的{product}到期。\n祝好！", "祝好！"),
        ("为您的{product}免费检测。", ""),
        ("诚邀您参加。", "诚邀您参加。"),
    ],
)
def test_what_is_said_of_a_product_is_left_out_whole(text, expected):
    assert rules.without_product(text=text) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("whom", "expected"),
    [
        (["about"], "留意布艺沙发，周末愉快！"),
        ([], "周末愉快！"),
        (["about", "signed"], "周末愉快！"),
    ],
)
def test_a_greeting_names_the_wish_only_in_words_for_prospects(company, as_, whom, expected):
    who = CustomerFactory(owner=company.sales_store, grade="B1", now=FRIDAY - timedelta(days=30))
    opportunity(customer=who, at="furniture_negotiation", now=FRIDAY, product="布艺沙发")
    Wording.objects.filter(use=WordingUse.FRIDAY).update(is_active=False)
    Wording.objects.create(
        use=WordingUse.FRIDAY, name_zh="甲", name_en="A", whom=whom,
        text_zh="留意{product}，周末愉快！", text_en="留意{product}，周末愉快！",
    )  # fmt: skip
    with time_machine.travel(FRIDAY, tick=False):
        page = as_(company.sales_store).get("/greetings/?occasion=friday")
    body = page.context_data["up"]["form"]["text"].value()
    assert expected in body
    assert ("布艺沙发" in body) is (whom == ["about"])
