"""What the soak does all the time: each operation checks its own result, and returns what was wrong with it."""
import json
import os
import random
import signal
import socket
import ssl
import time

from tests.e2e.client import mullion, start, words
from tests.support.service import ADMIN

KILL_PAUSE = 20  # Seconds between two killed clients of one worker.
WAYS = (("http", "ntlm"), ("https", "basic"), ("https", "negotiate"))


def wrong(ran, code, stdout):
    if (ran.code, ran.stdout) != (code, stdout):
        return f"exit {ran.code}, not {code}; {len(ran.stdout)} bytes of output, not {len(stdout)}; {ran.stderr[-300:]!r}"
    return None


class Load:
    def __init__(self, service, fleet, seed):
        self.service, self.fleet, self.chance, self.next_kill = service, fleet, random.Random(seed), 0.0

    def how(self, *options):
        scheme, transport = self.chance.choice(WAYS)
        return words(self.service, *options, scheme=scheme, transport=transport)

    def run(self):
        code = self.chance.choice((0, 3, 255))
        ran = mullion("run", *self.how(), "--", f"echo out; echo err >&2; exit {code}")
        return wrong(ran, 2 if code else 0, b"out\n")

    def much_output(self):
        size = self.chance.randrange(2_000_000)
        return wrong(mullion("run", *self.how(), "--", f"head -c {size} /dev/zero"), 0, bytes(size))

    def much_input(self):
        data = self.chance.randbytes(self.chance.randrange(300_000))
        return wrong(mullion("run", *self.how("--stdin", "-"), "--", "cat", stdin=data), 0, data)

    def ping(self):
        ran = mullion("ping", *self.how())
        return None if ran.code == 0 else wrong(ran, 0, b"")

    def wrong_password(self):
        return wrong(mullion("run", *self.how(), "--", "true", password="not it"), 4, b"")

    def timeout(self):
        """How far it came in that second, and whether the start of the command was still answered, is the machine's business."""
        ran = mullion("run", *self.how("--timeout", "1"), "--", "echo begun; sleep 100")
        told = "[run.timeout]" in ran.stderr or "[run.unknown]" in ran.stderr
        return None if told and ran.stdout in (b"", b"begun\n") else wrong(ran, 4, b"begun\n")

    def ended(self, number, code):
        child = start("run", *self.how("--operation-timeout", "5"), "--", "echo begun; sleep 100")
        try:
            child.stdout.readline()
            child.send_signal(number)
            child.communicate(timeout=60)
        finally:
            child.kill()
            child.communicate()
        return None if child.returncode == code else f"exit {child.returncode}, not {code}"

    def interrupted(self):
        return self.ended(signal.SIGINT, 130)

    def killed(self):
        """At most one every few seconds: each leaves a shell with three pipes for a minute and more, and a rate that
        went with the machine's speed would look like a leak."""
        self.next_kill = time.monotonic() + KILL_PAUSE
        return self.ended(signal.SIGKILL, -signal.SIGKILL)

    def stranger(self):
        """Somebody on the network who is no client. Whether and how it is answered is other tests' business."""
        kind = self.chance.randrange(5)
        with socket.create_connection(("127.0.0.1", self.service.port("https" if kind == 4 else "http")), 20) as line:
            try:
                if kind == 0:
                    line.sendall(b"POST /wsman HTTP/1.1\r\nHost: a\r\n")
                elif kind == 1:
                    line.sendall(self.chance.randbytes(3000))
                    line.recv(1000)
                elif kind == 2:
                    line.sendall(b"POST /wsman HTTP/1.1\r\nHost: a\r\nAuthorization: Negotiate TlRMTVNTUAABAAAA\r\nContent-Length: 0\r\n\r\n")
                    line.recv(1000)
                elif kind == 3:
                    line.sendall(b"POST /wsman HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + bytes(5000))
                else:
                    ssl._create_unverified_context().wrap_socket(line).close()
            except OSError:
                pass

    def fleet_with_faults(self):
        secure = self.chance.random() < 0.5
        how = ["-u", ADMIN[0], "--forks", "8", "--timeout", "20", "--output", "jsonl", "--read-timeout", "4", "--operation-timeout", "2"]
        how += ["--ca-file", self.fleet.ca, "--transport", "basic"] if secure else ["--transport", "ntlm"]
        scheme = "https" if secure else "http"
        urls = ",".join(f"{scheme}://127.0.9.{at}:{self.fleet.ports[scheme]}/wsman" for at in range(1, 13))
        ran = mullion("run", urls, *how, "--", "hostname")
        results = [json.loads(line) for line in ran.stdout.splitlines()]
        if len(results) != 12 or len({one["host"] for one in results}) != 12:
            return f"{len(results)} results of 12 hosts; {ran.stderr[-300:]!r}"
        bad = [one for one in results if one["status"] == "ok" and one["output_complete"] and one["stdout"] != "soaked\r\n"]
        sound = [one for one in results if any(f"127.0.9.{at}:" in one["host"] for at in (1, 2, 3)) and one["status"] != "ok"]
        return f"{bad + sound}" if bad or sound else None

    WEIGHTS = {"run": 8, "much_output": 3, "much_input": 3, "ping": 4, "wrong_password": 1, "timeout": 1, "interrupted": 2, "stranger": 4,
               "fleet_with_faults": 2}

    def one(self, extra=()):
        """(name, problem or None)"""
        weights = {**self.WEIGHTS, **dict(extra)}
        name = self.chance.choices(list(weights), list(weights.values()))[0]
        if name == "killed" and time.monotonic() < self.next_kill:
            name = "ping"
        return name, getattr(self, name)()


FLEET = """\
otherwise: {stdout: "soaked\\n"}
seed: 4
hosts:
  - {name: 'soak[01:12]', address: 127.0.9.1}
faults:
  - {host: 'soak0[4-9]', step: connect, probability: 0.03, do: drop}
  - {host: 'soak0[4-9]', step: create, probability: 0.05, do: fault, code: 0x803381A6}
  - {host: 'soak0[4-9]', step: command, probability: 0.05, do: drop, when: after}
  - {host: 'soak0[4-9]', step: receive, probability: 0.05, do: garble}
  - {host: 'soak1*', step: receive, probability: 0.05, do: truncate}
  - {host: 'soak1*', step: handshake, probability: 0.02, do: http, status: 503}
  - {host: 'soak1*', step: signal, probability: 0.05, do: drop}
  - {host: 'soak1*', step: delete, probability: 0.05, do: slow, bytes: 40, pause: 5ms}
"""
