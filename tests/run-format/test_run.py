"""A run directory as a stranger reads it: numpy and the standard library, nothing of ours.

Everything is recomputed from the packed stream by the definitions and compared with the rows.
"""

import json
import math
import os
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

DEMO = Path(os.environ["INFOPLANE_DEMO"])
SWEEP = json.loads((DEMO / "sweep.json").read_text())
RUNS = [DEMO / run["path"] for run in SWEEP["runs"]]


def rows(run):
    return [json.loads(line) for line in (run / "results.jsonl").read_text().splitlines()]


def bits_of(packed, units):
    return np.unpackbits(packed, axis=1, bitorder="little")[:, :units]


def plugin_te(source, target, lag):
    """I(y'; x | y-) in bits by counting, source lag steps back (0: coupling)."""
    t0 = max(1, lag)
    x, y, past = source[t0 - lag : len(source) - lag], target[t0:], target[t0 - 1 : -1]
    n = len(y)
    joint = Counter(zip(y.tolist(), past.tolist(), x.tolist()))
    ypast, pastx, only = Counter(), Counter(), Counter()
    for (a, b, c), count in joint.items():
        ypast[a, b] += count
        pastx[b, c] += count
        only[b] += count
    return sum(
        count / n * math.log2(count * only[b] / (ypast[a, b] * pastx[b, c])) for (a, b, c), count in joint.items()
    )


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name)
def test_manifest_is_finished_and_lists_its_files(run):
    import hashlib

    manifest = json.loads((run / "manifest.json").read_text())
    assert manifest["schema"] == 1
    assert manifest["status"] == "finished"
    files = {file["path"]: file["sha256"] for file in manifest["files"]}
    assert "results.jsonl" in files and "report.html" not in files
    for path, digest in files.items():
        assert hashlib.sha256((run / path).read_bytes()).hexdigest() == digest, path


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name)
def test_every_stream_row_follows_from_the_stream(run):
    found = [row for row in rows(run) if row.get("time") == "samples" and "given" not in row]
    assert found
    checked = 0
    for path in sorted((run / "stream").glob("*.npz")):
        epoch = int(path.stem)
        stream = np.load(path)
        steps = stream["step"]
        assert len(stream["sample"]) == len(stream["label"]) == len(steps)
        here = [row for row in found if steps[0] <= row["step"] <= steps[-1]]
        units = np.load(run / "units" / f"{steps[-1]}.npz")
        for row in here:
            source, target, measure = row["source"], row["target"], row["measure"]
            value = units[f"{measure}/samples/{row['order']}/{row['window']}/{source}/{target}/value"]
            x = bits_of(stream[f"symbols/{source}"], value.shape[0])
            y = bits_of(stream[f"symbols/{target}"], value.shape[1])
            lag = 0 if measure == "coupling" else 1
            i, j = (epoch * 7 + checked) % value.shape[0], (epoch * 3 + checked) % value.shape[1]
            assert plugin_te(x[:, i], y[:, j], lag) == pytest.approx(value[i, j], abs=1e-11)
            assert row["value"] == pytest.approx(value.mean(), abs=1e-12)
            assert row["rate_source"] == pytest.approx(x.mean(), abs=1e-12)
            assert row["n"] == len(x) - 1
            checked += 1
    assert checked == len(found)


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name)
def test_p_and_q_of_unit_pairs(run):
    """p by the chi-square law with 2 degrees of freedom where both units fire; q by Benjamini-Hochberg over the family."""
    path = max((run / "units").glob("*.npz"), key=lambda path: int(path.stem))
    arrays = np.load(path)
    n = {row["order"]: row["n"] for row in rows(run) if row.get("time") == "probe" and "order" in row}
    prefix = "te/probe/shuffled/0/"
    names = [name[: -len("/value")] for name in arrays if name.startswith(prefix) and name.endswith("/value")]
    value = np.concatenate([arrays[name + "/value"].ravel() for name in names])
    p = np.concatenate([arrays[name + "/p"].ravel() for name in names])
    q = np.concatenate([arrays[name + "/q"].ravel() for name in names])
    two = np.exp(-n["shuffled"] * value * math.log(2))
    one = np.array([math.erfc(math.sqrt(n["shuffled"] * v * math.log(2))) for v in np.maximum(value, 0)])
    assert np.all(np.isclose(p, two, rtol=1e-9) | np.isclose(p, one, rtol=1e-9) | (p == 1))
    assert np.isclose(p, two, rtol=1e-9).mean() > 0.3
    order = np.argsort(p)
    expected = np.empty_like(p)
    expected[order] = np.minimum.accumulate((p[order] * len(p) / np.arange(1, len(p) + 1))[::-1])[::-1]
    assert np.allclose(q, np.minimum(expected, 1), rtol=1e-12)


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name)
def test_rows_keep_their_promises(run):
    for row in rows(run):
        assert row["unit"] == "bits"
        if "null_mean" in row:
            assert row["effective"] == pytest.approx(row["value"] - row["null_mean"], abs=1e-15)
            assert 1 / (row["draws"] + 1) <= row["p"] <= 1
        if row["measure"] == "i_ty" and row["estimator"].startswith("width"):
            assert row["value"] <= row["ceiling"] + 1e-9
        if row["measure"] == "i_xt":
            assert "p" not in row, "I(X;T) with X the identity of the input has no permutation null"


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.name)
def test_npz_files_are_whole_and_metrics_are_json(run):
    for path in run.rglob("*.npz"):
        assert zipfile.ZipFile(path).testzip() is None
    metrics = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    assert metrics[0]["step"] == 0
    assert [line["step"] for line in metrics] == sorted({line["step"] for line in metrics})
    assert metrics[-1]["train_acc"] > 0.9
