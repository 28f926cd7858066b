"""What every engine of the benchmark speaks: READY when its watches stand, then DUMP with the final directories it has reported."""
import json
import os
import re
import sys
import time

TEMPORARY = re.compile(r"\.tmp\d+$")
FINAL = re.compile(r"(?:^|/)(x_\d+)$")
seen = {}
overflows = 0


def on_path(path):
    if TEMPORARY.search(path):
        return
    found = FINAL.search(path)
    if found and found.group(1) not in seen:
        seen[found.group(1)] = time.monotonic_ns()


def on_overflow():
    global overflows
    overflows += 1


def serve(start):
    """Runs one engine; `start(root, recursive)` returns when its watches stand."""
    began = time.monotonic_ns()
    start(sys.argv[1], recursive=sys.argv[2] != "flat")
    ready = {"ms": (time.monotonic_ns() - began) / 1e6, "pid": os.getpid()}
    print("READY " + json.dumps(ready), flush=True)
    for line in sys.stdin:
        command = line.strip()
        if command == "count":
            print("COUNT %d" % len(seen), flush=True)
        if command == "dump":
            times = {name: str(at) for name, at in list(seen.items())}
            print("DUMP " + json.dumps({"times": times, "overflows": overflows}), flush=True)
        if command == "quit":
            break
    os._exit(0)
