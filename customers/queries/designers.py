"""Which designers there are, who keeps in touch with them, and whom they brought."""

from django.db.models import Count, Q, QuerySet

from core.names import comparison_key
from customers.models import Customer, Designer
from customers.queries.finding import MANY_DIGITS, visible
from staff.scope import Reach
from staff.states import Level


def visible_designers(reach: Reach) -> QuerySet[Designer]:
    """The designers within reach: own ones, those of the stores, or all."""
    if reach.level == Level.ALL:
        return Designer.objects.all()
    own = Q(keeper__in=reach.acts_for) | Q(added_by=reach.person_id)
    return Designer.objects.filter(own | Q(store__in=sorted(reach.store_ids)))


def designers_for_list(reach: Reach) -> QuerySet[Designer]:
    """Each designer with keeper, store, and how many they brought and how many of these bought."""
    live = Q(customers__merged_into=None)
    return (
        visible_designers(reach)
        .select_related("keeper", "store")
        .annotate(
            brought=Count("customers", filter=live),
            deals=Count("customers", filter=live & Q(customers__bought_count__gt=0)),
        )
    )


def designers_matching(designers: QuerySet[Designer], text: str) -> QuerySet[Designer]:
    """Those whose name, pinyin, initials or company holds every word."""
    if MANY_DIGITS.search(text):
        return designers.none()
    for word in text.split()[:4]:
        designers = designers.filter(search__contains=comparison_key(word))
    return designers


def brought_by_designer(designer: Designer, reach: Reach) -> QuerySet[Customer]:
    """The customers whom the designer brought, as far as the reader may see them."""
    rows = visible(reach).filter(designer=designer).select_related("owner")
    return rows.order_by("-registered_at", "-pk")


def designer_named(text: str, *, reach: Reach) -> Designer | None:
    """The one active designer of this very name; None where there is none, or more than one."""
    named = visible_designers(reach).filter(name__iexact=text.strip(), is_active=True)
    found = list(named.order_by("pk")[:2])
    return found[0] if len(found) == 1 else None
