"""Every option that all of Centreon's checks of Windows have: taken and acting as there, or refused with what to use instead. What is passed over in silence
is in no row. tests/peers/test_centreon_ours.py reads Centreon's own tables and fails where this one lacks an option."""
import re
import tempfile
import time
import unittest
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.check_scene import CENTREON, PLUGIN, State, run, windows
from tests.support.service import ADMIN


@dataclass(frozen=True)
class Row:
    option: str
    words: tuple
    code: int
    says: str             # An expression for the standard output.
    mode: str = "memory"
    without: tuple = ()   # Of the words that every command line here has.
    stderr: str = ".*"


OK = r"\AOK: Memory usage total: 8\.00 GB used: 2\.74 GB \(34\.20%\) free: 5\.26 GB \(65\.80%\) "


def acts(option, words, code, says, **rest):
    return Row(option, tuple(words.split(" ")) if words else (), code, says, **rest)


def refused(option, words, instead, **rest):
    """Unknown, with the option's name and what to use instead."""
    return acts(option, words, 3, rf"\AUNKNOWN: .*--{option}[^\n]*(.|\n)*{instead}", **rest)


CONNECTION = [
    acts("hostname", "", 0, OK), acts("host", "--host=127.0.0.1", 0, OK, without=("--hostname",)),
    acts("wsman-port", "--wsman-port=x", 3, r"\AUNKNOWN: Wrong wsman port parameter\. Must be an integer\. \n\Z"),
    acts("wsman-path", "--wsman-path=/elsewhere", 3, r"\AUNKNOWN: 127\.0\.0\.1: .*404"),
    acts("wsman-scheme", "--wsman-scheme=ftp", 3, r"\AUNKNOWN: Wrong scheme parameter\. "),
    acts("wsman-username", "--wsman-username=stranger", 3, r"\AUNKNOWN: 127\.0\.0\.1: "), acts("wsman-password", "--wsman-password=wrong", 3, r"\AUNKNOWN: 127\.0\.0\.1: "),
    acts("wsman-timeout", "--wsman-timeout=x", 3, r"\AUNKNOWN: --wsman-timeout x: "),
    acts("wsman-proxy-url", "--wsman-proxy-url=http://127.0.0.1:1", 3, r"\AUNKNOWN: 127\.0\.0\.1: .*refused"),
    refused("wsman-proxy-username", "--wsman-proxy-username=u", "Use a proxy that takes this machine's connections"), refused("wsman-proxy-password", "--wsman-proxy-password=p", "logging on to a proxy"),
    refused("wsman-debug", "--wsman-debug", "mullion doctor HOST"), refused("wsman-auth-method", "--wsman-auth-method=digest", "Use basic, ntlm or gssnegotiate"),
    acts("wsman-errors-exit", "--wsman-errors-exit=critical --wsman-password=wrong", 2, r"\ACRITICAL: 127\.0\.0\.1: "),
]
GLOBAL = [
    acts("plugin", "--plugin=apps::other", 3, r"\AUNKNOWN: Cannot load module --plugin\. "), acts("list-plugin", "--list-plugin", 3, "PLUGIN: os::windows::wsman::plugin"),
    acts("mode", "--mode=none", 3, r"\AUNKNOWN: mode 'none' doesn't exist"), refused("dyn-mode", "--dyn-mode=a::b", "mullion check", without=("--mode",)),
    acts("list-mode", "--list-mode", 3, r"Modes Available:\n(.|\n)*   memory\n"), acts("mode-version", "--mode-version=2.0", 3, "Not good version for plugin mode"),
    acts("no-sanity-options", "--nobody-knows-it --no-sanity-options", 0, OK), refused("pass-manager", "--pass-manager=file", "--password-file FILE"),
    acts("version", "--version", 3, "Mode Version: 1.0"), acts("help", "--help", 3, "--warning-memory-usage-percentage"), acts("runas", "--runas=stranger", 3, r"\AUNKNOWN: Runas user 'stranger' not exist\. "),
    acts("environment", "--environment=LD_PRELOAD=x", 3, "--environment LD_PRELOAD: .*set it before"), acts("global-timeout", "--global-timeout=soon", 3, "--global-timeout soon: it is a number of seconds"),
    acts("global-timeout", "--global-timeout=60s", 0, OK), acts("global-timeout", "--global-timeout=0", 0, OK),
    refused("convert-args", "--convert-args=a,b", "write the words as they are meant"), acts("ignore-warn-msg", "--ignore-warn-msg", 0, OK, stderr=r"\A\Z"),
]
LINES = r"Process 4 \[status: running\] \[name: System\]\n(Process \d+ .*\n){2}"
COUNT = r"OK: Number of current processes: 3 \| 'processes\.detected\.count'=3;;;0;\n"
OUTPUT = [
    acts("verbose", "--verbose", 0, rf"\A{COUNT}{LINES}\Z", mode="processes"), acts("debug", "--debug", 0, rf"\A{COUNT}{LINES}\Z", mode="processes"),
    acts("debug-stream", "--debug-stream", 0, rf"\A{LINES}{COUNT}\Z", mode="processes"), acts("show-password", "--show-password", 0, OK),
    acts("filter-perfdata", "--filter-perfdata=percentage", 0, OK + r"\| 'memory\.usage\.percentage'=[^']*\n\Z"),
    acts("filter-perfdata-adv", "--filter-perfdata-adv=%(unit)eq'%'", 0, OK + r"\| 'memory\.usage\.percentage'=[^']*\n\Z"),
    acts("explode-perfdata-max", "--explode-perfdata-max=percentage,most", 0, OK + r".* 'most'=100%;;;;\n\Z"), acts("change-perfdata", "--change-perfdata=percentage,share", 0, OK + r".* 'memory\.usage\.share'=34\.20%"),
    acts("extend-perfdata", "--extend-perfdata=percentage,share", 0, OK + r".*percentage'=34.* 'memory\.usage\.share'=34\.20%"),
    acts("extend-perfdata-group", "--extend-perfdata-group=,all,sum(bytes),B", 0, OK + r".* 'all'=8589463552B;;;;\n\Z"),
    acts("change-short-output", "--change-short-output=Memory~Mem", 0, r"\AOK: Mem usage total"), acts("change-long-output", "--change-long-output=Process~P~g --verbose", 0, r"\nP 4 \[", mode="processes"),
    acts("change-exit", "--change-exit=ok=warning", 1, OK), acts("change-output-adv", "--change-output-adv=%{exit_code}==0,Good,CRITICAL", 2, r"\AGood"),
    acts("range-perfdata", "--range-perfdata=2 --warning-usage-prct=80", 0, OK + r".*34\.20%;;;0;100"), acts("filter-uom", "--filter-uom=B", 0, OK + r".*percentage'=34\.20;"),
    acts("opt-exit", "--opt-exit=critical --warning-usage-prct=x", 2, r"\ACRITICAL: Wrong warning-memory-usage-percentage threshold 'x'\. \n\Z"),
    acts("output-ignore-perfdata", "--output-ignore-perfdata", 0, OK + r"\n\Z"), acts("output-ignore-label", "--output-ignore-label", 0, r"\AMemory usage total"),
    acts("output-xml", "--output-xml", 0, r"\A<\?xml .*\n<plugin>"), acts("output-json", "--output-json", 0, r'\A\{"plugin":\{'), acts("output-openmetrics", "--output-openmetrics", 0, r"(?m)^memory_usage_percentage\{"),
    acts("output-file", "--output-file=/nonexistent/file", 3, r"\AUNKNOWN: cannot open file  '/nonexistent/file': No such file or directory \| 'memory\.usage\.bytes'=2937208832B"),
    acts("disco-format", "--disco-format", 0, r"<element>pid</element>", mode="list-processes"), acts("disco-show", "--disco-show", 0, r'<label name="System" pid="4"', mode="list-processes"),
    acts("float-precision", "--float-precision=0 --warning-usage-prct=@34.1", 1, r"\AWARNING: Memory"), acts("source-encoding", "--source-encoding=UTF-8", 0, OK),
    refused("source-encoding", "--source-encoding=latin1", "leave the option out"), acts("use-new-perfdata", "--use-new-perfdata", 0, OK + r".*'memory\.usage\.bytes'"),
]
COUNTERS = [
    acts("filter-counters", "--filter-counters=usage-prct", 0, r"\AOK:  \| 'memory\.usage\.percentage'=34\.20%;;;0;100\n\Z"), acts("filter-counters-block", "--filter-counters-block=memory --centreon-compat", 0, r"\AOK:  \n\Z"),
    refused("filter-counters", "--filter-counters=usge", "usage, usage-free, usage-prct"), refused("filter-counters-block", "--filter-counters-block=memory", "usage, usage-free, usage-prct"),
    acts("display-ok-counters", "--filter-counters=usage-prct --display-ok-counters=prct", 0, r"\AOK: Memory .*34\.20 ?%"), acts("list-counters", "--list-counters", 0, r"\Acounter list: usage usage-free usage-prct"),
]
ELSEWHERE = r"leave the option out, or name a folder with --statefile-dir"
STATE = [
    acts("statefile-dir", "--statefile-dir=/dev/null/x", 3, r"\AUNKNOWN: .*/dev/null/x", mode="cpu"), acts("statefile-suffix", "--statefile-suffix=_x", 0, "Buffer creation", mode="cpu"),
    acts("statefile-concat-cwd", "--statefile-concat-cwd --statefile-dir=../../../../../../dev/null/x", 3, r"\AUNKNOWN: .*dev/null/x", mode="cpu"),
    acts("statefile-format", "--statefile-format=json", 0, "Buffer creation", mode="cpu"), refused("statefile-format", "--statefile-format=dumper", "leave the option out", mode="cpu"),
    *(refused(option, f"--{option}=x", "leave the option out", mode="cpu") for option in ("statefile-key", "statefile-cipher", "statefile-storable", "memexpiration")),
    *(refused(option, f"--{option}=x", ELSEWHERE, mode="cpu") for option in ("memcached", "redis-server", "redis-attribute", "redis-db", "failback-file")),
]
ROWS = CONNECTION + GLOBAL + OUTPUT + COUNTERS + STATE


