#include "prepare/values.h"

#include <gtest/gtest.h>

namespace mullion::prepare {
namespace {

template <class T>
std::string refusal(const Result<T>& result) {
    if (result.ok()) return "";
    EXPECT_EQ(result.error().id, ErrorId::usage_invalid);
    return result.error().detail;
}

TEST(Thumbprint, IsFortyDigits) {
    const std::string digits = "E6CDAA82EEAF2ECE8546E05DB7F3E01AA47D76CE";
    EXPECT_EQ(check_thumbprint("--cert", digits).value(), digits);
    EXPECT_EQ(
        check_thumbprint("--cert", "e6 cd aa 82 ee af 2e ce 85 46 e0 5d b7 f3 e0 1a a4 7d 76 ce").value(),
        digits);
    EXPECT_EQ(
        check_thumbprint("--cert", "E6:CD:AA:82:EE:AF:2E:CE:85:46:E0:5D:B7:F3:E0:1A:A4:7D:76:CE").value(),
        digits);
    for (const auto size : {0U, 1U, 39U})
        EXPECT_NE(refusal(check_thumbprint("--cert", digits.substr(0, size))), "");
    EXPECT_NE(refusal(check_thumbprint("--cert", digits + "0")), "");
    EXPECT_NE(refusal(check_thumbprint("--cert", digits.substr(1) + "G")), "");
    // Windows' dialog puts a U+200E in front when it is copied from there.
    EXPECT_NE(refusal(check_thumbprint("--cert", "\u200e" + digits)), "");
}

TEST(Sources, AreAddressesAndPrefixes) {
    EXPECT_EQ(check_sources("--allow-from", "any").value(), "*");
    EXPECT_EQ(check_sources("--allow-from", "localsubnet").value(), "LocalSubnet");
    EXPECT_EQ(check_sources("--allow-from", "10.1.0.0/16,fd00::/8,192.0.2.7").value(),
              "10.1.0.0/16,fd00::/8,192.0.2.7");
    // As Windows says them again.
    EXPECT_EQ(check_sources("--allow-from", "10.1.2.3/12,fd00:0::1/9,10.0.0.1/0").value(),
              "10.0.0.0/12,fd00::/9,0.0.0.0/0");
    for (const char* const text : {"", "10.1.0.0/33", "10.1.0/8", "fd00::/129", "10.0.0.1/", "10.0.0.1,",
                                   "web01", "10.0.0.1'", "any,10.0.0.1", "10.0.0.1/-1", "10.0.0.1 "})
        EXPECT_NE(refusal(check_sources("--allow-from", text)), "") << text;
    std::string many = "10.0.0.1";
    for (int i = 0; i < 100; ++i) many += ",10.0.0.1";
    EXPECT_NE(refusal(check_sources("--allow-from", many)), "");
}

TEST(Ports, AreOneTo65535) {
    EXPECT_EQ(check_port("--port", "443").value(), 443);
    for (const char* const text : {"", "0", "65536", "-1", "5986x", " 5986", "99999999999999999999"})
        EXPECT_NE(refusal(check_port("--port", text)), "") << text;
}

TEST(Profiles, AreBits) {
    EXPECT_EQ(check_profiles("--profiles", "domain").value(), 1);
    EXPECT_EQ(check_profiles("--profiles", "Domain,Public").value(), 5);
    EXPECT_EQ(check_profiles("--profiles", "any").value(), 7);
    EXPECT_NE(refusal(check_profiles("--profiles", "")), "");
    EXPECT_NE(refusal(check_profiles("--profiles", "domain,home")), "");
}

TEST(Accounts, AreAsWindowsAllowsThem) {
    EXPECT_EQ(check_account("--user", "monitor", true).value(), "monitor");
    EXPECT_EQ(check_account("--user", "CORP\\svc.mon", true).value(), "CORP\\svc.mon");
    EXPECT_EQ(check_account("--user", "Jürgen", false).value(), "Jürgen");
    EXPECT_TRUE(check_account("--user", "12345678901234567890", false).ok());
    for (const char* const text : {"", " ", "..", "a\\b\\c", ".\\a", "CORP\\", "\\a", "a/b", "a\"b", "a;b",
                                   "a\nb", "a%b", "a@b", "123456789012345678901", "\xff"})
        EXPECT_NE(refusal(check_account("--user", text, true)), "") << text;
    EXPECT_NE(refusal(check_account("--user", "CORP\\a", false)), "");
}

TEST(Names, AreLettersDigitsAndAFewSigns) {
    EXPECT_TRUE(check_name("--cert", "WinRM Cert (2)").ok());
    for (const char* const text : {"", " a", "a ", "a'b", "a\nb", "-q", "a\\b", "a;b", "ä"})
        EXPECT_NE(refusal(check_name("--cert", text)), "") << text;
    EXPECT_NE(refusal(check_name("--cert", std::string(65, 'a'))), "");
}

TEST(Domains, AreDnsNames) {
    EXPECT_TRUE(check_domain("--domain", "corp.example.com").ok());
    for (const char* const text :
         {"", "corp", "corp.", ".corp", "corp..com", "-a.com", "a-.com", "a b.com", "a'.com"})
        EXPECT_NE(refusal(check_domain("--domain", text)), "") << text;
}

TEST(Settings, GoByEveryPath) {
    for (const char* const path : {"Winrs/MaxMemoryPerShellMB", "Shell\\MaxMemoryPerShellMB",
                                   "WSMan:\\localhost\\Shell\\MaxMemoryPerShellMB",
                                   "winrm/config/Winrs/MaxMemoryPerShellMB", "winrs/maxmemorypershellmb"}) {
        const auto setting = check_setting("--set", std::string(path) + "=1024");
        ASSERT_TRUE(setting.ok()) << path;
        EXPECT_EQ(setting->path, "Shell\\MaxMemoryPerShellMB");
        EXPECT_EQ(setting->value, "1024");
    }
    EXPECT_EQ(check_setting("--set", "Service/Auth/CbtHardeningLevel=strict")->value, "Strict");
    EXPECT_EQ(check_setting("--set", "MaxEnvelopeSizekb=8192")->path, "MaxEnvelopeSizekb");
}

TEST(Settings, AreOfTheirKind) {
    for (const char* const text :
         {"Winrs/MaxMemoryPerShellMB", "Winrs/MaxMemoryPerShellMB=", "Winrs/MaxMemoryPerShellMB=1g",
          "Winrs/MaxMemoryPerShellMB=4294967296", "Service/AllowUnencrypted=yes",
          "Service/Auth/CbtHardeningLevel=Hard", "Service/IPv4Filter=$(whoami)",
          "Service/RootSDDL=D:", "Service/Auth/CredSSP=true", "=1", ""})
        EXPECT_NE(refusal(check_setting("--set", text)), "") << text;
    EXPECT_NE(refusal(check_setting("--set", "Winrs/MaxMemoryPerShelMB=1")).find("did you mean"),
              std::string::npos);
    EXPECT_FALSE(known_settings().empty());
}

}  // namespace
}  // namespace mullion::prepare
