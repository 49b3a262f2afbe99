"""Special prices as who asks and who decides reads them."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.amounts import money_text
from core.days import day_text
from core.phones import mask_in_text
from filings.models import SpecialPrice
from filings.rules.deciders import Matter
from filings.services.prices import matter_of
from filings.showing.deciding import said_at
from filings.states import SpecialPriceState


def price_row(price: SpecialPrice, *, may: bool, now: datetime) -> dict[str, object]:
    """One application, with its lines."""
    today = price.store.today(now)
    is_approved = price.state == SpecialPriceState.APPROVED
    is_open = price.state == SpecialPriceState.OPEN
    return {
        "pk": price.pk,
        "number": price.number,
        "url": reverse("filings:price", args=[price.pk]),
        "card_url": reverse("desk:customer", args=[price.customer_id]),
        "name": price.customer.shown_name,
        "title": price.customer.shown_title,
        "asked_by": price.asked_by.name,
        "store": price.store.name,
        "asked": said_at(price.asked_at, now=now),
        "reason": mask_in_text(price.reason),
        "valid_until": day_text(price.valid_until, today=timezone.localdate(now)),
        "is_past": price.valid_until < today,
        "state": price.get_state_display(),
        "is_open": is_open,
        "is_approved": is_approved,
        "is_good": is_approved and price.valid_until >= today,
        "is_for_operations": is_open and matter_of(price) == Matter.PRICE_BELOW_FLOOR,
        "decided_by": price.decided_by.name if price.decided_by else "",
        "decided": said_at(price.decided_at, now=now),
        "note": mask_in_text(price.note),
        "may": may and is_open,
        "lines": [
            {
                "product": mask_in_text(line.product),
                "list": money_text(line.list_price),
                "floor": money_text(line.floor_price)
                if line.floor_price is not None
                else _("not known"),
                "wished": money_text(line.wished_price),
                "off": f"{(line.list_price - line.wished_price) * 100 / line.list_price:.1f}%",
                "is_under": line.floor_price is not None and line.wished_price < line.floor_price,
            }
            for line in price.lines.all()
        ],
    }
