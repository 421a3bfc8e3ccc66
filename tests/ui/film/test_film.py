"""Every number that is shown of a film is the film's."""

from __future__ import annotations

import base64
import json
import math
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from figures.bars import percent
from lm_core import LanguageModel
from lm_core.explain.training.over_time import heads_moved, mean_entropies, moved_most, settled
from lm_core.text.examples import Example, Examples
from lm_core.training.film import Film, Frame, look_at, make_probes
from lm_core.training.fine_tuning import FineTuning, FineTuningOptions, FineTuningPlan
from tests.patience import PATIENCE
from tests.ui.lessons.many_heads.test_many_heads import sent
from ui.components import film as player
from ui.i18n import LANGUAGES, Language, translate
from ui.runs.pool import pool

if TYPE_CHECKING:
    from tests.ui.conftest import Open

HOSTILE = "<script>alert(1)</script> **[MASK]** $x^2$ `a` " + "long" * 40
PROBES = ("The food was [MASK] and the bread was [MASK].", "It was a good film.", HOSTILE)
ROWS = [(f"It was {word}.", label) for word, label in (("good", "+"), ("bad", "-"), ("fine", "+"), ("poor", "-"))]
every_language = pytest.mark.parametrize("language", LANGUAGES)
Show = Callable[..., AppTest]


@pytest.fixture(scope="module")
def tuned(shipped: LanguageModel) -> FineTuning:
    """A few steps of a real fine-tuning."""
    examples = Examples(tuple(Example(text, label) for text, label in ROWS))
    options = FineTuningOptions(steps=6, batch_size=4, learning_rate=3e-3, warmup_share=0.0)
    experiment = FineTuning(FineTuningPlan("compact-bert", examples, examples, options, PROBES), shipped)
    experiment.advance(6)
    return experiment


@pytest.fixture(scope="module")
def untold(shipped: LanguageModel) -> Film:
    """A film without labels, and of one frame."""
    probes = make_probes(shipped, ["It rained [MASK]."])
    return Film(probes, ()).with_frame(Frame(0, 0, look_at(shipped, probes)))


def film_page(file: str, curves: str, is_active: bool) -> None:
    import json
    from pathlib import Path

    import streamlit as st

    from lm_core.training.film import Film
    from ui.address.session import begin_run
    from ui.film.losses import LossCurve
    from ui.film.view import show_film

    begin_run()
    words, stage = st.columns(2)
    with stage:
        shown = show_film(
            Film.load(Path(file)),
            [LossCurve(*curve) for curve in json.loads(curves)],
            key="film",
            words=words.container(),
            total=9,
            is_active=is_active,
        )
    st.session_state["cells"] = [cell.source for cell in shown.cells if cell.kind == "code"]


@pytest.fixture
def show(tmp_path: Path) -> Show:
    """The film view of any film, as an address asks for it."""

    def show(film: Film, curves: list[Any] | None = None, *, is_active: bool = False, **address: str) -> AppTest:
        file = tmp_path / "film.safetensors"
        film.save(file)
        if curves is None:
            curves = [("label", ((1, 0.9), (2, 0.5)), ((0, 1.5),))]
        app = AppTest.from_function(
            film_page, args=(str(file), json.dumps(curves), is_active), default_timeout=PATIENCE
        )
        app.query_params = dict(address)
        app.run()
        assert not app.exception
        return app

    return show


def texts(app: AppTest) -> str:
    return "\n".join(each.value for each in (*app.markdown, *app.caption, *app.warning))


@every_language
def test_the_browser_gets_every_frame_of_the_sentence(show: Show, tuned: FineTuning, language: Language) -> None:
    film = tuned.film
    app = show(film, probe="2", lang=language)
    data = sent(app, "film_reel")
    looks = [frame.looks[1] for frame in film.frames]
    exact = torch.stack([look.attentions for look in looks]).numpy()
    shown = np.frombuffer(base64.b64decode(data["attentions"]), dtype="<u2").reshape(exact.shape) / 65535
    assert shown == pytest.approx(exact, abs=1e-5)
    assert data["steps"] == [frame.step for frame in film.frames]
    assert data["tokens"] == list(film.probes[1].tokens)
    assert np.array(data["shares"]) == pytest.approx(np.array([look.label_probs for look in looks]), abs=1e-5)
    assert sent(app, "film")["names"] == ["+", "-"]
    assert sent(app, "film")["labels"]["play"] == translate("Play film", language)


