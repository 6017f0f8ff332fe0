#include <gtest/gtest.h>

#include "inventory/readers.h"
#include "inventory/tests/show.h"

namespace mullion::inventory {
namespace {

struct Read {
    Model model;
    std::string error;

    explicit Read(std::string_view text) {
        const std::uint32_t file = model.add_file("hosts.yml");
        const auto read = read_yaml(model, file, text);
        if (!read.ok()) error = std::string(Error(read.error()).info().id) + " " + Error(read.error()).detail;
    }
    [[nodiscard]] std::string group(std::string_view name) const { return show_group(model, name); }
    [[nodiscard]] std::string host(std::string_view name) const { return show_host(model, name); }
};

TEST(YamlInventory, ReadsGroupsHostsAndVariables) {
    const Read read(R"(all:
  vars: {ansible_port: 5985, list: [1, two, yes]}
  hosts:
    mail:
  children:
    web:
      hosts:
        web01: {ansible_host: 10.0.0.1}
        web02:
          ansible_user: "007"
          nested:
            deep: [~, {a: 1.5}]
      vars:
        tier: front
    prod:
      children:
        web:
db:
)");
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.group("all"), "all(mail; ungrouped web prod): ansible_port=5985 list=[1, 'two', true]");
    EXPECT_EQ(read.group("web"), "web(web01 web02): tier='front'");
    EXPECT_EQ(read.group("prod"), "prod(; web)");
    EXPECT_EQ(read.group("db"), "db()");
    EXPECT_EQ(read.host("mail"), "");
    EXPECT_EQ(read.host("web01"), "ansible_host='10.0.0.1'");
    EXPECT_EQ(read.host("web02"), "ansible_user='007' nested={deep: [null, {a: 1.5}]}");
    EXPECT_EQ(show_notices(read.model), "");
    const Value* const user = find_variable(read.model.hosts()[2].variables, "ansible_user");
    EXPECT_EQ(read.model.text_of(user->place), "hosts.yml:10");
}

TEST(YamlInventory, JsonIsYaml) {
    const Read read(R"({"all": {"children": {"web": {"hosts": {"a": {"x": "y"}, "b": null}}}}})");
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.group("web"), "web(a b)");
    EXPECT_EQ(read.host("a"), "x='y'");
}

TEST(YamlInventory, ExpandsRangesAndTakesPorts) {
    const Read read(
        "w:\n  hosts:\n    web[01:03]:\n      x: 1\n    '[::1]:5986':\n    db:1433:\n    'fe80::1':\n    db: "
        "{y: 2}\n");
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.group("w"), "w(web01 web02 web03 ::1 db fe80::1)");
    EXPECT_EQ(read.host("web02"), "x=1");
    EXPECT_EQ(read.host("::1"), "ansible_port=5986");
    EXPECT_EQ(read.host("db"), "ansible_port=1433 y=2");
    EXPECT_EQ(Read("w:\n  hosts:\n    web[1:]:\n").error.substr(0, 30), "inventory.invalid hosts.yml:3:");
}

TEST(YamlInventory, TheSameHostMayBeInSeveralPlaces) {
    const Read read("a: {hosts: {h: {x: 1, y: 1}}}\nb: {hosts: {h: {x: 2}}}\n");
    EXPECT_EQ(read.host("h"), "x=2 y=1");
    EXPECT_EQ(read.model.hosts().size(), 1U);
}

TEST(YamlInventory, AKeyGivenTwiceIsTheLastOneOnly) {
    const Read read("a:\n  hosts:\n    h: {x: 1, y: 1}\n    g:\n    h: {z: 2}\n");
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.group("a"), "a(h g)");
    EXPECT_EQ(read.host("h"), "z=2");
    EXPECT_EQ(show_notices(read.model), "hosts.yml:5: h is given twice; the last one is used\n");
    const Read section("a:\n  hosts: {g: }\n  hosts: {h: }\n");
    EXPECT_EQ(section.group("a"), "a(h)");
    const Read variable("a:\n  vars:\n    x: 1\n    x: 2\n");
    EXPECT_EQ(variable.group("a"), "a(): x=2");
    EXPECT_EQ(show_notices(variable.model), "hosts.yml:4: x is given twice; the last one is used\n");
}

