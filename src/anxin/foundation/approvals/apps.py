from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from anxin.kernel.web.navigation import Permitted


class ApprovalsConfig(AppConfig):
    name = "anxin.foundation.approvals"
    label = "approvals"
    verbose_name = _("Approvals")

    def ready(self) -> None:
        from anxin.foundation.approvals import data
        from anxin.foundation.approvals.services import holdings
        from anxin.foundation.privacy import services as privacy
        from anxin.kernel import permissions
        from anxin.kernel.web import navigation

        permissions.register(data.PERMISSIONS)
        privacy.register_room(holdings.HOLDINGS)
        navigation.register(
            navigation.NavItem(
                code="approvals", label=_("To approve"), icon="gavel", url_name="approvals:list", group="service",
                order=80, permission="approvals.view", badge=_waiting,
            )
        )  # fmt: skip


def _waiting(actor: Permitted) -> int:
    from anxin.foundation.approvals import queries
    from anxin.kernel import clock
    from anxin.kernel.actor import Actor

    return queries.count_waiting(actor, now=clock.now()) if isinstance(actor, Actor) else 0
