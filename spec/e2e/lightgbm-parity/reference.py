"""The other side of the parity test: Python's LightGBM.

reference.py train FOLDER           makes rows, trains each case of FOLDER/cases.json on them, writes models and predictions
reference.py predict FOLDER CASE    predicts with FOLDER/CASE.velo.txt, a model that velo trained
"""
import json
import sys

import lightgbm as lgb
import numpy as np

FOLDER = sys.argv[2]
TRAIN, VALID, FEATURES = 4000, 1500, 12
NAMES = [f"feature_{i}" for i in range(FEATURES)]


def rows(count, seed):
    r = np.random.default_rng(seed)
    x = r.normal(size=(count, FEATURES))
    x[:, 0] = r.integers(0, 30, count)  # categories
    x[:, 1] = r.integers(0, 5, count)
    z = np.sin(x[:, 0] * 1.7) + x[:, 2] * x[:, 3] + 0.5 * x[:, 4] - 0.3 * x[:, 5] ** 2 + (x[:, 1] == 2)
    missing = r.random((count, FEATURES)) < 0.1
    x[missing] = np.nan
    y = (r.random(count) < 1 / (1 + np.exp(-z))).astype(float)
    sizes = r.integers(5, 15, count)
    sizes = sizes[np.cumsum(sizes) < count - 5]
    groups = np.append(sizes, count - sizes.sum()).astype(np.int32)
    targets = dict(
        binary=y,
        classes=np.digitize(z, [-0.5, 0.5]).astype(float),
        number=z,
        count=r.poisson(np.exp(np.clip(z, -3, 1.5))).astype(float),
        rank=np.clip(np.digitize(z, [0.2, 1.0, 1.8]), 0, 3).astype(float),
    )
    return dict(x=x, weights=0.5 + r.random(count), groups=groups, targets=targets)


def put(name, array):
    np.ascontiguousarray(array).tofile(f"{FOLDER}/{name}.bin")


def dataset(case, part, **more):
    return lgb.Dataset(
        part["x"],
        part["targets"][case["target"]],
        weight=part["weights"] if case["weights"] else None,
        group=part["groups"] if case["groups"] else None,
        feature_name=NAMES,
        categorical_feature=case["categorical"],
        params=case["params"],
        free_raw_data=False,
        **more,
    )


def train():
    parts = dict(train=rows(TRAIN, 1), valid=rows(VALID, 2))
    for which, part in parts.items():
        put(f"{which}.x", part["x"].T)
        put(f"{which}.weights", part["weights"])
        put(f"{which}.groups", part["groups"])
        for name, target in part["targets"].items():
            put(f"{which}.{name}", target)
    for name, case in json.load(open(f"{FOLDER}/cases.json")).items():
        training = dataset(case, parts["train"])
        callbacks = []
        if case["stop"]:
            stop = case["stop"]
            callbacks = [
                lgb.early_stopping(stop["rounds"], stop["firstMetricOnly"], verbose=False, min_delta=stop["minDelta"])
            ]
        valid = dataset(case, parts["valid"], reference=training)
        booster = lgb.train(case["params"], training, case["rounds"], valid_sets=[valid], callbacks=callbacks)
        booster.save_model(f"{FOLDER}/{name}.python.txt")
        predict(name, "python", booster)
        facts = dict(
            version=lgb.__version__,
            best=booster.best_iteration or case["rounds"],
            metrics=dict(booster.best_score["valid_0"]),
            gain=booster.feature_importance("gain").tolist(),
            split=booster.feature_importance("split").tolist(),
        )
        json.dump(facts, open(f"{FOLDER}/{name}.json", "w"))


def predict(name, which, booster):
    x = rows(VALID, 2)["x"]
    put(f"{name}.{which}.value", booster.predict(x))
    put(f"{name}.{which}.raw", booster.predict(x, raw_score=True))
    put(f"{name}.{which}.shap", booster.predict(x[:300], pred_contrib=True))


if sys.argv[1] == "train":
    train()
else:
    predict(sys.argv[3], "velo", lgb.Booster(model_file=f"{FOLDER}/{sys.argv[3]}.velo.txt"))
