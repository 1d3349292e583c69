from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class PortfolioConfig(AppConfig):
    name = "anxin.book.portfolio"
    label = "portfolio"
    verbose_name = _("Portfolio")

    def ready(self) -> None:
        from anxin.book.portfolio import data, importers
        from anxin.book.portfolio.services import holdings
        from anxin.foundation.privacy import services as privacy
        from anxin.kernel import importing, permissions

        permissions.register(data.PERMISSIONS)
        privacy.register_room(holdings.HOLDINGS)
        for importer in importers.IMPORTERS:
            importing.register_importer(importer)
        self._take_part_in_the_file()
        self._follow_merges()

    @staticmethod
    def _follow_merges() -> None:
        from anxin.book.customers.services import merging

        merging.follows("portfolio.Policy", "holder", label=gettext_noop("Policies"))
        merging.follows(
            "portfolio.PolicyRole", "party", label=gettext_noop("Policies"), once=("policy", "role"), shelved=True
        )
        merging.follows("portfolio.Claim", "claimant", label=gettext_noop("Claims"))

    @staticmethod
    def _take_part_in_the_file() -> None:
        from anxin.book.customers.queries import sections, timeline
        from anxin.book.portfolio.queries import contracts
        from anxin.kernel.web import panels

        sections.register_section(
            "policies", "portfolio.view", {"held": contracts.held_rows, "partaken": contracts.partaken_rows},
            contracts.policies_section,
        )  # fmt: skip
        sections.register_section(
            "claims", "portfolio.view", {"own": contracts.own_claim_rows, "made": contracts.made_claim_rows},
            contracts.claims_section,
        )  # fmt: skip
        timeline.register_source(
            "claims", "portfolio.view", {"claim"}, contracts.claim_happenings,
            contracts.own_claim_rows, contracts.made_claim_rows,
        )  # fmt: skip
        timeline.register_source(
            "endorsements", "portfolio.view", {"policy"}, contracts.endorsement_happenings, contracts.endorsement_rows
        )
        for code, title, area, order, css, query in (
            ("policies-short", _("Policies"), "overview", 10, "span2", "size=short"),
            ("policies", _("Policies"), "policies", 10, "span3", ""),
            ("claims-short", _("Claims"), "overview", 12, "span2", "size=short"),
            ("claims", _("Claims"), "policies", 20, "span3", ""),
        ):
            name = code.partition("-")[0]
            panels.register(
                panels.Panel(
                    code=code, title=title, url_name=f"portfolio:panel-{name}", permission="portfolio.view", area=area,
                    order=order, css=css, query=query,
                )
            )  # fmt: skip
