"""Centreon's own plugin (Debian's package centreon-plugins) with our stand-in of openwsman: what it prints for a case."""
import functools
import json
import os
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.centreon import played

HERE = Path(__file__).resolve().parent
EXPECTED = HERE / "expected"
PLUGIN = Path("/usr/lib/nagios/plugins/centreon_plugins.pl")
NOW = "2026-03-10T12:00:00Z"
CONNECTION = ("--hostname=win.example", "--wsman-username=monitor", "--wsman-password=secret")


@dataclass(frozen=True)
class Run:
    """One start of the plugin: the host files that answer, and the time that it is."""
    files: tuple
    now: str = NOW


@dataclass(frozen=True)
class Case:
    id: str
    mode: str
    argv: tuple = ()
    runs: tuple = (Run(("server2022",)),)
    connection: tuple = CONNECTION
    faults: tuple = ()   # As in docs/simulate.md, with `text` for the words of the fault.
    batch: int = 0       # So many items an answer, where the client asks for more.
    ntp: int | None = None
    differs: str = ""    # Why ours is to answer otherwise.

    def words(self, state):
        mode = (f"--mode={self.mode}",) if self.mode else ()
        return ["--plugin=os::windows::wsman::plugin", *mode, *self.connection, *(word.replace("{state}", str(state)) for word in self.argv)]


@dataclass(frozen=True)
class Said:
    """What one run printed."""
    exit: int
    stdout: tuple = field(default_factory=tuple)  # Its lines; the last is empty where the output ended with a line's end.

    @property
    def first(self):
        return self.stdout[0]

    @property
    def text(self):
        return self.first.partition("|")[0]

    @property
    def perfdata(self):
        return self.first.partition("|")[2]

    @property
    def long(self):
        return self.stdout[1:]


def is_here():
    return PLUGIN.exists()


def words_of(case, state):
    """Centreon's modes with a state file keep it where --statefile-dir says; the others do not know that option."""
    keeps = case.mode in {"cpu", "interfaces", "sessions"} and not any(word.startswith("--statefile-dir") for word in case.argv)
    return case.words(state) + ([f"--statefile-dir={state}"] if keeps else [])


# Perl's hashes have another order in each process, and Centreon prints from them: JSON, XML and lists of counters.
ENVIRONMENT = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/nonexistent", "PERL_HASH_SEED": "0", "PERL_PERTURB_KEYS": "0"}


