"""`mullion cim` against hosts that are played: what it asks, prints, streams and releases, and how it fails."""
import json
import os
import signal
import subprocess
import unittest
from pathlib import Path

from tests.e2e.client import Password, Ran
from tests.e2e.bad_servers import closed_port
from tests.e2e.played_wsman import LOST, Fault, Played
from tests.support.service import DEADLINE, MULLION

ENUMERATION = "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
WSMAN = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
RECORDED = Path(__file__).parents[2] / "src/wsman/tests/data/opennms"
SERVICE = (f'<p:Win32_Service xmlns:xsi="{XSI}" xmlns:p="{WMI}/Win32_Service" xmlns:cim="http://schemas.dmtf.org/wbem/wscim/1/common" '
           'xsi:type="p:Win32_Service_Type"><p:InstallDate><cim:Datetime>2013-03-09T02:57:32Z</cim:Datetime></p:InstallDate>'
           '<p:Name>spooler</p:Name><p:Note xsi:nil="true"/><p:Words>a</p:Words><p:Words>b</p:Words></p:Win32_Service>')
QUERY = "SELECT Name, State FROM Win32_Service"


def fragment(name, state="Running"):
    """A row of a query that names columns: without a class, by the alphabet."""
    shown = f"<State>{state}</State>" if state is not None else f'<State xmlns:xsi="{XSI}" xsi:nil="true"/>'
    return f"<w:XmlFragment><Name>{name}</Name>{shown}</w:XmlFragment>"


def batch(local, items, end=False, context="c1", swapped=False):
    space = "w" if (local == "EnumerateResponse") != swapped else "n"
    listed = f"<{space}:Items>{''.join(items)}</{space}:Items>" if items is not None else ""
    return (f'<n:{local} xmlns:n="{ENUMERATION}" xmlns:w="{WSMAN}"><n:EnumerationContext>{context}</n:EnumerationContext>'
            f"{listed}{f'<{space}:EndOfSequence/>' if end else ''}</n:{local}>")


def first(items, **how):
    return batch("EnumerateResponse", items, **how)


def pulled(items, **how):
    return batch("PullResponse", items, **how)


RELEASED = ""


def cim(verb, target, *arguments, environment=None):
    with Password("secret") as file:
        command = [str(MULLION), "cim", verb, "--password-file", file.path, "-u", "admin", "--transport", "basic", "--allow-unencrypted",
                   target, *map(str, arguments)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE, pass_fds=file.descriptors,
                              env={**os.environ, **(environment or {})})
    return Ran(done.returncode, done.stdout, done.stderr.decode(errors="replace"))


class CimCase(unittest.TestCase):
    def ask(self, answers, verb, *arguments, code=0):
        """Gives what was printed, and what was asked."""
        with Played(*answers) as played:
            ran = cim(verb, played.url, *arguments)
        self.assertEqual(ran.code, code, ran)
        return ran, played.asked

    def lines(self, ran):
        return [json.loads(line) for line in ran.stdout.decode().splitlines()]

    def actions(self, asked):
        return [one.action.rsplit("/", 1)[1] for one in asked]


