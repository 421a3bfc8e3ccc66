"""The palette can be read, also by readers who see fewer colours."""

from __future__ import annotations

import itertools
import math

import pytest

from figures.theme import LIGHT, MEANINGS, ROLES, THEMES, Theme, css_variables

Colour = tuple[float, float, float]
both_themes = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES.keys())

# Machado, Oliveira & Fernandes 2009, severity 1, on linear RGB.
VISION: dict[str, tuple[Colour, Colour, Colour]] = {
    "trichromat": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
JUST_NOTICEABLE = 0.02  # distance in OKLab
APART = 3.5 * JUST_NOTICEABLE


def linear(colour: str) -> Colour:
    """`#RRGGBB` as light."""
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))

    def light(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    return light(red), light(green), light(blue)


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def oklab(colour: Colour) -> Colour:
    """Björn Ottosson 2020; equal distances look about equally different."""
    red, green, blue = colour
    long = max(0.0, 0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = max(0.0, 0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = max(0.0, 0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def seen(colour: str, vision: str) -> Colour:
    """The colour in OKLab as a reader with this vision sees it."""
    light = linear(colour)
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, light, strict=True)))) for row in VISION[vision]
    )
    return oklab((red, green, blue))


@both_themes
def test_every_colour_of_words_has_a_contrast_of_four_and_a_half_on_both_surfaces(theme: Theme) -> None:
    words = [theme.text, theme.muted_text, theme.accent, *map(theme.meaning, MEANINGS)]
    for colour, ground in itertools.product(words, (theme.background, theme.surface)):
        assert contrast(colour, ground) >= 4.5, (colour, ground)


@both_themes
@pytest.mark.parametrize("vision", VISION)
def test_the_colours_of_meaning_stay_apart_for_every_kind_of_colour_vision(theme: Theme, vision: str) -> None:
    for one, other in itertools.combinations(MEANINGS, 2):
        distance = math.dist(seen(theme.meaning(one), vision), seen(theme.meaning(other), vision))
        assert distance >= APART, (one, other, distance)


@both_themes
@pytest.mark.parametrize("vision", VISION)
def test_the_colours_of_roles_stay_apart_and_carry_a_sign_in_the_colour_of_the_ground(
    theme: Theme, vision: str
) -> None:
    assert len(theme.roles) == len(ROLES)
    assert theme.roles[ROLES.index("special")] == theme.special
    assert min(contrast(colour, theme.background) for colour in theme.roles) >= 4.5
    for one, other in itertools.combinations(theme.roles, 2):
        assert math.dist(seen(one, vision), seen(other, vision)) >= APART, (one, other)


@both_themes
def test_the_two_segments_can_be_read_and_told_apart(theme: Theme) -> None:
    first, second = theme.segments
    for colour, ground in itertools.product(theme.segments, (theme.background, theme.surface)):
        assert contrast(colour, ground) >= 4.5, (colour, ground)
    for vision in VISION:
        assert math.dist(seen(first, vision), seen(second, vision)) >= APART, vision


@both_themes
def test_the_sequential_scale_goes_from_the_ground_away_in_steps_of_lightness(theme: Theme) -> None:
    lightness = [oklab(linear(colour))[0] for colour in theme.sequential]
    steps = [abs(after - before) for before, after in itertools.pairwise(lightness)]
    assert lightness in (sorted(lightness), sorted(lightness, reverse=True))
    assert max(steps) < 2 * min(steps)
    assert contrast(theme.sequential[0], theme.background) < 1.2
    assert contrast(theme.sequential[-1], theme.background) >= 7


@both_themes
def test_the_diverging_scale_has_its_neutral_in_the_middle_and_two_different_ends(theme: Theme) -> None:
    to_ground = [contrast(colour, theme.background) for colour in theme.diverging]
    assert max(to_ground[4:6]) < 1.3
    assert to_ground[:5] == sorted(to_ground[:5], reverse=True)
    assert to_ground[5:] == sorted(to_ground[5:])
    for vision in VISION:
        assert math.dist(seen(theme.diverging[0], vision), seen(theme.diverging[-1], vision)) >= APART


@both_themes
def test_streamlit_gets_scales_of_exactly_ten_colours(theme: Theme) -> None:
    options = theme.streamlit_options()
    assert len(options["chartSequentialColors"]) == len(options["chartDivergingColors"]) == 10


def test_css_holds_both_variants_of_every_colour_of_meaning() -> None:
    css = css_variables()
    for theme, meaning in itertools.product(THEMES.values(), MEANINGS):
        assert theme.meaning(meaning) in css
    for number, role in enumerate(ROLES):
        assert f"--lg-role-{role}: light-dark({', '.join(theme.roles[number] for theme in THEMES.values())});" in css


def test_a_meaning_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="accent"):
        LIGHT.meaning("accent")
