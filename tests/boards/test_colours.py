"""The colours of states can be told apart by everybody, though no state is told by colour alone."""

from itertools import combinations

import pytest

from dashboards.look import COLOURS
from schemas.verdicts import State

#: Machado, Oliveira and Fernandes 2009, in full: what is seen of linear red, green and blue.
SEEN = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}

Vector = tuple[float, float, float]

#: A difference that nobody overlooks (CIE 1976).
CLEAR = 20


def linear(colour: str) -> Vector:
    channels = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def times(matrix: tuple[Vector, ...], of: Vector) -> Vector:
    x, y, z = (sum(a * b for a, b in zip(row, of, strict=True)) for row in matrix)
    return x, y, z


def lab(rgb: Vector) -> Vector:
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    ratios = (v / white for v, white in zip(times(to_xyz, rgb), (0.9505, 1.0, 1.089), strict=True))
    fx, fy, fz = (max(t, 0) ** (1 / 3) if t > 0.008856 else 7.787 * max(t, 0) + 16 / 116 for t in ratios)
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def difference(one: str, other: str, seen: tuple[Vector, ...]) -> float:
    a, b = (lab(times(seen, linear(colour))) for colour in (one, other))
    return float(sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5)


@pytest.mark.parametrize("vision", SEEN)
def test_states_are_told_apart_with_every_vision(vision: str) -> None:
    alike = [
        (one, other, difference(COLOURS[one], COLOURS[other], SEEN[vision]))
        for one, other in combinations(State, 2)
        if difference(COLOURS[one], COLOURS[other], SEEN[vision]) < CLEAR
    ]
    assert alike == []


@pytest.mark.parametrize(("vision", "is_clear"), [("normal", True), ("deuteranopia", False)])
def test_red_and_green_of_the_same_brightness_would_not_be(vision: str, *, is_clear: bool) -> None:
    assert (difference("#C04040", "#5F7A2A", SEEN[vision]) >= CLEAR) is is_clear
