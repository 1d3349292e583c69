"""The proof that the keys of this process are the keys of this database."""

from __future__ import annotations

from django.db import models

from anxin.kernel.identifiers.uuid7 import uuid7


class KeyProof(models.Model):
    """A known word, sealed and blinded. Whoever cannot open it has the wrong keys and must not start."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    only = models.BooleanField(default=True)
    sealed = models.BinaryField()
    blind = models.BinaryField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["only"], name="privacy_one_key_proof"),
            models.CheckConstraint(condition=models.Q(only=True), name="privacy_key_proof_only"),
        ]
