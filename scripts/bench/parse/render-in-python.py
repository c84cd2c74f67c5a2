"""Times Jinja2: python render-in-python.py RECORDER ROUNDS < templates.json

RECORDER is spec/golden/jinja/record.py, whose context the templates see. Writes the medians of a round in
milliseconds, to compile all templates and to render all of them when compiled, and what they rendered to.
"""

import importlib.util
import json
import statistics
import sys
from time import perf_counter

from jinja2 import Environment

spec = importlib.util.spec_from_file_location("record", sys.argv[1])
record = importlib.util.module_from_spec(spec)
spec.loader.exec_module(record)

templates = json.load(sys.stdin)
environment = Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
names = record.context()
compiling, rendering, outputs = [], [], []
for _ in range(int(sys.argv[2])):
    start = perf_counter()
    compiled = [environment.from_string(template) for template in templates]
    middle = perf_counter()
    outputs = [template.render(names) for template in compiled]
    rendering.append((perf_counter() - middle) * 1000)
    compiling.append((middle - start) * 1000)
medians = [statistics.median(times) for times in (compiling, rendering)]
json.dump({"compileMs": medians[0], "renderMs": medians[1], "outputs": outputs}, sys.stdout)
