"""What a label loses without each word, against transformers on the same weights, one text at a time."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch
from transformers import BertForSequenceClassification

from lm_core import LanguageModel
from lm_core.errors import InputError
from lm_core.explain.training.label_words import label_effects
from lm_core.explain.words.deletion import How
from lm_core.training.classifier import Classifier, save_classifier
from lm_core.training.fine_tuning import FineTuningOptions, add_head

TEXT = "The unbelievable cat sat on the mat."


@pytest.fixture(scope="module")
def classifier(language_model: LanguageModel) -> Classifier:
    made = add_head(language_model, ("cat", "dog", "rain"), FineTuningOptions())
    torch.nn.init.normal_(made.model.classifier.weight, std=2.0)
    made.model.eval()
    return made


@pytest.fixture(scope="module")
def theirs(classifier: Classifier, tmp_path_factory: pytest.TempPathFactory) -> BertForSequenceClassification:
    folder: Path = tmp_path_factory.mktemp("classifier")
    save_classifier(classifier, folder)
    return BertForSequenceClassification.from_pretrained(folder).eval()


@pytest.mark.parametrize("how", ["hide", "leave out"])
@pytest.mark.parametrize("pair", [None, "A dog ran."])
@torch.inference_mode()
def test_each_word_taken_away_alone_gives_what_transformers_says(
    classifier: Classifier, theirs: BertForSequenceClassification, how: How, pair: str | None
) -> None:
    encoding = classifier.lm.encode(TEXT, pair)
    words, effects = label_effects(classifier, TEXT, pair, how=how)
    assert [word.text for word in words] == [word.text for word in (*encoding.words, *encoding.pair_words)]
    assert [effect.word for effect in effects] == list(range(len(words)))
    for effect in effects:
        gone = words[effect.word].positions
        kept = [place for place in range(len(encoding.input_ids)) if how == "hide" or place not in gone]
        mask_id = classifier.lm.tokenizer.mask_id
        ids = [mask_id if place in gone else encoding.input_ids[place] for place in kept]
        segments = [encoding.token_type_ids[place] for place in kept]
        probs = theirs(torch.tensor([ids]), token_type_ids=torch.tensor([segments])).logits.softmax(-1)[0]
        assert list(effect.after) == pytest.approx(probs.tolist(), abs=1e-5)
        expected = math.log2(effect.before[effect.target] / effect.after[effect.target])
        assert effect.bits == pytest.approx(expected)


def test_the_target_is_the_answer_unless_another_label_is_asked_about(classifier: Classifier) -> None:
    (_, by_answer), (_, asked) = label_effects(classifier, TEXT), label_effects(classifier, TEXT, target=2)
    assert {effect.target for effect in by_answer} == {max(range(3), key=by_answer[0].before.__getitem__)}
    assert {effect.target for effect in asked} == {2}
    assert [effect.after for effect in asked] == [effect.after for effect in by_answer]


def test_what_cannot_be_taken_away_has_no_effect(classifier: Classifier) -> None:
    words, effects = label_effects(classifier, "[MASK] cat", how="hide")
    assert [words[effect.word].text for effect in effects] == ["cat"]
    assert label_effects(classifier, "cat", how="leave out")[1] == ()
    with pytest.raises(InputError):
        label_effects(classifier, " ")
