"""`winrm`: what it asks a service for, what it prints, and how it fails. Windows' answers are played; ours are real."""
import os
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.e2e.bad_servers import closed_port
from tests.e2e.client import Password
from tests.e2e.namesakes import WINRM, WINRS, run, with_password
from tests.e2e.played_wsman import IDENTITY, LOST, Fault, Played
from tests.support import kdc as kerberos
from tests.support.service import ADMIN, DEADLINE, MULLION, Service, wait_until
from tests.support.terminal import Terminal

CONFIG = "http://schemas.microsoft.com/wbem/wsman/1/config"
TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer/"
ENUMERATION = "http://schemas.xmlsoap.org/ws/2004/09/enumeration/"
WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/cimv2"

LISTENER = (f'<cfg:Listener xmlns:cfg="{CONFIG}/listener" xml:lang="en-US"><cfg:Address>*</cfg:Address><cfg:Transport>HTTP</cfg:Transport>'
            "<cfg:Port>5985</cfg:Port><cfg:Hostname/><cfg:Enabled>true</cfg:Enabled><cfg:URLPrefix>wsman</cfg:URLPrefix>"
            "<cfg:CertificateThumbprint/><cfg:ListeningOn>10.0.2.15</cfg:ListeningOn><cfg:ListeningOn>127.0.0.1</cfg:ListeningOn></cfg:Listener>")
LISTENER_TEXT = """Listener
    Address = *
    Transport = HTTP
    Port = 5985
    Hostname
    Enabled = true
    URLPrefix = wsman
    CertificateThumbprint
    ListeningOn = 10.0.2.15, 127.0.0.1

"""
AUTH = (f'<cfg:Auth xmlns:cfg="{CONFIG}/service/auth" xml:lang="en-US"><cfg:Basic>false</cfg:Basic><cfg:Kerberos>true</cfg:Kerberos>'
        '<cfg:CredSSP Source="GPO">false</cfg:CredSSP></cfg:Auth>')
CREATED = (f'<x:ResourceCreated xmlns:x="{TRANSFER[:-1]}" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><a:Address>anonymous</a:Address>'
           f'<a:ReferenceParameters><w:ResourceURI>{CONFIG}/listener</w:ResourceURI><w:SelectorSet><w:Selector Name="Address">*</w:Selector>'
           '<w:Selector Name="Transport">HTTPS</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated>')


def batch(local, items, end=False, context="c1"):
    space = "w" if local == "EnumerateResponse" else "n"
    return (f'<n:{local} xmlns:n="{ENUMERATION[:-1]}" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><n:EnumerationContext>{context}'
            f"</n:EnumerationContext><{space}:Items>{''.join(items)}</{space}:Items>{f'<{space}:EndOfSequence/>' if end else ''}</n:{local}>")


class WithPlayed(unittest.TestCase):
    def winrm(self, answers, *words, **how):
        """Gives what was printed, and what was asked."""
        with Played(*answers, **how) as played:
            ran = with_password(WINRM, *words, f"-r:{played.url}", "-a:basic", "-u:admin", "-un", password="secret")
        return ran, played.asked

    def passes(self, answers, *words, **how):
        ran, asked = self.winrm(answers, *words, **how)
        self.assertEqual((ran.code, ran.stderr), (0, ""))
        return ran.stdout.decode(), asked


