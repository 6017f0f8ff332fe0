"""What only a run would tell of `mullion prepare`'s scripts, and no PowerShell runs here: every command is there and has its parameters, also in
PowerShell 2.0; functions get as many words as they take; no variable is read that nobody set."""
import re
import unittest

import tree_sitter
import tree_sitter_powershell

from tests.support.prepare_scripts import VARIANTS, printed

PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))

# Of PowerShell 2.0, with the parameters that it has; "" is one without a name.
COMMANDS = {
    "Add-Type": "AssemblyName", "Disable-WSManCredSSP": "Role", "Enable-WSManCredSSP": "Role Force", "Export-Clixml": "Path Depth", "ForEach-Object": "",
    "Get-Acl": "Path", "Get-ChildItem": "Path Force Recurse", "Get-Command": "Name", "Get-Date": "", "Get-Item": "Path LiteralPath",
    "Get-ItemProperty": "LiteralPath", "Get-Module": "Name ListAvailable", "Get-Service": "Name", "Get-WSManInstance": "ResourceURI Enumerate",
    "Import-Clixml": "Path", "Import-Module": "Name", "Join-Path": "", "New-Item": "Path ItemType Force",
    "New-ItemProperty": "Path Name Value PropertyType Force", "New-Object": "ComObject Property", "New-WSManInstance": "ResourceURI SelectorSet ValueSet",
    "Read-Host": "AsSecureString Prompt", "Remove-Item": "Path LiteralPath Force", "Remove-ItemProperty": "LiteralPath Name",
    "Remove-WSManInstance": "ResourceURI SelectorSet", "Select-Object": "First Unique", "Set-Acl": "Path AclObject", "Set-Item": "Path Value Force",
    "Set-StrictMode": "Version", "Set-WSManInstance": "ResourceURI SelectorSet ValueSet", "Sort-Object": "Descending Unique", "Split-Path": "Path Parent",
    "Test-Path": "LiteralPath", "Where-Object": "", "Write-Host": "", "Get-Content": "Path", "Set-Content": "Path Value Encoding",
}
COMMON = {"ErrorAction", "WarningAction", "Confirm"}
# Of later versions: in these functions alone, which look for them first.
LATER = {
    "New-ByCommand": {"New-SelfSignedCertificate": "Subject CertStoreLocation FriendlyName KeyLength KeyExportPolicy HashAlgorithm NotAfter TextExtension"},
    "Remove-Certificate": {"Remove-Item": "Path DeleteKey"},
}
# Of the domain's tools (Windows Server 2012), as Microsoft documents them.
GPO = "Name Domain Server"
DOMAIN = {
    "Add-ADGroupMember": "Identity Members Server", "Get-ADDomain": "Identity Server", "Get-ADDomainController": "Discover DomainName Writable",
    "Get-ADGroup": "Identity Server", "Get-ADObject": "Identity LDAPFilter Properties SearchBase Server", "Get-ADRootDSE": "Server",
    "Get-ADUser": "LDAPFilter Properties Server", "Get-GPInheritance": "Target Domain Server", "Get-GPO": "All Domain Server",
    "Get-GPRegistryValue": GPO + " Key ValueName", "Get-NetFirewallAddressFilter": "AssociatedNetFirewallRule GPOSession",
    "Get-NetFirewallPortFilter": "AssociatedNetFirewallRule GPOSession", "Get-NetFirewallRule": "GPOSession",
    "New-ADObject": "Name Path Type OtherAttributes Server",
    "New-ADUser": "Name SamAccountName UserPrincipalName AccountPassword Path Enabled Description Server", "New-GPLink": GPO + " Target LinkEnabled",
    "New-GPO": GPO + " Comment",
    "New-NetFirewallRule": "GPOSession DisplayName Direction Action Protocol LocalPort Profile RemoteAddress Description",
    "Open-NetGPO": "PolicyStore DomainController", "Remove-ADGroupMember": "Identity Members Server", "Remove-ADObject": "Identity Server",
    "Remove-ADUser": "Identity Server", "Remove-GPLink": GPO + " Target", "Remove-GPO": GPO, "Remove-GPRegistryValue": GPO + " Key ValueName",
    "Remove-NetFirewallRule": "Name GPOSession", "Save-NetGPO": "GPOSession", "Set-ADObject": "Identity Add Remove Replace Server",
    "Set-ADUser": "Identity PasswordNeverExpires CannotChangePassword ChangePasswordAtLogon Server", "Set-GPLink": GPO + " Target LinkEnabled Enforced",
    "Set-GPRegistryValue": GPO + " Key ValueName Type Value",
}
AUTOMATIC = {"_", "true", "false", "null", "lastexitcode", "erroractionpreference", "progresspreference"}
OURS = re.compile(r"mullion\w*|mode|over|password", re.IGNORECASE)  # Of the script itself.


