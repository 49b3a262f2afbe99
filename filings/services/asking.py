"""Asking for more time from a form, which acts once however often it is sent."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from core.services.once import once
from filings.models import ExtensionRequest, Filing
from filings.services.requests import ask_extension
from filings.states import RequestKind, RequestReason
from staff.models import Person


@transaction.atomic
def ask_once(
    *,
    filing: Filing,
    kind: RequestKind | str,
    reason: RequestReason | str,
    until: date,
    text: str,
    is_for_holder: bool,
    by: Person,
    key: UUID,
    now: datetime | None = None,
) -> ExtensionRequest:
    """Ask for an extension; the same form again answers with the same request.

    Raises ExtensionNotAsked, FormOfSomebodyElse.
    """
    content = f"{filing.pk}|{kind}|{reason}|{until}|{text}"
    with once(key=key, purpose="extension", by=by, content=content) as form:
        if form.result_id:
            return ExtensionRequest.objects.get(pk=form.result_id)
        request = ask_extension(
            filing=filing,
            kind=kind,
            reason=reason,
            until=until,
            text=text,
            is_for_holder=is_for_holder,
            by=by,
            now=now,
        )
        form.result_id = request.pk
    return request
