"""Controls that pages share; what each says stands in the address under its own name, by which a link can hide it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import streamlit as st

from ui.address.examples import EXAMPLES
from ui.address.hiding import offered
from ui.address.session import change, option, seed_widget, view, widget_value
from ui.components.word_picker import word_picker
from ui.i18n import LANGUAGES, Language, _, language
from ui.models.shelf import Reading


def choice(
    label: str,
    options: Sequence[str],
    *,
    name: str,
    shown: Callable[[str], str] = str,
    label_visible: bool = True,
    default: str | None = None,
    clears: Collection[str] = (),
) -> str:
    """One of a few, as a row of buttons; the default holds also for an address that names none of them.

    Args:
        label: what is chosen.
        options: as they stand in the address.
        name: of the choice in the address; also the widget's key.
        shown: an option in the reader's language, different for each. It is Markdown, so text from outside goes
            through `code_span`.
        label_visible: otherwise the label is for screen readers only.
        default: one of the options; None means the first.
        clears: what is taken out of the address when something is chosen.
    """
    asked = option(name)
    chosen = asked if asked is not None and asked in options else default or options[0]
    if not offered(name, label):
        return chosen
    seed_widget(name, chosen)
    st.segmented_control(
        label,
        list(options),
        format_func=shown,
        key=name,
        required=True,
        on_change=lambda: change(**dict.fromkeys(clears), **{name: widget_value(name)}),
        label_visibility="visible" if label_visible else "collapsed",
    )
    return chosen


def several(label: str, options: Sequence[str], *, name: str) -> tuple[int, ...]:
    """Some of many, as a row of buttons to press; none is pressed at first.

    Args:
        label: what is chosen.
        options: in the reader's language, each different; Markdown, so text from outside goes through `code_span`.
        name: of the choice in the address, where numbers count from 1; also the widget's key.

    Returns:
        The indices of those that are pressed, ascending; numbers in the address that mean none are passed over.
    """
    asked = {number.strip() for number in (option(name) or "").split(",")}
    chosen = tuple(index for index in range(len(options)) if str(index + 1) in asked)
    if not offered(name, label):
        return chosen
    seed_widget(name, list(chosen))

    def tell() -> None:
        numbers = ",".join(str(index + 1) for index in sorted(widget_value(name)))
        change(**{name: numbers or None})

    st.pills(
        label,
        range(len(options)),
        selection_mode="multi",
        format_func=lambda index: options[index],
        key=name,
        on_change=tell,
    )
    return chosen


def some_of(
    label: str, options: Sequence[str], *, name: str, shown: Callable[[str], str], default: Sequence[str]
) -> tuple[str, ...]:
    """Some of a few, as a row of buttons to press; at least one.

    Args:
        label: what is chosen.
        options: as they stand in the address.
        name: of the choice in the address; also the widget's key.
        shown: an option in the reader's language, different for each; Markdown.
        default: the options that hold where the address names none.
    """
    asked = (option(name) or "").split(",")
    chosen = tuple(each for each in options if each in asked) or tuple(default)
    if offered(name, label):
        seed_widget(name, list(chosen))
        st.pills(
            label,
            list(options),
            selection_mode="multi",
            format_func=shown,
            key=name,
            on_change=lambda: change(**{name: ",".join(widget_value(name)) or None}),
        )
    return chosen


def switch(label: str, *, name: str) -> bool:
    """On or off, and off by default; `name` is its name in the address and the widget's key."""
    on = option(name) == "on"
    if offered(name, label):
        seed_widget(name, on)
        st.toggle(label, key=name, on_change=lambda: change(**{name: "on" if widget_value(name) else "off"}))
    return on


def layer_picker(count: int) -> int:
    """The layer to look at, from 0; where the address asks for one that is not there, the nearest is taken."""
    return _number_picker(_("Layer"), _("This model has layers 1 to {count}; the last one is shown."), "layer", count)


def head_picker(count: int) -> int:
    """The head to look at, from 0; as `layer_picker`."""
    return _number_picker(_("Head"), _("This model has heads 1 to {count}; the last one is shown."), "head", count)


def _number_picker(label: str, nearest: str, name: str, count: int) -> int:
    asked: int = getattr(view(), name)
    index = min(asked, count - 1)
    key = f"{name}_picker"
    if offered(name, label):
        seed_widget(key, index)
        st.segmented_control(
            label,
            range(count),
            format_func=lambda number: str(number + 1),
            key=key,
            required=True,
            on_change=lambda: change(**{name: widget_value(key)}),
        )
    if asked != index:
        st.caption(nearest.format(count=count))
    return index


def sentence_box() -> None:
    """The sentence of all lessons: typed, or picked from the examples."""
    label = _("Sentence (English)")
    if not offered("sentence", label):
        return
    seed_widget("sentence_box", view().sentence)
    st.text_area(
        label,
        key="sentence_box",
        height=120,
        on_change=lambda: change(sentence=widget_value("sentence_box")),
    )
    carried_over(
        _("Examples"),
        [example.sentence for example in EXAMPLES],
        key="examples",
        placeholder=_("Pick an example"),
        on_pick=_pick_example,
    )


def _pick_example() -> None:
    picked = widget_value("examples")
    for example in EXAMPLES:
        if example.sentence == picked:
            change(sentence=example.sentence, masked_words=example.masked_words)


def carried_over(
    label: str,
    options: Sequence[str] | range,
    *,
    key: str,
    placeholder: str,
    on_pick: Callable[[], None],
    shown: Callable[..., str] = str,
) -> None:
    """A list of which a pick goes elsewhere, so that the list itself never has one.

    Args:
        label: what is picked, for screen readers.
        options: of the list.
        key: names the widget, of which `on_pick` asks the value.
        placeholder: what stands in the list.
        on_pick: called before the script runs again.
        shown: an option in the reader's language.
    """
    seed_widget(key, None)
    st.selectbox(
        label,
        options,
        index=None,
        format_func=shown,
        placeholder=placeholder,
        key=key,
        on_change=on_pick,
        label_visibility="collapsed",
    )


def language_picker() -> Language:
    """English or Chinese, each in its own script."""
    label = _("Language")
    if not offered("lang", label):
        return language()
    seed_widget("language", language())
    st.segmented_control(
        label,
        list(LANGUAGES),
        format_func=lambda name: LANGUAGES[name],
        key="language",
        required=True,
        on_change=lambda: change(lang=widget_value("language")),
    )
    return language()


def mask_picker(reading: Reading, *, key: str) -> None:
    """The words of the sentence to click: which of them the model does not see; hidden, they can only be read."""
    is_open = offered("mask", _("Words to click"))
    word_picker(
        [word.text for word in reading.trace.encoding.words],
        reading.masked_words,
        key=key,
        label=_("Click a word to hide it from the model; click again to give it back.") if is_open else "",
        fixed=not is_open,
        on_masks=lambda words: change(masked_words=words),
    )
