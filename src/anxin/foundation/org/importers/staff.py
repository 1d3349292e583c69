"""Staff and their posts. A person who comes in may not sign in yet: there is no password until one is set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import pghistory
import polars as pl
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.utils import timezone

from anxin.foundation.org.models import Post, Unit
from anxin.kernel import bulk_finish, importing
from anxin.kernel.bulk_finish import GoneRows
from anxin.kernel.bulk_undo import Undo
from anxin.kernel.identifiers.phones import normalise_phones
from anxin.kernel.importing import (
    KEPT_SCHEMA,
    USED_SINCE,
    Applied,
    BatchContext,
    Checked,
    FieldKind,
    FieldSpec,
    Findings,
    Gone,
    Undone,
)
from anxin.kernel.permissions import Role
from anxin.kernel.personal import Kind
from anxin.kernel.words import mark as _

ROLES: Final = {
    **{role.value: role.value for role in Role},
    "客户经理": Role.CUSTOMER_MANAGER.value,
    "客服坐席": Role.CALL_AGENT.value,
    "坐席": Role.CALL_AGENT.value,
    "柜面人员": Role.COUNTER_STAFF.value,
    "大堂经理": Role.LOBBY_MANAGER.value,
    "团队主管": Role.TEAM_LEAD.value,
    "投诉处理岗": Role.COMPLAINT_HANDLER.value,
    "投诉审核岗": Role.COMPLAINT_REVIEWER.value,
    "机构负责人": Role.BRANCH_MANAGER.value,
    "总公司管理岗": Role.HEAD_OFFICE.value,
    "审计岗": Role.AUDITOR.value,
    "系统管理员": Role.ADMINISTRATOR.value,
    "数据管理员": Role.DATA_STEWARD.value,
    "个人信息保护负责人": Role.DATA_PROTECTION.value,
}
_OF_POST: Final = "(SELECT u.staff_no FROM accounts_user u WHERE u.id = t.user_id)"


class StaffImporter:
    kind: str = "staff"
    label: str = _("Staff")
    key_fields: Sequence[str] = ("staff_no",)
    fields: Sequence[FieldSpec] = (
        FieldSpec(
            name="staff_no",
            label=_("Staff number"),
            kind=FieldKind.CODE,
            is_required=True,
            max_length=40,
            aliases=("工号", "员工工号", "staff no", "staff number"),
        ),
        FieldSpec(
            name="name",
            label=_("Name"),
            is_required=True,
            max_length=80,
            personal=Kind.NAME,
            aliases=("姓名", "name"),
        ),
        FieldSpec(
            name="unit_code",
            label=_("Unit code"),
            kind=FieldKind.CODE,
            is_required=True,
            max_length=40,
            aliases=("机构代码", "归属机构", "unit code", "unit"),
        ),
        FieldSpec(
            name="role", label=_("Role"), is_required=True, max_length=40, aliases=("岗位", "角色", "role", "post")
        ),
        FieldSpec(
            name="mobile",
            label=_("Mobile"),
            kind=FieldKind.CODE,
            max_length=30,
            personal=Kind.MOBILE,
            aliases=("手机", "手机号", "mobile"),
        ),
        FieldSpec(
            name="email", label=_("E-mail"), max_length=254, personal=Kind.EMAIL, aliases=("邮箱", "电子邮件", "email")
        ),
    )
    problem_hints: dict[str, str] = {
        "value_missing": _("A required value is missing. Fill in the column and import the row again."),
        "unknown_role": _("The role is not known. Use a role code such as customer_manager, or map the value."),
        "phone_unreadable": _("The number is not a phone number; the row was taken without it. Correct the number."),
        "unknown_unit": _("There is no unit with this code. Import the unit first or correct the code."),
        "username_taken": _("Another user already signs in with this staff number as the user name. Rename that user."),
    }

    def check(self, rows: pl.DataFrame, context: BatchContext) -> Checked:
        table = importing.complete(rows, self.fields)
        found = Findings(table)
        for name in ("staff_no", "name", "unit_code", "role"):
            found.refuse(table[name].is_null(), name, "value_missing")
        role = table["role"].str.to_lowercase()
        found.refuse(~role.is_in(list(ROLES)), "role", "unknown_role", table["role"])
        phones = normalise_phones(table["mobile"])
        found.warn(~phones["ok"] & table["mobile"].is_not_null(), "mobile", "phone_unreadable", table["mobile"])
        checked = table.with_columns(
            role.replace_strict(ROLES, default=None).alias("role"),
            phones["normalised"].fill_null("").alias("mobile"),
            pl.col("email").fill_null("").str.to_lowercase(),
        )
        return Checked(checked.filter(~found.refused), found.table())

    @transaction.atomic
    def apply(self, rows: pl.DataFrame, context: BatchContext) -> Applied:
        """Sets the post of each person: posts from earlier imports that are no longer said end today."""
        users = get_user_model().objects
        units = dict(Unit.objects.filter(code__in=rows["unit_code"].unique()).values_list("code", "id"))
        known = {
            user.staff_no: user
            for user in users.select_for_update().filter(staff_no__in=rows["staff_no"].unique()).order_by("staff_no")
        }
        names = {number.lower() for number in rows["staff_no"] if number not in known}
        taken = set(users.filter(username__in=names).values_list("username", flat=True))
        posts: dict[UUID, dict[tuple[UUID, str], Post]] = {user.id: {} for user in known.values()}
        for post in Post.objects.filter(user__in=posts, until_date__isnull=True):
            posts[post.user_id][post.unit_id, post.role_id] = post
        today = timezone.localdate(context.now)
        counts = {"created": 0, "updated": 0, "unchanged": 0}
        problems: list[tuple[Any, ...]] = []
        new, changed, opened, closed = [], {}, [], []
        new_ids: set[UUID] = set()
        for row in rows.iter_rows(named=True):
            unit_id = units.get(row["unit_code"])
            if unit_id is None:
                problems.append((row["line"], "unit_code", "unknown_unit", row["unit_code"], False))
                continue
            values = {"display_name": row["name"], "email": row["email"], "mobile": row["mobile"]}
            user = known.get(row["staff_no"])
            is_new = is_changed = False
            if user is None:
                if row["staff_no"].lower() in taken:
                    problems.append((row["line"], "staff_no", "username_taken", row["staff_no"], False))
                    continue
                user = users.model(
                    username=row["staff_no"].lower(), staff_no=row["staff_no"], password=make_password(None), **values
                )
                known[row["staff_no"]] = user
                posts[user.id] = {}
                new.append(user)
                new_ids.add(user.id)
                is_new = True
            elif any(getattr(user, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(user, name, value)
                if user.id not in new_ids:
                    changed[user.id] = user
                is_changed = True
            held = posts[user.id]
            wanted = unit_id, row["role"]
            if wanted not in held:
                is_changed = True
                for place, post in list(held.items()):
                    # Posts given by hand stay: the file does not know them.
                    if post.batch_id is not None:
                        closed.append(post)
                        del held[place]
                held[wanted] = Post(
                    user=user, unit_id=unit_id, role_id=row["role"], from_date=today, batch_id=context.batch_id
                )
                opened.append(held[wanted])
            counts["created" if is_new else "updated" if is_changed else "unchanged"] += 1
        users.bulk_create(new)
        with pghistory.context(batch=str(context.batch_id)):
            users.bulk_update(list(changed.values()), ["display_name", "email", "mobile"])
            never_written = {id(post) for post in opened} & {id(post) for post in closed}
            for post in closed:
                post.until_date = today
            Post.objects.bulk_update([post for post in closed if id(post) not in never_written], ["until_date"])
            Post.objects.bulk_create([post for post in opened if id(post) not in never_written])
        return Applied(
            **counts,
            rejected=len(problems),
            problems=pl.DataFrame(problems, schema=importing.PROBLEM_SCHEMA, orient="row"),
        )

    @transaction.atomic
    def undo(self, batch_id: UUID) -> Undone:
        """Names and posts are as before; people who came with the batch go, unless they signed in or are needed."""
        work = Undo(batch_id)
        newcomers = _newcomers(batch_id)
        work.delete_created("org_post", name=_OF_POST)
        work.restore_changed("org_post", name=_OF_POST)
        work.restore_changed("accounts_user", name="t.staff_no")
        kept = []
        for user in newcomers:
            if user.last_login is not None or Post.objects.filter(user=user).exists() or _is_used(user):
                kept.append((user.staff_no, USED_SINCE))
                continue
            user.delete()
            work.count(1)
        work.keep(pl.DataFrame(kept, schema=KEPT_SCHEMA, orient="row"))
        return work.result()

    def finish(self, keys: Iterable[pl.DataFrame], context: BatchContext) -> Gone:
        """Ending somebody ends their posts of earlier loads; posts given by hand stay."""
        where, values = bulk_finish.of_batches(context)
        return GoneRows(
            keys, table="org_post", names=self.key_fields, key=["u.staff_no"],
            where=f"{where} AND t.until_date IS NULL", values=values, joins="JOIN accounts_user u ON u.id = t.user_id",
            shown="u.staff_no", ending="until_date = %s", ending_values=[timezone.localdate(context.now)],
        )  # fmt: skip


def _newcomers(batch_id: UUID) -> list[Any]:
    """Users who hold posts of this batch and never held another, and have no password of their own."""
    others = Post.objects.exclude(batch_id=batch_id).values("user_id")
    found = get_user_model().objects.filter(
        id__in=Post.objects.filter(batch_id=batch_id).values("user_id"),
        password__startswith=UNUSABLE_PASSWORD_PREFIX,
    )
    changed_by_batch = Post.objects.filter(batch_id__isnull=True).values("user_id")
    return list(found.exclude(id__in=others).exclude(id__in=changed_by_batch).order_by("staff_no"))


def _is_used(user: Any) -> bool:
    """Whether rows of any room refer to the user; PROTECT guards them."""
    collector = Collector(using="default", origin=user)
    try:
        collector.collect([user])
    except (ProtectedError, RestrictedError):
        return True
    return False
