"""Pages of the ground floor: how far a piece of background work is, and the file it made."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from core.listing.export import CONTENT_TYPES, FileKind
from core.models import Job, StoredFile
from core.spreadsheets.filenames import clean_filename
from core.states import OPEN_JOB_STATES, JobState

View = Callable[..., HttpResponse]
# How long an exported file may be fetched.
EXPORT_KEPT = timedelta(hours=24)


class Request(HttpRequest):
    """A request as the middleware leaves it."""

    htmx: HtmxDetails


def _signed_in(view: View) -> View:
    """What `staff.access.signed_in` says for the rooms above: the ground floor stands below it."""
    guarded: Any = login_required(view)
    guarded.access = "signed_in"
    return guarded


# What imports and acts on many count, in the order in which people want to know it.
FIGURES = {
    "created": (gettext_lazy("new"), ""),
    "updated": (gettext_lazy("changed"), ""),
    "unchanged": (gettext_lazy("the same"), ""),
    "listed": (pgettext_lazy("guests", "put on the list"), ""),
    "kept_off": (gettext_lazy("kept off by the guard"), ""),
    "left_out": (gettext_lazy("left out"), "soon"),
    "refused": (gettext_lazy("refused"), "late"),
    "warnings": (gettext_lazy("to look at"), "soon"),
}


# How the pages that show rows call what became of them.
FATES = {
    "created": "new", "updated": "changed", "unchanged": "same", "refused": "refused",
    "warnings": "warnings",
}  # fmt: skip


def _own_job(request: HttpRequest, pk: int) -> Job:
    """A person's own job; somebody else's does not exist."""
    jobs = Job.objects.select_related("source", "output").defer(
        "source__content", "output__content"
    )
    return get_object_or_404(jobs, pk=pk, asked_by=request.user)


def _address(name: object, job: Job) -> str:
    """The page `name`, with the job's number where it takes one."""
    if not name:
        return ""
    try:
        return reverse(str(name))
    except NoReverseMatch:
        return reverse(str(name), kwargs={"pk": job.pk})


def _figures(result: Mapping[str, Any], rows_url: str) -> list[dict[str, object]]:
    """What was counted; each figure opens its rows where they are kept."""
    opens = FATES if rows_url else {}
    return [
        {"value": f"{result[key]:,}", "label": label,
         "url": f"{rows_url}?fate={opens[key]}" if key in opens and result[key] else "",
         "tone": tone if result[key] else ""}
        for key, (label, tone) in FIGURES.items()
        if isinstance(result.get(key), int)
    ]  # fmt: skip


def _rows_url(job: Job) -> str:
    """The page of what became of each row, as long as that is kept; "" without one."""
    name, kept = job.params.get("page", {}).get("rows"), job.result.get("preview")
    if not name or not StoredFile.objects.filter(pk=kept, emptied_at=None).exists():
        return ""
    return _address(name, job)


