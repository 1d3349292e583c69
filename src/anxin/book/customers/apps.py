from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "anxin.book.customers"
    label = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from anxin.book.customers import data, importers
        from anxin.kernel import importing, permissions

        permissions.register(data.PERMISSIONS)
        for importer in importers.IMPORTERS:
            importing.register_importer(importer)
