"""A link shows the same page elsewhere, without the controls that it hides."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from figures.qr_code import qr_code
from tests.ui.lessons.many_heads.test_many_heads import sent
from ui.course import COURSE
from ui.i18n import LANGUAGES, Language, translate

if TYPE_CHECKING:
    from tests.ui.conftest import Open

ADDRESS = {"sentence": "The cat sat & slept = 'well' on the mät 词.", "mask": "3,5", "layer": "2", "head": "3"}
LESSONS = [page.slug.replace("-", "_") for page in COURSE if page.exists]


def link(app: AppTest) -> str:
    return str(sent(app, "copy_link")["link"])


def meaning(link: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))


def controls(app: AppTest) -> dict[str, str]:
    return dict(app.session_state["glassbox"].controls)


def drawn(app: AppTest) -> set[str]:
    """Names of the widgets on the page."""
    kinds = (
        "text_area",
        "select_slider",
        "selectbox",
        "segmented_control",
        "toggle",
        "button",
        "text_input",
        "number_input",
        "button_group",
    )
    keys = {str(widget.key) for kind in kinds for widget in app.get(kind)}
    words: list[dict[str, Any]] = [
        json.loads(each.proto.json)
        for each in app.get("bidi_component")
        if each.proto.component_name == "glassbox_word_picker"
    ]
    keys |= {"words" for data in words if not data["fixed"]}
    return keys | {"map" for each in app.sidebar.get("page_link")[:1]}


WIDGETS = {
    "sentence": {"sentence_box", "examples", "first_card"},
    "model": {"model_picker", "model_name", "load_model"},
    "lang": {"language"},
    "mask": {"words"},
    "layer": {"layer_picker"},
    "head": {"head_picker"},
    "query": {"query_picker"},
    "key": {"key_picker"},
    "swap": {"swap", "swap_picker"},
    "other": {"other_box"},
    "practice": {"practise"},
    "variants": {"swap_pair", "another_pair"},
}


@pytest.mark.parametrize("page", LESSONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_link_means_the_page_as_it_stands(open_page: Open, page: str, language: Language) -> None:
    app = open_page(page, **ADDRESS, lang=language, code="on", share="on")
    found = meaning(link(app))
    assert found == {**ADDRESS, "lang": language, "code": "on", "model": "compact-bert"}
    assert urlsplit(link(app)).path.endswith("/" + page.replace("_", "-"))
    there = open_page(page, **found)
    assert [each.value for each in there.markdown] == [each.value for each in app.markdown]


@pytest.mark.parametrize(
    ("page", "switches"),
    [(page, {}) for page in LESSONS]
    + [
        ("tokens", {"view": "embeddings", "pair": "It slept."}),
        ("tokens", {"view": "swap"}),
        ("attention", {"source": "model", "practice": "1"}),
        ("masked_words", {"sentence": "An unbelievably old cat sat.", "mask": "2", "pieces": "alone"}),
        ("masked_words", {"view": "layers"}),
        ("masked_words", {"view": "context"}),
        ("masked_words", {"view": "training"}),
        ("many_heads", {"view": "together", "queries": "2,3"}),
        ("many_heads", {"view": "compare", "other": "The dog sat."}),
        ("next_sentences", {"view": "cls", "bar": "head"}),
        ("next_sentences", {"view": "words"}),
        ("next_sentences", {"view": "fooled"}),
    ],
)
def test_every_control_of_a_lesson_can_be_hidden_and_what_it_says_holds(
    open_page: Open, page: str, switches: dict[str, str]
) -> None:
    address = {
        **ADDRESS,
        **switches,
        "table": "on",
        "check": "2-9",
        "code": "on",
        "lang": "zh",
        "query": "2",
        "key": "4",
    }
    whole = open_page(page, **address)
    offered = controls(whole)
    assert {"map", "sentence", "model", "lang", "code"} <= set(offered)
    app = open_page(page, **address)
    for name in offered:
        app.query_params = {**address, "hide": name}
        app.run()
        widgets = WIDGETS.get(name, {name})
        assert widgets & drawn(whole), name
        assert drawn(app) == drawn(whole) - widgets | {"show_all"}, name
        assert controls(app) == offered
        assert [each.value for each in app.markdown] == [each.value for each in whole.markdown], name
        assert [each.value for each in app.latex] == [each.value for each in whole.latex], name
        assert [each.value for each in app.code] == [each.value for each in whole.code], name


@pytest.mark.parametrize("page", LESSONS)
def test_what_is_chosen_to_be_hidden_stands_in_the_link_and_is_hidden_there(open_page: Open, page: str) -> None:
    app = open_page(page, **ADDRESS, share="on")
    picker = app.button_group(key="to_hide")
    assert picker.value == []
    own = next(name for name in controls(app) if name not in ("map", *WIDGETS))
    picker.set_value(["sentence", own]).run()
    found = meaning(link(app))
    assert found["hide"] == f"sentence,{own}"
    there = open_page(page, **found)
    assert not {"sentence_box", own} & drawn(there)
    assert "language" in drawn(there)
    again = open_page(page, **found, share="on")
    assert again.button_group(key="to_hide").value == ["sentence", own]
    assert meaning(link(again)) == found


def test_one_click_shows_all_controls_again(open_page: Open) -> None:
    app = open_page("masked_words", **ADDRESS, hide="sentence,map,foo")
    app.sidebar.button(key="show_all").click().run()
    assert "hide" not in app.query_params
    assert {"sentence_box", "map"} <= drawn(app)
    assert "show_all" not in drawn(app)


@pytest.mark.parametrize("hide", ["", "foo", ",,", "layer", "<script>", "Sentence"])
def test_what_is_no_control_here_is_not_hidden_and_needs_no_way_back(open_page: Open, hide: str) -> None:
    app = open_page("masked_words", **ADDRESS, hide=hide)
    assert drawn(app) == drawn(open_page("masked_words", **ADDRESS))


def test_what_is_hidden_stays_so_on_the_way_to_another_lesson(open_page: Open) -> None:
    app = open_page("masked_words", **ADDRESS, hide="sentence")
    (to_heads,) = [each for each in app.sidebar.get("page_link") if each.proto.label == "Many heads"]
    assert "hide=sentence" in to_heads.proto.query_string


def test_without_the_map_there_are_no_ways_to_other_lessons(open_page: Open) -> None:
    assert not open_page("masked_words", **ADDRESS, hide="map").get("page_link")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_qr_code_on_the_page_is_that_of_the_link(open_page: Open, language: Language) -> None:
    app = open_page("masked_words", **ADDRESS, lang=language, share="on", hide="sentence")
    (picture,) = app.get("image")
    (image,) = picture.proto.imgs
    svg = base64.b64decode(image.url.split("base64,")[1]).decode()
    assert svg == qr_code(link(app))
    assert image.alt == translate("QR code of the link", language)


def test_a_link_too_long_for_a_qr_code_is_told_in_a_sentence(open_page: Open) -> None:
    app = open_page("masked_words", sentence="词" * 400, share="on")
    assert not app.get("image")
    assert any(f"{len(link(app)):,}" in each.value and "2,953" in each.value for each in app.caption)


def test_a_page_that_is_not_shared_draws_no_code(open_page: Open) -> None:
    app = open_page("masked_words", **ADDRESS)
    assert not app.get("image")
