"""The pool (公海): who is free, for everybody who files and whoever leads them."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from filings.lists.pool import POOL
from filings.queries.pool import pool as free_customers
from filings.queries.pool import pool_rows
from staff.access import only
from staff.requests import Request
from staff.scope import FILING_READERS, FILING_ROLES


@only(FILING_READERS)
@require_safe
def pool(request: Request) -> HttpResponse:
    """Free customers, masked; whoever files may take one, which is a normal filing (PUL-01)."""
    now = timezone.now()
    may_take = request.reach.has_role(FILING_ROLES)
    own = request.user.store if may_take else None
    trade = own.trade if own is not None else None
    rows = pool_rows(free_customers(now=now, day=timezone.localdate(now), trade=trade))
    found = POOL.open(
        request,
        rows,
        filter_with={"own_store": own.pk if own else None, "trade": trade, "now": now},
        draw_with={
            "reader": request.reach,
            "now": now,
            "may_take": may_take,
            "own_region": own.region_id if own else None,
        },
    )
    return POOL.answer(request, found, "filings/pool.html", {"may_take": may_take})
