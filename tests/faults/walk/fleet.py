"""The simulated hosts of all walks."""
import json

from tests.faults.walk.conversation import COMMAND, EXIT_CODE, OUTPUT, READS_INPUT, Transport
from tests.faults.walk.one_walk import Walk
from tests.support.simulate import Simulation


def records(auth, version="1.3"):
    """The TLS records of a run without a fault."""
    walk = Walk(9, Transport("HTTPS", "https", auth, (), (), (), {}, version), False)
    with simulation([walk]) as running:
        walk.start(running)
        walk.finish()
    return walk.undisturbed.messages


def text(walks):
    """FLEET.yml below version and accounts."""
    answer = json.dumps(OUTPUT.replace("\r\n", "\n"))
    hosts = "".join(walk.hosts() for walk in walks)
    return (f"answers:\n  - {{command: {COMMAND}, stdout: {answer}, exit_code: {EXIT_CODE}, done: separately, templates: false}}\n"
            f"  - {{command: {READS_INPUT}, stdin: echo, exit_code: {EXIT_CODE}}}\n"
            "profiles:\n"
            "  clear: {settings: {Service/Auth/Basic: true, Service/AllowUnencrypted: true}}\n"
            "  sealed: {settings: {Service/Auth/Basic: false, Service/AllowUnencrypted: false}}\n"
            f"hosts:\n{hosts}")


def simulation(walks):
    return Simulation(text(walks), settings="")