class Queries(CimCase):
    def test_a_table_in_the_querys_order(self):
        ran, asked = self.ask([first([fragment("spooler"), fragment("w32time", None)], end=True, context="")], "query", QUERY)
        self.assertEqual(ran.stdout.decode(), "Name     State\nspooler  Running\nw32time\n")
        self.assertEqual(ran.stderr, "")
        [one] = asked
        self.assertEqual((one.resource, one.selectors), (WMI + "/*", {}))
        self.assertEqual(one.element("Filter").get("Dialect"), "http://schemas.microsoft.com/wbem/wsman/1/WQL")
        self.assertEqual(one.element("Filter").text, QUERY)
        self.assertIsNotNone(one.element("OptimizeEnumeration"))
        self.assertEqual(one.element("MaxElements").text, "1000")

    def test_a_list_of_all_there_is(self):
        ran, _ = self.ask([first([SERVICE], end=True)], "query", "SELECT * FROM Win32_Service")
        self.assertEqual(ran.stdout.decode(), "InstallDate = 2013-03-09T02:57:32Z\nName = spooler\nNote = null\nWords = a, b\n\n")

    def test_jsonl_has_a_line_for_each_row_and_one_for_the_host(self):
        ran, _ = self.ask([first([SERVICE]), pulled([SERVICE], end=True, context="")], "query", "SELECT * FROM Win32_Service", "--output", "jsonl")
        *rows, host = self.lines(ran)
        row = {"__CLASS": "Win32_Service", "InstallDate": "2013-03-09T02:57:32Z", "Name": "spooler", "Note": None, "Words": ["a", "b"]}
        self.assertEqual(rows, [{"host": "127.0.0.1:" + host["host"].split(":")[1], "row": row}] * 2)
        self.assertEqual((host["status"], host["row_count"], host["complete"], host["error"]), ("ok", 2, True, None))

    def test_json_is_one_document(self):
        ran, _ = self.ask([first([fragment("a")], end=True)], "query", "SELECT Name, State, Gone FROM Win32_Service", "--output", "json")
        document = json.loads(ran.stdout)
        self.assertEqual(document["hosts"][0]["rows"], [{"Name": "a", "State": "Running", "Gone": None}])
        self.assertEqual(document["summary"]["ok"], 1)

    def test_times_of_windows_fragments_have_no_namespace(self):
        row = "<w:XmlFragment><LastBootUpTime><Datetime>2026-01-02T03:04:05.5Z</Datetime></LastBootUpTime></w:XmlFragment>"
        ran, _ = self.ask([first([row], end=True)], "query", "SELECT LastBootUpTime FROM Win32_OperatingSystem")
        self.assertEqual(ran.stdout.decode(), "LastBootUpTime\n2026-01-02T03:04:05.5Z\n")

    def test_every_form_of_service(self):
        rows = [fragment(f"s{i}") for i in range(4)]
        for answers in ([first(None, context="c0"), pulled(rows[:2]), pulled(rows[2:], end=True, context="")],  # Does not optimize.
                        [first(rows[:2], swapped=True), pulled(rows[2:], context="c2", swapped=True), pulled([], end=True, context="", swapped=True)],
                        [first(rows, end=True, context="c1")]):
            ran, asked = self.ask(answers, "query", QUERY)
            self.assertEqual(ran.stdout.decode().split()[2::2], ["s0", "s1", "s2", "s3"])
            self.assertNotIn("Release", self.actions(asked))

    def test_each_pull_has_the_last_context(self):
        _, asked = self.ask([first([fragment("a")], context="one"), pulled([fragment("b")], context="two"), pulled([], end=True, context="")],
                            "query", QUERY)
        self.assertEqual([one.element("EnumerationContext").text for one in asked[1:]], ["one", "two"])

    def test_a_pull_without_a_context_goes_on_with_the_one_before(self):
        ran, asked = self.ask([first([fragment("a")], context="one"), pulled([fragment("b")], context=""), pulled([fragment("c")], end=True, context="")],
                              "query", QUERY)
        self.assertEqual(len(ran.stdout.splitlines()), 4, ran)
        self.assertEqual([one.element("EnumerationContext").text for one in asked[1:]], ["one", "one"])
        self.assertNotIn("Release", self.actions(asked))

    def test_no_rows(self):
        ran, _ = self.ask([first([], end=True, context="")], "query", QUERY)
        self.assertEqual((ran.stdout, ran.stderr), (b"", ""))

    def test_what_is_recorded_of_other_vendors(self):
        body = (RECORDED / "optimized-enum-response.xml").read_text().split("<s:Body>")[1].split("</s:Body>")[0]
        names = ('<wsen:EnumerateResponse xmlns:wsen="' + ENUMERATION + f'" xmlns:wsman="{WSMAN}" '
                 'xmlns:n1="http://schemas.dell.com/wbem/wscim/1/cim-schema/2/DCIM_PowerSupplyView"')
        uri = "http://schemas.dell.com/wbem/wscim/1/cim-schema/2/DCIM_PowerSupplyView"
        ran, asked = self.ask([body.replace("<wsen:EnumerateResponse", names), pulled([], end=True, context="")], "list", uri, "--output", "jsonl")
        row = self.lines(ran)[0]["row"]
        self.assertEqual((row["__CLASS"], row["FQDD"], row["LastSystemInventoryTime"]),
                         ("DCIM_PowerSupplyView", "PSU.Slot.1", "2011-02-25T13:48:48Z"))
        self.assertEqual(asked[0].resource, uri)
        self.assertIsNone(asked[0].element("Filter"))


