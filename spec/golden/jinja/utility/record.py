"""Renders templates.json over the macros of spec/projects/utility with real Jinja2, writes recorded.json.

Use, with a virtual environment of your choice:
     pip install jinja2==3.1.6
     python spec/golden/jinja/utility/record.py

Around Jinja2 stands just as much of dbt as the macros need: packages, `return`, `adapter.dispatch`
in the order of the project file, quoting, Python's own re and datetime. The macros that go by dbt's
names are velo's, from global_macros: the same files on both sides.
"""

import datetime
import json
import re
from pathlib import Path
from types import SimpleNamespace

from jinja2.sandbox import SandboxedEnvironment

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
PROJECT = ROOT / "spec/projects/utility"
FOLDERS = {
    "utility": [PROJECT / "macros"],
    "more_metrics": [PROJECT / "packages/more_metrics/macros"],
    "handy_utils": [PROJECT / "packages/handy_utils/macros"],
    "dbt": [ROOT / "global_macros/dbt_duckdb", ROOT / "global_macros/dbt"],
}
DISPATCH = {"handy_utils": ["utility", "more_metrics", "handy_utils"], "dbt": ["utility", "dbt"]}
TYPES = {"string": "TEXT", "timestamp": "TIMESTAMP", "float": "FLOAT", "integer": "INT"}

ENVIRONMENT = SandboxedEnvironment(
    extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"], cache_size=0
)
# One pattern for the three kinds of block: dbt names them all like macros.
BLOCK = re.compile(
    r"\{%-?\s*(macro|test)\s+(\w+)\(.*?\{%-?\s*end\1\s*-?%\}", re.DOTALL
)


class Return(Exception):
    def __init__(self, value):
        super().__init__("return")
        self.value = value


class Macro:
    """A macro by its package; parsed when it is called, as its names are looked up then."""

    def __init__(self, package, name, text):
        self.package, self.name, self.text = package, name, text
        self.made = None

    def __call__(self, *args, **kwargs):
        if self.made is None:
            # Another name, so that a call of itself goes through this class and its `return`.
            module = ENVIRONMENT.from_string(self.text).make_module(names_of(self.package))
            self.made = module.velo_macro
            self.made.name = self.name
        try:
            return self.made(*args, **kwargs)
        except Return as returned:
            return returned.value


def read_package(package):
    macros = {}
    for folder in FOLDERS[package]:
        for file in sorted(folder.rglob("*.sql")):
            for block in BLOCK.finditer(file.read_text()):
                kind, name = block.groups()
                text = block.group(0).replace(f"{kind} {name}(", "macro velo_macro(", 1)
                text = re.sub(rf"end{kind}(\s*-?%\}})$", r"endmacro\1", text)
                found = name if kind == "macro" else f"test_{name}"
                macros.setdefault(found, Macro(package, found, text))
    return macros


PACKAGES = {package: read_package(package) for package in FOLDERS}


def give_back(value=None):
    raise Return(value)


def dispatch(name, namespace=None):
    for package in DISPATCH[namespace]:
        for prefix in ("duckdb", "default"):
            macro = PACKAGES[package].get(f"{prefix}__{name}")
            if macro:
                return macro
    raise KeyError(name)


def no_error(message, node=None):
    raise ValueError(message)


def names_of(package):
    own = {} if package == "dbt" else PACKAGES[package]
    return {
        **PACKAGES["dbt"],
        **PACKAGES,
        "return": give_back,
        "execute": True,
        "adapter": SimpleNamespace(dispatch=dispatch, quote=lambda name: f'"{name}"'),
        "api": SimpleNamespace(
            Column=SimpleNamespace(translate_type=lambda name: TYPES.get(name.lower(), name))
        ),
        "modules": SimpleNamespace(re=re, datetime=datetime),
        "exceptions": SimpleNamespace(raise_compiler_error=no_error),
        "var": lambda name, default: default,
        "ref": lambda name: f'"utility"."raw"."{name}"',
        **PACKAGES["utility"],
        **own,
    }


def render(template):
    try:
        return {"output": ENVIRONMENT.from_string(template).render(names_of("utility"))}
    except Exception as error:
        return {"error": str(error)}


if __name__ == "__main__":
    cases = json.loads((HERE / "templates.json").read_text())
    recorded = [{**case, **render(case["template"])} for case in cases]
    text = json.dumps(recorded, indent=1, ensure_ascii=False) + "\n"
    (HERE / "recorded.json").write_text(text)
