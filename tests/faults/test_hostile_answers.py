"""Hosts that log on as they should and then answer with what no host says: XML bombs, other encodings, answers to something else, results that
are none."""
import unittest
import uuid

from tests.support.hostile import ACTIONS, COMMAND, SPACES, Crowd, answer, attack, clear, created, envelope, fault, received, speaking, state, stream, usual
from tests.support.service import ADMIN

MOST_KIB = 160 * 1024  # Of the whole client, all hosts of a crowd at once, five answers of up to 16 MiB in hand.
OTHER = "uuid:00000000-0000-0000-0000-000000000000"
TEXT = 4096  # Bytes of a host's own words that an error repeats.
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "lol">' + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)) + b"]><x>&j;</x>"


def body(inside):
    """An envelope that has only that in its Body."""
    return f"<s:Envelope {SPACES}><s:Body>{inside}</s:Body></s:Envelope>".encode()


def document(text):
    """For Create, this document: made when it is needed, since some are large."""
    return speaking(create=lambda *_: answer(text() if callable(text) else text))


def encoded(change):
    """For Create, what a good host says, in other bytes."""
    return speaking(create=lambda _, request: answer(change(envelope(request, usual(request)))))


def wide(order, mark=b""):
    return encoded(lambda text: mark + text.decode().encode(order))


def output(*parts):
    """For Receive, these parts; a function is given the command's id."""
    return speaking(receive=lambda _, request: received(*(part(request.command_id) if callable(part) else part for part in parts)))


def done(command_id):
    return state(command_id=command_id)


def spoilt(raw):
    return output(lambda command_id: stream(b"", command_id=command_id, raw=raw), done)


def ended(code):
    return output(lambda command_id: state("Done", code, command_id))


def related(to, step):
    return speaking(**{step: lambda _, request: answer(envelope(request, usual(request), relates_to=to))})


def twice(_, request):
    return answer(envelope(request, usual(request))) * 2


class Answers(unittest.TestCase):
    def go(self, ways, *options, timeout="90", forks="5"):
        crowd = self.enterContext(Crowd({"good": speaking(), **ways}))
        urls = ",".join(crowd.url(name) for name in crowd.hosts)
        ran = attack("run", urls, *clear(), "--forks", forks, "--read-timeout", "30", "--output", "jsonl", *options,
                     "--timeout", timeout, "--", COMMAND)
        self.assertGreaterEqual(ran.code, 0, "killed by a signal")
        self.assertLess(ran.peak, MOST_KIB, "KiB at the most")
        results = crowd.results(ran)
        self.assertEqual((results["good"]["status"], results["good"]["stdout"]), ("ok", "good\n"))
        for name in ways:
            self.assertLessEqual(crowd[name].commands, 1, f"{name}: a command is never sent twice")
            self.assertIsNotNone(results[name], name)
        return crowd, ran, results

    def fails(self, ways, **how):
        """`ways` are {name: (way, status, error id, part of the text)}."""
        crowd, ran, results = self.go({name: way[0] for name, way in ways.items()}, **how)
        self.assertEqual(ran.code, 4)
        for name, (_, status, error_id, said) in ways.items():
            with self.subTest(name):
                error = results[name]["error"]
                self.assertEqual((results[name]["status"], error["id"]), (status, error_id), results[name])
                self.assertIn(said, error["message"])
                self.assertRegex(error["message"], f"^127.0.0.1:{crowd[name].port}: (create shell|start command|read output): ")
                self.assertLess(len(error["message"].encode()), TEXT + 300)
                self.assertTrue(error["advice"])
                self.assertIsNone(results[name]["exit_code"])
        return crowd, ran, results

    def works(self, ways, out="good\n"):
        _, _, results = self.go(ways)
        for name in ways:
            with self.subTest(name):
                self.assertEqual((results[name]["status"], results[name]["stdout"], results[name]["error"]), ("ok", out, None))


