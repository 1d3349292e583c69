from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "anxin.book.matching"
    label = "matching"
    verbose_name = _("Identity")

    def ready(self) -> None:
        from django.utils.translation import gettext_noop

        from anxin.book.matching import data
        from anxin.book.matching.rules import survivorship
        from anxin.book.matching.services import holdings
        from anxin.foundation.privacy import services as privacy
        from anxin.foundation.schemes import services as schemes
        from anxin.kernel import permissions

        permissions.register(data.PERMISSIONS)
        privacy.register_room(holdings.HOLDINGS)
        schemes.register_kind(
            survivorship.SCHEME,
            label=gettext_noop("Values that survive a merge"),
            help=gettext_noop(
                "Which of several values of a field is kept when files become one, by trust in the source, recency, "
                "completeness and verification."
            ),
            fields=survivorship.FIELDS,
            default=survivorship.DEFAULT,
            validate=survivorship.problems,
        )
        self._keep_what_was_written()

    @staticmethod
    def _keep_what_was_written() -> None:
        from anxin.book.customers.services import merging

        decided = "A decision is about the two files it was made on."
        merging.stays("matching.Candidate", "left", why=decided)
        merging.stays("matching.Candidate", "right", why=decided)
        for model, columns in (
            ("Merge", ("loser", "survivor")), ("Move", ("home",)), ("ShelvedRow", ("home", "other_home")),
            ("Golden", ("party",)),
        ):  # fmt: skip
            for column in columns:
                merging.stays(f"matching.{model}", column, why="The ledger of merges itself.")