def text(node):
    return node.text.decode()


def children(node, kind):
    return [child for child in node.children if child.type == kind]


def every(node, kind):
    found, todo = [], [node]
    while todo:
        node = todo.pop()
        if node.type == kind:
            found.append(node)
        todo += node.children
    return found


def name_of(variable):
    return text(variable).lstrip("$@{").rstrip("}").lower()


class Script:
    def __init__(self, source):
        self.root = PARSER.parse(source.encode()).root_node
        self.functions = {text(children(node, "function_name")[0]): node for node in every(self.root, "function_statement")}

    def parameters(self, name):
        return [name_of(every(one, "variable")[0]) for one in every(self.functions[name], "script_parameter")]

    def calls(self):
        """(where, name, words without a name, names of parameters, whether it has words of a table)"""
        for where, node in [*self.functions.items(), ("", self.root)]:
            for command in every(node, "command"):
                if where == "" and function_of(command):
                    continue
                names = children(command, "command_name")
                if not names:
                    continue
                words = [child for part in children(command, "command_elements") for child in part.children
                         if child.type not in {"command_argument_sep", "redirection"}]
                named = [text(word)[1:].split(":")[0] for word in words if word.type == "command_parameter"]
                splat = [word for word in words if text(word).startswith("@") and not text(word).startswith(("@(", "@{"))]
                plain = len(words) - len(splat) - len(named)
                yield where, text(names[0]), plain, named, bool(splat)


def function_of(node):
    while node is not None and node.type != "function_statement":
        node = node.parent
    return node


class Names(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scripts = {name: Script(printed(*words)) for name, words in VARIANTS.items()}

    def test_every_command_is_there(self):
        for name, script in self.scripts.items():
            known = {**COMMANDS, **(DOMAIN if name.startswith("domain") else {})}
            for where, command, _, named, _ in script.calls():
                if command in script.functions:
                    continue
                with self.subTest(script=name, function=where, command=command):
                    allowed = LATER.get(where, {}).get(command, known.get(command))
                    self.assertIsNotNone(allowed, "no such command is known")
                    self.assertLessEqual(set(named), set(allowed.split()) | COMMON)

    def test_functions_get_what_they_take(self):
        for name, script in self.scripts.items():
            for where, command, plain, named, splat in script.calls():
                if command not in script.functions:
                    continue
                with self.subTest(script=name, function=where, call=command):
                    self.assertEqual((plain, named, splat), (len(script.parameters(command)), [], False))

    def test_no_variable_is_read_that_nobody_set(self):
        for name, script in self.scripts.items():
            for where, node in script.functions.items():
                known = set(script.parameters(where)) | AUTOMATIC
                for assignment in every(node, "left_assignment_expression"):
                    known.add(name_of(every(assignment, "variable")[0]))
                for loop in every(node, "foreach_statement"):
                    known.add(name_of(children(loop, "variable")[0]))
                for variable in every(node, "variable"):
                    with self.subTest(script=name, function=where, variable=text(variable)):
                        self.assertTrue(name_of(variable) in known or OURS.fullmatch(name_of(variable)))

    def test_faults_are_found(self):
        """The three tests above can fail."""
        script = Script("function Get-A([string]$Name) { Get-CimInstance -ClassName $Nam }\nfunction Get-B { Get-A 1 2 }\n")
        self.assertEqual({(where, command, plain) for where, command, plain, _, _ in script.calls()},
                         {("Get-A", "Get-CimInstance", 1), ("Get-B", "Get-A", 2)})
        self.assertEqual(script.parameters("Get-A"), ["name"])
        self.assertNotIn("Get-CimInstance", COMMANDS)
        self.assertEqual([name_of(one) for one in every(script.functions["Get-A"], "variable")], ["nam", "name"])
