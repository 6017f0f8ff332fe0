"""Every script of `mullion prepare` by PowerShell's grammar (tree-sitter), and by PowerShell itself where there is one."""
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import tree_sitter
import tree_sitter_powershell

from tests.support.prepare_scripts import MODES, VARIANTS, printed
from tests.support.service import ROOT

PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))


def faults(text):
    """Where the grammar finds no PowerShell: (line, what stands there)."""
    data, found = text.encode(), []

    def look(node):
        if node.type == "ERROR" or node.is_missing:
            found.append((node.start_point[0] + 1, data[node.start_byte:node.start_byte + 80].decode(errors="replace")))
        for child in node.children:
            if child.has_error or child.is_missing:
                look(child)

    look(PARSER.parse(data).root_node)
    return found


def nodes(text, kind):
    data = text.encode()
    todo, found = [PARSER.parse(data).root_node], []
    while todo:
        node = todo.pop()
        if node.type == kind:
            found.append(data[node.start_byte:node.end_byte].decode())
        todo += node.children
    return found


class Grammar(unittest.TestCase):
    def test_every_script_parses(self):
        for name, words in VARIANTS.items():
            for mode, options in MODES.items():
                with self.subTest(script=name, mode=mode):
                    self.assertEqual(faults(printed(*words, *options)), [])

    def test_every_part_parses_by_itself(self):
        parts = sorted((ROOT / "src/prepare/powershell").glob("*.ps1"))
        self.assertGreater(len(parts), 8)
        for part in parts:
            with self.subTest(part.name):
                self.assertEqual(faults(part.read_text()), [])

    def test_a_fault_is_found(self):
        script = printed("host")
        for broken in (script.replace("function Set-Detail(", "function Set-Detail((", 1), script + "\nif ($true) {\n", script + "\n$x = 'a\n"):
            self.assertNotEqual(faults(broken), [])

    def test_operators_words_stay_strings(self):
        """A name that would be a command, if it could leave its quotation marks."""
        script = printed("monitoring-user", "--user", "'&whoami&'\u2019$(whoami)")
        self.assertEqual(faults(script), [])
        commands = {text.split()[0] for text in nodes(script, "command") if text.split()}
        self.assertIn("Add-Step", commands)
        self.assertNotIn("whoami", commands)

    def test_powershell_itself_parses_them(self):
        program = shutil.which("pwsh") or shutil.which("powershell")
        if not program:
            self.skipTest("there is no pwsh here")
        look = ("$errors = $null; [void][System.Management.Automation.Language.Parser]::ParseFile($args[0], [ref]$null, [ref]$errors); "
                "$errors | ForEach-Object { $_.Message }; exit $errors.Count")
        for name, words in VARIANTS.items():
            with self.subTest(name), tempfile.NamedTemporaryFile(suffix=".ps1") as file:
                Path(file.name).write_text(printed(*words))
                done = subprocess.run([program, "-NoProfile", "-Command", f"& {{ {look} }} '{file.name}'"], capture_output=True, timeout=120)
                self.assertEqual(done.returncode, 0, done.stdout.decode())
