"""The command itself: its words, its output, how it ends."""
import json
import signal
import subprocess
import unittest

from tests.doctor.case import doctor
from tests.e2e import bad_servers
from tests.e2e.client import Password, words
from tests.support.service import ADMIN, DEADLINE, MULLION, Service, read_line


class Command(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())

    def test_text_has_a_line_for_each_check(self):
        ran = doctor(*words(self.service), output="text")
        self.assertEqual(ran.code, 0, ran)
        text = ran.stdout.decode()
        for check in ("name", "reverse", "tcp", "tls", "http", "schemes", "clock", "kdc", "ticket", "logon ntlm", "shell", "cim", "quota", "config"):
            self.assertRegex(text, rf"(?m)^  {check} +(ok|skipped) ")
        self.assertRegex(text, r"(?m)^  safety +warning .*\[safety\.administrator\]$")
        self.assertNotIn(ADMIN[1], text + ran.stderr)

    def test_text_of_a_failure_has_the_commands(self):
        with bad_servers.closed_port() as port:
            ran = doctor(f"http://127.0.0.1:{port}", "-u", "x", output="text")
        self.assertEqual(ran.code, 4, ran)
        text = ran.stdout.decode()
        for part in ("[net.refused]", "likely:", "on host:", "Get-Service WinRM", "here:", "next:", "because of tcp"):
            self.assertIn(part, text)

    def test_several_hosts_have_one_result_each(self):
        with bad_servers.closed_port() as port:
            ran = doctor(f"{self.service.http},http://127.0.0.1:{port}", "-u", ADMIN[0], "--transport", "ntlm")
        document = json.loads(ran.stdout)
        self.assertEqual([host["status"] for host in document["hosts"]], ["ok", "unreachable"], ran)
        self.assertEqual((ran.code, document["summary"]["total"], document["schema"]), (4, 2, 1))

    def test_of_an_inventory(self):
        file = self.service.folder / "hosts.ini"
        port = self.service.port("http")
        file.write_text(f"[windows]\nweb01 ansible_host=127.0.0.1 ansible_port={port} ansible_winrm_scheme=http ansible_winrm_transport=ntlm "
                        f"ansible_user={ADMIN[0]}\nlinux01 ansible_connection=ssh\n")
        ran = doctor("all", "-i", file)
        self.assertEqual(ran.code, 0, ran)
        self.assertEqual({host["host"]: host["status"] for host in json.loads(ran.stdout)["hosts"]}, {"web01": "ok", "linux01": "skipped"})

    def test_ctrl_c_ends_it(self):
        with bad_servers.silent() as server, Password("x") as password:
            running = subprocess.Popen([str(MULLION), "doctor", f"http://127.0.0.1:{server.port}", "-u", "x", "--password-file", password.path,
                                        "--transport", "ntlm"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                       pass_fds=password.descriptors)
            try:
                while "tls" not in (line := read_line(running.stdout, running) or "tls"):  # The next one is that which waits.
                    self.assertTrue(line)
                running.send_signal(signal.SIGINT)
                out, err = running.communicate(timeout=DEADLINE)
                self.assertEqual(running.returncode, 130, (out, err))
                self.assertIn(b"interrupted", out)
            finally:
                running.kill()
                running.communicate()

    def test_wrong_words(self):
        for arguments in (["--output", "xml", "http://127.0.0.1:1"], [], ["http://127.0.0.1:1", "--", "echo"]):
            done = subprocess.run([str(MULLION), "doctor", *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE)
            self.assertEqual(done.returncode, 5, done)

    def test_without_a_user_it_says_so(self):
        ran = doctor("http://127.0.0.1:1")
        self.assertEqual(ran.code, 5, ran)
        self.assertIn("[auth.credentials]", ran.stderr)