def test_the_last_frame_is_what_the_trained_model_says(show: Show, tuned: FineTuning) -> None:
    data = sent(show(tuned.film), "film_reel")
    classifier = tuned.classifier
    classifier.model.eval()
    assert data["shares"][-1] == pytest.approx(classifier.label_probs([PROBES[0]])[0].tolist(), abs=1e-5)
    for gap, expected in zip(data["answers"][-1], classifier.lm.fill_mask(PROBES[0], top_k=5), strict=True):
        assert gap == [[each.token, pytest.approx(each.probability, abs=1e-5)] for each in expected]


@every_language
def test_the_checked_number_is_exact_and_so_is_its_way_through_the_film(
    show: Show, tuned: FineTuning, language: Language
) -> None:
    step = tuned.film.frames[3].step
    app = show(tuned.film, step=str(step), layer="2", head="3", query="4", key="2", lang=language)
    way = [float(frame.looks[0].attentions[1, 2, 3, 1]) for frame in tuned.film.frames]
    assert f"**{way[3]:.6f}**" in texts(app)
    assert all(percent(end) in texts(app) for end in (min(way), max(way)))
    (line,) = json.loads(app.get("plotly_chart")[0].proto.spec)["data"]
    assert line["y"] == pytest.approx(way)
    assert line["customdata"] == [frame.step for frame in tuned.film.frames]
    assert sent(app, "film")["step"] == step


def test_without_a_pick_the_strongest_link_of_the_moment_is_checked(show: Show, tuned: FineTuning) -> None:
    app = show(tuned.film, step="6", layer="4", head="1")
    assert f"**{float(tuned.film.frames[-1].looks[0].attentions[3, 0].max()):.6f}**" in texts(app)


@every_language
def test_the_heads_that_moved_farthest_are_named_with_their_bits_and_open_when_pressed(
    show: Show, tuned: FineTuning, language: Language
) -> None:
    film = tuned.film
    app = show(film, step="6", since=str(film.frames[1].step), lang=language)
    moved = heads_moved(film.frames[1].looks[0].attentions, film.frames[-1].looks[0].attentions)
    heads = moved_most(moved, 3)
    buttons = [app.button(key=f"moved_{number}") for number in range(3)]
    for button, (layer, head) in zip(buttons, heads, strict=True):
        assert f"{float(moved[layer, head]):.3f}" in button.label
        name = translate("layer {layer}, head {head}", language).format(layer=layer + 1, head=head + 1)
        assert name.capitalize() in button.label
    buttons[1].click().run()
    layer, head = heads[1]
    assert (app.query_params["layer"], app.query_params["head"]) == (str(layer + 1), str(head + 1))
    assert (sent(app, "film")["layer"], sent(app, "film")["head"]) == (layer, head)
    assert sent(app, "film")["step"] == 6


def test_at_the_moment_itself_nothing_has_moved(show: Show, tuned: FineTuning) -> None:
    assert "No time has passed" in texts(show(tuned.film, step="2", since="2"))


def test_the_entropies_of_all_heads_are_drawn_on_request(show: Show, tuned: FineTuning) -> None:
    assert len(show(tuned.film).get("plotly_chart")) == 1
    app = show(tuned.film, entropies="on", layer="3", head="2")
    lines = json.loads(app.get("plotly_chart")[-1].proto.spec)["data"]
    bits = mean_entropies(torch.stack([frame.looks[0].attentions for frame in tuned.film.frames]))
    assert len(lines) == 16
    assert lines[-1]["y"] == pytest.approx(bits[:, 2, 1].tolist())
    drawn = sorted(line["y"] for line in lines)
    assert np.array(drawn) == pytest.approx(np.array(sorted(bits.flatten(1).T.tolist())))


