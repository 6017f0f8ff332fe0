// Get, Enumerate and Delete of one's own shells by the resource that lists them, and the rules of shells.
#include <gtest/gtest.h>

#include "service/tests/shells_fixture.h"

namespace mullion::service::testing {
namespace {

class ListedShells : public ShellsTest {
protected:
    wsman::ShellInfo get(const std::string& shell) {
        auto info = wsman::read_get_shell_response(
            understood(say(wsman::write_get_shell(request, message_id(), shell))));
        EXPECT_TRUE(info.ok());
        return info.ok() ? std::move(*info) : wsman::ShellInfo{};
    }
    wsman::Batch enumerate(std::vector<wsman::Selector> selectors = {}, const std::string& user = "alice") {
        wsman::Enumerate what;
        what.max_elements = 100;
        const auto out = say(
            wsman::write_enumerate(request, message_id(), wsman::resource::shells, selectors, what), user);
        auto batch = wsman::read_enumerate_response(understood(out));
        EXPECT_TRUE(batch.ok());
        return batch.ok() ? std::move(*batch) : wsman::Batch{};
    }
    std::string by_list(std::string_view action, const std::string& shell) {
        wsman::RequestHead head;
        head.action = action;
        head.resource_uri = wsman::resource::shells;
        head.message_id = message_id();
        head.selectors = {{"ShellId", shell}};
        return wsman::write_request(request, head, [](xml::Writer&) {});
    }
};

TEST_F(ListedShells, AnOwnerHasHisDomainBeforeHim) {
    for (const auto& [user, owner] :
         {std::pair("bob", R"(TESTHOST\bob)"), std::pair("bob@AD.EXAMPLE.TEST", "bob@AD.EXAMPLE.TEST"),
          std::pair(R"(Unix User\bob)", R"(Unix User\bob)")}) {
        const auto created = wsman::read_create_response(understood(say(create_body({}), user)));
        ASSERT_TRUE(created.ok() && created->shell);
        EXPECT_EQ(created->shell->owner, owner);
    }
}

TEST_F(ListedShells, EveryFieldAsWindowsNamesIt) {
    wsman::CreateShell what;
    what.name = "the name";
    what.no_profile = true;
    what.idle_timeout = Duration(90'000);
    what.environment = {{"SECRET", "word"}};
    request.locale = "de-DE";
    const std::string shell = open_shell(what);
    run(shell, "runs");
    run(shell, "ended");
    script(1).end(0);
    settle();
    clock.advance(Duration(61'000));
    const auto info = get(shell);
    EXPECT_EQ(info.shell_id, shell);
    EXPECT_EQ(info.name, "the name");
    EXPECT_EQ(info.resource_uri, wsman::resource::command_shell);
    EXPECT_EQ(info.owner, R"(TESTHOST\alice)");
    EXPECT_EQ(info.client_ip, "10.1.2.3");
    EXPECT_EQ(info.idle_timeout, Duration(90'000));
    EXPECT_EQ(info.input_streams, "stdin");
    EXPECT_EQ(info.output_streams, "stdout stderr");
    EXPECT_EQ(info.max_idle_timeout, Duration(0x7FFFFFFF));
    EXPECT_EQ(info.locale, "de-DE");
    EXPECT_EQ(info.data_locale, "de-DE");
    EXPECT_EQ(info.compression_mode, "NoCompression");
    EXPECT_EQ(info.profile_loaded, "No");
    EXPECT_EQ(info.encoding, "UTF8");
    EXPECT_EQ(info.buffer_mode, "Block");
    EXPECT_EQ(info.state, "Connected");
    EXPECT_EQ(info.run_time, Duration(61'000));
    EXPECT_EQ(info.child_processes, "1");
    EXPECT_TRUE(info.environment.empty()) << "it may hold secrets";
    const auto items = enumerate().items;
    ASSERT_EQ(items.size(), 1u);
    auto listed = wsman::read_shell_item(items[0]);
    ASSERT_TRUE(listed.ok());
    listed->inactivity = info.inactivity;
    EXPECT_EQ(*listed, info);
}

TEST_F(ListedShells, TimeThatNobodyUsedItIsInactivity) {
    const std::string shell = open_shell();
    clock.advance(Duration(5'000));
    const auto items = enumerate().items;
    EXPECT_EQ(wsman::read_shell_item(items.at(0))->inactivity, Duration(5'000));
    EXPECT_EQ(get(shell).inactivity, Duration(0)) << "a Get is use";
}

TEST_F(ListedShells, WithAShellIdItsCommandsAreListed) {
    const std::string shell = open_shell(), other = open_shell();
    const std::string command = run(shell, "x");
    run(other, "y");
    const auto batch = enumerate({{"ShellId", shell}});
    ASSERT_EQ(batch.items.size(), 1u);
    EXPECT_NE(batch.items[0].find("<rsp:CommandId>" + command), std::string::npos) << batch.items[0];
    wsman::Enumerate what;
    const auto body =
        wsman::write_enumerate(request, message_id(), wsman::resource::shells, {{"ShellId", shell}}, what);
    EXPECT_EQ(code_of(say(body, "mallory")), code::unexpected_selectors);
}

TEST_F(ListedShells, AnotherOfOnesOwnIsDeleted) {
    const std::string shell = open_shell(), other = open_shell();
    run(other, "sleep");
    EXPECT_EQ(code_of(say(by_list(wsman::action::remove, other), "mallory")), code::unexpected_selectors);
    request.session_id = "uuid:99999999-9999-9999-9999-999999999999";  // Of another session of his.
    EXPECT_EQ(say(by_list(wsman::action::remove, other)).status, 200);
    EXPECT_EQ(script().signals, (std::vector{ProcessSignal::kill}));
    EXPECT_EQ(code_of(say(by_list(wsman::action::get, other))), code::unexpected_selectors);
    EXPECT_EQ(say(by_list(wsman::action::get, shell)).status, 200);
}

TEST_F(ListedShells, AFilterIsRefused) {
    wsman::Enumerate what;
    what.has_filter = true;
    what.filter_dialect = wsman::dialect::selector;
    what.filter_xml = "<w:SelectorSet xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\"/>";
    const auto fault =
        fault_of(say(wsman::write_enumerate(request, message_id(), wsman::resource::shells, {}, what)));
    EXPECT_EQ(fault.code, code::filtering_not_supported);
    EXPECT_EQ(fault.subcode, "FilteringNotSupported");
}

TEST_F(ListedShells, TheResourceOfCommandShellsListsNothing) {
    wsman::Enumerate what;
    const auto body = wsman::write_enumerate(request, message_id(), wsman::resource::command_shell, {}, what);
    EXPECT_EQ(fault_of(say(body)).subcode, "ActionNotSupported");
    std::string get = by_list(wsman::action::get, open_shell());
    get.replace(get.find("windows/shell<"), 14, "windows/shell/cmd<");
    EXPECT_EQ(fault_of(say(get)).subcode, "ActionNotSupported");
}

// No output of ours is compressed, and to whoever wants that it would be owed. [MS-WSMV] 3.1.4.5.2
TEST_F(ListedShells, CompressionIsRefused) {
    std::string body = create_body({});
    body.insert(body.find("</s:Header>"),
                "<rsp:CompressionType s:mustUnderstand='true'>xpress</rsp:CompressionType>");
    EXPECT_EQ(fault_of(say(body)).subcode, "UnsupportedFeature");
    EXPECT_EQ(shells.count(), 0u);
}

TEST_F(ListedShells, ACommandShellIsNotLeftAndComeBackTo) {
    const std::string shell = open_shell();
    for (const auto action : {wsman::action::disconnect, wsman::action::reconnect, wsman::action::connect}) {
        std::string body = by_list(action, shell);
        body.replace(body.find("windows/shell<"), 14, "windows/shell/cmd<");
        const auto fault = fault_of(say(body));
        EXPECT_EQ(fault.code, code::unsupported_feature) << action;
        EXPECT_EQ(fault.subcode, "UnsupportedFeature");
    }
    EXPECT_EQ(get(shell).state, "Connected");
}

TEST_F(ListedShells, KeepAliveChangesNothing) {
    const std::string shell = open_shell();
    const std::string command = run(shell, "x");
    script().put("out");
    wsman::ReceiveOutput what;
    what.command_id = command;
    what.keep_alive = true;
    const auto out = say(wsman::write_receive(request, message_id(), shell, what));
    const auto output = wsman::read_receive_response(understood(out));
    ASSERT_TRUE(output.ok());
    EXPECT_EQ(output->chunks.at(0).bytes, "out");
}

TEST_F(ListedShells, CreateHasNoSelectors) {
    wsman::RequestHead head;
    head.action = wsman::action::create;
    head.resource_uri = wsman::resource::command_shell;
    head.message_id = message_id();
    head.selectors = {{"ShellId", guid}};
    const auto body =
        wsman::write_request(request, head, [](xml::Writer& out) { out.open("rsp:Shell").close(); });
    EXPECT_EQ(code_of(say(body)), code::unexpected_selectors);
}

}  // namespace
}  // namespace mullion::service::testing