class Documents(WithPlayed):
    def test_get_prints_text_xml_and_pretty(self):
        words = ("get", "winrm/config/Listener?Address=*+Transport=HTTP")
        shown, asked = self.passes([LISTENER], *words)
        self.assertEqual(shown, LISTENER_TEXT)
        self.assertEqual((asked[0].action, asked[0].resource, asked[0].body), (TRANSFER + "Get", CONFIG + "/Listener", ""))
        self.assertEqual(asked[0].selectors, {"Address": "*", "Transport": "HTTP"})
        self.assertTrue(asked[0].header("Authorization").startswith("Basic "))
        self.assertEqual(self.passes([LISTENER], *words, "-format:xml")[0], LISTENER + "\n")
        pretty = self.passes([LISTENER], *words, "-f:pretty")[0].splitlines()
        self.assertEqual(pretty[1:3], ["    <cfg:Address>*</cfg:Address>", "    <cfg:Transport>HTTP</cfg:Transport>"])

    def test_switches_become_headers(self):
        _, asked = self.passes(["<w:XmlFragment xmlns:w='u'>5985</w:XmlFragment>"], "get", "winrm/config", "-fragment:Port/text()", "-dialect:xpath",
                               '-options:{A="1 2";B=$null}', "-timeout:45500")
        self.assertEqual(asked[0].options, {"A": "1 2", "B": ""})
        self.assertEqual(asked[0].element("FragmentTransfer").text, "Port/text()")
        self.assertEqual(asked[0].element("FragmentTransfer").get("Dialect"), "http://www.w3.org/TR/1999/REC-xpath-19991116")
        self.assertEqual(asked[0].element("OperationTimeout").text, "PT45.500S")

    def test_set_puts_the_whole_document_back(self):
        shown, asked = self.passes([AUTH, AUTH.replace("Basic>false", "Basic>true")], "s", "winrm/config/service/auth", '@{Basic="true"}')
        self.assertEqual(shown, 'Auth\n    Basic = true\n    Kerberos = true\n    CredSSP = false [Source="GPO"]\n\n')
        self.assertEqual([a.action for a in asked], [TRANSFER + "Get", TRANSFER + "Put"])
        self.assertEqual(asked[1].body, AUTH.replace("Basic>false", "Basic>true"))

    def test_set_of_a_listener_leaves_out_what_no_service_takes(self):
        _, asked = self.passes([LISTENER, LISTENER], "set", "winrm/config/Listener?Address=*+Transport=HTTP", '@{Hostname="web01";Port=$null}')
        self.assertNotIn("ListeningOn", asked[1].body)
        self.assertIn("<cfg:Hostname>web01</cfg:Hostname>", asked[1].body)
        self.assertEqual(asked[1].element("Port").attrib, {"{http://www.w3.org/2001/XMLSchema-instance}nil": "true"})

    def test_set_names_what_it_does_not_find(self):
        for text, why in (("basic", "does not match any properties on resource: basic"), ("No", "does not match any properties on resource: No")):
            ran, asked = self.winrm([AUTH], "set", "winrm/config/service/auth", f'@{{{text}="true"}}')
            self.assertEqual((ran.code, ran.stdout, len(asked)), (1, b"", 1))
            self.assertIn("Parameter name " + why, ran.stderr)
        ran, asked = self.winrm([LISTENER], "set", "winrm/config/listener", '@{ListeningOn="true"}')
        self.assertIn("Parameter matches more than one property on resource: ListeningOn", ran.stderr)
        self.assertEqual(len(asked), 1)

    def test_create_names_the_root_and_its_namespace(self):
        shown, asked = self.passes([CREATED], "create", "winrm/config/Listener?Address=*+Transport=HTTPS", '@{Hostname="web01";CertificateThumbprint="0123"}')
        self.assertIn("            Selector: Address = *, Transport = HTTPS\n", shown)
        self.assertTrue(shown.startswith("ResourceCreated\n    Address = anonymous\n    ReferenceParameters\n"))
        self.assertEqual(asked[0].action, TRANSFER + "Create")
        self.assertEqual(asked[0].selectors, {"Address": "*", "Transport": "HTTPS"})
        self.assertEqual(asked[0].body, f'<p:Listener xmlns:p="{CONFIG}/Listener"><p:Hostname>web01</p:Hostname>'
                                        "<p:CertificateThumbprint>0123</p:CertificateThumbprint></p:Listener>")

    def test_delete_prints_nothing(self):
        shown, asked = self.passes([""], "d", "winrm/config/Listener?Address=*+Transport=HTTPS")
        self.assertEqual((shown, asked[0].action, asked[0].body), ("", TRANSFER + "Delete", ""))

    def test_invoke_names_the_action_and_its_input(self):
        result = f'<p:StartService_OUTPUT xmlns:p="{WMI}/Win32_Service"><p:ReturnValue>0</p:ReturnValue></p:StartService_OUTPUT>'
        shown, asked = self.passes([result], "invoke", "StartService", "wmicimv2/Win32_Service?Name=Spooler")
        self.assertEqual(shown, "StartService_OUTPUT\n    ReturnValue = 0\n\n")
        self.assertEqual((asked[0].action, asked[0].selectors), (f"{WMI}/Win32_Service/StartService", {"Name": "Spooler"}))
        self.assertEqual(asked[0].body, f'<p:StartService_INPUT xmlns:p="{WMI}/Win32_Service"/>')
        _, asked = self.passes([result], "i", "urn://x/Run", "winrm/config", '@{A="<1>"}')
        self.assertEqual(asked[0].action, "urn://x/Run")
        self.assertEqual(asked[0].body, f'<p:Run_INPUT xmlns:p="{CONFIG}"><p:A>&lt;1&gt;</p:A></p:Run_INPUT>')

    def test_a_file_is_sent_as_it_is(self):
        with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
            file.write('<?xml version="1.0"?>\n<p:Auth xmlns:p="urn:a"><p:Basic>true</p:Basic></p:Auth>')
            file.flush()
            # Read first, to see whether it would cut its own way in.
            _, asked = self.passes([AUTH, AUTH], "set", "winrm/config/service/auth", f"-file:{file.name}")
            self.assertEqual([a.action for a in asked], [TRANSFER + "Get", TRANSFER + "Put"])
            self.assertEqual(asked[1].body, '<p:Auth xmlns:p="urn:a"><p:Basic>true</p:Basic></p:Auth>')
            file.write("<cut")
            file.flush()
            ran, asked = self.winrm([], "create", "winrm/config/listener", f"-file:{file.name}")
            self.assertEqual((ran.code, asked), (1, []))
            self.assertIn(file.name, ran.stderr)
        ran, _ = self.winrm([], "create", "winrm/config/listener", f"-file:{file.name}")
        self.assertIn("No such file", ran.stderr)

    def test_utf16_both_ways(self):
        words = ("get", "winrm/config/Listener", "-encoding:utf-16")
        with Played(LISTENER, utf16=True) as played:
            ran = with_password(WINRM, *words, f"-r:{played.url}", "-a:basic", "-u:admin", "-un", password="secret")
        self.assertEqual((ran.code, ran.stdout.decode()), (0, LISTENER_TEXT), ran.stderr)
        self.assertEqual(played.asked[0].header("Content-Type"), "application/soap+xml;charset=UTF-16")
        self.assertEqual(played.asked[0].action, TRANSFER + "Get")

    def test_configsddl_shows_and_sets(self):
        service = f'<cfg:Service xmlns:cfg="{CONFIG}/service"><cfg:RootSDDL>O:NSG:BA</cfg:RootSDDL><cfg:MaxConnections>300</cfg:MaxConnections></cfg:Service>'
        shown, asked = self.passes([service], "configSDDL", "default")
        self.assertEqual((shown, asked[0].resource), ("O:NSG:BA\n", CONFIG + "/service"))
        shown, asked = self.passes([service] * 3, "configSDDL", "default", "--sddl=O:BAG:BAD:(A;;GA;;;BA)")
        self.assertEqual(asked[2].body, service.replace("O:NSG:BA", "O:BAG:BAD:(A;;GA;;;BA)"))
        self.assertEqual(shown, "RootSDDL is now:\nBUILTIN\\Administrators: Full\n")
        security = f'<p:Security xmlns:p="{CONFIG}/PluginConfiguration" Uri="{WMI}" Sddl="O:NS" ExactMatch="false"/>'
        shown, asked = self.passes([security], "configsddl", "wmicimv2")
        self.assertEqual((shown, asked[0].resource, asked[0].selectors), ("O:NS\n", CONFIG + "/service/security", {"Uri": WMI}))
        _, asked = self.passes([security] * 3, "configsddl", "wmicimv2", "--sddl=O:BAD:(A;;GA;;;BA)")
        self.assertEqual((asked[2].action, asked[2].element("Security").get("Sddl")), (TRANSFER + "Put", "O:BAD:(A;;GA;;;BA)"))

    def test_configsddl_grants_and_refuses_to_lock_everyone_out(self):
        service = f'<cfg:Service xmlns:cfg="{CONFIG}/service"><cfg:RootSDDL>O:NSG:BAD:P(A;;GA;;;BA)</cfg:RootSDDL></cfg:Service>'
        shown, asked = self.passes([service] * 3, "configSDDL", "default", "--grant=Remote Management Users:read,execute")
        self.assertIn("O:NSG:BAD:P(A;;GA;;;BA)(A;;GXGR;;;RM)", asked[2].body)
        self.assertIn("Remote Management Users: Read, Execute\n", shown)
        # Meanwhile somebody else has been there.
        other = service.replace("(A;;GA;;;BA)", "(A;;GA;;;BA)(A;;GR;;;RM)")
        ran, asked = self.winrm([service, other], "configSDDL", "default", "--grant=Event Log Readers:read")
        self.assertEqual((ran.code, len(asked)), (1, 2))
        self.assertIn("somebody else changed the descriptor meanwhile", ran.stderr)
        ran, asked = self.winrm([service], "configSDDL", "default", "--revoke=Administrators")
        self.assertEqual((ran.code, len(asked)), (1, 1))
        self.assertIn("nobody who logs on over the network would have full access any more", ran.stderr)


