"""Surveys held in tests: a delivered customer, the task that asks, and the taps of its form."""

from datetime import date, datetime
from uuid import uuid4

from customers.models import Customer, OwnedProduct
from followups import services
from followups.models import SurveyResult, Task
from followups.states import State
from staff.states import Trade
from tests.factories.customers import CustomerFactory
from tests.followups.build import Shop, shop
from tests.tabs import tab


def delivered(place: Shop, *, on: date, now: datetime, **facts) -> tuple[Customer, OwnedProduct]:
    """A customer of the seller to whom something was delivered, its care asked for."""
    who = CustomerFactory(name=facts.pop("name", "王建国"), owner=place.seller, grade="B2", now=now)
    product = services.record_delivery(
        customer=who,
        product=facts.pop("product", "远山X5"),
        serial=facts.pop("serial", f"VIN{who.pk}"),
        sold_by=place.seller,
        purchased_on=on,
        delivered_on=on,
        by=place.seller,
        now=now,
        key=uuid4(),
        **facts,
    )
    return who, product


def task_asking(who: Customer, step: str, *, now: datetime) -> Task:
    """The open task that holds this step's work, asked for at `now`."""
    services.touch_and_ask(customers=[who.pk], now=now)
    return Task.objects.get(customer=who, state=State.OPEN, obligations__step__code=step)


def url(who: Customer, task: Task | None = None, **asked: str) -> str:
    asked = {**({"task": str(task.pk)} if task else {}), **asked}
    return f"/customers/{who.pk}/survey/?" + "&".join(f"{k}={v}" for k, v in asked.items())


def taps(page, **changes: str) -> dict[str, str]:
    """Reached, glad to talk, care goes on by plan; what the drawn form carries along."""
    context = page.context
    return {
        "key": str(uuid4()),
        "version": str(context["survey"]["version"]),
        "product": str(context["product"]["pk"]),
        "next_task": "",
        "result": "connected",
        "willing": "yes",
        "next_kind": "none",
        "none_reason": "cared_for",
        **changes,
    }


def errors(page) -> dict[str, list[str]]:
    """What the two forms of the page say is wrong."""
    return {**page.context["form"].errors, **page.context["branches"].errors}


def only_result() -> SurveyResult:
    return SurveyResult.objects.get()


__all__ = ["Trade", "delivered", "errors", "only_result", "shop", "taps", "task_asking", "url"]


def publish(browser, code: str, form: dict, *, why: str = "why"):
    """Look at what these questions change, then publish them with a reason; answers with the page
    that came of it.
    """
    address = f"/surveys/{code}/"
    look = browser.post(address, form)
    if look.status_code != 200 or look.template_name != "followups/survey_look.html":
        return look
    kept = tab(look, having="seen")
    note = kept["note"] if kept["note"] != [""] else [why]
    return browser.post(address, kept | {"note": note, "act": "publish"})
