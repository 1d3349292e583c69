from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchemesConfig(AppConfig):
    name = "anxin.foundation.schemes"
    label = "schemes"
    verbose_name = _("Schemes")

    def ready(self) -> None:
        from anxin.foundation.schemes import data
        from anxin.kernel import permissions
        from anxin.kernel.web import navigation

        permissions.register(data.PERMISSIONS)
        navigation.register(
            navigation.NavItem(
                code="schemes",
                label=_("Business rules"),
                icon="adjustments",
                url_name="schemes:list",
                group="system",
                order=30,
                permission="schemes.view",
            )
        )
