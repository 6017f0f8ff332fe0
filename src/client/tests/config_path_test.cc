#include "client/config_path.h"

#include <gtest/gtest.h>

namespace mullion::client {
namespace {

struct Taken {
    std::string text;
    const char *resource, *path;
    std::vector<wsman::Selector> keys = {};
    std::optional<std::string> value = {};
};

TEST(ConfigPath, IsReadInEitherTreeAndAnyCase) {
    const std::string issuer(40, 'A');
    const std::vector<wsman::Selector> https{{"Address", "*"}, {"Transport", "HTTPS"}};
    for (const auto& row : std::vector<Taken>{
             {"Service/Auth/Basic", "service/auth", "Service/Auth/Basic"},
             {"service/auth/basic=true", "service/auth", "Service/Auth/Basic", {}, "true"},
             {"Service.Auth.Basic", "service/auth", "Service/Auth/Basic"},
             {"winrm/config/service/auth", "service/auth", ""},
             {"winrm/config", "", ""},
             {"Winrm/Config/MaxTimeoutms=1", "", "MaxTimeoutms", {}, "1"},
             {"wsman/config/Client/TrustedHosts=a=b", "client", "Client/TrustedHosts", {}, "a=b"},
             {"http://schemas.microsoft.com/wbem/wsman/1/config/winrs", "winrs", ""},
             {"Config", "", ""},
             {"Service", "service", ""},
             {"Service/*", "service", ""},
             {"WSMan:\\localhost", "", ""},
             {"WSMan:\\localhost\\Service\\Auth\\Basic=$true",
              "service/auth",
              "Service/Auth/Basic",
              {},
              "$true"},
             {"wsman:\\LOCALHOST\\service\\auth\\*", "service/auth", ""},
             {"WSMan:/localhost/Shell/MaxShellRunTime=5", "winrs", "Winrs/MaxShellRunTime", {}, "5"},
             {"WSMan:\\localhost\\Shell", "winrs", ""},
             {"WSMan:\\localhost\\MaxEnvelopeSizekb", "", "MaxEnvelopeSizekb"},
             {"WSMan:\\localhost\\Service\\DefaultPorts\\HTTP=80",
              "service/defaultports",
              "Service/DefaultPorts/HTTP",
              {},
              "80"},
             {"Listener", "listener", ""},
             {"winrm/config/Listener?Address=*+Transport=HTTPS", "listener", "", https},
             {"listener?transport=https+address=*/PORT=1", "listener", "Port", https, "1"},
             {"Listener?Transport=HTTPS", "listener", "", {{"Transport", "HTTPS"}}},
             {"WSMan:\\localhost\\Listener\\*", "listener", ""},
             {"WSMan:\\localhost\\Listener\\Transport=HTTPS+Address=*\\Enabled=false", "listener", "Enabled",
              https, "false"},
             {"WSMan:\\localhost\\Listener\\*\\Port", "listener", "Port"},
             {"Listener?Address=*+Transport=HTTPS/URLPrefix=a/b", "listener", "URLPrefix", https, "a/b"},
             {"Listener?Address=*+Transport=HTTPS\\Hostname=a=b", "listener", "Hostname", https, "a=b"},
             {"service/certmapping?URI=http://x/y/*+Subject=a+b@x+Issuer=" + issuer + "/UserName=u",
              "service/certmapping",
              "UserName",
              {{"URI", "http://x/y/*"}, {"Subject", "a+b@x"}, {"Issuer", issuer}},
              "u"},
             {"WSMan:\\localhost\\ClientCertificate\\Subject=u@x",
              "service/certmapping",
              "",
              {{"Subject", "u@x"}}},
             {"CertMapping", "service/certmapping", ""},
         }) {
        const auto read = parse_config_assignment(row.text);
        ASSERT_TRUE(read.ok()) << row.text << ": " << read.error().message();
        EXPECT_EQ(read->path.resource->path, row.resource) << row.text;
        EXPECT_EQ(read->path.path, row.path) << row.text;
        EXPECT_EQ(read->path.keys, row.keys) << row.text;
        EXPECT_EQ(read->value, row.value) << row.text;
        EXPECT_EQ(parse_config_path(row.text).ok(), !row.value) << row.text;
    }
}

TEST(ConfigPath, IsRefusedWithWhatIsNearIt) {
    struct Refused {
        const char *text, *why;
    };
    for (const auto& [text, why] : std::vector<Refused>{
             {"Service/Auth/Basc", "did you mean Service/Auth/Basic?"},
             {"CbtHardeningLevel", "did you mean Service/Auth/CbtHardeningLevel?"},
             {"UseLoginShell", "in DIR/winrm.yaml alone"},
             {"Listner", "did you mean Listener?"},
             {"Shell/MaxShellRunTime", "no such setting"},
             {"WSMan:\\web01\\Service", "TARGET says"},
             {"WSMan:\\localhost\\Plugin\\x", "plug-ins"},
             {"WSMan:\\localhost\\Listener\\Listener_1084132640", "PowerShell"},
             {"Listener?Port=5985", "is no key"},
             {"Listener?Transport=FTP", "HTTP or HTTPS"},
             {"Listener?Transport=HTTP+Transport=HTTP", "twice"},
             {"winrm/config/unheard", "no such setting"},
         }) {
        const auto read = parse_config_assignment(text);
        ASSERT_FALSE(read.ok()) << text;
        EXPECT_EQ(read.error().id, ErrorId::usage_invalid);
        EXPECT_NE(read.error().detail.find(why), std::string::npos) << read.error().detail;
        EXPECT_NE(read.error().detail.find(text), std::string::npos) << read.error().detail;
    }
}

TEST(ConfigPath, EveryTruncationIsAnotherPathOrNone) {
    const std::string text =
        "WSMan:\\localhost\\ClientCertificate\\URI=http://x/*+Subject=u@x+Issuer=" + std::string(40, 'A') +
        "\\UserName=u";
    for (std::size_t length = 0; length <= text.size(); ++length)
        if (const auto read = parse_config_assignment(text.substr(0, length))) {
            EXPECT_NE(read->path.resource, nullptr);
        }
}

TEST(ConfigPath, OfEachSettingIsItsNameInTheTable) {
    for (const auto& resource : wsman::config_resources())
        for (const auto& row : resource.rows) {
            if (!resource.keys.empty()) continue;
            const auto read = parse_config_path(row.path);
            ASSERT_TRUE(read.ok()) << row.path;
            EXPECT_EQ(read->path, row.path);
            EXPECT_TRUE(writable_resource(*read).allows(wsman::ConfigVerb::put));
        }
}

}  // namespace
}  // namespace mullion::client
