"""The notebook of a page runs with lm_core alone and gives the numbers that the page shows."""

from __future__ import annotations

import ast
import base64
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import numpy as np
import pytest

from figures.bars import percent
from tests.patience import PATIENCE
from tests.ui.lessons.many_heads.test_many_heads import sent
from tests.ui.lessons.masked_words.test_masked_words import bars
from ui.frame import foot
from ui.frame.notebook import Cell, as_notebook
from ui.i18n import LANGUAGES, Language

if TYPE_CHECKING:
    from tests.ui.conftest import Open

ROOT = Path(__file__).parents[3]
PLAIN = "The children went to school by bus in the morning."
HOSTILE = 'He said "it\'s"\n\'\'\'no\'\'\' """yes""" \\ \\n {trace} \u2028 \x1b # 词 \\"'


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[Cell]:
    """The cells that the page last opened would be taken away as."""
    cells: list[Cell] = []

    def take(_slug: str, offered: list[Cell]) -> None:
        cells[:] = offered

    monkeypatch.setattr(foot, "notebook_button", take)
    return cells


def run(cells: list[Cell]) -> dict[str, Any]:
    """What the code cells leave behind, run in one namespace."""
    names: dict[str, Any] = {}
    for cell in cells:
        if cell.kind == "code":
            exec(compile(cell.source, "notebook", "exec"), names)
    return names


@pytest.mark.parametrize(("sentence", "mask"), [(PLAIN, "2"), (HOSTILE, "2,5")], ids=["plain", "hostile"])
def test_masked_words_gives_the_answers_entropies_and_the_sum_of_the_page(
    open_page: Open, taken: list[Cell], capsys: pytest.CaptureFixture[str], sentence: str, mask: str
) -> None:
    app = open_page("masked_words", sentence=sentence, mask=mask)
    names = run(taken)
    assert names["sentence"] == sentence
    for number, answer in enumerate(names["answers"][:4]):
        assert bars(app, number) == pytest.approx([each.probability for each in answer.predictions], abs=1e-6)
        assert any(f"{answer.entropy:.2f}" in each.value for each in app.markdown)
    step = names["step"]
    assert f"{step.logit:.4f}" in app.latex[0].value
    assert f"{step.probability:.6f}" in app.latex[0].value
    assert f"{step.probability:.6f}" in capsys.readouterr().out


@pytest.mark.parametrize("sentence", [PLAIN, HOSTILE], ids=["plain", "hostile"])
def test_many_heads_gives_the_matrix_what_is_noticed_and_the_probability_of_the_page(
    open_page: Open, taken: list[Cell], capsys: pytest.CaptureFixture[str], sentence: str
) -> None:
    app = open_page("many_heads", sentence=sentence, mask="3", layer="2", head="4", query="3", key="2")
    names = run(taken)
    data = sent(app, "attention_view")
    shown = np.frombuffer(base64.b64decode(data["probs"]), dtype="<f4").reshape(len(data["tokens"]), -1)
    assert names["probs"].numpy() == pytest.approx(shown, abs=1e-6)
    (notice,) = [each.value for each in app.markdown if each.value.startswith("**Notice.**")]
    assert f" {names['summary'].entropy:.2f} bits" in notice
    assert percent(names["summary"].special_share) in notice
    assert f"{names['number'].probability:.4f}" in app.latex[1].value
    assert names["number"].probability == pytest.approx(float(shown[2, 1]), abs=1e-6)
    assert f"= {names['number'].probability:.6f}" in capsys.readouterr().out


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["masked_words", "many_heads"])
def test_the_code_imports_lm_core_alone_and_the_words_are_in_the_language_of_the_page(
    open_page: Open, taken: list[Cell], page: str, language: Language
) -> None:
    open_page(page, sentence=PLAIN, mask="5", lang=language)
    for cell in taken:
        if cell.kind == "markdown":
            assert any("一" <= char <= "鿿" for char in cell.source) == (language == "zh")
            continue
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, ast.Import)
            if isinstance(node, ast.ImportFrom):
                assert str(node.module).split(".")[0] in ("lm_core", "math")


def test_while_an_answer_is_to_be_guessed_there_is_no_notebook_that_tells_it(
    open_page: Open, taken: list[Cell]
) -> None:
    open_page("masked_words", sentence=PLAIN, mask="5", guess="on")
    assert not taken
    open_page("masked_words", sentence=PLAIN, mask="")
    assert not taken


def test_jupyter_runs_the_file_and_prints_the_numbers_of_the_page(open_page: Open, taken: list[Cell]) -> None:
    from nbclient import NotebookClient

    app = open_page("masked_words", sentence=HOSTILE, mask="2")
    book = nbformat.reads(as_notebook(taken), as_version=4)
    nbformat.validate(book)
    NotebookClient(book, timeout=PATIENCE, resources={"metadata": {"path": str(ROOT)}}).execute()
    printed = "".join(
        output["text"] for cell in book.cells for output in cell.get("outputs", []) if output["output_type"] == "stream"
    )
    assert all(f"{probability:.6f}" in printed for probability in bars(app))
    (shown,) = re.findall(r"= (\d\.\d{6})", app.latex[0].value)
    assert f"= {shown}" in printed


