from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ManagersConfig(AppConfig):
    name = "anxin.service.managers"
    label = "managers"
    verbose_name = _("Customer managers")

    def ready(self) -> None:
        from django.utils.translation import gettext_noop

        from anxin.book.customers.services import custody, helping, merging
        from anxin.book.segments.queries import ways
        from anxin.foundation.intake.events import BatchFinished
        from anxin.foundation.jobs import services as jobs
        from anxin.foundation.privacy import services as privacy
        from anxin.foundation.schemes import services as schemes
        from anxin.kernel import events, permissions
        from anxin.service.managers import access, data, handlers, rules
        from anxin.service.managers.services import applying, exporting, holdings, planning, staff
        from anxin.service.worklist import services as worklist
        from anxin.service.worklist.data import ItemKind

        permissions.register(data.PERMISSIONS)
        privacy.register_room(holdings.HOLDINGS)
        helping.register(access.helped_by, never=data.NOT_BY_HELP)
        custody.register_rooms(staff.rooms_of)
        events.subscribe(BatchFinished, handlers.batch_finished)
        merging.follows("managers.Decision", "party", once=("run",))
        merging.follows("managers.Assistant", "party", label=gettext_noop("Assistants"), once=("line",),
                        only={"until_at": None})  # fmt: skip
        merging.follows("managers.Given", "party", label=gettext_noop("Service given"))
        merging.stays("managers.Waiting", "party", why="The pool is brought in line with the files by every run.")
        jobs.register_kind(planning.PLAN_JOB, gettext_noop("Planning of an allocation"))
        jobs.register_kind(applying.APPLY_JOB, gettext_noop("Allocation of customers"))
        jobs.register_kind(exporting.KIND, gettext_noop("Export of an allocation"))
        worklist.register_kind(
            ItemKind(
                code="new_manager",
                label=gettext_noop("New customer manager"),
                icon="user-share",
                text=gettext_noop("Tell the customer: %(after)s looks after them now, no more %(before)s"),
                page=_decision,
            )
        )
        schemes.register_kind(
            rules.ALLOCATION,
            label=gettext_noop("Allocation of customers"),
            help=gettext_noop(
                "Who gets which customer: rules in order, weights by tier, capacity by role, when customers go back to "
                "the pool, and until when they are told of a new manager."
            ),
            fields=rules.ALLOCATION_FIELDS,
            default=rules.ALLOCATION_DEFAULT,
            validate=rules.allocation_problems,
        )
        schemes.register_kind(
            rules.PACKAGES,
            label=gettext_noop("Service packages"),
            help=gettext_noop(
                "Which service a customer of a tier gets in a year, on top of what law and contract give everybody."
            ),
            fields=rules.PACKAGES_FIELDS,
            default=rules.PACKAGES_DEFAULT,
            validate=rules.package_problems,
        )
        ways.register("tier", ways.Way(label=_("Service package"), url=_package, permission="managers.packages"))
        self._take_part_in_the_file()

    @staticmethod
    def _take_part_in_the_file() -> None:
        from anxin.kernel.web import navigation, panels

        navigation.register(
            navigation.NavItem(
                code="managers", label=_("Customer managers"), icon="users-group", url_name="managers:board",
                group="service", order=40, permission="managers.view",
            ),
        )  # fmt: skip
        panels.register(
            panels.Panel(
                code="manager", title=_("Customer manager"), url_name="managers:panel",
                permission="managers.packages", area="overview", order=15, refresh="refresh-custody",
            ),
            panels.Panel(
                code="service-package", title=_("Service package"), url_name="managers:panel-package",
                permission="managers.packages", area="overview", order=27, refresh="refresh-package",
            ),
        )  # fmt: skip


def _decision(decision_id: UUID) -> str:
    from django.urls import reverse

    return reverse("managers:decision", args=[decision_id])


def _package(tier: str) -> str:
    from django.urls import reverse

    from anxin.service.managers.data import TIERS

    return f"{reverse('managers:packages')}?tier={tier}" if tier in TIERS else ""
