"""People who are the same and people who are not, planted among invented ones; and the engines against the scorer."""

# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import linkage_organisations
import linkage_people
import polars as pl
import pytest

from anxin.analytics.linkage import (
    comparisons,
    evaluation,
    features,
    incremental,
    linking,
    model,
    scoring,
    standard,
    weights,
)
from anxin.analytics.linkage.linking import Linkage

HOME = "浙江省杭州市西湖区文化路186号金色家园18幢2单元1001室"
AGENT = "13700001111"


def person(record_id: str, name: str, **known: Any) -> dict[str, Any]:
    return {"record_id": record_id, "source": "life", "name": name, **known}


PLANTED = [
    # Traditional characters, a homophone, a look-alike, swapped characters, letters, a title: one person.
    person("wang-1", "王颖瑾", sex="女", birth_date="1988-05-06", id_number="330106198805062043", phone="15812340001", address=HOME),
    person("wang-2", "王穎瑾", sex="女", birth_date="19880506", phone="15812340001"),
    person("wang-3", "王颖锦", birth_date="1988/5/6", phone="+86 158-1234-0001"),
    person("wang-4", "王瑾颖", birth_date="1988-05-06", phone="15812340001", address=HOME),
    person("wang-5", "WangYingJin", birth_date="1988-05-06", phone="15812340001"),
    person("wang-6", "王颖瑾", sex="女", id_number="330106********2043", address=HOME),
    # A number of before 1999, a slip of one digit.
    person("shen-1", "沈国良", sex="男", birth_date="1964-01-18", id_number="513336196401186057", phone="15812340002"),
    person("shen-2", "沈国良", birth_date="1964-01-18", id_number="513336640118605"),
    person("shen-3", "沈国良", sex="男", birth_date="1964-01-18", id_number="513336196401186075", phone="15812340002"),
    # Twins: the same day, door and phone; sound numbers that differ in the last places.
    person("twin-a", "林寒中", sex="男", birth_date="1991-02-15", id_number="361129199102158397", phone="15812340003", address=HOME),
    person("twin-b", "林寒秋", sex="男", birth_date="1991-02-15", id_number="361129199102159875", phone="15812340003", address=HOME),
    person("twin-c", "林寒秋", sex="男", birth_date="1991-02-15", phone="15812340003", address=HOME),
    # Namesakes.
    person("namesake-a", "张伟", sex="男", birth_date="1970-03-04", phone="15812340004", address="湖北省武汉市武昌区人民路1号1幢1单元101室"),
    person("namesake-b", "张伟", sex="男", birth_date="1992-11-30", phone="15812340005", address="四川省成都市锦江区解放路2号2幢2单元202室"),
    # A family on one phone and behind one door.
    person("father", "何云荣", sex="男", birth_date="1965-07-19", phone="15812340006", address="云南省昆明市五华区中山路47号17幢3单元1703室"),
    person("son", "何军胜", sex="男", birth_date="1994-03-15", phone="15812340006", address="云南省昆明市五华区中山路47号17幢3单元1703室"),
    person("wife", "吴莹", sex="女", birth_date="1967-01-20", phone="15812340006", address="云南省昆明市五华区中山路47号17幢3单元1703室"),
    # The same number, but sex and day say somebody else.
    person("clash-a", "孙明", sex="男", birth_date="1975-09-14", id_number="150825197509145911", phone="15812340007"),
    person("clash-b", "孙明", sex="女", birth_date="1981-12-02", id_number="150825197509145911", phone="15812340007"),
    # Customers of one agent, who types her own mobile.
    *(person(f"agent-{at}", name, sex="女", phone=AGENT, birth_date=f"19{60 + at}-0{at % 9 + 1}-1{at % 9}")
      for at, name in enumerate(["赵一兰", "钱二梅", "孙三竹", "李四菊", "周五荷", "吴六莲", "郑七桃", "王八杏", "冯九柳", "陈十枫"])),
]  # fmt: skip


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    background = linkage_people.make(2500, seed=21)
    return pl.concat([background, pl.DataFrame(PLANTED)], how="diagonal")


@pytest.fixture(scope="module")
def shipped() -> model.Model:
    return standard.person()


