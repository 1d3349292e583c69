from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortfolioConfig(AppConfig):
    name = "anxin.book.portfolio"
    label = "portfolio"
    verbose_name = _("Portfolio")

    def ready(self) -> None:
        from anxin.book.customers import queries as customers
        from anxin.book.portfolio import data, importers, queries
        from anxin.kernel import importing, permissions

        permissions.register(data.PERMISSIONS)
        customers.register_lines(queries.holds_lines)
        for importer in importers.IMPORTERS:
            importing.register_importer(importer)
