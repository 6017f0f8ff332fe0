"""Asks Ansible and us the same of one generated inventory, and says where the answers differ."""
import json
import math
import shlex
import subprocess
from collections import Counter

from tests.peers.inventory_patterns import Patterns
from tests.support.service import DEADLINE, MULLION, ROOT

SALTS = 200  # Orders of nested groups that are tried before one of ours counts as none of Ansible's.
MAGIC = {"inventory_hostname", "inventory_hostname_short", "group_names", "groups"}  # ansible-inventory leaves them out.


def plain(value, texts):
    """Ansible's JSON with vaulted text opened (the generator knows what it closed) and marks of !unsafe removed."""
    if isinstance(value, dict):
        if set(value) == {"__ansible_vault"}:
            return texts[value["__ansible_vault"].strip()]
        if set(value) == {"__ansible_unsafe"}:
            return value["__ansible_unsafe"]
        return {key: plain(inner, texts) for key, inner in value.items()}
    return [plain(inner, texts) for inner in value] if isinstance(value, list) else value


def same(one, other):
    """Equal with JSON's types: 1 is neither 1.0 nor true."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float):
        return one == other and math.copysign(1, one) == math.copysign(1, other)
    return one == other


class Ours:
    """Our program, asked in a folder."""

    def __init__(self, folder):
        self.folder = folder

    def command(self, *words):
        return [str(MULLION), "inventory", *words]

    def ask(self, *words):
        done = subprocess.run(self.command(*words), cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=DEADLINE)
        return done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace")

    def hosts(self, words, pattern):
        """Names, or the error as text."""
        code, out, err = self.ask("list", *words, "--", pattern)
        return out.splitlines() if code == 0 else f"exit {code}: {err}"

    def variables(self, words, host):
        code, out, err = self.ask("show", *words, "--output", "json", "--reveal", "--", host)
        return json.loads(out) if code == 0 else f"exit {code}: {err}"


class Checker:
    def __init__(self, ansible, generator, armours, ours=None):
        self.ansible, self.generator, self.case = ansible, generator, generator.case
        self.texts = {armour.strip(): text for _, text, armour in armours}
        self.ours = ours or Ours(self.case.here)
        self.counts = Counter()
        self.problems = []
        self.salts = SALTS
        # The positive control changes our answers here.
        self.alter_variables = self.alter_hosts = lambda answer: answer

    def run(self):
        words = self.case.words
        listed, whole = self.ansible.ask(self.case.here, [["ansible", *words, "all", "--list-hosts"], ["ansible-inventory", *words, "--list"]])
        if "parse" in listed.err or whole.code != 0:
            return [f"seed {self.case.seed}: Ansible cannot read what the generator made: {listed.err}{whole.err}"]
        groups = [name for name in json.loads(whole.out) if name not in ("_meta", "all", "ungrouped")]
        hosts = listed.hosts
        self.check_hosts(["all"], "all", hosts)
        if hosts:
            draw = self.generator.draw
            made = [Patterns(draw, groups, hosts).make() for _ in range(5)]
            chosen = draw.shuffled(hosts)[:3]
            answers = self.ansible.ask(self.case.here, [["ansible", *words, text, "--list-hosts"] for _, text in made]
                                       + [["ansible-inventory", *words, "--host", host] for host in chosen])
            for (parts, text), said in zip(made, answers):
                self.check_pattern(parts, text, said)
            for host, said in zip(chosen, answers[len(made):]):
                self.check_variables(host, said)
        return self.problems

    def check_pattern(self, parts, text, said):
        if said.code != 0:
            self.counts["Ansible has no answer"] += 1
        elif "Could not match supplied host pattern" in said.err:
            self.expect_pattern_error(parts, text)
        else:
            self.check_hosts(parts, text, said.hosts)

    def expect_pattern_error(self, parts, text):
        ours = self.ours.hosts(self.case.words, text)
        self.counts["patterns with a part that matches nothing"] += 1
        if not isinstance(ours, str) or not ours.startswith("exit 5:") or "[usage.pattern]" not in ours:
            self.problem(f"hosts of {text!r}: a part matches nothing", "usage.pattern", ours, ["list", *self.case.words, "--", text], ["ansible", *self.case.words, text, "--list-hosts"])

    def check_hosts(self, parts, text, theirs):
        ours = self.ours.hosts(self.case.words, text)
        command = ["ansible", *self.case.words, text, "--list-hosts"]
        self.counts["patterns compared"] += 1
        if isinstance(ours, list):
            ours = self.alter_hosts(ours)
            if ours == theirs:
                return
            open_order = sorted(ours) == sorted(theirs) or "[" in text  # Which hosts a slice takes hangs on their order.
            if open_order and any(self.ansible.ask(self.case.here, [command], salt)[0].hosts == ours for salt in range(1, self.salts)):
                self.counts["orders that Ansible leaves open"] += 1
                return
        elif "[usage.pattern]" in ours and self.some_part_is_empty(parts):
            self.counts["patterns with a part that is left with nothing"] += 1
            return
        self.problem(f"hosts of {text!r}", theirs, ours, ["list", *self.case.words, "--", text], command)

    def some_part_is_empty(self, parts):
        commands = [["ansible", *self.case.words, part.lstrip("!&"), "--list-hosts"] for part in parts]
        return any(not said.hosts for said in self.ansible.ask(self.case.here, commands))

    def check_variables(self, host, said):
        if said.code != 0:  # A host whose name is no pattern, a value that JSON does not have.
            self.counts["Ansible has no answer"] += 1
            return
        ours = self.ours.variables(self.case.words, host)
        theirs = plain(json.loads(said.out), self.texts)
        if isinstance(ours, dict):
            ours = self.alter_variables({name: value for name, value in ours.items() if name not in MAGIC})
        self.counts["hosts compared"] += 1
        if not same(ours, theirs):
            if isinstance(ours, dict):
                names = sorted(name for name in {*ours, *theirs} if not (name in ours and name in theirs and same(ours[name], theirs[name])))
                theirs, ours = ({name: side[name] for name in names if name in side} for side in (theirs, ours))
            self.problem(f"variables of {host}", theirs, ours, ["show", *self.case.words, "--output", "json", "--reveal", "--", host],
                         ["ansible-inventory", *self.case.words, "--host", host])

    def problem(self, what, theirs, ours, our_words, their_words):
        files = "\n".join(f"    --- {path.relative_to(self.case.folder)}\n{path.read_text()}" for path in sorted(self.case.folder.rglob("*")) if path.is_file())
        self.problems.append(f"seed {self.case.seed}: {what}\n  Ansible: {theirs}\n  ours:    {ours}\n  cd {self.case.here}\n  {shlex.join(self.ours.command(*our_words))}\n"
                             f"  {ROOT}/build/peers/venv/bin/{shlex.join(their_words)}\n{files}")
