"""What a person is told: the notices themselves, and what reaches them and how."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.days import date_text, moment_text
from core.web_address import outside
from staff.access import signed_in
from staff.models import FeedKey, NoticeSettings
from staff.notice_forms import NoticesForm
from staff.notice_pages import notices_of
from staff.requests import Request
from staff.services import feeds
from staff.services.notices import choose_notices, read_all, read_notice
from staff.states import NoticeKind

SHOWN_ONCE = "staff.feed_key"


@signed_in
@require_GET
def notices(request: Request) -> HttpResponse:
    """One's notices, newest first, a page at a time by keyset."""
    page = notices_of(request.user, now=timezone.now(), before=request.GET.get("before", ""))
    return TemplateResponse(request, "staff/notices.html", {"page": page})


@signed_in
@require_POST
def notice_open(request: Request, pk: int) -> HttpResponse:
    """Mark a notice as read and go where it points; a page of ours, whatever the row says."""
    notice = read_notice(pk=pk, by=request.user, now=timezone.now())
    if notice is None:
        raise Http404
    path = notice.path
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return redirect(path if is_ours else reverse("staff:notices"))


@signed_in
@require_POST
def notices_read(request: Request) -> HttpResponse:
    """Mark what stood on the page as read."""
    newest = request.POST.get("up_to", "")
    if newest.isascii() and newest.isdecimal() and len(newest) < 19:
        read_all(up_to=int(newest), by=request.user, now=timezone.now())
    return redirect("staff:notices")


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notice_settings(request: Request) -> HttpResponse:
    """Which notices, one mail a day or none, and the calendar feed, whose key is shown once."""
    person = request.user
    standing = NoticeSettings.objects.filter(person=person).first() or NoticeSettings()
    form = NoticesForm(
        request.POST if request.method == "POST" else None,
        email=person.email,
        initial={
            "told": [kind for kind in NoticeKind.values if kind not in standing.muted],
            "by_mail": standing.by_mail,
            "digest_at": standing.digest_at,
        },
    )
    if form.is_valid():
        choose_notices(**form.cleaned_data, by=person, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("staff:notice_settings")
    feed, now = FeedKey.objects.filter(person=person).first(), timezone.now()
    made = timezone.localdate(feed.made_at) if feed else None
    context = {
        "form": form,
        "email": person.email,
        "feed_address": _shown_once(request),
        "feed": feed,
        "feed_made": date_text(made, today=timezone.localdate(now)) if made else "",
        "feed_read": moment_text(feed.last_read_at, now=now) if feed and feed.last_read_at else "",
    }
    return TemplateResponse(request, "staff/notice_settings.html", context)


def _shown_once(request: Request) -> str:
    """The address of a feed that was made just now; "" ever after."""
    key = request.session.pop(SHOWN_ONCE, "")
    return outside(reverse("followups:feed", args=[key])) if key else ""


@signed_in
@require_POST
def feed_make(request: Request) -> HttpResponse:
    """A new address for one's feed; the one before is dead."""
    request.session[SHOWN_ONCE] = feeds.make_feed_key(by=request.user, now=timezone.now())
    return redirect("staff:notice_settings")


@signed_in
@require_POST
def feed_withdraw(request: Request) -> HttpResponse:
    feeds.withdraw_feed_key(by=request.user, now=timezone.now())
    messages.success(request, _("The calendar feed is withdrawn: its address shows nothing more."))
    return redirect("staff:notice_settings")