class Enumerations(WithPlayed):
    ITEMS = [f'<p:S xmlns:p="{WMI}/S"><p:Name>{name}</p:Name></p:S>' for name in "abc"]
    LONG = [f'<p:S xmlns:p="{WMI}/S"><p:Name>{"a" * 200}</p:Name></p:S>'] * 1000  # More than a pipe holds.

    def test_pulls_until_the_end(self):
        answers = [batch("EnumerateResponse", self.ITEMS[:1]), batch("PullResponse", self.ITEMS[1:2], context="c2"),
                   batch("PullResponse", self.ITEMS[2:], end=True, context="")]
        shown, asked = self.passes(answers, "e", "wmicimv2/S")
        self.assertEqual(shown, "S\n    Name = a\n\nS\n    Name = b\n\nS\n    Name = c\n\n")
        self.assertEqual([a.action for a in asked], [ENUMERATION + "Enumerate", ENUMERATION + "Pull", ENUMERATION + "Pull"])
        self.assertEqual([a.element("EnumerationContext").text for a in asked[1:]], ["c1", "c2"])
        self.assertIsNotNone(asked[0].element("OptimizeEnumeration"))

    def test_xml_is_wrapped(self):
        answer = batch("EnumerateResponse", self.ITEMS[:2], end=True)
        wrapped = '<wsman:Results xmlns:wsman="http://schemas.dmtf.org/wbem/wsman/1/wsman/results">\n'
        for form in ("xml", "#xml"):
            shown, _ = self.passes([answer], "enum", "wmicimv2/S", f"-format:{form}")
            self.assertEqual(shown, wrapped + "\n".join(self.ITEMS[:2]) + "\n</wsman:Results>\n")
        shown, _ = self.passes([answer], "enum", "wmicimv2/S", "-format:pretty")
        self.assertTrue(shown.startswith(wrapped) and shown.endswith("</wsman:Results>\n"))
        self.assertIn("\n    <p:Name>b</p:Name>\n", shown)

    def test_asks_for_what_the_switches_say(self):
        empty = batch("EnumerateResponse", [], end=True)
        shown, asked = self.passes([empty], "e", "wmicimv2/*", "-filter:select * from S where A<1", "-returnType:epr", "-shallow")
        self.assertEqual(shown, "")
        request = asked[0]
        self.assertEqual(request.element("Filter").text, "select * from S where A<1")
        self.assertEqual(request.element("Filter").get("Dialect"), "http://schemas.microsoft.com/wbem/wsman/1/WQL")
        self.assertEqual(request.element("EnumerationMode").text, "EnumerateEPR")
        self.assertEqual(request.element("PolymorphismMode").text, "None")
        _, asked = self.passes([empty], "e", "wmicimv2/*", "-dialect:association", "-filter:{Object=S?Name=a;ResultClassName=T}", "-returnType:objectAndEpr")
        request = asked[0]
        self.assertEqual(request.element("Filter").get("Dialect"), "http://schemas.dmtf.org/wbem/wsman/1/cimbinding/AssociationFilter")
        self.assertEqual([e.tag.split("}")[1] for e in request.element("AssociatedInstances")], ["Object", "ResultClassName"])
        self.assertEqual(request.element("Object").find(".//{*}ResourceURI").text, WMI + "/S")
        self.assertEqual(request.element("EnumerationMode").text, "EnumerateObjectAndEPR")

    def test_one_without_context_is_not_begun_again(self):
        ran, asked = self.winrm([batch("EnumerateResponse", self.ITEMS[:1], context="")], "e", "wmicimv2/S")
        self.assertEqual((ran.code, ran.stdout, len(asked)), (1, b"", 1))
        self.assertIn("names no context", ran.stderr)

    def test_a_fault_in_the_middle_is_told(self):
        ran, asked = self.winrm([batch("EnumerateResponse", self.ITEMS[:1]), Fault(0x8033801B, "The context is not valid.")], "e", "wmicimv2/S")
        self.assertEqual((ran.code, ran.stdout.decode(), len(asked)), (1, "S\n    Name = a\n\n", 2))
        self.assertIn("Error number:  -2144108517 0x8033801B\nThe context is not valid.\n", ran.stderr)

    def test_what_a_fault_leaves_open_is_released(self):
        ran, asked = self.winrm([batch("EnumerateResponse", self.ITEMS[:1]), Fault(0x80338029, "Not in time."), ""], "e", "wmicimv2/S")
        self.assertEqual((ran.code, ran.stdout.decode()), (1, "S\n    Name = a\n\n"))
        self.assertIn("0x80338029", ran.stderr)
        self.assertEqual([a.action for a in asked], [ENUMERATION + "Enumerate", ENUMERATION + "Pull", ENUMERATION + "Release"])
        self.assertEqual(asked[2].element("EnumerationContext").text, "c1")

    def test_a_reader_that_leaves_ends_it(self):
        answers = [batch("EnumerateResponse", self.LONG), ""]
        with Played(*answers) as played:
            command = f"'{WINRM}' --password-file=- e wmicimv2/S -r:{played.url} -a:basic -u:admin -un <<< secret | head -1; exit ${{PIPESTATUS[0]}}"
            done = subprocess.run(["bash", "-c", command], capture_output=True, timeout=DEADLINE)
        self.assertEqual((done.returncode, done.stdout), (1, b"S\n"), done.stderr)
        self.assertEqual(played.asked[-1].action, ENUMERATION + "Release")


