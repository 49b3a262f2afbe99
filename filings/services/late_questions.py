"""Further projects that nobody has looked at in time (FIL-33).

Until operations have, the filing runs on and its filer cannot serve the customer: a question that
waits for a day is reported, well before the three days in which a follow-up is owed.
"""

from datetime import datetime, timedelta

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from filings.models import Dispute
from filings.queries.judges import deciders_of
from filings.states import OPEN_DISPUTES, DisputeKind
from staff.models import Notice
from staff.services.notices import Telling, tell_many
from staff.states import NoticeKind, Role

IN_TIME = timedelta(days=1)
AT_ONCE = 200


def report_late_questions(*, now: datetime) -> int:
    """Tell who decides of each such question once; answers with how many were told of."""
    told = Notice.objects.filter(
        person__role=Role.OPS_MANAGER,
        key=Concat(Value("bench-late-"), Cast(OuterRef("pk"), CharField())),
    )
    late = Dispute.objects.filter(
        ~Exists(told),
        kind=DisputeKind.NEW_PROJECT, state__in=OPEN_DISPUTES, opened_at__lte=now - IN_TIME,
    )  # fmt: skip
    rows = late.select_related("customer__store", "deal").order_by("opened_at", "pk")[:AT_ONCE]
    tellings = []
    for dispute in rows:
        parties = list(dispute.parties.select_related("person", "filing"))
        path = reverse("filings:case", args=[dispute.pk])
        tellings += [
            Telling(
                person_id=pk, kind=NoticeKind.DISPUTE, key=f"bench-late-{dispute.pk}",
                params={"overdue": dispute.pk}, path=path,
            )
            for pk in deciders_of(dispute, parties, today=dispute.customer.store.today(now))
        ]  # fmt: skip
    tell_many(tellings, now=now)
    return len(rows)
