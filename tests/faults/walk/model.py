"""What must come out of a fault: of what the client can see and what the host did, not of what a program was seen to do.

The rules, in words:
- Before the command was sent nothing can have run: the error says what was seen, and the status is never `unknown`.
- A Create whose answer was lost is repeated once (its id is ours, so there is one shell).
- A Command is never repeated. When its answer was lost, its output is asked for by the id that was chosen: either the host
  knows it, and all is well, or nobody can know, and that is run.unknown.
- A Receive is repeated until the deadline; what a lost answer held is lost, and `output_complete` says that it may be.
- What goes wrong with TLS before the client has all of the host's handshake fails the connection. What goes wrong after it
  is found out by the first request.
- Signal and Delete come after the result. A shell that is not confirmed gone is reported.
- What stays unreadable for good is no service that restarts: after some answers (five) the command's end is not known.
- What comes late, but within what is waited for, is no fault.
- What is not sealed anybody may have said: that a sealed request was refused (401, 403, 503) is believed of the log-on only. The host may
  have done what it was asked, and is asked about it by the ids that it knows.
- Input is sent once, in order. When it is not known whether a part of it arrived, no more is sent, the command is stopped, and
  that is run.input; but a command that had all of it and ends says so itself.
- A run has a deadline of its own, shorter than two read timeouts: what stays silent for good ends with run.timeout.
"""
from dataclasses import dataclass, replace

from tests.e2e.error_table import ROWS
from tests.faults.walk.kinds import FORGED, LATE


@dataclass(frozen=True)
class Expected:
    status: str
    error: str = ""
    complete: bool = True
    executions: int = 0
    output: str = "none"  # all; none; "first" or "not first" of its two parts; several with commas where each is right
    left: bool = False    # run.shell_left_open is told.
    otherwise: "Expected | None" = None  # Where two answers race, and both are right.

    def brief(self):
        what = self.error or ("done" if self.complete else "done, lossy")
        return f"{what}/{self.executions}{'+left' if self.left else ''}"


DONE = Expected("failed", executions=1, output="all")  # By its exit code, which is not 0.

# What a client sees of a request or an answer that was treated so: an error id, or one of these:
FAULT = "wsman.fault"        # The host itself refused, and did nothing.
REJECTED = "auth.rejected"   # As well.
NOTHING = ""                 # All is well.
NONSENSE = ("http.malformed", "http.not_winrm", "wsman.malformed", "wsman.mismatch", "seal.broken")  # Something answered that nobody can read.


def seen(transport, way, kind, step):
    """Whether the host did what was asked, and what the client sees of it."""
    did = way == "<"
    if kind == "twice":  # Planted.
        return True, NOTHING
    if kind in FORGED:
        return True, {"401": REJECTED, "403": "http.status", "503": "http.busy"}[kind]
    if way == ">" and kind == "type" and transport.auth == "basic":
        return True, NOTHING  # In clear the body speaks for itself; a sealed one cannot be told without its type.
    if way == "<" and kind == "status" and step == "log-on":
        return True, "http.redirected"  # No message comes with it, so nothing says that it is not true.
    if kind in ("before", "cut-head", "cut-body"):
        return did, "net.closed"
    if kind == "after" or kind in LATE:
        return True, NOTHING
    if kind in SILENT:
        return did, "net.read_timeout"
    if kind == "payload":  # TLS: who cannot open a record closes the connection.
        return did, "net.closed"
    if way == ">":
        # HTTP 400 and no word in it: of a message that is no HTTP, or cannot be opened.
        return {"line": (False, "http.status"), "type": (False, "http.status"), "signature": (False, "http.status"),
                "data": (False, "http.status"), "token": (False, REJECTED), "xml": (False, FAULT), "id": (True, "wsman.mismatch")}[kind]
    return True, {"line": "http.malformed", "status": "http.status", "type": "http.not_winrm", "signature": "seal.broken",
                  "data": "seal.broken", "token": "auth.protocol", "xml": "wsman.malformed", "id": "wsman.mismatch"}[kind]


def failed(error, **more):
    """The command was never sent, or refused."""
    status = ROWS[error].status
    return Expected("unreachable" if status == "unknown" else status, error, **more)


SILENT = ("stall", "stall-mid", "length", "header")


def handshake_fails(kind, message="tls hello", way=">", shown=False):
    """`shown`: TLS 1.2 does not seal the certificate, whose signature is no longer right; where all is changed it is the first to tell."""
    if kind == "payload" and way == "<" and (message == "tls certificate" or shown and message == "tls hello"):
        return "tls.untrusted"
    return "net.timeout" if kind in SILENT else "tls.handshake"


# What a fault that stays does to a later connection: these reach the log-on messages of NTLM as well, which have no body.
AT_LOG_ON = {">": ("before", "cut-head", "stall", "stall-mid", "length", "line", "token"),
             "<": ("before", "cut-head", "stall", "stall-mid", "length", "line", "status", "token", "after")}


def log_on_fails(transport, way, kind):
    """What a client sees that has to log on anew where the fault stays; NOTHING: it gets through."""
    if transport.tls:  # The hello of a new connection goes the same way.
        return handshake_fails(kind, way=way, shown=transport.version == "1.2")
    if transport.auth != "ntlm" or kind not in AT_LOG_ON[way]:
        return NOTHING
    return "net.closed" if kind == "after" else seen(transport, way, kind, "log-on")[1]


def output_before(number):
    """What has arrived when the answer to Receive `number` is the first one missing."""
    return {1: "none", 2: "first", 3: "all"}[number]


def without(number):
    return {1: "not first", 2: "first", 3: "all"}[number]


