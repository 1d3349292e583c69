"""The cast: the same people in every story."""

from __future__ import annotations

from dataclasses import dataclass

from anxin.foundation.accounts.models import User
from anxin.foundation.org.models import Unit
from anxin.kernel.permissions import Role
from tests.build import people


@dataclass(frozen=True)
class Cast:
    """Two branches: 上海 with a county, 南京 beside it. Manager and colleague sit in 浦东, the outsider in 南京."""

    headquarters: Unit
    shanghai: Unit
    pudong: Unit
    nanjing: Unit
    manager: User
    colleague: User
    outsider: User
    team_lead: User
    branch_manager: User
    head_office: User
    agent: User
    auditor: User
    administrator: User
    steward: User
    protector: User


def make_cast() -> Cast:
    headquarters = people.unit(code="HQ", name="总公司", level="hq")
    shanghai = people.unit(code="3100", name="上海分公司", level="province", parent=headquarters)
    pudong = people.unit(code="310115", name="浦东支公司", level="county", parent=shanghai)
    nanjing = people.unit(code="3201", name="南京分公司", level="city", parent=headquarters)
    return Cast(
        headquarters=headquarters,
        shanghai=shanghai,
        pudong=pudong,
        nanjing=nanjing,
        manager=people.user(username="gu", name="顾宁", role=Role.CUSTOMER_MANAGER, unit=pudong),
        colleague=people.user(username="shen", name="沈悦", role=Role.CUSTOMER_MANAGER, unit=pudong),
        outsider=people.user(username="qian", name="钱进", role=Role.CUSTOMER_MANAGER, unit=nanjing),
        team_lead=people.user(username="he", name="何立", role=Role.TEAM_LEAD, unit=pudong),
        branch_manager=people.user(username="lin", name="林峰", role=Role.BRANCH_MANAGER, unit=shanghai),
        head_office=people.user(username="tang", name="唐敏", role=Role.HEAD_OFFICE, unit=headquarters),
        agent=people.user(username="xu", name="许岚", role=Role.CALL_AGENT, unit=shanghai),
        auditor=people.user(username="song", name="宋严", role=Role.AUDITOR, unit=headquarters),
        administrator=people.user(username="admin", name="管理员", role=Role.ADMINISTRATOR, unit=headquarters),
        steward=people.user(username="data", name="郑数", role=Role.DATA_STEWARD, unit=headquarters),
        protector=people.user(username="dpo", name="卫护", role=Role.DATA_PROTECTION, unit=headquarters),
    )
