"""Writes an inventory file, or a file of variables, in YAML or JSON."""
import json as json_module

from tests.peers.inventory_values import YAML_MAPS, YAML_VALUES


def indented(text, by):
    return "\n".join(by + line if line else line for line in text.split("\n"))


class Values:
    """Variables of one YAML document: anchors that were set further up may be used further down."""

    def __init__(self, draw):
        self.draw = draw
        self.anchors = []

    def text(self):
        """What may stand after "key:", later lines not yet indented."""
        draw = self.draw
        if draw.some_vault and draw.maybe(0.25, "vaulted value"):
            return " !vault |\n" + indented(draw.some_vault().rstrip("\n"), draw.one(["  ", "", "      "]))
        if draw.maybe(0.5 if self.anchors else 0.2):
            return self.map()
        if draw.maybe(0.3, "YAML random scalar"):
            return " " + draw.scalar()
        value = draw.one(YAML_VALUES)
        if "!unsafe" in value:
            draw.note("!unsafe")
        return value if value.startswith("\n") else " " + value

    def map(self):
        if len(self.anchors) < 2:
            text, new = YAML_MAPS[0], True
        else:
            text = self.draw.one(YAML_MAPS)
            new = "{A}" in text
            self.draw.note("YAML merge" if "<<" in text else "YAML alias")
        name = f"n{len(self.anchors)}"
        first, second = self.draw.random.sample(self.anchors, 2) if len(self.anchors) > 1 else ("", "")
        text = text.format(A="&" + name, B=first, C=second)
        if new:
            self.anchors.append(name)
            self.draw.note("YAML anchor")
        return text if text.startswith("\n") else " " + text

    def lines(self, names, indent):
        """"name: value" for each, indented."""
        found = []
        for name in names:
            head, *rest = self.text().split("\n")
            found.append(f"{indent}{name}:{head}")
            found += [indent + "  " + line if line else line for line in rest]
        return found


def vars_file(draw, variables, json):
    names = draw.shuffled(variables)[:draw.one([0, 1, 2, 4])]
    if json:
        draw.note("JSON vars")
        things = [1, 1.5, True, None, "text", "{{ v1 }}", [1, "two"], {"a": {"b": []}}, "Grüße", "yes", -0.0, 1e3, 123456789012]
        return json_module.dumps({name: draw.one(things) for name in names}, indent=draw.one([None, 2]), ensure_ascii=draw.maybe(0.5))
    if not names and draw.maybe(0.7, "empty vars file"):
        return draw.one(["", "---\n", "# nothing\n", "\n\n", "--- {}\n", "---\n...\n"])
    text = draw.one(["", "---\n", "# comment\n---\n"]) + "\n".join(Values(draw).lines(names, ""))
    ending = draw.one(["\n", "", "\n...\n"])
    return text + ending if names else text + "\n"  # Three dots alone are no document.


class YamlWriter:
    def __init__(self, draw, groups, hosts, variables):
        self.draw, self.groups, self.hosts, self.variables = draw, groups, hosts, variables
        self.values = Values(draw)
        self.step = draw.one(["  ", "  ", "    "])

    def text(self):
        draw = self.draw
        lines = [draw.one(["---", "# an inventory", "---"])]
        # At least one group with a body: a file that says nothing is not an inventory.
        if draw.maybe(0.6, "YAML all: at the top"):
            lines += self.group("all", [0, *range(1, len(self.groups) + 1)], "", must=True)
        else:
            tops = draw.few(range(1, len(self.groups) + 1), 1, 3)
            for number, top in enumerate(tops):
                lines += self.group(self.groups[top - 1], [top, *range(top + 1, len(self.groups) + 1)], "", must=number == 0)
        return "\n".join(lines) + "\n"

    def group(self, name, reach, indent, must=False):
        """`reach`: which number the group has, and those that may come below it."""
        draw, inner = self.draw, indent + self.step
        if not must and draw.maybe(0.2, "YAML empty group"):
            return [f"{indent}{name}:" + draw.one(["", " {}", " ~"])]
        lines = [f"{indent}{name}:"]
        parts = {"hosts": lambda: self.host_lines(inner), "vars": lambda: self.variable_lines(inner), "children": lambda: self.child_lines(reach, inner)}
        for part in draw.shuffled(list(parts)):
            if (part == "hosts" and must) or draw.maybe(0.6):
                lines += parts[part]()
        return lines if len(lines) > 1 else [f"{indent}{name}: {{}}"]

    def host_lines(self, indent):
        draw, deeper = self.draw, indent + self.step
        words = [word for word in draw.shuffled(self.hosts)[:draw.random.randint(1, 6)]]
        if len(words) == 1 and draw.maybe(0.5, "YAML hosts as a string"):
            return [f'{indent}hosts: "{words[0]}"']
        lines = [f"{indent}hosts:"]
        for word in words:
            key = f'"{word}"' if set(word) & set(":[") or draw.maybe(0.1) else word
            names = draw.shuffled(self.variables)[:draw.one([0, 1, 2, 4])]
            lines.append(f"{deeper}{key}:" + ("" if names else draw.one(["", " {}", " null", "  # no variables"])))
            lines += self.values.lines(names, deeper + self.step)
            self.note_host(word)
        return lines

    def note_host(self, word):
        self.draw.note("range" if "[" in word else "IPv6 host" if word.count(":") > 1 else "port" if ":" in word else "plain host")

    def variable_lines(self, indent):
        draw, deeper = self.draw, indent + self.step
        names = draw.shuffled(self.variables)[:draw.one([0, 2, 3, 5])]
        lines = self.values.lines(names, deeper)
        if draw.maybe(0.25, "ansible_group_priority"):
            lines.append(f"{deeper}ansible_group_priority: {draw.one(['10', '2', '0', '-1', chr(34) + '5' + chr(34)])}")
        if len(self.values.anchors) > 1 and draw.maybe(0.2, "YAML merge of all vars"):
            lines.append(f"{deeper}<<: *{draw.one(self.values.anchors)}")
        return [f"{indent}vars:" + ("" if lines else draw.one(["", " {}"])), *lines]

    def child_lines(self, reach, indent):
        below = self.draw.few(reach[1:], 0, 3)
        lines = [f"{indent}children:"]
        for child in below:
            self.draw.note("YAML children")
            lines += self.group(self.groups[child - 1], [child, *range(child + 1, len(self.groups) + 1)], indent + self.step)
        return lines
