#include "inventory/patterns.h"

#include <gtest/gtest.h>

#include "inventory/address.h"
#include "inventory/name_match.h"
#include "inventory/readers.h"

namespace mullion::inventory {
namespace {

class Patterns : public testing::Test {
protected:
    Patterns() {
        const auto done =
            read_ini(model_, model_.add_file("hosts"),
                     "lone\n[web]\nweb[01:04]\n[db]\ndb1\ndb2\nweb04\n[prod]\nweb01\ndb2\nlone\n"
                     "[v6]\n::1\nfe80::1%eth0\n2001:db8::5\n[empty]\n[all_data:children]\ndb\nempty\n[web."
                     "corp]\nx.corp\n");
        EXPECT_TRUE(done.ok()) << done.error().detail;
        model_.settle();
    }
    std::string selected(std::string_view pattern) const {
        const auto hosts = select_hosts(model_, pattern);
        if (!hosts.ok()) {
            EXPECT_EQ(hosts.error().id, ErrorId::usage_pattern);
            return "error: " + hosts.error().detail;
        }
        std::string names;
        for (const auto host : *hosts) names += (names.empty() ? "" : " ") + model_.hosts()[host].name;
        return names;
    }

    Model model_;
};

// As `ansible --list-hosts` of ansible-core 2.17 lists them.
TEST_F(Patterns, SelectWhatAnsibleSelects) {
    EXPECT_EQ(selected("web"), "web01 web02 web03 web04");
    EXPECT_EQ(selected("db"), "db1 db2 web04");
    EXPECT_EQ(selected("all_data"), "db1 db2 web04");
    EXPECT_EQ(selected("ungrouped"), "");
    EXPECT_EQ(selected("web0[a13]"), "web01 web03");  // Digits alone would be a subscript.
    EXPECT_EQ(selected("web0[!13]"), "web02 web04");
    EXPECT_EQ(selected("db?"), "db1 db2");
    EXPECT_EQ(selected("web:db"), "web01 web02 web03 web04 db1 db2");
    EXPECT_EQ(selected("db,web"), "db1 db2 web04 web01 web02 web03");
    EXPECT_EQ(selected("web:!web03"), "web01 web02 web04");
    EXPECT_EQ(selected("!web03:web:&prod"), "web01");
    EXPECT_EQ(selected("&prod"), "web01 db2 lone");
    EXPECT_EQ(selected("web02 , web01"), "web02 web01");
    EXPECT_EQ(selected("empty"), "");
    EXPECT_EQ(selected("all"), "web01 web02 web03 web04 db2 lone ::1 fe80::1%eth0 2001:db8::5 x.corp db1");
    EXPECT_EQ(selected("*[12]"), "web02");  // Counted before a host that several groups have is taken once.
    EXPECT_EQ(selected("web*[4]"), "x.corp");
    EXPECT_EQ(selected("web*,!web.corp"), "web01 web02 web03 web04");
    EXPECT_EQ(selected("web01,web,web01"), "web01 web02 web03 web04");
}

TEST_F(Patterns, TakeSlices) {
    EXPECT_EQ(selected("web[0]"), "web01");
    EXPECT_EQ(selected("web[-1]"), "web04");
    EXPECT_EQ(selected("web[1:2]"), "web02 web03");
    EXPECT_EQ(selected("web[2:]"), "web03 web04");
    EXPECT_EQ(selected("web[1:9]"), "web02 web03 web04");
    EXPECT_EQ(selected("web[0:0]"), "web01");
    EXPECT_EQ(selected("web[1:0]"), "web02");
    EXPECT_EQ(selected("web:!web[1:]"), "web01");
    EXPECT_EQ(selected("empty[3]"), "");
    EXPECT_NE(selected("web[4]").find("has 4 hosts"), std::string::npos);
    EXPECT_NE(selected("web[-5]").find("has 4 hosts"), std::string::npos);
    EXPECT_NE(selected("web[7:9]").find("has 4 hosts"), std::string::npos);
}

TEST_F(Patterns, TakeAddressesWithTheirColons) {
    EXPECT_EQ(selected("::1"), "::1");
    EXPECT_EQ(selected("fe80::1%eth0"), "fe80::1%eth0");
    EXPECT_EQ(selected("::1,web01"), "::1 web01");
    EXPECT_EQ(selected("2001:db8::5"), "2001:db8::5");
}

TEST_F(Patterns, TakeExpressionsFromTheStart) {
    EXPECT_EQ(selected("~web\\d+$"), "web01 web02 web03 web04");
    EXPECT_EQ(selected("~eb"), "error: '~eb' matches no host and no group of 11 hosts; 'web' is there");
    EXPECT_EQ(selected("~(web|db)0?1"), "web01 db1");
    EXPECT_EQ(selected("~w:!~.*0[34]"), "web01 web02 x.corp");
    EXPECT_NE(selected("~(?=web)web").find("error: '~(?=web)web': "), std::string::npos);
    EXPECT_NE(selected("~web(").find("error: '~web(': "), std::string::npos);
}

TEST_F(Patterns, SayWhatMayHaveBeenMeant) {
    EXPECT_EQ(selected("wbe01"), "error: 'wbe01' matches no host and no group of 11 hosts; 'web01' is there");
    EXPECT_EQ(selected("web1"), "error: 'web1' matches no host and no group of 11 hosts; 'web' is there");
    EXPECT_EQ(selected("all:!emtpy1"),
              "error: 'emtpy1' matches no host and no group of 11 hosts; 'empty' is there");
    EXPECT_EQ(selected("all:!emptyy"),
              "error: 'emptyy' matches no host and no group of 11 hosts; 'empty' is there");
    EXPECT_EQ(select_hosts(model_, "localhost").error().advice.size(), 1U);
    for (const auto* text : {"", ",", ":", "!", "web:&", "web,!"})
        EXPECT_EQ(selected(text).substr(0, 6), "error:") << text;
}

TEST_F(Patterns, EveryTruncationIsSelectedOrRefused) {
    const std::string_view whole = "web[0:2]:!web0[!13]:&~(web|db)\\d{1}:::1";
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const auto hosts = select_hosts(model_, whole.substr(0, length));
        if (hosts.ok()) {
            EXPECT_LE(hosts->size(), 11U);
        } else {
            EXPECT_EQ(hosts.error().id, ErrorId::usage_pattern);
        }
    }
}

TEST(Patterns2, AllOfAnEmptyInventoryIsNobody) {
    Model model;
    model.settle();
    EXPECT_TRUE(select_hosts(model, "all")->empty());
    EXPECT_FALSE(select_hosts(model, "localhost").ok());
}

TEST(NameMatch, KnowsPythonsGlobs) {
    struct Case {
        std::string_view glob, name;
        bool matches;
    };
    for (const auto& [glob, name, matches] : {Case{"*", "", true},
                                              {"a*b*c", "aXbXbc", true},
                                              {"a*b*c", "aXbXb", false},
                                              {"?", "\xc3\xa9", true},
                                              {"[]x]", "]", true},
                                              {"[!]x]", "]", false},
                                              {"[a-c]", "b", true},
                                              {"[c-a]", "b", false},
                                              {"[a-]", "-", true},
                                              {"[", "[", true},
                                              {"[!", "[!", true},
                                              {"a[", "a[", true},
                                              {"A*", "abc", false},
                                              {"web.1", "webx1", false},
                                              {"***a", "bba", true},
                                              {"", "", true}}) {
        const auto match = NameMatch::parse(glob);
        ASSERT_TRUE(match.ok());
        EXPECT_EQ(match->matches(name), matches) << glob << " " << name;
    }
}

TEST(NameMatch, TakesTimeInProportion) {
    const auto glob = NameMatch::parse("*a*a*a*a*a*a*a*a*a*a*a*a*b");
    const auto expression = NameMatch::parse("~(a+)+$");
    const std::string name(4000, 'a');
    EXPECT_FALSE(glob->matches(name));
    EXPECT_FALSE(expression->matches(name + "b"));  // Exponential where an engine backtracks: never ends.
    EXPECT_FALSE(NameMatch::parse(std::string(5000, '*')).ok());
}

TEST(Address, KnowsWhatAnsibleKnows) {
    for (const auto& [text, host, port] :
         std::vector<std::tuple<std::string_view, std::string_view, unsigned>>{
             {"web", "web", 0},
             {"web:5986", "web", 5986},
             {"web[1:3]:80", "web[1:3]", 80},
             {"10.0.0.1:80", "10.0.0.1", 80},
             {"::1", "::1", 0},
             {"[::1]:80", "::1", 80},
             {"[fe80::1%eth0]:80", "fe80::1%eth0", 80},
             {"[web]:80", "web", 80},
             {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8", 0},
             {"2001:db8::[1:5]", "2001:db8::[1:5]", 0},
             {"_a-b.c_d", "_a-b.c_d", 0}}) {
        const auto address = parse_address(text);
        ASSERT_TRUE(address) << text;
        EXPECT_EQ(address->host, host);
        EXPECT_EQ(address->port, port) << text;
    }
    for (const auto* text : {"", "web*", "a:b", "web:", "-a", "a-", "a.", ".a", "a..b", "[::1]", "web[1]",
                             "web[1:a]", "web[:3]:80", "1:2:3", "12345::", "web[1:3", "a b", "&web", "~web"})
        EXPECT_FALSE(parse_address(text)) << text;
}

}  // namespace
}  // namespace mullion::inventory
