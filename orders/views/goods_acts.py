"""Small acts on the goods and days of an order, each leading back to where it shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from orders.models import Order
from orders.views.acting import act_page
from staff.requests import Request


@dataclass(frozen=True, kw_only=True)
class GoodsAct:
    """One act: what it is about, what follows, and where it leads back.

    Without `button` it cannot be done now: `warning` says why.
    """

    title: str
    button: str
    back_url: str
    at: str
    facts: Sequence[tuple[str, str]] = ()
    hint: str = ""
    warning: str = ""


def page_of(order: Order, part: str = "progress") -> str:
    """The order, where the act shows."""
    return f"{reverse('orders:order', args=[order.pk])}#{part}"


def goods_act(
    request: Request,
    act: GoodsAct,
    form: forms.Form,
    do: Callable[..., Any],
    *,
    said: str,
    fields: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The page of an act; `fields` says which field a code of refusal belongs to."""
    return act_page(
        request,
        title=act.title,
        subject=act.at,
        submit=act.button,
        form=form,
        act=do,
        back_url=act.back_url,
        hint=act.hint,
        facts=act.facts,
        warning=act.warning,
        said=said,
        stops=fields,
    )
