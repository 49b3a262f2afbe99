"""One act on many customers: chosen from the list, looked at, then done."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.phones import mask_in_text
from core.refusals import Refused
from customers.models import Customer, Tag
from customers.services.tags import make_tag
from desk.forms.bulk_acts import FOUND, ChooseActForm, GoAheadForm, signed
from desk.services.bulk_acts import MOST, Act, Foreseen, ask_act, foresee
from desk.views.customers import open_customers
from staff.access import only
from staff.models import Person
from staff.requests import Request
from staff.scope import REGISTERING_ROLES

SHOWN = 100


@only(REGISTERING_ROLES)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act_on_many(request: Request) -> HttpResponse:
    """Choose the act and the customers; the address narrows them as the list's does."""
    found = open_customers(request)
    form = ChooseActForm(request.POST or None, reach=request.reach)
    rows = list(found.found.order_by(*found.order.order_by())[:SHOWN])
    if form.is_valid():
        try:
            return _preview(request, form, _chosen(request, form, found.found))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    ticked = set(request.POST.getlist("customer")) if request.POST else None
    context = {
        "form": form,
        "rows": [_row(row, ticked) for row in rows],
        "total": found.total,
        "is_cut": found.total > len(rows),
        "most": MOST,
        "back_url": reverse("desk:customers") + found.first_url,
    }
    return TemplateResponse(request, "desk/act_on_many.html", context)


def _row(row: Customer, ticked: set[str] | None) -> dict[str, object]:
    return {
        "pk": row.pk,
        "grade": row.grade,
        "name": mask_in_text(row.name),
        "title": row.shown_title,
        "phone": getattr(row, "phone", "") or "",
        "keeper": row.owner.name if row.owner else _("nobody"),
        "is_ticked": ticked is None or str(row.pk) in ticked,
    }


def _chosen(request: Request, form: ChooseActForm, found) -> list[int]:
    """Those ticked, or all that the list finds; one more than may be done says that it is too many.

    What is ticked is held against the reader's reach where the act is foreseen.
    """
    if form.cleaned_data["whom"] == FOUND:
        return list(found.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    ticked = request.POST.getlist("customer")
    return sorted({int(pk) for pk in ticked if pk.isdecimal() and len(pk) < 19})[: MOST + 1]


def _preview(request: Request, form: ChooseActForm, ids: list[int]) -> HttpResponse:
    """What would happen, with a button that does exactly this."""
    act = Act(form.cleaned_data["act"])
    keeper, tag = None, None
    if act == Act.REASSIGN:
        keeper = form.chosen_keeper()
    else:
        tag = _tag(request, form.cleaned_data["tag"], act)
    seen = foresee(customers=ids, act=act, keeper=keeper, tag=tag, reach=request.reach)
    shown = signed(
        by=request.user.pk,
        act=act,
        keeper=keeper.pk if keeper else None,
        tag=tag.pk if tag else None,
        reason=form.cleaned_data.get("reason", ""),
        ids=seen.ids,
    )
    context = {
        "what": _in_words(act, keeper, tag, seen),
        "seen": seen,
        "by_keeper": [(name or _("nobody"), count) for name, count in seen.by_keeper],
        "names": _first_names(seen),
        "form": GoAheadForm(initial={"shown": shown}),
        "back_url": request.get_full_path(),
    }
    return TemplateResponse(request, "desk/act_on_many_preview.html", context)


def _tag(request: Request, name: str, act: Act) -> Tag | None:
    """The tag of this name; only giving one makes it."""
    if act == Act.TAG:
        return make_tag(name=name, by=request.user, now=timezone.now())
    return Tag.objects.filter(name__iexact=name).first()


def _in_words(act: Act, keeper: Person | None, tag: Tag | None, seen: Foreseen) -> str:
    count = {"count": f"{len(seen.ids):,}"}
    if act == Act.REASSIGN:
        name = keeper.name if keeper else _("nobody")
        return _("%(count)s customers get another keeper: %(name)s.") % {**count, "name": name}
    word = tag.name if tag else "–"
    if act == Act.TAG:
        return _("%(count)s customers get the tag “%(tag)s”.") % {**count, "tag": word}
    return _("%(count)s customers lose the tag “%(tag)s”.") % {**count, "tag": word}


def _first_names(seen: Foreseen) -> list[str]:
    names = Customer.objects.filter(pk__in=seen.ids[:12]).order_by("pk")
    return [mask_in_text(name) for name in names.values_list("name", flat=True)]


@only(REGISTERING_ROLES)
@require_POST
def do_act_on_many(request: Request) -> HttpResponse:
    """Do what was shown, in the background."""
    form = GoAheadForm(request.POST)
    told = form.read(by=request.user) if form.is_valid() else None
    if told is None:
        return redirect(reverse("desk:act_on_many"))
    keeper = Person.objects.filter(pk=told["keeper"]).first() if told["keeper"] else None
    tag = Tag.objects.filter(pk=told["tag"]).first() if told["tag"] else None
    job = ask_act(
        customers=told["ids"],
        act=Act(told["act"]),
        keeper=keeper,
        tag=tag,
        reason=told["reason"],
        by=request.user,
        key=form.cleaned_data["key"],
    )
    return redirect("core:job", pk=job.pk)
