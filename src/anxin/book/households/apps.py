from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HouseholdsConfig(AppConfig):
    name = "anxin.book.households"
    label = "households"
    verbose_name = _("Households")

    def ready(self) -> None:
        from django.utils.translation import gettext_noop

        from anxin.book.customers.services import merging
        from anxin.book.households import data, handlers, rules
        from anxin.book.households.services import holdings
        from anxin.foundation.intake.events import BatchFinished
        from anxin.foundation.jobs import services as jobs
        from anxin.foundation.privacy import services as privacy
        from anxin.foundation.schemes import services as schemes
        from anxin.kernel import events, permissions

        permissions.register(data.PERMISSIONS)
        privacy.register_room(holdings.HOLDINGS)
        merging.follows(
            "households.Membership", "party", label=gettext_noop("Household"), once=(), only={"until_date": None}
        )
        # What was proposed of a file and what was said of it stays said of it; the next run looks anew.
        merging.stays("households.ProposalMember", "party", why="Proposals are found anew every night.")
        for side in ("left", "right"):
            merging.stays("households.Refusal", side, why="Somebody said it of this file and its evidence.")
        events.subscribe(BatchFinished, handlers.batch_finished)
        jobs.register_kind("households.infer", gettext_noop("Search for households"))
        schemes.register_kind(
            rules.SCHEME,
            label=gettext_noop("Inference of households"),
            help=gettext_noop(
                "What ties two persons together, and from how many points they are proposed as one household. A person "
                "decides on every proposal."
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
                code="households", label=_("Households"), icon="users-group", url_name="households:list",
                group="book", order=20, permission="households.view",
            )
        )  # fmt: skip
        panels.register(
            panels.Panel(
                code="household", title=_("Household"), url_name="households:panel", permission="households.view",
                area="relations", order=5, css="span3", refresh="refresh-household",
            ),
            panels.Panel(
                code="network", title=_("Network of relations"), url_name="households:network",
                permission="households.view", area="relations", order=7, css="span3", refresh="refresh-relations",
            ),
        )  # fmt: skip