class Plugin:
    """A process that starts the plugin as often as it is asked (asker.pl), with a folder for what it writes."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="centreon-")
        self.child = subprocess.Popen(["perl", str(HERE / "asker.pl")], env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=self.folder.name)
        return self

    def __exit__(self, *_):
        self.child.stdin.close()
        self.child.wait()
        self.child.stdout.close()
        self.folder.cleanup()

    def said(self, case, run, state):
        names = {name: Path(self.folder.name) / name for name in ("play", "stdout", "stderr")}
        names["play"].write_text(played.play(case, run))
        ask = {"argv": words_of(case, state), **{name: str(path) for name, path in names.items()}}
        self.child.stdin.write(json.dumps(ask) + "\n")
        self.child.stdin.flush()
        status = self.child.stdout.readline()
        if not status:
            raise RuntimeError(f"asker.pl ended with {self.child.wait()} at {case.id}")
        text = names["stdout"].read_bytes().decode(errors="surrogateescape").replace(str(state), "{state}").replace(str(HERE), "{here}")
        # Where Perl shows an object, its address is another one in each run, and it counts what it evaluated.
        text = re.sub(r"\(eval \d+\)", "(eval 0)", re.sub(r"\(0x[0-9a-f]+\)", "(0x0)", text))
        return Said(int(status), tuple(text.split("\n"))), names["stderr"].read_text(errors="replace")

    def ask(self, case, also_stderr=False):
        """Each run of the case, one after the other, with a state directory of its own."""
        with tempfile.TemporaryDirectory(prefix="centreon-state-") as state:
            results = [self.said(case, run, state) for run in case.runs]
        return results if also_stderr else [one for one, _ in results]


def ask_all(cases, processes=2):
    """{id: what each run said}. Several processes at once, each with its share."""
    def share(at):
        with Plugin() as plugin:
            return {case.id: plugin.ask(case) for case in cases[at::processes]}

    with ThreadPoolExecutor(processes) as pool:
        shares = list(pool.map(share, range(processes)))
    return {name: results for one in shares for name, results in one.items()}


# ---- what is recorded ----

def recorded_form(case, results):
    return {"id": case.id, "argv": list(case.argv), "differs": case.differs,
            "runs": [{"files": list(run.files), "now": run.now, "exit": one.exit, "stdout": list(one.stdout)} for run, one in zip(case.runs, results)]}


def file_of(mode):
    return EXPECTED / f"{mode or 'no-mode'}.json"


def write(mode, forms):
    read.cache_clear()
    file_of(mode).write_text(json.dumps(forms, indent=1, ensure_ascii=True) + "\n")


@functools.cache
def read(mode):
    return {form["id"]: form for form in json.loads(file_of(mode).read_text())}


def expected(case):
    """What was recorded for each run."""
    return [Said(run["exit"], tuple(run["stdout"])) for run in read(case.mode)[case.id]["runs"]]


# ---- comparing ----

def compare(case, ours):
    """Differences between what was recorded and what ours said, one text for each; `ours` is a list of Said, one for each run."""
    theirs = expected(case)
    if len(theirs) != len(ours):
        return [f"{case.id}: {len(ours)} runs, {len(theirs)} are recorded"]
    faults = []
    for number, (want, got) in enumerate(zip(map(without_place, theirs), map(without_place, ours)), 1):
        for part, told, mine in parts(case, want, got):
            if told != mine:
                faults.append(f"{case.id}, run {number}, {part}:\n  Centreon: {told!r}\n  ours:     {mine!r}")
    return faults


def without_place(said):
    """Perl ends a complaint with the file and the line of Centreon's where it came up: that is where Debian put it, and nothing that ours says."""
    return Said(said.exit, tuple(re.sub(r" at /usr/lib/centreon-plugins/\S+ line \d+\.", "", line) for line in said.stdout))


def parts(case, want, got):
    yield "exit code", want.exit, got.exit
    if {"--output-json", "--disco-show", "--disco-format"} & set(case.argv) or "--output-xml" in case.argv:
        yield "output", in_order(want), in_order(got)
        return
    yield "text", want.text, got.text
    yield "perfdata", want.perfdata, got.perfdata
    yield "long output", want.long, got.long


def in_order(one):
    """JSON and XML without the order that Perl's hashes gave them: of keys, and of the severities among the outputs."""
    whole = "\n".join(one.stdout)
    if whole.lstrip().startswith("<"):
        return sorted_xml(whole)
    try:
        found = json.loads(whole, parse_int=str, parse_float=str)  # Perl writes a number as text once it was printed.
    except ValueError:
        return whole
    if isinstance(found, dict) and isinstance(found.get("data"), list):
        found["data"].sort(key=lambda one: json.dumps(one, sort_keys=True))  # What a list mode found.
    outputs = found.get("plugin", {}).get("outputs") if isinstance(found, dict) else None
    if outputs:
        outputs.sort(key=lambda output: (output["type"], output.get("exit", "")))
    return found


def sorted_xml(whole):
    from xml.etree import ElementTree

    def form(element):
        children = [form(child) for child in element]
        if element.tag in {"perfdata", "output", "data"}:
            children.sort()
        elif element.tag == "outputs":
            children.sort(key=lambda child: [grandchild for grandchild in child[3] if grandchild[0] in {"type", "exit"}])
        return (element.tag, sorted(element.attrib.items()), (element.text or "").strip(), children)
    return form(ElementTree.fromstring(whole))
