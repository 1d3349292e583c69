"""The cast: the same people in every story."""

from __future__ import annotations

from dataclasses import dataclass

from anxin.foundation.accounts.models import User
from anxin.foundation.org.models import Post, Unit
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
    """In three statements: nearly every second test begins with this."""
    headquarters = Unit(code="HQ", name="总公司", level="hq", path="/HQ/")
    shanghai = Unit(code="3100", name="上海分公司", level="province", parent=headquarters, path="/HQ/3100/")
    pudong = Unit(code="310115", name="浦东支公司", level="county", parent=shanghai, path="/HQ/3100/310115/")
    nanjing = Unit(code="3201", name="南京分公司", level="city", parent=headquarters, path="/HQ/3201/")
    Unit.objects.bulk_create([headquarters, shanghai, pudong, nanjing])
    posts: list[Post] = []

    def post(username: str, name: str, role: Role, unit: Unit) -> User:
        user = User(username=username, display_name=name)
        user.set_unusable_password()
        posts.append(Post(user=user, role_id=role, unit=unit, from_date=people.FROM))
        return user

    cast = Cast(
        headquarters=headquarters,
        shanghai=shanghai,
        pudong=pudong,
        nanjing=nanjing,
        manager=post("gu", "顾宁", Role.CUSTOMER_MANAGER, pudong),
        colleague=post("shen", "沈悦", Role.CUSTOMER_MANAGER, pudong),
        outsider=post("qian", "钱进", Role.CUSTOMER_MANAGER, nanjing),
        team_lead=post("he", "何立", Role.TEAM_LEAD, pudong),
        branch_manager=post("lin", "林峰", Role.BRANCH_MANAGER, shanghai),
        head_office=post("tang", "唐敏", Role.HEAD_OFFICE, headquarters),
        agent=post("xu", "许岚", Role.CALL_AGENT, shanghai),
        auditor=post("song", "宋严", Role.AUDITOR, headquarters),
        administrator=post("admin", "管理员", Role.ADMINISTRATOR, headquarters),
        steward=post("data", "郑数", Role.DATA_STEWARD, headquarters),
        protector=post("dpo", "卫护", Role.DATA_PROTECTION, headquarters),
    )
    User.objects.bulk_create([row.user for row in posts])
    Post.objects.bulk_create(posts)
    return cast