class Leaving(CimCase):
    def test_enough_rows_release_the_rest(self):
        rows = [fragment(f"s{i}") for i in range(3)]
        ran, asked = self.ask([first(rows), RELEASED], "query", QUERY, "--max-rows", "2")
        self.assertEqual(ran.stdout.decode().split()[2::2], ["s0", "s1"])
        self.assertIn("the first 2 rows; there are more", ran.stderr)
        self.assertEqual(self.actions(asked), ["Enumerate", "Release"])
        self.assertEqual(asked[1].element("EnumerationContext").text, "c1")
        self.assertEqual(asked[1].resource, WMI + "/*")

    def test_json_that_is_too_long_is_cut_and_says_so(self):
        ran, asked = self.ask([first([fragment("a" * 1000), fragment("b" * 1000)]), RELEASED], "query", QUERY, "--output", "json",
                              "--output-limit", "1500")
        [host] = json.loads(ran.stdout)["hosts"]
        self.assertEqual((len(host["rows"]), host["row_count"], host["truncated"], host["complete"]), (1, 1, True, False))
        self.assertEqual(self.actions(asked), ["Enumerate", "Release"])

    def test_the_timeout_releases(self):
        ran, asked = self.ask([first([fragment("a")]), None, RELEASED], "query", QUERY, "--timeout", "1", "--output", "jsonl", code=4)
        row, host = self.lines(ran)
        self.assertEqual(row["row"]["Name"], "a")
        self.assertEqual((host["status"], host["error"]["id"], host["row_count"]), ("timed_out", "run.timeout", 1))
        self.assertIn("1 row came before it", host["error"]["message"])
        self.assertEqual(self.actions(asked), ["Enumerate", "Pull", "Release"])

    def test_ctrl_c_releases(self):
        with Played(first([fragment("a")]), None, RELEASED) as played, Password("secret") as file:
            command = [str(MULLION), "cim", "query", "--password-file", file.path, "-u", "admin", "--transport", "basic", "--allow-unencrypted",
                       played.url, QUERY, "--output", "jsonl"]
            client = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=file.descriptors)
            row = json.loads(client.stdout.readline())  # As it comes, and not when the host has ended.
            client.send_signal(signal.SIGINT)
            rest, _ = client.communicate(timeout=DEADLINE)
        self.assertEqual(row["row"]["Name"], "a")
        self.assertEqual(json.loads(rest)["error"]["id"], "run.interrupted")
        self.assertEqual(client.returncode, 130)
        # The Pull that nobody waits for any more is on another connection, and may be read later.
        self.assertIn("Release", self.actions(played.asked))


