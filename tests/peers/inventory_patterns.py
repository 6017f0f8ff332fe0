"""Host patterns for a generated inventory: every form that Ansible's documentation has, alone and combined."""


class Patterns:
    def __init__(self, draw, groups, hosts):
        self.draw, self.hosts = draw, hosts
        self.groups = ["all", "ungrouped", *groups]

    def make(self):
        """A pattern, as a list of its parts and the text."""
        draw = self.draw
        parts = [self.part()]
        for sign, chance in (("", 0.25), ("", 0.1), ("&", 0.2), ("!", 0.3), ("!", 0.1)):
            if draw.maybe(chance, f"pattern {sign or 'or'}"):
                parts.append(sign + self.part())
        if draw.maybe(0.1, "pattern signs first"):
            parts = draw.shuffled(parts)
        if draw.maybe(0.05, "pattern of signs only"):
            parts = [draw.one(["!", "&"]) + parts[0].lstrip("!&")]
        # A colon inside of a part is no separator where there are commas; alone, an address is recognised.
        colon = any(":" in part.split("[")[0] for part in parts) or any(part.lstrip("!&").startswith("~") for part in parts)
        separator = "," if colon else draw.one([":", ":", ",", ", "])
        draw.note(f"pattern separator '{separator}'")
        return parts, separator.join(parts)

    def part(self):
        draw = self.draw
        kind = draw.one(["group", "group", "group", "host", "host", "glob", "glob", "glob", "regex", "slice", "slice", "slice", "all", "nothing" if draw.maybe(0.15) else "group"])
        draw.note(f"pattern {kind}")
        return getattr(self, kind)()

    def all(self):
        return self.draw.one(["all", "*"])

    def group(self):
        return self.draw.one(self.groups)

    def host(self):
        return self.draw.one(self.hosts)

    def nothing(self):
        return self.draw.one(["nosuchhost", "nope*", "~^none$", "missing[0]", "all[99]", "192.0.2.77"])

    def glob(self):
        name = self.draw.one(self.hosts + self.groups)
        at = self.draw.random.randrange(len(name))
        forms = [name[:at] + "*", "*" + name[at:], name[:at] + "?" + name[at + 1:], f"{name[:at]}*{name[-1]}", f"{name[:at]}[!{name[at]}]*", "*[0-9]", "*.*", "?*", "w*", "d*"]
        if name[at].isalnum():
            forms.append(f"{name[:at]}[{name[at]}xyz]{name[at + 1:]}")
        return self.draw.one(forms).replace(":", "?")

    def regex(self):
        name = self.draw.one(self.hosts + self.groups)
        forms = [f"~{name[:2]}", "~.*[0-9]$", "~(web|db)", "~^web0?[12]$", "~[a-z]+\\d*$", f"~.*{name[-1]}$", "~(?i)upper|LEAF", "~[a-z0-9.]+$", "~.", "~x{0}", "~^(?:n|p)\\d"]
        return self.draw.one(forms)

    def slice(self):
        base = self.draw.one(self.groups + ["web*", "*", "d*", "?*"])
        return base + self.draw.one(["[0]", "[-1]", "[1]", "[0:1]", "[1:]", "[0:]", "[1:2]", "[0:0]", "[2:1]", "[-2]", "[0-1]", "[:1]", "[1:99]"])
