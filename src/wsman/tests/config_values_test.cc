#include <vector>

#include "wsman/config.h"
#include "wsman/config_parts.h"
#include "wsman/tests/config_data.h"

namespace mullion::wsman {
namespace {

using testing::resource_of;

struct Taken {
    const char *resource, *path, *text, *kept;
};
struct Refused {
    const char *resource, *path, *text;
    std::uint32_t code;
};

const char mark[] = "0123456789ABCDEF0123456789ABCDEF01234567";

const Taken taken[] = {
    {"", "MaxEnvelopeSizekb", "32", "32"},
    {"", "MaxEnvelopeSizekb", "01039440", "1039440"},
    {"", "MaxTimeoutms", "500", "500"},
    {"", "MaxTimeoutms", "4294967295", "4294967295"},
    {"", "MaxBatchItems", "1", "1"},
    {"client", "Client/NetworkDelayms", "500", "500"},
    {"client", "Client/URLPrefix", "a/B_9", "a/B_9"},
    {"client", "Client/TrustedHosts", "", ""},
    {"client", "Client/TrustedHosts", "*", "*"},
    {"client", "Client/TrustedHosts", "host, 10.0.*,*.corp.example,<local>,[::1]",
     "host, 10.0.*,*.corp.example,<local>,[::1]"},
    {"service", "Service/AllowUnencrypted", "True", "true"},
    {"service", "Service/AllowUnencrypted", "0", "false"},
    {"service", "Service/MaxConnections", "513", "513"},
    {"service/auth", "Service/Auth/CbtHardeningLevel", "strict", "Strict"},
    {"service", "Service/DefaultPorts/HTTPS", "65535", "65535"},
    {"service", "Service/IPv4Filter", "", ""},
    {"service", "Service/IPv4Filter", "10.0.0.1-10.0.0.9, 192.168.0.0-192.168.255.255",
     "10.0.0.1-10.0.0.9, 192.168.0.0-192.168.255.255"},
    {"service", "Service/IPv6Filter", "::1-::2,fe80::-fe80::ffff:1.2.3.4",
     "::1-::2,fe80::-fe80::ffff:1.2.3.4"},
    {"service", "Service/CertificateThumbprint", "01 23456789abcdef0123456789abcdef01234567", mark},
    {"winrs", "Winrs/IdleTimeout", "0", "0"},
    {"winrs", "Winrs/MaxShellRunTime", "2147483647", "2147483647"},
    {"listener", "Address", "ip:10.0.0.1", "IP:10.0.0.1"},
    {"listener", "Address", "IP:2001:db8::1", "IP:2001:db8::1"},
    {"listener", "Address", "mac:00-1a-2B-3c-4d-5e", "MAC:00-1a-2B-3c-4d-5e"},
    {"listener", "Transport", "https", "HTTPS"},
    {"service/certmapping", "URI", "http://x/*", "http://x/*"},
    {"service/certmapping", "Subject", "*.example.com", "*.example.com"},
    {"service/certmapping", "Issuer", "0123456789abcdef0123456789abcdef01234567", mark},
};

const Refused refused[] = {
    {"", "MaxEnvelopeSizekb", "31", code::schema_validation},
    {"", "MaxEnvelopeSizekb", "1039441", code::schema_validation},
    {"", "MaxTimeoutms", "499", code::schema_validation},
    {"", "MaxTimeoutms", "4294967296", code::schema_validation},
    {"", "MaxTimeoutms", "-1", code::schema_validation},
    {"", "MaxTimeoutms", "+600", code::schema_validation},
    {"", "MaxTimeoutms", "0x600", code::schema_validation},
    {"", "MaxTimeoutms", "", code::schema_validation},
    {"", "MaxBatchItems", "0", code::schema_validation},
    {"client", "Client/NetworkDelayms", "499", code::schema_validation},
    {"client", "Client/URLPrefix", "", code::schema_validation},
    {"client", "Client/URLPrefix", "/wsman", code::schema_validation},
    {"client", "Client/URLPrefix", "wsman/", code::schema_validation},
    {"client", "Client/URLPrefix", "ws man", code::schema_validation},
    {"client", "Client/TrustedHosts", "a*b", code::host_pattern},
    {"client", "Client/TrustedHosts", "a,*", code::host_pattern},
    {"client", "Client/TrustedHosts", "a,,b", code::host_pattern},
    {"client", "Client/TrustedHosts", "*a*", code::host_pattern},
    {"client", "Client/TrustedHosts", "http://a", code::host_pattern},
    {"service", "Service/AllowUnencrypted", "yes", code::schema_validation},
    {"service", "Service/AllowUnencrypted", "", code::schema_validation},
    {"service", "Service/MaxConnections", "0", code::schema_validation},
    {"service", "Service/EnumerationTimeoutms", "499", code::schema_validation},
    {"service", "Service/MaxConcurrentOperationsPerUser", "0", code::schema_validation},
    {"service", "Service/MaxPacketRetrievalTimeSeconds", "0", code::schema_validation},
    {"service/auth", "Service/Auth/CbtHardeningLevel", "Loose", code::hardening_level},
    {"service", "Service/DefaultPorts/HTTP", "0", code::port_invalid},
    {"service", "Service/DefaultPorts/HTTP", "65536", code::port_invalid},
    {"service", "Service/IPv4Filter", "10.0.0.1", code::ip_filter},
    {"service", "Service/IPv4Filter", "10.0.0.9-10.0.0.1", code::ip_filter},
    {"service", "Service/IPv4Filter", "10.0.0.1-10.0.0.256", code::ip_filter},
    {"service", "Service/IPv4Filter", "10.0.0.1-10.0.0.2,", code::ip_filter},
    {"service", "Service/IPv4Filter", "::1-::2", code::ip_filter},
    {"service", "Service/IPv4Filter", "10.0.0-10.0.0.2", code::ip_filter},
    {"service", "Service/IPv6Filter", "10.0.0.1-10.0.0.2", code::ip_filter},
    {"service", "Service/CertificateThumbprint", "0123", code::schema_validation},
    {"winrs", "Winrs/IdleTimeout", "2147483648", code::schema_validation},
    {"winrs", "Winrs/MaxConcurrentUsers", "0", code::schema_validation},
    {"listener", "Address", "10.0.0.1", code::listener_address},
    {"listener", "Address", "IP:", code::listener_address},
    {"listener", "Address", "IP:host", code::listener_address},
    {"listener", "Address", "MAC:00-1a-2b-3c-4d", code::listener_address},
    {"listener", "Address", "", code::listener_address},
    {"listener", "Transport", "FTP", code::invalid_selector_value},
    {"listener", "Port", "70000", code::port_invalid},
    {"service/certmapping", "URI", "", code::invalid_selector_value},
    {"service/certmapping", "URI", "http://x/?a", code::invalid_selector_value},
    {"service/certmapping", "URI", "http://*/x", code::invalid_selector_value},
    {"service/certmapping", "Subject", "", code::mapping_subject},
    {"service/certmapping", "Subject", "*a*", code::mapping_subject},
    {"service/certmapping", "Subject", "a*b", code::mapping_subject},
    {"service/certmapping", "Issuer", "", code::mapping_issuer},
    {"service/certmapping", "Issuer", "0123", code::mapping_issuer},
};

TEST(ConfigValues, AreKeptAsTheServiceSpellsThem) {
    for (const auto& [resource, path, text, kept] : taken) {
        const auto* row = find_config_row(resource_of(resource), path);
        ASSERT_NE(row, nullptr) << path;
        const auto read = config_text(*row, text);
        ASSERT_TRUE(read.ok()) << read.error().message();
        EXPECT_EQ(read.value(), kept);
        EXPECT_EQ(config_text(*row, kept).value(), kept);
    }
}

TEST(ConfigValues, AreRefusedWithTheFaultOfTheirKind) {
    for (const auto& [resource, path, text, code] : refused) {
        const auto* row = find_config_row(resource_of(resource), path);
        ASSERT_NE(row, nullptr) << path;
        const auto read = config_text(*row, text);
        ASSERT_FALSE(read.ok()) << path << " " << text;
        EXPECT_EQ(read.error().wsman_code, code) << read.error().message();
        EXPECT_NE(read.error().detail.find(path), std::string::npos);
    }
}

TEST(ConfigValues, SayOnlyTheBeginningOfALongText) {
    const auto* row = find_config_row(resource_of(""), "MaxTimeoutms");
    EXPECT_LT(config_text(*row, std::string(100'000, '9')).error().detail.size(), 400U);
}

TEST(IpAddress, IsOfItsVersion) {
    for (const char* text : {"::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:1.2.3.4", "::ffff:1.2.3.4",
                             "2001:DB8::8:800:200C:417A"})
        EXPECT_TRUE(is_ip_address(text, true)) << text;
    for (const char* text :
         {"", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "1:2:3:4:5:6:7:", ":1",
          "::1.2.3", "1.2.3.4", "::g", "1:2:3:4:5:6:7::8", "1.2.3.4::"})
        EXPECT_FALSE(is_ip_address(text, true)) << text;
    for (const char* text : {"0.0.0.0", "255.255.255.255"}) EXPECT_TRUE(is_ip_address(text, false)) << text;
    for (const char* text :
         {"", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1..2.3", "1.2.3.4 ", "-1.2.3.4", "1.2.3."})
        EXPECT_FALSE(is_ip_address(text, false)) << text;
}

}  // namespace
}  // namespace mullion::wsman
