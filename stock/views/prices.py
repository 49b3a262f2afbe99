"""The prices of a style: by office, the year's path, the floor; and another price (MER-09…12)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.amounts import money_text
from staff.access import only
from staff.requests import Request
from staff.scope import COST_ROLES, GOODS_ROLES, STOCK_DECIDING_ROLES, STOCK_READERS, STOCK_ROLES
from stock.forms.prices import PriceForm
from stock.models import Style
from stock.queries.prices import floor_of, price_steps, priced_offices
from stock.queries.terms import terms_on
from stock.rules.floor import check_price
from stock.services.prices import set_price
from stock.showing.prices import drawn, floor_shown, paths_shown
from stock.views.acting import act_page


def _style(pk: int) -> Style:
    return get_object_or_404(Style.objects.select_related("brand"), pk=pk)


@only(STOCK_READERS)
@require_safe
def prices(request: Request, pk: int) -> HttpResponse:
    """What a style costs where, how that came about this year, and how low it may go."""
    style, today = _style(pk), timezone.localdate()
    terms = terms_on(today)
    offices = priced_offices(style, request.reach)
    floor = floor_of(style, terms, on=today)
    paths = paths_shown(
        style, offices, price_steps(style, [each.pk for each in offices]), today=today
    )
    may_set = request.reach.has_role(GOODS_ROLES)
    may_propose = request.reach.has_role(STOCK_ROLES)
    context = {
        "style": style,
        "tag": money_text(style.tag_price),
        "paths": paths,
        "drawing": drawn(paths, floor=floor.value, today=today),
        "floor": floor_shown(
            floor, terms, today=today, tells_cost=request.reach.has_role(COST_ROLES)
        ),
        "year": today.year,
        "set_url": reverse("stock:set_price", args=[pk]) if may_set else "",
        "propose_url": f"{reverse('stock:propose', args=[pk])}?kind=mark_down"
        if may_propose
        else "",
        "back_url": reverse("stock:masters"),
    }
    return TemplateResponse(request, "stock/prices.html", context)


@only(GOODS_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def new_price(request: Request, pk: int) -> HttpResponse:
    """Another price from a day on; a merchandiser raises it, operations lower it, too."""
    style, today = _style(pk), timezone.localdate()
    offices = priced_offices(style, request.reach)
    floor = floor_of(style, terms_on(today), on=today).value
    may_lower = request.reach.has_role(STOCK_DECIDING_ROLES)
    form = PriceForm(request.POST or None, offices=offices, initial={"from_on": today})

    def act(*, key, reason, **_price: object) -> None:
        set_price(
            style=style, offices=form.chosen(), price=form.price(), may_lower=may_lower,
            reason=reason, by=request.user, key=key,
        )  # fmt: skip

    facts = [(_("Tag price"), money_text(style.tag_price))]
    if floor is not None:
        facts.append((_("Break-even price"), money_text(check_price(floor))))
    return act_page(
        request,
        title=_("Another price"),
        subject=f"{style.brand.name} {style.number}",
        facts=facts,
        hint=_("What was sold until then keeps its price.")
        if may_lower
        else _(
            "What was sold until then keeps its price. To lower one, propose a markdown: "
            "operations approve it."
        ),
        submit=_("Set this price"),
        form=form,
        act=act,
        back_url=reverse("stock:prices", args=[pk]),
        said=_("The price is set."),
    )