@every_language
def test_the_table_has_a_row_for_each_frame(show: Show, tuned: FineTuning, language: Language) -> None:
    app = show(tuned.film, table="on", layer="2", head="3", query="4", key="2", lang=language)
    table = app.dataframe[0].value
    looks = [frame.looks[0] for frame in tuned.film.frames]
    say = {name: translate(name, language) for name in ("step", "probability", "moved (bits)", "entropy (bits)")}
    assert table[say["step"]].tolist() == [frame.step for frame in tuned.film.frames]
    assert table[say["probability"]].tolist() == pytest.approx([float(look.attentions[1, 2, 3, 1]) for look in looks])
    moved = [float(heads_moved(looks[0].attentions, look.attentions)[1, 2]) for look in looks]
    assert table[say["moved (bits)"]].tolist() == pytest.approx(moved)
    bits = [float(mean_entropies(look.attentions)[1, 2]) for look in looks]
    assert table[say["entropy (bits)"]].tolist() == pytest.approx(bits)
    label = translate("label {name}", language).format(name="-")
    assert table[label].tolist() == pytest.approx([look.label_probs[1] for look in looks])
    answer = translate("answer {number}", language).format(number=2)
    assert table[answer].tolist() == [look.answers[1][0].token for look in looks]


@every_language
def test_what_is_noticed_are_the_numbers_of_the_first_frame_and_of_this_one(
    show: Show, tuned: FineTuning, language: Language
) -> None:
    said = texts(show(tuned.film, step="6", lang=language))
    first, last = tuned.film.frames[0].looks[0], tuned.film.frames[-1].looks[0]
    for look in (first, last):
        assert f"{float(mean_entropies(look.attentions)[0, 0]):.2f}" in said
        for gap in look.answers:
            assert f"`{gap[0].token}`" in said
            assert percent(gap[0].probability) in said
    assert f"{float(heads_moved(first.attentions, last.attentions)[0, 0]):.3f}" in said
    assert f"{math.log2(len(tuned.film.probes[0].tokens)):.2f}" in said


@every_language
def test_the_film_answers_its_questions_and_does_not_before_it_is_asked(
    show: Show, tuned: FineTuning, language: Language
) -> None:
    app = show(tuned.film, lang=language)
    moved = heads_moved(tuned.film.frames[0].looks[0].attentions, tuned.film.frames[-1].looks[0].attentions)
    bits = moved.mean(dim=-1).tolist()
    assert f"{max(bits):.3f}" not in texts(app)
    options = [button for button in app.button if (button.key or "").startswith("option_")]
    assert len(options) == 4
    options[0].click().run()
    assert all(f"{each:.3f}" in texts(app) for each in bits)
    truth = translate("Layer {number}", language).format(number=bits.index(max(bits)) + 1)
    assert any(button.label == f"✓ {truth}" for button in app.button)


def test_while_it_goes_on_the_end_is_followed_and_nothing_is_asked(show: Show, tuned: FineTuning) -> None:
    app = show(tuned.film, is_active=True)
    assert sent(app, "film")["step"] is None
    assert f"step {tuned.film.frames[-1].step}" in texts(app)
    assert not [button for button in app.button if (button.key or "").startswith("option_")]
    stopped = show(tuned.film, is_active=True, step="2")
    assert sent(stopped, "film")["step"] == 2


def test_the_challenge_is_won_where_the_answer_settles(show: Show, tuned: FineTuning) -> None:
    for probe in (0, 1):
        looks = [frame.looks[probe] for frame in tuned.film.frames]
        firsts = [
            look.answers[0][0].token if look.answers else max(range(2), key=look.label_probs.__getitem__)
            for look in looks
        ]
        won = [
            "✓ From step" in texts(show(tuned.film, step=str(frame.step), probe=str(probe + 1)))
            for frame in tuned.film.frames
        ]
        assert won == [place == settled(firsts) for place in range(len(firsts))]


def test_a_film_of_one_frame_and_without_labels_or_losses_stands(show: Show, untold: Film) -> None:
    app = show(untold, [], entropies="on", table="on")
    assert sent(app, "film")["names"] == []
    assert sent(app, "film")["curve"]["lines"] == []
    assert "So far there is one frame" in texts(app)


def test_several_losses_are_chosen_among_and_a_broken_one_is_told(show: Show, tuned: FineTuning) -> None:
    curves = [
        ("masked_lm", ((1, 9.0), (2, 8.0)), ()),
        ("next_sentence", ((1, 0.7), (2, math.nan), (3, math.inf)), ((0, 0.7),)),
    ]
    app = show(tuned.film, curves)
    assert sent(app, "film")["curve"]["lines"][0]["points"] == [[1, 9.0], [2, 8.0]]
    assert not app.warning
    app = show(tuned.film, curves, loss="next_sentence")
    assert [line["points"] for line in sent(app, "film")["curve"]["lines"]] == [[[1, 0.7]], [[0, 0.7]]]
    assert "From step 2 on" in app.warning[0].value


