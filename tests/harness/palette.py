# SPDX-License-Identifier: PostgreSQL
"""What a screen looks like to eyes: its colours in the palettes of terminals,
from the SGR codes that the program has sent (Tmux.colors())."""
import re


def colors(text):
    return [tuple(int(word[i:i + 2], 16) for i in (0, 2, 4))
            for word in text.split()]


XTERM = colors("000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 "
               "7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff")
VGA = colors("000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa "
             "555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff")
SOLARIZED = colors("073642 dc322f 859900 b58900 268bd2 d33682 2aa198 eee8d5 "
                   "002b36 cb4b16 586e75 657b83 839496 6c71c4 93a1a1 fdf6e3")
# colours, foreground, background
PALETTES = {
    "xterm dark": (XTERM, (208, 208, 208), (0, 0, 0)),
    "xterm light": (XTERM, (0, 0, 0), (255, 255, 255)),
    "VGA": (VGA, (170, 170, 170), (0, 0, 0)),
    "Solarized dark": (SOLARIZED, SOLARIZED[12], SOLARIZED[8]),
    "Solarized light": (SOLARIZED, SOLARIZED[11], SOLARIZED[15]),
}
# Machado, Oliveira, Fernandes 2009, on linear RGB
DEUTERANOPE = ((.367322, .860646, -.227968), (.280085, .672501, .047413),
               (-.011820, .042940, .968881))

BOLD, DIM, UNDERLINE, REVERSE = 1, 2, 4, 7


def linear(value):
    value /= 255
    return value / 12.92 if value <= .04045 else ((value + .055) / 1.055) ** 2.4


def gamma(value):
    value = min(1, max(0, value))
    return 255 * (value * 12.92 if value <= .0031308
                  else 1.055 * value ** (1 / 2.4) - .055)


def as_deuteranope(rgb):
    parts = [linear(c) for c in rgb]
    return tuple(gamma(sum(m * c for m, c in zip(row, parts)))
                 for row in DEUTERANOPE)


def distance(a, b):
    """0 for the same, 1 for black and one pure colour."""
    return sum((x - y) ** 2 for x, y in zip(a, b)) ** .5 / 255


def contrast(a, b):
    """As WCAG has it: 1 for the same, 21 for black on white."""
    light, dark = sorted((.2126 * linear(r) + .7152 * linear(g)
                          + .0722 * linear(b) for r, g, b in (a, b)),
                         reverse=True)
    return (light + .05) / (dark + .05)


class Pen:
    """Colours (None: the terminal's own) and attributes of a piece of text."""

    def __init__(self):
        self.fg = self.bg = None
        self.attributes = frozenset()

    def take(self, codes):
        codes = [int(code or 0) for code in codes.split(";")]
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.__init__()
            elif code < 10:
                self.attributes |= {code}
            elif code in (38, 48):
                assert codes.pop(0) == 5, "a colour that is in no palette"
                self.set(code, codes.pop(0))
            elif code in (39, 49):
                self.set(code - 1, None)
            elif 30 <= code <= 47:
                self.set(38 if code < 40 else 48, code % 10)
            elif code >= 90:
                self.set(38 if code < 100 else 48, code % 10 + 8)

    def set(self, which, color):
        if which == 38:
            self.fg = color
        else:
            self.bg = color

    def key(self):
        return self.fg, self.bg, self.attributes


def pieces(screen, blanks=False):
    """(text, (fg, bg, attributes)) of every piece of a screen with codes; of
    blanks alone too when they are asked for."""
    pen = Pen()
    for part in re.split(r"(\x1b\[[0-9;]*m)", screen):
        if part.startswith("\x1b["):
            pen.take(part[2:-1])
        elif part.strip() or (part and blanks):
            yield part, pen.key()


def seen(pen, palette):
    """The two colours that a pen has in that palette: of text, and behind."""
    table, foreground, background = PALETTES[palette]
    fg, bg, attributes = pen
    a = foreground if fg is None else table[fg]
    b = background if bg is None else table[bg]
    return (b, a) if REVERSE in attributes else (a, b)
