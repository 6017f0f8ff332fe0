#include "prepare/kerberos/script.h"

#include <gtest/gtest.h>

#include <string>

#include "prepare/kerberos/steps.h"

namespace mullion::prepare {
namespace {

KerberosPlan plan() {
    KerberosPlan plan;
    plan.realm = "EXAMPLE.COM";
    plan.kdcs = {"dc1.example.com", "dc2.example.com"};
    plan.admin_server = "dc1.example.com";
    plan.domain = "example.com";
    return plan;
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(KerberosScript, SaysInItsHeadWhatEachStepChangesAndWhoseAdviceItIs) {
    const auto script = kerberos_script(plan());
    ASSERT_TRUE(script.ok());
    const auto head = script->substr(0, script->find("\nset -uf\n"));
    EXPECT_TRUE(head.starts_with("#!/bin/sh\n"));
    for (const auto& step : kerberos_steps()) {
        EXPECT_TRUE(has(head, step.does)) << step.id;
        EXPECT_TRUE(has(head, step.cites)) << step.id;
        EXPECT_FALSE(step.cites.empty());
        EXPECT_TRUE(has(*script, std::string("run_step ") + std::string(step.id) + " ")) << step.id;
    }
}

TEST(KerberosScript, HasTheWordsAsQuotedValues) {
    auto words = plan();
    words.keytab = "/root/it's $HOME.keytab";
    words.host_lines = {"10.0.0.5 dc1.example.com dc1"};
    const auto script = kerberos_script(words);
    ASSERT_TRUE(script.ok());
    EXPECT_TRUE(has(*script, "\nREALM='EXAMPLE.COM'\n"));
    EXPECT_TRUE(has(*script, "\nKDCS='dc1.example.com dc2.example.com'\n"));
    EXPECT_TRUE(has(*script, "\nKEYTAB='/root/it'\\''s $HOME.keytab'\n"));
    EXPECT_TRUE(has(*script, "\n    echo '10.0.0.5 dc1.example.com dc1'\n"));
}

TEST(KerberosScript, RefusesAWordThatWouldBeALineOfItsOwn) {
    auto words = plan();
    words.target = "web01\nrm -rf /";
    const auto script = kerberos_script(words);
    ASSERT_FALSE(script.ok());
    EXPECT_EQ(script.error().id, ErrorId::usage_invalid);
    EXPECT_TRUE(has(script.error().detail, "TARGET"));
}

}  // namespace
}  // namespace mullion::prepare
