"""The other side of the group lightgbm: the same tasks with Python's LightGBM. Prints {"ms": …, "peakMb": …}.

python.py train FOLDER ROWS FEATURES ROUNDS
python.py predict|shap FOLDER ROWS FEATURES
python.py fit FOLDER ROWS FEATURES ROUNDS       from rows.duckdb, with Python's duckdb
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
if task == "fit":
    import duckdb

    names = [f"feature_{i}" for i in range(features)]
    database = duckdb.connect(f"{folder}/rows.duckdb", read_only=True, config=dict(threads=threads))
    query = f"select {', '.join(names)}, won from runs order by day, race, horse"
    columns = database.execute(query).fetchnumpy()
    y = np.asarray(columns.pop("won"))
    x = np.stack([np.asarray(columns.pop(name)) for name in names]).T
else:
    x = np.fromfile(f"{folder}/x.bin", count=rows * features).reshape(features, rows).T
params = dict(
    objective="binary", seed=1, num_threads=threads, deterministic=True, force_col_wise=True, verbosity=-1
)
if task == "fit":
    lgb.train(params, lgb.Dataset(x, y, params=params), rounds[0])
elif task == "train":
    y = np.fromfile(f"{folder}/y.bin", count=rows)
    booster = lgb.train(params, lgb.Dataset(x, y, params=params), rounds[0])
    booster.save_model(f"{folder}/python.txt")
else:
    booster = lgb.Booster(model_file=f"{folder}/model.txt")
    booster.predict(x, pred_contrib=task == "shap", num_threads=threads)
ms = (time.perf_counter() - started) * 1000
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(dict(ms=ms, peakMb=peak)))
