from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkspaceConfig(AppConfig):
    name = "anxin.faces.workspace"
    label = "workspace"
    verbose_name = _("Workspace")

    def ready(self) -> None:
        from anxin.faces.workspace import data
        from anxin.kernel import permissions

        permissions.register(data.PERMISSIONS)
