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

// What each row must do, written a second time and by other means than the table's.
struct Row {
    std::string_view variable;
    std::string_view value;    // Sets the field …
    std::string_view becomes;  // … to this, as `shown` has it.
    std::string_view fallback;
    std::string (*shown)(const Target&);
};

std::string joined(const std::vector<std::string>& words) {
    std::string result;
    for (const auto& word : words) result += (result.empty() ? "" : "+") + word;
    return result;
}
std::string yes_no(bool value) {
    return value ? "yes" : "no";
}
std::string milliseconds(Duration value) {
    return std::to_string(value.count());
}

constexpr std::string_view pin = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

const std::vector<Row>& rows() {
    static const std::vector<Row> table{
        {"ansible_winrm_endpoint", "http://[::1]:8080/x", "http://[::1]:8080/x", "https://:0/wsman",
         [](const Target& t) { return t.url(); }},
        {"ansible_host", "[fe80::1%eth0]", "fe80::1%eth0", "", [](const Target& t) { return t.host; }},
        {"ansible_user", "DOM\\ann", "DOM\\ann", "", [](const Target& t) { return t.user; }},
        {"ansible_winrm_transport", "ntlm, SSL,plaintext", "ntlm+ssl+basic", "",
         [](const Target& t) { return joined(t.transports); }},
        {"ansible_winrm_scheme", "HTTP", "1", "0",
         [](const Target& t) { return std::to_string(static_cast<int>(t.scheme)); }},
        {"ansible_port", "81", "81", "0", [](const Target& t) { return std::to_string(t.port); }},
        {"ansible_winrm_path", "/p", "/p", "/wsman", [](const Target& t) { return t.path; }},
        {"ansible_winrm_ca_trust_path", "ca", "ca", "", [](const Target& t) { return t.ca_file; }},
        {"mullion_crl_file", "crl", "crl", "", [](const Target& t) { return t.crl_file; }},
        {"ansible_winrm_server_cert_validation", "skip-cn", "yes no yes", "yes yes yes",
         [](const Target& t) {
             const auto& how = t.cert_validation;
             return yes_no(how.chain) + " " + yes_no(how.name) + " " + yes_no(how.revocation);
         }},
        {"mullion_cert_pin", pin, pin, "", [](const Target& t) { return t.cert_pin; }},
        {"mullion_tls_server_name", "n", "n", "", [](const Target& t) { return t.tls_server_name; }},
        {"ansible_winrm_message_encryption", "Always", "1", "0",
         [](const Target& t) { return std::to_string(static_cast<int>(t.message_encryption)); }},
        {"ansible_winrm_send_cbt", "False", "no", "yes", [](const Target& t) { return yes_no(t.send_cbt); }},
        {"mullion_allow_unencrypted", "yes", "yes", "no",
         [](const Target& t) { return yes_no(t.allow_unencrypted); }},
        {"ansible_winrm_proxy", "http://p:3128", "http://p:3128", "",
         [](const Target& t) { return t.proxy; }},
        {"ansible_winrm_operation_timeout_sec", "1.5", "1500", "20000",
         [](const Target& t) { return milliseconds(t.operation_timeout); }},
        {"ansible_winrm_read_timeout_sec", "3", "3000", "30000",
         [](const Target& t) { return milliseconds(t.read_timeout); }},
        {"ansible_winrm_connection_timeout", "60", "60000 70000", "20000 30000",
         [](const Target& t) {
             return milliseconds(t.operation_timeout) + " " + milliseconds(t.read_timeout);
         }},
        {"mullion_connect_timeout", "0.25", "250", "30000",
         [](const Target& t) { return milliseconds(t.connect_timeout); }},
        {"ansible_winrm_cert_pem", "c.pem", "c.pem", "",
         [](const Target& t) { return t.client_certificate; }},
        {"ansible_winrm_cert_key_pem", "k.pem", "k.pem", "", [](const Target& t) { return t.client_key; }},
        {"mullion_client_key_password_file", "p", "p", "",
         [](const Target& t) { return t.client_key_password_file; }},
        {"ansible_winrm_realm", "CORP", "CORP", "", [](const Target& t) { return t.kerberos.realm; }},
        {"mullion_kdc", "KDC1, [::1]:750,::1", "kdc1:88+[::1]:750+[::1]:88", "",
         [](const Target& t) { return joined(t.kerberos.kdcs); }},
        {"mullion_ccache", "KCM:0", "KCM:0", "", [](const Target& t) { return t.kerberos.cache; }},
        {"ansible_winrm_service", "host", "host", "", [](const Target& t) { return t.kerberos.service; }},
        {"ansible_winrm_kerberos_hostname_override", "h", "h", "",
         [](const Target& t) { return t.kerberos.host_name; }},
        {"ansible_winrm_keytab", "k", "k", "", [](const Target& t) { return t.kerberos.keytab; }},
        {"ansible_winrm_kerberos_delegation", "on", "yes", "no",
         [](const Target& t) { return yes_no(t.kerberos.delegation); }},
        {"ansible_winrm_kinit_mode", "manual", "2", "0",
         [](const Target& t) { return std::to_string(static_cast<int>(t.kerberos.kinit_mode)); }},
        {"ansible_winrm_kinit_cmd", "/bin/kinit", "/bin/kinit", "",
         [](const Target& t) { return t.kerberos.kinit_command; }},
        {"ansible_winrm_kinit_args", "-f -l 1h", "-f -l 1h", "",
         [](const Target& t) { return t.kerberos.kinit_arguments; }},
        {"ansible_winrm_kinit_env_vars", "A, B", "A+B", "",
         [](const Target& t) { return joined(t.kerberos.kinit_environment); }},
        {"ansible_winrm_credssp_disable_tlsv1_2", "true", "yes", "no",
         [](const Target& t) { return yes_no(t.credssp.disable_tls12); }},
        {"ansible_winrm_credssp_auth_mechanism", "ntlm", "1", "0",
         [](const Target& t) { return std::to_string(static_cast<int>(t.credssp.mechanism)); }},
        {"ansible_winrm_credssp_minimum_version", "5", "5", "2",
         [](const Target& t) { return std::to_string(t.credssp.minimum_version); }},
    };
    return table;
}