class Failing(CimCase):
    def test_a_fault_of_a_later_pull_comes_behind_the_rows(self):
        ran, asked = self.ask([first([fragment("a")]), Fault(1359, "the provider gave up"), RELEASED], "query", QUERY, code=4)
        self.assertEqual(ran.stdout.decode(), "Name  State\na     Running\n")
        self.assertIn("the provider gave up", ran.stderr)
        self.assertIn("1 row came before it, and they are not all", ran.stderr)
        self.assertEqual(self.actions(asked), ["Enumerate", "Pull", "Release"])

    def test_a_pull_that_is_lost_is_not_sent_again(self):
        ran, asked = self.ask([first([fragment("a")]), LOST, pulled([fragment("b")], end=True)], "query", QUERY, "--output", "jsonl", code=4)
        self.assertEqual([line["row"]["Name"] for line in self.lines(ran)[:-1]], ["a"])
        self.assertEqual(self.lines(ran)[-1]["status"], "unreachable")
        self.assertEqual(self.actions(asked), ["Enumerate", "Pull"])

    def test_wmis_codes_in_words(self):
        inner = ('<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value xmlns:n="' + ENUMERATION + '">n:CannotProcessFilter</s:Value></s:Subcode></s:Code>'
                 '<s:Reason><s:Text xml:lang="en-US">The filter cannot be processed.</s:Text></s:Reason><s:Detail>'
                 '<f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="2150858778" Machine="web01"><f:Message>'
                 '<f:ProviderFault provider="WMI Provider"><f:WSManFault Code="2147749904" Machine="web01"><f:Message>WMI says no.</f:Message>'
                 '</f:WSManFault></f:ProviderFault></f:Message></f:WSManFault></s:Detail></s:Fault>')

        class Whole(Fault):
            def body(self):
                return inner
        ran, _ = self.ask([Whole(0, "")], "query", "SELECT * FROM Win32_Servcie", code=4)
        self.assertIn("0x80041010: Invalid class.", ran.stderr)
        self.assertIn("--namespace", ran.stderr)
        self.assertIn("[wsman.fault]", ran.stderr)

    def test_wrong_words_speak_to_nobody(self):
        for verb, *words, why in (("query", "Win32_Service", "begins with SELECT"), ("get", "Win32 Service", "is no class"),
                                  ("get", "Win32_Service", "Name", "NAME=VALUE"), ("delete", "Win32_Service", "by its keys"),
                                  ("list", "Win32_Service?Name=x", "without keys"), ("invoke", "Win32_Service", "Start Service", "no name of a method"),
                                  ("query", "SELECT * FROM A", "--output", "table", "names its columns"),
                                  ("query", "SELECT * FROM A", "--namespace", "a b", "is no class")):
            ran = cim(verb, "http://192.0.2.1:5985", *words)
            self.assertEqual(ran.code, 5, (verb, words, ran))
            self.assertIn(why, ran.stderr)


