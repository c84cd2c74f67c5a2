"""Writes expected/*.json: rows, and what numpy, scipy and scikit-learn make of them. Run by hand:

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
    venv/bin/python spec/metrics/record.py

Written from the definitions and not from the code: copies of rows are real copies here.
"""

import json
from pathlib import Path

import numpy as np
import scipy.special
import scipy.stats
import sklearn.metrics as skm

HERE = Path(__file__).parent / "expected"
rng = np.random.default_rng(20261121)


def races(days=12, per_day=6, decimals=2):
    """Rows in the order of days. Predictions of two decimals, so that many are tied; some dead heats; one race in
    thirty without a winner."""
    rows, race = [], 0
    for day in range(days):
        for _ in range(per_day):
            field = int(rng.integers(2, 13))
            strength = rng.normal(size=field)
            truth = np.exp(strength) / np.exp(strength).sum()
            won = np.zeros(field, dtype=int)
            if rng.random() > 1 / 30:
                won[rng.choice(field, p=truth)] = 1
            if rng.random() < 0.08:
                won[rng.integers(field)] = 1
            guess = np.exp(0.7 * strength + 0.5 * rng.normal(size=field))
            p = np.round(guess / guess.sum(), decimals)
            for i in range(field):
                rows.append((race, day, int(won[i]), float(p[i]), 1 / field))
            race += 1
    return [np.array(column) for column in zip(*rows)]


def by_race(race, y, p):
    for r in np.unique(race):
        yield y[race == r], p[race == r]


def pairs_above(y, p):
    difference = p[y == 1][:, None] - p[y == 0][None, :]
    return (difference > 0).sum() + 0.5 * (difference == 0).sum(), difference.size


def ece(y, p):
    order = np.argsort(p, kind="stable")
    bins = np.array_split(order, 10)
    return sum(len(b) / len(p) * abs(y[b].mean() - p[b].mean()) for b in bins if len(b))


def measure(race, y, p):
    per_race = list(by_race(race, y, p))
    pairs = [pairs_above(*one) for one in per_race]
    winners = [
        -np.log(np.maximum(q[w == 1] / q.sum(), 1e-15)).mean() for w, q in per_race if w.any()
    ]
    return {
        "log_loss": skm.log_loss(y, np.clip(p, 1e-15, 1 - 1e-15)),
        "brier": skm.brier_score_loss(y, p),
        "auc": skm.roc_auc_score(y, p),
        "within_race_auc": sum(a for a, _ in pairs) / sum(n for _, n in pairs),
        "within_race_auc_mean": np.mean([a / n for a, n in pairs if n]),
        "top_pick": np.mean([w[q == q.max()].mean() for w, q in per_race]),
        "race_log_loss": np.mean(winners),
        "ece": ece(y, p),
    }


def drawn(race, day, y, p, times):
    """Rows as they stand when each day is taken `times[day]` times; each copy of a race is a race of its own."""
    copies = times[day]
    index = np.repeat(np.arange(len(y)), copies)
    copy = np.concatenate([np.arange(n) for n in copies])
    return race[index] * 1000 + copy, y[index], p[index]


race, day, y, model, prior = races()
draws = []
for _ in range(6):
    times = np.bincount(rng.integers(12, size=12), minlength=12)
    rows = drawn(race, day, y, model, times)
    draws.append({"times": times.tolist(), "model": measure(*rows)})

margin = np.round(rng.gamma(2, 3, size=len(y)), 1)
guess = np.round(0.6 * margin + rng.normal(2, 2, size=len(y)), 1)


def measure_number(y, p):
    return {
        "rmse": skm.root_mean_squared_error(y, p),
        "mae": skm.mean_absolute_error(y, p),
        "r2": skm.r2_score(y, p),
    }


sample = rng.normal(size=997)
HERE.joinpath("metrics.json").write_text(
    json.dumps(
        {
            "rows": {
                "race": race.tolist(),
                "day": day.tolist(),
                "y": y.tolist(),
                "model": model.tolist(),
                "prior": prior.tolist(),
            },
            "model": measure(race, y, model),
            "prior": measure(race, y, prior),
            "draws": draws,
            "number": {
                "y": margin.tolist(),
                "p": guess.tolist(),
                "all": measure_number(margin, guess),
                "drawn": [
                    measure_number(*drawn(race, day, margin, guess, np.array(one["times"]))[1:])
                    for one in draws
                ],
            },
            "percentiles": {
                "values": sample.tolist(),
                "95": np.percentile(sample, [2.5, 97.5]).tolist(),
                "90": np.percentile(sample, [5, 95]).tolist(),
            },
        }
    )
    + "\n"
)


