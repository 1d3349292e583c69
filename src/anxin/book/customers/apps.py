from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "anxin.book.customers"
    label = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from anxin.book.customers import data
        from anxin.kernel import permissions

        permissions.register(data.PERMISSIONS)