class Lost(WithPlayed):
    """Nobody but the host knows what became of a change whose answer does not come."""
    CHANGES = (("create", "winrm/config/Listener?Address=*+Transport=HTTP", '@{Port="80"}'), ("delete", "winrm/config/Listener?Address=*+Transport=HTTP"),
               ("invoke", "StartService", "wmicimv2/Win32_Service?Name=Spooler"))

    def test_a_change_may_have_been_done(self):
        for words in self.CHANGES:
            for answer in (LOST, "<cut"):
                with self.subTest((words[0], answer)):
                    ran, asked = self.winrm([answer], *words)
                    self.assertEqual((ran.code, ran.stdout, len(asked)), (1, b"", 1))
                    self.assertIn("it may have been done", ran.stderr)
                    self.assertNotIn("Try again", ran.stderr)
        ran, asked = self.winrm([AUTH, LOST], "set", "winrm/config/service/auth", '@{Basic="true"}')
        self.assertEqual((ran.code, len(asked)), (1, 2))
        self.assertIn("put: it is not known whether the command ran: the connection was closed", ran.stderr)
        self.assertIn("Look on the host before you run it again.", ran.stderr)
        self.assertIn("Error number:  -2144108250 0x80338126\n", ran.stderr)

    def test_a_host_that_ran_out_of_time_may_still_be_at_it(self):
        ran, _ = self.winrm([Fault(0x80338029, "It took too long.")], *self.CHANGES[2])
        self.assertIn("It took too long.\n", ran.stderr)
        self.assertIn("It may have been done", ran.stderr)

    def test_a_question_can_be_asked_again(self):
        for words in (("get", "winrm/config"), ("enumerate", "winrm/config/listener"), ("id",)):
            ran, _ = self.winrm([LOST], *words)
            self.assertEqual((ran.code, ran.stdout), (1, b""))
            self.assertIn("Try again", ran.stderr)
            self.assertNotIn("may have been done", ran.stderr)
        ran, asked = self.winrm([batch("EnumerateResponse", Enumerations.ITEMS[:1]), LOST], "e", "wmicimv2/S")
        self.assertEqual((ran.code, ran.stdout, len(asked)), (1, b"S\n    Name = a\n\n", 2), "a batch is not given twice")
        self.assertNotIn("may have been done", ran.stderr)

    def test_ctrl_c_says_so_too(self):
        with Played(None) as played:
            command = [str(WINRM), *self.CHANGES[1], f"-r:{played.url}", "-a:basic", "-u:admin", "-un", "-p:secret"]
            with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
                wait_until(lambda: played.asked, "the request")
                process.send_signal(signal.SIGINT)
                said = process.stderr.read().decode()
                self.assertEqual(process.wait(DEADLINE), 130)
        self.assertIn("it may have been done [run.interrupted]", said)


