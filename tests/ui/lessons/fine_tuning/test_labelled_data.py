"""The data of fine-tuning: what the page shows is what lm_core makes of the same rows, whoever brought them."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from streamlit.testing.v1 import AppTest

from figures.bars import percent
from lm_core import LanguageModel
from lm_core.text.data_shelf import data_shelf
from lm_core.text.example_sets import SETS, load_set
from lm_core.text.examples import Examples, Split, split
from lm_core.text.naive_bayes import learn
from tests.ui.frame.test_notebook import run, taken
from ui.i18n import LANGUAGES, Language, translate
from ui.lessons.fine_tuning.data_code import our_code, their_code

if TYPE_CHECKING:
    from tests.ui.conftest import Open
    from ui.frame.notebook import Cell

assert taken  # a fixture
every_language = pytest.mark.parametrize("language", LANGUAGES)

HOSTILE = [
    "<b>bold</b><img src=x onerror=alert(1)>",
    '=HYPERLINK("http://x")',
    "$x^2$ :smile: [a](javascript:b) `c`",
    "@SUM(1) ![i](http://x/y.png)",
]
THINGS = [
    "door",
    "lamp",
    "spoon",
    "kettle",
    "garden",
    "bridge",
    "violin",
    "pencil",
    "mirror",
    "basket",
    "ladder",
    "window",
]
ROWS = [
    (f"the {thing} is {what} today", label) for thing in THINGS for what, label in (("fine", "good"), ("broken", "bad"))
]


@pytest.fixture(autouse=True)
def empty_shelf() -> Iterator[None]:
    """Nothing on the shelf of an earlier test, nor left for a later one."""
    yield
    shutil.rmtree(data_shelf().folder, ignore_errors=True)


def figure(app: AppTest) -> dict[str, Any]:
    return dict(json.loads(app.get("plotly_chart")[0].proto.spec))


def words(app: AppTest) -> str:
    return " ".join(each.value for each in app.markdown)


def warnings(app: AppTest) -> str:
    return " ".join(each.value for each in app.warning)


def as_bytes(rows: Sequence[tuple[str, ...]], *, header: tuple[str, ...] = ("text", "label")) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue().encode()


def parts_of(name: str, share: float = 0.2, seed: int = 0) -> Split:
    return split(load_set(name), share, seed)


@every_language
@pytest.mark.parametrize("name", SETS)
def test_the_bars_of_a_shipped_set_are_its_split(open_page: Open, name: str, language: Language) -> None:
    app = open_page("fine_tuning", set=name, lang=language, held_out="30", draw="4")
    parts = parts_of(name, 0.3, 3)
    learned, held_out = figure(app)["data"]
    assert learned["x"] == [parts.train.balance[label] for label in parts.train.labels]
    assert held_out["x"] == [parts.held_out.balance[label] for label in parts.train.labels]
    assert percent(learn(parts.train).accuracy(parts.held_out)) in words(app)


def test_the_numbers_of_model_and_head_are_those_of_the_weights(open_page: Open, shipped: LanguageModel) -> None:
    app = open_page("fine_tuning", set="topics")
    body = sum(parameter.numel() for parameter in shipped.model.body.parameters())
    head = sum(parameter.numel() for parameter in _classifier(shipped, load_set("topics")).classifier.parameters())
    assert f"{body:,}" in words(app)
    assert f"**{head:,}**" in words(app)


def _classifier(lm: LanguageModel, examples: Examples) -> Any:  # noqa: ANN401 (a module with a classifier)
    from lm_core.training.fine_tuning import FineTuningOptions, add_head

    return add_head(lm, examples.labels, FineTuningOptions()).model


def test_lengths_are_those_of_the_tokenizer(open_page: Open, shipped: LanguageModel) -> None:
    app = open_page("fine_tuning", set="questions", figure="lengths", table="on")
    lengths = [len(shipped.encode(row.text).tokens) for row in load_set("questions").rows]
    (bars,) = figure(app)["data"]
    assert sum(bars["y"]) == len(lengths)
    assert bars["y"][-1] == sum(length > shipped.config.max_position_embeddings for length in lengths)
    table = app.dataframe[0].value
    assert dict(zip(table["pieces"], table["examples"], strict=True)) == {
        length: lengths.count(length) for length in set(lengths)
    }


@every_language
def test_pasted_lines_are_learned_from_and_errors_lose_none_of_them(open_page: Open, language: Language) -> None:
    app = open_page("fine_tuning", set="own", lang=language)
    assert translate("Nothing is written here yet: a label, a comma and a text in each line.", language) in warnings(
        app
    )
    one_label = "\n".join(f"good, {text}" for text, _ in ROWS)
    app.text_area(key="lines_box").input(one_label).run()
    assert app.text_area(key="lines_box").value == one_label
    assert str(len(ROWS)) in warnings(app)
    lines = "\n".join(f"{label}, {text}" for text, label in ROWS)
    app.text_area(key="lines_box").input(lines).run()
    assert not app.warning
    learned, held_out = figure(app)["data"]
    assert [sum(pair) for pair in zip(learned["x"], held_out["x"], strict=True)] == [len(ROWS) // 2] * 2


def test_columns_are_chosen_only_where_there_are_any(open_page: Open) -> None:
    lines = open_page("fine_tuning", set="own", lines="\n".join(f"{label}, {text}" for text, label in ROWS))
    cells = open_page("fine_tuning", set="own", lines="\n".join(f"{text}\t{label}" for text, label in ROWS))
    assert figure(lines)["data"] == figure(cells)["data"]
    keys = [{box.key for box in app.selectbox} for app in (lines, cells)]
    assert "column_text" not in keys[0]
    assert "column_text" in keys[1]


def test_a_paste_too_long_for_an_address_is_kept_under_its_hash(open_page: Open) -> None:
    lines = "\n".join(f"{label}, {text} {number}" for number in range(9) for text, label in ROWS)
    app = open_page("fine_tuning", set="own")
    app.text_area(key="lines_box").input(lines).run()
    (kept,) = data_shelf().folder.iterdir()
    assert not app.exception
    again = open_page("fine_tuning", set="own", pasted=kept.name)
    assert again.text_area(key="lines_box").value == lines
    assert figure(again)["data"] == figure(app)["data"]


def test_an_uploaded_file_stands_in_the_address_and_its_columns_can_be_chosen(open_page: Open) -> None:
    rows = [(str(number), label, text, "xyz"[number % 3]) for number, (text, label) in enumerate(ROWS)]
    data = as_bytes(rows, header=("id", "verdict", "said", "other"))
    app = open_page("fine_tuning", set="file")
    app.file_uploader(key="upload").upload("my data.csv", data, "text/csv").run()
    assert not app.exception
    assert not app.warning
    (kept,) = data_shelf().folder.iterdir()
    again = open_page("fine_tuning", set="file", data=kept.name, file="my data.csv")
    assert again.selectbox(key="column_text").value == "3"
    assert figure(again)["data"][0]["y"] == ["1 bad", "2 good"]
    again.selectbox(key="column_label").select("4").run()
    assert figure(again)["data"][0]["y"] == ["1 x", "2 y", "3 z"]
    again.selectbox(key="column_label").select("3").run()
    assert "the same column" in warnings(again)
    again.selectbox(key="column_label").select("2").run()
    assert not again.warning


def test_two_columns_of_text_make_pairs(open_page: Open, shipped: LanguageModel) -> None:
    rows = [(text, f"it is the {thing}", label) for (text, label), thing in zip(ROWS, THINGS * 2, strict=True)]
    key = data_shelf().put(as_bytes(rows, header=("premise", "hypothesis", "label")))
    app = open_page("fine_tuning", set="file", data=key, figure="lengths")
    longest = max(len(shipped.encode(text, pair).tokens) for text, pair, _ in rows)
    assert any(f"to {longest} pieces" in each.value for each in app.caption)


@every_language
@pytest.mark.parametrize(
    ("data", "message"),
    [
        (bytes(range(256)) * 9, "This file is not a text: it has NUL characters in it. Export the table as CSV."),
        (b"PK\x03\x04xl/", "This is a file of {kind}, not a table in plain text. Export it as CSV."),
        (b"", "The file is empty."),
        (as_bytes([(text, "good") for text, _ in ROWS]), "All {rows} rows have the same label, {label}"),
        (as_bytes([(text, text) for text, _ in ROWS]), "There are {labels} different labels in {rows} rows"),
        (b"x" * 5_000_001, "The file has {size} MB, and {most} MB are the most."),
        (b"a,b\nc,d,e\nf\ng,h,i,j\nk,l,m,n,o\n", "{ragged} of {rows} rows have another number of cells"),
    ],
    ids=["binary", "workbook", "empty", "one label", "a label a row", "large", "ragged"],
)
def test_a_file_that_cannot_be_learned_from_is_told_and_can_be_changed(
    open_page: Open, data: bytes, message: str, language: Language
) -> None:
    app = open_page("fine_tuning", set="file", data=data_shelf().put(data), lang=language)
    whole = next(each for each in _templates() if each.startswith(message))
    beginning = translate(whole, language).split("{")[0].strip()
    assert len(app.warning) == 1
    assert beginning in app.warning[0].value or translate(whole, language).split("}")[-1] in app.warning[0].value
    assert app.file_uploader(key="upload")
    assert app.selectbox(key="delimiter")


def _templates() -> list[str]:
    from tests.ui.messages import source_messages

    return [message for message, file in source_messages() if file.startswith("lm_core")]


def test_of_too_many_rows_some_are_drawn_and_the_page_says_so(open_page: Open) -> None:
    rows = b"".join(b"t%d,%s\n" % (number, b"a" if number % 2 else b"b") for number in range(60_000))
    app = open_page("fine_tuning", set="file", data=data_shelf().put(rows))
    assert "20,000 rows are used" in warnings(app)


def test_hostile_cells_are_only_text_wherever_they_are_shown(open_page: Open) -> None:
    rows = [*ROWS, *((text, label) for text in HOSTILE for label in ("good", HOSTILE[0]))] + [("x y z", HOSTILE[0])] * 4
    key = data_shelf().put(as_bytes(rows))
    for shown in ("labels", "lengths", "rows"):
        app = open_page(
            "fine_tuning", set="file", data=key, file=HOSTILE[0], figure=shown, table="on", steps_code="on", code="on"
        )
        for each in (*app.markdown, *app.warning, *app.caption):
            for hostile in HOSTILE:
                shown_as_code = each.value.replace(f"`{hostile}`", "").replace(f"`` {hostile} ``", "")
                assert hostile not in shown_as_code
    assert set(HOSTILE) <= set(app.dataframe[0].value["text"])


def test_the_downloaded_rows_hold_no_formula(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    import streamlit

    written: dict[str, Any] = {}
    monkeypatch.setattr(
        streamlit, "download_button", lambda _label, data, *, key, **_options: written.update({key: data})
    )
    lines = "\n".join([*(f"{label}, {text}" for text, label in ROWS), "good, =1+1", "bad, @SUM(A1)"])
    open_page("fine_tuning", set="own", lines=lines, figure="rows")
    table = list(csv.DictReader(io.StringIO(written["rows_csv"]())))
    assert len(table) == len(ROWS) + 2
    assert {"'=1+1", "'@SUM(A1)"} <= {row["text"] for row in table}


@pytest.mark.parametrize("data", ["../../etc/passwd", "0" * 64, "", "x"])
def test_data_that_are_not_kept_are_told(open_page: Open, data: str) -> None:
    for address in ({"set": "file", "data": data}, {"set": "own", "pasted": data}):
        app = open_page("fine_tuning", **address)
        assert app.warning
        assert not app.get("plotly_chart")


def test_a_shelf_that_cannot_be_written_loses_nothing_typed(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setitem(os.environ, "LM_GLASSBOX_HOME", str(tmp_path / "file"))
    lines = "\n".join(f"{label}, {text} {number}" for number in range(9) for text, label in ROWS)
    app = open_page("fine_tuning", set="own")
    app.text_area(key="lines_box").input(lines).run()
    assert app.text_area(key="lines_box").value == lines
    assert "cannot be kept here" in warnings(app)
    assert app.get("plotly_chart")


def test_the_guess_is_judged_by_the_held_out_rows(open_page: Open) -> None:
    lines = "\n".join([*(f"{label}, {text}" for text, label in ROWS), *(f"good, {thing} x y" for thing in THINGS)])
    app = open_page("fine_tuning", set="own", lines=lines)
    learned, held_out = figure(app)["data"]
    most = max(range(2), key=lambda place: learned["x"][place])
    truth = percent(held_out["x"][most] / sum(held_out["x"]))
    options = [button for button in app.button if str(button.key).startswith("option_")]
    next(button for button in options if button.label == truth).click().run()
    assert f"✓ Right: {truth}" in words(app)


def test_the_challenge_is_met_by_lines_that_counting_cannot_tell_apart(open_page: Open) -> None:
    colours = ("red", "blue", "green", "white", "black", "brown")
    orders = [(one, other) for one in colours for other in colours if one < other]
    lines = "\n".join(
        f"{label}, {first} before {second}"
        for one, other in orders
        for label, first, second in (("up", one, other), ("down", other, one))
    )
    app = open_page("fine_tuning", set="own", lines=lines)
    assert "**Challenge.** ✓" in words(app)
    assert "**Challenge.** ✓" not in words(open_page("fine_tuning"))


@pytest.mark.parametrize(
    "address", [{"set": "topics", "held_out": "30", "draw": "3"}, {"set": "own"}], ids=["set", "own"]
)
def test_the_notebook_splits_the_same_rows_in_the_same_way(
    open_page: Open, taken: list[Cell], address: dict[str, str]
) -> None:
    lines = "\n".join(f"{label}, {text}" for text, label in ROWS)
    app = open_page("fine_tuning", lines=lines, **address)
    names = run(taken)
    learned, held_out = figure(app)["data"]
    labels = names["examples"].labels
    assert learned["x"] == [names["parts"].train.balance[label] for label in labels]
    assert held_out["x"] == [names["parts"].held_out.balance[label] for label in labels]
    assert percent(names["accuracy"]) in words(app)


def test_both_codes_make_a_head_of_the_same_size_on_the_same_body(open_page: Open) -> None:
    labels = load_set("questions").labels
    app = open_page("fine_tuning", set="questions", steps_code="on")
    codes = our_code("compact-bert", labels), their_code("compact-bert", labels)
    assert [block.value for block in app.code][:2] == list(codes)
    ours: dict[str, Any] = {}
    theirs: dict[str, Any] = {}
    exec(codes[0], ours)
    exec(codes[1], theirs)
    model = theirs["model"]
    assert model.classifier.weight.shape == ours["classifier"].model.classifier.weight.shape
    assert (model.bert.pooler.dense.weight == ours["classifier"].model.body.pooler.weight).all()
    assert [model.config.id2label[number] for number in range(len(labels))] == list(ours["classifier"].labels)
