from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UpkeepConfig(AppConfig):
    name = "anxin.book.upkeep"
    label = "upkeep"
    verbose_name = _("Data quality")

    def ready(self) -> None:
        from django.utils.translation import gettext_noop

        from anxin.book.customers.services import merging
        from anxin.book.upkeep import data, handlers, rules
        from anxin.book.upkeep.services import holdings, scoring
        from anxin.foundation.intake.events import BatchFinished
        from anxin.foundation.jobs import services as jobs
        from anxin.foundation.privacy import services as privacy
        from anxin.foundation.schemes import services as schemes
        from anxin.kernel import events, permissions

        permissions.register(data.PERMISSIONS)
        privacy.register_room(holdings.HOLDINGS)
        events.subscribe(BatchFinished, handlers.batch_finished)
        merging.stays("upkeep.Score", "party", why="Judged anew for every living file.")
        merging.follows("upkeep.Correction", "party", label=gettext_noop("Corrections"), once=("code",),
                        only={"state": "open"})  # fmt: skip
        merging.follows("upkeep.Confirmation", "party", label=gettext_noop("Confirmations"))
        merging.stays("upkeep.CardLink", "party", why="A card was sent for this file; it ends when the file is merged.")
        merging.follows("upkeep.CardAnswer", "party", label=gettext_noop("Filled-in cards"))
        merging.afterwards("upkeep", scoring.after_merge)
        jobs.register_kind("upkeep.score", gettext_noop("Judging of customer files"))
        jobs.register_kind("upkeep.export", gettext_noop("Export of data quality"))
        schemes.register_kind(
            rules.SCHEME,
            label=gettext_noop("Quality of customer files"),
            help=gettext_noop(
                "What belongs in a file, with weights, and what makes it doubtful, with points off. The score is made "
                "of both; every file says why it has the score it has."
            ),
            fields=rules.FIELDS,
            default=rules.DEFAULT,
            validate=rules.problems,
        )
        self._take_part_in_the_file()

    @staticmethod
    def _take_part_in_the_file() -> None:
        from anxin.kernel.web import navigation, panels

        navigation.register(
            navigation.NavItem(
                code="upkeep", label=_("Data quality"), icon="clipboard-check", url_name="upkeep:board", group="book",
                order=50, permission="upkeep.view",
            )
        )  # fmt: skip
        panels.register(
            panels.Panel(
                code="quality", title=_("Quality of the file"), url_name="upkeep:panel", permission="upkeep.view",
                area="profile", order=5, css="span3", refresh="refresh-quality",
            ),
            panels.Panel(
                code="changes", title=_("Changes and their causes"), url_name="upkeep:panel-changes",
                permission="upkeep.view", area="profile", order=60, css="span3", refresh="refresh-quality",
            ),
            panels.Panel(
                code="cards", title=_("Cards filled in by the customer"), url_name="upkeep:panel-cards",
                permission="upkeep.invite", area="profile", order=50, css="span3", refresh="refresh-cards",
            ),
        )  # fmt: skip
        panels.register_action(
            panels.Action(
                code="customer-card", label=_("Customer card"), icon="id", url_name="upkeep:card-choice",
                permission="upkeep.card", order=60,
            )
        )  # fmt: skip
