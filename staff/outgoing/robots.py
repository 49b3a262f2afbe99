"""Group robots: their addresses, signatures, JSON and error codes.

An address that somebody typed is called by our server: it is taken only where it is https, without
user or port, on the service's own host and path, so that a robot can never be made to knock at a
door inside the company. No redirect is followed.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs, quote_plus, urlsplit

import httpx
from django.conf import settings

from core.rules import Blocker
from staff.outgoing.message import Message, Undelivered, Why
from staff.states import RobotKind

TIMEOUT = httpx.Timeout(5.0)
LONGEST_ANSWER = 64 * 1024
_WIDE = {ord("<"): "＜", ord(">"): "＞"}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a service takes: bytes a message, messages a minute; whoever sends more waits."""

    size: int
    a_minute: int
    pause: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service: where its robots live, how it is asked and how it answers."""

    hosts: frozenset[str]
    path: str
    key: str  # the parameter that is the robot's key; "" where the path ends in it
    limits: Limits
    wants: Callable[[str], dict[str, object]]
    code: str
    errors: Mapping[int, Why]


def _text(text: str) -> dict[str, object]:
    """Plain text: a robot's Markdown would read signs in the name of a store as its own."""
    return {"msgtype": "text", "text": {"content": text}}


def _feishu(text: str) -> dict[str, object]:
    return {"msg_type": "text", "content": {"text": text}}


SERVICES: Mapping[RobotKind, Service] = {
    RobotKind.WECOM: Service(
        hosts=frozenset({"qyapi.weixin.qq.com"}),
        path="/cgi-bin/webhook/send",
        key="key",
        limits=Limits(size=2048, a_minute=20),
        wants=_text,
        code="errcode",
        errors={
            -1: Why.BROKEN,
            45009: Why.TOO_MANY,
            45033: Why.TOO_MANY,
            93000: Why.GONE,
            93004: Why.GONE,
            93008: Why.GONE,
            40008: Why.UNWANTED,
            40058: Why.UNWANTED,
            45002: Why.UNWANTED,
        },
    ),
    RobotKind.DINGTALK: Service(
        hosts=frozenset({"oapi.dingtalk.com"}),
        path="/robot/send",
        key="access_token",
        limits=Limits(size=20_000, a_minute=20, pause=timedelta(minutes=10)),
        wants=_text,
        code="errcode",
        errors={
            -1: Why.BROKEN,
            130101: Why.TOO_MANY,
            130102: Why.TOO_MANY,
            410100: Why.TOO_MANY,
            300001: Why.GONE,
            300005: Why.GONE,
            400013: Why.GONE,
            400101: Why.GONE,
            400102: Why.GONE,
            400106: Why.GONE,
            310000: Why.NO_RIGHT,
            400105: Why.UNWANTED,
            430101: Why.UNWANTED,
            430102: Why.UNWANTED,
            430103: Why.UNWANTED,
            430104: Why.UNWANTED,
        },
    ),
    RobotKind.FEISHU: Service(
        hosts=frozenset({"open.feishu.cn", "open.larksuite.com"}),
        path="/open-apis/bot/v2/hook/",
        key="",
        limits=Limits(size=20_000, a_minute=60),
        wants=_feishu,
        code="code",
        errors={
            11232: Why.TOO_MANY,
            99991400: Why.TOO_MANY,
            # “too many request” as well as “Bad Request”; our request is always of one shape.
            9499: Why.TOO_MANY,
            2200: Why.BROKEN,
            19001: Why.GONE,
            19002: Why.UNWANTED,
            19007: Why.GONE,
            19021: Why.NO_RIGHT,
            19022: Why.NO_RIGHT,
            19024: Why.NO_RIGHT,
        },
    ),
}
LIMITS: Mapping[RobotKind, Limits] = {kind: service.limits for kind, service in SERVICES.items()}


def address_blockers(*, kind: RobotKind, address: str) -> list[Blocker]:
    """Why an address is not one of this service's robots."""
    service = SERVICES[kind]
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return [Blocker("no_address")]
    if parts.scheme != "https" or "@" in parts.netloc or port not in (None, 443):
        return [Blocker("no_address")]
    if parts.hostname not in service.hosts:
        return [Blocker("other_host", {"hosts": ", ".join(sorted(service.hosts))})]
    asked = parse_qs(parts.query)
    if service.key:
        is_whole = parts.path == service.path and bool(asked.get(service.key))
    else:
        rest = parts.path.removeprefix(service.path)
        is_whole = rest != parts.path and rest.replace("-", "").isalnum()
    return [] if is_whole and not parts.fragment else [Blocker("no_address")]


