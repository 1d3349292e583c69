"""Keys: is this process allowed to touch what is sealed here?"""

from __future__ import annotations

import hmac

from django.db import transaction

from anxin.foundation.privacy.data import WrongKeys
from anxin.foundation.privacy.models import KeyProof
from anxin.kernel import vault
from anxin.kernel.encryption import EncryptionError
from anxin.kernel.identifiers.uuid7 import uuid7

WORD = "anxin"
_PLACE = {"table": "privacy_keyproof", "column": "sealed"}


def ensure_key_proof() -> None:
    """Write the proof when there is none. Runs after every migration."""
    if KeyProof.objects.exists():
        return
    key, ring = uuid7(), vault.ring()
    KeyProof.objects.bulk_create(
        [KeyProof(id=key, sealed=ring.seal(WORD, row=key, **_PLACE), blind=ring.blind("proof", WORD))],
        ignore_conflicts=True,
    )


def verify_keys() -> None:
    """Raise WrongKeys when the installed key ring is not the one this database was sealed with.

    A database without a proof (not migrated yet) passes: there is nothing sealed in it.
    """
    proof = KeyProof.objects.first()
    if proof is None:
        return
    ring = vault.ring()
    try:
        is_open = ring.open(bytes(proof.sealed), row=proof.id, **_PLACE) == WORD
    except EncryptionError as error:
        raise WrongKeys(str(error)) from error
    if not is_open or not hmac.compare_digest(bytes(proof.blind), ring.blind("proof", WORD)):
        raise WrongKeys("The key for blind values is another one.")


@transaction.atomic
def renew_key_proof() -> None:
    """Seal the proof with the active key: the last step of a rotation, before an old key is retired."""
    verify_keys()
    KeyProof.objects.all().delete()
    ensure_key_proof()
