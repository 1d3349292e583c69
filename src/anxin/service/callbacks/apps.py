from uuid import UUID

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from anxin.kernel.web.navigation import Badge, Permitted


class CallBacksConfig(AppConfig):
    name = "anxin.service.callbacks"
    label = "callbacks"
    verbose_name = _("Call-backs")

    def ready(self) -> None:
        from django.utils.translation import gettext_noop

        from anxin.book.customers.services import merging
        from anxin.foundation.jobs import services as jobs
        from anxin.foundation.privacy import services as privacy
        from anxin.foundation.schemes import services as schemes
        from anxin.kernel import events, importing, permissions
        from anxin.service.callbacks import data, handlers, importers
        from anxin.service.callbacks.rules import scheme
        from anxin.service.callbacks.services import exporting, holdings, problems
        from anxin.service.desk.events import TicketResolved
        from anxin.service.desk.services import guarding
        from anxin.service.worklist import services as worklist
        from anxin.service.worklist.data import ItemKind

        for importer in importers.IMPORTERS:
            importing.register_importer(importer)
        permissions.register(data.PERMISSIONS)
        privacy.register_room(holdings.HOLDINGS)
        merging.follows("callbacks.CallBack", "party", label=gettext_noop("Call-backs"))
        guarding.register("callbacks", problems.barred)
        events.subscribe(TicketResolved, handlers.ticket_resolved)
        jobs.register_kind(exporting.KIND, gettext_noop("Export of call-backs"))
        worklist.register_kind(
            ItemKind(
                code="callback", label=gettext_noop("Call-back"), icon="phone-outgoing",
                text=gettext_noop("Call the customer back %(policy)s"), page=_address,
            )
        )  # fmt: skip
        schemes.register_kind(
            scheme.RULES, label=gettext_noop("Rules of call-backs"),
            help=gettext_noop("Cooling-off periods, attempts, and who is called about what."),
            fields=scheme.RULE_FIELDS, default=scheme.RULE_DEFAULT, validate=scheme.rule_problems,
        )  # fmt: skip
        schemes.register_kind(
            scheme.QUESTIONS, label=gettext_noop("Questions of call-backs"),
            help=gettext_noop("What is asked in which order, and which answers are a problem."),
            fields=scheme.QUESTION_FIELDS, default=scheme.QUESTION_DEFAULT, validate=scheme.question_problems,
        )  # fmt: skip
        self._show()

    @staticmethod
    def _show() -> None:
        from anxin.kernel.web import navigation, panels

        navigation.register(
            navigation.NavItem(
                code="callbacks", label=_("Call-backs"), icon="phone-outgoing", url_name="callbacks:list",
                group="service", order=25, permission="callbacks.view", badge=_late,
            )
        )  # fmt: skip
        navigation.register(
            navigation.NavItem(
                code="callback-figures", label=_("Call-backs in figures"), icon="chart-bar",
                url_name="callbacks:figures", group="quality", order=30, permission="callbacks.report",
            )
        )  # fmt: skip
        panels.register(
            panels.Panel(
                code="callbacks", title=_("Call-backs"), url_name="callbacks:panel", permission="callbacks.view",
                area="timeline", order=15, css="span3", refresh="callbacks-changed",
            )
        )  # fmt: skip


def _address(call_back_id: UUID) -> str:
    from django.urls import reverse

    return reverse("callbacks:call", args=[call_back_id])


def _late(actor: Permitted) -> Badge | None:
    from anxin.kernel import clock
    from anxin.kernel.actor import Actor
    from anxin.service.callbacks import queries

    if not isinstance(actor, Actor) or not actor.may("callbacks.work"):
        return None
    count, late = queries.count_late(actor, now=clock.now())
    return Badge(count=count, is_hot=late > 0)
