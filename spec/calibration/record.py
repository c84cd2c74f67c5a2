"""Writes expected/calibration.json: what scikit-learn and scipy fit. Run by hand, as spec/metrics/record.py."""

import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

rng = np.random.default_rng(42)
AT = np.concatenate([[0.0, 1e-9], np.linspace(0.01, 0.99, 25), [1.0]])


def logit(p):
    p = np.clip(p, 1e-15, 1 - 1e-15)
    return np.log(p) - np.log1p(-p)


def platt(p, y):
    """Platt's own objective, minimised by scipy."""
    n1 = y.sum()
    t = np.where(y == 1, (n1 + 1) / (n1 + 2), 1 / (len(y) - n1 + 2))
    z = logit(p)

    def loss(w):
        u = w[0] * z + w[1]
        d = 1 / (1 + np.exp(-u)) - t
        return np.logaddexp(0, u).sum() - (t * u).sum(), np.array([(d * z).sum(), d.sum()])

    w = minimize(loss, [1, 0], jac=True, method="BFGS", options={"gtol": 1e-9}).x
    return (1 / (1 + np.exp(-(w[0] * logit(AT) + w[1])))).tolist()


def regression(x, y):
    return LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-12, max_iter=1000).fit(x, y)


def beta(p, y):
    def columns(q):
        q = np.clip(q, 1e-15, 1 - 1e-15)
        return np.c_[np.log(q), -np.log1p(-q)]

    used = [0, 1]
    model = regression(columns(p), y)
    if (model.coef_ < 0).any():
        used = [int(np.argmax(model.coef_[0] >= 0))]
        model = regression(columns(p)[:, used], y)
    return model.predict_proba(columns(AT)[:, used])[:, 1].tolist()


def case(name, p, y):
    iso = IsotonicRegression(out_of_bounds="clip").fit(p, y)
    # The lowest level set has no winner in any case here: 1/(2·size) of it, .003 of the others.
    size = int((iso.predict(p) == 0).sum())
    levels = np.maximum(iso.y_thresholds_, np.where(iso.y_thresholds_ == 0, max(0.003, 1 / (2 * size)), 0.003))
    return {
        "name": name,
        "p": p.tolist(),
        "y": y.tolist(),
        "isotonic": iso.predict(AT).tolist(),
        "floored": np.interp(AT, iso.X_thresholds_, levels).tolist(),
        "platt": platt(p, y),
        "beta": beta(p, y),
    }


def drawn(truth, n, decimals=3):
    p = np.round(rng.beta(1, 8, size=n), decimals)
    return p, (rng.random(n) < truth(p)).astype(int)


cases = [
    case("too sure of itself", *drawn(lambda p: 1 / (1 + np.exp(-(0.6 * logit(p) - 0.5))), 2000)),
    case("about right", *drawn(lambda p: p, 1500)),
    case("few rows, many ties", *drawn(lambda p: np.clip(2 * p, 0, 1), 120, 1)),
    case("wrong at the top", *drawn(lambda p: np.where(p > 0.2, 0.1, p), 1500)),
]
Path(__file__).parent.joinpath("expected", "calibration.json").write_text(
    json.dumps({"at": AT.tolist(), "cases": cases}) + "\n"
)
