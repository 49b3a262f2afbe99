"""Group robots: addresses, shapes, signatures and codes, against a gateway that lives."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from staff.outgoing import LIMITS, Message, Undelivered, Why, address_blockers, identity, post
from staff.outgoing_words import WORDS, error_words
from staff.states import RobotKind
from tests.factories.outgoing import ADDRESSES
from tests.staff.gateways import running_gateway

NOW = datetime(2026, 5, 6, 4, tzinfo=UTC)
HELLO = Message(subject="Store 1", body="Due today: 3")


@pytest.fixture
def gateway(settings):
    with running_gateway() as running:
        settings.ROBOT_GATEWAYS = dict.fromkeys(RobotKind.values, running.url)
        yield running


def sent(kind: RobotKind, message: Message = HELLO, secret: str = "") -> None:
    post(message, kind=kind, address=ADDRESSES[kind], secret=secret, now=NOW)


@pytest.mark.parametrize("kind", RobotKind)
def test_each_service_gets_the_text_in_its_shape(gateway, kind):
    sent(kind)
    assert gateway.texts == ["Store 1\n\nDue today: 3"]
    asked = urlsplit(gateway.arrived[0]["path"])
    wanted = urlsplit(ADDRESSES[kind])
    assert (asked.path, asked.query) == (wanted.path, wanted.query)


def test_dingtalk_is_signed_in_the_address(gateway):
    sent(RobotKind.DINGTALK, secret="SEC123")
    asked = parse_qs(urlsplit(gateway.arrived[0]["path"]).query)
    stamp = asked["timestamp"][0]
    digest = hmac.new(b"SEC123", f"{stamp}\nSEC123".encode(), hashlib.sha256).digest()
    assert stamp == str(int(NOW.timestamp() * 1000))
    assert base64.b64decode(asked["sign"][0]) == digest


def test_feishu_is_signed_in_the_body(gateway):
    sent(RobotKind.FEISHU, secret="abc")
    body = gateway.arrived[0]["body"]
    digest = hmac.new(f"{body['timestamp']}\nabc".encode(), b"", hashlib.sha256).digest()
    assert body["timestamp"] == str(int(NOW.timestamp()))
    assert base64.b64decode(body["sign"]) == digest


@pytest.mark.parametrize("kind", RobotKind)
def test_a_long_text_is_cut_at_a_line_to_what_the_service_takes(gateway, kind):
    lines = "\n".join(f"{number}号店：逾期 {number}" for number in range(3000))
    sent(kind, Message(subject="全部门店", body=lines))
    text = gateway.texts[0]
    assert len(text.encode()) <= LIMITS[kind].size < len(lines.encode())
    assert text.endswith("\n…")
    assert text.splitlines()[-2] in lines.splitlines()


@pytest.mark.parametrize(
    ("kind", "status", "said", "why"),
    [
        (RobotKind.WECOM, 200, {"errcode": 93000, "errmsg": "invalid webhook url"}, Why.GONE),
        (RobotKind.WECOM, 200, {"errcode": 45009}, Why.TOO_MANY),
        (RobotKind.WECOM, 200, {"errcode": 77777}, Why.REFUSED),
        (RobotKind.DINGTALK, 200, {"errcode": 310000}, Why.NO_RIGHT),
        (RobotKind.DINGTALK, 200, {"errcode": 130101}, Why.TOO_MANY),
        (RobotKind.DINGTALK, 200, {"errcode": -1}, Why.BROKEN),
        (RobotKind.WECOM, 200, {"errcode": 93004}, Why.GONE),
        (RobotKind.DINGTALK, 200, {"errcode": 400106}, Why.GONE),
        (RobotKind.DINGTALK, 200, {"errcode": 400013}, Why.GONE),
        (RobotKind.FEISHU, 400, {"code": 9499, "msg": "too many request"}, Why.TOO_MANY),
        (RobotKind.FEISHU, 200, {"code": 19007}, Why.GONE),
        (RobotKind.FEISHU, 500, {"code": 2200}, Why.BROKEN),
        (RobotKind.FEISHU, 200, {"code": 19021}, Why.NO_RIGHT),
        (RobotKind.FEISHU, 200, {"code": 19024}, Why.NO_RIGHT),
        (RobotKind.FEISHU, 400, {"code": 11232}, Why.TOO_MANY),
        (RobotKind.WECOM, 500, "oops", Why.UNKNOWN),
        (RobotKind.WECOM, 504, "<html>gateway time-out</html>", Why.UNKNOWN),
        (RobotKind.WECOM, 429, "slower", Why.TOO_MANY),
        (RobotKind.WECOM, 404, "no", Why.REFUSED),
        (RobotKind.WECOM, 302, "elsewhere", Why.REFUSED),
        (RobotKind.WECOM, 200, "<html>a proxy's page</html>", Why.UNKNOWN),
        (RobotKind.WECOM, 200, [], Why.UNKNOWN),
        (RobotKind.WECOM, 500, {"errcode": 0}, Why.UNKNOWN),
    ],
)
def test_what_a_service_answers_is_read(gateway, kind, status, said, why):
    gateway.script = [(status, said)]
    with pytest.raises(Undelivered) as failure:
        sent(kind)
    assert failure.value.why == why
    assert failure.value.may_pass == (why in (Why.BROKEN, Why.TOO_MANY, Why.UNKNOWN))


@pytest.mark.parametrize("kind", RobotKind)
def test_no_name_gives_an_order_to_a_service(gateway, kind):
    name = '<at user_id="all">全部</at> <@all> [点这里](https://evil.example) _店_ *'
    sent(kind, Message(subject=name, body=f"{name}：逾期 3"))
    assert not set("<>") & set(gateway.texts[0])
    assert "[点这里](https://evil.example) _店_ *" in gateway.texts[0]
    body = gateway.arrived[0]["body"]
    assert {body.get("msgtype"), body.get("msg_type")} == {"text", None}


@pytest.mark.parametrize("kind", RobotKind)
def test_one_robot_is_known_however_its_address_is_typed(kind):
    address = ADDRESSES[kind]
    same = f"{address}&a=b" if "?" in address else f"{address}?a=b"
    one = identity(kind=kind, address=address)
    assert identity(kind=kind, address=same) == one
    assert identity(kind=kind, address=f"{address}f") != one
    assert len({identity(kind=kind, address=ADDRESSES[kind]) for kind in RobotKind}) == 3


def test_no_connection_is_told_from_no_answer(gateway, settings):
    gateway.script = [lambda: None]
    with pytest.raises(Undelivered) as unknown:
        sent(RobotKind.WECOM)
    settings.ROBOT_GATEWAYS = {RobotKind.WECOM: "http://127.0.0.1:1"}
    with pytest.raises(Undelivered) as away:
        sent(RobotKind.WECOM)
    assert (unknown.value.why, away.value.why) == (Why.UNKNOWN, Why.AWAY)


BAD = [
    "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
    "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=1",
    "https://evil.example/cgi-bin/webhook/send?key=1",
    "https://127.0.0.1/cgi-bin/webhook/send?key=1",
    "https://[::1]/cgi-bin/webhook/send?key=1",
    "https://169.254.169.254/latest/meta-data/?key=1",
    "https://qyapi.weixin.qq.com@evil.example/cgi-bin/webhook/send?key=1",
    "https://user@qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
    "https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send?key=1",
    "https://qyapi.weixin.qq.com:x/cgi-bin/webhook/send?key=1",
    "https://qyapi.weixin.qq.com/cgi-bin/user/get?key=1",
    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=",
    "https://qyapi.weixin.qq.com/cgi-bin/webhook/../user/get?key=1",
    "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1#x",
    "https://oapi.dingtalk.com/robot/send?access_token=1",
    "file:///etc/passwd",
    "//qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1",
    "",
]


@pytest.mark.parametrize("address", BAD)
def test_no_robot_knocks_at_another_door(gateway, address):
    assert address_blockers(kind=RobotKind.WECOM, address=address)
    with pytest.raises(Undelivered) as refused:
        post(HELLO, kind=RobotKind.WECOM, address=address, secret="", now=NOW)
    assert refused.value.why == Why.ADDRESS
    assert gateway.arrived == []


@pytest.mark.parametrize(
    "address",
    [
        "https://open.feishu.cn/open-apis/bot/v2/hook/",
        "https://open.feishu.cn/open-apis/bot/v2/hook/../../x",
        "https://open.feishu.cn/open-apis/im/v1/messages",
    ],
)
def test_a_feishu_address_ends_in_its_key(address):
    assert address_blockers(kind=RobotKind.FEISHU, address=address)


@pytest.mark.parametrize("kind", RobotKind)
def test_the_control_a_robots_own_address_is_taken(kind):
    assert address_blockers(kind=kind, address=ADDRESSES[kind]) == []


def test_every_reason_has_words_with_the_services_code():
    assert set(WORDS) == set(Why)
    assert "93000" in error_words("gone:93000")
    assert error_words("unknown") == str(WORDS[Why.UNKNOWN])
    assert error_words("") == ""
