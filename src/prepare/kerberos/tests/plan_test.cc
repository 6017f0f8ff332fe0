#include "prepare/kerberos/plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "prepare/kerberos/script.h"
#include "prepare/kerberos/words.h"

namespace mullion::prepare {
namespace {

KerberosWords words() {
    KerberosWords words;
    words.realm = "EXAMPLE.COM";
    words.kdcs = {"dc1.example.com,dc2.example.com:750", "[2001:db8::5]:88"};
    return words;
}

std::string refusal(const KerberosWords& words) {
    const auto plan = plan_kerberos(words);
    return plan.ok() ? "" : plan.error().detail;
}

TEST(KerberosPlan, FillsInWhatWasLeftOut) {
    const auto plan = plan_kerberos(words());
    ASSERT_TRUE(plan.ok());
    EXPECT_EQ(plan->kdcs,
              (std::vector<std::string>{"dc1.example.com", "dc2.example.com:750", "[2001:db8::5]:88"}));
    EXPECT_EQ(plan->admin_server, "dc1.example.com");
    EXPECT_EQ(plan->domain, "example.com");
    EXPECT_EQ(plan->keytab_to, "");
    EXPECT_EQ(plan->principal, "");
}

TEST(KerberosPlan, TakesWhatWasGiven) {
    auto all = words();
    all.admin_server = "kadmin.example.com:749";
    all.domain = "Sub.Example.com";
    all.hosts = {"10.0.0.5=dc1.example.com,dc1", "2001:db8::5=dc1.example.com"};
    all.keytab = "/root/it's.keytab";
    all.keytab_owner = "centreon-engine";
    all.principal = "svc/monitor";
    const auto plan = plan_kerberos(all);
    ASSERT_TRUE(plan.ok()) << plan.error().detail;
    EXPECT_EQ(plan->admin_server, "kadmin.example.com:749");
    EXPECT_EQ(plan->domain, "sub.example.com");
    EXPECT_EQ(plan->host_lines,
              (std::vector<std::string>{"10.0.0.5 dc1.example.com dc1", "2001:db8::5 dc1.example.com"}));
    EXPECT_EQ(plan->keytab_to, "/etc/mullion/EXAMPLE.COM.keytab");
    EXPECT_EQ(plan->keytab_owner, "centreon-engine");
    EXPECT_EQ(plan->principal, "svc/monitor@EXAMPLE.COM");
}

TEST(KerberosPlan, UndoTakesTheRealmAlone) {
    KerberosWords only;
    only.realm = "EXAMPLE.COM";
    EXPECT_NE(refusal(only).find("--kdc is missing"), std::string::npos);
    only.only_undo = true;
    EXPECT_EQ(refusal(only), "");
    only.realm.clear();
    EXPECT_NE(refusal(only).find("--realm is missing"), std::string::npos);
}

struct Bad {
    std::function<void(KerberosWords&)> spoil;
    const char* says;
};

TEST(KerberosPlan, RefusesWhatNoRealmHostOrFileIs) {
    const std::vector<Bad> cases{
        {[](auto& w) { w.realm = "example.com"; }, "in capitals"},
        {[](auto& w) { w.realm = "EXAMPLE..COM"; }, "--realm"},
        {[](auto& w) { w.realm = "../ETC"; }, "--realm"},
        {[](auto& w) { w.realm = "A B"; }, "--realm"},
        {[](auto& w) { w.realm = std::string(300, 'A'); }, "--realm"},
        {[](auto& w) { w.kdcs = {"dc1 "}; }, "--kdc"},
        {[](auto& w) { w.kdcs = {"dc1,,dc2"}; }, "--kdc"},
        {[](auto& w) { w.kdcs = {"dc1:0"}; }, "--kdc"},
        {[](auto& w) { w.kdcs = {"dc1:65536"}; }, "--kdc"},
        {[](auto& w) { w.kdcs = {"10.0.0.256"}; }, "--kdc"},
        {[](auto& w) { w.kdcs = {"2001:db8::5"}; }, "brackets"},
        {[](auto& w) { w.kdcs = {"[10.0.0.1]"}; }, "--kdc"},
        {[](auto& w) { w.kdcs = {"[::1]x"}; }, "--kdc"},
        {[](auto& w) { w.kdcs = std::vector<std::string>(17, "dc1"); }, "more than 16"},
        {[](auto& w) { w.admin_server = "a;b"; }, "--admin-server"},
        {[](auto& w) { w.domain = "-x.com"; }, "--domain"},
        {[](auto& w) { w.hosts = {"10.0.0.5"}; }, "ADDRESS=NAME"},
        {[](auto& w) { w.hosts = {"10.0.0=dc1"}; }, "not an address"},
        {[](auto& w) { w.hosts = {"10.0.0.5="}; }, "DNS name"},
        {[](auto& w) { w.hosts = {"10.0.0.5=10.0.0.6"}; }, "DNS name"},
        {[](auto& w) { w.hosts = {"10.0.0.5=a\nb"}; }, "DNS name"},
        {[](auto& w) { w.hosts = {"10.0.0.5=a,b,c,d,e,f,g,h,i,j"}; }, "aliases"},
        {[](auto& w) { w.hosts = std::vector<std::string>(65, "10.0.0.5=a"); }, "more than 64"},
        {[](auto& w) { w.keytab = "x.keytab"; }, "absolute"},
        {[](auto& w) { w.keytab = "/etc/../x"; }, "leave out"},
        {[](auto& w) { w.keytab_to = "/x"; }, "there is no --keytab"},
        {[](auto& w) { w.keytab_owner = "root"; }, "there is no --keytab"},
        {[](auto& w) { w.keytab = "/x", w.keytab_owner = "a b"; }, "--keytab-owner"},
        {[](auto& w) { w.keytab = "/x", w.keytab_owner = "-u"; }, "--keytab-owner"},
        {[](auto& w) { w.principal = "a@OTHER.COM"; }, "its realm is not EXAMPLE.COM"},
        {[](auto& w) { w.principal = "@EXAMPLE.COM"; }, "--principal"},
        {[](auto& w) { w.principal = "-k"; }, "--principal"},
        {[](auto& w) { w.principal = "a b"; }, "--principal"},
        {[](auto& w) { w.principal = "a'b"; }, "--principal"},
        {[](auto& w) { w.target = "-e"; }, "--target"},
    };
    for (const auto& one : cases) {
        auto spoilt = words();
        one.spoil(spoilt);
        const auto plan = plan_kerberos(spoilt);
        ASSERT_FALSE(plan.ok()) << one.says;
        EXPECT_EQ(plan.error().id, ErrorId::usage_invalid);
        EXPECT_NE(plan.error().detail.find(one.says), std::string::npos) << plan.error().detail;
    }
}

// Whatever is cut off, what is left is refused, or is a plan whose script can be written.
TEST(KerberosPlan, OfEveryTruncationIsRefusedOrWhole) {
    const std::string line = "[2001:db8::5]:88,dc1.example.com:750,10.0.0.1",
                      host = "2001:db8::5=dc1.example.com,dc1";
    for (std::size_t length = 0; length <= std::max(line.size(), host.size()); ++length) {
        auto cut = words();
        cut.kdcs = {line.substr(0, length)};
        cut.hosts = {host.substr(0, length)};
        const auto plan = plan_kerberos(cut);
        if (plan.ok()) {
            EXPECT_TRUE(kerberos_script(*plan).ok());
        }
        if (length < host.find('=') + 2) {
            EXPECT_FALSE(plan.ok()) << length;
        }
    }
}

}  // namespace
}  // namespace mullion::prepare
