#include <gtest/gtest.h>

#include "inventory/patterns.h"
#include "inventory/readers.h"
#include "inventory/shell_words.h"

namespace mullion::inventory {
namespace {

struct Read {
    std::unique_ptr<Model> model = std::make_unique<Model>();
    std::string error;

    explicit Read(std::string_view text) {
        const auto done = read_ini(*model, model->add_file("hosts"), text);
        if (!done.ok()) {
            error = done.error().detail;
            EXPECT_EQ(done.error().id, ErrorId::inventory_invalid);
        }
        model->settle();
    }
    std::string hosts(std::string_view group) const {
        std::string names;
        const auto found = model->find_group(group);
        if (!found) return "no such group";
        for (const auto host : hosts_of(*model, *found))
            names += (names.empty() ? "" : " ") + model->hosts()[host].name;
        return names;
    }
    const Value& of_host(std::string_view host, std::string_view name) const {
        static const Value none;
        const auto found = model->find_host(host);
        const auto* value =
            found ? find_variable(model->hosts()[*found].variables, model->known_name(name)) : nullptr;
        EXPECT_NE(value, nullptr) << host << " " << name;
        return value == nullptr ? none : *value;
    }
    const Value& of_group(std::string_view group, std::string_view name) const {
        static const Value none;
        const auto found = model->find_group(group);
        const auto* value =
            found ? find_variable(model->groups()[*found].variables, model->known_name(name)) : nullptr;
        EXPECT_NE(value, nullptr) << group << " " << name;
        return value == nullptr ? none : *value;
    }
};

std::string text_of(const Value& value) {
    const auto* text = std::get_if<std::string>(&value.data);
    return text == nullptr ? "not text" : *text;
}
std::int64_t number_of(const Value& value) {
    const auto* number = std::get_if<std::int64_t>(&value.data);
    return number == nullptr ? -1 : *number;
}

TEST(Ini, ReadsHostsGroupsAndVariables) {
    const Read read(
        "\xef\xbb\xbf# comment\n; too\nlone ansible_port=5985\r\n\n[web]\nweb[1:2] a=\"two words\" b=[1,2] "
        "c=x#y   # comment\n"
        "[web:vars] # comment\nuser = it's mine # not a comment here\nport=5986 # but here\nlist=['a', "
        "'b']\nempty=\n"
        "[prod:children]\nweb\n[web]\nweb2 a=3\n");
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.hosts("all"), "lone web1 web2");
    EXPECT_EQ(read.hosts("ungrouped"), "lone");
    EXPECT_EQ(read.hosts("prod"), "web1 web2");
    EXPECT_EQ(number_of(read.of_host("lone", "ansible_port")), 5985);
    EXPECT_EQ(read.of_host("lone", "ansible_port").place.line, 3U);
    EXPECT_EQ(text_of(read.of_host("web1", "a")), "two words");
    EXPECT_EQ(std::get<List>(read.of_host("web1", "b").data).size(), 2U);
    EXPECT_EQ(std::get<List>(read.of_host("web1", "b").data)[1].place.line, 6U);
    EXPECT_EQ(text_of(read.of_host("web1", "c")), "x");
    EXPECT_EQ(number_of(read.of_host("web2", "a")), 3);
    EXPECT_EQ(text_of(read.of_group("web", "user")), "it's mine # not a comment here");
    EXPECT_EQ(number_of(read.of_group("web", "port")), 5986);
    EXPECT_EQ(text_of(read.of_group("web", "empty")), "");
    EXPECT_EQ(std::get<List>(read.of_group("web", "list").data).size(), 2U);
}

TEST(Ini, ReadsPortsAndAddresses) {
    const Read read(
        "a:5985\n10.0.0.1:80\n::1\n[::1]:5985\n[::2]:5985\n[fe80::1%eth0]:81\n[fe80::2] x=1\nb[1:2]:82\na:"
        "6000\nwe!rd:83\n");
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.hosts("all"), "a 10.0.0.1 ::1 ::2 fe80::1%eth0 fe80::2 b1 b2 we!rd:83");
    EXPECT_EQ(number_of(read.of_host("a", "ansible_port")),
              5985);  // The first line that names a host says its port.
    EXPECT_EQ(number_of(read.of_host("10.0.0.1", "ansible_port")), 80);
    EXPECT_TRUE(read.model->hosts()[*read.model->find_host("::1")].variables.empty());
    EXPECT_EQ(number_of(read.of_host("::2", "ansible_port")), 5985);
    EXPECT_EQ(number_of(read.of_host("fe80::1%eth0", "ansible_port")), 81);
    EXPECT_EQ(number_of(read.of_host("b2", "ansible_port")), 82);
}

