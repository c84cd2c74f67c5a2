"""python-model.py train <folder>: models of the rows in rows.json, and what they say of them.
python-model.py predict <folder> <model.txt>: what a text says of the rows, into predicted.json."""

import json
import sys
from pathlib import Path

import lightgbm
import numpy as np

task, folder = sys.argv[1], Path(sys.argv[2])
rows = json.loads((folder / "rows.json").read_text())
# In the order pandas would have: of the texts, sorted.
SURFACES = ["dirt", "turf"]
matrix = np.column_stack(
    [
        [row["x"] for row in rows],
        [SURFACES.index(row["surface"]) for row in rows],
        [np.nan if row["noise"] is None else row["noise"] for row in rows],
    ]
)
NAMES = ["x", "surface", "noise"]
LINE = "pandas_categorical:"


def write(name, values):
    (folder / name).write_text(json.dumps(values.tolist()))


def train(name, objective, target, **params):
    data = lightgbm.Dataset(matrix, target, feature_name=NAMES, categorical_feature=[1])
    params = {"objective": objective, "verbosity": -1, "num_threads": 2, "num_leaves": 7, **params}
    model = lightgbm.train(params, data, num_boost_round=25)
    # What lightgbm writes for a pandas table whose column has the dtype category.
    text = model.model_to_string().split(LINE)[0]
    (folder / f"{name}.txt").write_text(f"{text}{LINE}{json.dumps([SURFACES])}\n")
    write(f"{name}.json", model.predict(matrix))


if task == "train":
    train("chance", "binary", np.array([row["won"] for row in rows]))
    train("margin", "regression", np.array([row["x"] * 3 + row["won"] for row in rows]))
    train("pace", "multiclass", np.array([int(row["x"] * 2.999) for row in rows]), num_class=3)
else:
    write("predicted.json", lightgbm.Booster(model_file=sys.argv[3]).predict(matrix))
