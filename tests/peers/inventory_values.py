"""Values as people write them in inventories, the odd ones first: texts for the generator to choose from."""

# Right of the '=' of [group:vars], where a value is the rest of the line. Python's literals are taken as such, the rest is text.
INI_VALUES = """\
1
-3
+7
007
0
00
0o17
0x1F
0b101
1_000
1__0
1.5
1.
.5
1e3
1E-2
-0.0
2 + 3
True
true
yes
None
null
~
"quoted"
'single'
"it's"
'say "hi"'
"tab\\there"
'\\x41\\u00e9\\U0001F600'
r'raw\\n'
b'bytes'
u'old'
f'{x}'
"two" "parts"
"open
'open
"a" b
"a # b"
a # b
a#b
a ; b
# all of it
=
a=b=c
=leading
[1, 2, 'x']
[1, 2,]
[]
[a, b]
[1, [2, {'k': None}]]
{}
{'a': 1, "b": [True, None]}
{'a': 1, 'a': 2}
{1: 'one', 2.5: 'x', None: 'y'}
{a: 1}
(1, 2)
(1,)
(1)
()
2021-01-02
12:30:45
1.2.3.4
C:\\Windows\\System32
\\\\server\\share
"C:\\temp\\new"
"C:\\\\temp"
%TEMP%\\x
Grüße, мир 世界
"ünïcödé"
{{ v1 }}
{{ v1 | default('x') }}
'{{ v1 }}'
{% raw %}
p@ss:w0rd/!
-
--
---
*
&a
!x
@x
`x`
a,b
a\tb
<xml attr="1"/>
$HOME ${X}
x y  z
True and False
not True
lambda: 0
__debug__
Ellipsis
inf
nan
1if 1else 2
[1, 2
{'a': 1
"a"\\
\\
""
''
\"\"\"three\"\"\"
""".splitlines()

# On a host line, where words are split as a shell does before the same rule holds for each value.
INI_HOST_VALUES = """\
1
007
0x1F
1.5
True
yes
None
"quoted"
'single'
"two words"
'two words'
"it's"
'"text"'
"'text'"
"'yes'"
'"1"'
"[1, 2]"
"[1, 'two']"
"{'a':1}"
[1,2]
{"a":1}
a=b=c
"a # b"
a#b
#b
a\\ b
a\\\\b
"a\\"b"
"a\\\\b"
"a\\b"
'a\\b'
a"b c"d
a'b c'd
""
''
ünï
C:\\\\Windows
C:\\Windows
'C:\\new\\temp'
"{{ v1 }}"
'{{ v1 }}'
x;y
x;
-
$HOME
`id`
*
!x
(1,)
"(1, 2)"
2021-01-02
1_000
a,b
@file
""".splitlines()

# After "key: " of YAML; further lines are indented by the writer. {A} is a new anchor's name, {B} one that was defined as a map.
YAML_VALUES = [
    "1", "-3", "+7", "0", "007", "08", "0o17", "0x1F", "-0x1f", "0b101", "1_000", "1__0", "190:20:30", "-1:30", "1:60", "1:5:5", "12:30:45.5",
    "1.5", "1.", ".5", "-.5", "1e3", "1.0e3", "1.5e+3", "1.e+3", "1E5", "685_230.15", "1.2.3.4", "1_.5", "0.0", "-0",
    "yes", "Yes", "YES", "no", "on", "Off", "true", "TRUE", "False", "y", "n", "N", "yEs", "~", "null", "Null", "NULL", "nULL", "",
    "'yes'", '"no"', "'1'", '"1.5"', "'null'", "''", '""', "'it''s'", '"a\\tb\\n\\x41\\u00e9\\U0001F600 \\/ \\e"', '"say \\"hi\\""',
    "2001-12-14", "2001-1-2",
    "99-12-14", "!!str 123", "!!str yes", '!!int "3"', "!!float 3", '!!bool "yes"', "!!null ''", "!!str",
    '!unsafe "{{ x }}"', "!unsafe text", "!unsafe [a, '{{ b }}']", "!unsafe {a: '{{ b }}'}", "!unsafe 5",
    "a # comment", "a#b", "'#'", "http://x/y?z=1#f", "-x", "?x", ":x", "a, b", "[a, b, 1, yes, ~]", "[]", "{}", "[[1], {a: b}]",
    "{a: 1, b: yes, c: [~]}", "{3: one, yes: two, ~: three, 1.5: four}", "{a: 1, a: 2}", "{a, b: 1}", "[a: 1, b]", "{'q': 1, \"r\": 2}",
    "|\nline one\n  line two\n\nline four", "|-\nno end\n", "|+\nkept\n\n", ">\nfolded\ntext\n\n  more\nend", ">-\nfolded\n  less", "|2\n  two\n",
    "plain over\ntwo lines", "'quoted over\n  two\n\n lines'", '"joined \\\n  by"', "\n- a\n- b:\n    c: 1\n- [x]\n-\n- - y\n", "\na: 1\nb:\n  c: no\nd:\n- e",
    "Grüße, мир 世界 🪟", "p@ss:w0rd/!", "C:\\Windows\\new", "'C:\\new'", "\\\\server\\share", "'{{ v1 }}'",
    "'{{ v1 | default(1) }}'", "x {{ v1 }}", "'<<'", "'*'", "'&x'", "'!x'", "=x", "! text", "a\n- b",
]
YAML_MAPS = ["{A} {{x: 1, y: yes}}", "{A}\nx: 0777\nz: [1]\n", "{A}\n<<: *{B}\ny: over", "\n<<: *{B}\nw: 1", "{{<<: *{B}, x: mine}}", "{{x: mine, <<: *{B}}}",
             "*{B}", "[*{B}, 1]", "\n<<: [*{B}, *{C}]\nq: 1", "\n<<:\n- *{C}\n- *{B}\n"]

# What no YAML file may hold after "key: ".
YAML_WRONG = ["a: b", "- x", '"\\ud83e"', "%x", "{{ v1 }}x", "*", "*nothing", "[a", "{a: 1", '"open', "'open", "@x", "`x`", "|x\ny", "&a &b c",
              "!nothing x", "!!int x", '"\\q"', "\t- x", "? a\nb", "!!python/object:x {}"]

# Characters that numbers, times and dates are made of: what comes out is a scalar without quotes, whatever it means.
SCALAR_LETTERS = "0011223456789__..::-+eExob,tTZ "
PYTHON_LETTERS = "0011223456789__..-+eExob()[],'\" "
