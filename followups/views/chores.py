"""What there is to do in the house: a list of its own, and the tap that says it is done."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from core.refusals import Refused
from followups import services
from followups.chore_rows import chore_row
from followups.models import Chore
from followups.queries.chores import (
    chores_done,
    chores_of_mine,
    chores_open,
    get_chore_for,
    may_do,
    visible_chores,
)
from followups.states import DONE_ON_ITS_PAGE
from staff.access import signed_in
from staff.requests import Request

PAGE_SIZE = 50
MINE, DONE = "me", "done"
# So long what was done is listed.
DONE_FOR = timedelta(days=7)


@signed_in
@require_safe
def chores(request: Request) -> HttpResponse:
    """All that is open in the house within one's reach, however far ahead; or what was done."""
    now = timezone.now()
    today = timezone.localdate(now)
    shows_done = request.GET.get("show") == DONE
    is_mine = request.GET.get("scope") == MINE
    rows = visible_chores(request.reach, today=today)
    if is_mine:
        rows = rows.filter(chores_of_mine(request.reach, today=today))
    shown = chores_done(rows, since=now - DONE_FOR) if shows_done else chores_open(rows)
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    asked = {"scope": MINE if is_mine else "", "show": DONE if shows_done else ""}
    context = {
        "rows": [chore_row(row, by=request.user, reach=request.reach, now=now) for row in page],
        "page": page,
        "path_for": f"?{urlencode({**asked, 'page': ''})}",
        "total": page.paginator.count,
        "tabs": [
            {"label": _("To do"), "url": _address(asked, show=""), "is_current": not shows_done},
            {"label": _("Done"), "url": _address(asked, show=DONE), "is_current": shows_done},
        ],
        "scopes": [
            {
                "label": pgettext("scope", "Me"),
                "url": _address(asked, scope=MINE),
                "is_current": is_mine,
            },
            {"label": _("All"), "url": _address(asked, scope=""), "is_current": not is_mine},
        ],
        "shows_done": shows_done,
        "shows_whose": not is_mine and (request.reach.leads_stores or bool(request.reach.assists)),
        "back": request.get_full_path(),
    }
    return TemplateResponse(request, "followups/chores.html", context)


@signed_in
@require_POST
def chore_done(request: Request, pk: int) -> HttpResponse:
    """It is done; back to where the list stood."""
    now = timezone.now()
    chore = get_chore_for(request.reach, pk, today=timezone.localdate(now))
    if not may_do(request.reach):
        raise PermissionDenied
    if _is_done_elsewhere(chore):
        return redirect(chore.path)
    try:
        services.do_chore(chore=chore, by=request.user, now=now)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("Done: %(what)s.") % {"what": chore.get_kind_display()}
        messages.success(
            request,
            format_html(
                '{} <a class="link" href="{}">{}</a>',
                said,
                f"{reverse('followups:chores')}?show={DONE}",
                _("Take back"),
            ),
        )
    return redirect(_back(request))


@signed_in
@require_POST
def chore_undone(request: Request, pk: int) -> HttpResponse:
    """A tap by mistake: it is open again."""
    now = timezone.now()
    chore = get_chore_for(request.reach, pk, today=timezone.localdate(now))
    try:
        services.undo_chore(chore=chore, by=request.user, now=now)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back: it is open again."))
    return redirect(_back(request))


def _is_done_elsewhere(chore: Chore) -> bool:
    """Whether it is done on the page that its row opens."""
    return chore.kind in DONE_ON_ITS_PAGE and bool(chore.path)


def _address(asked: dict[str, str], **changes: str) -> str:
    """The list as it is asked for, with these choices changed; an empty one is left out."""
    said = {name: value for name, value in {**asked, **changes}.items() if value}
    address = reverse("followups:chores")
    return f"{address}?{urlencode(said)}" if said else address


def _back(request: Request) -> str:
    """The list from which it was done, at the section of the house."""
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return f"{back if is_ours else reverse('followups:chores')}#house"