class Faults(WithPlayed):
    def test_a_fault_is_shown_with_number_and_text(self):
        for form, document in (("text", "WSManFault\n    Message = It is not there.\n\n"),
                               ("xml", '<f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="2150858752" Machine="web01">'
                                       "<f:Message>It is not there.</f:Message></f:WSManFault>\n")):
            ran, _ = self.winrm([Fault(0x80338000, "It is not there.")], "get", "winrm/nothing", f"-format:{form}")
            self.assertEqual((ran.code, ran.stdout), (1, b""))
            self.assertTrue(ran.stderr.startswith(document + "Error number:  -2144108544 0x80338000\nIt is not there.\n"), ran.stderr)

    def test_a_fault_without_a_code(self):
        ran, _ = self.winrm([Fault(0, "Something.", detail=False)], "get", "winrm/config")
        self.assertEqual(ran.code, 1)
        self.assertIn("Error number:  -2147023537 0x8007054F\nSomething.\n", ran.stderr)

    def test_access_denied(self):
        ran, _ = self.winrm([Fault(5, "Access is denied.")], "get", "winrm/config")
        self.assertIn("Error number:  -2147024891 0x80070005\nAccess is denied.\n", ran.stderr)

    def test_advice_is_about_what_was_asked_for(self):
        for words, said, not_said in ((("get", "winrm/config?x=y"), "The resource has none of these selectors", "idle"),
                                      (("get", "winrm/config/listener"), "name the one with selectors, as RESOURCE?NAME=VALUE", "idle"),
                                      (("delete", "shell/cmd?ShellId=A"), "It was idle too long", "selectors, as RESOURCE")):
            ran, _ = self.winrm([Fault(0x8033805B, "It has no such selectors.")], *words)
            self.assertIn("Error number:  -2144108453 0x8033805B\n", ran.stderr)
            self.assertIn(said, ran.stderr)
            self.assertNotIn(not_said, ran.stderr)
        ran, _ = self.winrm([Fault(0x80338077, "It has no fragments.")], "get", "winrm/config", "-fragment:MaxTimeoutms")
        self.assertIn("Leave -fragment out: this resource is given and taken as a whole.", ran.stderr)

    def test_nobody_there(self):
        with closed_port() as port:
            ran = with_password(WINRM, "id", f"-r:http://127.0.0.1:{port}", "-a:basic", "-u:a", "-un", password="b")
        self.assertEqual((ran.code, ran.stdout), (1, b""))
        self.assertRegex(ran.stderr, r"^WSManFault\n    Message = .*refused.*\n\nError number:  -2144108526 0x80338012\n")

    def test_an_answer_that_is_none(self):
        ran, _ = self.winrm([""], "get", "winrm/config")
        self.assertEqual((ran.code, ran.stdout), (0, b""))
        ran, _ = self.winrm(["<a/>"], "id")
        self.assertEqual((ran.code, ran.stdout), (1, b""))


