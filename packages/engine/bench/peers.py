"""Fits scikit-learn and xgboost to tables written by boosting.bench.ts; prints one JSON line for each peer.

Usage: peers.py FOLDER PEER...; FOLDER holds train.f64, y.f64, test.f64 and shape.json.
"""
import json, os, resource, sys, time

folder, peers = sys.argv[1], sys.argv[2:]
os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np

shape = json.load(open(f"{folder}/shape.json"))
x = np.fromfile(f"{folder}/train.f64").reshape(shape["rows"], shape["cols"])
y = np.fromfile(f"{folder}/y.f64")
new = np.fromfile(f"{folder}/test.f64").reshape(-1, shape["cols"])
rounds = shape["rounds"]


def hist(stop):
    from sklearn.ensemble import HistGradientBoostingRegressor

    # early_stopping=False in the plain run: the same number of rounds for all.
    return HistGradientBoostingRegressor(max_iter=1000 if stop else rounds, max_leaf_nodes=31, min_samples_leaf=20, learning_rate=0.1, early_stopping=stop, n_iter_no_change=30, random_state=1)


def forest():
    from sklearn.ensemble import RandomForestRegressor

    return RandomForestRegressor(n_estimators=200, max_features=1 / 3, n_jobs=1, random_state=1)


def xgb():
    from xgboost import XGBRegressor

    return XGBRegressor(n_estimators=rounds, tree_method="hist", grow_policy="lossguide", max_leaves=31, max_depth=0, min_child_weight=20, reg_lambda=0, learning_rate=0.1, n_jobs=1)


MODELS = {"scikit-learn HistGradientBoosting": lambda: hist(False), "scikit-learn HistGradientBoosting, stopped early": lambda: hist(True), "scikit-learn RandomForest": forest, "xgboost hist": xgb}
for peer in peers:
    model = MODELS[peer]()
    model.fit(x[:200], y[:200])  # what is loaded or compiled at first is not the fit's time
    wall, cpu = time.perf_counter(), time.process_time()
    model = MODELS[peer]()
    model.fit(x, y)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(json.dumps({"peer": peer, "wall": wall, "cpu": cpu, "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "mean": [float(v) for v in model.predict(new)]}), flush=True)