def _key(*, kind: RobotKind, address: str) -> str:
    parts = urlsplit(address)
    name = SERVICES[kind].key
    return parse_qs(parts.query)[name][0] if name else parts.path.rsplit("/", 1)[-1]


def shown_address(*, kind: RobotKind, address: str) -> str:
    """Enough of an address to tell one robot from another: its host and the end of its key."""
    return f"{urlsplit(address).hostname}/…{_key(kind=kind, address=address)[-4:]}"[:80]


def identity(*, kind: RobotKind, address: str) -> str:
    """What makes two addresses one robot: its key, however the address around it is typed."""
    return f"{kind.value}:{_key(kind=kind, address=address)}"


def post(message: Message, *, kind: RobotKind, address: str, secret: str, now: datetime) -> None:
    """Post one message by a robot. Raises Undelivered."""
    if address_blockers(kind=kind, address=address):
        raise Undelivered(Why.ADDRESS)
    service = SERVICES[kind]
    payload = service.wants(_harmless(message).within(service.limits.size))
    if secret and kind == RobotKind.DINGTALK:
        address += _dingtalk_signature(secret, now)
    if secret and kind == RobotKind.FEISHU:
        payload |= _feishu_signature(secret, now)
    _read(_asked(_behind(kind, address), payload), service)


def _harmless(message: Message) -> Message:
    """Without signs that a service takes for an order: <at user_id="all"> calls a whole group."""
    return Message(subject=message.subject.translate(_WIDE), body=message.body.translate(_WIDE))


def _behind(kind: RobotKind, address: str) -> str:
    """The address itself; in tests, the same path on a gateway of the test's own."""
    gateway = settings.ROBOT_GATEWAYS.get(kind)
    parts = urlsplit(address)
    return f"{gateway}{parts.path}?{parts.query}" if gateway else address


def _dingtalk_signature(secret: str, now: datetime) -> str:
    """Milliseconds and the secret, signed by the secret, as two more parameters."""
    stamp = str(int(now.timestamp() * 1000))
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return f"&timestamp={stamp}&sign={quote_plus(base64.b64encode(digest))}"


def _feishu_signature(secret: str, now: datetime) -> dict[str, object]:
    """Nothing, signed by seconds and the secret, as two more fields."""
    stamp = str(int(now.timestamp()))
    digest = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}


def _asked(address: str, payload: Mapping[str, object]) -> httpx.Response:
    """The answer to a post; told apart is what certainly did not arrive and what nobody knows."""
    try:
        with httpx.Client(timeout=TIMEOUT, follow_redirects=False) as client:
            return client.post(address, json=payload)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
        raise Undelivered(Why.AWAY) from error
    except httpx.HTTPError as error:
        raise Undelivered(Why.UNKNOWN) from error
    except httpx.InvalidURL as error:
        raise Undelivered(Why.ADDRESS) from error


def _read(answer: httpx.Response, service: Service) -> None:
    """Nothing where the service took the message. Raises Undelivered.

    What it says in JSON goes before its status: Feishu answers 400 to what went too fast. An
    error without it may be a proxy's on the way back: the message may have arrived.
    """
    code = _code(answer, service.code)
    if code == 0 and answer.is_success:
        return
    if code:
        raise Undelivered(service.errors.get(code, Why.REFUSED), str(code))
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise Undelivered(Why.TOO_MANY, str(answer.status_code))
    if answer.is_server_error or answer.is_success:
        raise Undelivered(Why.UNKNOWN, str(answer.status_code))
    raise Undelivered(Why.REFUSED, str(answer.status_code))


def _code(answer: httpx.Response, name: str) -> int | None:
    """The code in the answer's JSON; None where there is none to be read."""
    if len(answer.content) > LONGEST_ANSWER:
        return None
    try:
        said = answer.json()
    except ValueError:
        return None
    code = said.get(name) if isinstance(said, dict) else None
    return code if isinstance(code, int) else None
