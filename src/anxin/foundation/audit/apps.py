from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "anxin.foundation.audit"
    label = "audit"
    verbose_name = _("Audit trail")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from anxin.foundation.audit import data
        from anxin.kernel import permissions
        from anxin.kernel.web import navigation

        permissions.register(data.PERMISSIONS)
        navigation.register(
            navigation.NavItem(
                code="audit", label=_("Audit trail"), icon="list-details", url_name="audit:entries", group="system",
                order=80, permission="audit.view",
            )
        )  # fmt: skip
        post_migrate.connect(_plan_history, sender=self)


def _plan_history(**_: object) -> None:
    from anxin.kernel import bulk_history

    bulk_history.plan_triggers()