def _duration(job: Job) -> str:
    """How long it took, or has been taking."""
    if job.started_at is None:
        return ""
    seconds = int(((job.ended_at or timezone.now()) - job.started_at).total_seconds())
    if seconds < 60:
        return _("%(seconds)s s") % {"seconds": seconds}
    return _("%(minutes)s min %(seconds)s s") % {"minutes": seconds // 60, "seconds": seconds % 60}


def _message(job: Job) -> str:
    if job.state == JobState.FAILED:
        return job.failure or _(
            "Something went wrong on our side, and nothing was changed. Try again; if it happens "
            "once more, tell your administrator the number %(number)s."
        ) % {"number": job.pk}
    return str(job.result.get("message", ""))


def _progress_text(job: Job) -> str:
    if not job.total:
        return _("In the queue") if job.state == JobState.WAITING else _("Getting ready")
    counted = {"done": f"{job.done:,}", "total": f"{job.total:,}"}
    return _("%(done)s of %(total)s rows") % counted


def _shown(job: Job) -> dict[str, object]:
    """What the page says of a job. Its asker named title and further pages in `params["page"]`."""
    page = job.params.get("page", {})
    is_finished = job.state not in OPEN_JOB_STATES
    is_done = job.state == JobState.DONE
    tone = {JobState.DONE: "good", JobState.FAILED: "late"}.get(JobState(job.state), "plain")
    refused = job.result.get("refused")
    title = (is_finished and page.get("ended")) or page.get("title")
    onward = page.get("result_label")
    return {
        "pk": job.pk,
        "title": _(title) if title else _("Background work"),
        "about": job.source.name if job.source else "",
        "state_word": job.get_state_display(),
        "tone": tone,
        "done": job.total if is_done else job.done,
        "total": job.total,
        "progress_text": _progress_text(job),
        "note": _duration(job),
        "is_finished": is_finished,
        "message": _message(job),
        "figures": _figures(job.result, _rows_url(job)) if is_done else [],
        "result_url": _address(page.get("result"), job) if is_done else "",
        "result_label": _(onward) if onward else _("Go on"),
        "errors_url": reverse("core:job_output", kwargs={"pk": job.pk})
        if job.output and not job.output.emptied_at
        else "",
        "errors_count": refused if isinstance(refused, int) else 0,
        "stop_url": "",
    }


@_signed_in
@never_cache
@require_safe
def job(request: Request, pk: int) -> HttpResponse:
    """How far one's own piece of work is; asks again every second until it has ended."""
    asked = _own_job(request, pk)
    page = asked.params.get("page", {})
    if asked.state == JobState.DONE and page.get("goes_on"):
        return _going_on(request, _address(page["result"], asked))
    template = "core/job.html#progress" if request.htmx else "core/job.html"
    back_url = _address(page.get("back"), asked) or reverse("desk:home")
    return TemplateResponse(request, template, {"job": _shown(asked), "back_url": back_url})


def _going_on(request: Request, address: str) -> HttpResponse:
    """To the page that shows what was found, whoever asks: the browser or the page's own script."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _still_opens(job: Job, person: Any) -> bool:
    """The page where the job was asked for is open to the person's role of today."""
    back = _address(job.params.get("page", {}).get("back"), job)
    access = getattr(resolve(back).func, "access", None) if back else None
    return not isinstance(access, frozenset) or person.role in access


@_signed_in
@never_cache
@require_safe
def job_output(request: HttpRequest, pk: int) -> HttpResponse:
    """The file that one's own piece of work made, while one may still open the page it came from:
    it quotes the rows of customers.
    """
    asked = _own_job(request, pk)
    if not _still_opens(asked, request.user):
        raise PermissionDenied
    if asked.output is None or asked.output.emptied_at:
        raise Http404
    content = asked.output.opened()
    response = HttpResponse(content, content_type=asked.output.content_type)
    response.headers["Content-Disposition"] = attachment(asked.output.name)
    return response


def attachment(name: str) -> str:
    """The header that saves a file under `name`, in any script and whatever it holds (RFC 6266)."""
    return content_disposition_header(True, clean_filename(name)) or "attachment"


def list_file(content: bytes, *, kind: FileKind, name: str) -> HttpResponse:
    """An exported list as a file to be saved, which nothing on its way keeps."""
    headers = {"Content-Disposition": attachment(name), "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=CONTENT_TYPES[kind], headers=headers)


def exported_file(request: HttpRequest, pk: int, *, kind: str, back_url: str) -> HttpResponse:
    """One's own exported list, made by a job of this kind: fetched once, within a day."""
    found = get_object_or_404(Job, pk=pk, asked_by=request.user, kind=kind)
    file_id = found.result.get("file")
    if not file_id or found.ended_at is None or timezone.now() - found.ended_at > EXPORT_KEPT:
        raise Http404
    if request.method == "GET":
        context = {"job": found, "back_url": back_url}
        return TemplateResponse(request, "core/listing/exported.html", context)
    return _hand_over(found, file_id)


@transaction.atomic
def _hand_over(job: Job, file_id: int) -> HttpResponse:
    """The file, for the one who comes first; it is gone afterwards."""
    taken = Job.objects.filter(pk=job.pk, result__file=file_id).update(result={"taken": True})
    if not taken:
        raise Http404
    file = get_object_or_404(StoredFile, pk=file_id, emptied_at=None)
    answer = list_file(file.opened(), kind=FileKind(job.params["kind"]), name=file.name)
    file.delete()
    return answer
