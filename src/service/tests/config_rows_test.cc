// Every row of service-protocol.md 2.1 and 2.2, over the wire's messages: got, put within its range, refused
// beyond it, refused under policy, and in force.
#include <gtest/gtest.h>

#include "service/tests/config_fixture.h"
#include "state/settings_table.h"

namespace mullion::service::testing {
namespace {

namespace code = wsman::code;
using wsman::ConfigAccess;
using wsman::ConfigType;

class ConfigRows : public ConfigFixture {};

// Another value than the preset, and one that is none; empty where there is none that is not one.
std::pair<std::string, std::string> good_and_bad(const wsman::ConfigRow& row) {
    switch (row.type) {
        case ConfigType::boolean:
            return {row.preset == "true" ? "false" : "true", "perhaps"};
        case ConfigType::number:
            return {std::to_string(row.minimum + 1),
                    row.minimum == 0 ? "-1" : std::to_string(row.minimum - 1)};
        case ConfigType::port:
            return {"8080", "65536"};
        case ConfigType::hardening:
            return {"Strict", "strong"};
        case ConfigType::ip_filter:
            return {row.path.ends_with("IPv6Filter") ? "::1-::2" : "127.0.0.1-127.0.0.2", "everywhere"};
        case ConfigType::thumbprint:
            return {std::string(40, 'A'), "AB"};
        case ConfigType::url_prefix:
            return {"other", "/other/"};
        case ConfigType::trusted_hosts:
            return {"host1,*.example", "a*b"};
        default:
            return {"O:NSG:BAD:P(A;;GA;;;BA)", ""};
    }
}

TEST_F(ConfigRows, EachIsGotPutAndRefused) {
    const auto root = target("");
    for (const auto& row : root.resource->rows) {
        const auto [good, bad] = good_and_bad(row);
        const std::string path(row.path);
        EXPECT_EQ(get(root).find(path)->text, row.preset) << path;
        if (row.access == ConfigAccess::deprecated) {
            EXPECT_EQ(code_of(put(root, {{path, "7", {}, false}})), code::deprecated_setting) << path;
            EXPECT_EQ(put(root, {{path, std::string(row.preset), {}, false}}).status, 200) << path;
            continue;
        }
        const auto applied = effect.applied.size();
        EXPECT_EQ(put(root, {{path, good, {}, false}}).status, 200) << path;
        EXPECT_EQ(get(root).find(path)->text, good) << path;
        ASSERT_EQ(effect.applied.size(), applied + 1) << path;
        const auto* setting = state::find_setting(path);
        if (!std::holds_alternative<std::monostate>(setting->field)) {
            EXPECT_NE(effect.applied.back().settings, state::Settings{}) << path << " is not in force";
        }
        if (!bad.empty()) {
            EXPECT_NE(code_of(put(root, {{path, bad, {}, false}})), 0u) << path;
            EXPECT_EQ(get(root).find(path)->text, good) << path;
        }
        EXPECT_EQ(put(root, {{path, std::string(row.preset), {}, false}}).status, 200) << path;
        EXPECT_EQ(effect.applied.back().settings, state::Settings{}) << path;
    }
}

TEST_F(ConfigRows, EachIsRefusedUnderPolicy) {
    const auto root = target("");
    for (const auto& row : root.resource->rows) {
        if (row.access == ConfigAccess::deprecated) continue;
        const std::string path(row.path);
        const auto other = good_and_bad(row).first;
        write("policy.d/1.yml", path + ": \"" + std::string(row.preset) + "\"\n");
        EXPECT_EQ(get(root).find(path)->source, "GPO") << path;
        EXPECT_EQ(code_of(put(root, {{path, other, {}, false}})), code::policy_controlled) << path;
        EXPECT_EQ(put(root, {{path, std::string(row.preset), {}, false}}).status, 200) << path;
    }
    EXPECT_EQ(yaml(), "");
}

TEST_F(ConfigRows, EveryPartOfTheTreeShowsItsRows) {
    for (const auto& one : wsman::config_resources()) {
        if (!one.keys.empty()) continue;
        const wsman::ConfigTarget part{&one, {}};
        const auto document = get(part);
        ASSERT_EQ(document.values.size(), one.rows.size()) << one.path;
        for (std::size_t i = 0; i < one.rows.size(); ++i)
            EXPECT_EQ(document.values[i].path, one.rows[i].path);
        const auto& first = one.rows[0];
        const auto answer = put(part, {{std::string(first.path), good_and_bad(first).first, {}, false}});
        EXPECT_EQ(answer.status, one.allows(wsman::ConfigVerb::put) ? 200 : 500) << one.path;
    }
}

// service-protocol.md 2.1: which verbs there are.
TEST_F(ConfigRows, OtherVerbsAreRefused) {
    using Verb = wsman::ConfigVerb;
    const std::pair<Verb, std::string_view> verbs[] = {{Verb::get, wsman::action::get},
                                                       {Verb::put, wsman::action::put},
                                                       {Verb::create, wsman::action::create},
                                                       {Verb::remove, wsman::action::remove},
                                                       {Verb::enumerate, wsman::action::enumerate}};
    for (const auto& one : wsman::config_resources()) {
        for (const auto& [verb, action] : verbs) {
            if (one.allows(verb)) continue;
            const auto uri = wsman::config_uri(one);
            const wsman::RequestHead head{action, uri, message_id(), {}, {}};
            const auto body = wsman::write_request(request, head, [](xml::Writer&) {});
            EXPECT_EQ(code_of(ask(body)), code::action_not_supported) << one.path << action;
        }
    }
    const auto shells_of_others = std::string(wsman::resource::config) + "/winrs/customremoteshell";
    const wsman::RequestHead head{wsman::action::get, shells_of_others, message_id(), {}, {}};
    EXPECT_EQ(code_of(ask(wsman::write_request(request, head, [](xml::Writer&) {}))),
              code::custom_shell_deprecated);
}

TEST_F(ConfigRows, WhatCannotBeAppliedIsNotWritten) {
    effect.refuse = Error{ErrorId::serve_listen, "* port 80: Permission denied"};
    effect.refuse->advice.emplace_back("Do this.");
    const auto fault = fault_of(put(target("winrs"), {{"Winrs/IdleTimeout", "60000", {}, false}}));
    EXPECT_EQ(fault.code, code::internal_error);
    EXPECT_NE(fault.message.find("Permission denied"), std::string::npos) << fault.message;
    EXPECT_NE(fault.message.find("Do this."), std::string::npos) << fault.message;
    EXPECT_EQ(yaml(), "");
    EXPECT_TRUE(effect.applied.empty());
    EXPECT_EQ(get(target("winrs")).find("Winrs/IdleTimeout")->text, "7200000");
}

}  // namespace
}  // namespace mullion::service::testing
