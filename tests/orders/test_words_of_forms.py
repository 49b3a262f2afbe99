"""What is typed wrongly is answered at its field in our own words, not by the browser's bubble."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from core.fields import AmountField
from orders.forms.credits import ChangeForm
from orders.forms.lines import FIELDS, LineForm
from orders.rules.prices import Priced, line_blockers
from orders.services.lines import LinesNotPlaced
from orders.states import LineState, OrderState
from tests.factories import orders as make
from tests.factories.staff import PersonFactory

FORM = re.compile(r'<form class="screen[^>]*method="post"[^>]*>')


def test_the_browser_judges_no_form_of_an_order():
    templates = Path(settings.BASE_DIR) / "templates"
    forms = [
        (path.name, form)
        for path in [templates / "core/act.html", *(templates / "orders").rglob("*.html")]
        for form in FORM.findall(path.read_text())
    ]
    assert len(forms) >= 8
    assert [name for name, form in forms if "novalidate" not in form] == []


def test_a_price_may_be_nothing_and_the_words_say_so(in_english):
    form = LineForm({"line0-product": "沙发", "line0-agreed_price": "-500"}, prefix="line0")
    assert form.errors["agreed_price"] == ["The amount is 0 or more."]
    assert ChangeForm.base_fields["price"].clean("0") == 0
    with pytest.raises(ValidationError, match="more than 0"):
        AmountField().clean("-500")


def test_pieces_and_price_that_are_too_much_together_are_both_named():
    line = Priced(product="沙发", qty=9999, list_price=None, agreed_price=Decimal(9_999_999_999))
    codes = [each.code for each in line_blockers(line)]
    assert "amount_too_large" in codes
    assert "price_wrong" not in codes
    assert codes[-1] in LinesNotPlaced.messages
    assert FIELDS["amount_too_large"] == "qty"


@pytest.mark.django_db
def test_a_delivery_answers_each_field_that_is_no_number_and_no_hour(as_, in_english):
    day = timezone.localdate()
    order = make.order(
        seller=PersonFactory(), state=OrderState.CONFIRMED, lines=[{"state": LineState.READY}],
        promised_on=day, current_on=day,
    )  # fmt: skip
    name = f"qty_{order.lines.get().pk}"
    sent = {name: "drei", "delivered_on": "x", "delivered_time": "25"}
    answer = as_(order.seller).post(reverse("orders:deliver", args=[order.pk]), sent)
    assert {name, "delivered_on", "delivered_time"} <= answer.context["form"].errors.keys()
    assert 'value="drei"' in answer.content.decode()