def psi(reference, current, bins=10):
    edges = np.unique(np.nanquantile(reference, np.arange(1, bins) / bins))

    def shares(values):
        known = values[~np.isnan(values)]
        counts = np.bincount(np.searchsorted(edges, known, side="left"), minlength=len(edges) + 1)
        return np.append(counts, np.isnan(values).sum()) / len(values)

    e, a = np.maximum(shares(reference), 1e-4), np.maximum(shares(current), 1e-4)
    return float(((a - e) * np.log(a / e)).sum())


def drift_case(name, reference, current):
    known = [v[~np.isnan(v)] for v in (reference, current)]
    d = scipy.stats.ks_2samp(*known, method="asymp").statistic
    effective = len(known[0]) * len(known[1]) / (len(known[0]) + len(known[1]))
    return {
        "name": name,
        "reference": [None if np.isnan(v) else v for v in reference.tolist()],
        "current": [None if np.isnan(v) else v for v in current.tolist()],
        "psi": psi(reference, current),
        "statistic": float(d),
        "pValue": float(scipy.special.kolmogorov(np.sqrt(effective) * d)),
    }


def with_gaps(values, share):
    return np.where(rng.random(len(values)) < share, np.nan, values)


HERE.joinpath("drift.json").write_text(
    json.dumps(
        [
            drift_case("the same distribution", rng.normal(size=300), rng.normal(size=200)),
            drift_case("moved", rng.normal(size=300), rng.normal(0.6, 1.2, size=200)),
            drift_case("another support", rng.normal(size=100), rng.normal(9, 1, size=80)),
            drift_case("few values", rng.integers(0, 4, 200) * 1.0, rng.integers(0, 5, 90) * 1.0),
            drift_case("gaps", with_gaps(rng.normal(size=200), 0.1), with_gaps(rng.normal(size=150), 0.4)),
        ]
    )
    + "\n"
)


rng = np.random.default_rng(20261122)
rows_of = [np.flatnonzero(day == d) for d in range(12)]


def of_days(times, *columns):
    index = np.concatenate([np.tile(rows_of[d], n) for d, n in enumerate(times)]).astype(int)
    return [column[index] for column in columns]


def measured(name, y, p, score):
    """A metric over all rows, and over days drawn as above."""
    return {
        "name": name,
        "y": y.tolist(),
        "p": p.tolist(),
        "all": float(score(y, p)),
        "drawn": [float(score(*of_days(one["times"], y, p))) for one in draws],
    }


count = rng.poisson(1.5, size=len(y)).astype(float)
mean = np.round(rng.gamma(3, 0.5, size=len(y)) + 0.05, 2)
amount = np.round(rng.gamma(2, 3, size=len(y)) + 0.1, 1)
zeros = np.where(rng.random(len(y)) < 0.3, 0.0, amount)
labels = rng.integers(0, 4, size=len(y)).astype(float)
chances = np.round(rng.dirichlet(np.ones(4), size=len(y)), 2)
chances[:, 0] += 1 - chances.sum(axis=1)
chances = np.clip(chances, 0, 1)
chances[5] = chances[9] = [0.4, 0.4, 0.1, 0.1]
# Certain, and wrong.
chances[17], labels[17] = [1.0, 0.0, 0.0, 0.0], 2
known = np.arange(4)
HERE.joinpath("objectives.json").write_text(
    json.dumps(
        [
            measured("poisson_deviance", count, mean, skm.mean_poisson_deviance),
            measured("gamma_deviance", amount, mean, skm.mean_gamma_deviance),
            *[
                {**measured("tweedie_deviance", t, mean, lambda a, b, q=power: skm.mean_tweedie_deviance(a, b, power=q)), "setting": power}
                for power, t in [(1.0, count), (1.5, zeros), (1.9, zeros)]
            ],
            measured("mape", amount, guess, skm.mean_absolute_percentage_error),
            *[
                {**measured("pinball", margin, guess, lambda a, b, q=alpha: skm.mean_pinball_loss(a, b, alpha=q)), "setting": alpha}
                for alpha in (0.1, 0.5, 0.9)
            ],
            measured("multi_log_loss", labels, chances, lambda a, b: skm.log_loss(a, np.clip(b, 1e-15, 1 - 1e-15), labels=known)),
            measured("multi_brier", labels, chances, lambda a, b: skm.brier_score_loss(a, b, labels=known)),
            measured("accuracy", labels, chances, lambda a, b: skm.accuracy_score(a, b.argmax(axis=1))),
        ]
    )
    + "\n"
)