def words_of(row, played):
    ours = {"--mode": row.mode, "--hostname": "127.0.0.1", "--wsman-port": played.ports["http"], "--wsman-username": ADMIN[0], "--wsman-password": ADMIN[1], "--wsman-auth-method": "ntlm"}
    return [CENTREON, PLUGIN, *(f"{name}={value}" for name, value in ours.items() if name not in row.without), *row.words]


class Options(unittest.TestCase):
    def test_each_acts_as_centreons_or_is_refused_with_what_to_use_instead(self):
        with windows() as played, State() as state:
            for row in ROWS:
                with self.subTest(row.option, words=row.words):
                    ran = run(words_of(row, played), state.environment)
                    self.assertEqual(ran.code, row.code, ran)
                    self.assertRegex(ran.stdout, row.says)
                    self.assertTrue(re.search(row.stderr, ran.stderr, re.DOTALL), ran)

    def test_all_modes_in_one_are_refused(self):
        ran = run([CENTREON, PLUGIN, "--mode=multi", "--hostname=x"])
        self.assertEqual(ran.code, 3)
        self.assertIn("start one check for each mode", ran.stdout)


class GlobalTimeout(unittest.TestCase):
    def test_it_ends_what_a_host_holds_up_in_centreons_words(self):
        with windows(more="faults: [{step: enumerate, do: stall}]\n") as played:
            began = time.monotonic()
            ran = run(words_of(acts("global-timeout", "--global-timeout=1 --opt-exit=critical --wsman-errors-exit=warning", 2, ""), played))
            self.assertEqual((ran.code, ran.stdout), (2, "CRITICAL: script global timeout \n"), ran)
            self.assertLess(time.monotonic() - began, 25)  # The host's own is 30 s.

    def test_the_shorter_limit_counts(self):
        with windows(more="faults: [{step: enumerate, do: stall}]\n") as played:
            ran = run(words_of(acts("global-timeout", "--global-timeout=60 --timeout=1", 3, ""), played))
            self.assertEqual(ran.code, 3, ran)
            self.assertNotIn("script global timeout", ran.stdout)


