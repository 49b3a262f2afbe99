"""What each request knows of its person: reach, language, and whose page it comes from."""

from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django_htmx.http import HttpResponseClientRefresh

from staff.scope import reach_of

LANGUAGES = ("zh-hans", "en")


class ReachMiddleware:
    """Puts `request.reach` there, worked out afresh for each request and only when asked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.reach = SimpleLazyObject(lambda: reach_of(request.user, today=timezone.localdate()))
        return self.get_response(request)


class LanguageMiddleware:
    """Chinese unless this person, or this browser before sign-in, chose English."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = request.COOKIES.get("language", "")
        if request.user.is_authenticated and request.user.language:
            language = request.user.language
        language = language if language in LANGUAGES else LANGUAGES[0]
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class WhosePageMiddleware:
    """A page that was drawn for somebody else, who was signed in before in another window, is read
    anew instead of getting a piece of what the person of now sees.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        drawn_for = request.headers.get("X-Drawn-For")
        if request.htmx and drawn_for not in (None, str(request.user.pk or "")):
            return HttpResponseClientRefresh()
        return self.get_response(request)
