"""A film keeps what the model made of a few sentences: exactly, in bounded memory, and most of it of the beginning."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lm_core import LanguageModel
from lm_core.checkpoints.pretrained import Prediction
from lm_core.errors import InputError
from lm_core.training import film
from lm_core.training.film import Film, Frame, Look, Probe, frame_steps, look_at, make_probes

TEXTS = ("The cat sat on the [MASK].", "A [MASK] ran through the [MASK] street.", "It rained all day.")


@pytest.fixture(scope="module")
def filmed(language_model: LanguageModel) -> Film:
    """Three sentences at three moments, with two labels."""
    probes = make_probes(language_model, TEXTS)
    taken = Film(probes, ("bad", "good"))
    for step in (0, 1, 5):
        shares = [(0.25 + step / 10, 0.75 - step / 10)] * len(probes)
        taken = taken.with_frame(Frame(step, 100 * step, look_at(language_model, probes, shares)))
    return taken


def test_a_look_is_what_the_model_says_of_the_sentence(language_model: LanguageModel) -> None:
    probes = make_probes(language_model, TEXTS)
    for probe, look in zip(probes, look_at(language_model, probes), strict=True):
        trace = language_model.trace(probe.text)
        assert probe.tokens == trace.encoding.tokens
        assert torch.equal(look.attentions, torch.cat(trace.attentions))
        assert look.label_probs == ()
        answers = language_model.fill_mask(probe.text, top_k=5) if probe.masked_positions else []
        assert len(look.answers) == len(probe.masked_positions) == probe.text.count("[MASK]")
        for gap, expected in zip(look.answers, answers, strict=True):
            assert [each.token_id for each in gap] == [each.token_id for each in expected]
            # The one keeps every step, the other reads the gaps alone: it adds float32 in another order.
            probabilities = [each.probability for each in expected]
            assert [each.probability for each in gap] == pytest.approx(probabilities, rel=1e-5)


def test_a_film_comes_back_from_its_file_as_it_was(filmed: Film, tmp_path: Path) -> None:
    file = tmp_path / "film.safetensors"
    filmed.save(file)
    again = Film.load(file)
    assert [each.name for each in tmp_path.iterdir()] == [file.name]
    assert (again.probes, again.labels) == (filmed.probes, filmed.labels)
    assert len(again.frames) == len(filmed.frames)
    for before, after in zip(filmed.frames, again.frames, strict=True):
        assert (before.step, before.tokens) == (after.step, after.tokens)
        for look, other in zip(before.looks, after.looks, strict=True):
            assert torch.equal(look.attentions, other.attentions)
            assert (look.answers, look.label_probs) == (other.answers, other.label_probs)


def test_a_film_without_frames_is_kept_too(tmp_path: Path) -> None:
    Film((), ()).save(tmp_path / "film.safetensors")
    assert Film.load(tmp_path / "film.safetensors").frames == ()


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script> [MASK]", "naïve café 我 \u202e [MASK]", '"quoted" \\ [MASK]']
)
def test_whatever_is_typed_comes_back_from_the_file(language_model: LanguageModel, tmp_path: Path, text: str) -> None:
    probes = make_probes(language_model, [text])
    taken = Film(probes, ()).with_frame(Frame(0, 0, look_at(language_model, probes)))
    taken.save(tmp_path / "film.safetensors")
    assert Film.load(tmp_path / "film.safetensors").probes == probes


def test_there_are_four_probes_at_most_blank_ones_are_left_out_and_long_ones_cut(language_model: LanguageModel) -> None:
    probes = make_probes(language_model, ["", "  ", *("It rained. " * 50 for _ in range(9))])
    assert len(probes) == film.MOST_PROBES
    assert {len(probe.tokens) for probe in probes} == {film.LONGEST_PROBE}
    assert make_probes(language_model, ["", " "]) == ()
    with pytest.raises(InputError):
        make_probes(language_model, ["\u200b"])


@given(st.integers(1, 200), st.integers(1, 6), st.integers(1, 6))
def test_a_film_takes_bounded_memory_and_keeps_its_first_and_its_last_frame(count: int, size: int, bound: int) -> None:
    probe = Probe("text", ("[CLS]",) * size, ())
    look = Look(torch.zeros(1, 2, size, size), (), ())
    one = look.attentions.numel() * look.attentions.element_size()
    taken = Film((probe,), ())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(film, "LARGEST", bound * one)
        for step in range(count):
            taken = taken.with_frame(Frame(step, step, (look,)))
            steps = [frame.step for frame in taken.frames]
            assert (steps[0], steps[-1]) == (0, step)
            assert steps == sorted(set(steps))
            assert len(steps) <= max(2, bound)
            assert sum(frame.num_bytes for frame in taken.frames) <= max(2, bound) * one


@given(st.integers(0, 10**7), st.integers(2, 64))
def test_frames_are_taken_at_the_first_step_and_the_last_and_thin_out(total: int, count: int) -> None:
    steps = frame_steps(total, count).tolist()
    assert (steps[0], steps[-1]) == (0, max(total, 1))
    assert steps == sorted(set(steps))
    assert len(steps) <= count + 1
    gaps = [after - before for before, after in itertools.pairwise(steps)]
    # Rounded to whole steps, a gap may be smaller than the one before by one.
    assert all(after >= before - 1 for before, after in itertools.pairwise(gaps))


@given(st.lists(st.integers(0, 50), min_size=1, max_size=9, unique=True), st.integers(-3, 60))
def test_the_nearest_frame_is_the_last_one_at_or_before_a_step(steps: list[int], asked: int) -> None:
    taken = Film((), (), tuple(Frame(step, 0, ()) for step in sorted(steps)))
    before = [step for step in steps if step <= asked]
    assert taken.nearest(asked).step == (max(before) if before else min(steps))
    assert [frame.step for frame in taken.until(asked).frames] == sorted(before)


def test_an_answer_is_a_prediction_again(filmed: Film, tmp_path: Path) -> None:
    filmed.save(tmp_path / "film.safetensors")
    answer = Film.load(tmp_path / "film.safetensors").frames[0].looks[0].answers[0][0]
    assert isinstance(answer, Prediction)
    assert 0 < answer.probability <= 1
