"""`winrm set` says beforehand what may cut the way by which it reached the host, as `mullion config` does."""
import tempfile
import unittest

from tests.e2e.namesakes import WINRM, run, with_password
from tests.e2e.played_wsman import LOST, Fault
from tests.e2e.test_winrm import AUTH, TRANSFER, WithPlayed
from tests.support.service import ADMIN, Service


class Warnings(WithPlayed):
    def test_set_warns_before_it_cuts_its_own_way_in(self):
        basic = AUTH.replace("Basic>false", "Basic>true")
        cut = "winrm: warning: Service/Auth/Basic is how the host was logged on to (basic): after this it is not any more\n"
        ran, asked = self.winrm([basic, AUTH], "set", "winrm/config/service/auth", '@{Basic="False"}')
        self.assertEqual((ran.code, ran.stderr, len(asked)), (0, cut, 2))
        # It was said before: no answer came.
        ran, _ = self.winrm([basic, LOST], "set", "winrm/config/service/auth", '@{Basic="false"}')
        self.assertTrue(ran.stderr.startswith(cut), ran.stderr)
        # An account that may write and not read.
        with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
            file.write(AUTH)
            file.flush()
            words = ("set", "winrm/config/service/auth", f"-file:{file.name}")
            ran, asked = self.winrm([Fault(5, "Access is denied."), AUTH], *words)
            self.assertEqual((ran.code, ran.stderr, [a.action for a in asked]), (0, "", [TRANSFER + "Get", TRANSFER + "Put"]))
            ran, _ = self.winrm([basic, AUTH], *words)
            self.assertEqual((ran.code, ran.stderr), (0, cut))
        for words in (("set", "winrm/config/client/auth", '@{Basic="false"}'), ("set", "wmicimv2/S?Name=a", '@{Basic="false"}')):
            ran, _ = self.winrm([basic, AUTH], *words)
            self.assertEqual((ran.code, ran.stderr), (0, ""))


class OurService(unittest.TestCase):
    def test_the_warning_comes_true(self):
        with Service() as service:
            words = ["-u:" + ADMIN[0], f"-r:{service.http}"]
            ran = with_password(WINRM, "set", "winrm/config/service", '@{AllowRemoteAccess="false"}', *words)
            self.assertEqual((ran.code, ran.stderr), (0, ""), "over a loopback address nothing is cut")
            changed = ("set", "winrm/config/service/auth", '@{Negotiate="false"}')
            ran = with_password(WINRM, *changed, *words)
            self.assertEqual(ran.code, 0)
            self.assertRegex(ran.stderr, r"^winrm: warning: Service/Auth/Negotiate is how the host was logged on to \(\w+\): after this it is not any more\n$")
            self.assertEqual(with_password(WINRM, "id", *words).code, 1)
            # At the machine itself nothing closes the socket.
            for value in ("true", "false"):
                ran = run(WINRM, "set", "winrm/config/service/auth", f'@{{Negotiate="{value}"}}', f"--state={service.state}")
                self.assertEqual((ran.code, ran.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
