from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkspaceConfig(AppConfig):
    name = "anxin.faces.workspace"
    label = "workspace"
    verbose_name = _("Workspace")

    def ready(self) -> None:
        from anxin.book.customers import services as customers
        from anxin.faces.workspace import data
        from anxin.foundation.jobs import services as jobs
        from anxin.kernel import permissions
        from anxin.kernel.web import navigation
        from anxin.kernel.words import mark

        permissions.register(data.PERMISSIONS)
        jobs.register_kind(customers.bulk.KIND, mark("Change of many customers"))
        jobs.register_kind(customers.exporting.KIND, mark("Export of customers"))
        navigation.register(
            navigation.NavItem(
                code="workbench",
                label=_("Workbench"),
                icon="inbox",
                url_name="workspace:home",
                group="service",
                order=10,
                permission="workspace.use",
                key="w",
            ),
            navigation.NavItem(
                code="customers",
                label=_("Customers"),
                icon="users",
                url_name="workspace:customers",
                group="book",
                order=10,
                permission="customers.view",
                key="c",
            ),
        )