def test_of_a_film_too_large_to_send_some_frames_come_and_the_page_says_so(
    show: Show, tuned: FineTuning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(player, "MOST", 3 * tuned.film.frames[0].looks[0].attentions.numel())
    app = show(tuned.film, step="5")
    assert sent(app, "film_reel")["bytes"] == 1
    assert len(sent(app, "film_reel")["steps"]) == 3
    assert f"3 of its {len(tuned.film.frames)} frames" in texts(app)
    assert f"{float(tuned.film.nearest(5).looks[0].attentions[0, 0].max()):.6f}" in texts(app)


@pytest.mark.parametrize(
    "address",
    [
        {"step": "x", "probe": "9", "query": "99", "key": "0", "since": "y"},
        {"step": "9" * 30, "layer": "99", "head": "99", "as": "<b>", "loss": "z"},
        {"step": "-1", "probe": "3", "table": "on", "entropies": "on"},
        {"step": "3.5", "probe": "3", "as": "words", "query": "2"},
        {"hide": "probe,as,query,key,since,entropies,table"},
    ],
)
@every_language
def test_no_address_and_no_sentence_brings_the_film_down(
    show: Show, tuned: FineTuning, address: dict[str, str], language: Language
) -> None:
    app = show(tuned.film, lang=language, **address)
    assert sent(app, "film_reel")["layers"] == 4
    assert "<script>" not in "".join(each.value.replace("`", "") for each in app.markdown if "`" not in each.value)


def test_the_notebook_reads_the_film_and_gives_the_number_that_is_checked(
    show: Show,
    tuned: FineTuning,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    app = show(tuned.film, step="4", layer="2", head="3", query="4", key="2", probe="1")
    monkeypatch.chdir(tmp_path)  # the page was given the film from this folder, under the name that it is taken as
    names: dict[str, Any] = {}
    for source in app.session_state["cells"]:
        exec(compile(source, "notebook", "exec"), names)
    exact = f"{float(tuned.film.nearest(4).looks[0].attentions[1, 2, 3, 1]):.6f}"
    assert exact in capsys.readouterr().out
    assert f"**{exact}**" in texts(app)


@every_language
def test_without_a_run_the_view_leads_to_the_training(open_page: Open, language: Language) -> None:
    app = open_page("fine_tuning", view="film", lang=language)
    assert app.info[0].value == translate(
        "There is no film yet: it is taken while a model learns. Start a training first.", language
    )
    app.button(key="film_to_training").click().run()
    assert not app.exception
    assert app.query_params["view"] == "train"


def test_a_run_that_is_not_there_is_told(open_page: Open) -> None:
    app = open_page("fine_tuning", view="film", run="<script>")
    assert "There is no training `<script>` here" in app.warning[0].value


@pytest.mark.parametrize(
    ("probes", "told"),
    [(PROBES, "The first frame comes with the first step."), ((), "This training looks at no sentences")],
)
def test_before_the_first_frame_the_view_says_what_it_waits_for(
    open_page: Open, tuned: FineTuning, probes: tuple[str, ...], told: str
) -> None:
    run_id = pool().submit(replace(tuned.plan, probes=probes), paused=True)
    app = open_page("fine_tuning", view="film", run=run_id)
    assert app.info[0].value.startswith(told)


def test_the_film_of_a_run_comes_with_its_own_losses(open_page: Open, tuned: FineTuning) -> None:
    run_id = pool().submit(tuned.plan)
    deadline = time.monotonic() + PATIENCE
    while (snapshot := pool().snapshot(run_id)).status != "done":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    app = open_page("fine_tuning", view="film", run=run_id, code="on")
    training, held_out = sent(app, "film")["curve"]["lines"]
    exact = [[each.step, pytest.approx(each.losses["label"], abs=1e-5)] for each in snapshot.steps]
    assert training["points"] == exact
    assert [step for step, _ in held_out["points"]] == [each.step for each in snapshot.held_out]
    assert sent(app, "film_reel")["steps"] == [frame.step for frame in tuned.film.frames]
    assert sent(app, "film")["step"] == 0
