"""What I hold (报备查询): the list of filings by time left, and what became of the rest."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from core.listing import OpenList
from filings.lists.mine import DRAFTS, HELD, HELD_LIST, OTHER_LIST, OVER, REFUSED, TABS
from filings.queries import shown, visible_filings
from filings.showing.quota import quota_of
from staff.access import only
from staff.requests import Request
from staff.scope import FILING_READERS, FILING_ROLES
from staff.states import Role


@only(FILING_READERS)
@require_safe
def mine(request: Request) -> HttpResponse:
    """The filings within reach, a tab a state; whoever reads figures alone gets figures."""
    now = timezone.now()
    within = visible_filings(request.reach)
    if request.reach.role == Role.MARKETING_MANAGER:
        stores = shown.counts_by_store(within, now=now)
        return TemplateResponse(request, "filings/counts.html", {"stores": stores})
    declared = HELD_LIST if request.GET.get("scope", HELD) in ("", HELD) else OTHER_LIST
    found = declared.open(
        request,
        shown.shown_filings(within, reach=request.reach, now=now),
        filter_with={"reach": request.reach, "now": now},
        draw_with={"reader": request.reach, "now": now},
    )
    is_own = request.reach.has_role(FILING_ROLES)
    context: dict[str, object] = {
        "title": _("My filings") if is_own else pgettext("list", "Filings"),
        "tabs": _tabs(
            found, shown.counts_of(shown.with_reader(within, reach=request.reach), now=now)
        ),
        "quota": quota_of(request.user, now=now),
    }
    return declared.answer(request, found, "filings/mine.html", context)


def _tabs(found: OpenList, counts: dict[str, int]) -> list[dict[str, object]]:
    """The four states, each with its true number."""
    labels = {
        HELD: pgettext("filings", "Held"),
        DRAFTS: pgettext("filings", "Drafts"),
        REFUSED: pgettext("filings", "Refused"),
        OVER: pgettext("filings", "Over"),
    }
    chosen = found.asked.get("scope") or HELD
    return [
        {
            "label": labels[tab],
            "count": counts[tab],
            "url": found.address(scope=tab, after=None, before=None, sort=None, state=None),
            "is_current": tab == chosen,
        }
        for tab in TABS
    ]