def test_the_same_cells_make_the_same_file() -> None:
    cells = [Cell('# 词 \\ """', "markdown"), Cell("x = 1")]
    assert as_notebook(cells) == as_notebook(cells)
    assert [cell.source for cell in nbformat.reads(as_notebook(cells), as_version=4).cells] == [
        cell.source for cell in cells
    ]


@pytest.mark.parametrize("step", ["scores", "output"])
@pytest.mark.parametrize("sentence", [PLAIN, HOSTILE], ids=["plain", "hostile"])
def test_one_head_gives_the_number_that_is_asked_about(
    open_page: Open, taken: list[Cell], step: str, sentence: str
) -> None:
    toy = {"source": "toy", "edits": "x2.1:-0.5,q1.1:3", "masking": "causal", "unscaled": "on", "swap": "2-3"}
    for source in (toy, {"source": "model", "layer": "3", "head": "2", "mask": "2"}):
        app = open_page("attention", sentence=sentence, step=step, cell="3.2", **source)
        number = run(taken)["number"]
        (shown,) = re.findall(r"\\mathbf\{([^}]*)\}", app.latex[0].value)
        assert float(shown) == pytest.approx(number, abs=5e-5)


@pytest.mark.parametrize("view", ["pieces", "embeddings", "positions", "swap", "map"])
def test_tokens_gives_the_numbers_of_every_view(open_page: Open, taken: list[Cell], view: str) -> None:
    app = open_page("tokens", view=view, sentence=PLAIN, mask="", word="unbelievably")
    names = run(taken)
    told = " ".join(each.value for each in app.markdown)
    if view == "pieces":
        assert all(f"`{piece}`" in told for piece in names["apart"].pieces)
    elif view == "embeddings":
        assert f"{names['number'].output:.4f}" in app.latex[0].value
    elif view == "positions":
        assert f"{float(names['cosines_by_distance'](names['learned'])[1]):.2f}" in told
    elif view == "swap":
        assert percent(float(names["effects"][0].change[-1].mean())) in told
    else:
        assert percent(names["kept"]) in told
        assert all(f"{each.cosine:.2f}" in told for each in names["neighbours"])


def test_two_sentences_give_the_ratios_and_the_sum_of_the_page(
    open_page: Open, taken: list[Cell], capsys: pytest.CaptureFixture[str]
) -> None:
    app = open_page("masked_words", view="against", first=f"{HOSTILE} [MASK]", second="The [MASK] slept.", table="on")
    names = run(taken)
    table = app.dataframe[0].value
    assert list(table["piece"]) == [piece.token for piece in names["pieces"]]
    assert list(table["ln of the ratio"]) == pytest.approx([piece.log_ratio for piece in names["pieces"]], abs=1e-5)
    assert f"{names['piece'].log_ratio:.4f}" in app.latex[0].value
    assert f"= {names['piece'].log_ratio:.4f}" in capsys.readouterr().out


def test_he_and_she_give_the_means_of_the_page(open_page: Open, taken: list[Cell]) -> None:
    app = open_page(
        "masked_words", view="bias", open="on", jobs='it\'s a \\ "job"', template='{occupation}\'s "[MASK]"', table="on"
    )
    names = run(taken)
    table = app.dataframe[0].value
    for occupation, mean in zip(table["occupation"], table["mean"], strict=True):
        assert names["means"][occupation] == pytest.approx(mean, abs=1e-4)
    taken.clear()
    open_page("masked_words", view="bias")
    assert not taken, "what is to be guessed is not in the notebook"


def test_language_model_gives_the_probabilities_and_the_bits_of_every_view(
    open_page: Open, taken: list[Cell], capsys: pytest.CaptureFixture[str]
) -> None:
    def quietly() -> dict[str, Any]:
        capsys.readouterr()  # AppTest itself warns, where no test before has silenced it
        names = run(taken)
        assert not capsys.readouterr().err
        return names

    address = {"sentence": HOSTILE, "prompt": HOSTILE, "order": "2", "smoothing": "witten-bell"}
    app = open_page("language_model", **address)
    names = quietly()
    best = [probability for probability, _word in names["ranked"][:8]]
    assert bars(app, 0) == pytest.approx(best)
    app = open_page("language_model", view="sentence", by="count", rare="on", **address)
    assert f"= {quietly()['scored'].perplexity:.2f}" in app.latex[0].value
    app = open_page("language_model", view="pairs", one=PLAIN, other=HOSTILE)
    names = quietly()
    assert f"{names['second'].bits:.2f} - {names['first'].bits:.2f}" in app.latex[0].value
