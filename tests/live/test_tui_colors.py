# SPDX-License-Identifier: PostgreSQL
"""What the eyes get: every badge in every theme is readable in the palettes
that terminals have, from the codes that the program really sends."""
import re

import pytest
from harness import Tmux
from harness.palette import (BOLD, DIM, PALETTES, REVERSE, as_deuteranope,
                             contrast, distance, pieces, seen)

pytestmark = pytest.mark.xdist_group("tui-colors")

THEMES = ["auto", "blue", "mono", "high"]
BADGES = ["OK", "KO", "WARN", "SKIP", "RUN", "WAIT"]


@pytest.fixture(scope="module")
def running(clusters):
    """Setup, that waits for somebody who makes the same role."""
    made = clusters.pair(13, 17)
    shown = {theme: [] for theme in THEMES}
    with made.destination.connect(autocommit=False) as conn, \
            Tmux(made.pgrepup, width=100, height=50) as tmux:
        tmux.wait_screen("2 Check ok", 60)
        conn.execute("CREATE ROLE pgrepup_replication")
        tmux.keys("3", "!")
        tmux.wait_screen("capital Y")
        tmux.keys("Y")
        tmux.wait_screen("RUN .*role", 60)
        capture(tmux, shown, "3")
        conn.rollback()
    made.destroy()
    yield shown


@pytest.fixture(scope="module")
def screens(clusters, running):
    """{theme: [screens with their codes]}: a checklist with every outcome, and
    an operation that runs."""
    # two of the same version: that is one WARN
    made = clusters.pair(17, 17, bare=True)
    made.source.psql("CREATE TABLE fish (name text)")
    shown = {theme: [] for theme in THEMES}
    with Tmux(made.pgrepup, width=100, height=50) as tmux:
        tmux.wait_screen("1 Config")
        tmux.wait_screen(r"^[> ] *WARN ", 60)
        tmux.settle()
        capture(tmux, shown, "2", "4", "?")
        made.destination.stop()
        tmux.keys("2", "R")
        tmux.wait_screen(r"^[> ] *SKIP ", 60)
        tmux.settle()
        capture(tmux, shown, "2")
    made.destroy()
    yield {theme: shown[theme] + running[theme] for theme in THEMES}


def capture(tmux, shown, *keys):
    for theme in THEMES[1:] + THEMES[:1]:
        tmux.keys("T")
        tmux.wait_screen(f"Theme {theme}")
        for key in keys:
            tmux.keys(key)
            tmux.settle()
            shown[theme].append(tmux.colors())
            tmux.keys("Escape")
            tmux.settle()


def pens(screens, theme):
    return {(pen, text.strip()) for screen in screens[theme]
            for text, pen in pieces(screen)}


def badge(screens, theme, word):
    all_pens = pens(screens, theme)
    # what has no colour of its own is a part of the text around it
    found = {pen for pen, text in all_pens if text == word} or \
        {pen for pen, text in all_pens if re.search(rf"\b{word}\b", text)}
    assert found, f"no {word} with theme {theme}"
    return found


@pytest.mark.parametrize("theme", THEMES)
def test_everything_can_be_read_in_every_palette(screens, theme):
    for pen, text in pens(screens, theme):
        for palette in PALETTES:
            has = contrast(*seen(pen, palette))
            assert has >= 3.0, (theme, palette, text, pen, has)


@pytest.mark.parametrize("theme", THEMES)
def test_nothing_is_dim_or_of_a_bright_colour(screens, theme):
    for (fg, bg, attributes), text in pens(screens, theme):
        assert DIM not in attributes, text
        assert (fg or 0) < 8 and (bg or 0) < 8, text
        # plain text keeps the colours of the terminal: both or none
        assert (fg is None) == (bg is None), text


def test_a_white_that_8_colours_have_is_bold(screens):
    for theme in THEMES:
        for (fg, _, attributes), text in pens(screens, theme):
            assert fg != 7 or BOLD in attributes, text


@pytest.mark.parametrize("word", BADGES)
def test_every_badge_is_a_word(screens, word):
    for theme in THEMES:
        badge(screens, theme, word)


def test_mono_has_no_colour_and_tells_states_apart(screens):
    assert all(fg is None and bg is None
               for (fg, bg, _), _ in pens(screens, "mono"))
    looks = [next(iter(badge(screens, "mono", word)))
             for word in ("OK", "KO", "WARN", "RUN")]
    assert len(set(looks)) == 4
    assert REVERSE in looks[1][2]


def apart(screens, theme, palette, eyes):
    ok = seen(next(iter(badge(screens, theme, "OK"))), palette)[1]
    ko = seen(next(iter(badge(screens, theme, "KO"))), palette)[1]
    return distance(eyes(ok), eyes(ko))


@pytest.mark.parametrize("palette", PALETTES)
def test_blue_tells_ok_from_ko_without_red_and_green(screens, palette):
    assert apart(screens, "blue", palette, as_deuteranope) >= 0.4
    # what it is for: green and red are near to each other for such eyes
    assert (apart(screens, "auto", palette, as_deuteranope)
            < apart(screens, "blue", palette, as_deuteranope))


@pytest.mark.parametrize("theme", ["auto", "blue"])
def test_text_on_ok_and_ko_differs_where_colours_may_not(screens, theme):
    """Black on one and white on the other, but where blue does it."""
    ok, ko = (next(iter(badge(screens, theme, word))) for word in ("OK", "KO"))
    assert ok != ko
    assert theme == "blue" or ok[0] != ko[0]
