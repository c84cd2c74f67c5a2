"""Writes expected/splits.json: what scikit-learn cuts. Run by hand, as spec/metrics/record.py.

A day has two rows, so TimeSeriesSplit is asked of the days and its days are turned into rows."""

import json
from pathlib import Path

import numpy as np
from sklearn.model_selection import GroupKFold, TimeSeriesSplit

DAYS = 23
ROWS = np.repeat(np.arange(DAYS), 2)


def time_case(spec, **settings):
    folds = TimeSeriesSplit(n_splits=spec["folds"], **settings).split(np.zeros((DAYS, 1)))
    rows = lambda days: np.flatnonzero(np.isin(ROWS, days)).tolist()
    return {"spec": spec, "folds": [{"train": rows(t), "validation": rows(v)} for t, v in folds]}


rng = np.random.default_rng(7)
group = rng.integers(0, 40, size=400)
sizes = [len(v) for _, v in GroupKFold(4).split(group, groups=group)]

Path(__file__).parent.joinpath("expected", "splits.json").write_text(
    json.dumps(
        {
            "day": ROWS.tolist(),
            "time": [
                time_case({"strategy": "expanding", "folds": 3}),
                time_case({"strategy": "expanding", "folds": 4, "gap": "2 days"}, gap=2),
                time_case(
                    {"strategy": "walk_forward", "folds": 3, "validation": "4 days"}, test_size=4
                ),
                time_case(
                    {"strategy": "walk_forward", "folds": 3, "validation": "4 days", "train": "5 days"},
                    test_size=4,
                    max_train_size=5,
                ),
                time_case(
                    {"strategy": "purged", "folds": 2, "validation": "1 week", "gap": "3 days"},
                    test_size=7,
                    gap=3,
                ),
            ],
            "groups": {"group": group.tolist(), "sizes": sizes},
        }
    )
    + "\n"
)
