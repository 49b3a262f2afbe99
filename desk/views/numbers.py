"""Phone numbers: whose is it, and opening one for a call."""

from datetime import datetime
from typing import cast

from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.phones import PhoneRefused, normalise
from customers import queries
from customers import services as customers
from customers.models import Customer, HouseholdMember, KeyPerson
from customers.queries import MaskedCustomer
from desk.filing_words import does_file
from desk.forms.calling import OverrideForm
from desk.views.cards import get_customer_for
from filings.queries import looked_up
from filings.services.contesting import own_filing
from filings.states import LookUp
from followups import services as followups
from followups.models import Task
from followups.queries import visible as visible_tasks
from followups.queries.closing import may_close
from staff.access import only
from staff.requests import Request
from staff.scope import REASSIGNING_ROLES, REVEALING_ROLES


@only(REVEALING_ROLES)
@require_POST
@never_cache
def reveal(request: Request, pk: int) -> HttpResponse:
    """Tapping “call” is the reveal: counted, audited, answered with the `tel:` link.

    A number of the household or of a key person counts for the customer, and so does a paper's.
    Where the guard advises against the call, it says why and asks for a reason first (FUP-09).
    """
    found = get_customer_for(request.reach, pk)
    now = timezone.now()
    number, refused, status = "", "", 200
    form = OverrideForm(request.POST)
    try:
        with transaction.atomic():
            if "paper" not in request.POST:
                followups.begin_call(
                    customer=found,
                    task=_task_at_hand(request, found),
                    override=form.said(),
                    by=request.user,
                    now=now,
                )
            number = _opened(request, found, now=now)
    except followups.Pestering as advice:
        return _advise(request, found, form, advice)
    except customers.NumberNotRevealed as refusal:
        refused = str(refusal)
        status = 429 if "limit_reached" in refusal.codes else 409
    is_paper = "paper" in request.POST
    if "application/json" in request.headers.get("Accept", "") and not refused:
        return JsonResponse({"tel": f"tel:{number}"}, headers={"Cache-Control": "no-store"})
    context = {
        "customer": found,
        "tel": f"tel:{number}" if number and not is_paper else "",
        "number": number if is_paper else spoken(number),
        "refused": refused,
        "back_url": reverse("desk:customer", args=[pk]),
        "log_url": reverse("followups:log", args=[pk]) if request.reach.may_serve else "",
    }
    return TemplateResponse(
        request,
        "desk/number.html",
        context,
        status=status,
        headers={"Cache-Control": "no-store"},
    )


def _task_at_hand(request: Request, found: MaskedCustomer) -> Task | None:
    """For which task the call is, where the form says so: an hour that was agreed is expected."""
    asked = _id_named(request, "task")
    tasks = visible_tasks(request.reach).select_related("customer__store")
    return tasks.filter(pk=asked, customer=found).first() if asked else None


def _advise(
    request: Request, found: MaskedCustomer, form: OverrideForm, advice: followups.Pestering
) -> HttpResponse:
    """Why one would rather not call now, and the reasons for which one does all the same."""
    task = _task_at_hand(request, found)
    soon = next((each for each in advice.blockers if each.code == "contacted_lately"), None)
    contact_id = int(str(soon.params["contact"])) if soon else None
    is_closed_by = may_close(task, contact_id, now=timezone.now())
    if "wishes_no_contact" in advice.codes and request.user.role not in REASSIGNING_ROLES:
        form.ask_for_need()
    kept = ("phone", "member", "key_person", "task")
    context = {
        "customer": found,
        "sentences": advice.sentences(),
        "form": form,
        "kept": [(name, request.POST[name]) for name in kept if name in request.POST],
        "call_url": reverse("desk:reveal", args=[found.pk]),
        "back_url": reverse("desk:customer", args=[found.pk]),
        "log_url": _log_url(request, found, task),
        "close_url": reverse("followups:close_with", args=[task.pk, contact_id])
        if is_closed_by and task
        else "",
    }
    return TemplateResponse(
        request,
        "desk/number_guard.html",
        context,
        status=409,
        headers={"Cache-Control": "no-store"},
    )


def _log_url(request: Request, found: MaskedCustomer, task: Task | None) -> str:
    if not request.reach.may_serve:
        return ""
    address = reverse("followups:log", args=[found.pk])
    return f"{address}?task={task.pk}" if task else address


