"""Addresses taken apart (`FIL-08`) and compared (`FIL-32`)."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.addresses import Address, parse

# (text, community, building, unit, room)
PARTS = [
    ("橡树湾7幢3单元502", "橡树湾", "7", "3", "502"),
    ("橡树湾7-3-502", "橡树湾", "7", "3", "502"),
    ("橡树湾3号楼2单元1201室", "橡树湾", "3", "2", "1201"),
    ("橡树湾5栋1单元802", "橡树湾", "5", "1", "802"),
    ("橡树湾18-1-302", "橡树湾", "18", "1", "302"),
    ("橡树湾７幢３单元５０２", "橡树湾", "7", "3", "502"),
    ("橡树湾７－３－５０２", "橡树湾", "7", "3", "502"),
    ("橡树湾 7幢 3单元 502室", "橡树湾", "7", "3", "502"),
    ("橡树湾 7 3 502", "橡树湾", "7", "3", "502"),
    ("橡树湾7/3/502", "橡树湾", "7", "3", "502"),
    ("橡树湾，7幢，3单元，502", "橡树湾", "7", "3", "502"),
    ("橡树湾三号楼二单元一二〇一室", "橡树湾", "3", "2", "1201"),
    ("橡树湾十二幢一单元五零二房", "橡树湾", "12", "1", "502"),
    ("橡树湾二十三栋502号", "橡树湾", "23", "", "502"),
    ("橡树湾10号楼2-1001", "橡树湾", "10", "2", "1001"),
    ("橡树湾10#2-1001", "橡树湾", "10", "2", "1001"),
    ("橡树湾07幢03单元0502室", "橡树湾", "7", "3", "502"),
    ("橡树湾7号3单元502室", "橡树湾", "7", "3", "502"),
    ("橡树湾7幢东单元502", "橡树湾", "7", "东", "502"),
    ("橡树湾7幢3单元5层502", "橡树湾", "7", "3", "502"),
    ("橡树湾a幢1201", "橡树湾", "A", "", "1201"),
    ("橡树湾7幢3单元502A", "橡树湾", "7", "3", "502A"),
    ("国际大厦A座12楼1201室", "国际大厦", "A", "", "1201"),
    ("碧桂园东座1201", "碧桂园", "东", "", "1201"),
    ("杭州市余杭区杭行路666号橡树湾10幢2单元1001室", "橡树湾", "10", "2", "1001"),
    ("杭州余杭区橡树湾10幢2单元1001室", "橡树湾", "10", "2", "1001"),
    ("浙江省杭州市余杭区良渚街道万科良渚文化村18幢2单元501室", "万科良渚文化村", "18", "2", "501"),
    ("慈溪市白沙路街道学苑小区5幢302", "学苑小区", "5", "", "302"),
    ("文三路88号青枫苑5幢2单元302室", "青枫苑", "5", "2", "302"),
    ("文三路青枫苑5幢2单元302室", "青枫苑", "5", "2", "302"),
    ("文三路88号3幢502", "文三路88号", "3", "", "502"),
    ("文三路88号502室", "文三路", "88", "", "502"),
    ("文三路与学院路交叉口东方公寓3幢502", "东方公寓", "3", "", "502"),
    ("浦东新区张杨路1515弄5号1201室", "张杨路1515弄", "5", "", "1201"),
    ("张杨路1515弄爱法新庄园5号1201室", "爱法新庄园", "5", "", "1201"),
    ("北京市海淀区中关村大街１号院２号楼３单元", "中关村大街1号院", "2", "3", ""),
    ("金地花园二期3幢1单元1201", "金地花园2期", "3", "1", "1201"),
    ("翠苑一区12幢3单元502", "翠苑1区", "12", "3", "502"),
    ("万科城市花园3幢1单元502", "万科城市花园", "3", "1", "502"),
    ("之江壹号9幢1单元1101室", "之江壹号", "9", "1", "1101"),
    ("九龙仓君玺3幢502", "九龙仓君玺", "3", "", "502"),
    ("玫瑰园12幢", "玫瑰园", "12", "", ""),
    ("玫瑰园别墅12号", "玫瑰园别墅", "12", "", ""),
    ("桃花源西区12幢", "桃花源西区", "12", "", ""),
    ("西溪排屋12-3", "西溪排屋", "12-3", "", ""),
    ("平安村3组12号", "平安村3组", "12", "", ""),
    ("7幢3单元502", "", "7", "3", "502"),
    ("翡翠城", "翡翠城", "", "", ""),
    ("", "", "", "", ""),
]


@pytest.mark.parametrize(("text", "community", "building", "unit", "room"), PARTS)
def test_addresses_are_taken_apart(text, community, building, unit, room):
    found = parse(text)
    assert (found.community, found.building, found.unit, found.room) == (
        community,
        building,
        unit,
        room,
    )


SAME = [
    ("橡树湾10号楼2-1001", "杭州市余杭区杭行路666号橡树湾10幢2单元1001室"),
    ("翡翠城22-1-505", "翡翠城小区22幢1单元505室"),
    ("橡树湾７幢３单元５０２", "橡树湾七幢三单元五〇二"),
    ("橡树湾 7幢 502", "橡树湾7栋502室（东边套）"),
    ("金地花园二期3幢1201", "金地花园2期3号楼1201"),
    ("国际大厦a座1201", "国际大厦A座12楼1201室"),
]
DIFFERENT = [
    ("橡树湾7幢3单元502", "橡树湾7幢3单元503"),
    ("橡树湾7幢3单元502", "橡树湾7幢2单元502"),
    ("橡树湾7幢3单元502", "橡树湾8幢3单元502"),
    ("橡树湾1幢11单元502", "橡树湾11幢1单元502"),
    ("橡树湾17幢502", "橡树湾1幢7502"),
    ("橡树湾二期7幢502", "橡树湾一期7幢502"),
    ("橡树湾二期7幢502", "橡树湾7幢502"),
    ("翡翠城东区22幢505", "翡翠城西区22幢505"),
    ("绿城桂花园6幢402", "万科桂花园6幢402"),
    ("万科城市花园3幢502", "绿地城市花园3幢502"),
    ("丝绸之路花园5幢101", "花园5幢101"),
    ("文三路88号502室", "文三路89号502室"),
    ("张杨路1515弄5号1201室", "张杨路1517弄5号1201室"),
    ("翠苑一区12幢502", "翠苑二区12幢502"),
    ("橡树湾7幢502A", "橡树湾7幢502B"),
    ("橡树湾A幢502", "橡树湾B幢502"),
    ("橡树湾10幢", "橡树湾10幢101"),
    ("橡树湾7幢东单元502", "橡树湾7幢西单元502"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_home_typed_twice_has_one_key(one, other):
    assert parse(one).key == parse(other).key
    assert parse(one).may_be(parse(other))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_near_misses_have_different_keys(one, other):
    assert parse(one).key != parse(other).key
    assert not parse(one).may_be(parse(other))


@pytest.mark.parametrize(
    ("text", "is_door_level", "is_bare_house"),
    [
        ("橡树湾7幢3单元502", True, False),
        ("青山湖玫瑰园2幢101室", True, False),
        ("玫瑰园12幢", False, True),
        ("文三路88号", False, True),
        ("橡树湾7幢3单元", False, False),
        ("橡树湾3单元502", False, False),
        ("翡翠城", False, False),
        ("7幢3单元502", False, False),
        ("杭州市余杭区", False, False),
        ("", False, False),
    ],
)
def test_door_level_is_told_from_a_bare_house_and_from_too_little(
    text, is_door_level, is_bare_house
):
    address = parse(text)
    assert (address.is_door_level, address.is_bare_house) == (is_door_level, is_bare_house)


def test_a_community_alone_suspects_nobody():
    assert not parse("翡翠城").may_be(parse("翡翠城"))


def test_the_same_community_of_another_city_or_district_is_another_home():
    hangzhou = parse("杭州市余杭区万科城7幢3单元502")
    assert not hangzhou.may_be(parse("苏州市吴中区万科城7幢3单元502"))
    assert not hangzhou.may_be(parse("杭州市西湖区万科城7幢3单元502"))
    assert hangzhou.may_be(parse("余杭区万科城7幢3单元502"))
    assert hangzhou.may_be(parse("杭州余杭区万科城7幢3单元502"))
    assert hangzhou.may_be(parse("万科城7幢3单元502"))


def test_region_road_and_remarks_are_kept_as_rest():
    assert parse("杭州市西湖区文三路88号青枫苑5幢302室靠河").rest == "杭州市西湖区 文三路88号 靠河"


def test_no_text_is_no_address():
    assert parse(None) == parse("  ") == Address()


@given(st.text(max_size=400))
def test_no_text_raises(text):
    assert isinstance(parse(text).key, str)


@given(
    st.text(
        alphabet="杭州市余杭区文三路橡树湾一二三十0123456789幢栋号楼单元室-#- A座弄期", max_size=40
    )
)
def test_no_address_raises(text):
    address = parse(text)
    assert parse(text).key == address.key


NUMBER = st.integers(1, 39)


@given(
    st.sampled_from(["橡树湾", "之江壹号", "九龙仓君玺", "翠苑一区"]),
    NUMBER,
    NUMBER,
    st.integers(101, 3999),
)
def test_every_spelling_of_one_door_has_one_key(community, building, unit, room):
    spellings = [
        f"{community}{building}{word}{unit}单元{room}{tail}"
        for word, tail in itertools.product(["幢", "栋", "号楼", "座"], ["", "室", "房", "号"])
    ]
    spellings += [f"{community} {building}-{unit}-{room}", f"{community}{building}幢{unit}-{room}"]
    spellings += [f"浙江省杭州市余杭区{community}{building}#{unit}单元{room}"]
    assert len({parse(spelling).key for spelling in spellings}) == 1
    assert all(parse(spelling).is_door_level for spelling in spellings)
