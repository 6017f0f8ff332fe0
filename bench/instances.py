"""What reading the answers of a large enumeration costs: instances of 25 properties, ours with every value by its type, the others as dicts."""
import shutil
import tempfile
from pathlib import Path

from bench.clients import PYTHON, ROOT
from bench.commands import table, take_turns
from bench.usage import Wrong, exactly

PEER = ROOT / "bench/cim_peer.py"
ANSWERS, ITEMS = 16, 300  # An answer is as long as Windows' MaxEnvelopeSizekb lets it be, nearly.
MANY = 1_000_000
# Peers are measured over fewer: their rate is the same, and the start of Python is taken off.
FEW = {"elementtree": 60_000, "xmltodict": 15_000}
LEAST = {"elementtree": 8, "xmltodict": 20}


def said(instances):
    """What a reader has to say of so many: bench/cim.cc makes instance n, from 1 on, with these values, over and over."""
    numbers = range(1, ANSWERS * ITEMS + 1)
    rounds, rest = divmod(instances, len(numbers))
    whole, part = totals(numbers), totals(numbers[:rest])
    nulls, working_set = (rounds * whole[at] + part[at] for at in (0, 1))
    return f"{instances} {25 * instances} {nulls} {working_set}\n".encode()


def totals(numbers):
    return sum(3 + (number % 4 == 0) for number in numbers), sum(number * 4096 + 1_234_567 for number in numbers)


def calls(build, folder, counts):
    ours = {"mullion": [build / "bench/bench_cim", "read", folder, counts["mullion"]]}
    return ours | {name: [PYTHON, PEER, name, folder, counts[name]] for name in FEW}


def positive_control(meter, build, folder, scratch):
    """One digit of one value is another: who says the same sum all the same reads nothing."""
    wrong = scratch / "wrong"
    shutil.copytree(folder, wrong)
    answer = wrong / "0.xml"
    text = answer.read_bytes()
    tag = b"<p:WorkingSetSize>"
    at = text.index(tag) + len(tag)
    answer.write_bytes(text[:at] + bytes([text[at] ^ 1]) + text[at + 1:])
    for name, call in calls(build, wrong, dict.fromkeys(("mullion", *FEW), ITEMS)).items():
        try:
            meter.run(name, call, exactly(said(ITEMS)))
        except Wrong as found:
            if "exit 0, wrong answer" in str(found):
                continue
            raise
        raise Wrong(f"{name} was shown an instance with another value, and said the same sum")
    print("positive control: each reader's wrong sum was found out")


def right(chunks):
    text = b"".join(chunks)
    count = text.split()[0] if text else b""
    return count.isdigit() and text == said(int(count))


def per_instance(meter, build, folder, runs):
    """name → microseconds of processor time for one more instance, and the peak memory of the process. Ours with its start, divided."""
    counts = {"mullion": MANY, **FEW}
    many = take_turns(meter, calls(build, folder, counts), right, runs)
    one = take_turns(meter, calls(build, folder, dict.fromkeys(counts, 1)), right, runs)
    for name, count in counts.items():
        start = 0 if name == "mullion" else one[name].processor_ms
        many[name] = ((many[name].processor_ms - start) * 1000 / count, many[name].peak_kib / 1024)
    return many


def instances(meter, build, goals, runs):
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "answers"
        folder.mkdir()
        meter.run("mullion", [build / "bench/bench_cim", "make", folder, ANSWERS, ITEMS], exactly(b""))
        positive_control(meter, build, folder, Path(scratch))
        found = per_instance(meter, build, folder, runs)
        table(f"an instance of 25 properties out of answers of {ITEMS}, median of {runs} (ours: every value by its type)", found,
              ("processor us", "peak MiB"))
        for name, least in LEAST.items():
            goals.at_least(f"{MANY:,} CIM instances of 25 properties: {name}'s processor time over ours", found[name][0] / found["mullion"][0], least)
        tenth = take_turns(meter, {"mullion": [build / "bench/bench_cim", "read", folder, MANY // 10]}, exactly(said(MANY // 10)), runs)
        goals.at_most(f"{MANY:,} CIM instances: peak memory over that of a tenth of them",
                      found["mullion"][1] / (tenth["mullion"].peak_kib / 1024), 1.05, "x")
