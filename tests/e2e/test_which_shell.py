"""Which program the words of a command go to."""
import pwd
import shutil
import socket
import unittest

from tests.e2e.client import mullion, words
from tests.support.service import Service, shell_user


class WhichShell(unittest.TestCase):
    def test_sh_unless_the_login_shell_is_asked_for(self):
        own = pwd.getpwnam(shell_user()).pw_shell
        with Service() as service:
            self.assertEqual(mullion("run", *words(service), "--", "echo $0").stdout, b"/bin/sh\n")
        service = Service()
        service.state.mkdir(mode=0o700)
        (service.state / "winrm.yaml").write_text("UseLoginShell: true\n")
        with service:
            ran = mullion("run", *words(service), "--", "echo $0")
            if own.endswith(("nologin", "false")):  # Who may not log in may not here either.
                self.assertEqual((ran.code, b"/bin/sh" in ran.stdout), (2, False))
            else:
                self.assertEqual(ran.stdout.decode(), own + "\n")

    @unittest.skipIf(shutil.which("pwsh"), "pwsh is installed")
    def test_powershell_says_that_it_is_missing(self):
        with Service() as service:
            ran = mullion("run", *words(service), "--", "powershell.exe -NoProfile -Command Get-Date")
            self.assertEqual(ran.code, 2)
            self.assertIn(f"pwsh is not installed on {socket.gethostname()}", ran.stderr)