def expect(transport, message, fault):
    """The rules above, for one fault at one message (by its name)."""
    step, _, number = message.partition(" ")
    if fault.kind in LATE:
        return DONE
    if fault.kind in FORGED and transport.auth == "ntlm":
        return forged(step, number, seen(transport, "<", fault.kind, step)[1], fault.forever)
    did, sees = seen(transport, fault.way, fault.kind, step)
    anew = log_on_fails(transport, fault.way, fault.kind)
    last_of_tls = [name for name in transport.messages(fault.way) if name.startswith("tls ")][-1:] == [message]
    if step == "tls" and not (fault.kind == "after" and last_of_tls):
        return failed(handshake_fails(fault.kind, message, fault.way, transport.version == "1.2" and fault.forever))
    if step in ("tls", "tls-end"):
        return first_request_lost(transport, "net.closed" if fault.kind == "after" else sees, anew, fault.forever)
    if fault.kind == "after":
        return after_answer(message, fault, anew)
    if sees == NOTHING:
        return DONE
    if fault.kind == "401":  # In clear, on a connection that was good before.
        return asked_again(step, number)
    if step == "log-on":
        return failed(sees)
    if fault.kind == "status" and fault.forever and not anew:
        return status_for_good(step, number)
    if step == "create":
        if fault.kind == "type" and fault.forever:
            sees = "http.status"  # The second one is answered by a fault, which is HTTP 500.
        return at_create(sees, anew, fault.forever)
    if step == "command":
        return at_command(did, sees, fault.forever)
    if step == "receive":
        return at_receive(int(number), did, sees, fault.forever)
    return replace(DONE, left=fault.forever)  # Signal's answer does not count, and Delete is repeated.


def asked_again(step, number):
    """The client logs on anew and asks again: the host knows the ids, and does nothing a second time. Output is given once."""
    return replace(DONE, complete=False, output=without(int(number))) if step == "receive" else DONE


def forged(step, number, sees, forever):
    """Somebody else's refusal in the place of the host's answer, of all its answers from there on where it is for good."""
    if step == "log-on":
        return failed(sees)
    if not forever:
        return asked_again(step, number)
    if step == "create":
        return failed(sees, left=True)
    if step == "command":
        return Expected("unknown", "run.unknown", complete=False, executions=1, left=True)
    if step == "receive":
        return at_receive(int(number), True, sees, True)
    return replace(DONE, left=True)


def input_lost(arrived):
    """The command gives back what arrived, as it comes: more than that cannot be there, and of that as much as came in time."""
    return Expected("failed", "run.input", complete=False, executions=1, output=("none", "none, first", "none, first", "none, first, all")[min(arrived, 3)])


def expect_of_input(message, fault):
    """At one message of the connection that input goes on. The command's last words may come before or after the news that its input is lost."""
    step, _, number = message.partition(" ")
    if fault.kind in LATE or (fault.kind == "after" and step == "send"):
        return DONE  # The next part goes on a connection of its own.
    lost = input_lost(int(number) - (fault.way == ">") if step == "send" else 0)
    if message != "send 4" or fault.way == ">":
        return lost
    if fault.kind in (*SILENT, "length"):
        return DONE  # The command ends while the answer is still waited for.
    return replace(DONE, otherwise=lost)


def first_request_lost(transport, sees, anew, forever):
    """Of a connection that looked good: Basic's is Create, NTLM's begins the log-on."""
    return failed(sees) if transport.auth == "ntlm" else at_create(sees, anew, forever)


def at_create(sees, anew, forever):
    if sees in (FAULT, REJECTED):
        return failed(sees)
    if not forever:
        return DONE
    error = anew or sees
    return failed("run.timeout" if error in ("net.read_timeout", "net.timeout") else error, left=True)


def at_command(did, sees, forever):
    if sees == FAULT:
        return failed(FAULT, left=forever)
    if sees == REJECTED:  # On a connection that was good: logging on anew is no repetition, since nothing was done.
        return failed(REJECTED, left=True) if forever else DONE
    if forever or not did:
        return Expected("unknown", "run.unknown", complete=False, executions=int(did), left=forever)
    return DONE


def at_receive(number, did, sees, forever):
    so_far = Expected("", complete=False, executions=1, output=output_before(number), left=forever)
    if sees == FAULT or (sees == REJECTED and forever):
        return replace(so_far, status="unknown", error="run.unknown")
    if sees == REJECTED:  # By the host; but without TLS anybody may have said it in place of the answer.
        return replace(DONE, complete=False)
    if forever and sees in NONSENSE:
        return replace(so_far, status="unknown", error=sees if ROWS[sees].status == "unknown" else "run.unknown")
    if forever:
        return replace(so_far, status="timed_out", error="run.timeout")
    return replace(DONE, complete=False, output=without(number) if did else "all")


def status_for_good(step, number):
    """Only 200 is turned into something else. Of what is asked twice (Create, Delete) the host says, by a fault, that it is done."""
    if step in ("create", "command"):
        return Expected("unknown", "run.unknown", complete=False, executions=1)
    if step == "receive":
        return replace(at_receive(int(number), True, "http.status", True), left=False)
    return DONE


def after_answer(message, fault, anew):
    """All went well up to here, and the next message needs a connection of its own."""
    step, _, number = message.partition(" ")
    if message == "log-on 1":
        return failed("net.closed")
    if not fault.forever or not anew:
        return DONE
    if message == "log-on 2":
        return failed(anew, left=True)  # Create left on a connection that was at its end.
    if step == "create":
        return failed(anew, left=True)
    if step == "command" or (step == "receive" and number != "3"):
        output = "none" if step == "command" else {"1": "first", "2": "all"}[number]
        return Expected("timed_out", "run.timeout", complete=False, executions=1, output=output, left=True)
    return replace(DONE, left=step != "delete")
