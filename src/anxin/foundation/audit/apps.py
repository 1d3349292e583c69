from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "anxin.foundation.audit"
    label = "audit"
    verbose_name = _("Audit trail")

    def ready(self) -> None:
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
