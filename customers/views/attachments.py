"""Pictures kept with a customer: brought in, looked at, described, taken away."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.days import moment_text
from core.models import StoredFile
from core.phones import mask_in_text, put_back
from core.refusals import Refused
from core.services.sent import arrived
from customers.forms.attachments import AttachForm, DescribeForm
from customers.models import Attachment, Customer
from customers.queries import are_visible
from customers.queries.attachments import attached
from customers.services import attachments as services
from customers.services.pictures import (
    CONTENT_TYPE,
    LARGEST_UPLOAD,
    Picture,
    PictureRefused,
    read_picture,
)
from customers.views.fetching import get_customer_for
from staff.access import only
from staff.requests import Request
from staff.scope import ATTACHMENT_ROLES

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def files_url(customer_id: int) -> str:
    """The tab of the card on which the pictures stand."""
    return reverse("desk:customer", args=[customer_id]) + "?tab=files"


def get_attachment_for(request: Request, pk: int) -> Attachment:
    """The picture `pk`, unless it is a stranger's, evidence, or was taken away (404)."""
    rows = attached().filter(are_visible(request.reach, path="customer"))
    return get_object_or_404(rows.select_related("customer", "added_by"), pk=pk)


@only(ATTACHMENT_ROLES)
@GET_OR_POST
def attach(request: Request, pk: int) -> HttpResponse:
    """Bring in some pictures; those that are none are named, the others are kept."""
    customer = get_customer_for(request, pk)
    is_sent = request.method == "POST"
    form = AttachForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        customer=customer,
    )
    if form.is_valid():
        pictures, refused = read_pictures(form.cleaned_data["pictures"])
        if pictures and _keep(request, customer, form, pictures):
            for sentence in refused:
                messages.warning(request, sentence)
            return arrived(redirect(files_url(pk)), f"attach:{pk}")
        for sentence in refused:
            form.add_error("pictures", sentence)
    context = {"form": form, "customer": customer, "back_url": files_url(pk)}
    return TemplateResponse(request, "customers/attach.html", context)


def read_pictures(files: list[UploadedFile]) -> tuple[list[Picture], list[str]]:
    """The pictures among `files`, and a sentence for each that is none."""
    pictures, refused = [], []
    for file in files:
        try:
            if (file.size or 0) > LARGEST_UPLOAD:
                raise PictureRefused.because("too_heavy", most=LARGEST_UPLOAD // 1024 // 1024)
            pictures.append(read_picture(file.read()))
        except PictureRefused as refusal:
            said = {"name": mask_in_text(file.name or ""), "sentence": str(refusal)}
            refused.append(_("“%(name)s” is not kept: %(sentence)s") % said)
    return pictures, refused


def _keep(request: Request, customer: Customer, form: AttachForm, pictures: list[Picture]) -> bool:
    values = form.cleaned_data
    try:
        count = services.add_attachments(
            customer=customer,
            pictures=pictures,
            kind=values["kind"],
            caption=values["caption"],
            product=values.get("product"),
            key=values["key"],
            by=request.user,
            now=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    kept = ngettext("%(count)s picture is kept.", "%(count)s pictures are kept.", count)
    messages.success(request, kept % {"count": count})
    return True


@only(ATTACHMENT_ROLES)
@GET_OR_POST
def attachment(request: Request, pk: int) -> HttpResponse:
    """One picture in full, and what it shows."""
    found = get_attachment_for(request, pk)
    initial = {"kind": found.kind, "caption": mask_in_text(found.caption)}
    form = DescribeForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        caption = put_back(form.cleaned_data["caption"], kept=found.caption)
        try:
            services.describe_attachment(
                attachment=found,
                kind=form.cleaned_data["kind"],
                caption=caption[:120],
                by=request.user,
                now=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(files_url(found.customer_id))
    context = {
        "attachment": found,
        "customer": found.customer,
        "title": mask_in_text(str(found)),
        "when": moment_text(found.added_at, now=timezone.now()),
        "form": form,
        "back_url": files_url(found.customer_id),
    }
    return TemplateResponse(request, "customers/attachment.html", context)


@only(ATTACHMENT_ROLES)
@require_POST
def detach(request: Request, pk: int) -> HttpResponse:
    """Take a picture off the card; it stays kept."""
    found = get_attachment_for(request, pk)
    services.remove_attachment(attachment=found, by=request.user, now=timezone.now())
    messages.success(request, _("The picture is taken off the card."))
    return redirect(files_url(found.customer_id))


@only(ATTACHMENT_ROLES)
@require_safe
def picture(request: Request, pk: int) -> HttpResponse:
    """The picture itself."""
    return serve_file(request, get_attachment_for(request, pk).file_id)


@only(ATTACHMENT_ROLES)
@require_safe
def thumbnail(request: Request, pk: int) -> HttpResponse:
    """The picture in small."""
    return serve_file(request, get_attachment_for(request, pk).thumbnail_id)


def serve_file(request: Request, file_id: int) -> HttpResponse:
    """The browser may keep it and asks each time whether it still may show it."""
    file = StoredFile.objects.defer("content").get(pk=file_id)
    headers = {
        "Cache-Control": "private, no-cache",
        "ETag": f'"{file.sha256}"',
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'inline; filename="picture-{file.pk}.jpg"',
    }
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(file.opened(), content_type=CONTENT_TYPE, headers=headers)
