"""The default procedure on labelled sets: small invented ones here, the public ones where they are at hand."""

# ruff: noqa: E501

from __future__ import annotations

import json
from pathlib import Path

import linkage_people
import polars as pl
import pytest
from click.testing import CliRunner

from anxin.analytics.linkage import evaluation, labelled
from anxin.config.cli import cli

SPECS = Path(__file__).parents[3] / "docs/guides/linkage"
DATA = Path(__file__).parents[4] / "shared/data"
# Clustered precision and F1 at least.
FIGURES = {
    "febrl1": (0.99, 0.996), "febrl2": (0.99, 0.996), "febrl3": (0.99, 0.996), "historical": (0.9, 0.83),
    "customers_zh": (0.99, 0.975), "fake_1000": (0.95, 0.85), "rldata": (0.85, 0.85),
}  # fmt: skip


@pytest.fixture(scope="module")
def spec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Invented people under other names and orders of columns, with a column nobody described."""
    folder = tmp_path_factory.mktemp("labelled")
    people = linkage_people.make(1200, seed=41)
    people = people.select(
        pl.col("address").alias("住址"), pl.col("phone").alias("手机"), pl.col("name").alias("姓名"), pl.col("record_id").alias("编号"),
        pl.col("id_number").alias("证件"), pl.col("birth_date").alias("生日"), pl.col("sex").alias("性别"),
        pl.col("address").str.slice(0, 3).alias("地区"), pl.col("person").alias("真人"),
    )  # fmt: skip
    people.write_csv(folder / "people.csv")
    file = folder / "people.toml"
    file.write_text(
        """
        [[files]]
        path = "people.csv"
        [columns]
        "编号" = "id"
        "姓名" = "name"
        "性别" = "sex"
        "生日" = "birth_date"
        "证件" = "id_number"
        "手机" = "phone"
        "住址" = "address"
        [truth]
        column = "真人"
        """,
        encoding="utf-8",
    )
    return file


def test_the_command_links_a_small_set_by_what_it_is_told_alone(spec: Path, tmp_path: Path) -> None:
    frame = pl.read_csv(spec.parent / "people.csv", infer_schema=False)
    frame.head(400).write_csv(tmp_path / "few.csv")
    file = tmp_path / "few.toml"
    text = spec.read_text(encoding="utf-8").replace("people.csv", "few.csv")
    kept = [line for line in text.splitlines() if not any(word in line for word in ("性别", "证件", "住址"))]
    file.write_text("guess = false\n" + "\n".join(kept), encoding="utf-8")
    done = CliRunner().invoke(cli, ["linkage", "evaluate", "--spec", str(file), "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    assert found["records"] == 400 and set(found["fields"].values()) == {"chinese_name", "date", "phone"}
    assert found["clustered"]["precision"] >= 0.95 and found["clustered"]["f1"] >= 0.85


@pytest.mark.slow
def test_the_command_links_a_set_and_prints_one_object(spec: Path) -> None:
    done = CliRunner().invoke(cli, ["linkage", "evaluate", "--spec", str(spec), "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    assert found["records"] == 1200 and found["seconds"] > 0 and found["peak_memory_mb"] > 0
    assert found["clustered"]["precision"] >= 0.99 and found["clustered"]["f1"] >= 0.97
    assert set(found["pairwise"]) == {"precision", "recall", "f1"}
    assert found["fields"]["chinese_name"] == "chinese_name" and found["fields"]["other_地区"] in ("category", "text")


def test_truth_is_never_compared(spec: Path) -> None:
    read = labelled.read_spec(spec)
    frame = labelled.read_frame(read)
    assert not {"真人", "编号"} & {column for each in labelled.fields_of(frame, read) for column in each.columns}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (('"姓名" = "name"', '"姓名" = "nom"'), "role nom"), (('"姓名" = "name"', '"名字" = "name"'), "名字"),
        (("[truth]", "[other]"), "other"), (('"真人"', '"真"'), "真"), (('column = "真人"', 'colum = "真人"'), "colum"),
        (('column = "真人"', 'column = "真人"\npattern = "x"'), "brackets"),
        (('column = "真人"', 'column = "真人"\npattern = "x(.)"'), "truth says nothing"),
        (('column = "真人"', 'file = "none.csv"'), "id and cluster"),
        (('column = "真人"', 'file = "none.csv"\nid = "a"\ncluster = "b"'), "none.csv"),
        (('column = "真人"', 'column = '), "TOML"), (('"姓名" = "name"', '"姓名" = "id"'), "Only one"),
        (("[[files]]", 'mode = "both"\n[[files]]'), "both"), (("[[files]]", 'separator = ",,"\n[[files]]'), "separator"),
        (("[[files]]", "[files]"), "[[files]]"), (("people.csv", "nobody.csv"), "nobody.csv"),
    ],
)  # fmt: skip
def test_a_specification_that_cannot_be_followed_says_why(
    spec: Path, tmp_path: Path, change: tuple[str, str], word: str
) -> None:
    text = spec.read_text(encoding="utf-8").replace(*change).replace("people.csv", str(spec.parent / "people.csv"))
    file = tmp_path / "bad.toml"
    file.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(cli, ["linkage", "evaluate", "--spec", str(file)])
    assert done.exit_code == 1 and word in done.output


@pytest.mark.parametrize(("encoding", "separator"), [("gb18030", "\t"), ("utf-16", ";"), ("utf-8-sig", "|")])
def test_files_are_read_however_they_were_written(tmp_path: Path, encoding: str, separator: str) -> None:
    # Columns bear our own names, and blanks stand around names and values.
    lines = [("record_id", " source", "姓名", "年"), ("7", "男", " 王明 ", "1980"), ("8", "女", "李丽", " ")]
    (tmp_path / "few.csv").write_bytes("\n".join(separator.join(line) for line in lines).encode(encoding))
    (tmp_path / "few.toml").write_text(
        '[[files]]\npath = "few.csv"\n[columns]\nrecord_id = "ignore"\nsource = "sex"\n"姓名" = "Name"\n'
        '"年" = "year"\n[truth]\ncolumn = "record_id"\n', encoding="utf-8",
    )  # fmt: skip
    spec = labelled.read_spec(tmp_path / "few.toml")
    frame = labelled.read_frame(spec)
    found = {each.code: each for each in labelled.fields_of(frame, spec)}
    assert {code: str(each.role) for code, each in found.items()} == {
        "sex": "sex", "chinese_name": "chinese_name", "year": "category",
    }  # fmt: skip
    assert frame.select(found["sex"].columns[0], "姓名", "年").rows() == [("男", "王明", "1980"), ("女", "李丽", None)]
    truth = labelled.truth_of(frame, spec)
    assert (
        isinstance(truth, pl.Series) and truth.to_list() == ["7", "8"] and frame["source"].unique().to_list() == ["few"]
    )


def test_a_stray_byte_makes_no_other_code_of_a_file(tmp_path: Path) -> None:
    lines = "编号,姓名\n7,王小明\n8,李丽\n9,欧阳清婉\n"
    for number, encoding in enumerate(("utf-8", "gb18030")):
        path = tmp_path / f"{number}.csv"
        path.write_bytes(lines.encode(encoding) + b"10,\xff\n")
        assert labelled._read(path, "")["姓名"].head(3).to_list() == ["王小明", "李丽", "欧阳清婉"]


def test_figures_are_counted_as_defined() -> None:
    truth = pl.Series(["a", "a", "a", "b", None])
    clustered = evaluation.score_clusters(pl.Series(["1", "1", "2", "2", "2"]), truth)
    assert (clustered.precision, clustered.recall) == (0.5, pytest.approx(1 / 3))
    pairs = evaluation.score_pairs([0, 1, 3], [1, 2, 4], truth)
    assert (pairs.precision, pairs.recall) == (1.0, pytest.approx(2 / 3))


@pytest.mark.slow
@pytest.mark.parametrize("name", FIGURES)
def test_the_samples_of_the_guide_reach_their_figures(name: str) -> None:
    spec = labelled.read_spec(SPECS / f"{name}.toml")
    if not all(path.exists() for path, _ in spec.files):
        pytest.skip(f"The public data of {name} is not at {DATA}.")
    found = evaluation.evaluate(spec)
    precision, f1 = FIGURES[name]
    assert found["clustered"]["precision"] >= precision and found["clustered"]["f1"] >= f1
    if name.startswith("febrl"):
        assert found["pairwise"]["f1"] >= 0.996


def test_every_sample_of_the_guide_can_be_read() -> None:
    files = sorted(SPECS.glob("*.toml"))
    assert {file.stem for file in files} == set(FIGURES)
    for file in files:
        assert labelled.read_spec(file).files
