"""The customer file: parties, what identifies and reaches them, their facts, relations, notes and consents.

Numbers by which a person can be found out (ID documents, phones, e-mail, bank accounts) are sealed; a blind index
beside each lets an exact value be looked up without being readable.
"""

from anxin.book.customers.models.attention import AttentionEntry, AttentionHit, AttentionKey
from anxin.book.customers.models.contacts import Address, BankAccount, ContactPoint
from anxin.book.customers.models.keeping import Consent, CustomField, Fact, Note, PartyTag, Tag
from anxin.book.customers.models.party import ForgottenDocument, IdentityDocument, IdentityHold, Party, SourceRecord
from anxin.book.customers.models.relations import Custody, Relation
from anxin.book.customers.models.standing import Standing

__all__ = [
    "Address",
    "AttentionEntry",
    "AttentionHit",
    "AttentionKey",
    "BankAccount",
    "Consent",
    "ContactPoint",
    "Custody",
    "CustomField",
    "Fact",
    "ForgottenDocument",
    "IdentityDocument",
    "IdentityHold",
    "Note",
    "Party",
    "PartyTag",
    "Relation",
    "SourceRecord",
    "Standing",
    "Tag",
]
