"""A password is nowhere that others could read it: not in process lists, environments, logs, or the state directory."""
import base64
import os
import unittest
import uuid
from pathlib import Path

from tests.e2e.client import mullion, start, words
from tests.support.service import Service, children, wait_until


def forms(secret):
    """How a secret shows when something wrote it down: as it is, UTF-16LE, hex, base64 at each of the three offsets."""
    raw = secret.encode()
    found = {"raw": raw, "UTF-16LE": secret.encode("utf-16-le")}
    for name, data in list(found.items()):
        found[f"{name}, hex"] = data.hex().encode()
        for offset in range(3):
            # The characters at both ends depend on the neighbours: they are left off.
            encoded = base64.b64encode(b"\0" * offset + data).rstrip(b"=")
            found[f"{name}, base64 at {offset}"] = encoded[(offset * 8 + 5) // 6:-1]
    return found


def search(secret, named_bytes):
    """["where: form"] for each place that holds the secret. Hex is looked for in both cases."""
    wanted, hits = forms(secret), []
    for where, data in named_bytes:
        for form, pattern in wanted.items():
            if pattern in data or (form.endswith("hex") and pattern in data.lower()):
                hits.append(f"{where}: {form}")
    return hits


def processes(pids):
    for pid in pids:
        for name in ("cmdline", "environ"):
            try:
                yield f"/proc/{pid}/{name}", Path(f"/proc/{pid}/{name}").read_bytes()
            except OSError:
                continue


def files(folder):
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file():
            yield str(path), path.read_bytes()


class Canary(unittest.TestCase):
    def test_the_search_finds_what_is_planted(self):
        secret = "Canary-" + uuid.uuid4().hex
        for form, data in {
            "raw": secret.encode(), "UTF-16LE": secret.encode("utf-16-le"), "raw, hex": secret.encode().hex().upper().encode(),
            **{f"raw, base64 at {n}": base64.b64encode(b"xyz"[:n] + secret.encode() + b"tail") for n in range(3)},
            **{f"UTF-16LE, base64 at {n}": base64.b64encode(b"xyz"[:n] + secret.encode("utf-16-le") + b"tail") for n in range(3)},
        }.items():
            with self.subTest(form):
                self.assertEqual(search(secret, [("plant", b"before " + data + b" after")]), [f"plant: {form}"])
        self.assertEqual(search(secret, [("nothing", b"Canary-" + uuid.uuid4().hex.encode())]), [])

    def test_the_search_sees_a_word_of_a_process(self):
        secret = "Canary-" + uuid.uuid4().hex
        import subprocess
        with subprocess.Popen(["cat", "-", secret + "-no-such-file"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, env={"PLANTED": secret}) as child:
            wait_until(lambda: secret.encode() in Path(f"/proc/{child.pid}/cmdline").read_bytes(), "the planted process runs")
            self.assertEqual(len(search(secret, processes([child.pid]))), 2)
            child.stdin.close()

    def test_the_password_is_nowhere(self):
        secret = "Canary-" + uuid.uuid4().hex
        with Service(["Service/Auth/Basic=true"], accounts=[("canary", secret, ["--admin"])], options=["--log-level", "debug"]) as service:
            told = []
            for scheme, transport in (("http", "ntlm"), ("https", "basic"), ("https", "negotiate")):
                how = words(service, "--stdin", "-", scheme=scheme, transport=transport, user="canary")
                child = start("run", *how, "--", "env; echo ready; cat", password=secret)
                try:
                    lines = []
                    while not lines or lines[-1] not in (b"ready\n", b""):
                        lines.append(child.stdout.readline())
                    alive_now = [child.pid, *service.processes, *children(service.process.pid)]
                    told += processes(alive_now)
                    out, errors = child.communicate(b"end\n", timeout=60)
                finally:
                    child.kill()
                    child.communicate()
                told += [(f"output over {scheme} with {transport}", b"".join(lines) + out), (f"messages over {scheme} with {transport}", errors)]
                self.assertEqual(child.returncode, 0, errors)
            for options in (["--output", "json"], []):
                failed = mullion("run", *words(service, *options, user="canary"), "--", "true", password=secret + "x")
                told += [("a failure's words", failed.stdout + failed.stderr.encode())]
            told += files(service.folder)
            hits = search(secret, told)
            self.assertGreater(len(told), 20)
            self.assertEqual(hits, [])

    def test_no_core_dump_and_no_stranger_reads_the_memory(self):
        with Service() as service:
            for pid in service.processes:
                limit = Path(f"/proc/{pid}/limits").read_text()
                core = next(line for line in limit.splitlines() if line.startswith("Max core file size"))
                owner = os.stat(f"/proc/{pid}/mem").st_uid
                self.assertTrue(core.split()[4] == "0" or owner == 0, f"process {pid} may leave a core dump")


if __name__ == "__main__":
    unittest.main()
