"""Wordings: read by those who greet, changed by those who set them, tried on a sample customer."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.days import day_text
from core.refusals import Refused
from customers.models import Customer
from customers.states import Title
from followups import wording as writing
from followups.forms.rebasing import Conflict, rebased
from followups.forms.wordings import WordingForm
from followups.models import Festival, Wording
from followups.queries.greetings import solar_days
from followups.rules.wordings import PLACES
from followups.services.wordings import add_wording, change_wording
from followups.services.wordings import use_festival as set_festival
from followups.states import Whom, WordingUse
from staff.access import only
from staff.models import Store
from staff.requests import Request
from staff.scope import CUSTOMER_ROLES, PLAN_ROLES
from staff.states import Trade

# For whom a text is tried on: a product that the trade sells.
SAMPLES = {
    Trade.CARS: "凯美瑞 2.5",
    Trade.FURNITURE: "三人沙发",
    Trade.MATTRESSES: "乳胶床垫",
    Trade.HOME: "定制衣柜",
    Trade.SHOES: "真皮凉鞋",
}


@only(CUSTOMER_ROLES)
@require_safe
def wordings(request: Request) -> HttpResponse:
    """All wordings by what they are for, and the festivals with their next days."""
    today = timezone.localdate()
    rows = Wording.objects.select_related("festival").order_by("position", "pk")
    groups: dict[str, list[dict[str, object]]] = {use.value: [] for use in WordingUse}
    for row in rows:
        groups[row.use].append(_listed(row))
    context = {
        "groups": [
            {"key": use.value, "label": str(use.label), "rows": groups[use.value]}
            for use in WordingUse
        ],
        "festivals": [
            _festival(row, today=today) for row in Festival.objects.order_by("month", "day", "pk")
        ],
        "may_edit": request.reach.has_role(PLAN_ROLES),
    }
    return TemplateResponse(request, "followups/wordings.html", context)


def _listed(row: Wording) -> dict[str, object]:
    whom = [str(Whom(each).label) for each in row.whom]
    trades = [str(Trade(each).label) for each in row.trades]
    festival = [row.festival.name] if row.festival else []
    return {
        "pk": row.pk,
        "name": row.name,
        "text": row.text,
        "for_whom": " · ".join([*festival, *whom, *trades]),
        "is_active": row.is_active,
    }


def _festival(row: Festival, *, today: date) -> dict[str, object]:
    ahead = [day for day in solar_days(row, near=today) if day >= today]
    return {
        "pk": row.pk,
        "name": row.name,
        "next": day_text(min(ahead), today=today) if ahead else "–",
        "is_active": row.is_active,
    }


@only(PLAN_ROLES)
@require_POST
def use_festival(request: Request, pk: int) -> HttpResponse:
    """Greet for a festival, or do so no more."""
    festival = get_object_or_404(Festival, pk=pk)
    is_active = request.POST.get("is_active") == "on"
    set_festival(festival=festival, is_active=is_active, by=request.user, now=timezone.now())
    return redirect("followups:wordings")


@only(PLAN_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def new_wording(request: Request) -> HttpResponse:
    """A new wording."""
    use = request.GET.get("use", "")
    initial = {"use": use if use in WordingUse.values else WordingUse.FRIDAY}
    form = WordingForm(request.POST or None, initial=initial)
    return _edit(request, form, None)


@only(CUSTOMER_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def wording(request: Request, pk: int) -> HttpResponse:
    """One wording, with what becomes of it for a sample customer."""
    found = get_object_or_404(Wording.objects.select_related("festival"), pk=pk)
    if request.method == "POST" and not request.reach.has_role(PLAN_ROLES):
        raise PermissionDenied
    form = WordingForm(request.POST or None, initial=WordingForm.initial_of(found))
    return _edit(request, form, found)


def _edit(request: Request, form: WordingForm, found: Wording | None) -> HttpResponse:
    # The preview is asked for by itself, and names the button that has the focus.
    is_preview = request.htmx and request.method == "POST"
    quicker = None
    if form.is_valid() and request.POST.get("act") == "save" and not is_preview:
        try:
            _save(request, form, found)
        except Refused as refusal:
            if found is not None and "changed_meanwhile" in refusal.codes:
                quicker = _lay_over(form, found)
            else:
                for sentence in refusal.sentences():
                    form.add_error(None, sentence)
        else:
            messages.success(request, _("The wording is saved."))
            return redirect("followups:wordings")
    context = {
        "wording": found,
        "form": form,
        "conflict": quicker,
        "places": [f"{{{place}}}" for place in PLACES],
        "samples": _samples(request, form),
        "may_edit": request.reach.has_role(PLAN_ROLES),
    }
    template = "followups/wording.html#preview" if is_preview else "followups/wording.html"
    return TemplateResponse(request, template, context)


def _save(request: Request, form: WordingForm, found: Wording | None) -> None:
    by, now = request.user, timezone.now()
    if found is None:
        add_wording(terms=form.terms, by=by, now=now, key=form.cleaned_data["key"])
    else:
        change_wording(wording=found, terms=form.terms, seen_at=form.seen, by=by, now=now)


def _lay_over(form: WordingForm, found: Wording) -> Conflict:
    """What was typed, on top of what somebody else saved first."""
    found.refresh_from_db()
    return rebased(
        form,
        WordingForm.initial_of(found),
        by=found.changed_by,
        at=found.changed_at,
        newest_url=reverse("followups:wording", args=[found.pk]),
    )


def _samples(request: Request, form: WordingForm) -> list[dict[str, str]]:
    """The text as it would go out to 王芳, in both languages."""
    store = request.user.store or Store.objects.filter(is_active=True).order_by("pk").first()
    if store is None:
        return []
    trades = form["trades"].value() or [store.trade]
    said = {name: str(form[name].value() or "") for name in ("text_zh", "text_en", "use")}
    festival = form.festivals.get(str(form["festival"].value() or ""))
    samples = []
    for language, name in (("zh-hans", "text_zh"), ("en", "text_en")):
        with translation.override(language):
            occasion = festival.name if festival else _("Open day")
            text = _sample(said[name], store, request.user.name, trades[0], occasion)
        samples.append({"language": language, "text": text})
    return samples


def _sample(text: str, store: Store, sender: str, trade: str, occasion: str) -> str:
    customer = Customer(name="王芳", title=Title.MS, store=store)
    signature = writing.signature_of(sender=sender, store=store)
    body = writing.body_of(
        text,
        customer=customer,
        signature=signature,
        product=SAMPLES[Trade(trade)] if trade in Trade.values else "",
        occasion=occasion,
        day=day_text(timezone.localdate()),
    )
    return writing.whole_text(body, customer=customer, signature=signature)
