#include "target/option_table.h"

#include <gtest/gtest.h>

#include <set>

namespace mullion::target {
namespace {

Result<void> set(Target& target, std::string_view flag, std::string_view value) {
    for (const auto& row : option_table())
        if (row.flag == flag) return row.set(target, value);
    ADD_FAILURE() << "no row " << flag;
    return {};
}

TEST(OptionTable, NamesEachFlagAndVariableOnce) {
    std::set<std::string_view> names;
    for (const auto& row : option_table()) {
        EXPECT_TRUE(names.insert(row.flag).second) << row.flag;
        EXPECT_TRUE(names.insert(row.variable).second) << row.variable;
        EXPECT_EQ(row.flag.substr(0, 2), "--");
        EXPECT_FALSE(row.help.empty()) << row.flag;
    }
}

TEST(OptionTable, FallbacksAreTheDefaults) {
    Target target;
    for (const auto& row : option_table()) {
        if (row.fallback.empty()) continue;
        EXPECT_TRUE(row.set(target, row.fallback).ok()) << row.flag;
    }
    const Target defaults;
    EXPECT_EQ(target.path, defaults.path);
    EXPECT_EQ(target.message_encryption, defaults.message_encryption);
    EXPECT_EQ(target.send_cbt, defaults.send_cbt);
    EXPECT_EQ(target.allow_unencrypted, defaults.allow_unencrypted);
    EXPECT_EQ(target.operation_timeout, defaults.operation_timeout);
    EXPECT_EQ(target.read_timeout, defaults.read_timeout);
    EXPECT_EQ(target.connect_timeout, defaults.connect_timeout);
    EXPECT_TRUE(target.cert_validation.chain && target.cert_validation.name &&
                target.cert_validation.revocation);
}

TEST(OptionTable, SetsTheFieldOfEachFlag) {
    Target target;
    const std::string pin = "sha256:" + std::string(64, 'a');
    for (const auto& [flag, value] :
         std::vector<std::pair<std::string_view, std::string_view>>{{"--user", "DOM\\ann"},
                                                                    {"--transport", "ntlm, SSL,basic"},
                                                                    {"--scheme", "http"},
                                                                    {"--port", "81"},
                                                                    {"--path", "/p"},
                                                                    {"--ca-file", "ca"},
                                                                    {"--crl-file", "crl"},
                                                                    {"--cert-validation", "skip-cn"},
                                                                    {"--cert-pin", pin},
                                                                    {"--tls-server-name", "n"},
                                                                    {"--message-encryption", "Always"},
                                                                    {"--send-cbt", "no"},
                                                                    {"--allow-unencrypted", "yes"},
                                                                    {"--operation-timeout", "1.5"},
                                                                    {"--read-timeout", "3"},
                                                                    {"--connect-timeout", "0.25"}})
        EXPECT_TRUE(set(target, flag, value).ok()) << flag;
    EXPECT_EQ(target.user, "DOM\\ann");
    EXPECT_EQ(target.transports, (std::vector<std::string>{"ntlm", "basic"}));
    EXPECT_EQ(target.scheme, Scheme::http);
    EXPECT_EQ(target.port, 81);
    EXPECT_EQ(target.path, "/p");
    EXPECT_EQ(target.ca_file, "ca");
    EXPECT_EQ(target.crl_file, "crl");
    EXPECT_TRUE(target.cert_validation.chain && !target.cert_validation.name &&
                target.cert_validation.revocation);
    EXPECT_EQ(target.cert_pin, pin);
    EXPECT_EQ(target.tls_server_name, "n");
    EXPECT_EQ(target.message_encryption, MessageEncryption::always);
    EXPECT_FALSE(target.send_cbt);
    EXPECT_TRUE(target.allow_unencrypted);
    EXPECT_EQ(target.operation_timeout, Duration(1500));
    EXPECT_EQ(target.read_timeout, Duration(3000));
    EXPECT_EQ(target.connect_timeout, Duration(250));
}

TEST(OptionTable, RefusesWrongValues) {
    Target target;
    for (const auto& [flag, value] :
         std::vector<std::pair<std::string_view, std::string_view>>{{"--user", ""},
                                                                    {"--user", "a\nb"},
                                                                    {"--transport", ""},
                                                                    {"--transport", "ntlm,"},
                                                                    {"--transport", "magic"},
                                                                    {"--scheme", "ftp"},
                                                                    {"--port", "0"},
                                                                    {"--port", "65536"},
                                                                    {"--port", "-1"},
                                                                    {"--path", "wsman"},
                                                                    {"--cert-validation", "skip-all"},
                                                                    {"--cert-pin", "sha256:12"},
                                                                    {"--cert-pin", "md5:12"},
                                                                    {"--message-encryption", "maybe"},
                                                                    {"--send-cbt", "perhaps"},
                                                                    {"--operation-timeout", "0"},
                                                                    {"--operation-timeout", "-1"},
                                                                    {"--operation-timeout", "nan"},
                                                                    {"--operation-timeout", "inf"},
                                                                    {"--operation-timeout", "1e400"},
                                                                    {"--operation-timeout", "20s"}})
        EXPECT_EQ(set(target, flag, value).ok(), false) << flag << " " << value;
}

TEST(OptionTable, SaysWhichTransportsAreNotThereYet) {
    Target target;
    for (const auto name : {"kerberos", "credssp", "certificate", "ntlm,Kerberos"}) {
        const auto result = set(target, "--transport", name);
        ASSERT_FALSE(result.ok()) << name;
        EXPECT_EQ(result.error().id, ErrorId::usage_unsupported);
    }
    EXPECT_TRUE(target.transports.empty());
}

}  // namespace
}  // namespace mullion::target
