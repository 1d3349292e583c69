from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from anxin.kernel.web.navigation import Badge, Permitted


class RightsConfig(AppConfig):
    name = "anxin.book.rights"
    label = "rights"
    verbose_name = _("Rights of persons")

    def ready(self) -> None:
        from anxin.book.customers.services import merging
        from anxin.book.rights import data, handlers, rules
        from anxin.book.rights.services import holdings
        from anxin.foundation.approvals import services as approvals
        from anxin.foundation.approvals.data import ApprovalKind
        from anxin.foundation.documents import services as documents
        from anxin.foundation.jobs import services as jobs
        from anxin.foundation.privacy import services as privacy
        from anxin.foundation.schemes import services as schemes
        from anxin.kernel import permissions
        from anxin.kernel.web import navigation, panels

        permissions.register(data.PERMISSIONS)
        privacy.register_room(holdings.HOLDINGS)
        merging.follows("rights.SubjectRequest", "party", label=gettext_noop("Requests about personal data"))
        merging.follows("rights.Restriction", "party", once=(), only={"until_at": None})
        merging.stays("rights.RetentionDue", "party", why="Found anew by every night.")
        merging.stays("rights.Certificate", "party", why="Names the bare number that was erased.")
        jobs.register_kind("rights.archive", gettext_noop("Copy of personal data"))
        jobs.register_kind("rights.erase", gettext_noop("Erasure of a person"))
        documents.register_purpose("rights.certificate", permission="rights.view")
        approvals.register_kind(
            ApprovalKind(
                code="rights.erase", label=gettext_noop("Erasure of a person"), decide="rights.approve",
                on_approved=handlers.on_erasure_approved, page=handlers.erasure_page,
            )
        )  # fmt: skip
        schemes.register_kind(
            rules.CLOCKS, label=gettext_noop("Clocks of requests about personal data"),
            help=gettext_noop("Internal targets in natural days; the law says “in good time”."),
            fields=rules.CLOCK_FIELDS, default=rules.CLOCK_DEFAULT, validate=rules.clock_problems,
        )  # fmt: skip
        schemes.register_kind(
            rules.RETENTION, label=gettext_noop("Retention of personal data"),
            help=gettext_noop("How long what is kept after it ended; of several grounds the longest holds."),
            fields=rules.RETENTION_FIELDS, default=rules.RETENTION_DEFAULT, validate=rules.retention_problems,
        )  # fmt: skip
        navigation.register(
            navigation.NavItem(
                code="rights", label=_("Requests about personal data"), icon="shield-heart", url_name="rights:list",
                group="book", order=80, permission="rights.view", badge=_late,
            )
        )  # fmt: skip
        panels.register(
            panels.Panel(
                code="rights", title=_("Requests and retention"), url_name="rights:panel", permission="rights.view",
                area="compliance", order=40, css="span2",
            )
        )  # fmt: skip
        panels.register_action(
            panels.Action(
                code="rights-receive", label=_("Request about personal data"), icon="shield-heart",
                url_name="rights:receive", permission="rights.receive", order=70, query="party={ref}", is_page=True,
            )
        )  # fmt: skip


def _late(actor: Permitted) -> Badge | None:
    from anxin.book.rights import queries
    from anxin.kernel import clock
    from anxin.kernel.actor import Actor

    if not isinstance(actor, Actor):
        return None
    count, late = queries.count_late(actor, today=clock.today())
    return Badge(count=count, is_hot=late > 0)
