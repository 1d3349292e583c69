"""What staff keep for themselves in the workspace: saved views of lists."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from anxin.kernel.identifiers.uuid7 import uuid7


class SavedView(models.Model):
    """Filters, columns and sort of one list page, as its query string. Who may see the list sees its shared views."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    query = models.JSONField()
    is_shared = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "page", "name"], name="workspace_view_name"),
            models.UniqueConstraint(
                fields=["owner", "page"], name="workspace_one_default", condition=models.Q(is_default=True)
            ),
        ]
        indexes = [models.Index(fields=["page"], name="workspace_shared", condition=models.Q(is_shared=True))]