class OutputFile(unittest.TestCase):
    def asked(self, played, *words):
        return run(words_of(Row("output-file", words, 0, ""), played))

    def test_the_result_is_in_the_file_and_nowhere_else(self):
        with windows() as played, tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "result"
            for options, code, text in (((), 0, "OK: "), (("--warning-usage-prct=1",), 1, "WARNING: ")):
                ran = self.asked(played, f"--output-file={file}", *options)
                self.assertEqual((ran.code, ran.stdout), (code, ""), ran)
                self.assertTrue(file.read_text().startswith(f"{text}Memory usage"), file.read_text())
                self.assertTrue(file.read_text().endswith("\n"))
                self.assertEqual(list(Path(folder).iterdir()), [file])

    def test_what_is_refused_is_told_on_the_standard_output(self):
        with windows() as played, tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "result"
            ran = self.asked(played, f"--output-file={file}", "--warning-usage-prct=x")
            self.assertEqual((ran.code, ran.stdout), (3, "UNKNOWN: Wrong warning-memory-usage-percentage threshold 'x'. \n"))
            self.assertFalse(file.exists())


SPANISH = """<root><qwinsta language="es"><created>creadas</created><disconnected>desconectadas</disconnected><reconnected>reconectadas</reconnected>
<activestate>Activo</activestate><disconnectedstate>Desc</disconnectedstate><header_sessionname>NOMBRE</header_sessionname><header_state>ESTADO</header_state></qwinsta></root>"""
SESSIONS = r"""answers:
  - command: qwinsta /COUNTER
    templates: false
    stdout: " NOMBRE       USUARIO   ID  ESTADO\r\n rdp-tcp#3    ann        2  Activo\r\nSesiones creadas 12\r\nSesiones desconectadas 5\r\nSesiones reconectadas 3\r\n"
"""


