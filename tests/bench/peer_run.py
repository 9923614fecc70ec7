"""Runs a peer's script by processor time, and reports each question: python peer_run.py SCRIPTS SCRIPT DATASET …

The scripts time themselves by `time.perf_counter` and report by `common.report`: both are replaced
before one runs. Needs nothing but Python and the script's own libraries.
"""

import json
import math
import runpy
import sys
import time

scripts, *arguments = sys.argv[1:]
sys.path.insert(0, scripts)
time.perf_counter = time.process_time

import common  # noqa: E402  (found on the path that was set)


def report(name, search, queries, qrels, *, load_s, index_s, docs, sample=400):
    """See common.report; milliseconds of processor time, and the nDCG@10 of every question."""
    queries = queries[:: max(1, len(queries) // sample)]
    for query in queries[:5]:
        search(query["text"])
    times, ndcg = [], []
    for query in queries:
        begun = time.process_time()
        ids = search(query["text"])
        times.append((time.process_time() - begun) * 1e3)
        gold, ranked = qrels[query["_id"]], list(dict.fromkeys(ids))[:10]
        gain = sum(1 / math.log2(rank + 2) for rank, id in enumerate(ranked) if id in gold)
        ndcg.append(gain / sum(1 / math.log2(rank + 2) for rank in range(min(10, len(gold)))))
    times.sort()
    found = {
        "load_s": round(load_s, 2),
        "index_docs_s": round(docs / index_s, 1) if index_s else 0,
        "p50_ms": round(times[len(times) // 2], 2),
        "p95_ms": round(times[int(len(times) * 0.95)], 2),
        "ndcg10": round(sum(ndcg) / len(ndcg), 4),
        "peak_rss_mb": peak_rss_mb(),
        "ndcg": ndcg,
    }
    print(json.dumps(found), flush=True)


def peak_rss_mb():
    """The most memory of this program: getrusage counts also that of the process that started it."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM:"))


common.report = report
sys.argv = arguments
runpy.run_path(arguments[0], run_name="__main__")
