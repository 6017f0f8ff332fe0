"""What is said in a run, message by message, over each transport; and the output that the walk's command gives."""
from dataclasses import dataclass, replace

from tests.faults.walk import kinds, units

# Two answers full of output, and one with the end: what a lost answer held can be told from what is missing.
OUTPUT = "".join(f"line {number:04} of the output of the fault walk\r\n" for number in range(170))
EXIT_CODE = 7  # Not 0, which a client that knows nothing might say as well.
COMMAND = "walk"
# Three messages full of input and one that says that this is all; the command gives it back at its end.
INPUT = "".join(f"line {number:04} of the input of the fault walk\n" for number in range(330))
READS_INPUT = "walk-in"
ENVELOPE = 8192

SHELL = ["create", "command", "receive 1", "receive 2", "receive 3", "signal", "delete"]
LOG_ON = ["log-on 1", "log-on 2"]
SENDS = ["send 1", "send 2", "send 3", "send 4"]


@dataclass(frozen=True, eq=False)  # Each is itself only.
class Transport:
    name: str
    scheme: str
    auth: str
    requests: tuple  # The names of the messages that go each way.
    answers: tuple
    kinds: tuple
    garbling: dict
    version: str = ""  # Of TLS.

    @property
    def tls(self):
        return self.scheme == "https"

    @property
    def next_unit(self):
        return units.tls_record if self.tls else units.http_message

    def messages(self, way):
        return self.requests if way == ">" else self.answers


def over_http(name, auth, messages):
    every = (*kinds.CLOSING, kinds.AFTER, *kinds.SILENT, *kinds.LATE, *kinds.GARBLING, *kinds.FORGED)
    return Transport(name, "http", auth, tuple(messages), tuple(messages), every, kinds.GARBLING)


# RFC 5246 7.4: those that are not sealed in TLS 1.2, whose names tell what a changed byte changes.
HANDSHAKE = {1: "hello", 2: "hello", 11: "certificate", 12: "key", 14: "done", 16: "key"}


def names_of(records, version):
    """(way, name) of the records of a run without a fault, in order: how many a handshake has is TLS' own affair."""
    sealed, changed, client_is_done = {">": 0, "<": 0}, set(), False
    for way, unit in records:
        kind = {20: "cipher", 22: "hello", 23: "sealed"}[unit.data[0]]
        if version == "1.2":
            # Each side's Finished is sealed, of the handshake's own type. The client takes the connection for good after the host's.
            if kind == "hello":
                kind = "finished" if way in changed else HANDSHAKE[unit.data[5]]
            changed |= {way} if kind == "cipher" else set()
            yield way, f"tls {kind}"
            continue
        sealed[way] += kind == "sealed"
        # What comes after the client's first sealed record (its Finished) is of a connection that the client takes for good.
        client_is_done |= way == ">" and kind != "hello"
        step = "tls-end" if client_is_done else "tls"
        yield way, f"{step} {kind} {sealed[way]}" if kind == "sealed" else f"{step} {kind}"


def over_tls(name, auth, records, version="1.3"):
    said = (LOG_ON if auth == "ntlm" else []) + SHELL
    names = {">": [], "<": []}
    for way, record in names_of(records, version):
        names[way].append(record)
    for way, known in names.items():
        if len(known) <= len(said) or [name for name in known[-len(said):] if "sealed" not in name]:
            raise AssertionError(f"these are not the records of a run: {known}")
        known[-len(said):] = said
    every = (*kinds.CLOSING, kinds.AFTER, *kinds.SILENT, *kinds.LATE, *kinds.TLS_GARBLING)
    return Transport(name, "https", auth, tuple(names[">"]), tuple(names["<"]), every, kinds.TLS_GARBLING, version)


BASIC = replace(over_http("HTTP, Basic in clear", "basic", SHELL), kinds=(*kinds.CLOSING, kinds.AFTER, *kinds.SILENT, *kinds.LATE, *kinds.GARBLING, "401"))
SEALED = over_http("HTTP, NTLM sealed", "ntlm", LOG_ON + SHELL)
# On a connection of its own, beside the one on which the output is waited for.
SENDING = over_http("HTTP, NTLM sealed, input", "ntlm", LOG_ON + SENDS)
