"""Compares and changes values with the library transports.

Every line of the input is {"old", "new", "target", "patch"}: values, and a patch, as they are on
the wire. The answer is {"patch", "result"}: what makes new of old, and what the patch makes of the
target; null where it does not fit.
"""

import json
import sys

import transports

for line in sys.stdin:
    case = json.loads(line)
    patch = transports.diff(json.dumps(case["old"]), json.dumps(case["new"]))
    try:
        result = transports.apply(json.dumps(case["target"]), json.dumps(case["patch"]))
    except ValueError:
        result = "null"
    print(f'{{"patch": {patch}, "result": {result}}}', flush=True)
