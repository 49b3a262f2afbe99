"""What each request knows of its person: reach and language."""

from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

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
