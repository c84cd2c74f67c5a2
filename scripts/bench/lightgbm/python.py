"""The other side of the group lightgbm: the same tasks with Python's LightGBM. Prints {"ms": …, "peakMb": …}.

python.py train FOLDER ROWS FEATURES ROUNDS
python.py predict|shap FOLDER ROWS FEATURES
"""
import json
import os
import resource
import sys
import time

import lightgbm as lgb
import numpy as np

task, folder = sys.argv[1:3]
rows, features, *rounds = map(int, sys.argv[3:])
threads = len(os.sched_getaffinity(0))
started = time.perf_counter()
x = np.fromfile(f"{folder}/x.bin", count=rows * features).reshape(features, rows).T
if task == "train":
    params = dict(
        objective="binary", seed=1, num_threads=threads, deterministic=True, force_col_wise=True, verbosity=-1
    )
    y = np.fromfile(f"{folder}/y.bin", count=rows)
    booster = lgb.train(params, lgb.Dataset(x, y, params=params), rounds[0])
    booster.save_model(f"{folder}/python.txt")
else:
    booster = lgb.Booster(model_file=f"{folder}/model.txt")
    booster.predict(x, pred_contrib=task == "shap", num_threads=threads)
ms = (time.perf_counter() - started) * 1000
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(dict(ms=ms, peakMb=peak)))
