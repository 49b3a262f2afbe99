"""Papers of an order: brought in, opened, taken off (ORD-08)."""

from functools import partial

from django import forms
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.models import StoredFile
from core.phones import mask_in_text
from orders.forms.sales import PaperForm
from orders.models import OrderFile
from orders.queries.rights import may_read, may_write_on
from orders.queries.visible import visible_orders
from orders.services.files import PDF, attach_paper, remove_paper
from orders.views.acting import act_page
from orders.views.fetching import order_to_change, refuse_closed, refuse_unless
from staff.access import signed_in
from staff.requests import Request

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def _paper_for(request: Request, pk: int) -> OrderFile:
    """A paper that stands, of an order within reach; any other does not exist (404)."""
    refuse_unless(may_read(request.reach))
    orders = visible_orders(request.reach, today=timezone.localdate())
    papers = OrderFile.objects.filter(removed_at=None, order__in=orders)
    return get_object_or_404(papers.select_related("order__store"), pk=pk)


@signed_in
@GET_OR_POST
def attach(request: Request, pk: int) -> HttpResponse:
    """Keep a paper with the order."""
    order = order_to_change(request, pk)
    is_sent = request.method == "POST"
    return act_page(
        request,
        title=_("Attach a paper"),
        subject=order.number,
        submit=_("Keep the paper"),
        form=PaperForm(request.POST if is_sent else None, request.FILES if is_sent else None),
        act=partial(attach_paper, order=order, by=request.user),
        back_url=reverse("orders:order", args=[pk]) + "#papers",
        template="orders/attach.html",
    )


@signed_in
@require_safe
def open_file(request: Request, pk: int) -> HttpResponse:
    """The paper itself: a picture in the browser, a PDF as a download; after the archive, too."""
    paper = _paper_for(request, pk)
    file = StoredFile.objects.defer("content").get(pk=paper.file_id)
    is_pdf = file.content_type == PDF
    name = f"order-{paper.order_id}-{paper.pk}.{'pdf' if is_pdf else 'jpg'}"
    headers = {
        "Cache-Control": "private, no-cache",
        "ETag": f'"{file.sha256}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'{"attachment" if is_pdf else "inline"}; filename="{name}"',
    }
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(file.opened(), content_type=file.content_type, headers=headers)


@signed_in
@GET_OR_POST
def remove(request: Request, pk: int) -> HttpResponse:
    """Take a paper off the order; it stays kept."""
    paper = _paper_for(request, pk)
    refuse_unless(may_write_on(paper.order, request.reach))
    refuse_closed(request, paper.order)
    what = " · ".join([paper.get_kind_display(), mask_in_text(paper.caption)]).removesuffix(" · ")
    return act_page(
        request,
        title=_("Remove the paper"),
        subject=paper.order.number,
        submit=_("Remove the paper"),
        hint=_("%(paper)s is taken off the order and stays kept.") % {"paper": what},
        form=forms.Form(request.POST if request.method == "POST" else None),
        act=partial(remove_paper, paper=paper, by=request.user),
        back_url=reverse("orders:order", args=[paper.order_id]) + "#papers",
    )