@pytest.fixture(scope="module")
def api() -> Iterator[Any]:
    with linking.duckdb(memory_mb=1000) as made:
        yield made


@pytest.fixture(scope="module")
def linked(frame: pl.DataFrame, shipped: model.Model, api: Any) -> Linkage:
    return linking.link(frame, shipped, api)


def together(linked: Linkage, *records: str) -> bool:
    found = linked.clusters.filter(pl.col("record_id").is_in(records))
    assert len(found) == len(records)
    return found["cluster_id"].n_unique() == 1


def pair(linked: Linkage, one: str, other: str) -> dict[str, Any] | None:
    left, right = sorted((one, other))
    found = linked.pairs.filter((pl.col("left_id") == left) & (pl.col("right_id") == right))
    return found.to_dicts()[0] if len(found) else None


def test_one_person_written_in_six_ways_is_one_cluster(linked: Linkage) -> None:
    assert together(linked, *(f"wang-{at}" for at in range(1, 7)))


def test_an_old_number_and_a_slip_of_a_digit_are_the_same_number(linked: Linkage) -> None:
    assert together(linked, "shen-1", "shen-2", "shen-3")


def test_twins_are_two_and_the_record_without_a_number_goes_with_its_name(linked: Linkage) -> None:
    assert not together(linked, "twin-a", "twin-b")
    assert together(linked, "twin-b", "twin-c")
    assert (pair(linked, "twin-a", "twin-b") or {"outcome": "no"})["outcome"] != "certain"


def test_namesakes_are_two(linked: Linkage) -> None:
    assert not together(linked, "namesake-a", "namesake-b")


def test_a_family_behind_one_door_and_phone_stays_three(linked: Linkage) -> None:
    assert not together(linked, "father", "son") and not together(linked, "father", "wife")
    assert pair(linked, "father", "wife") is None


def test_the_same_number_with_another_sex_and_day_goes_to_review_and_says_why(linked: Linkage) -> None:
    found = pair(linked, "clash-a", "clash-b")
    assert found and (found["outcome"], found["reason"]) == ("review", "id_contradicted")
    assert not together(linked, "clash-a", "clash-b")


def test_customers_with_their_agents_mobile_stay_apart(linked: Linkage) -> None:
    records = [f"agent-{at}" for at in range(10)]
    found = linked.clusters.filter(pl.col("record_id").is_in(records))
    assert found["cluster_id"].n_unique() == 10


def test_the_shipped_model_finds_most_and_hardly_ever_errs(linked: Linkage, frame: pl.DataFrame) -> None:
    score = evaluation.score_clusters(linked.clusters["cluster_id"], frame["person"].cast(pl.String))
    assert score.precision >= 0.995 and score.recall >= 0.97


def test_what_people_decided_holds(frame: pl.DataFrame, shipped: model.Model, api: Any) -> None:
    found = linking.link(
        frame, shipped, api, known=[("father", "son")], never=[("wang-1", "wang-2"), ("shen-1", "shen-3")]
    )
    assert together(found, "father", "son")
    assert not together(found, "wang-1", "wang-2") and not together(found, "shen-1", "shen-3")
    assert pair(found, "wang-1", "wang-2") is None


def test_keys_of_two_swapped_columns_meet_only_as_a_whole(tmp_path: Path) -> None:
    fields = tuple(model.Field(code=name, role=model.Role.TOKEN, columns=(name,)) for name in ("given", "family"))
    rule = model.Rule(code="turned", keys=(("given", "family"), ("family", "given")))
    chosen = model.Model(
        name="turned", fields=fields, comparisons=comparisons.for_fields(fields), rules=(rule,),
        thresholds=model.Thresholds(certain=50, review=-50),
    )  # fmt: skip
    old = pl.DataFrame({"record_id": ["1", "2"], "given": ["li", "li"], "family": ["an", "bo"]})
    new = pl.DataFrame({"record_id": ["3", "4"], "given": ["an", "li"], "family": ["li", "an"]})
    base = incremental.write_base(old, chosen, tmp_path)
    assert base == incremental.open_base(tmp_path)
    with linking.connection(memory_mb=500) as con:
        found = incremental.link_batch(new, base, chosen, con)
    assert set(found.pairs.select("left_id", "right_id").iter_rows()) == {("1", "3"), ("3", "4")}
    assert set(found.clusters["record_id"]) == {"1", "3", "4"}


