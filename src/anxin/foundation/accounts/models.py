"""Who may sign in, and what their roles let them do."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from anxin.kernel.history import keeps_history
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.statements import Statement


class UserManager(BaseUserManager["User"]):
    def get(self, *conditions: Any, **named: Any) -> User:
        """As always; by its key alone, as every page of a signed-in user asks, by a statement that is made once."""
        if conditions or named.keys() != {"pk"} or not isinstance(named["pk"], UUID):
            return super().get(*conditions, **named)
        rows = _BY_KEY.all(key=named["pk"])
        if not rows:
            raise User.DoesNotExist(f"There is no user {named['pk']}.")
        return User.from_db(self.db, [field.attname for field in User._meta.concrete_fields], rows[0])

    def create_user(self, *, username: str, password: str | None = None, **fields: object) -> User:
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save()
        return user


@keeps_history(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """A person who may sign in. What they may do comes from their posts in the organisation."""

    class Theme(models.TextChoices):
        AUTO = "auto"
        LIGHT = "light"
        DARK = "dark"

    class Density(models.TextChoices):
        COMPACT = "compact"
        NORMAL = "normal"
        RELAXED = "relaxed"

    id = models.UUIDField(primary_key=True, default=uuid7)
    username = models.CharField(max_length=150, db_collation="C")
    display_name = models.CharField(max_length=80)
    email = models.EmailField(blank=True)
    staff_no = models.CharField(max_length=40, blank=True, db_collation="C")
    mobile = models.CharField(max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    language = models.CharField(max_length=10, blank=True)
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.AUTO)
    density = models.CharField(max_length=10, choices=Density, default=Density.NORMAL)
    has_shortcuts = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]
    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["username"], name="accounts_username"),
            models.UniqueConstraint(fields=["staff_no"], name="accounts_staff_no", condition=~models.Q(staff_no="")),
        ]

    def __str__(self) -> str:
        return self.display_name or self.username


def _by_key(key: Any) -> models.QuerySet[Any, Any]:
    return User.objects.filter(pk=key).values_list(*(field.attname for field in User._meta.concrete_fields))


_BY_KEY: Final = Statement(_by_key, key=UUID)


@keeps_history()
class RoleDefinition(models.Model):
    """A role as data. The shipped ones can be changed but not removed."""

    code = models.CharField(primary_key=True, max_length=40)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    is_shipped = models.BooleanField(default=False)
    known_permissions = models.JSONField(default=list)  # the codes whose default this role has already met
    version = models.PositiveIntegerField(default=1)


@keeps_history(with_inserts=True)
class Grant(models.Model):
    """One permission of one role, and how far it reaches."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    role = models.ForeignKey(RoleDefinition, on_delete=models.CASCADE, related_name="grants")
    permission = models.CharField(max_length=80)
    scope = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "permission"], name="accounts_grant_once"),
            models.CheckConstraint(
                condition=models.Q(scope__in=["own", "team", "unit", "all"]), name="accounts_grant_scope"
            ),
        ]


class AccessToken(models.Model):
    """A personal API token. Only its hash is kept; what it may do is the owner's permissions cut by `permissions`."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="access_tokens")
    name = models.CharField(max_length=80)
    digest = models.BinaryField(max_length=32)
    permissions = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest"], name="accounts_token_digest")]


class IdempotentCall(models.Model):
    """An API call with an `Idempotency-Key`: the same key again gets the same answer, not a second effect."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=80, db_collation="C")
    fingerprint = models.BinaryField(max_length=32)  # of method, path and body
    status = models.PositiveSmallIntegerField(null=True)  # null while the first call is still at work
    body_sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="accounts_idempotency_key")]
        indexes = [models.Index(fields=["created_at"], name="accounts_idempotency_age")]


class CallCount(models.Model):
    """API calls of a token or a user in one minute since 1970. The table is unlogged: a crash may forget it."""

    id = models.BigAutoField(primary_key=True)
    subject = models.UUIDField()
    minute = models.IntegerField()
    calls = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "minute"], name="accounts_calls_of_minute")]


class CacheEntry(models.Model):
    """The shared cache of all processes, in the shape Django's DatabaseCache wants.

    A model, so that `migrate` makes the table: without it nobody could sign in.
    """

    cache_key = models.CharField(primary_key=True, max_length=255)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "anxin_cache"
