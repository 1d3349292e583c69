from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "anxin.book.matching"
    label = "matching"
    verbose_name = _("Identity")

    def ready(self) -> None:
        from django.utils.translation import gettext_noop

        from anxin.book.matching import data, handlers
        from anxin.book.matching.queries import history
        from anxin.book.matching.rules import models, survivorship
        from anxin.book.matching.services import holdings, unlinking
        from anxin.book.rights.services import explaining
        from anxin.foundation.intake import services as intake
        from anxin.foundation.intake.events import BatchFinished, BatchUndone
        from anxin.foundation.jobs import services as jobs
        from anxin.foundation.privacy import services as privacy
        from anxin.foundation.schemes import services as schemes
        from anxin.kernel import events, permissions

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
        for code, label in (
            (models.PERSON, gettext_noop("Matching of persons")),
            (models.ORGANISATION, gettext_noop("Matching of organisations")),
        ):
            kind = "person" if code == models.PERSON else "organisation"
            schemes.register_kind(
                code,
                label=label,
                help=gettext_noop(
                    "From which weight two files are one customer, are shown for review, or are not; and how much "
                    "each agreement says."
                ),
                fields=models.FIELDS,
                default=models.content_of(models.shipped(kind)),
                validate=models.problems,
            )
        jobs.register_kind("matching.link", gettext_noop("Search for duplicates"))
        jobs.register_kind("matching.bulk", gettext_noop("Merging of customers"))
        jobs.register_kind("matching.train", gettext_noop("Training of the matching model"))
        events.subscribe(BatchFinished, handlers.batch_finished)
        events.subscribe(BatchUndone, handlers.batch_undone)
        intake.register_preparation(
            "matching", unlinking.take_back, unlinking.foretell,
            said=gettext_noop("%(count)s merges that the import had brought about were separated first."),
        )  # fmt: skip
        explaining.register("matching", gettext_noop("Records found to be one customer's"), history.told)
        self._tell_the_model()
        self._keep_what_was_written()
        self._take_part_in_the_file()

    @staticmethod
    def _tell_the_model() -> None:
        from anxin.book.customers.queries import duplicates
        from anxin.book.matching.queries import models

        duplicates.use_model(models.current)

    @staticmethod
    def _take_part_in_the_file() -> None:
        from anxin.kernel.web import navigation, panels

        navigation.register(
            navigation.NavItem(
                code="matching", label=_("Likely duplicates"), icon="users", url_name="matching:queue", group="book",
                order=30, permission="matching.review",
            )
        )  # fmt: skip
        panels.register(
            panels.Panel(
                code="merges", title=_("Merged files"), url_name="matching:panel", permission="matching.review",
                area="compliance", order=40, css="span3", refresh="refresh-merges",
            )
        )  # fmt: skip

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
