"""Papers kept with an order: the customer's original, the signed scan, contracts (ORD-08)."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from core.days import moment_text
from core.phones import mask_in_text
from orders.models import Order, OrderFile
from orders.showing.acts import Act
from orders.showing.reader import Reader


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One paper."""

    kind: str
    caption: str
    added: str
    url: str
    is_picture: bool
    remove_url: str


@dataclass(frozen=True, kw_only=True)
class Papers:
    """The section of papers."""

    rows: list[Paper]
    acts: list[Act]


def papers_of(order: Order, *, reader: Reader, now: datetime) -> Papers:
    """The papers that stand, newest first; they open after the archive, too."""
    files = OrderFile.objects.filter(order=order, removed_at=None)
    found = files.select_related("file", "added_by").order_by("-added_at", "-pk")
    rows = [
        Paper(
            kind=paper.get_kind_display(),
            caption=mask_in_text(paper.caption),
            added=f"{paper.added_by.name} · {moment_text(paper.added_at, now=now)}",
            url=reverse("orders:open_file", args=[paper.pk]),
            is_picture=paper.file.content_type.startswith("image/"),
            remove_url=reverse("orders:remove_file", args=[paper.pk]) if reader.may_change else "",
        )
        for paper in found
    ]
    acts = []
    if reader.may_change:
        url = reverse("orders:attach", args=[order.pk])
        acts.append(Act(label=_("Attach a paper"), url=url, icon="paperclip"))
    return Papers(rows=rows, acts=acts)