class Objects(CimCase):
    def test_get(self):
        ran, [asked] = self.ask([SERVICE], "get", "Win32_Service", "Name=spooler")
        self.assertEqual(ran.stdout.decode().splitlines()[1], "Name = spooler")
        self.assertEqual((asked.resource, asked.selectors), (WMI + "/Win32_Service", {"Name": "spooler"}))

    def test_get_that_finds_nothing(self):
        ran, _ = self.ask([Fault(0x80338000, "no such thing")], "get", r'Win32_LogicalDisk.DeviceID="X:"', "--output", "jsonl", code=4)
        self.assertEqual((ran.host["status"], ran.host["error"]["wsman_code"]), ("refused", 0x80338000))

    def test_set_puts_the_whole(self):
        ran, asked = self.ask([SERVICE, SERVICE], "set", "Win32_Service?Name=spooler", "Note=x<y", "words=1", "words=2")
        self.assertIn(": set in ", ran.stderr)
        self.assertEqual(self.actions(asked), ["Get", "Put"])
        self.assertEqual([e.text for e in asked[1].element("Win32_Service") if e.tag.endswith("}Words")], ["1", "2"])
        self.assertEqual((asked[1].element("Note").text, asked[1].element("Name").text), ("x<y", "spooler"))

    def test_create_and_delete(self):
        created = ('<x:ResourceCreated xmlns:x="http://schemas.xmlsoap.org/ws/2004/09/transfer" '
                   f'xmlns:w="{WSMAN}"><a:Address>anonymous</a:Address><a:ReferenceParameters><w:ResourceURI>{WMI}/Win32_Environment</w:ResourceURI>'
                   '<w:SelectorSet><w:Selector Name="Name">A</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>')
        ran, [asked] = self.ask([created], "create", "Win32_Environment", "Name=A", "VariableValue=$null")
        self.assertEqual(ran.stdout.decode(), 'root/cimv2:Win32_Environment.Name="A"\n')
        self.assertEqual(asked.element("VariableValue").get(f"{{{XSI}}}nil"), "true")
        ran, [asked] = self.ask([""], "delete", "Win32_Environment?Name=A")
        self.assertEqual(asked.selectors, {"Name": "A"})

    def test_invoke(self):
        def output(value):
            return f'<p:StartService_OUTPUT xmlns:p="{WMI}/Win32_Service"><p:ReturnValue>{value}</p:ReturnValue></p:StartService_OUTPUT>'
        for value, code, status in ((0, 0, "ok"), (10, 2, "failed"), (4096, 0, "ok")):
            ran, [asked] = self.ask([output(value)], "invoke", "Win32_Service?Name=spooler", "StartService", "--output", "jsonl", code=code)
            self.assertEqual((ran.host["status"], ran.host["return_value"], ran.host["error"]), (status, str(value), None))
            self.assertEqual(ran.host["return_text"], {0: "Success", 10: "Service Already Running", 4096: None}[value])
            self.assertEqual((asked.action, asked.selectors), (WMI + "/Win32_Service/StartService", {"Name": "spooler"}))
        ran, _ = self.ask([output(10)], "invoke", "Win32_Service?Name=spooler", "StartService", code=2)
        self.assertEqual(ran.stdout.decode(), "ReturnValue = 10 (Service Already Running)\n")

    def test_what_changes_something_is_never_sent_twice(self):
        for verb, words, before in (("invoke", ["Win32_Service?Name=a", "StopService"], []), ("delete", ["Win32_Service?Name=a"], []),
                                    ("create", ["Win32_Service", "Name=a"], []), ("set", ["Win32_Service?Name=spooler", "Note=x"], [SERVICE])):
            ran, asked = self.ask([*before, LOST, LOST], verb, *words, "--output", "jsonl", code=4)
            self.assertEqual((ran.host["status"], ran.host["error"]["id"]), ("unknown", "run.unknown"), verb)
            self.assertEqual(len(asked), len(before) + 1, verb)

    def test_associators(self):
        ran, [asked] = self.ask([first([SERVICE], end=True)], "associators", "Win32_Service", "Name=spooler", "--assoc-class", "Win32_DependentService",
                                "--output", "jsonl")
        self.assertEqual(self.lines(ran)[0]["row"]["Name"], "spooler")
        self.assertEqual(asked.resource, WMI + "/*")
        self.assertEqual(asked.element("AssociationClassName").text, "Win32_DependentService")
        self.assertEqual(asked.element("Selector").text, "spooler")
        self.assertIsNotNone(asked.element("AssociatedInstances"))


class Fleets(CimCase):
    def test_one_table_with_a_column_for_the_host(self):
        with Played(first([fragment("a")], end=True)) as one, Played(first([fragment("bcd")], end=True)) as two, closed_port() as closed:
            ran = cim("query", f"{one.url},{two.url},http://127.0.0.1:{closed}", QUERY)
        self.assertEqual(ran.code, 4, ran)
        head, *rows = ran.stdout.decode().splitlines()
        self.assertEqual(head.split(), ["host", "Name", "State"])
        self.assertEqual(sorted(row.split() for row in rows),
                         sorted([[f"127.0.0.1:{one.port}", "a", "Running"], [f"127.0.0.1:{two.port}", "bcd", "Running"]]))
        self.assertIn(f"127.0.0.1:{closed}: unreachable", ran.stderr)
        self.assertIn("3 hosts: 2 ok, 1 unreachable", ran.stderr)

    def test_json_has_each_host_once(self):
        with Played(first([fragment("a")], end=True)) as one, closed_port() as closed:
            ran = cim("query", f"{one.url},http://127.0.0.1:{closed}", QUERY, "--output", "json")
        hosts = {host["status"]: host for host in json.loads(ran.stdout)["hosts"]}
        self.assertEqual((hosts["ok"]["row_count"], hosts["unreachable"]["rows"]), (1, []))


if __name__ == "__main__":
    unittest.main()
