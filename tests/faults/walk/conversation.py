"""What is said in a run, message by message, over each transport; and the output that the walk's command gives."""
from dataclasses import dataclass

from tests.faults.walk import kinds, units

# Two answers full of output, and one with the end: what a lost answer held can be told from what is missing.
OUTPUT = "".join(f"line {number:04} of the output of the fault walk\r\n" for number in range(170))
EXIT_CODE = 7  # Not 0, which a client that knows nothing might say as well.
COMMAND = "walk"
ENVELOPE = 8192

SHELL = ["create", "command", "receive 1", "receive 2", "receive 3", "signal", "delete"]
LOG_ON = ["log-on 1", "log-on 2"]


@dataclass(frozen=True, eq=False)  # Each is itself only.
class Transport:
    name: str
    scheme: str
    auth: str
    requests: tuple  # The names of the messages that go each way.
    answers: tuple
    kinds: tuple
    garbling: dict

    @property
    def tls(self):
        return self.scheme == "https"

    @property
    def next_unit(self):
        return units.tls_record if self.tls else units.http_message

    def messages(self, way):
        return self.requests if way == ">" else self.answers


def over_http(name, auth, messages):
    every = (*kinds.CLOSING, kinds.AFTER, *kinds.SILENT, *kinds.GARBLING, kinds.FORGED)
    return Transport(name, "http", auth, tuple(messages), tuple(messages), every, kinds.GARBLING)


def over_tls(name, auth, records):
    """`records` are those of a run without a fault, in order: how many a handshake has is TLS' own affair."""
    said = (LOG_ON if auth == "ntlm" else []) + SHELL
    names, sealed = {">": [], "<": []}, {">": 0, "<": 0}
    client_is_done = False
    for way, unit in records:
        kind = {20: "cipher", 22: "hello", 23: "sealed"}[unit.data[0]]
        sealed[way] += kind == "sealed"
        # What comes after the client's first sealed record (its Finished) is of a connection that the client takes for good.
        client_is_done |= way == ">" and kind != "hello"
        step = "tls-end" if client_is_done else "tls"
        names[way].append(f"{step} {kind} {sealed[way]}" if kind == "sealed" else f"{step} {kind}")
    for way, known in names.items():
        if len(known) <= len(said) or [name for name in known[-len(said):] if " sealed " not in name]:
            raise AssertionError(f"these are not the records of a run: {known}")
        known[-len(said):] = said
    every = (*kinds.CLOSING, kinds.AFTER, *kinds.SILENT, *kinds.TLS_GARBLING)
    return Transport(name, "https", auth, tuple(names[">"]), tuple(names["<"]), every, kinds.TLS_GARBLING)


BASIC = over_http("HTTP, Basic in clear", "basic", SHELL)
SEALED = over_http("HTTP, NTLM sealed", "ntlm", LOG_ON + SHELL)
