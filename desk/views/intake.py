"""The door for platforms: leads as signed JSON."""

import json
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from customers.services.intake import LeadFacts, LeadRefused, open_stores, read_facts
from customers.services.lead_sources import verified_source
from customers.services.leads import Received
from customers.states import LeadWay
from desk.services.leads import take_in
from staff.access import public
from staff.services.system import system_account

log = structlog.get_logger(__name__)

LARGEST_BODY = 64 * 1024
MOST_LEADS = 100


@public
@csrf_exempt
@require_POST
@never_cache
def lead_in(request: HttpRequest, code: str) -> HttpResponse:
    """One lead or a list of them, signed: 201 where one is new, 200 where all are known (FIL-35).

    401 whoever it is that may not, 413 and 400 for what cannot be read, 422 with a sentence for
    each field; of a list with a fault nothing is kept, so that it is sent again as a whole.
    """
    body = _body(request)
    if body is None:
        return _error(413, "The body is larger than 64 KB.")
    origin = verified_source(
        code=code,
        timestamp=request.headers.get("X-Genjin-Timestamp", ""),
        signature=request.headers.get("X-Genjin-Signature", ""),
        body=body,
        now=timezone.now(),
    )
    if origin is None:
        log.warning("leads_unsigned", bytes=len(body))
        return _error(401, "The signature does not fit.")
    said, is_list = _leads_of(body)
    if said is None:
        return _error(400, f"Send one lead as a JSON object, or a list of at most {MOST_LEADS}.")
    with override("en"):
        facts, errors = _read(said)
    if errors:
        log.info("leads_refused", origin=origin.pk, count=len(errors))
        return JsonResponse({"errors": errors}, status=422)
    received = take_in(
        facts, origin=origin, way=LeadWay.WEBHOOK, by=system_account(), now=timezone.now()
    )
    answers = [_told(each) for each in received]
    status = 201 if any(each.is_new for each in received) else 200
    return JsonResponse(answers if is_list else answers[0], status=status, safe=False)


def _error(status: int, sentence: str) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)


def _body(request: HttpRequest) -> bytes | None:
    """The body as it came; None where it is longer than anybody needs."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST_BODY:
        return None
    body = request.read(LARGEST_BODY + 1)
    return body if len(body) <= LARGEST_BODY else None


def _leads_of(body: bytes) -> tuple[list[dict[str, Any]] | None, bool]:
    """The objects that the body holds, and whether it is a list; None where it is neither."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None, False
    leads = said if isinstance(said, list) else [said]
    fits = 0 < len(leads) <= MOST_LEADS and all(isinstance(each, dict) for each in leads)
    return (leads if fits else None), isinstance(said, list)


def _read(said: list[dict[str, Any]]) -> tuple[list[LeadFacts], list[dict[str, object]]]:
    """The facts of each lead, and what is wrong with which: by its place in the list from 0."""
    stores, now = open_stores(), timezone.now()
    facts: list[LeadFacts] = []
    errors: list[dict[str, object]] = []
    for index, each in enumerate(said):
        try:
            facts.append(read_facts(each, stores=stores, now=now))
        except LeadRefused as refusal:
            errors += [
                {"lead": index, "field": fault.field, "code": fault.code, "text": fault.text}
                for fault in refusal.faults
            ]
    return facts, errors


def _told(received: Received) -> dict[str, object]:
    """What the platform learns: our number of the lead, and whether it is dealt with already.

    Never whose customer it is, so that the door answers no question about numbers.
    """
    return {"lead": received.lead.pk, "state": "received" if received.is_new else "known"}
