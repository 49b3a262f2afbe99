"""Acts on an order: checked by its clerk, signed by the customer, details changed."""

from datetime import date
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.amounts import money_text
from orders.forms.sales import CheckForm, DetailsForm, KeptOriginalForm, SignForm
from orders.models import Order
from orders.queries.people import clerks
from orders.queries.rights import may_check, name_of
from orders.services.checking import check_order
from orders.services.comparing import Original, compare_original
from orders.services.details import Details, change_details
from orders.services.files import Scan
from orders.services.foreseeing import foresee_signing
from orders.services.holding import hold_order
from orders.services.signing import Signature, sign_order
from orders.showing.lines import lines_of, only_read
from orders.showing.people import people_of
from orders.showing.reader import Reader
from orders.views.acting import act_page, as_seen
from orders.views.fetching import order_for, order_to_change, refuse_unless
from orders.wording.sales import answer_to_signing
from staff.access import signed_in
from staff.models import Person
from staff.requests import Request

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def _sent(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _back(order: Order) -> str:
    return reverse("orders:order", args=[order.pk])


@signed_in
@GET_OR_POST
def check(request: Request, pk: int) -> HttpResponse:
    """Look at quantity, price, payment, address and policy (ORD-32)."""
    found, now = order_for(request, pk), timezone.now()
    refuse_unless(may_check(found, request.reach))
    reader = Reader.of(found, request.reach)

    def act(*, looked_at: list[str], remark: str) -> None:
        check_order(order=found, looked_at=frozenset(looked_at), remark=remark, by=request.user)

    return act_page(
        request,
        title=_("Check the order"),
        subject=found.number,
        submit=_("Checked: all is right"),
        form=CheckForm(_sent(request)),
        act=act,
        back_url=_back(found),
        stops=CheckForm.fields_of_codes,
        template="orders/check.html",
        more={
            "customer": name_of(found, is_card_seen=reader.sees_card),
            "lines": only_read(lines_of(found, reader=reader, now=now)),
            "people": people_of(found, reader=reader, now=now),
        },
    )


@signed_in
@never_cache
@GET_OR_POST
def sign(request: Request, pk: int) -> HttpResponse:
    """The customer has signed: the day and the scan; without a deposit that is the deal."""
    found, now = order_to_change(request, pk), timezone.now()
    whose = foresee_signing(found, by=request.user, now=now)

    def act(*, key: UUID, seen: str, signed_on: date, scan: Scan | None) -> None:
        signature = Signature(on=signed_on, scan=scan)
        sign_order(order=found, signature=signature, by=request.user, key=key, expected=seen)

    is_sent = request.method == "POST"
    return act_page(
        request,
        title=_("Signed by the customer"),
        subject=found.number,
        submit=_("Record the signature"),
        form=SignForm(
            request.POST if is_sent else None,
            request.FILES if is_sent else None,
            initial={"signed_on": found.store.today(now)},
        ),
        act=act,
        back_url=_back(found),
        stops=SignForm.fields_of_codes,
        template="orders/sign.html",
        more={"answer": answer_to_signing(whose) if whose is not None else None},
    )


@signed_in
@GET_OR_POST
def change(request: Request, pk: int) -> HttpResponse:
    """Change the address, the way it came, clerk or remark."""
    found = order_to_change(request, pk)

    def act(*, address: str, channel: str, clerk: Person | None, remark: str) -> None:
        said = Details(address=address, channel=channel, clerk=clerk, remark=remark)
        change_details(order=found, said=said, by=request.user)

    def form_of(data: QueryDict | None = None) -> DetailsForm:
        names = ["address", "channel", "clerk", "remark"]
        found.refresh_from_db(fields=names)
        shown = {name: getattr(found, name) for name in names}
        among = clerks(found, today=timezone.localdate())
        return DetailsForm(data, initial=shown, clerks=among)

    form = form_of(_sent(request))
    return act_page(
        request,
        title=_("Change details"),
        subject=found.number,
        submit=_("Save the details"),
        hint=_(
            "The history keeps who changed what. A checked order that goes elsewhere is checked "
            "anew."
        ),
        form=form,
        act=as_seen(form, act, hold=partial(hold_order, found), anew=form_of),
        back_url=_back(found),
        stops=DetailsForm.fields_of_codes,
        template="orders/change.html",
    )


@signed_in
@GET_OR_POST
def compare(request: Request, pk: int) -> HttpResponse:
    """Compare the order with the customer's original (ORD-27)."""
    found = order_to_change(request, pk)

    def act(*, original_amount: Decimal, difference_reason: str) -> None:
        original = Original(amount=original_amount, reason=difference_reason)
        compare_original(order=found, original=original, by=request.user)

    def form_of(data: QueryDict | None = None) -> KeptOriginalForm:
        names = KeptOriginalForm.stands
        found.refresh_from_db(fields=names)
        form = KeptOriginalForm(data, initial={name: getattr(found, name) for name in names})
        form.fields["original_amount"].required = True
        return form

    form = form_of(_sent(request))
    return act_page(
        request,
        title=_("Compare with the original"),
        subject=found.number,
        submit=_("Save the comparison"),
        hint=_("Keep the original itself with the papers of the order."),
        form=form,
        act=as_seen(form, act, hold=partial(hold_order, found), anew=form_of),
        back_url=_back(found),
        stops=KeptOriginalForm.fields_of_codes,
        template="orders/compare.html",
        more={"amount": "–" if found.amount is None else money_text(found.amount)},
    )