TEST(Ini, KnowsGroupsThatComeLater) {
    const Read read("[a:vars]\nx=1\n[b:children]\na\nc # comment\n[c]\nh\n[a]\n[ungrouped]\nu\n");
    EXPECT_EQ(read.error, "");
    EXPECT_EQ(read.hosts("b"), "h");
    EXPECT_EQ(number_of(read.of_group("a", "x")), 1);
    EXPECT_EQ(read.hosts("ungrouped"), "u");
}

TEST(Ini, SaysWhereItIsWrong) {
    for (const auto& [text, error] : std::vector<std::pair<std::string_view, std::string>>{
             {"\n[a:vars]\nx=1\n[b]\n", "hosts:2: [a:vars] is for the group a, which is nowhere declared"},
             {"[a:children]\nb\n\nc\n", "hosts:2: [a:children] names the group b, which is nowhere declared"},
             {"[a:children]\nb\n[b:vars]\nx=1\n",
              "hosts:2: [a:children] names the group b, which is nowhere declared"},
             {"[a:boxes]\n",
              "hosts:1: the section [a:boxes] is of an unknown kind: hosts, vars and children are known"},
             {"[a b]\n", "hosts:1: '[a b]' is no section: write [group], [group:vars] or [group:children]"},
             {"h x\n", "hosts:1: 'x' is no key=value of the host h"},
             {"a\nh x='y\n", "hosts:2: a single quote is not closed"},
             {"h x=\"y\n", "hosts:1: a double quote is not closed"},
             {"h x=y\\\n", "hosts:1: a backslash ends the line"},
             {"h:\n", "hosts:1: 'h:' ends in a colon, but no port follows"},
             {"---\nall:\n", "hosts:1: '---' begins a YAML file, but this is read as INI"},
             {"\"\"\n", "hosts:1: the host's name is empty"},
             {"h[1:]\n", "hosts:1: the host range 'h[1:]' has no end"},
             {"[a]\n[a:vars]\nx\n", "hosts:3: 'x' is no key=value"},
             {"[a:children]\nb:c\n", "hosts:2: 'b:c' is no name of a group"},
             {"[a:children]\na\n", "hosts:2: group a as a child of a would be its own descendant"},
             {"[a]\n[b:children]\na\n[a:children]\nb\n",
              "hosts:5: group b as a child of a would be its own descendant"},
             {"a\nb\xff\n", "hosts:2: the line is not UTF-8"}})
        EXPECT_EQ(Read(text).error, error) << text;
    EXPECT_EQ(Read("a # \xff\n").error, "hosts:1: the line is not UTF-8");
    EXPECT_EQ(Read("# \xff\na\n").error, "");
}

TEST(Ini, EveryTruncationIsAnErrorOrAPrefix) {
    const std::string_view whole =
        "web[01:03]:5986 a='x y' b=[1,2]\n[g:vars]\nport=5986\n[p:children]\ng\n[g]\nh x=\"1\" # c\n";
    const auto most = Read(whole).model->hosts().size();
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const Read read(whole.substr(0, length));
        if (read.error.empty()) {
            EXPECT_LE(read.model->hosts().size(), most) << whole.substr(0, length);
        } else {
            EXPECT_EQ(read.error.substr(0, 6), "hosts:") << read.error;
        }
    }
}

TEST(ShellWords, AreThoseOfAPosixShell) {
    using Words = std::vector<std::string>;
    for (const auto& [line, words] :
         std::vector<std::pair<std::string_view, Words>>{{"a b\tc", {"a", "b", "c"}},
                                                         {"a='b c'd", {"a=b cd"}},
                                                         {"a=\"\\\"\\x\\\\\"", {"a=\"\\x\\"}},
                                                         {"a\\ b", {"a b"}},
                                                         {"''", {""}},
                                                         {"a#b c", {"a"}},
                                                         {"'#' b", {"#", "b"}},
                                                         {"a '' b", {"a", "", "b"}},
                                                         {"", {}},
                                                         {"'\\'", {"\\"}}}) {
        const auto split = split_words(line);
        ASSERT_TRUE(split.ok()) << line;
        EXPECT_EQ(*split, words) << line;
    }
}

}  // namespace
}  // namespace mullion::inventory