class Xml(Answers):
    def test_bombs(self):
        malformed = "unreachable", "wsman.malformed"
        self.fails({
            "a billion laughs": (document(LAUGHS), *malformed, "DOCTYPE is not accepted"),
            "an external entity": (document(b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'), *malformed, "DOCTYPE is not accepted"),
            "a DOCTYPE behind a comment": (document(b"<!-- x --><!DOCTYPE x><x/>"), *malformed, "DOCTYPE is not accepted"),
            "a million deep": (document(lambda: b"<a>" * 1_000_000), *malformed, "more than 64 nested elements"),
            "a million deep in the body": (document(lambda: body("<a>" * 1_000_000)), *malformed, "more than 64 nested elements"),
            "a million attributes": (document(lambda: body("<a " + " ".join(f'a{i}="x"' for i in range(1_000_000)) + "/>")), *malformed, "more than 64 attributes"),
            "a million namespaces": (document(lambda: body("<a " + " ".join(f'xmlns:a{i}=""' for i in range(900_000)) + "/>")), *malformed, "more than 64 attributes"),
            "namespaces for each of many": (document(lambda: body("".join(f'<a xmlns:a{i}="x" b="">' for i in range(60)) + "<b/>" * 90_000 + "</a>" * 60)),
                                            "unreachable", "wsman.mismatch", "answered to nothing"),
            "a name of ten million": (document(lambda: body("<" + "a" * 10_000_000 + "/>")), "unreachable", "wsman.mismatch", "answered to nothing"),
            "a name that another ends": (document(lambda: body("<" + "a" * 5_000_000 + "></b>")), *malformed, "the end tag is not that of"),
            "a prefix of five million": (document(lambda: body("<" + "p" * 5_000_000 + ":a/>")), *malformed, "is not declared"),
            "a body of such a name": (speaking(create=lambda *_: f"<{'a' * 5_000_000}/>"), *malformed, "… (50000"),
            "a million elements": (document(lambda: body("<a/>" * 1_000_000)), *malformed, "more than 100000 elements"),
            "a million headers": (speaking(create=lambda _, request: answer(envelope(request, "", extra="<a:Action/>" * 1_000_000))), *malformed, "more than 100000 elements"),
            "a million sections": (document(lambda: body("<a>" + "<![CDATA[x]]>" * 1_000_000 + "</a>")), *malformed, "more than 100000 elements"),
            "a million comments": (document(lambda: b"<!-- -->" * 1_500_000 + b"<x/>"), *malformed, "not a SOAP envelope"),
            "ten million ampersands": (document(lambda: body("<a>" + "&" * 10_000_000 + "</a>")), *malformed, "unknown entity"),
            "references without end": (document(lambda: body("<a>" + "&x" * 5_000_000 + "</a>")), *malformed, "unknown entity"),
            "two million references": (document(lambda: body("<a>" + "&#x41;" * 2_000_000 + "</a>")), "unreachable", "wsman.mismatch", "answered to nothing"),
            "a reference to NUL": (document(body("<a>&#0;</a>")), *malformed, "a character that XML does not allow"),
            "a processing instruction": (document(b"<?php x?>" + body("")), *malformed, "processing instructions"),
            "two roots": (document(body("") * 2), *malformed, "second root"),
            "half of it": (document(body("")[:-9]), *malformed, "the end tag is not that of"),
            "SOAP 1.1": (document(b'<E:Envelope xmlns:E="http://schemas.xmlsoap.org/soap/envelope/"/>'), *malformed, "SOAP 1.1"),
            "over 16 MiB": (document(lambda: body("x" * 17_000_000)), "unreachable", "http.too_large", "over 16777216 bytes"),
        })

    def test_encodings_that_are_none(self):
        malformed = "unreachable", "wsman.malformed"
        declared = '<?xml version="1.0" encoding="{}"?>'
        self.fails({
            "half a character": (encoded(lambda text: b"\xff\xfe" + text.decode().encode("utf-16-le")[:-1]), *malformed, "not valid UTF-16"),
            "lone surrogates": (encoded(lambda text: b"\xff\xfe" + text.decode().encode("utf-16-le") + b"\x00\xd8" * 20), *malformed, "not valid UTF-16"),
            "UTF-7": (encoded(lambda text: declared.format("UTF-7").encode() + text), *malformed, "neither UTF-8 nor UTF-16"),
            "Latin-1": (encoded(lambda text: declared.format("ISO-8859-1").encode() + text), *malformed, "neither UTF-8 nor UTF-16"),
            "EBCDIC": (wide("cp500"), *malformed, "not UTF-8"),
            "UTF-32": (wide("utf-32"), *malformed, "not UTF-8"),
            "an overlong character": (document(body("<a>!</a>").replace(b"!", b"\xc0\xbc")), *malformed, "not UTF-8"),
            "a control character": (document(body("<a>\x1b</a>")), *malformed, "not UTF-8"),
        })

    def test_encodings_of_windows(self):
        self.works({
            "UTF-16, little": wide("utf-16-le", b"\xff\xfe"), "UTF-16, big": wide("utf-16-be", b"\xfe\xff"), "UTF-16 without a mark": wide("utf-16-le"),
            "UTF-8 with a mark": wide("utf-8", b"\xef\xbb\xbf"),
            "a charset that is another": speaking(create=lambda _, request: answer(envelope(request, usual(request)), kind="application/soap+xml;charset=UTF-16")),
        })


class Results(Answers):
    def test_that_are_none(self):
        nonsense = "unknown", "wsman.malformed"
        self.fails({
            "another alphabet": (spoilt("!!!!"), *nonsense, "Stream stdout is not base64"),
            "the URL's alphabet": (spoilt("-_-_"), *nonsense, "not base64"),
            "padding in the middle": (spoilt("QQ==QQ=="), *nonsense, "not base64"),
            "one character": (spoilt("Q"), *nonsense, "not base64"),
            "bits that are left over": (spoilt("QR=="), *nonsense, "not base64"),
            "ten million of another alphabet": (spoilt("!" * 10_000_000), *nonsense, "not base64"),
            "no exit code": (ended(None), *nonsense, "exit code is not a number"),
            "an empty exit code": (ended(""), *nonsense, "exit code is not a number"),
            "exit code abc": (ended("abc"), *nonsense, "exit code is not a number: abc"),
            "exit code 2^40": (ended(str(2 ** 40)), *nonsense, "exit code is not a number: 1099511627776"),
            "exit code below all": (ended("-2147483649"), *nonsense, "exit code is not a number"),
            "exit code of a million digits": (ended("9" * 1_000_000), *nonsense, "exit code is not a number"),
            "a state of its own": (output(lambda command_id: state("Frozen", None, command_id)), *nonsense, "state is unknown"),
            "a stream of its own": (output(lambda command_id: stream(b"x", name="pwn", command_id=command_id), done), *nonsense, "not asked for: pwn"),
            "a stream without a name": (output(lambda command_id: stream(b"x", name="", command_id=command_id), done), *nonsense, "has no Name"),
            "an end that is neither": (output(lambda command_id: stream(b"x", command_id=command_id, attributes=' End="maybe"'), done), *nonsense, "End of a Stream"),
            "output of another command": (output(stream(b"x", command_id=str(uuid.uuid4())), done), "unknown", "wsman.mismatch", "another command"),
            "the end of another command": (output(done(str(uuid.uuid4()))), "unknown", "wsman.mismatch", "another command"),
            "a shell of a million": (speaking(create=created("A" * 1_000_000)), "unreachable", "wsman.malformed", "at too great length"),
            "no shell": (speaking(create=created("")), "unreachable", "wsman.malformed", "names no shell"),
        }, forks="25")

    def test_exit_codes(self):
        """32 bits, signed or not: 256 is no success for who looks at the low byte."""
        codes = {"256": 256, "-1": 4294967295, "-2147483648": 2147483648, "4294967295": 4294967295, " 7\n": 7}
        crowd, _, results = self.go({text: ended(text) for text in codes})
        for text, code in codes.items():
            self.assertEqual((results[text]["status"], results[text]["exit_code"]), ("failed", code), text)

    def test_that_are_odd_and_still_true(self):
        self.works({
            "base64 in lines": output(lambda command_id: stream(b"", command_id=command_id, raw="\n Z29v\r\n\tZAo=\n "), done),
            "two answers to each request": speaking(create=twice, command=twice, receive=twice, signal=twice, delete=twice),
            "a command of another name": speaking(command=lambda _, request: usual(request).replace(request.command_id, str(uuid.uuid4())).lower()
                                                  .replace("commandid", "CommandId").replace("commandresponse", "CommandResponse")),
            "a shell of another name": speaking(create=lambda *_: created(str(uuid.uuid4()))),
            "no answer to Signal": speaking(signal=lambda talk, _: talk.reset()),
        })

    def test_after_done_nothing_is_asked(self):
        crowd, _, results = self.go({"bad": output(lambda command_id: stream(b"one\n", command_id=command_id) + done(command_id))})
        self.assertEqual(results["bad"]["stdout"], "one\n")
        self.assertEqual([request.action for request in crowd["bad"].requests], ["Create", "Command", "Receive", "Signal", "Delete"])


class OfSomethingElse(Answers):
    def test_answers_to_another_request(self):
        crowd, _, results = self.fails({
            "to another": (related(OTHER, "create"), "unreachable", "wsman.mismatch", f"answered to {OTHER}"),
            "to nothing": (related("", "create"), "unreachable", "wsman.mismatch", "answered to nothing"),
            "at great length": (related("x" * 1_000_000, "create"), "unreachable", "wsman.mismatch", "… (1000000 bytes)"),
            "output to another": (related(OTHER, "receive"), "unknown", "wsman.mismatch", f"answered to {OTHER}"),
            "a fault to another": (speaking(create=lambda _, request: answer(envelope(request, fault("x"), relates_to=OTHER), status="500 x")),
                                   "unreachable", "wsman.mismatch", OTHER),
        })
        self.assertEqual(crowd["output to another"].commands, 1)

    def test_answers_with_another_action(self):
        """The right body, and RelatesTo: but each answer has an action of its own, once, and so has a fault."""
        wrong = ACTIONS["Send"] + "SendResponse"

        def acting(step, action, extra=""):
            return speaking(**{step: lambda _, request: answer(envelope(request, usual(request), action=action, extra=extra))})
        crowd, _, _ = self.fails({
            "Create": (acting("create", wrong), "unreachable", "wsman.malformed", "transfer/Create is " + wrong),
            "Create without one": (acting("create", " "), "unreachable", "wsman.malformed", "transfer/Create is"),
            "Create with the request's": (acting("create", ACTIONS["Create"] + "Create"), "unreachable", "wsman.malformed", "transfer/Create is"),
            "Create with two": (acting("create", ACTIONS["Create"] + "CreateResponse", f"<a:Action>{wrong}</a:Action>"), "unreachable", "wsman.malformed", "two actions"),
            "Receive": (acting("receive", wrong), "unknown", "wsman.malformed", "shell/Receive is " + wrong),
            "a fault": (speaking(create=lambda _, request: answer(envelope(request, fault("x"), action=wrong), status="500 x")),
                        "unreachable", "wsman.malformed", "a fault has the action " + wrong),
        })
        self.assertEqual(crowd["Receive"].commands, 1)
        # The command may run, and is asked for.
        self.works({"Command": acting("command", wrong)})
        crowd, ran, _ = self.go({"Delete": acting("delete", wrong)})
        self.assertIn("[run.shell_left_open]", ran.stderr)

    def test_an_answer_to_another_command_does_not_run_it_again(self):
        """The command may run: it is asked for, by its id, and never sent again."""
        self.works({"to another": related(OTHER, "command"), "to nothing": related("", "command"),
                    "another body": speaking(command=received(stream(b"never\n"), state())),
                    "no command": speaking(command="<rsp:CommandResponse/>"),
                    "at great length": speaking(command=f"<rsp:CommandResponse><rsp:CommandId>{'A' * 1_000_000}</rsp:CommandId></rsp:CommandResponse>")})

    def test_a_sealed_answer_to_a_request_in_clear(self):
        kind = 'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"'
        self.fails({"sealed": (speaking(create=answer(b"--Encrypted Boundary\r\n", kind=kind)), "unreachable", "seal.broken", "in clear")})


class Endless(Answers):
    """What has no end by itself ends at the deadline, which is asked for here: as the clock says, not later."""

    def test_a_command_that_never_ends(self):
        def held(talk, _):
            talk.wait()

        ways = {"always running": speaking(receive=lambda _, request: received(state("Running", None, request.command_id))),
                "nothing at all": speaking(receive="<rsp:ReceiveResponse/>"),
                "timed out at once": speaking(receive=lambda *_: fault("x")),
                "output without end": speaking(receive=lambda _, request: received(stream(b"y" * 100_000, command_id=request.command_id))),
                "held": speaking(receive=held),
                "a byte a time": speaking(receive=lambda _, request: received(stream(b"y", command_id=request.command_id)))}
        crowd, ran, results = self.go(ways, "--output-limit", "1m", timeout="3", forks="10")
        for name in ways:
            with self.subTest(name):
                result = results[name]
                self.assertEqual((result["status"], result["error"]["id"], result["output_complete"]), ("timed_out", "run.timeout", False))
                self.assertIn("the command was told to stop", result["error"]["message"])
                actions = [request.action for request in crowd[name].requests]
                self.assertIn("Signal", actions)
                self.assertEqual(actions[-1], "Delete")
                self.assertLessEqual(len(result["stdout"]), 1 << 20)
        for name in ("always running", "nothing at all", "timed out at once"):  # Not as fast as the host says no.
            self.assertLess(sum(request.action == "Receive" for request in crowd[name].requests), 400, name)

    def test_nonsense_without_a_deadline_has_an_end_of_its_own(self):
        with Crowd({"bad": ended("abc")}) as crowd:
            ran = attack("run", crowd.url("bad"), *clear("--output", "jsonl"), "--", COMMAND)
            result = crowd.results(ran)["bad"]
            self.assertEqual((result["status"], result["error"]["id"], crowd["bad"].commands), ("unknown", "wsman.malformed", 1), result)

    def test_clean_up_that_is_never_answered(self):
        """The result is told, and what may be left is said."""
        ways = {"signal": speaking(signal=lambda talk, _: talk.wait()), "delete": speaking(delete=lambda talk, _: talk.wait())}
        crowd, ran, results = self.go(ways)
        for name in ways:
            self.assertEqual((results[name]["status"], results[name]["stdout"]), ("ok", "good\n"))
        self.assertIn(f"127.0.0.1:{crowd['delete'].port}: delete shell: ", ran.stderr)
        self.assertIn("[run.shell_left_open]", ran.stderr)


class Faults(Answers):
    def test_a_megabyte_of_text(self):
        ways = {f"{size}": (speaking(create=lambda *_, size=size: fault("x" * size, code=2150858906)), "refused", "wsman.fault", f"… ({size // 100}")
                for size in (1_000_000, 15_000_000)}
        text = speaking(create=lambda *_: fault("ü" * 500_000, code=2150858906))
        _, ran, results = self.fails({**ways, "of two bytes each": (text, "refused", "wsman.fault", "ü… (10000"),
                                      "fifty": (speaking(create=lambda *_: fault("x" * 50_000_000)), "unreachable", "http.too_large", "over 16777216 bytes")})
        self.assertLess(len(ran.stdout), 40_000)

    def test_a_megabyte_of_everything_else(self):
        long = "m" * 1_000_000
        provider = f'<f:ProviderFault provider="{long}" path="{long}"><f:WSManFault Code="5" Machine="{long}"><f:Message>x</f:Message></f:WSManFault></f:ProviderFault>'
        refused = "refused", "wsman.fault"
        self.fails({
            "machine": (speaking(create=lambda *_: fault("x", code=2150858906).replace('Machine="host"', f'Machine="{long}"')), *refused, "x"),
            "provider": (speaking(create=lambda *_: fault("", code=2150858906, raw=provider)), *refused, "bytes)"),
            "code": (speaking(create=lambda *_: fault("x", code="9" * 1_000_000)), *refused, "x"),
            "subcode": (speaking(create=lambda *_: fault("x", code=0).replace("</s:Value></s:Code>", f"</s:Value><s:Subcode><s:Value>w:{long}</s:Value></s:Subcode></s:Code>")),
                        *refused, "bytes)"),
            "reason": (speaking(create=answer(b"x", status="418 " + "r" * 60_000, kind="text/plain")), "unreachable", "http.status", "418"),
        })

    def test_on_the_terminal_and_in_text(self):
        with Crowd({"bad": speaking(create=lambda *_: fault("x" * 1_000_000, code=2150858906))}) as crowd:
            ran = attack("run", crowd.url("bad"), *clear(), "--", COMMAND)
            self.assertIn("(1000", ran.stderr)
            self.assertLess(len(ran.stderr), 10_000)

    def test_ping(self):
        long = speaking(identify=lambda _, request: usual(request).replace("Hostile", "v" * 1_000_000))
        with Crowd({"bad": long, "good": speaking()}) as crowd:
            ran = attack("ping", f"{crowd.url('bad')},{crowd.url('good')}", *clear("--output", "jsonl"))
            results = crowd.results(ran)
            self.assertEqual([results[name]["status"] for name in ("bad", "good")], ["ok", "ok"])
            self.assertLess(len(ran.stdout), 2_000)


class InTheMiddle(Answers):
    def test_another_log_on_is_no_repetition(self):
        """A 401 in the middle of a run: the credentials go to the host that had them, and the command is not run twice."""
        refused = answer(b"", status="401 Unauthorized", headers=["WWW-Authenticate: Basic realm=x"])
        ways = {"at Create": speaking(create=refused), "at Receive": speaking(receive=refused)}
        crowd, _, results = self.go(ways)
        self.assertEqual((results["at Create"]["status"], results["at Create"]["error"]["id"]), ("refused", "auth.rejected"))
        self.assertEqual((results["at Receive"]["status"], results["at Receive"]["error"]["id"]), ("unknown", "run.unknown"))
        self.assertIn("rejected the credentials", results["at Receive"]["error"]["message"])
        self.assertNotIn(ADMIN[1], str(results))

    def test_a_refused_command_was_not_run(self):
        ways = {name: speaking(command=lambda *_, code=code: fault("no", code=code)) for name, code in
                (("access denied", 5), ("too long", 206), ("not found", 2))}
        _, _, results = self.go(ways)
        for name in ways:
            self.assertEqual(results[name]["status"], "refused", results[name])


if __name__ == "__main__":
    unittest.main()
