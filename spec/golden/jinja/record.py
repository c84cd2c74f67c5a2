"""Renders templates.json with real Jinja2 and writes recorded.json.

Use, with a virtual environment of your choice:
     pip install jinja2==3.1.6
     python spec/golden/jinja/record.py

The environment is dbt's: sandboxed, with `do`, `break` and `continue`. The context is the one of
context.ts. An error is recorded as "Type: message".
"""

import json
from pathlib import Path

from jinja2.sandbox import SandboxedEnvironment

HERE = Path(__file__).parent
ROWS = [("a", "int", True), ("b", "str", False), ("c", "int", True)]


class Relation:
    database, schema, identifier, name = "db", "dbt", "mymodel", "mymodel"

    def __str__(self):
        return f'"{self.schema}"."{self.identifier}"'


def canonical(value):
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def context():
    statements = {}

    def ref(*args, **kwargs):
        named = [f"{key}={value}" for key, value in kwargs.items()]
        return '"dbt"."' + ".".join([str(arg) for arg in args] + named) + '"'

    def statement(name=None, fetch_result=False, caller=None):
        statements[name] = [caller().strip(), fetch_result]
        return ""

    return {
        "x": "val",
        "n": 7,
        "none_v": None,
        "lst": [1, 2, 3],
        "names": ["alpha", "beta", "gamma"],
        "d": {"b": 1, "a": 2},
        "empty": [],
        "emptyd": {},
        "rows": [{"name": name, "type": type_, "ok": ok} for name, type_, ok in ROWS],
        "execute": True,
        "target": {"name": "dev", "schema": "dbt"},
        "this": Relation(),
        "config": lambda *args, **kwargs: "",
        "ref": ref,
        "source": lambda a, b: f'"{a}"."{b}"',
        "var": lambda name, default=None: default,
        "env_var": lambda name, default=None: default,
        "is_incremental": lambda: True,
        "log": lambda *args, **kwargs: "",
        "show": lambda *args, **kwargs: canonical([args, kwargs]),
        "statement": statement,
        "load_result": lambda name: canonical(statements[name]),
        "fromjson": json.loads,
    }


def render(template):
    environment = SandboxedEnvironment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
    try:
        return {"output": environment.from_string(template).render(context())}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    cases = json.loads((HERE / "templates.json").read_text())
    recorded = [{**case, **render(case["template"])} for case in cases]
    text = json.dumps(recorded, indent=1, ensure_ascii=False) + "\n"
    (HERE / "recorded.json").write_text(text)
