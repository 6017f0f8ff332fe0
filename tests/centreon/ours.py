"""`mullion-centreon` asked what Centreon's plugin was asked: the same words, the same hosts played by `mullion simulate`, the same time."""
import dataclasses
import functools
import json
import os
import re
import socket
import struct
import subprocess
import tempfile
import threading
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


def held(now):
    """What holds a program's clock at this time."""
    seconds = int(datetime.strptime(now, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp())
    return {"LD_PRELOAD": str(held_clock()[1]), "HELD_CLOCK": str(seconds)}


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

    def start(self, text, port=0, scheme="http", now=None):
        """`now`: the time that it has, where its certificate is to be valid then."""
        document = yaml.safe_load(text)
        document["listeners"] = [{"address": "0.0.0.0", "port": port, "scheme": scheme}]
        document.setdefault("settings", {}).update({"Service/Auth/Basic": True, "Service/AllowUnencrypted": True})
        document["accounts"] = [{"user": "monitor", "password": "secret"}]
        address = document["hosts"][0].get("address", "127.0.0.1")
        with tempfile.NamedTemporaryFile("w", dir=self.folder.name, suffix=".yml", delete=False) as file:
            yaml.safe_dump(document, file, allow_unicode=True, sort_keys=False)
        with open(Path(self.folder.name) / "log", "ab") as log:
            process = subprocess.Popen([MULLION, "simulate", file.name], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, env={**os.environ, **(held(now) if now else {})})
        line = read_line(process.stdout, process)
        if line is None:
            raise AssertionError(f"mullion simulate said nothing: {(Path(self.folder.name) / 'log').read_text()[-2000:]}")
        port = int(json.loads(line)["listening"][0].split(":")[2].split("/")[0])
        return process, address, port

    def at(self, case, run):
        """The host's process, address and port."""
        text, scheme = played.fleet(case, run), "https" if "--wsman-scheme=https" in case.connection else "http"
        if case.faults:
            return self.start(text, scheme=scheme)
        if (text, scheme) not in self.running:
            if len(self.running) >= 12:
                stop(self.running.pop(next(iter(self.running)))[0])
            self.running[text, scheme] = self.start(text, scheme=scheme, now=run.now if scheme == "https" else None)
        return self.running[text, scheme]

    def ask(self, case, compat=False):
        """`compat`: with --centreon-compat."""
        if not any(word.startswith("--ntp-hostname=") and word != "--ntp-hostname=" for word in case.argv):
            return self.ask_host(case, compat)
        with TimeServer(case.ntp) as server:
            argv = [word for word in case.argv if not word.startswith("--ntp-port")]
            # Where it says nothing, the wait for it ends soon.
            argv = [word.replace("ntp.example", "127.0.0.1") for word in argv] + [f"--ntp-port={server.port}", *(["--timeout=2"] if case.ntp is None else [])]
            return self.ask_host(dataclasses.replace(case, argv=tuple(argv)), compat)

    def ask_host(self, case, compat):
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


class TimeServer:
    """A time server on loopback for the cases that ask one: it says the time of the case, or nothing."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.serve)

    @property
    def port(self):
        return self.socket.getsockname()[1]

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
            end.sendto(b"end", self.socket.getsockname())
        self.thread.join(DEADLINE)
        self.socket.close()

    def serve(self):
        while True:
            question, asker = self.socket.recvfrom(1024)
            if question == b"end":
                return
            if self.seconds is not None and len(question) == 48 and question[0] == 0x23:
                # RFC 5905 7.3. Half of a second, as the held clock has it.
                stamp = struct.pack(">II", self.seconds + 2_208_988_800, 1 << 31)
                self.socket.sendto(bytes([0x24, 2, 6, 0xEC]) + bytes(20) + question[40:48] + stamp + stamp, asker)


def stop(process):
    process.terminate()
    try:
        process.wait(DEADLINE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


# Ours need these to be asked as Centreon is: it sends passwords in clear, and looks at no certificate. With values, so that none takes the word behind it.
AS_BEFORE = ["--allow-unencrypted=1", "--cert-validation=ignore"]


def words(case, state, address, port, compat):
    """Centreon's, but for where the host is, and who logs on where the case does not say: the stand-in lets anybody in. What the case says wins."""
    connection = [re.sub(r"^((--host(name)?=)?)(win\.example|h)$", rf"\g<1>{address}", word) for word in case.connection]
    if any(word.startswith("--host") for word in connection):
        connection = ["--wsman-username=monitor", "--wsman-password=secret", f"--wsman-port={port}", *AS_BEFORE, *connection]
    mode = [f"--mode={case.mode}"] if case.mode else []
    keeps = case.mode in {"cpu", "interfaces", "sessions"} and not any(word.startswith("--statefile-dir") for word in case.argv)
    return ["--plugin=os::windows::wsman::plugin", *mode, *connection, *(word.replace("{state}", state) for word in case.argv),
            *([f"--statefile-dir={state}"] if keeps else []), *(["--centreon-compat=1"] if compat else [])]


def said(case, run, state, address, port, compat):
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": state, **held(run.now),
                   # In the middle of a second, so that the way of the answer does not lead into the one before.
                   "HELD_NANOSECONDS": "500000000" if case.mode == "time" else "0"}
    done = subprocess.run([CENTREON, *words(case, state, address, port, compat)], env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE)
    text = done.stdout.decode(errors="surrogateescape").replace(state, "{state}").replace(f"127.0.0.1:{port}", "{host}")
    return Said(done.returncode, tuple(text.split("\n")))