class CommandLine(unittest.TestCase):
    def test_wrong_words(self):
        for words, said in ((["gett", "x"], 'Unknown operation name: "gett"'),
                            (["get"], 'Invalid use of command line. Type "winrm -?" for help.'),
                            (["get", "x", "-colour:red"], "Unknown switch: colour"),
                            (["id", "-shallow"], "Switch not allowed with the given operation: shallow"),
                            (["get", "x", "-un"], "The '-unencrypted' option is only valid when used with the '-remote' option"),
                            (["set", "x", "@{A}"], 'Syntax Error: input must be of the form {KEY="VALUE"[;KEY="VALUE"]}'),
                            (["get", "x", "@{}"], "Input was supplied to an operation that does not accept input."),
                            (["get", "x", "-f:xml", "-f:xml"], "Option is not unique: format"),
                            (["get", "x", "--ca-file"], "write --ca-file=VALUE"),
                            (["get", "x", "-r:h", "--port=x"], "--port"),
                            (["get", "x", "-r:http://h", "-skipCAcheck", "-u:a"], "-skipCAcheck"),
                            (["get", "x", "-r:h", "-a:none"], "The '-auth:none' option is only valid when used with the 'identify' operation"),
                            (["get", "x", "-r:h", "-a:digest", "-u:a"], "Use -auth:negotiate (Kerberos or NTLM), or -auth:basic over https."),
                            (["id", "-a:digest"], "'-auth:digest' is not available"),
                            (["id", "-a:none", "-u:a"], "The '-username' option is not valid for '-auth:none'"),
                            (["id", "-a:none", "--transport=ntlm"], "--transport cannot be used together with -auth:none"),
                            (["id", "-r:https://h", "-c:0123"], "The '-certificate' option is only valid when used with the '-auth:certificate' option"),
                            (["id", "-r:h", "-a:certificate", "-c:0123"], "-certificate is only valid over https: write -remote:https://HOST or -usessl"),
                            (["helpmsg", "bogus"], 'Invalid error code: "bogus"'),
                            (["get", "x", "-r:h", "-u:a", "-pac:auto_detect"], "-proxyaccess:auto_detect"),
                            (["get", "x", "-r:h", "-u:a", "-pac:no_proxy", "-pa:basic"], "-proxyauthentication"),
                            (["get", "x", "-r:h", "-u:a", "-timeout:0"], "-timeout"),
                            (["get", "x", "-r:h", "-u:a", "-p:b", "--password-file=/dev/null"], "-password and --password-file both give the password"),
                            (["get", "x", "-r:h", "--password-file=/dev/null"], "--password-file is only valid with -username"),
                            (["get", "x", "--grant=a:read"], "--grant, --revoke and --sddl are options of winrm configSDDL"),
                            (["qc", "--port=1"], "winrm quickconfig sets up this machine alone"),
                            (["qc", "-r:h"], "Switch not allowed with the given operation: remote"),
                            (["get", "x", "-r:h", "-u:a"], "no password was given")):
            with self.subTest(words):
                ran = run(WINRM, *words)
                self.assertEqual((ran.code, ran.stdout), (1, b""))
                self.assertIn(said, ran.stderr)

    def test_advice_is_in_its_own_switches(self):
        said = run(WINRM, "get", "x", "-r:h", "-u:a").stderr
        self.assertIn("--password-file=FILE", said)
        self.assertNotIn(" -k", said)
        with closed_port() as port:
            where = [f"-r:http://127.0.0.1:{port}", "-u:a", "--transport=ntlm"]
            for program, words in ((WINRM, ["id", *where]), (WINRS, [*where, "dir"])):
                said = with_password(program, *words).stderr
                self.assertIn("next:", said)
                self.assertNotIn("--wait-for", said)

    def test_helpmsg(self):
        self.assertEqual(run(WINRM, "helpmsg").code, 0)
        for code in ("0x80338012", "2150858770", "-2144108526"):
            self.assertEqual(run(WINRM, "helpmsg", code).stdout, b"The client cannot connect to the destination specified in the request.\n")
        for code in ("0x80072F8F", "2147954575", "-2147012721", "12175", "80072f8f"):
            self.assertEqual(run(WINRM, "helpmsg", code).stdout, b"A security error occurred.\n", code)
        for code, text in (("0x80072EE2", b"The operation timed out.\n"), ("0x80070005", b"Access is denied.\n"), ("5", b"Access is denied.\n")):
            self.assertEqual(run(WINRM, "helpmsg", code).stdout, text)
        ran = run(WINRM, "helpmsg", "0x12345678")
        self.assertEqual((ran.code, ran.stdout), (1, b""))

    def test_help(self):
        for words in ([], ["-?"], ["help"], ["/?"]):
            ran = run(WINRM, *words)
            self.assertEqual(ran.code, 0)
            self.assertIn(b"Usage: winrm OPERATION", ran.stdout)
        for topic in "uris aliases config certmapping remoting auth input switches proxy filters get set enumerate".split():
            self.assertGreater(len(run(WINRM, "help", topic).stdout.splitlines()), 2, topic)
        self.assertEqual(run(WINRM, "help", "nonsense").code, 1)
        self.assertEqual(run(MULLION, "winrm", "help", "uris").stdout, run(WINRM, "help", "uris").stdout)
        self.assertIn(b"Usage: winrm", run(MULLION, "help", "winrm").stdout)
        self.assertIn(b"winrs", run(MULLION, "--help").stdout)


