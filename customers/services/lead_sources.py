"""The platforms that send us leads, the secrets they sign with, and how a store hands them out."""

import hashlib
import hmac
import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.keyring import keyring
from core.refusals import Refused
from core.services import audit
from customers.models import DispatchRule, LeadSource
from customers.states import DispatchMethod, Source
from staff.models import Person, Region, Store

TOLERANCE_SECONDS = 300
PREFIX = "sha256="
# What an unknown sender's signature is compared with: as long a look as at a known one's.
NOBODYS = secrets.token_bytes(32)


class SourceNotChanged(Refused):
    """A source of leads could not be added or changed."""

    messages = {"code_taken": _("There is a source with this code already. Choose another.")}


def new_secret() -> str:
    return secrets.token_urlsafe(32)


@transaction.atomic
def create_source(
    *,
    code: str,
    name: str,
    source: Source | str,
    store: Store | None,
    region: Region | None,
    by: Person,
    now: datetime,
) -> tuple[LeadSource, str]:
    """A new source and its secret, which is never shown again. Raises SourceNotChanged."""
    secret = new_secret()
    try:
        with transaction.atomic():
            made = LeadSource.objects.create(
                code=code,
                name=name,
                source=source,
                store=store,
                region=region,
                secret=keyring().encrypt(secret),
                made_at=now,
                made_by=by,
            )
    except IntegrityError as error:
        raise SourceNotChanged.because("code_taken") from error
    audit.record(verb="create", of=made, by=by)
    return made, secret


@transaction.atomic
def change_source(
    *,
    origin: LeadSource,
    name: str,
    source: Source | str,
    store: Store | None,
    region: Region | None,
    is_active: bool,
    by: Person,
) -> None:
    """Write what changed; one that is not in use any more is refused at the door."""
    values = {
        "name": name, "source": source, "store": store, "region": region, "is_active": is_active,
    }  # fmt: skip
    changed = [field for field, value in values.items() if getattr(origin, field) != value]
    if not changed:
        return
    LeadSource.objects.filter(pk=origin.pk).update(**values)
    audit.record(verb="update", of=origin, by=by, fields=changed)


@transaction.atomic
def rotate_secret(*, origin: LeadSource, by: Person) -> str:
    """Another secret from now on; what is signed with the old one is refused."""
    secret = new_secret()
    LeadSource.objects.filter(pk=origin.pk).update(secret=keyring().encrypt(secret))
    audit.record(verb="rotate_secret", of=origin, by=by)
    return secret


def signature_of(*, secret: str | bytes, timestamp: str, body: bytes) -> str:
    """What a platform writes into its header for this body, sent at this second."""
    key = secret.encode() if isinstance(secret, str) else secret
    return PREFIX + hmac.new(key, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def verified_source(
    *, code: str, timestamp: str, signature: str, body: bytes, now: datetime
) -> LeadSource | None:
    """The source that signed this body within the last five minutes; None for anybody else.

    An unknown code, a source out of use, an old timestamp and a wrong signature answer alike.
    """
    origin = LeadSource.objects.filter(code=code, is_active=True).first()
    secret = keyring().decrypt(bytes(origin.secret)).encode() if origin else NOBODYS
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        return None
    expected = signature_of(secret=secret, timestamp=timestamp, body=body)
    is_signed = hmac.compare_digest(expected.encode(), signature.encode())
    is_fresh = abs(now.timestamp() - int(timestamp)) <= TOLERANCE_SECONDS
    return origin if origin and is_signed and is_fresh else None


@transaction.atomic
def set_dispatch_rule(
    *, store: Store, method: DispatchMethod | str, accept_minutes: int, by: Person
) -> DispatchRule:
    """How this store hands out its leads from now on."""
    rule, _is_new = DispatchRule.objects.update_or_create(
        store=store,
        defaults={"method": method, "accept_minutes": accept_minutes, "changed_by": by},
    )
    audit.record(verb="set_dispatch", of=store, by=by, method=str(method), minutes=accept_minutes)
    return rule