TEST(YamlInventory, ReplacesAliasesAndMerges) {
    const Read read(
        "a:\n  vars: &common {x: 1, y: 2}\n  hosts:\n    h: &h {p: 1}\n    g: *h\nb:\n  vars:\n    <<: "
        "*common\n    y: 3\n");
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.group("b"), "b(): x=1 y=3");
    EXPECT_EQ(read.host("g"), "p=1");
    EXPECT_EQ(show_notices(read.model), "");
}

TEST(YamlInventory, KeepsVaultedTextClosedAndUnsafeTextLiteral) {
    const Read read(
        "a:\n  vars:\n    p: !vault |\n      $ANSIBLE_VAULT;1.1;AES256\n      3132\n    q: !unsafe '{{ x "
        "}}'\n    r: !unsafe [1, '{{ y }}']\n"
        "    s: !!str 5\n    t: !!int '5'\n    u: !unsafe 5\n    v: !vault-encrypted x\n    w: !!float 1\n");
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.group("a"),
              "a(): p=vault($ANSIBLE_VAULT;1.1;AES256\n3132\n) q=literal '{{ x }}' r=[1, literal '{{ y }}'] "
              "s='5' t=5 "
              "u=literal '5' v=vault(x) w=1.0");
}

TEST(YamlInventory, RefusesTagsThatItDoesNotKnow) {
    EXPECT_EQ(Read("a:\n  vars:\n    p: !secret x\n").error,
              "inventory.invalid hosts.yml:3: the tag !secret is not known");
    EXPECT_EQ(Read("a:\n  vars:\n    p: !vault [x]\n").error,
              "inventory.invalid hosts.yml:3: the tag !vault is not for a list");
    EXPECT_EQ(Read("a:\n  vars:\n    p: !!int x\n").error,
              "inventory.invalid hosts.yml:3: the tag !!int is not for this value");
}

TEST(YamlInventory, OneWordStandsForAMapWithThatKey) {
    const Read read("a:\n  hosts: h\n  children: b\n  vars: x\n");
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.group("a"), "a(h; b): x=null");
}

TEST(YamlInventory, TakesAChildThatIsKnownElsewhere) {
    EXPECT_EQ(Read("b:\na:\n  children: {b: 5}\n").group("a"), "a(; b)");
    EXPECT_EQ(Read("b: {hosts: h}\na:\n  children: {h: 5}\n").group("a"), "a(h)");
    EXPECT_EQ(Read("a:\n  children: {h: 5}\n").error,
              "inventory.invalid hosts.yml:2: h is neither a group nor a host that is known");
}

TEST(YamlInventory, SkipsWithANoticeWhatAnsibleSkips) {
    const Read read("a:\n  hosts: {h: }\n  tags: [x]\n  meta: {y: 1}\n  none:\nb: 5\nc: [x]\n");
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(
        show_notices(read.model),
        "hosts.yml:3: tags in group a is skipped: it is a list\n"
        "hosts.yml:4: meta in group a is skipped: a group has hosts, vars and children\n"
        "hosts.yml:6: b is skipped: no group is a value\nhosts.yml:7: c is skipped: no group is a list\n");
    EXPECT_EQ(read.group("b"), "none");
}