const Row* find(std::string_view variable) {
    for (const auto& row : rows())
        if (row.variable == variable) return &row;
    return nullptr;
}

TEST(OptionTable, NamesEachFlagAndVariableOnce) {
    std::set<std::string_view> names;
    for (const auto& row : option_table()) {
        if (!row.flag.empty()) {
            EXPECT_TRUE(names.insert(row.flag).second) << row.flag;
            EXPECT_EQ(row.flag.substr(0, 2), "--");
        }
        for (const auto& name : names_of(row)) {
            EXPECT_TRUE(names.insert(name.name).second) << name.name;
            EXPECT_EQ(row_of_variable(name.name), &row);
        }
        EXPECT_FALSE(row.help.empty()) << row.variable;
    }
    EXPECT_EQ(row_of_variable("ansible_winrm_prot"), nullptr);
}

TEST(OptionTable, EveryRowSetsItsFieldAndHasItsDefault) {
    EXPECT_EQ(option_table().size(), rows().size());
    for (const auto& option : option_table()) {
        const auto* const row = find(option.variable);
        ASSERT_NE(row, nullptr) << option.variable << " is not in this test";
        EXPECT_EQ(row->shown(Target{}), row->fallback) << option.variable;
        Target target;
        const auto done = option.set(target, row->value);
        ASSERT_TRUE(done.ok()) << option.variable << ": " << done.error().detail;
        EXPECT_EQ(row->shown(target), row->becomes) << option.variable;
        // No field but its own.
        for (const auto& other : rows()) {
            const bool several = option.variable == "ansible_winrm_endpoint" ||
                                 option.variable == "ansible_winrm_connection_timeout" ||
                                 other.variable == "ansible_winrm_endpoint" ||
                                 other.variable == "ansible_winrm_connection_timeout";
            if (!several && &other != row) {
                EXPECT_EQ(other.shown(target), other.fallback) << option.variable;
            }
        }
        if (option.fallback.empty()) continue;
        ASSERT_TRUE(option.set(target, option.fallback).ok()) << option.variable;
        EXPECT_EQ(row->shown(target), row->fallback)
            << option.variable << ": the documented default is another one";
    }
}

