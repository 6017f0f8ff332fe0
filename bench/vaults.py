"""The passwords of a fleet, each host's its own: out of our store, whose keys a KMS on loopback wraps and counts its questions, beside as many
values of ansible-vault. Both are whole processes; Ansible's does nothing but open them, by its own library. What its command takes for one value is told,
too: an inventory's are opened in one process, so that it says nothing of many.

Our store is made in memory, as making it syncs each of its changes, and then put on a disk: what is measured reads it there, and writes and syncs its
audit log."""
import hashlib
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from bench.clients import PEERS, PYTHON, ROOT
from bench.commands import median, table
from bench.usage import Meter, Wrong, exactly
from tests.support.fake_aws import FakeAws

PEER = ROOT / "bench/vault_peer.py"
SCOPES = 5  # Of bench/secrets.cc, each with a key of its own.
SHARE = 20  # Of the peer's processor time ours is to be one of so many parts.
MANY, MOST_SECONDS = 10_000, 2  # Of processor, for so many.
PASSWORD = "the vault's password"


def told(count):
    """What both have to say."""
    digest = hashlib.sha256()
    for number in range(count):
        digest.update(b"svc%d password %d of the bench\n" % (number, number))
    return f"{count} {digest.hexdigest()}\n".encode()


def made(build, aws, count, scratch):
    """Folder of a store, file of vaulted values, and one of them alone."""
    access_key, secret_key = aws.user()
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    store, values, one = scratch / "store", scratch / "values.json", scratch / "one.vault"
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        subprocess.run([build / "bench/bench_secrets", "make", folder, str(count), aws.url, aws.key()],
                       input=f"{access_key}\n{secret_key}\n", text=True, check=True, timeout=1800)
        shutil.copytree(folder, store)
    store.chmod(0o700)
    subprocess.run([PYTHON, PEER, "make", values, str(count)], input=PASSWORD + "\n", text=True, check=True, timeout=1800)
    subprocess.run([PYTHON, PEER, "make", one, "1"], input=PASSWORD + "\n", text=True, check=True, timeout=60)
    return store, values, one


def positive_control(meter, calls, count):
    """One password that is another one must be found out."""
    wrong = told(count + 1)
    for name, call in calls.items():
        try:
            meter.run(name, call, exactly(wrong))
        except Wrong as found:
            if "exit 0, wrong answer" in str(found):
                continue
            raise
        raise Wrong(f"{name} gave other passwords, and nobody noticed")
    print("positive control: wrong passwords of each were found out")


def vault_command(meter, one, scratch):
    """One value, by the command as a person types it."""
    text = scratch / "one.yml"
    text.write_text(json.loads(one.read_text())[0])
    words = [PEERS / "venv/bin/ansible-vault", "view", "--vault-password-file", "/bin/cat", text]
    return meter.run("ansible-vault view", words, exactly(b"password 0 of the bench\n"))


def vaults(program, build, goals, count, runs):
    meter = Meter(program, PASSWORD)
    with tempfile.TemporaryDirectory(prefix="mullion-bench-") as folder, FakeAws() as aws:
        scratch = Path(folder)
        store, values, one = made(build, aws, count, scratch)
        calls = {"mullion": [build / "bench/bench_secrets", "resolve", store, count], "ansible": [PYTHON, PEER, "read", values]}
        positive_control(meter, calls, count)
        with aws.lock:
            aws.asked.clear()
        found = {"mullion": [], "ansible": []}
        for name, times in (("mullion", runs), ("ansible", max(1, runs // 9))):
            for _ in range(times):
                found[name].append(meter.run(name, calls[name], exactly(told(count))))
        with aws.lock:
            asked = dict(aws.asked)
        single = vault_command(meter, one, scratch)
    if asked != {"Decrypt": SCOPES * runs}:
        raise Wrong(f"KMS was asked {asked} in {runs} runs")
    ours, peer = median(found["mullion"]), median(found["ansible"])
    rows = {name: (usage.processor_ms, usage.peak_kib / 1024, usage.wall_ms) for name, usage in (("mullion", ours), ("ansible", peer))}
    table(f"{count:,} passwords of a fleet, whole processes", rows, ("processor ms", "peak MiB", "wall ms"))
    print(f"KMS is asked {SCOPES} times, once for each scope; ansible-vault view of one value: {single.processor_ms:.0f} ms of processor")
    goals.at_least(f"{count:,} passwords: ansible-vault's processor time over ours", peer.processor_ms / ours.processor_ms, SHARE)
    if count == MANY:
        goals.at_most(f"{count:,} passwords: our processor time", ours.processor_ms / 1000, MOST_SECONDS, "s")
