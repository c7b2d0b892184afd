"""The values of the house, computed from the style sheet: every text can be read on every ground, in both themes."""

import re

import pytest

from ij8.embedded.places import CHECKOUT

TEXT_RATIO, EDGE_RATIO = 5.3, 3.2
GROUNDS = ("ground", "raised", "sunken", "stage")
TEXTS = ("ink", "ink-2", "accent", "ok", "error")
SOURCE = (CHECKOUT / "static/src/css/tokens.css").read_text(encoding="utf-8")
HEX = r"#[0-9a-f]{6}"
Colours = dict[str, str]


def plain() -> Colours:
    """What a browser without light-dark() shows."""
    return dict(re.findall(rf"--([\w-]+): ({HEX});", SOURCE.split("@supports")[0]))


def theme(half: int) -> Colours:
    """0: light, 1: dark; what has one value for both stays."""
    both = re.findall(rf"--([\w-]+): light-dark\(({HEX}), ({HEX})\)", SOURCE)
    return {**plain(), **{name: values[half] for name, *values in both}}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def too_faint(colours: Colours, names: tuple[str, ...], least: float) -> dict[str, float]:
    pairs = {f"{name} on {ground}": contrast(colours[name], colours[ground]) for name in names for ground in GROUNDS}
    return {pair: round(ratio, 2) for pair, ratio in pairs.items() if ratio < least}


@pytest.mark.parametrize("colours", [plain(), theme(0), theme(1)], ids=["plain", "light", "dark"])
def test_every_text_and_every_edge_can_be_seen_on_every_ground(colours: Colours) -> None:
    assert too_faint(colours, TEXTS, TEXT_RATIO) == {}
    assert too_faint(colours, ("edge",), EDGE_RATIO) == {}
    assert contrast(colours["on-fill"], colours["fill"]) >= TEXT_RATIO
    assert contrast(colours["ground"], colours["ink"]) >= TEXT_RATIO, "pressed buttons and toasts"


def test_browsers_without_light_dark_show_the_light_theme() -> None:
    assert plain() == theme(0)


def test_a_colour_that_is_too_faint_is_noticed() -> None:
    faint = {**theme(0), "ink-2": "#8a8276"}
    assert set(too_faint(faint, TEXTS, TEXT_RATIO)) == {f"ink-2 on {ground}" for ground in GROUNDS}
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_only_the_tokens_name_colours() -> None:
    """Every other style sheet uses their names, so both themes hold everywhere."""
    sheets = [path for path in (CHECKOUT / "static/src/css").glob("*.css") if path.name != "tokens.css"]
    named = {
        path.name: re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(", path.read_text(encoding="utf-8")) for path in sheets
    }
    assert {name: found for name, found in named.items() if found} == {}
