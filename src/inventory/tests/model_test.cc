#include "inventory/model.h"

#include <gtest/gtest.h>

namespace mullion::inventory {
namespace {

std::vector<std::string> names(const Model& model, const std::vector<GroupIndex>& groups) {
    std::vector<std::string> out;
    for (const GroupIndex group : groups) out.push_back(model.groups()[group].name);
    return out;
}
using Names = std::vector<std::string>;

TEST(Model, KeepsHostsAndGroupsInTheOrderTheyWereNamed) {
    Model model;
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(model.host("h" + std::to_string(i)), static_cast<HostIndex>(i));
    for (int i = 0; i < 1000; ++i) EXPECT_EQ(model.host("h" + std::to_string(i)), static_cast<HostIndex>(i));
    EXPECT_EQ(model.hosts().size(), 1000U);
    EXPECT_EQ(model.find_host("h7"), 7U);
    EXPECT_FALSE(model.find_host("h1000"));
    EXPECT_EQ(model.find_group("all"), Model::all);
    EXPECT_EQ(model.find_group("ungrouped"), Model::ungrouped);
    EXPECT_FALSE(model.find_group("h7"));
}

TEST(Model, PutsAHostIntoAGroupOnce) {
    Model model;
    const HostIndex host = model.host("a");
    const GroupIndex web = model.group("web");
    model.put(host, web);
    model.put(host, web);
    EXPECT_EQ(model.groups()[web].hosts.size(), 1U);
    EXPECT_EQ(model.hosts()[host].groups.size(), 1U);
}

TEST(Model, SettlesTopGroupsUnderAllAndHostsWithoutAGroupInUngrouped) {
    Model model;
    const HostIndex alone = model.host("alone"), in_all = model.host("in_all"), both = model.host("both");
    const GroupIndex web = model.group("web"), prod = model.group("prod");
    ASSERT_TRUE(model.add_child(prod, web).ok());
    model.put(in_all, Model::all);
    model.put(both, Model::ungrouped);
    model.put(both, web);
    model.settle();
    EXPECT_EQ(names(model, model.groups()[Model::all].children), (Names{"ungrouped", "prod"}));
    EXPECT_EQ(model.groups()[Model::ungrouped].hosts, (std::vector<HostIndex>{alone, in_all}));
    EXPECT_EQ(names(model, model.hosts()[both].groups), (Names{"web"}));
    EXPECT_EQ(names(model, model.hosts()[in_all].groups), (Names{"all", "ungrouped"}));
}

TEST(Model, MeasuresDepthByTheLongestWay) {
    Model model;
    const GroupIndex a = model.group("a"), b = model.group("b"), c = model.group("c");
    ASSERT_TRUE(model.add_child(Model::all, c).ok());
    ASSERT_TRUE(model.add_child(b, c).ok());
    ASSERT_TRUE(model.add_child(a, b).ok());
    model.settle();
    EXPECT_EQ(model.groups()[Model::all].depth, 0U);
    EXPECT_EQ(model.groups()[Model::ungrouped].depth, 1U);
    EXPECT_EQ(model.groups()[a].depth, 1U);
    EXPECT_EQ(model.groups()[b].depth, 2U);
    EXPECT_EQ(model.groups()[c].depth, 3U);
}

TEST(Model, RefusesLoops) {
    Model model;
    const GroupIndex a = model.group("a"), b = model.group("b"), c = model.group("c");
    EXPECT_FALSE(model.add_child(a, a).ok());
    ASSERT_TRUE(model.add_child(a, b).ok());
    ASSERT_TRUE(model.add_child(b, c).ok());
    ASSERT_TRUE(model.add_child(b, c).ok());  // Said twice is no loop.
    const auto loop = model.add_child(c, a);
    ASSERT_FALSE(loop.ok());
    EXPECT_EQ(loop.error().id, ErrorId::inventory_invalid);
    EXPECT_EQ(loop.error().detail, "group a as a child of c would be its own descendant");
    EXPECT_FALSE(model.add_child(c, Model::all).ok());
    EXPECT_EQ(model.groups()[b].children.size(), 1U);
}

TEST(Model, TheLastValueOfAVariableWins) {
    Model model;
    const HostIndex host = model.host("a");
    model.set(host, "x", Value{std::int64_t{1}, {}, false});
    model.set(host, "y", Value{true, {}, false});
    model.set(host, "x", Value{std::string("two"), {}, false});
    const Variables& variables = model.hosts()[host].variables;
    ASSERT_EQ(variables.size(), 2U);
    EXPECT_EQ(variables[0].name, "x");
    EXPECT_EQ(std::get<std::string>(find_variable(variables, "x")->data), "two");
    EXPECT_EQ(find_variable(variables, "z"), nullptr);
}

TEST(Model, KeepsEachNameOnce) {
    Model model;
    model.set(model.host("a"), std::string("ansible_host"), Value{});
    model.set(model.host("b"), std::string("ansible_host"), Value{});
    EXPECT_EQ(model.hosts()[0].variables[0].name.data(), model.hosts()[1].variables[0].name.data());
    EXPECT_EQ(model.known_name("ansible_host").data(), model.hosts()[0].variables[0].name.data());
    EXPECT_TRUE(model.known_name("ansible_port").empty());
}

TEST(Model, TakesAPriorityAsPythonsIntDoes) {
    Model model;
    const GroupIndex web = model.group("web");
    const auto set = [&](auto value) {
        return model.set_group(web, "ansible_group_priority", Value{value, {}, false}).ok();
    };
    EXPECT_TRUE(set(std::int64_t{10}));
    EXPECT_EQ(model.groups()[web].priority, 10);
    EXPECT_TRUE(model.groups()[web].variables.empty());
    EXPECT_TRUE(set(std::string(" +7\n")));
    EXPECT_EQ(model.groups()[web].priority, 7);
    EXPECT_TRUE(set(std::string("-3")));
    EXPECT_EQ(model.groups()[web].priority, -3);
    EXPECT_TRUE(set(2.9));
    EXPECT_EQ(model.groups()[web].priority, 2);
    for (const char* bad : {"", " ", "high", "1.5", "1 2", "99999999999999999999"})
        EXPECT_FALSE(set(std::string(bad))) << bad;
    EXPECT_FALSE(set(1e300));
    EXPECT_EQ(model.groups()[web].priority, 2);
}

TEST(Model, NoticesANameThatIsGroupAndHost) {
    Model model;
    model.reading(model.add_file("hosts.yml"));
    model.host("web");
    model.group("web");
    model.settle();
    ASSERT_EQ(model.notices().size(), 1U);
    EXPECT_EQ(model.text_of(model.notices()[0].place), "hosts.yml");
    EXPECT_NE(model.notices()[0].text.find("web"), std::string::npos);
}

TEST(Model, MarksWhatCameFromAVaultedFile) {
    Model model;
    model.mark_secrets(true);
    const HostIndex host = model.host("a");
    model.set(host, "x", Value{Map{{"y", Value{List{Value{true}}}}}});
    model.mark_secrets(false);
    model.set(host, "z", Value{true});
    const Value& marked = *find_variable(model.hosts()[host].variables, "x");
    EXPECT_TRUE(marked.secret);
    EXPECT_TRUE(std::get<List>(std::get<Map>(marked.data)[0].second.data)[0].secret);
    EXPECT_FALSE(find_variable(model.hosts()[host].variables, "z")->secret);
}

TEST(Model, NamesPlaces) {
    Model model;
    const std::uint32_t file = model.add_file("hosts.yml");
    EXPECT_EQ(model.text_of({file, 12}), "hosts.yml:12");
    EXPECT_EQ(model.text_of({file, 0}), "hosts.yml");
}

}  // namespace
}  // namespace mullion::inventory
