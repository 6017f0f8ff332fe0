"""Runs the PowerShell that `mullion prepare`'s scripts keep to, from the grammar's tree: as much of the language as they use, with the commands and types of a
made-up host (tests/support/windows_host.py). What it does not know it refuses; it is no PowerShell, and proves the scripts' own logic alone."""
import re

from tests.support.powershell_values import STRINGS, VOID, Bag, Block, Ended, Failure, Outputs, Thing, collapse, named, parse, same, spread, to_string, truth

SWITCHES = {"force", "enumerate", "assecurestring", "unique", "descending", "parent", "listavailable", "deletekey", "recurse"}


class _Return(Exception):
    pass


class _Continue(Exception):
    pass


class PowerShell:
    def __init__(self, commands, statics, types, programs, methods=None):
        self.commands = {name.lower(): made for name, made in commands.items()}
        self.statics, self.types, self.programs = statics, types, programs
        self.methods = methods or {}
        self.functions, self.scopes = {}, [{}]

    def run(self, source, **variables):
        self.scopes = [{name.lower(): value for name, value in variables.items()}]
        try:
            self.statements(parse(source))
        except Ended as end:
            return end.args[0]
        return 0

    # ---- Variables

    def get(self, name):
        name = name.lower()
        if name in {"true", "false", "null"}:
            return {"true": True, "false": False, "null": None}[name]
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        raise Failure(f"the variable ${name} is not set")

    # ---- Statements: each gives what it put out

    def statements(self, node):
        outputs = []
        try:
            for child in named(node):
                if child.type in {"statement_list", "script_block_body", "script_block"}:
                    outputs += self.statements(child)
                elif child.type != "empty_statement":
                    outputs += self.statement(child)
        except _Return as result:
            result.args = (outputs + result.args[0],)
            raise
        return outputs

    def statement(self, node):
        made = getattr(self, "do_" + node.type, None)
        if made is None:
            raise NotImplementedError(f"{node.type}: {node.text.decode()[:80]}")
        return made(node) or []

    def do_param_block(self, node):
        """The script's own parameters: they come from outside."""

    def do_function_statement(self, node):
        name = next(child for child in node.children if child.type == "function_name").text.decode()
        self.functions[name.lower()] = node

    def do_pipeline(self, node):
        value = self.pipeline(node)
        return spread(value) if not isinstance(value, Outputs) else list(value)

    def do_if_statement(self, node):
        parts = named(node)
        if truth(self.value(parts[0])):
            return self.statements(parts[1])
        for part in parts[2:]:
            for clause in named(part) if part.type == "elseif_clauses" else [part]:
                inside = named(clause)
                if clause.type == "else_clause" or truth(self.value(inside[0])):
                    return self.statements(inside[-1])
        return []

    def loop(self, body, outputs):
        try:
            outputs += self.statements(body)
        except _Continue:
            pass
        except _Return as result:
            raise _Return(outputs + result.args[0]) from None

    def do_foreach_statement(self, node):
        variable, items, body = named(node)
        outputs = []
        value = self.value(items)
        for item in spread(value):
            self.scopes[-1][variable.text.decode()[1:].lower()] = item
            self.loop(body, outputs)
        return outputs

    def do_for_statement(self, node):
        start, condition, step, body = named(node)
        outputs = []
        self.value(named(start)[0])
        while truth(self.value(named(condition)[0])):
            self.loop(body, outputs)
            self.value(named(step)[0])
        return outputs

    def do_while_statement(self, node):
        condition, body = named(node)
        outputs = []
        while truth(self.value(named(condition)[0])):
            self.loop(body, outputs)
        return outputs

    def do_try_statement(self, node):
        body, *clauses = named(node)
        try:
            return self.statements(body)
        except Failure as failure:
            catches = [clause for clause in clauses if clause.type == "catch_clauses"]
            if not catches:
                raise
            record = Thing(Exception=Thing(Message=str(failure), InnerException=None))
            before, self.scopes[-1]["_"] = self.scopes[-1].get("_"), record
            self.failure = failure
            try:
                return self.statements(named(named(catches[0])[0])[0])
            finally:
                self.scopes[-1]["_"] = before
        finally:
            for clause in clauses:
                if clause.type == "finally_clause":
                    self.statements(named(clause)[0])

    def do_flow_control_statement(self, node):
        word = node.children[0].text.decode()
        what = named(node)
        if word == "continue":
            raise _Continue
        if word == "return":
            raise _Return(self.do_pipeline(what[0]) if what else [])
        if word == "exit":
            raise Ended(self.value(what[0]))
        raise Failure(to_string(self.value(what[0]))) if what else self.failure

    # ---- Pipelines

    def value(self, node):
        value = self.pipeline(node) if node.type == "pipeline" else self.expression(node)
        return collapse(value) if isinstance(value, Outputs) else value

    def pipeline(self, node):
        inside = named(node)[0]
        if inside.type == "assignment_expression":
            self.assign(inside)
            return VOID
        stages = named(inside)
        if stages[0].type != "command":
            value = self.expression(stages[0])
            if len(stages) == 1:
                return value
            outputs = spread(value)
        else:
            outputs = self.command(stages[0], None)
        for stage in stages[1:]:
            outputs = self.command(stage, outputs)
        return Outputs(outputs)

    def assign(self, node):
        left, operator, right = named(node)
        value = self.value(right)
        if operator.text == b"+=":
            old = self.expression(left)
            value = old + spread(value) if isinstance(old, list) else self.add(old, value)
        target = self.narrow(left)
        if target.type == "variable":
            self.scopes[-1][target.text.decode()[1:].lower()] = value
            return
        holder, key = named(target)
        holder = self.expression(holder)
        key = key.text.decode() if target.type == "member_access" else self.expression(key)
        if hasattr(holder, "put"):
            holder.put(key, value)
        else:
            holder[key] = value

    def narrow(self, node):
        while len(node.children) == 1 and node.type.endswith("_expression"):
            node = node.children[0]
        return node

    def command(self, node, given):
        parts = named(node)
        words, names, key = [], Bag(), None
        for word in [child for part in parts if part.type == "command_elements" for child in named(part)]:
            if word.type in {"command_argument_sep", "redirection"}:
                continue
            if word.type == "command_parameter":
                key = word.text.decode()[1:]
                if key.lower() in SWITCHES:
                    names[key], key = True, None
                continue
            value = word.text.decode() if word.type == "generic_token" else self.expression(word)
            if key:
                names[key], key = value, None
            else:
                words.append(value)
        if parts[0].type == "command_name":
            return self.call(parts[0].text.decode(), words, names, given)
        callee = self.expression(named(parts[1])[0])
        if callee in self.programs:
            lines, self.scopes[0]["lastexitcode"] = self.programs[callee](*spread(collapse(words)))
            return lines
        return self.call(callee, words, names, given)

    def call(self, name, words, names, given):
        if name.lower() in self.functions:
            return self.invoke(self.functions[name.lower()], words)
        if name.lower() == "where-object":
            return [item for item in given if truth(collapse(self.block(words[0], item)))]
        if name.lower() == "foreach-object":
            return [out for item in given for out in self.block(words[0], item)]
        if name.lower() not in self.commands:
            raise NotImplementedError(f"the command {name}")
        return spread(self.commands[name.lower()](self, words, names, given))

    def block(self, block, item):
        before, self.scopes[-1]["_"] = self.scopes[-1].get("_"), item
        try:
            return self.statements(block.node)
        finally:
            self.scopes[-1]["_"] = before

    def invoke(self, function, words):
        scope = {}
        for part in function.children:
            if part.type != "function_parameter_declaration":
                continue
            parameters = [one for lists in named(part) for one in named(lists)]
            for at, parameter in enumerate(parameters):
                *kinds, variable = named(parameter)
                value = words[at] if at < len(words) else None
                kind = kinds[0].text.decode().strip("[]").lower() if kinds else ""
                scope[variable.text.decode()[1:].lower()] = self.cast(kind + ("[]" if kinds and kinds[0].text.endswith(b"[]]") else ""), value, True)
        self.scopes.append(scope)
        try:
            return [out for part in function.children if part.type == "script_block" for out in self.statements(part)]
        except _Return as result:
            return result.args[0]
        finally:
            self.scopes.pop()

    # ---- Expressions

    def cast(self, kind, value, bound=False):
        if kind == "void":
            return VOID
        if kind == "string":
            return to_string(value)
        if kind in {"int", "long", "uint32"}:
            return int(value or 0)
        if kind == "bool":
            return truth(value)
        if kind in {"string[]", "object[]"}:
            return value if value is None or isinstance(value, list) else [value]
        if kind == "hashtable" and bound and (not isinstance(value, Bag) or isinstance(value, Thing)):
            raise Failure(f"not a hashtable: {value!r}")
        return value

    def expression(self, node):
        node = self.narrow(node)
        made = getattr(self, "x_" + node.type, None)
        if made is None:
            raise NotImplementedError(f"{node.type}: {node.text.decode()[:80]}")
        return made(node)

    def x_variable(self, node):
        return self.get(node.text.decode()[1:])

    def x_string_literal(self, node):
        text = node.text.decode()
        if text.startswith("'"):
            return text[1:-1].replace("''", "'")
        return text[1:-1].replace("`t", "\t").replace("`n", "\n")

    def x_integer_literal(self, node):
        return int(node.text, 0)

    def x_parenthesized_expression(self, node):
        return self.value(named(node)[0])

    def x_sub_expression(self, node):
        return collapse(self.statements(node))

    def x_array_expression(self, node):
        return self.statements(node)

    def x_script_block_expression(self, node):
        return Block(named(node)[0])

    def x_hash_literal_expression(self, node):
        table = Bag()
        for entry in [entry for body in named(node) for entry in named(body)]:
            key, value = named(entry)
            inner = self.narrow(key)
            name = inner.text.decode()
            table[int(name) if name.isdigit() else name.strip("'")] = self.value(value)
        return table

    def x_array_literal_expression(self, node):
        return [self.expression(child) for child in named(node)]

    def x_cast_expression(self, node):
        kind, value = named(node)
        return self.cast(kind.text.decode()[1:-1].lower(), self.expression(value))

    def x_type_literal(self, node):
        return node.text.decode()[1:-1].lower()

    def x_expression_with_unary_operator(self, node):
        if node.children[0].type == "cast_expression":
            return self.expression(node.children[0])
        value = self.expression(node.children[1])
        return ~value if node.children[0].text == b"-bnot" else not truth(value)

    def step_by(self, node, much):
        name = node.children[0].text.decode()[1:].lower()
        self.scopes[-1][name] = self.get(name) + much
        return VOID

    def x_post_increment_expression(self, node):
        return self.step_by(node, 1)

    def x_post_decrement_expression(self, node):
        return self.step_by(node, -1)

    def x_logical_expression(self, node):
        left, right = named(node)
        first = truth(self.expression(left))
        if node.children[1].text == b"-and":
            return first and truth(self.expression(right))
        return first or truth(self.expression(right))

    def x_bitwise_expression(self, node):
        left, right = (int(self.expression(part) or 0) for part in named(node))
        return left & right if node.children[1].text == b"-band" else left | right

    def add(self, left, right):
        if isinstance(left, list):
            return left + spread(right)
        if isinstance(left, str) or left is None:
            return to_string(left) + to_string(right)
        return left + int(right)

    def x_additive_expression(self, node):
        left, right = (self.expression(part) for part in named(node))
        return self.add(left, right) if node.children[1].text == b"+" else left - right

    x_additive_argument_expression = x_additive_expression

    def x_multiplicative_expression(self, node):
        left, right = (self.expression(part) for part in named(node))
        return left * right if node.children[1].text == b"*" else left % right

    def x_format_expression(self, node):
        left, _, right = node.children
        return self.expression(left).format(self.expression(right) & 0xFFFFFFFF)

    def x_comparison_expression(self, node):
        left, operator, right = named(node)
        left, word = self.expression(left), operator.text.decode().lower()
        if word in {"-is", "-isnot"}:
            kind = right.text.decode()[1:-1].lower()
            kinds = {"hashtable": lambda one: isinstance(one, Bag) and not isinstance(one, Thing), "bool": lambda one: isinstance(one, bool)}
            return kinds.get(kind, lambda one: False)(left) == (word == "-is")
        right = self.expression(right)
        if word == "-join":
            return to_string(right).join(map(to_string, spread(left)))
        if word in {"-contains", "-notcontains"}:
            return any(same(one, right) for one in spread(left)) == (word == "-contains")
        if word == "-replace":
            pattern, new = right if isinstance(right, list) else (right, "")
            return re.sub(pattern, new, to_string(left), flags=re.IGNORECASE)
        if word in {"-match", "-notmatch"}:
            return bool(re.search(right, to_string(left), re.IGNORECASE)) == (word == "-match")
        if word in {"-like", "-notlike"}:
            return bool(re.fullmatch(re.escape(right).replace(r"\*", ".*"), to_string(left), re.IGNORECASE)) == (word == "-like")
        if word in {"-eq", "-ne"}:
            if isinstance(left, list):
                return [one for one in left if same(one, right) == (word == "-eq")]
            return same(left, right) == (word == "-eq")
        if word in {"-ceq", "-cne"}:
            return (left == right) == (word == "-ceq")
        return {"-lt": lambda: left < right, "-gt": lambda: left > right, "-le": lambda: left <= right, "-ge": lambda: left >= right}[word]()

    def x_member_access(self, node):
        holder, name = named(node)
        name = name.text.decode() if name.type == "member_name" else to_string(self.expression(name))
        if holder.type == "type_literal":
            return self.statics[holder.text.decode()[1:-1].lower() + "::" + name.lower()]
        return self.member(self.expression(holder), name)

    def member(self, holder, name):
        if isinstance(holder, list) and name.lower() in {"count", "length"}:
            return len(holder)
        if isinstance(holder, str) and name.lower() == "length":
            return len(holder)
        if isinstance(holder, Bag) and name in holder:
            return holder[name]
        if isinstance(holder, Bag) and not isinstance(holder, Thing) and name.lower() in {"count", "keys"}:
            return len(holder) if name.lower() == "count" else list(holder)
        if not isinstance(holder, (Bag, str, int, list)) and hasattr(holder, name.lower()):
            return getattr(holder, name.lower())
        raise Failure(f"The property '{name}' cannot be found on {holder!r}")

    def x_element_access(self, node):
        holder, key = (self.expression(part) for part in named(node))
        if isinstance(holder, list):
            return holder[key] if -len(holder) <= key < len(holder) else None
        return holder[key] if key in holder else None

    def x_invokation_expression(self, node):
        holder, name, arguments = named(node)
        words = [self.expression(one) for lists in named(arguments) for one in named(lists)]
        name = name.text.decode().lower()
        if holder.type == "type_literal":
            return self.statics[holder.text.decode()[1:-1].lower() + "::" + name](*words)
        holder = self.expression(holder)
        if isinstance(holder, str):
            return STRINGS[name](holder, *words)
        if isinstance(holder, list) and name == "add":
            holder.append(words[0])
            return VOID
        if isinstance(holder, Bag) and not isinstance(holder, Thing) and name == "containskey":
            return words[0] in holder
        return getattr(holder, name)(*words)