def _opened(request: Request, found: MaskedCustomer, *, now: datetime) -> str:
    """The number that was asked for: the customer's, somebody's around them, or their paper's.

    Raises NumberNotRevealed.
    """
    by, today = request.user, found.store.today(now)
    if "paper" in request.POST:
        return customers.reveal_paper(customer=found, by=by, now=now, today=today)
    for name, people in (("member", found.household), ("key_person", found.key_people)):
        if name in request.POST:
            named = get_object_or_404(people, pk=_id_named(request, name))
            somebody = cast(HouseholdMember | KeyPerson, named)
            somebody.customer = found
            return customers.reveal_number_of(somebody=somebody, by=by, now=now, today=today)
    phone_id = _id_named(request, "phone")
    return customers.reveal_number(customer=found, by=by, now=now, today=today, phone_id=phone_id)


def _id_named(request: Request, name: str) -> int | None:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def spoken(e164: str) -> str:
    """138 0013 8000 as people read it aloud; others as they are."""
    national = e164.removeprefix("+86")
    if len(national) == 11 and national.startswith("1"):
        return f"{national[:3]} {national[3:7]} {national[7:]}"
    return e164


def answer_for(request: Request, text: str) -> dict[str, object] | None:
    """What the registration says of a number, never by whom, where or since when (decision 4).

    Where leads are filed: free, filed until further notice, or our customer; elsewhere new or
    ours. A customer within one's own reach can be opened. None while nothing is typed.
    """
    if not text.strip():
        return None
    try:
        phone = normalise(text)
        owner = customers.look_up_number(phone=phone, by=request.user, now=timezone.now())
    except (PhoneRefused, customers.NumberNotLookedUp) as refusal:
        return _answer("wait", "", str(refusal))
    now = timezone.now()
    found = looked_up(
        owner,
        by=request.user,
        acting=request.reach.acts_for,
        is_filing=does_file(request.user, now=now),
        now=now,
    )
    return _worded(request, found, owner)


def _answer(
    tone: str, title: str, text: str, *acts: dict[str, str], claims: bool = False
) -> dict[str, object]:
    """`claims` where another project of this customer can be filed (FIL-33)."""
    return {"tone": tone, "title": title, "text": text, "acts": list(acts), "claims": claims}


def _worded(request: Request, found: LookUp, owner: Customer | None) -> dict[str, object]:
    """The answer with what can be done; whoever may see the customer can open the card beside it.

    A number that nobody has and a card that nobody has filed read the same.
    """
    title = str(found.label)
    if found == LookUp.NEW:
        return _answer("free", title, _("Nobody is registered with this number."))
    if owner is not None and found == LookUp.KNOWN:
        return ours(request, owner.pk)
    acts = _card_of(request, owner.pk) if owner is not None else []
    if found == LookUp.YOURS:
        return _answer("ours", title, _("Your protection holds."), *acts, claims=True)
    if owner is not None and found == LookUp.FILED:
        claim = _contest(request, owner.pk)
        text = _("Protected, not to be filed now. Try all the same: it is refused, and you are told"
                 " when they are free.")  # fmt: skip
        if claim:
            text = _("Protected, not to be filed now. You are told when they are free.")
        return _answer("filed", title, text, *claim, *acts, claims=True)
    if found == LookUp.OURS:
        text = _("They bought from us. Another home is filed as a new project.")
        return _answer("ours", title, text, *acts, claims=True)
    return _answer("free", title, _("Nobody's filing protects them, nor have they bought."), *acts)


def _contest(request: Request, pk: int) -> list[dict[str, str]]:
    """The way to ask for a ruling, for whoever has tried to file: others have no claim."""
    if own_filing(pk, request.user) is None:
        return []
    return [{"label": _("Ask for a ruling"), "url": reverse("filings:contest", args=[pk])}]


def _card_of(request: Request, pk: int) -> list[dict[str, str]]:
    """The way to the card, for whoever may see it."""
    if not queries.visible(request.reach).filter(pk=pk).exists():
        return []
    return [{"label": _("Open the card"), "url": reverse("desk:customer", args=[pk])}]


def ours(request: Request, pk: int) -> dict[str, object]:
    """The number is known, and nobody files here."""
    card = _card_of(request, pk)
    text = _("You care for them.") if card else _("Ask your manager who cares for them.")
    return _answer("ours", str(LookUp.KNOWN.label), text, *card)
