#include <gtest/gtest.h>

#include "checks/modes/all.h"
#include "checks/modes/certificate_store.h"
#include "checks/tests/played.h"
#include "crypto/x509.h"

namespace mullion::checks::tests {
namespace {

std::string little_endian(std::uint32_t word) {
    std::string out;
    for (unsigned i = 0; i < 4; ++i) out += static_cast<char>(word >> (8 * i));
    return out;
}

std::string property(std::uint32_t id, std::string_view bytes) {
    return little_endian(id) + little_endian(1) + little_endian(static_cast<std::uint32_t>(bytes.size())) +
           std::string(bytes);
}

std::string der_for(int hours) {
    const auto made = crypto::make_self_signed({"web.example.com"}, std::chrono::hours(hours));
    EXPECT_TRUE(made.ok());
    auto der = crypto::certificate_der(made->certificate_pem);
    EXPECT_TRUE(der.ok());
    return std::move(*der);
}

Answer bytes(std::string_view blob) {
    std::string xml;
    for (const char c : blob) xml += "<uValue>" + std::to_string(static_cast<unsigned char>(c)) + "</uValue>";
    return returned("0", xml);
}

std::string names(std::initializer_list<const char*> all) {
    std::string xml;
    for (const auto* name : all) xml += "<sNames>" + std::string(name) + "</sNames>";
    return xml;
}

TEST(StoredCertificates, AreProperties) {
    const auto stored =
        read_stored_certificate(property(3, "hash") + property(32, "DER") + property(11, "name"));
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->der, "DER");
    EXPECT_FALSE(stored->archived);
    EXPECT_TRUE(read_stored_certificate(property(19, "") + property(32, "DER"))->archived);
    EXPECT_FALSE(read_stored_certificate(property(3, "hash")));
    EXPECT_FALSE(read_stored_certificate(""));
}

TEST(StoredCertificates, EveryTruncationIsRefused) {
    const auto whole = property(3, "hash") + property(32, "DER");
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(read_stored_certificate(std::string_view(whole).substr(0, size))) << size;
    EXPECT_FALSE(
        read_stored_certificate(little_endian(32) + little_endian(1) + little_endian(0xffffffff) + "DER"));
}

TEST(StoredCertificates, NamesAreAsWindowsPrintsThem) {
    EXPECT_EQ(windows_name("CN=host,OU=IT,O=Example,ST=Bayern,C=DE"),
              "CN=host, OU=IT, O=Example, S=Bayern, C=DE");
    EXPECT_EQ(windows_name(R"(CN=a\, b,O=say \"x\")"), R"(CN="a, b", O="say ""x""")");
    EXPECT_EQ(windows_name(R"(CN=M\C3\BCller,emailAddress=a@b)"), "CN=Müller, E=a@b");
    EXPECT_EQ(windows_name("CN=a+OU=b,C=DE"), "CN=a + OU=b, C=DE");
    EXPECT_EQ(windows_name(R"(CN=ends\ )"), R"(CN="ends ")");
    EXPECT_EQ(windows_name(""), "");
    EXPECT_EQ(windows_name("odd"), "odd");
    EXPECT_EQ(windows_store("MY"), "My");
    EXPECT_EQ(windows_store("WebHosting"), "WebHosting");
}

// The clock of the test stands where a certificate that was made now still lives.
std::int64_t now_and(int hours) {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
               .count() +
           hours * 3600;
}

TEST(Certificates, AreReadFromTheRegistryInThreeRounds) {
    std::vector<Answer> answers;
    answers.push_back(returned("0", names({"MY", "ROOT"})));
    answers.push_back(returned("2"));
    answers.push_back(returned("2"));
    answers.push_back(returned("0", names({"AB12", "CD34", "EE00"})));
    answers.push_back(bytes(property(32, der_for(48))));
    answers.push_back(bytes(property(32, der_for(5))));
    answers.push_back(bytes(property(19, "") + property(32, der_for(5))));
    const auto played = play(
        certificates_mode(),
        {.words = words_of(
             {{"include-path", "LocalMachine.My$"}, {"unit", "h"}, {"critical-certificate-expires", "1:"}}),
         .answers = std::move(answers),
         .unix_time = now_and(24) + 1800});
    ASSERT_FALSE(played.error) << played.error->message();
    EXPECT_EQ(played.rounds.size(), 3U);
    EXPECT_EQ(played.asked(0),
              R"(EnumKey root/default:StdRegProv 2147483650 SOFTWARE\Microsoft\SystemCertificates)");
    EXPECT_EQ(
        played.asked(3),
        R"(EnumKey root/default:StdRegProv 2147483650 SOFTWARE\Microsoft\SystemCertificates\MY\Certificates)");
    EXPECT_EQ(
        played.asked(4),
        R"(GetBinaryValue root/default:StdRegProv 2147483650 SOFTWARE\Microsoft\SystemCertificates\MY\Certificates\AB12 Blob)");
    const std::string path = R"([path: Microsoft.PowerShell.Security\Certificate::LocalMachine\My])";
    ASSERT_EQ(played.report.metrics.size(), 3U);
    EXPECT_EQ(played.report.metrics[0].value, "2");
    EXPECT_EQ(played.report.metrics[1].name, "certificate.expires.hours");
    EXPECT_EQ(played.report.metrics[1].instances, std::vector<std::string>{"CN=web.example.com"});
    EXPECT_EQ(played.report.metrics[1].value, "23");
    EXPECT_EQ(played.report.metrics[2].value, "0");
    EXPECT_EQ(played.report.metrics[2].critical, "1:");
    EXPECT_EQ(played.exit_code, 2);
    EXPECT_EQ(played.report.lines.at(1), "Certificate 'CN=web.example.com' " + path + " expired");
    EXPECT_EQ(played.report.found.size(), 3U);
}

TEST(Certificates, OneThatCannotBeReadDoesNotHideTheOthers) {
    std::vector<Answer> answers;
    answers.push_back(returned("0", names({"MY"})));
    answers.push_back(returned("2"));
    answers.push_back(returned("2"));
    answers.push_back(returned("0", names({"AB12", "CD34"})));
    answers.push_back(bytes(property(32, "no DER")));
    answers.push_back(bytes(property(32, der_for(48))));
    const auto played = play(certificates_mode(), {.answers = std::move(answers), .unix_time = now_and(0)});
    ASSERT_FALSE(played.error) << played.error->message();
    EXPECT_EQ(played.exit_code, 3);
    EXPECT_EQ(played.report.metrics.at(0).value, "1");
}

TEST(Certificates, NoneAtAllAndARefusedKeyAreNoGoodAnswers) {
    std::vector<Answer> answers;
    for (int i = 0; i < 3; ++i) answers.push_back(returned("2"));
    EXPECT_EQ(play(certificates_mode(), {.answers = std::move(answers)}).exit_code, 3);
    std::vector<Answer> denied;
    denied.push_back(returned("5"));
    for (int i = 0; i < 2; ++i) denied.push_back(returned("2"));
    const auto played = play(certificates_mode(), {.answers = std::move(denied)});
    ASSERT_TRUE(played.error);
    EXPECT_EQ(played.error->id, ErrorId::wsman_access_denied);
    EXPECT_EQ(play(certificates_mode(), {.words = words_of({{"unit", "y"}})}).error->detail,
              "Invalid time unit 'y'. Valid units are: s, m, h, d, w.");
}

TEST(Certificates, AsCentreonByAScript) {
    const auto played = play(
        certificates_mode(),
        {.words =
             words_of({{"exclude-subject", "Root"}, {"unit", "d"}, {"warning-certificate-expires", "30:"}}),
         .answers = {output(
             R"([{"subject":"CN=web","thumbprint":"AB","notAfter":1774008000,"PSParentPath":"P::LocalMachine\\My","archived":false},)"
             R"({"subject":"CN=Root","thumbprint":"CD","notAfter":1774008000,"PSParentPath":"P::LocalMachine\\Root","archived":false},)"
             R"({"subject":"CN=old","thumbprint":"EF","notAfter":"1700000000","PSParentPath":"P::LocalMachine\\My","archived":true}])")},
         .compat = true});
    EXPECT_LT(played.asked(0).size(), 3000U);
    EXPECT_EQ(played.text,
              "WARNING: Certificate 'CN=web' [path: P::LocalMachine\\My] expires in 1w 3d | "
              "'certificates.detected.count'=1;;;0; 'CN=web#certificate.expires.days'=10d;30:;;0;\n"
              "Certificate 'CN=web' [path: P::LocalMachine\\My] expires in 1w 3d\n");
}

}  // namespace
}  // namespace mullion::checks::tests