def test_a_base_of_another_version_is_not_used(frame: pl.DataFrame, shipped: model.Model, tmp_path: Path) -> None:
    incremental.write_base(frame.head(5), shipped, tmp_path)
    about = tmp_path / "base.json"
    about.write_text(about.read_text(encoding="utf-8").replace('"layout": ', '"layout": 9'), encoding="utf-8")
    with pytest.raises(incremental.BaseOutdated):
        incremental.open_base(tmp_path)


def test_a_batch_finds_what_a_full_run_finds(
    frame: pl.DataFrame, shipped: model.Model, api: Any, linked: Linkage, tmp_path: Path
) -> None:
    batch = frame.tail(200)
    # The last record of the batch is in the base as well, as it was before: it is not held against itself.
    before = batch.tail(1).with_columns(pl.lit("someone else").alias("name"))
    base = incremental.write_base(pl.concat([frame.head(len(frame) - 200), before]), shipped, tmp_path)
    with linking.connection(memory_mb=1000) as con:
        found = incremental.link_batch(batch, incremental.open_base(tmp_path), shipped, con)
    assert base.records == len(frame) - 199
    assert found.clusters["record_id"].is_unique().all()
    new = set(batch["record_id"])

    def certain(linkage: Linkage) -> set[tuple[str, str]]:
        rows = linkage.pairs.filter(pl.col("outcome") == "certain").select("left_id", "right_id").iter_rows()
        return {(left, right) for left, right in rows if left in new or right in new}

    # Frequencies are those of the base, so a few pairs near the threshold may differ.
    assert len(certain(found) ^ certain(linked)) <= 0.02 * len(certain(linked))
    assert together(found, *(f"wang-{at}" for at in range(1, 7)))


def test_the_scorer_and_the_batch_weigh_every_pair_as_splink_does(
    frame: pl.DataFrame, shipped: model.Model, api: Any
) -> None:
    prepared = features.prepare(frame, shipped)
    pairs = linking.predict(prepared, shipped, api, least=-60)
    assert len(pairs) > 1000
    with linking.connection(memory_mb=500) as con:
        direct = weights.weigh(con, prepared, pairs, shipped, -60)
    both = pairs.join(direct, on=["left", "right"], suffix="_direct")
    assert len(both) == len(pairs) and (both["weight"] - both["weight_direct"]).abs().max() < 1e-6
    rows, scorer = prepared.to_dicts(), scoring.Scorer(shipped)
    for left, right, weight in pairs.iter_rows():
        assert scorer.weight(rows[left], rows[right]) == pytest.approx(weight, abs=1e-6)


def test_a_record_being_typed_finds_its_duplicates_with_reasons(shipped: model.Model) -> None:
    typed = {"name": "王颖瑾", "phone": "15812340001"}
    found = scoring.score_one(typed, PLANTED, shipped, records=1_000_000, shares={"phone": {AGENT: 0.01}})
    assert {"wang-1", "wang-2", "wang-3"} <= {name for name, _ in found[:6]}
    assert all(name.startswith("wang") for name, scored in found if scored.outcome == "certain")
    (first,) = [scored for name, scored in found if name == "wang-1"]
    levels = {each.field: each.level for each in first.evidence}
    assert levels["name"] == "same" and levels["phone"] == "same" and levels["id"] == "unknown"
    assert first.weight == pytest.approx(
        shipped.sized(1_000_000).prior_weight + sum(each.weight for each in first.evidence)
    )


def test_an_agents_mobile_says_nothing_live(shipped: model.Model) -> None:
    typed = {"name": "赵一兰", "phone": AGENT, "sex": "女"}
    rare = dict(scoring.score_one(typed, PLANTED, shipped, records=100_000))
    known = dict(scoring.score_one(typed, PLANTED, shipped, records=100_000, shares={"phone": {AGENT: 0.02}}))
    assert rare["agent-0"].weight - known["agent-0"].weight > 8


