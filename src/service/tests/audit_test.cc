#include "service/access/audit.h"

#include <gtest/gtest.h>

#include <vector>

#include "rights/well_known.h"
#include "wsman/uris.h"

namespace mullion::service {
namespace {

class Lines final : public Logger {
public:
    bool enabled(LogLevel level) const override { return level >= lowest; }
    void write(LogLevel level, std::string_view line) override {
        lines.push_back((level == LogLevel::warning ? "warning "
                         : level == LogLevel::info  ? "info "
                                                    : "debug ") +
                        std::string(line));
    }
    LogLevel lowest = LogLevel::info;
    std::vector<std::string> lines;
};

class Audit : public ::testing::Test {
protected:
    void ask(std::string_view action, std::string_view resource, std::string_view address = "10.0.0.5") {
        const AccessRequest request{identity, &token, action, resource, false};
        audit.tell(request, authorize(request, settings, rules), address);
    }

    std::optional<auth::Identity> identity{auth::Identity("ann", auth::Transport::ntlm, false, "ann")};
    rights::Token token = rights::network_token(rights::Sid(5, {21, 1, 2, 3, 1000}), {});
    AccessRules rules;
    state::Settings settings;
    ManualClock clock;
    Lines log;
    AuditLog audit{log, clock};
};

TEST_F(Audit, TellsWhoFromWhereWhatAndWhetherTheyMight) {
    ask(wsman::action::get, wsman::resource::config);
    token.groups.push_back(rights::sids::administrators);
    ask(wsman::action::command, wsman::resource::command_shell);
    ask(wsman::action::get, wsman::resource::config);  // The default has no entry for reading that went well.
    EXPECT_EQ(
        log.lines,
        (std::vector<std::string>{
            "warning ann from 10.0.0.5: access denied to http://schemas.xmlsoap.org/ws/2004/09/transfer/Get: "
            "Read on http://schemas.microsoft.com/wbem/wsman/1/config is not granted by RootSDDL "
            "(S-1-5-21-1-2-3-1000)",
            "info ann from 10.0.0.5: access granted to "
            "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/Command: Execute on "
            "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd is granted by RootSDDL "
            "(S-1-5-21-1-2-3-1000)"}));
}

TEST_F(Audit, OfACommandIsOneLine) {
    token.groups.push_back(rights::sids::administrators);
    for (const auto action : {wsman::action::receive, wsman::action::send})
        ask(action, wsman::resource::command_shell);
    EXPECT_TRUE(log.lines.empty());
    token.groups.pop_back();
    ask(wsman::action::receive, wsman::resource::command_shell);
    EXPECT_EQ(log.lines.size(), 1u) << "who may not is told all the same";
}

TEST_F(Audit, WithoutSuchAnEntryIsForWhoLooksForReasons) {
    rules = std::move(*AccessRules::make("D:(A;;GA;;;BA)", {}));
    ask(wsman::action::get, wsman::resource::config);
    EXPECT_TRUE(log.lines.empty());
    log.lowest = LogLevel::debug;
    ask(wsman::action::get, wsman::resource::config);
    ASSERT_EQ(log.lines.size(), 1u);
    EXPECT_TRUE(log.lines[0].starts_with("debug ann from 10.0.0.5: access denied"));
}

TEST_F(Audit, FloodsNoDisk) {
    for (int i = 0; i < 1000; ++i) ask(wsman::action::get, wsman::resource::config);
    EXPECT_EQ(log.lines.size(), 30u);
    ask(wsman::action::get, wsman::resource::config, "10.0.0.6");
    EXPECT_EQ(log.lines.size(), 31u) << "one address does not hide the others";
    token.groups.push_back(rights::sids::administrators);
    for (int i = 0; i < 1000; ++i) ask(wsman::action::command, wsman::resource::command_shell);
    EXPECT_EQ(log.lines.size(), 331u);
    clock.advance(LineLimit::span);
    audit.sweep();
    ASSERT_EQ(log.lines.size(), 333u);
    EXPECT_EQ(log.lines[331], "warning and 970 more requests were denied");
    EXPECT_EQ(log.lines[332], "info and 700 more requests were granted");
    audit.sweep();
    EXPECT_EQ(log.lines.size(), 333u);
}

TEST_F(Audit, IsOneShortLineWhateverThingsAreCalled) {
    ask("x\n2026-01-01T00:00:00Z info all is well \xe2\x80\xae" + std::string(100'000, 'y'),
        std::string(100'000, '\x1b'));
    ASSERT_EQ(log.lines.size(), 1u);
    EXPECT_LT(log.lines[0].size(), 600u);
    EXPECT_EQ(log.lines[0].find('\n'), std::string::npos);
    EXPECT_EQ(log.lines[0].find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace mullion::service
