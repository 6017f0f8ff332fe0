"""Inventories for tests: files written into a folder, and the client run over them without any password of its own."""
import json
import os
import subprocess
from pathlib import Path

from tests.e2e.client import Ran
from tests.support.service import ADMIN, MULLION

CONNECTION = """\
ansible_user: {user}
ansible_password: {password}
ansible_connection: winrm
ansible_winrm_scheme: http
ansible_winrm_transport: ntlm
ansible_port: {port}
"""


def connection(port, indent="", **changed):
    """Variables that reach a service on this port, as YAML; `changed` ones replace or add to them, None leaves one out."""
    text = CONNECTION.format(user=ADMIN[0], password=json.dumps(ADMIN[1]), port=port)
    rows = dict(line.split(": ", 1) for line in text.splitlines())
    rows.update({name: value for name, value in changed.items()})
    return "".join(f"{indent}{name}: {value}\n" for name, value in rows.items() if value is not None)


def write(folder, files):
    """Files by path and text, below the folder."""
    for path, text in files.items():
        path = Path(folder) / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def run(folder, *words, timeout=90, environment=None, **more):
    """The client in that folder, so that messages name files as the test wrote them."""
    done = subprocess.run([str(MULLION), *map(str, words)], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout,
                          env={**os.environ, **(environment or {})}, **more)
    return Ran(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


def by_host(ran):
    """Results of --output jsonl by host; a host that is told twice fails."""
    results = {}
    for line in ran.stdout.splitlines():
        result = json.loads(line)
        if result["host"] in results:
            raise AssertionError(f"two results for {result['host']}")
        results[result["host"]] = result
    return results


def statuses(ran):
    return {host: result["status"] if result["error"] is None else f"{result['status']} {result['error']['id']}" for host, result in by_host(ran).items()}
