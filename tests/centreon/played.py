"""Host files, tests/centreon/hosts/*.yml: documents that `mullion simulate` plays as they are, and that the stand-in of openwsman plays
once they are JSON. Several files are laid one over the other: the classes of a later one take the place of the same of an earlier one,
its answers go first."""
import copy
import functools
import json
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import yaml

HOSTS = Path(__file__).resolve().parent / "hosts"


class Texts(yaml.SafeLoader):
    """Scalars stay what was written: 0x80338029, true and 1e3 are texts. Only null is none."""


Texts.yaml_implicit_resolvers = {
    first: [one for one in resolvers if one[0] == "tag:yaml.org,2002:null"] for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@functools.cache
def read(name):
    return yaml.load((HOSTS / f"{name}.yml").read_text(), Texts)


def class_key(table):
    return f"{table.get('namespace', 'root/cimv2')}:{table['class']}".lower()


def document(names):
    """One fleet of one host, as docs/simulate.md describes it."""
    whole = copy.deepcopy(read(names[0]))
    for name in names[1:]:
        over = copy.deepcopy(read(name))
        tables = {class_key(table): table for table in whole.get("cim", [])}
        tables.update({class_key(table): table for table in over.get("cim", [])})
        whole["cim"] = list(tables.values())
        whole["answers"] = over.get("answers", []) + whole.get("answers", [])
    return whole


# ---- for `mullion simulate` ----

def fleet(case, run):
    """The document to play for one run of a case, with what the case asks of it beside its files."""
    whole = document(run.files)
    if case.batch:
        whole["settings"] = {**whole.get("settings", {}), "MaxBatchItems": case.batch}
    if case.faults:
        whole["faults"] = [played_fault(fault) for fault in case.faults]
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False)


def played_fault(fault):
    """Its words are the stand-in's alone: what is played has those that Windows has for the code."""
    found = {"do": "fault", **{key: value for key, value in fault.items() if key != "text"}}
    if found["do"] == "fault":
        found.setdefault("code", "0x80041032")
    return found


# ---- for the stand-in ----

DMTF = re.compile(r"(\d{14})\.(\d{6})([-+])(\d{3})")


def xml_time(text):
    """A time as it stands on the wire: XML Schema's form, no more digits than it needs."""
    found = DMTF.fullmatch(text)
    if not found:
        return text
    digits, fraction, sign, minutes = found.groups()
    date = datetime.strptime(digits, "%Y%m%d%H%M%S").isoformat()
    fraction = fraction.rstrip("0")
    zone = "Z" if int(minutes) == 0 else f"{sign}{int(minutes) // 60:02}:{int(minutes) % 60:02}"
    return date + (f".{fraction}" if fraction else "") + zone


def scalar(text, kind, names):
    for name, value in names.items():
        text = text.replace("{" + name + "}", value)
    return xml_time(text) if kind == "datetime" else text


def texts(value, kind, names):
    if value is None:
        return None
    return [scalar(one, kind, names) for one in (value if isinstance(value, list) else [value])]


def generated(table):
    many = table.get("generate")
    if not many:
        return []
    first = int(many.get("first", 1))
    return [(many["row"], str(at)) for at in range(first, first + int(many["count"]))]


def played_class(table, names):
    properties = [{"name": name, "type": kind.split()[0].removesuffix("[]")} for name, kind in table["properties"].items()]
    kinds = {one["name"].lower(): one for one in properties}
    rows = []
    for row, number in [(row, None) for row in table.get("rows", [])] + generated(table):
        filled = names if number is None else {**names, "n": number}
        cells = {}
        for name, value in row.items():
            kind = kinds[name.lower()]
            if (found := texts(value, kind["type"], filled)) is not None:
                cells[kind["name"]] = found
        rows.append(cells)
    return {"properties": properties, "rows": rows}


def played_answer(answer, names):
    found = dict(answer)
    for stream in ("stdout", "stderr"):
        if stream in found and found.get("templates") != "false":
            for name, value in names.items():
                found[stream] = found[stream].replace("{" + name + "}", value)
    return found


@functools.cache
def played_document(files):
    whole = document(files)
    host = whole["hosts"][0]
    names = {"host": host["name"], "address": host.get("address", "")}
    return {
        "classes": {class_key(table): played_class(table, names) for table in whole.get("cim", [])},
        "answers": [played_answer(answer, names) for answer in whole.get("answers", [])],
    }


def play(case, run):
    """What the stand-in reads."""
    return json.dumps({
        **played_document(run.files),
        "now": int(datetime.strptime(run.now, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp()),
        "faults": list(case.faults),
        "batch": case.batch,
        "ntp": case.ntp,
    })


def later(now, seconds):
    return (datetime.strptime(now, "%Y-%m-%dT%H:%M:%SZ") + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
