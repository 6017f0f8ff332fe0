// Each row of the table by itself: what it takes at its ends, what it refuses beyond them and with which
// fault, and whether it may be changed. Written from [MS-WSMV] 2.2.4.5 - 2.2.4.39, not from the table.
#include <set>

#include "wsman/config.h"
#include "wsman/config_parts.h"
#include "wsman/tests/config_data.h"

namespace mullion::wsman {
namespace {

using testing::resource_of;

struct Expected {
    const char *resource, *path, *preset;
    std::vector<const char*> takes;
    std::vector<const char*> refuses;
    std::uint32_t code = code::schema_validation;
    ConfigAccess access = ConfigAccess::writable;
};

const std::vector<const char*> switches{"true", "false"};
const std::vector<const char*> no_switch{"", "2", "on"};
const std::vector<const char*> no_port{"0", "65536", "", "http"};
const char thumbprint[] = "0123456789ABCDEF0123456789ABCDEF01234567";
const char sddl[] = "O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;IU)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)";
// MaxShellRunTime and MaxConnections take more than Windows does: docs/config.md.
const std::vector<const char*> any_shells{"0", "1", "2147483647"};
const std::vector<const char*> no_shells{"-1", "2147483648", "many", ""};

std::vector<Expected> expected() {
    using enum ConfigAccess;
    return {
        {"", "MaxEnvelopeSizekb", "500", {"32", "1039440"}, {"31", "1039441", ""}},
        {"", "MaxTimeoutms", "60000", {"500", "4294967295"}, {"499", "4294967296"}},
        {"", "MaxBatchItems", "32000", {"1", "4294967295"}, {"0", "4294967296"}},
        {"",
         "MaxProviderRequests",
         "4294967295",
         {"0", "4294967295"},
         {"x"},
         code::schema_validation,
         deprecated},
        {"client", "Client/NetworkDelayms", "5000", {"500", "4294967295"}, {"499", "4294967296"}},
        {"client", "Client/URLPrefix", "wsman", {"wsman", "a/b", "_1"}, {"", "/a", "a/", "a b", "a-b"}},
        {"client", "Client/AllowUnencrypted", "false", switches, no_switch},
        {"client/auth", "Client/Auth/Basic", "true", switches, no_switch},
        {"client/auth", "Client/Auth/Digest", "true", switches, no_switch},
        {"client/auth", "Client/Auth/Kerberos", "true", switches, no_switch},
        {"client/auth", "Client/Auth/Negotiate", "true", switches, no_switch},
        {"client/auth", "Client/Auth/Certificate", "true", switches, no_switch},
        {"client/auth", "Client/Auth/CredSSP", "false", switches, no_switch},
        {"client/defaultports",
         "Client/DefaultPorts/HTTP",
         "5985",
         {"1", "65535"},
         no_port,
         code::port_invalid},
        {"client/defaultports",
         "Client/DefaultPorts/HTTPS",
         "5986",
         {"1", "65535"},
         no_port,
         code::port_invalid},
        {"client",
         "Client/TrustedHosts",
         "",
         {"", "*", "a,b*,*c,<local>"},
         {"a,*", "*a*", ","},
         code::host_pattern},
        {"service", "Service/RootSDDL", sddl, {sddl}, {}},
        {"service",
         "Service/MaxConcurrentOperations",
         "4294967295",
         {"0"},
         {"x"},
         code::schema_validation,
         deprecated},
        {"service",
         "Service/MaxConcurrentOperationsPerUser",
         "1500",
         {"1", "4294967295"},
         {"0", "4294967296"}},
        {"service", "Service/EnumerationTimeoutms", "240000", {"500", "4294967295"}, {"499"}},
        {"service", "Service/MaxConnections", "300", {"1", "512", "513", "100000"}, {"0", "100001"}},
        {"service", "Service/MaxPacketRetrievalTimeSeconds", "120", {"1", "4294967295"}, {"0"}},
        {"service", "Service/AllowUnencrypted", "false", switches, no_switch},
        {"service/auth", "Service/Auth/Basic", "false", switches, no_switch},
        {"service/auth", "Service/Auth/Kerberos", "true", switches, no_switch},
        {"service/auth", "Service/Auth/Negotiate", "true", switches, no_switch},
        {"service/auth", "Service/Auth/Certificate", "false", switches, no_switch},
        {"service/auth", "Service/Auth/CredSSP", "false", switches, no_switch},
        {"service/auth",
         "Service/Auth/CbtHardeningLevel",
         "Relaxed",
         {"None", "Relaxed", "Strict"},
         {"", "none at all", "Loose"},
         code::hardening_level},
        {"service/defaultports",
         "Service/DefaultPorts/HTTP",
         "5985",
         {"1", "65535"},
         no_port,
         code::port_invalid},
        {"service/defaultports",
         "Service/DefaultPorts/HTTPS",
         "5986",
         {"1", "65535"},
         no_port,
         code::port_invalid},
        {"service",
         "Service/IPv4Filter",
         "*",
         {"", "*", "10.0.0.1-10.0.0.1", "1.1.1.1-1.1.1.2,2.2.2.2-3.3.3.3"},
         {"10.0.0.1", "10.0.0.2-10.0.0.1", "::1-::2", "*,*"},
         code::ip_filter},
        {"service",
         "Service/IPv6Filter",
         "*",
         {"", "*", "::1-::1", "fe80::-fe80::ffff"},
         {"::1", "::2-::1", "10.0.0.1-10.0.0.2"},
         code::ip_filter},
        {"service", "Service/EnableCompatibilityHttpListener", "false", switches, no_switch},
        {"service", "Service/EnableCompatibilityHttpsListener", "false", switches, no_switch},
        {"service", "Service/CertificateThumbprint", "", {"", thumbprint}, {"0123", "g"}},
        {"service", "Service/AllowRemoteAccess", "true", switches, no_switch},
        {"winrs", "Winrs/AllowRemoteShellAccess", "true", switches, no_switch},
        {"winrs", "Winrs/IdleTimeout", "7200000", any_shells, no_shells},
        {"winrs", "Winrs/MaxConcurrentUsers", "2147483647", {"1", "100", "2147483647"}, {"0", "2147483648"}},
        {"winrs", "Winrs/MaxShellRunTime", "2147483647", any_shells, no_shells},
        {"winrs", "Winrs/MaxProcessesPerShell", "2147483647", any_shells, no_shells},
        {"winrs", "Winrs/MaxMemoryPerShellMB", "2147483647", any_shells, no_shells},
        {"winrs", "Winrs/MaxShellsPerUser", "2147483647", any_shells, no_shells},
        {"listener",
         "Address",
         "",
         {"*", "IP:10.0.0.1", "IP:::1", "MAC:00-1a-2b-3c-4d-5e"},
         {"", "10.0.0.1", "IP:x", "MAC:00"},
         code::listener_address,
         key},
        {"listener", "Transport", "", {"HTTP", "HTTPS"}, {"", "FTP"}, code::invalid_selector_value, key},
        {"listener", "Port", "", {"1", "65535"}, no_port, code::port_invalid},
        {"listener", "Hostname", "", {"", "host.example"}, {}},
        {"listener", "Enabled", "true", switches, no_switch},
        {"listener", "URLPrefix", "wsman", {"wsman", "a/b"}, {"", "/", "a?"}},
        {"listener", "CertificateThumbprint", "", {"", thumbprint}, {"01"}},
        {"listener", "ListeningOn", "", {"::1"}, {}, 0, computed},
        {"service/certmapping",
         "URI",
         "",
         {"*", "http://x/*", "http://x"},
         {"", "a?b", "a b", "*a"},
         code::invalid_selector_value,
         key},
        {"service/certmapping",
         "Subject",
         "",
         {"u@x", "*x", "x*"},
         {"", "*x*", "a*b"},
         code::mapping_subject,
         key},
        {"service/certmapping", "Issuer", "", {thumbprint}, {"", "01"}, code::mapping_issuer, key},
        {"service/certmapping", "UserName", "", {"u"}, {}},
        {"service/certmapping", "Enabled", "true", switches, no_switch},
        {"service/certmapping", "Password", "", {}, {}, 0, secret},
        {"service/certmapping", "PassCertToPlugin", "false", switches, no_switch, code::schema_validation,
         read_only},
    };
}

TEST(ConfigRow, TakesWhatItsRangeSaysAndNoMore) {
    for (const auto& wanted : expected()) {
        const auto* row = find_config_row(resource_of(wanted.resource), wanted.path);
        ASSERT_NE(row, nullptr) << wanted.path;
        EXPECT_EQ(row->preset, wanted.preset) << wanted.path;
        EXPECT_EQ(row->access, wanted.access) << wanted.path;
        for (const auto* text : wanted.takes)
            EXPECT_TRUE(config_text(*row, text).ok()) << wanted.path << text;
        for (const auto* text : wanted.refuses) {
            const auto read = config_text(*row, text);
            ASSERT_FALSE(read.ok()) << wanted.path << " " << text;
            EXPECT_EQ(read.error().wsman_code, wanted.code) << wanted.path << " " << text;
        }
    }
}

TEST(ConfigRow, OfTheTableIsLookedAtAbove) {
    std::set<std::string> seen;
    for (const auto& row : expected()) seen.insert(row.path);
    std::size_t there = 0;
    for (const char* resource : {"", "listener", "service/certmapping"}) {
        for (const auto& row : resource_of(resource).rows)
            EXPECT_TRUE(seen.contains(std::string(row.path))) << row.path;
        there += resource_of(resource).rows.size();
    }
    // "Enabled" is a row of two resources.
    EXPECT_EQ(expected().size(), there);
}

TEST(ConfigFault, HasATextForEachCodeOfConfiguration) {
    for (const auto code : {code::config_corrupted,
                            code::already_exists,
                            code::invalid_namespace,
                            code::invalid_selector_value,
                            code::listener_address,
                            code::policy_controlled,
                            code::host_pattern,
                            code::port_invalid,
                            code::certificate_name,
                            code::thumbprint_not_empty,
                            code::ip_filter,
                            code::listener_keys,
                            code::read_only_setting,
                            code::mapping_local_session,
                            code::mapping_credentials,
                            code::mapping_subject,
                            code::mapping_issuer,
                            code::mapping_password_long,
                            code::mapping_password_blank,
                            code::mapping_keys,
                            code::deprecated_setting,
                            code::hardening_level,
                            code::custom_shell_deprecated,
                            code::schema_validation}) {
        EXPECT_GT(code_text(code).size(), 20U) << code;
        const auto fault = config_fault(bad_request(code, "why it is"));
        EXPECT_EQ(fault.code, code);
        EXPECT_NE(fault.message.find("why it is"), std::string::npos) << code;
    }
}

}  // namespace
}  // namespace mullion::wsman
