// One instance, one class: read, changed, called. What changes something is never sent twice.
#include "client/tests/cim_fixture.h"
#include "wsman/fault.h"

namespace mullion::client {
namespace {

using testing::text;
using testing::Trouble;
using wsman::cim::Property;

class CimChangeTest : public testing::CimFixture {};

TEST_F(CimChangeTest, GetsAnInstance) {
    visit.question = CimGet{cim_object("Win32_Service", {{"Name", "spooler"}})};
    host.troubles["Get"] = {{Trouble::lost_after}};  // It changes nothing: once more.
    const auto ended = go();
    EXPECT_EQ(ended.status, Status::ok);
    EXPECT_EQ(host.cim.seen.back(), "Get Win32_Service.Name=spooler");
    ASSERT_TRUE(ended.instance);
    EXPECT_EQ(ended.instance->find("startmode")->values.front().text, "Auto");
    EXPECT_TRUE(ended.instance->find("Note")->values.front().is_null());
}

TEST_F(CimChangeTest, AFaultIsNotAShellThatIsGone) {
    visit.question = CimGet{cim_object("Win32_Service", {{"Nmae", "spooler"}})};
    host.troubles["Get"] = {{Trouble::fault, wsman::code::unexpected_selectors}};
    const auto ended = go();
    EXPECT_EQ(ended.error->id, ErrorId::wsman_fault);
    EXPECT_EQ(ended.status, Status::refused);
}

TEST_F(CimChangeTest, SetPutsBackTheWholeWithWhatChanged) {
    visit.question =
        CimSet{cim_object("Win32_Service", {{"Name", "spooler"}}), {Property{"startmode", {text("Manual")}}}};
    for (const bool shows : {true, false}) {
        host.cim.shows_what_was_put = shows;
        const auto ended = go();
        EXPECT_EQ(ended.status, Status::ok);
        EXPECT_EQ(ended.instance.has_value(), shows);
        const auto& put = host.cim.put.back();
        EXPECT_EQ(put.find("StartMode")->values.front().text, "Manual");
        EXPECT_EQ(put.find("Name")->values.front().text, "spooler");
        EXPECT_EQ(put.properties.size(), 3U);
    }
}

TEST_F(CimChangeTest, WhatCannotBeReadIsNotSet) {
    visit.question = CimSet{cim_object("Win32_Service", {{"Name", "a"}}), {Property{"A", {text("b")}}}};
    host.always["Get"] = {Trouble::fault, wsman::code::access_denied};
    EXPECT_EQ(go().error->id, ErrorId::wsman_access_denied);
    EXPECT_EQ(host.count("Put"), 0);
}

TEST_F(CimChangeTest, CreatesAndDeletes) {
    visit.question = CimCreate{cim_class("Win32_Environment"),
                               {Property{"Name", {text("A")}}, Property{"Words", {text("x"), text("y")}}}};
    auto ended = go();
    EXPECT_EQ(ended.status, Status::ok);
    EXPECT_EQ(ended.created->keys.front().value, "new");
    EXPECT_EQ(host.cim.created.back().find("Words")->values.size(), 2U);
    visit.question = CimRemove{cim_object("Win32_Environment", {{"Name", "A"}})};
    ended = go();
    EXPECT_EQ(ended.status, Status::ok);
    EXPECT_EQ(host.cim.seen.back(), "Delete Win32_Environment.Name=A");
}

TEST_F(CimChangeTest, InvokesAMethodOfAClass) {
    visit.question = CimInvoke{cim_class("Win32_Process"), "Create", {Property{"CommandLine", {text("x")}}}};
    host.cim.result.return_value = text("0");
    host.cim.result.outputs.set("ProcessId", text("42"));
    const auto ended = go();
    EXPECT_EQ(ended.status, Status::ok);
    EXPECT_EQ(ended.method->outputs.find("ProcessId")->values.front().text, "42");
    EXPECT_TRUE(host.cim.created.empty());
    EXPECT_EQ(host.cim.invoked.back().name, "Create");
    EXPECT_TRUE(host.cim.invoked.back().of.keys.empty());
}

TEST_F(CimChangeTest, InvokesAMethodOfAnInstance) {
    visit.question = CimInvoke{cim_object("Win32_Service", {{"Name", "spooler"}}), "StartService", {}};
    host.cim.result.return_value = text("10");
    host.cim.result.outputs.set("Note", text("running"));
    const auto ended = go();
    EXPECT_EQ(ended.status, Status::ok);
    ASSERT_TRUE(ended.method);
    EXPECT_EQ(ended.method->return_value.text, "10");
    EXPECT_EQ(ended.method->outputs.find("Note")->values.front().text, "running");
    EXPECT_EQ(host.cim.invoked.back().of.keys.front().value, "spooler");
}

TEST_F(CimChangeTest, WhatChangesSomethingIsNeverSentTwice) {
    const auto object = cim_object("Win32_Service", {{"Name", "spooler"}});
    const std::pair<const char*, CimQuestion> changes[] = {
        {"Put", CimSet{object, {Property{"StartMode", {text("Manual")}}}}},
        {"Create", CimCreate{cim_class("Win32_Service"), {Property{"Name", {text("a")}}}}},
        {"Delete", CimRemove{object}},
        {"StartService", CimInvoke{object, "StartService", {}}}};
    visit.timeout = Duration(300'000);
    for (const auto& [name, question] : changes) {
        visit.question = question;
        for (const auto kind :
             {Trouble::lost_after, Trouble::lost_before, Trouble::silent, Trouble::other_answer,
              Trouble::garbage, Trouble::web_page, Trouble::forged_away, Trouble::forged_busy}) {
            host.troubles[name] = {{kind}};
            const int before = host.count(name);
            const auto ended = go();
            EXPECT_EQ(ended.status, Status::unknown) << name << kind;
            ASSERT_TRUE(ended.error) << name << kind;
            EXPECT_NE(ended.error->detail.find("may have been done"), std::string::npos) << name << kind;
            EXPECT_EQ(host.count(name), before + 1) << name << kind;
        }
        // The host says no, and did nothing; or it says that it ran out of time, and may be at it.
        host.troubles[name] = {{Trouble::fault, wsman::code::access_denied}};
        EXPECT_EQ(go().status, Status::refused) << name;
        host.troubles[name] = {{Trouble::fault, wsman::code::operation_timed_out}};
        EXPECT_EQ(go().status, Status::unknown) << name;
        // It never left.
        connections->drop(Lane::main);
        host.troubles[name] = {{Trouble::refused}, {Trouble::refused}};
        EXPECT_EQ(go().status, Status::unreachable) << name;
    }
}

TEST_F(CimChangeTest, NamesThatNoMessageCanHaveAreRefusedHere) {
    visit.question = CimCreate{cim_class("Win32_Environment"), {Property{"a b", {text("x")}}}};
    const auto ended = go();
    EXPECT_EQ(ended.error->id, ErrorId::usage_invalid);
    EXPECT_EQ(ended.status, Status::not_started);
    EXPECT_TRUE(host.seen.empty());
}

}  // namespace
}  // namespace mullion::client
