from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "anxin.service.desk"
    label = "desk"
    verbose_name = _("Desk")

    def ready(self) -> None:
        from anxin.kernel import importing, permissions
        from anxin.service.desk import data, importers

        permissions.register(data.PERMISSIONS)
        for importer in importers.IMPORTERS:
            importing.register_importer(importer)