TEST(OptionTable, OrdersTheNamesOfAVariable) {
    const auto names = [](const auto& row) {
        std::string result;
        for (const auto& name : names_of(row)) result += std::string(name.name) + " ";
        return result;
    };
    EXPECT_EQ(names(*row_of_variable("ansible_user")),
              "ansible_ssh_user ansible_winrm_username ansible_user ansible_winrm_user ");
    EXPECT_EQ(names(*row_of_variable("ansible_host")), "ansible_ssh_host ansible_host ansible_winrm_host ");
    EXPECT_EQ(names(*row_of_variable("ansible_port")), "ansible_ssh_port ansible_port ansible_winrm_port ");
    EXPECT_EQ(names(password_variable()),
              "ansible_ssh_pass ansible_password ansible_winrm_pass ansible_winrm_password ");
    EXPECT_EQ(names(connection_variable()), "ansible_connection ");
}

TEST(OptionTable, KnowsPywinrmsNamesOfNothing) {
    Target target;
    EXPECT_TRUE(row_of_variable("ansible_winrm_ca_trust_path")->set(target, "legacy_requests").ok());
    EXPECT_TRUE(row_of_variable("ansible_winrm_transport")->set(target, "auto").ok());
    EXPECT_TRUE(row_of_variable("ansible_winrm_kinit_env_vars")->set(target, "").ok());
    EXPECT_EQ(target.ca_file, "");
    EXPECT_TRUE(target.transports.empty());
    EXPECT_TRUE(target.kerberos.kinit_environment.empty());
}

TEST(OptionTable, RefusesWrongValuesOfVariables) {
    Target target;
    for (const auto& [variable, value] : std::vector<std::pair<std::string_view, std::string_view>>{
             {"ansible_winrm_endpoint", "web01"},
             {"ansible_winrm_endpoint", "https://ann@web01"},
             {"ansible_winrm_endpoint", "https://a:b@web01"},
             {"ansible_host", "a:80"},
             {"ansible_host", ""},
             {"ansible_host", "a b"},
             {"ansible_winrm_kinit_mode", "auto"},
             {"mullion_kdc", "kdc1,,kdc2"},
             {"mullion_kdc", "kdc1:0"},
             {"mullion_kdc", "https://kdc1"},
             {"ansible_winrm_kinit_env_vars", "A,,B"},
             {"ansible_winrm_kinit_env_vars", "A=B"},
             {"ansible_winrm_credssp_auth_mechanism", "basic"},
             {"ansible_winrm_credssp_minimum_version", "7"},
             {"ansible_winrm_credssp_minimum_version", "22"},
             {"ansible_winrm_connection_timeout", "x"},
             {"ansible_winrm_kerberos_delegation", "maybe"},
             {"ansible_winrm_transport", "auto,ntlm"}}) {
        const auto* const row = row_of_variable(variable);
        ASSERT_NE(row, nullptr);
        EXPECT_FALSE(row->set(target, value).ok()) << variable << " " << value;
    }
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

TEST(OptionTable, KnowsTheTransports) {
    Target target;
    ASSERT_TRUE(set(target, "--transport", "Kerberos,ntlm").ok());
    EXPECT_EQ(target.transports, (std::vector<std::string>{"kerberos", "ntlm"}));
    const auto result = set(target, "--transport", "ntlm,digest");
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().id, ErrorId::usage_invalid);
}

}  // namespace
}  // namespace mullion::target
