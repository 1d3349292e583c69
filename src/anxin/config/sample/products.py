"""What the sample insurer sells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl


@dataclass(frozen=True)
class Product:
    """`years` of cover (0 whole life), `terms` of payment in years (0 single), `weight` among policies of its line."""

    code: str
    name: str
    short: str
    category: str
    line: str
    group: bool
    rider: bool
    years: int
    terms: tuple[int, ...]
    weight: float
    premium: float
    cover: int
    waiting: int


PRODUCTS: Final = (
    Product("L101", "安心福终身寿险(分红型)", "安心福", "寿险", "life", False, False, 0, (10, 20), 16, 1.2, 18, 180),
    Product("L102", "安享一生年金保险", "安享一生", "年金", "life", False, False, 20, (3, 5, 10), 13, 2.6, 6, 0),
    Product("L103", "安康重大疾病保险", "安康重疾", "健康", "life", False, False, 0, (10, 20), 22, 0.8, 35, 90),
    Product("L104", "安盈两全保险(万能型)", "安盈", "万能", "life", False, False, 15, (0, 5, 10), 6, 2.0, 5, 0),
    Product("L105", "学子教育年金保险", "学子金", "年金", "life", False, False, 18, (5, 10), 6, 1.1, 6, 0),
    Product("L106", "安心百万医疗保险", "百万医疗", "健康", "life", False, False, 1, (1,), 18, 0.09, 5000, 30),
    Product("L107", "安途人身意外伤害保险", "安途意外", "意外", "life", False, False, 1, (1,), 16, 0.05, 1500, 0),
    Product("L108", "定期寿险", "定寿", "寿险", "life", False, False, 20, (10, 20), 3, 0.35, 300, 180),
    Product("L201", "附加住院津贴医疗保险", "附加住院", "健康", "life", False, True, 1, (1,), 0, 0.05, 50, 30),
    Product("L202", "附加意外伤害医疗保险", "附加意外医疗", "意外", "life", False, True, 1, (1,), 0, 0.03, 80, 0),
    Product("G301", "团体补充医疗保险", "团体医疗", "健康", "life", True, False, 1, (1,), 70, 0, 0, 0),
    Product("G302", "团体意外伤害保险", "团体意外", "意外", "life", True, False, 1, (1,), 30, 0, 0, 0),
    Product("M401", "机动车商业保险", "车险商业", "车险", "motor", False, False, 1, (1,), 0, 0, 0, 0),
    Product("M402", "机动车交通事故责任强制保险", "交强险", "车险", "motor", False, False, 1, (1,), 0, 0, 0, 0),
    Product("M411", "机动车损失保险", "车损险", "车险", "motor", False, True, 1, (1,), 0, 0, 0, 0),
    Product("M412", "机动车第三者责任保险", "三者险", "车险", "motor", False, True, 1, (1,), 0, 0, 0, 0),
    Product("M413", "机动车车上人员责任保险", "车上人员险", "车险", "motor", False, True, 1, (1,), 0, 0, 0, 0),
)
INDIVIDUAL_LIFE: Final = tuple(
    product for product in PRODUCTS if product.line == "life" and product.weight and not product.group
)
GROUP_LIFE: Final = tuple(product for product in PRODUCTS if product.group)
COOLING_OFF_DAYS: Final = 15
GRACE_DAYS: Final = 60


def table() -> pl.DataFrame:
    """products.csv"""
    rows = [
        (
            product.code,
            product.name,
            product.short,
            product.category,
            product.line,
            "group" if product.group else "individual",
            "rider" if product.rider else "main",
            "short" if product.years == 1 else "long",
            "0" if product.code == "L105" else "1",
            COOLING_OFF_DAYS if product.years != 1 else 0,
            product.waiting,
            GRACE_DAYS if product.line == "life" and product.years != 1 else 0,
        )
        for product in PRODUCTS
    ]
    columns = (
        "code name short_name category line group_or_individual main_or_rider term_type on_sale cooling_off_days "
        "waiting_days grace_days"
    )
    return pl.DataFrame(rows, schema=columns.split(" "), orient="row")
