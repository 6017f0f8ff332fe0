"""`mullion-centreon` asked what Centreon's plugin was asked: the same words, the same hosts played by `mullion simulate`, the same time."""
import functools
import json
import os
import subprocess
import tempfile
from datetime import datetime, timezone
from pathlib import Path

import yaml

from tests.centreon import played
from tests.centreon.oracle import Said
from tests.support.service import DEADLINE, MULLION, read_line

CENTREON = MULLION.with_name("mullion-centreon")
HERE = Path(__file__).resolve().parent


@functools.cache
def held_clock():
    """The library that holds the wall clock still, for the time of this process."""
    folder = tempfile.TemporaryDirectory(prefix="held-clock-")
    library = Path(folder.name) / "held_clock.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, HERE / "held_clock.c", "-ldl"], check=True, timeout=DEADLINE)
    return folder, library


@functools.cache
def modes():
    done = subprocess.run([MULLION, "check", "--list-modes"], capture_output=True, text=True, timeout=DEADLINE, check=True)
    return {line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ") and not line.startswith("  mullion")}


class Player:
    """One `mullion simulate` for each host that is not told to fail; for those one of their own."""

    def __init__(self):
        self.running = {}
        self.folder = tempfile.TemporaryDirectory(prefix="centreon-ours-")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process, _, _ in self.running.values():
            stop(process)
        self.folder.cleanup()

    def start(self, text, port=0):
        document = yaml.safe_load(text)
        document["listeners"] = [{"address": "0.0.0.0", "port": port}]
        document.setdefault("settings", {}).update({"Service/Auth/Basic": True, "Service/AllowUnencrypted": True})
        document["accounts"] = [{"user": "monitor", "password": "secret"}]
        address = document["hosts"][0].get("address", "127.0.0.1")
        with tempfile.NamedTemporaryFile("w", dir=self.folder.name, suffix=".yml", delete=False) as file:
            yaml.safe_dump(document, file, allow_unicode=True, sort_keys=False)
        with open(Path(self.folder.name) / "log", "ab") as log:
            process = subprocess.Popen([MULLION, "simulate", file.name], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        line = read_line(process.stdout, process)
        if line is None:
            raise AssertionError(f"mullion simulate said nothing: {(Path(self.folder.name) / 'log').read_text()[-2000:]}")
        port = int(json.loads(line)["listening"][0].split(":")[2].split("/")[0])
        return process, address, port

    def at(self, case, run):
        """The host's process, address and port."""
        text = played.fleet(case, run)
        if case.faults:
            return self.start(text)
        if text not in self.running:
            if len(self.running) >= 12:
                stop(self.running.pop(next(iter(self.running)))[0])
            self.running[text] = self.start(text)
        return self.running[text]

    def ask(self, case, compat=False):
        """`compat`: with --centreon-compat."""
        with tempfile.TemporaryDirectory(prefix="centreon-state-") as state:
            if len(case.runs) == 1:
                return [self.ask_once(case, case.runs[0], state, compat)]
            return self.ask_again(case, state, compat)

    def ask_again(self, case, state, compat):
        """A host that is asked several times is the same each time, by its port as well: what was kept is of that one."""
        answers, port = [], 0
        for run in case.runs:
            process, address, port = self.start(played.fleet(case, run), port)
            try:
                answers.append(said(case, run, state, address, port, compat))
            finally:
                stop(process)
        return answers

    def ask_once(self, case, run, state, compat):
        process, address, port = self.at(case, run)
        try:
            return said(case, run, state, address, port, compat)
        finally:
            if case.faults:
                stop(process)


def stop(process):
    process.terminate()
    try:
        process.wait(DEADLINE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


def words(case, state, address, port, compat):
    """Centreon's, but for where the host is. A word of the case about that stays, and wins."""
    connection = [word.replace("--hostname=win.example", f"--hostname={address}") for word in case.connection]
    if any(word.startswith("--hostname") for word in connection):
        connection += [f"--wsman-port={port}", "--allow-unencrypted"]
    mode = [f"--mode={case.mode}"] if case.mode else []
    keeps = case.mode in {"cpu", "interfaces", "sessions"} and not any(word.startswith("--statefile-dir") for word in case.argv)
    return ["--plugin=os::windows::wsman::plugin", *mode, *connection, *(word.replace("{state}", state) for word in case.argv),
            *([f"--statefile-dir={state}"] if keeps else []), *(["--centreon-compat"] if compat else [])]


def said(case, run, state, address, port, compat):
    now = int(datetime.strptime(run.now, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp())
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": state, "LD_PRELOAD": str(held_clock()[1]), "HELD_CLOCK": str(now),
                   # In the middle of a second, so that the way of the answer does not lead into the one before.
                   "HELD_NANOSECONDS": "500000000" if case.mode == "time" else "0"}
    done = subprocess.run([CENTREON, *words(case, state, address, port, compat)], env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE)
    text = done.stdout.decode(errors="surrogateescape").replace(state, "{state}").replace(f"127.0.0.1:{port}", "{host}")
    return Said(done.returncode, tuple(text.split("\n")))