def test_a_model_goes_to_json_and_back(shipped: model.Model) -> None:
    assert model.from_json(model.to_json(shipped)) == shipped
    with pytest.raises(ValueError, match="format"):
        model.from_dict({"format": 99})


def test_no_shipped_model_holds_a_number_a_phone_or_a_door(shipped: model.Model) -> None:
    for column in ("phone", "phone_2", "email", "email_user", "account", "id_tail", "address_door", "address_house"):
        assert not shipped.frequencies[column].values


def test_branches_are_not_their_head_office(api: Any) -> None:
    rows = [
        {
            "record_id": "head",
            "name": "华明科技（深圳）有限公司",
            "uscc": "91440300MA5EXAMPL6",
            "phone": "075526001234",
        },
        {"record_id": "same", "name": "華明科技(深圳)有限公司", "phone": "0755-26001234"},
        {"record_id": "branch", "name": "华明科技（深圳）有限公司上海分公司", "phone": "075526001234"},
        {"record_id": "other", "name": "光大贸易有限公司", "phone": "02155550000"},
    ]
    found = linking.link(pl.DataFrame(rows), standard.organisation(), api)
    assert together(found, "head", "same")
    assert not together(found, "head", "branch") and not together(found, "head", "other")


def test_sisters_behind_one_door_are_asked_about_and_a_place_in_brackets_is_no_other_name(api: Any) -> None:
    shared = {"phone": "02155551234", "address": "上海市浦东新区世纪大道100号1201室"}
    rows = [
        {"record_id": "trade", "name": "上海瑞丰商贸有限公司", **shared},
        {"record_id": "estate", "name": "上海瑞丰房地产开发有限公司", **shared},
        {"record_id": "bracket", "name": "瑞丰（上海）商贸有限责任公司", **shared},
        {"record_id": "north", "name": "北京瑞丰商贸有限公司", "phone": shared["phone"]},
    ]
    found = linking.link(pl.DataFrame(rows), standard.organisation(), api)
    assert together(found, "trade", "bracket")
    assert not together(found, "trade", "estate") and not together(found, "trade", "north")
    reasons = found.pairs.filter(pl.col("outcome") == "review")["reason"]
    assert "other_company" in reasons.to_list()


def test_the_model_for_organisations_is_trained_and_joins_no_two(api: Any) -> None:
    frame = linkage_organisations.make(1_500, seed=22)
    shipped = standard.organisation()
    found = linking.link(frame, shipped, api)
    score = evaluation.score_clusters(found.clusters["cluster_id"], frame["organisation"])
    assert shipped.trained_on > 0
    assert score.precision >= 0.995 and score.f1 >= 0.9


def test_nothing_to_link_is_no_error(shipped: model.Model, api: Any) -> None:
    found = linking.link(pl.DataFrame({"record_id": ["1"], "name": ["王明"]}), shipped, api)
    assert found.clusters.to_dicts() == [{"record_id": "1", "cluster_id": "1"}] and not len(found.pairs)


def test_a_batch_whose_neighbours_an_index_found_weighs_as_splink_does(
    frame: pl.DataFrame, shipped: model.Model, tmp_path: Path
) -> None:
    fresh = frame["record_id"].head(150)
    with linking.connection(memory_mb=1_000, spill=tmp_path) as con:
        found = incremental.link_found(frame, fresh, shipped, con, records=0).pairs
    prepared = incremental._as_common_as_found(features.prepare(frame, shipped, own_frequencies=False), shipped)
    prepared = prepared.with_columns(pl.col(features.ID).is_in(fresh.implode()).alias(linking.NEW))
    with linking.duckdb(memory_mb=1_000, spill=tmp_path) as splink:
        pairs = linking.predict(prepared, shipped, splink, newcomers=True)
    said = linking.decide(prepared, pairs, shipped).pairs
    assert len(found) > 50
    key = ["left_id", "right_id"]
    both = found.join(said, on=key, how="full", suffix="_splink", coalesce=True)
    assert both.height == found.height == said.height
    assert (both["weight"] - both["weight_splink"]).abs().max() < 1e-6
    assert both["outcome"].to_list() == both["outcome_splink"].to_list()
