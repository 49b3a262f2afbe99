"""Form-once: a filled-in form acts once, however often it is sent, and answers the same.

    with once(key=key, purpose="contact", by=by) as form:
        if form.result_id: return Contact.objects.get(pk=form.result_id)
        ...
        form.result_id = contact.pk

Where `content` is given, a key that comes back with other contents is refused: it would answer
for an act that never happened.

The insert of the token waits for a twin that is still at work (unique index), so that of fifty
parallel sendings one acts and forty-nine read its answer; whoever inserted it knows what is in it.
Must run inside the act's transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from core.models import FormToken
from core.refusals import Refused


class FormOfSomebodyElse(Refused):
    """The form's key was used by another person, for another purpose or for other contents."""

    messages = {
        "foreign_form": _("This form has expired. Open the page again and fill it in."),
        "other_content": _(
            "This form was already sent with other contents. Check the list, then fill in a new"
            " form."
        ),
    }


def _digest(content: str) -> str:
    """A keyed digest: contents hold phone numbers, which a plain hash would give away."""
    if not content:
        return ""
    return salted_hmac("core.once", content, algorithm="sha256").hexdigest()


def _claim(token: FormToken) -> bool:
    """Insert the token; true for the one who came first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_formtoken (key, purpose, content_hash, by_id)"
            " VALUES (%s, %s, %s, %s) ON CONFLICT (key) DO NOTHING",
            [str(token.key), token.purpose, token.content_hash, token.by_id],
        )
        return cursor.rowcount == 1


def _of_twin(sent: FormToken) -> FormToken:
    """The token of the first sending. Raises FormOfSomebodyElse where that was something else."""
    used = FormToken.objects.get(key=sent.key)
    if (used.by_id, used.purpose) != (sent.by_id, sent.purpose):
        raise FormOfSomebodyElse.because("foreign_form")
    if used.content_hash and used.content_hash != sent.content_hash:
        raise FormOfSomebodyElse.because("other_content")
    return used


@contextmanager
def once(*, key: UUID, purpose: str, by, content: str = "") -> Iterator[FormToken]:
    """The token of this form: `result_id` is set where it has acted before.

    Raises FormOfSomebodyElse when the key belongs to another person, purpose or `content`.
    """
    if connection.in_atomic_block is False:
        raise RuntimeError("once() belongs inside the transaction of the act it guards")
    token = FormToken(key=key, purpose=purpose, content_hash=_digest(content), by_id=by.pk)
    if not _claim(token):
        yield _of_twin(token)
        return
    yield token
    FormToken.objects.filter(key=key).update(result_id=token.result_id)
