"""Letters: a wording with its places filled, printed on A4, and the tap that says it is sent."""

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.days import date_text, day_text, moment_text
from core.phones import mask_in_text
from core.refusals import Refused
from customers.models import OwnedProduct
from followups import queries, services, wording
from followups.models import AnchorDay, Task, Wording
from followups.queries.greetings import wordings_of
from followups.queries.order_days import days_of_letter
from followups.rows import left_of, letter_url, log_url
from followups.states import State, Way, WordingUse
from followups.views.fetching import get_task_to_serve
from staff.access import signed_in
from staff.requests import Request


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: Request, pk: int) -> HttpResponse:
    """The letter, ready to print, and the tap that says it is in the post (AFT-01)."""
    task = get_task_to_serve(request, pk)
    if task.letter is not None and task.letter.way == Way.GREETING:
        return redirect(letter_url(task))
    error = ""
    if request.method == "POST":
        try:
            services.send_letter(task=task, by=request.user, now=timezone.now())
        except Refused as refusal:
            error = str(refusal)
        else:
            messages.success(
                request, _("The letter to %(name)s is sent.") % {"name": task.customer.shown_name}
            )
            return redirect("followups:today")
    if task.letter is None:
        return redirect(log_url(task.customer_id, task_id=task.pk, kept={}))
    return TemplateResponse(request, "followups/letter.html", _letter(request, task, error))


def _letter(request: Request, task: Task, error: str) -> dict[str, object]:
    now = timezone.now()
    today = task.customer.store.today(now)
    seller = task.assignee or request.user
    signature = wording.signature_of(sender=seller.name, store=task.customer.store)
    days = list(days_of_letter(task))
    words = _dunning(days, today) if days else _thanks(request, task, signature)
    return {
        "task": task,
        "customer": task.customer,
        "opening": wording.opening(task.customer),
        **words,
        "orders": [{"url": day.path, "label": mask_in_text(day.text)} for day in days if day.path],
        "company": signature.company,
        "store": task.customer.store.name,
        "seller": seller.name,
        "written": day_text(today),
        "is_open": task.state == State.OPEN,
        "sent": moment_text(task.closed_at, now=now) if task.closed_at else "",
        "due": left_of(task, now=now) if task.state == State.OPEN else None,
        "error": error,
    }


def _thanks(request: Request, task: Task, signature: wording.Signature) -> dict[str, object]:
    """A letter after a sale: the wording that is chosen, and the others there are."""
    product = queries.product_of_letter(task)
    fitting = wording.fitting(wordings_of(WordingUse.LETTER), trade=task.customer.store.trade)
    chosen = _chosen(request, fitting, product)
    return {
        "paragraphs": _paragraphs(task, chosen, product, signature),
        "wordings": [
            {"name": row.name, "url": f"?wording={row.pk}", "is_current": row == chosen}
            for row in fitting
        ],
    }


def _dunning(days: Sequence[AnchorDay], today: date) -> dict[str, object]:
    """A letter about amounts that are overdue: which, and what we ask for (formulas 3.10)."""
    amounts = [
        _("%(what)s, due on %(day)s")
        % {"what": mask_in_text(day.text) or "—", "day": date_text(day.on, today=today)}
        for day in days
    ]
    asked = _(
        "If you have paid in the meantime, please take this letter as settled. Otherwise we ask "
        "you to pay now, or to tell us what stands in the way, so that we find a way together."
    )
    open_yet = _("according to our books the following is still open:")
    return {"paragraphs": [open_yet, *amounts, asked], "wordings": []}


def _chosen(
    request: Request, fitting: list[Wording], product: OwnedProduct | None
) -> Wording | None:
    """The letter the address asks for, else the first that fits what is known of the delivery."""
    asked = request.GET.get("wording", "")
    named = [row for row in fitting if str(row.pk) == asked]
    has_day = product is not None and product.delivered_on is not None
    known = [row for row in fitting if has_day or "{day}" not in row.text]
    thanks = [row for row in known if has_day or "{product}" not in row.text]
    return next(iter([*named, *thanks]), None)


def _paragraphs(
    task: Task, chosen: Wording | None, product: OwnedProduct | None, signature: wording.Signature
) -> list[str]:
    name = product.product if product else ""
    if chosen is None:
        return _plain_thanks(name)
    delivered = product.delivered_on if product else None
    body = wording.body_of(
        chosen.text,
        customer=task.customer,
        signature=signature,
        product=name,
        day=day_text(delivered, today=task.customer.store.today(timezone.now()))
        if delivered
        else "",
    )
    return body.splitlines()


def _plain_thanks(product: str) -> list[str]:
    """Thanks that name no day: of a letter prepared before anything was delivered."""
    thanks = _(
        "thank you for choosing us. We hope that you enjoy what you bought from the first day."
    )
    if product:
        thanks = _(
            "thank you for choosing us and for your %(product)s. We hope that it gives you joy "
            "from the first day."
        ) % {"product": mask_in_text(product)}
    call = _(
        "We will call you within the next days and ask how things are going. If there is anything "
        "before then, however small, please tell us: we take care of it at once."
    )
    return [thanks, call, _("We wish you and your family all the best.")]