TEST(YamlInventory, SaysWhatIsWrongAndWhere) {
    const std::pair<const char*, const char*> all[] = {
        {"", "hosts.yml:1: the file is empty"},
        {"# only\n---\n", "hosts.yml:3: the file is empty"},
        {"- a\n", "hosts.yml:1: groups are wanted (NAME: …), and here is a list"},
        {"web01\nweb02\n", "hosts.yml:1: groups are wanted (NAME: …), and here is a value"},
        {"a:\n  hosts: [x]\n", "hosts.yml:2: hosts of group a must be a map, and is a list"},
        {"a:\n  vars: 5\n", "hosts.yml:2: vars of group a must be a map, and is a value"},
        {"a:\n  hosts:\n    h: 5\n", "hosts.yml:3: the variables of host h must be a map"},
        {"a:\n  hosts:\n    10:\n", "hosts.yml:3: a host's name must be text: put 10 in quotes"},
        {"a:\n  hosts:\n    '':\n", "hosts.yml:3: a host's name must be text: put  in quotes"},
        {"10:\n  hosts:\n", "hosts.yml:1: a group's name must be text: put 10 in quotes"},
        {"a:\n  children:\n    b:\n      children:\n        a:\n",
         "hosts.yml:3: group b as a child of a would be its own descendant"},
        {"a:\n  vars:\n    ansible_group_priority: high\n",
         "hosts.yml:3: ansible_group_priority of group a is no number"},
        {"a:\n\thosts:\n",
         "hosts.yml:2: a tab where blanks are wanted: YAML takes no tabs for indentation (column 1)"},
    };
    for (const auto& [text, expected] : all)
        EXPECT_EQ(Read(text).error, std::string("inventory.invalid ") + expected);
}

TEST(YamlInventory, RefusesTheConfigurationOfAPlugin) {
    EXPECT_EQ(Read("plugin: amazon.aws.aws_ec2\nregions: [x]\n").error.substr(0, 86),
              "usage.unsupported hosts.yml:1: this configures the inventory plugin amazon.aws.aws_ec2");
    EXPECT_EQ(Read("plugin:\n  hosts: h\n").group("plugin"), "plugin(h)");
}

TEST(YamlInventory, EveryTruncationIsAnErrorOrAPrefix) {
    const std::string text =
        "all:\n  hosts: {h: {x: [1, 'a b']}}\n  children:\n    web:\n      hosts:\n        w[1:3]: &v\n      "
        "    y: !vault |\n"
        "            $A\n        z: *v\n";
    for (std::size_t size = 0; size <= text.size(); ++size) {
        const Read read(std::string_view(text).substr(0, size));
        if (read.error.empty()) {
            EXPECT_LE(read.model.hosts().size(), 5U) << size;
        } else {
            EXPECT_NE(read.error.find("hosts.yml:"), std::string::npos) << size;
        }
    }
}

std::string variables(std::string_view text) {
    Model model;
    const auto read = read_variables(model, model.add_file("all.yml"), text);
    return (read.ok() ? show(*read) : Error(read.error()).detail) + show_notices(model);
}

TEST(YamlVariables, ReadsAFileOfThem) {
    EXPECT_EQ(variables("---\na: 1\nb: {c: [d]}\n"), "a=1 b={c: ['d']}");
    EXPECT_EQ(variables("{\"a\": \"b\"}"), "a='b'");
    EXPECT_EQ(variables("1: x\nyes: y\n~: z\n1.5: w\n"), "1='x' true='y' null='z' 1.5='w'");
    EXPECT_EQ(variables("m: {yes: a, 0x1: b, true: c, 1: d}\n"), "m={true: 'c', 1: 'd'}");
    EXPECT_EQ(variables("a: 1\na: 2\n"), "a=2all.yml:2: a is given twice; the last one is used\n");
}

TEST(YamlVariables, AnEmptyOneIsNone) {
    for (const char* text : {"", "---\n", "# x\n", "[]", "''", "0", "no", "{}"})
        EXPECT_EQ(variables(text), "") << text;
    EXPECT_EQ(variables("- a\n"),
              "all.yml:1: variables are wanted (NAME: VALUE), and here is something else");
    EXPECT_EQ(variables("a: b: c\n").substr(0, 10), "all.yml:1:");
}

TEST(YamlVariables, EveryTruncationIsAnErrorOrAPrefix) {
    const std::string text = "a: {b: [1, 'x']}\nc: !vault |\n  $A\n  12\nd: 2024-05-01\n";
    for (std::size_t size = 0; size < text.size(); ++size) {
        const std::string read = variables(std::string_view(text).substr(0, size));
        EXPECT_TRUE(read.empty() || read.starts_with("a=") || read.starts_with("all.yml:"))
            << size << " " << read;
    }
}

}  // namespace
}  // namespace mullion::inventory
