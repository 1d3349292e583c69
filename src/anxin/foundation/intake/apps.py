from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "anxin.foundation.intake"
    label = "intake"
    verbose_name = _("Intake")

    def ready(self) -> None:
        from anxin.foundation.intake import data
        from anxin.kernel import permissions
        from anxin.kernel.web import navigation

        permissions.register(data.PERMISSIONS)
        navigation.register(
            navigation.NavItem(
                code="intake", label=_("Data import"), icon="database-import", url_name="intake:list", group="system",
                order=5, permission="intake.view", key="i",
            )
        )  # fmt: skip
