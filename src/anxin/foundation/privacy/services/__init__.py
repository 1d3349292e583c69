"""Keys of this database, and the register of what each room holds of a person."""

from anxin.foundation.privacy.services.holdings import (
    erase_holdings,
    export_holdings,
    find_holds,
    first_party_models,
    forget_history,
    history_of,
    missing_models,
    plain,
    records_of,
    register_room,
    registered_rooms,
    remove_rows,
)
from anxin.foundation.privacy.services.keeping import assess, publish_notice, save_activity, save_breach
from anxin.foundation.privacy.services.keys import ensure_key_proof, renew_key_proof, verify_keys
from anxin.foundation.privacy.services.rotation import count_left, reseal, sealed_columns

__all__ = [
    "assess",
    "count_left",
    "ensure_key_proof",
    "erase_holdings",
    "export_holdings",
    "find_holds",
    "first_party_models",
    "forget_history",
    "history_of",
    "missing_models",
    "plain",
    "publish_notice",
    "records_of",
    "register_room",
    "registered_rooms",
    "remove_rows",
    "renew_key_proof",
    "reseal",
    "save_activity",
    "save_breach",
    "sealed_columns",
    "verify_keys",
]  # fmt: skip
