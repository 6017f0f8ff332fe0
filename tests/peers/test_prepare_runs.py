"""`prepare host`'s own functions, run on a made-up Windows: a second run changes nothing, an undo brings back the start, also where the process was killed, or
Windows refused, at any change; and what others do meanwhile stays. tests/support/powershell.py runs them, and says what that proves."""
import unittest

from tests.support.prepare_scripts import VARIANTS, printed
from tests.support.windows_host import FOLDER, Host

EVERYTHING = "host, everything"
MADE = ["host", EVERYTHING, "host, no listeners", "host, http"]
# A step of each kind: each change of it is one at which the process dies.
EACH_KIND = ["host", "--auth", "credssp", "--credssp-cert", "listener", "--tls12", "--remove-listeners", "all"]


class Runs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scripts = {name: printed(*VARIANTS[name]) for name in MADE}
        cls.each_kind = printed(*EACH_KIND)

    def all_are(self, told, state):
        self.assertEqual(set(told.values()), {state}, told)

    def test_check_apply_again_undo(self):
        for name, script in self.scripts.items():
            with self.subTest(name):
                host = Host()
                start = host.state()
                self.assertEqual(host.run(script, "Check")[0], 2)
                self.assertEqual((host.mutations, host.state()), (0, start), "a check changes nothing")
                code, told = host.run(script)
                self.assertEqual((code, set(told.values()) - {"changed", "ok"}), (0, set()), host.details)
                done = host.state()
                code, told = host.run(script)
                self.assertEqual((code, host.mutations, host.state()), (0, 0, done), "a second run changes nothing")
                self.all_are(told, "ok")
                self.assertEqual(host.run(script, "Check")[0], 0)
                self.assertEqual(host.run(script, "Undo")[0], 0, host.details)
                self.assertEqual(host.state(), start)
                code, told = host.run(script, "Undo")
                self.assertEqual((code, host.mutations), (0, 0))
                self.all_are(told, "ok")

    def at_each_change(self, script, how):
        """A host for each change that a run makes, with that one killed or refused."""
        host = Host()
        host.run(script)
        changes = host.mutations
        self.assertGreater(changes, 20)
        for number in range(1, changes + 1):
            host = Host()
            start = host.state()
            setattr(host, how, number)
            told = host.run(script)
            setattr(host, how, None)
            yield number, host, start, told

    def undone(self, host, script, start):
        code, told = host.run(script, "Undo")
        self.assertEqual(code, 0, (told, host.details))
        self.assertEqual(host.state(), start)

    def test_killed_at_any_change_and_undone(self):
        script = self.each_kind
        for number, host, start, (code, _) in self.at_each_change(script, "dies_at"):
            with self.subTest(number):
                self.assertIsNone(code)
                self.undone(host, script, start)

    def test_killed_at_any_change_done_and_undone(self):
        script = self.each_kind
        for number, host, start, _ in self.at_each_change(script, "dies_at"):
            with self.subTest(number):
                self.assertEqual(host.run(script)[0], 0, host.details)
                self.undone(host, script, start)

    def test_refused_at_any_change(self):
        script = self.each_kind
        for number, host, start, (code, told) in self.at_each_change(script, "fails_at"):
            with self.subTest(number):
                self.assertEqual(code, 1)
                self.assertIn("failed", told.values())
                self.undone(host, script, start)

    def test_the_undo_killed_at_any_change(self):
        script = self.each_kind
        host = Host()
        host.run(script)
        host.run(script, "Undo")
        for number in range(1, host.mutations + 1):
            with self.subTest(number):
                host = Host()
                start = host.state()
                host.run(script)
                host.dies_at = number
                host.run(script, "Undo")
                host.dies_at = None
                self.undone(host, script, start)

    def test_what_others_set_since_stays(self):
        script = self.scripts[EVERYTHING]
        host = Host()
        host.run(script)
        host.wsman["Service\\Auth\\CbtHardeningLevel"] = "None"
        host.service["Start"] = 4
        self.assertEqual(host.run(script, "Undo")[0], 0)
        self.assertEqual((host.wsman["Service\\Auth\\CbtHardeningLevel"], host.service["Start"]), ("None", 4))
        self.assertIn("which was set since and stays", host.details["service"])

    def test_a_step_that_was_so_at_first_is_undone_in_its_place(self):
        """The service stands behind the listeners in the journal, and is stopped after them all the same."""
        script = self.scripts[EVERYTHING]
        host = Host()
        host.service.update(Start=2, Running=True)
        host.run(script)
        host.service.update(Start=3, Running=False)
        start = host.state()
        self.assertEqual(host.run(script)[1]["service"], "changed")
        self.assertEqual(host.run(script, "Undo")[0], 0, host.details)
        self.assertEqual(host.state()[:1], start[:1])
        self.assertEqual(host.files, {})

    def test_a_journal_that_others_could_write_is_not_believed(self):
        script = self.scripts["host"]
        host = Host()
        host.run(script)
        host.acl.writers.append("S-1-5-32-545")
        before = host.state()
        self.assertEqual(host.run(script, "Undo")[0], 1)
        self.assertEqual(host.state(), before)
        self.assertTrue([line for line in host.said if line.startswith("mullion-error") and FOLDER in line])

    def test_the_way_of_the_session_is_not_cut(self):
        script = self.scripts["host, http"]  # It moves the listener of 5985 to 80.
        for over in ("http:5985", "http:15985"):
            with self.subTest(over):
                host = Host()
                code, told = host.run(script, over=over)
                self.assertEqual((code, told["listener-http"]), (1, "failed"))
                self.assertIn("this session comes through", host.details["listener-http"])
        code, told = Host().run(self.scripts[EVERYTHING], over="https:5986:Negotiate")
        self.assertEqual((code, told["auth-negotiate"]), (1, "failed"))
        self.assertEqual({told[name] for name in ("auth-basic", "auth-certificate")}, {"changed"})
