"""Each numbered step and command of the documents has its step in a script of `mullion prepare`, or another command that does it."""
import collections
import subprocess
import unittest

from tests.support.prepare_scripts import VARIANTS, printed, steps
from tests.support.service import MULLION, ROOT

TABLE = ROOT / "tests/data/prepare-steps.txt"
DOCUMENTS = {
    "local": "Centreon, Windows WSMAN Configuration tutorial, Local Configuration",
    "domain": "Centreon, Windows WSMAN Configuration tutorial, Domain Configuration",
    "setup": "Ansible, WinRM Setup",
    "remote": "Ansible, Windows Remote Management",
}
# As many as the documents have there, counted in them by hand. How Linux gets to know a realm is not here: that is the other machine.
COUNTED = {
    ("local", "WSMAN configuration"): 2, ("local", "Firewall configuration"): 9, ("local", "Create a self-signed certificate"): 3,
    ("local", "Create user"): 1, ("local", "Group configuration"): 5, ("local", "WMI access configuration"): 12,
    ("local", "Allow script execution"): 3, ("local", "Grant permissions about services"): 4,
    ("domain", "Enable & configure WinRM through a GPO"): 9, ("domain", "Automatically start the WinRM service through a GPO"): 5,
    ("domain", "Configure HTTPS WSMAN firewall rule through a GPO"): 7, ("domain", "Certificate Server"): 11,
    ("domain", "Active Directory Server"): 11, ("domain", "Configure service user"): 14, ("domain", "Configure WMI permissions"): 12,
    ("domain", "Test check from Centreon server"): 1,
    ("setup", "WinRM Listener"): 2, ("setup", "Setup WinRM Listener"): 4, ("setup", "Delete WinRM Listener"): 2,
    ("setup", "WinRM Service Options"): 6, ("setup", "Common WinRM Issues"): 4,
    ("remote", "Basic"): 1, ("remote", "Certificate"): 6, ("remote", "CredSSP"): 1, ("remote", "CredSSP and TLS 1.2"): 5,
    ("remote", "Set CredSSP Certificate"): 1, ("remote", "Non-Administrator Accounts"): 1, ("remote", "WinRM Encryption"): 1,
}


def rows():
    lines = [line for line in TABLE.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return [tuple(part.strip() for part in line.split("|")) for line in lines]


class Mapping(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scripts = {name: steps(printed(*words)) for name, words in VARIANTS.items()}

    def test_every_step_of_the_documents_is_done(self):
        for row in rows():
            with self.subTest(row):
                document, section, _, who, names = row
                self.assertIn(document, DOCUMENTS)
                if names == "-":
                    continue
                script = self.scripts[who]
                for name in names.split():
                    self.assertIn(name, script, f"{who} has no such step")

    def test_the_step_cites_its_section(self):
        """What is mapped is what the script itself says of the step."""
        for document, section, what, who, names in rows():
            if names == "-":
                continue
            with self.subTest(document=document, section=section, what=what):
                cited = [cite for name in names.split() for cite in self.scripts[who][name]["does"]]
                self.assertTrue([cite for cite in cited if cite.startswith(DOCUMENTS[document] + ": ") and section in cite], cited)

    def test_what_others_do_is_a_command(self):
        for command in {row[3] for row in rows() if row[4] == "-"}:
            with self.subTest(command):
                self.assertTrue(command.startswith("mullion "))
                done = subprocess.run([str(MULLION), *command.split()[1:], "--help"], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
                self.assertEqual(done.returncode, 0, done.stderr.decode())

    def test_the_table_is_whole(self):
        self.assertEqual(dict(collections.Counter(row[:2] for row in rows())), COUNTED)

    def test_every_citation_is_in_the_table(self):
        """A step that cites a section which the table has not would be one that nobody compared."""
        sections = {document: {section for which, section, *_ in rows() if which == key} for key, document in DOCUMENTS.items()}
        for name, script in self.scripts.items():
            for step, about in script.items():
                for cite in about["does"]:
                    with self.subTest(script=name, step=step, cite=cite):
                        document = next(title for title in DOCUMENTS.values() if cite.startswith(title + ": "))
                        self.assertTrue([section for section in sections[document] if section in cite], cite)


