"""Writes expected/places.json and expected/kelly.json: place probabilities summed over all orders of finish, and bank shares
by scipy's maximisation of the expected logarithm. Run by hand, as spec/metrics/record.py."""

import itertools
import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar

HERE = Path(__file__).parent / "expected"
HENERY = (1, 0.81, 0.65, 0.5)


def places(win, count, powers):
    placed = np.zeros(len(win))
    for order in itertools.permutations(range(len(win)), min(count, len(win))):
        chance, left = 1.0, list(range(len(win)))
        for place, horse in enumerate(order):
            chance *= win[horse] ** powers[place] / sum(win[i] ** powers[place] for i in left)
            left.remove(horse)
        placed[list(order)] += chance
    return placed.tolist()


def field(seed, n):
    p = np.random.default_rng(seed).dirichlet(np.full(n, 1.2))
    return p.tolist()


fields = [field(1, 5), field(2, 8), field(3, 9), [0.97, 0.01, 0.01, 0.01], [0.25] * 4, field(4, 3)]
HERE.joinpath("places.json").write_text(
    json.dumps(
        [
            {
                "win": win,
                "places": count,
                "harville": places(win, count, (1, 1, 1, 1)),
                "henery": places(win, count, HENERY),
            }
            for win in fields
            for count in (1, 2, 3, 4)
        ]
    )
    + "\n"
)


def best_share(outcomes):
    """Share of the bank that maximises E ln(1 + f·gain), f in [0, 1)."""

    def loss(f):
        return -sum(p * np.log1p(f * gain) for p, gain in outcomes)

    top = min([1.0] + [-1 / gain for _, gain in outcomes if gain < 0])
    return max(0.0, minimize_scalar(loss, bounds=(0, top * (1 - 1e-9)), method="bounded", options={"xatol": 1e-12}).x)


cases = []
for p, odds, c in itertools.product((0.1, 0.25, 0.5), (1.8, 3.5, 6.0, 12.0), (0.0, 0.05)):
    back = best_share([(p, (odds - 1) * (1 - c)), (1 - p, -1)])
    lay = best_share([(1 - p, (1 - c) / (odds - 1)), (p, -1)])
    placed = min(0.95, 2.4 * p)
    win, place = (odds - 1) * (1 - c), (odds - 1) * 0.2 * (1 - c)
    each_way = best_share(
        [(p, (win + place) / 2), (placed - p, (place - 1) / 2), (1 - placed, -1)]
    )
    cases.append(
        {"p": p, "odds": odds, "commission": c, "placed": placed, "fraction": 0.2, "back": back, "lay": lay, "eachWay": each_way}
    )
HERE.joinpath("kelly.json").write_text(json.dumps(cases) + "\n")
