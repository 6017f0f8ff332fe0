"""Writes an inventory file in Ansible's INI."""
from tests.peers.inventory_values import INI_HOST_VALUES, INI_VALUES


class IniWriter:
    def __init__(self, draw, groups, hosts, variables):
        self.draw, self.groups, self.hosts, self.variables = draw, groups, hosts, variables
        self.lines = []

    def text(self):
        draw = self.draw
        if draw.maybe(0.5, "INI hosts before any section"):
            self.host_lines(0, 2)
        sections = [(group, kind) for group in self.groups for kind in self.kinds(group)]
        for group, kind in draw.shuffled(sections) if draw.maybe(0.5, "INI sections in any order") else sections:
            self.section(group, kind)
        if draw.maybe(0.2):
            self.section(draw.one(["all", "ungrouped"]), "vars")
        for group in self.groups:  # A group that only has variables or is only named as a child must be declared as well.
            if f"[{group}]" not in {line.split(" ")[0] for line in self.lines}:
                self.lines.append(f"[{group}]")
        ending = draw.one(["\n", "\n", "\n", "\r\n"])
        if ending != "\n":
            draw.note("CRLF")
        return ending.join(self.lines) + draw.one(["", ending])

    def kinds(self, group):
        draw = self.draw
        kinds = ["hosts"] if draw.maybe(0.8) else []
        kinds += ["vars"] if draw.maybe(0.5, "INI [group:vars]") else []
        kinds += ["children"] if group != self.groups[-1] and draw.maybe(0.5, "INI [group:children]") else []
        kinds += ["hosts"] if draw.maybe(0.1, "INI section twice") else []
        return kinds

    def section(self, group, kind):
        draw = self.draw
        head = f"[{group}]" if kind == "hosts" else f"[{group}:{kind}]"
        self.lines.append(head + draw.one(["", "", "", " ", "  # why", "#x"]))
        if kind == "hosts":
            self.host_lines(1, 5)
        elif kind == "vars":
            self.variable_lines()
        else:
            for child in draw.few(self.groups[self.groups.index(group) + 1:], 1, 3):
                self.lines.append(draw.one(["", "  "]) + child + draw.one(["", "", " # of old", "  "]))
        self.noise()

    def noise(self):
        if self.draw.maybe(0.3, "INI comment"):
            self.lines.append(self.draw.one(["", "# comment [web]", "; comment a=b", "   # indented", "\t"]))

    def host_lines(self, least, most):
        draw = self.draw
        for word in draw.shuffled(self.hosts)[:draw.random.randint(least, most)]:
            if word.startswith("[") and word.endswith("]"):
                continue
            self.note_host(word)
            words = [word] + [f"{name}={self.host_value()}" for name in draw.shuffled(self.variables)[:draw.one([0, 0, 1, 2, 4])]]
            ending = " # no section" if word.startswith("[") else draw.one(["", "", " # comment", " "])
            self.lines.append(draw.one(["", "", " "]) + draw.one([" ", " ", "  ", "\t"]).join(words) + ending)

    def note_host(self, word):
        note = self.draw.note
        if "[" in word and not word.startswith("["):
            note("range")
        if word.count(":") > 1 and "[" not in word[1:].split(":")[0]:
            note("IPv6 host")
        elif ":5" in word:
            note("port")
        if not word.isascii():
            note("host beyond ASCII")

    def host_value(self):
        draw = self.draw
        if draw.maybe(0.3, "INI random literal"):
            text = draw.literal().replace("\\", "")
            return '"' + text.replace('"', '\\"') + '"' if draw.maybe(0.5) or set(text) & set("'\" ") else text
        return draw.one(INI_HOST_VALUES)

    def variable_lines(self):
        draw = self.draw
        for name in draw.shuffled(self.variables)[:draw.one([1, 2, 3])]:
            value = draw.literal() if draw.maybe(0.3, "INI random literal") else draw.one(INI_VALUES)
            self.lines.append(name + draw.one(["=", "=", " = ", "= "]) + value + draw.one(["", "", " "]))
        if draw.maybe(0.25, "ansible_group_priority"):
            self.lines.append(f"ansible_group_priority={draw.one(['10', '2', '0', '-1', chr(34) + '5' + chr(34)])}")
