"""Where the sample insurer works: a compact excerpt of GB/T 2260 with plate letters and trunk codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class District:
    code: str
    name: str


@dataclass(frozen=True)
class City:
    code: str
    name: str
    plate_letter: str
    trunk_code: str
    districts: tuple[District, ...]


@dataclass(frozen=True)
class Province:
    code: str
    name: str
    plate_character: str
    cities: tuple[City, ...]


def _city(code: str, name: str, plate_letter: str, trunk_code: str, districts: str) -> City:
    pairs = [entry.split(":") for entry in districts.split()]
    return City(code, name, plate_letter, trunk_code, tuple(District(code + tail, label) for tail, label in pairs))


PROVINCES: Final = (
    Province(
        "37",
        "山东省",
        "鲁",
        (
            _city("3701", "济南市", "A", "0531", "02:历下区 03:市中区 04:槐荫区"),
            _city("3702", "青岛市", "B", "0532", "02:市南区 03:市北区 11:黄岛区"),
            _city("3706", "烟台市", "F", "0535", "02:芝罘区 11:福山区 12:牟平区"),
        ),
    ),
    Province(
        "32",
        "江苏省",
        "苏",
        (
            _city("3201", "南京市", "A", "025", "02:玄武区 04:秦淮区 05:建邺区"),
            _city("3205", "苏州市", "E", "0512", "05:虎丘区 06:吴中区 07:相城区"),
            _city("3202", "无锡市", "B", "0510", "05:锡山区 06:惠山区 11:滨湖区"),
        ),
    ),
    Province(
        "44",
        "广东省",
        "粤",
        (
            _city("4401", "广州市", "A", "020", "03:荔湾区 04:越秀区 05:海珠区"),
            _city("4403", "深圳市", "B", "0755", "03:罗湖区 04:福田区 05:南山区"),
            _city("4406", "佛山市", "E", "0757", "04:禅城区 05:南海区 06:顺德区"),
        ),
    ),
    Province(
        "51",
        "四川省",
        "川",
        (
            _city("5101", "成都市", "A", "028", "04:锦江区 05:青羊区 06:金牛区"),
            _city("5107", "绵阳市", "B", "0816", "03:涪城区 04:游仙区 05:安州区"),
            _city("5106", "德阳市", "F", "0838", "03:旌阳区 04:罗江区 81:广汉市"),
        ),
    ),
    Province(
        "42",
        "湖北省",
        "鄂",
        (
            _city("4201", "武汉市", "A", "027", "02:江岸区 03:江汉区 04:硚口区"),
            _city("4205", "宜昌市", "E", "0717", "02:西陵区 03:伍家岗区 06:夷陵区"),
            _city("4206", "襄阳市", "F", "0710", "02:襄城区 06:樊城区 07:襄州区"),
        ),
    ),
    Province(
        "33",
        "浙江省",
        "浙",
        (
            _city("3301", "杭州市", "A", "0571", "02:上城区 05:拱墅区 06:西湖区"),
            _city("3302", "宁波市", "B", "0574", "03:海曙区 05:江北区 06:北仑区"),
            _city("3303", "温州市", "C", "0577", "02:鹿城区 03:龙湾区 04:瓯海区"),
        ),
    ),
)

# Where people who moved in were first registered: their ID number keeps that region for life.
ELSEWHERE: Final = (
    (110101, "北京市"),
    (110105, "北京市"),
    (120101, "天津市"),
    (130102, "河北省"),
    (140105, "山西省"),
    (210102, "辽宁省"),
    (230102, "黑龙江省"),
    (310104, "上海市"),
    (340103, "安徽省"),
    (350102, "福建省"),
    (360102, "江西省"),
    (410102, "河南省"),
    (430102, "湖南省"),
    (450102, "广西壮族自治区"),
    (500103, "重庆市"),
    (520102, "贵州省"),
    (530102, "云南省"),
    (610102, "陕西省"),
    (620102, "甘肃省"),
    (650102, "新疆维吾尔自治区"),
)
