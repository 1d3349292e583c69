from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortfolioConfig(AppConfig):
    name = "anxin.book.portfolio"
    label = "portfolio"
    verbose_name = _("Portfolio")

    def ready(self) -> None:
        from anxin.book.customers import queries as customers
        from anxin.book.portfolio import data, queries
        from anxin.kernel import permissions

        permissions.register(data.PERMISSIONS)
        customers.register_lines(queries.holds_lines)
