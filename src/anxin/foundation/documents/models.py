"""Files: what they are and where their sealed bytes lie."""

from __future__ import annotations

from django.db import models

from anxin.kernel.identifiers.uuid7 import uuid7


class Document(models.Model):
    """One stored file. Its bytes are sealed in frames under the instance's documents folder, named by the id.

    Each file has a key of its own, sealed with the ring: without `key_sealed` the bytes are noise, in every backup too.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.BinaryField(max_length=32)
    purpose = models.CharField(max_length=40)
    key_sealed = models.BinaryField(null=True)
    owner_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["owner_id", "-created_at"], name="documents_owner"),
            models.Index(fields=["expires_at"], name="documents_expiry", condition=models.Q(removed_at__isnull=True)),
        ]
