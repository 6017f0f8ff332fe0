#include "inventory/evaluate.h"

#include <gtest/gtest.h>

#include "inventory/template.h"
#include "inventory/tests/fake_inventory.h"
#include "inventory/value_text.h"

namespace mullion::inventory {
namespace {

// Variables of one host, each on a line of its own.
class Evaluate : public testing::Test {
protected:
    static std::string evaluated(std::string_view variables, std::string_view name = "x") {
        const FakeInventory inventory("[all]\nweb01\nweb02 own=two\n[all:vars]\n" + std::string(variables));
        const auto* const value = inventory.find(0, name);
        if (value == nullptr) return "no such variable";
        const auto result = evaluate(inventory, 0, *value);
        if (result.ok()) return value_text(*result);
        EXPECT_EQ(result.error().id, ErrorId::inventory_variable);
        return "error: " + result.error().detail;
    }
    static std::size_t kind(std::string_view variables) {
        const FakeInventory inventory("[all]\nweb01\n[all:vars]\n" + std::string(variables));
        const auto result = evaluate(inventory, 0, *inventory.find(0, "x"));
        return result.ok() ? result->data.index() : 99;
    }
};

TEST_F(Evaluate, ReplacesVariables) {
    EXPECT_EQ(evaluated("x={{ a }}\na=text"), "text");
    EXPECT_EQ(evaluated("x={{a}}-{{ a }}!\na=text"), "text-text!");
    EXPECT_EQ(evaluated("x={{ a.b }}\na={'b': 'c'}"), "c");
    EXPECT_EQ(evaluated("x={{ a['b'][\"c\"] }}\na={'b': {'c': 'd'}}"), "d");
    EXPECT_EQ(evaluated("x={{ a[0] }}{{ a[-1] }}{{ a.1 }}\na=['p', 'q', 'r']"), "prq");
    EXPECT_EQ(evaluated("x={{ a[k] }}\na={'b': 'c'}\nk=b"), "c");
    EXPECT_EQ(evaluated("x={{ inventory_hostname }}.corp"), "web01.corp");
    EXPECT_EQ(evaluated("x={{ a }}\na={{ b }}\nb=c"), "c");
    EXPECT_EQ(evaluated("x={{ a.b }}\na={{ c }}\nc={'b': '{{ d }}'}\nd=e"), "e");
    EXPECT_EQ(evaluated("x=  {{- a -}}  z\na=b"), "bz");
    EXPECT_EQ(evaluated("x=a}}b{c}"), "a}}b{c}");
    EXPECT_EQ(evaluated("x=['{{ a }}', {'k': '{{ a }}'}]\na=b"), "['b', {'k': 'b'}]");
}

TEST_F(Evaluate, KeepsTheTypeOfAWholeTemplate) {
    EXPECT_EQ(kind("x={{ a }}\na=5986"), 2U);
    EXPECT_EQ(kind("x={{ a }}\na=True"), 1U);
    EXPECT_EQ(kind("x={{ a.b }}\na={'b': [1]}"), 5U);
    EXPECT_EQ(kind("x={{ a }} \na=5986"), 2U);  // The reader took the blank.
    EXPECT_EQ(kind("x=p{{ a }}\na=5986"), 4U);
}

TEST_F(Evaluate, WritesValuesIntoTextAsPythonDoes) {
    EXPECT_EQ(evaluated("x=<{{ a }}>\na=True"), "<True>");
    EXPECT_EQ(evaluated("x=<{{ a }}>\na=None"), "<>");
    EXPECT_EQ(evaluated("x=<{{ a }}>\na=1.0"), "<1.0>");
    EXPECT_EQ(evaluated("x=<{{ a }}>\na=[1, None, 'it\\'s', 'a\\\\b', True, {'k': []}]"),
              "<[1, None, \"it's\", 'a\\\\b', True, {'k': []}]>");
}

TEST_F(Evaluate, ReachesVariablesOfOtherHosts) {
    EXPECT_EQ(evaluated("x={{ hostvars['web02'].own }}"), "two");
    EXPECT_EQ(evaluated("x={{ hostvars['web02']['own'] }}/{{ hostvars[h].inventory_hostname }}\nh=web02"),
              "two/web02");
    EXPECT_EQ(evaluated("x={{ hostvars.web02.y }}\ny={{ inventory_hostname }}"), "web02");
    EXPECT_EQ(evaluated("x={{ hostvars['web03'].own }}"),
              "error: hosts:5: '{{ hostvars['web03'].own }}': there is no such host");
    EXPECT_EQ(evaluated("x={{ hostvars['web02'].z }}"),
              "error: hosts:5: '{{ hostvars['web02'].z }}': the host web02 has no such variable");
    EXPECT_NE(evaluated("x={{ hostvars }}").find("write hostvars['HOST'].NAME"), std::string::npos);
}

TEST_F(Evaluate, NamesWhatItDoesNotDo) {
    for (const auto& [text, said] :
         std::vector<std::pair<std::string, std::string>>{{"{{ a | default(1) }}", "the filter 'default'"},
                                                          {"{{ lookup('env', 'A') }}", "a look-up"},
                                                          {"{{ query('x') }}", "a look-up"},
                                                          {"{{ now() }}", "a call of 'now'"},
                                                          {"{{ a.upper() }}", "a call of 'upper'"},
                                                          {"{{ a + 'b' }}", "the operator '+'"},
                                                          {"{{ a == 1 }}", "the operator '=='"},
                                                          {"{{ a is defined }}", "a test"},
                                                          {"{{ b if a else c }}", "a condition"},
                                                          {"{{ a ~ b }}", "the operator '~'"},
                                                          {"{{ 'text' }}", "a literal"},
                                                          {"{{ 5 }}", "a literal"},
                                                          {"{{ not a }}", "'not'"},
                                                          {"{{ True }}", "'True'"},
                                                          {"{{ [a] }}", "'['"},
                                                          {"{{ {'a': {}} }}", "'{'"},
                                                          {"{{ }}", "nothing"},
                                                          {"{{ a[1:2] }}", "a slice"},
                                                          {"{{ a[-b] }}", "an operator"},
                                                          {"{{ a.'b' }}", "a dot"},
                                                          {"{{ a and b }}", "the operator 'and'"},
                                                          {"{% if a %}b{% endif %}", "'{% if "},
                                                          {"{%- raw %}", "'{% raw "},
                                                          {"{# comment #}", "comment"},
                                                          {"{{ a", "not closed"},
                                                          {"{{ a }", "not closed"},
                                                          {"{{ 'a }}", "not closed"},
                                                          {"{{ 99999999999999999999 }}", "a number"},
                                                          {"{{ a[b[c[d[e]]] }}", "not closed"}}) {
        const auto result = evaluated("x=" + text + "\na=1\nb=1\nc=1\nd=1\ne=1");
        EXPECT_EQ(result.substr(0, 15), "error: hosts:5:") << text << ": " << result;
        EXPECT_NE(result.find(said), std::string::npos) << text << ": " << result;
    }
}

TEST_F(Evaluate, SaysWhichNameIsMissing) {
    EXPECT_EQ(evaluated("x={{ adm_user }}\nadmin_user=a"),
              "error: hosts:5: '{{ adm_user }}': there is no variable 'adm_user'; 'admin_user' is there");
    EXPECT_EQ(evaluated("x={{ a.c }}\na={'b': 1}"), "error: hosts:5: '{{ a.c }}': there is no 'c' in it");
    EXPECT_EQ(evaluated("x={{ a[3] }}\na=[1]"), "error: hosts:5: '{{ a[3] }}': the list has 1 items");
    EXPECT_EQ(evaluated("x={{ a.b }}\na=5"), "error: hosts:5: '{{ a.b }}': a number has no 'b'");
    EXPECT_EQ(evaluated("x={{ a[k] }}\na={}\nk=[]"), "error: hosts:5: '{{ k }}' is a list, and no key");
    // The text beside a template may be secret.
    EXPECT_EQ(evaluated("x=hunter2{{ y }}").find("hunter2"), std::string::npos);
}

TEST_F(Evaluate, FindsLoopsAndBounds) {
    EXPECT_EQ(evaluated("x={{ x }}"), "error: hosts:5: '{{ x }}' leads back to itself");
    EXPECT_EQ(evaluated("x={{ a }}\na=<{{ b }}>\nb=<{{ a }}>"),
              "error: hosts:7: '{{ a }}' leads back to itself");
    EXPECT_EQ(evaluated("x={{ x.y }}"), "error: hosts:5: '{{ x.y }}' leads back to itself");
    EXPECT_EQ(evaluated("x={{ a.b }}\na={'b': '{{ a.c }}', 'c': 'd'}"), "d");
    // Thirty names that double: a billion texts.
    std::string doubling = "x={{ v0 }}\n", empty = "x={{ v0 }}\n", chain = "x={{ v0 }}\n";
    for (int i = 0; i < 30; ++i) {
        const auto next = "v" + std::to_string(i + 1);
        doubling += "v" + std::to_string(i) + "=a{{ " + next + " }}{{ " + next + " }}\n";
        empty += "v" + std::to_string(i) + "={{ " + next + " }}{{ " + next + " }}\n";
    }
    for (int i = 0; i < 500; ++i)
        chain += "v" + std::to_string(i) + "={{ v" + std::to_string(i + 1) + " }}\n";
    EXPECT_EQ(evaluated(doubling + "v30=a").substr(0, 6), "error:");
    EXPECT_EQ(evaluated(empty + "v30=").substr(0, 6), "error:");
    EXPECT_EQ(evaluated(chain + "v500=a").substr(0, 6), "error:");
}

TEST(EvaluateValue, LeavesLiteralsAndVaultedTextsAlone) {
    FakeInventory inventory("web01\n");
    const Value literal{std::string("{{ nothing }}"), {}, true};
    const auto result = evaluate(inventory, 0, literal);
    ASSERT_TRUE(result.ok());
    EXPECT_EQ(value_text(*result), "{{ nothing }}");
    inventory.changeable().set(0, "v", Value{Vaulted{"$ANSIBLE_VAULT;1.1;AES256\n00\n"}});
    const auto closed = resolve(inventory, 0, Value{std::string("{{ v }}")});
    ASSERT_TRUE(closed.ok());
    EXPECT_TRUE(std::holds_alternative<Vaulted>(closed->value.data));
    EXPECT_TRUE(closed->secret);
    const auto open = evaluate(inventory, 0, Value{std::string("<{{ v }}>")});
    ASSERT_FALSE(open.ok());
    EXPECT_EQ(open.error().id, ErrorId::inventory_vault);
}

TEST(Template, EveryTruncationIsReadOrRefused) {
    const std::string_view whole = "a{{ b.c['d'][0] }}{{- e[f] -}} {{ g[-1] }}h";
    for (std::size_t length = 0; length <= whole.size(); ++length) {
        const auto text = whole.substr(0, length);
        const auto open = text.rfind("{{"), close = text.rfind("}}");
        const bool closed =
            open == std::string_view::npos || (close != std::string_view::npos && close > open);
        EXPECT_EQ(parse_template(text).ok(), closed) << text;
    }
}

TEST(Template, IsOnlyWhatJinjaWouldRead) {
    for (const auto* text : {"", "{", "}}", "{ {", "a{b", "{}", "%}"})
        EXPECT_FALSE(is_template(text)) << text;
    for (const auto* text : {"{{", "a{{b", "{%", "{#", "{{{"}) EXPECT_TRUE(is_template(text)) << text;
}

}  // namespace
}  // namespace mullion::inventory