class Secrets(unittest.TestCase):
    def test_a_password_is_gone_from_the_process_list_at_once(self):
        words = ["create", "winrm/config/service/certmapping?URI=*", '@{UserName="u";Password="in the bag"}', "-a:basic", "-u:admin", "-un", "-p:on the line"]
        with Played(None) as played:
            with subprocess.Popen([str(WINRM), *words, f"-r:{played.url}"], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
                wait_until(lambda: played.asked, "the request")
                listed = Path(f"/proc/{process.pid}/cmdline").read_bytes()
                process.kill()
                said = process.stderr.read().decode()
        self.assertIn(b"certmapping", listed)
        self.assertNotIn(b"on the line", listed)
        self.assertNotIn(b"in the bag", listed)
        self.assertRegex(said, "^winrm: warning: the password stood on the command line")
        self.assertIn("winrm: warning: the password in @{…} stood on the command line", said)
        self.assertNotIn("on the line", said)
        self.assertIn("in the bag", played.asked[0].body)

    def test_a_password_is_asked_for_on_a_terminal(self):
        with Played(IDENTITY) as played, Terminal(WINRM, "id", f"-r:{played.url}", "-a:basic", "-u:admin", "-un") as terminal:
            terminal.read(b"Password of admin for 127.0.0.1")
            terminal.type(b"secret\r")
            self.assertIn(b"ProductVendor = Microsoft Corporation", terminal.read())
            self.assertEqual(terminal.wait(), 0)

    def test_what_a_host_says_cannot_steer_the_terminal(self):
        with Played("<R><A>\x7f&#x9b;2J</A></R>") as played, Terminal(WINRM, "get", "u", f"-r:{played.url}", "-a:basic", "-u:a", "-un", "-p:b") as terminal:
            self.assertIn(rb"A = \x7f\x9b2J", terminal.read())


class OurService(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service(["Service/Auth/Basic=true"]))

    def test_identify(self):
        for scheme, more in (("http", ["-a:negotiate"]), ("http", []), ("https", ["-a:basic", f"--ca-file={self.service.ca}"]),
                             ("https", ["-a:basic", "-skipCAcheck", "-skipCNcheck"]), ("http", ["-encoding:utf-16"])):
            with self.subTest((scheme, more)):
                ran = with_password(WINRM, "id", f"-r:{self.service.url(scheme)}", f"-u:{ADMIN[0]}", *more)
                self.assertEqual((ran.code, ran.stderr), (0, ""))
                self.assertRegex(ran.stdout.decode(), r"^IdentifyResponse\n    ProtocolVersion = http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\n    ProductVendor = ")

    def test_a_certificate_that_cannot_be_verified(self):
        ran = with_password(WINRM, "id", f"-r:{self.service.https}", f"-u:{ADMIN[0]}")
        self.assertEqual((ran.code, ran.stdout), (1, b""))
        self.assertIn("0x80072F8F", ran.stderr)

    def test_a_wrong_password(self):
        ran = with_password(WINRM, "id", f"-r:{self.service.http}", f"-u:{ADMIN[0]}", password="wrong")
        self.assertEqual((ran.code, ran.stdout), (1, b""))
        self.assertIn("Error number:  -2147024891 0x80070005\n", ran.stderr)

    def test_plain_messages_are_refused_by_a_service_that_wants_them_sealed(self):
        ran = with_password(WINRM, "id", f"-r:{self.service.http}", f"-u:{ADMIN[0]}", "-un")
        self.assertEqual((ran.code, ran.stdout), (1, b""))
        self.assertIn("[auth.encryption_required]", ran.stderr)

    def test_a_resource_that_is_not_there(self):
        ran = with_password(WINRM, "get", "wmicimv2/Win32_Nothing?Name=a", f"-r:{self.service.http}", f"-u:{ADMIN[0]}")
        self.assertEqual((ran.code, ran.stdout), (1, b""))
        self.assertRegex(ran.stderr, r"^WSManFault\n    Message\n        ProviderFault\n            WSManFault\n                Message = there is no class Win32_Nothing here\n"
                                     r"\nError number:  -\d+ 0x80338000\n")

    def test_shells_are_enumerated(self):
        ran = with_password(WINRM, "enumerate", "shell", f"-r:{self.service.http}", f"-u:{ADMIN[0]}")
        self.assertEqual((ran.code, ran.stdout, ran.stderr), (0, b"", ""), "nobody has a shell now")


class Tickets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if reason := kerberos.missing():
            raise unittest.SkipTest(reason)
        cls.kdc = cls.enterClassContext(kerberos.Kdc())
        cls.service = cls.enterClassContext(Service(accounts=[("alice", kerberos.PASSWORD, ["--admin"])], options=["--keytab", str(cls.kdc.keytab)],
                                                    environment=cls.kdc.environment))
        cls.remote = f"-r:{cls.service.http}"

    def test_of_kinit_log_on_whom_nobody_names(self):
        with tempfile.TemporaryDirectory() as folder:
            environment = {**self.kdc.environment, "KRB5CCNAME": f"FILE:{folder}/cache"}
            subprocess.run(["kinit", f"alice@{kerberos.REALM}"], input=kerberos.PASSWORD.encode() + b"\n", env={**os.environ, **environment},
                           capture_output=True, check=True)
            for more in ([], ["-a:kerberos"], ["-a:negotiate"]):
                ran = run(WINRM, "--kerberos-hostname=localhost", "id", self.remote, *more, environment=environment)
                self.assertEqual((ran.code, ran.stderr), (0, ""))
            # The service has no key for a name with its port.
            ran = run(WINRM, "id", self.remote, "-spnport", environment=environment)
            self.assertEqual(ran.code, 1)
            self.assertIn(f"127.0.0.1:{self.service.port('http')}", ran.stderr)
        ran = run(WINRM, "id", self.remote, environment={**self.kdc.environment, "KRB5CCNAME": "FILE:/nonexistent"})
        self.assertEqual((ran.code, ran.stdout), (1, b""))
        self.assertIn("[kerberos.no_ticket]", ran.stderr)

    def test_of_a_user_with_a_realm(self):
        with Password(kerberos.PASSWORD) as file:
            done = subprocess.run([str(WINRM), f"--password-file={file.path}", "--kerberos-hostname=localhost", "id", self.remote,
                                   f"-u:alice@{kerberos.REALM}"], env={**os.environ, **self.kdc.environment}, capture_output=True,
                                  pass_fds=file.descriptors, timeout=DEADLINE)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
