"""Broken set-ups: names, ports, proxies."""
import socket

from tests.doctor.case import SetupCase, doctor, findings_of, hosts_file
from tests.e2e import bad_servers
from tests.e2e.client import words
from tests.support.service import ADMIN, Service

USER = ("-u", ADMIN[0], "--transport", "ntlm")


class Names(SetupCase):
    def test_row_01__a_name_that_does_not_resolve(self):
        self.expect(1, "http://no-such-host.invalid:5985", *USER, names=["getent ahosts no-such-host.invalid"])

    def test_row_04__the_reverse_name_is_another_hosts(self):
        with Service() as service, hosts_file("127.0.0.1 mail.example.test web01.example.test localhost\n") as apart:
            self.expect(4, f"http://web01.example.test:{service.port('http')}", *USER, apart=apart,
                        names=["web01.example.test", "mail.example.test", "Mullion does not look at it", "Other clients"])

    def test_a_reverse_name_that_is_the_hosts_is_fine(self):
        with Service() as service, hosts_file("127.0.0.1 web01.example.test web01\n") as apart:
            for name in ("web01", "web01.example.test"):
                ran = doctor(f"http://{name}:{service.port('http')}", *USER, apart=apart)
                self.assertEqual(findings_of(ran)["reverse"]["state"], "ok", ran)


class Ports(SetupCase):
    def test_row_05__a_firewall_drops(self):
        with bad_servers.black_hole() as port:
            self.expect(5, f"http://127.0.0.1:{port}", *USER, "--connect-timeout", "2",
                        names=[str(port), "127.0.0.1", "Get-NetFirewallRule", "winrm enumerate winrm/config/listener"])

    def test_row_06__nothing_listens(self):
        with bad_servers.closed_port() as port:
            self.expect(6, f"http://127.0.0.1:{port}", *USER, names=["Get-Service WinRM", "winrm enumerate winrm/config/listener"])

    def test_row_07__only_the_other_port_listens(self):
        """It is about these two ports, so none that the kernel chooses would do; an address of its own is free."""
        address = "127.77.7.7"
        try:
            listener = socket.create_server((address, 5986))
        except OSError as taken:
            self.skipTest(f"port 5986 of {address}: {taken}")
        with listener:
            self.expect(7, f"http://{address}:5985", *USER, names=["5986", f"https://{address}:5986/wsman"])

    def test_row_44__a_proxy_that_refuses_connect(self):
        def refuse(connection):
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
        with bad_servers.BadServer(refuse) as proxy:
            self.expect(44, "http://web01.example.test:5985", *USER, "--proxy", f"http://127.0.0.1:{proxy.port}",
                        names=[f"127.0.0.1:{proxy.port}", "5985 and 5986"])

    def test_through_a_proxy_all_is_well(self):
        with Service() as service, bad_servers.Proxy() as proxy:
            ran = doctor(*words(service, "--proxy", f"http://127.0.0.1:{proxy.port}"))
            self.assertEqual(ran.code, 0, ran)
            self.assertEqual(findings_of(ran)["name"]["state"], "skipped")
