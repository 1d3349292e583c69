"""Names of the shipped roles; what is kept of a token."""

from __future__ import annotations

import hashlib

from anxin.kernel.permissions import Role

ROLE_NAMES: dict[Role, tuple[str, str]] = {
    Role.CALL_AGENT: ("客服坐席", "Call-centre agent"),
    Role.COUNTER_STAFF: ("柜面人员", "Counter staff"),
    Role.LOBBY_MANAGER: ("大堂经理", "Lobby manager"),
    Role.CUSTOMER_MANAGER: ("客户经理", "Customer manager"),
    Role.TEAM_LEAD: ("团队主管", "Team lead"),
    Role.COMPLAINT_HANDLER: ("投诉处理岗", "Complaint handler"),
    Role.COMPLAINT_REVIEWER: ("投诉审核岗", "Complaint reviewer"),
    Role.BRANCH_MANAGER: ("机构负责人", "Branch manager"),
    Role.HEAD_OFFICE: ("总公司管理岗", "Head office"),
    Role.AUDITOR: ("审计岗", "Auditor"),
    Role.ADMINISTRATOR: ("系统管理员", "System administrator"),
    Role.DATA_STEWARD: ("数据管理员", "Data steward"),
    Role.DATA_PROTECTION: ("个人信息保护负责人", "Data protection officer"),
}


def token_digest(secret: str) -> bytes:
    """SHA-256 of a personal token: 256 bits of randomness need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()