class ConfigFile(unittest.TestCase):
    """The command line reads the file of `sessions --config`."""

    def asked(self, played, state, content, language="es"):
        file = state.path / "words.xml"
        if content is not None:
            file.write_text(content)
        ran = run(words_of(Row("config", (f"--config={file}", f"--language={language}"), 0, "", mode="sessions"), played), state.environment)
        return ran.code, ran.stdout.splitlines()[0].replace(str(file), "FILE")

    def test_its_words_are_those_of_the_host(self):
        with windows(more=SESSIONS) as played, State() as state:
            code, text = self.asked(played, state, SPANISH)
            self.assertEqual((code, text.partition("|")[2]), (0, " 'sessions_active'=1;;;0; 'sessions_disconnected_current'=0;;;0;"), text)

    def test_what_is_wrong_with_it_is_told_before_anybody_is_asked(self):
        with windows() as played, State() as state:
            for content, text in ((None, "UNKNOWN: Could not open file FILE : No such file or directory "), ("", "UNKNOWN: --config: FILE is empty "), (" " * (256 * 1024 + 1), "UNKNOWN: Could not open file FILE : "),
                                  (SPANISH, "UNKNOWN: Cannot find language 'pt' in config file ")):
                with self.subTest(text):
                    code, said = self.asked(played, state, content, "pt")
                    self.assertEqual(code, 3)
                    self.assertTrue(said.startswith(text), said)
            self.assertNotIn("web01", played.counts()["hosts"])


if __name__ == "__main__":
    unittest.main()
