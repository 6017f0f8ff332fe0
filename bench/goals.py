"""Goals: printed with what was measured. They decide no test."""


class Goals:
    def __init__(self):
        self.rows = []

    def at_most(self, what, value, limit, unit=""):
        self.rows.append({"goal": what, "measured": value, "limit": limit, "met": value <= limit, "unit": unit})

    def at_least(self, what, value, limit, unit="x"):
        self.rows.append({"goal": what, "measured": value, "limit": limit, "met": value >= limit, "unit": unit})

    def show(self):
        print(f"\n{'goal':<86}{'measured':>11}{'to reach':>11}")
        for row in self.rows:
            measured, limit = (f"{row[key]:.3g} {row['unit']}".strip() for key in ("measured", "limit"))
            print(f"{row['goal']:<86}{measured:>11}{limit:>11}  {'met' if row['met'] else 'not met'}")
