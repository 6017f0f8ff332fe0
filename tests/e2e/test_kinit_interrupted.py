"""Ctrl-C while the operator's kinit runs: what it has written by then is not left behind."""
import os
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from tests.e2e.bad_servers import BadServer, read_request
from tests.e2e.client import Password
from tests.support.kdc import REALM
from tests.support.service import DEADLINE, MULLION, alive, wait_until

HANGS = '#!/bin/sh\necho ticket >"${KRB5CCNAME#FILE:}"\necho "$$ ${KRB5CCNAME#FILE:}" >"$TOLD"\nexec sleep 300\n'


class Interrupted(unittest.TestCase):
    def test_the_cache_is_removed(self):
        """A host that offers Kerberos, and a kinit that hangs."""
        with tempfile.TemporaryDirectory() as folder, Password("secret") as file, BadServer(offers_kerberos) as host:
            kinit, told = Path(folder) / "kinit", Path(folder) / "told"
            kinit.write_text(HANGS)
            kinit.chmod(0o755)
            command = [MULLION, "ping", f"http://127.0.0.1:{host.port}", "-u", f"alice@{REALM}", "--transport", "kerberos", "--password-file", file.path,
                       "--kinit-cmd", kinit, "-e", "ansible_winrm_kinit_env_vars=TOLD"]
            client = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                      pass_fds=file.descriptors, env={**os.environ, "TOLD": str(told)})
            pid = None
            try:
                pid, cache = wait_until(lambda: told.exists() and told.read_text().split(), "kinit says that it runs")
                self.assertTrue(Path(cache).exists())
                client.send_signal(signal.SIGINT)
                _, said = client.communicate(timeout=DEADLINE)
                self.assertEqual(client.returncode, 130, said)
                self.assertFalse(Path(cache).parent.exists())
            finally:
                client.kill()
                client.communicate()
                if pid and alive(int(pid)):
                    os.kill(int(pid), signal.SIGKILL)


def offers_kerberos(connection):
    while read_request(connection):
        connection.sendall(b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Kerberos\r\nContent-Length: 0\r\n\r\n")


if __name__ == "__main__":
    unittest.main()
