#include <gtest/gtest.h>

#include "target/target.h"

namespace mullion::target {
namespace {

Target parsed(std::string_view text, const Target& options = {}) {
    auto target = parse_target(text, options);
    EXPECT_TRUE(target.ok()) << text << ": " << (target.ok() ? "" : target.error().message());
    return target.ok() ? std::move(target).value() : Target{};
}

TEST(ParseTarget, ReadsAWholeUrl) {
    const auto target = parsed("http://admin@web01:8080/other");
    EXPECT_EQ(target.scheme, Scheme::http);
    EXPECT_EQ(target.user, "admin");
    EXPECT_EQ(target.host, "web01");
    EXPECT_EQ(target.port, 8080);
    EXPECT_EQ(target.path, "/other");
    EXPECT_EQ(target.name, "web01:8080");
    EXPECT_EQ(target.url(), "http://web01:8080/other");
}

TEST(LocalTarget, IsAPathAndNoTargetOfTheCommandLine) {
    const auto target = local_target("/var/lib/mullion");
    EXPECT_EQ(target.url(), "unix:///var/lib/mullion/run/admin.sock");
    EXPECT_FALSE(parse_target(target.url(), {}).ok());
    EXPECT_EQ(parsed("web01").socket, "");
}

TEST(ParseTarget, FillsInWhatTheTextDoesNotSay) {
    EXPECT_EQ(parsed("web01").url(), "https://web01:5986/wsman");
    EXPECT_EQ(parsed("https://web01/").url(), "https://web01:5986/wsman");
    EXPECT_EQ(parsed("http://web01").url(), "http://web01:5985/wsman");
    EXPECT_EQ(parsed("HTTP://web01").url(), "http://web01:5985/wsman");
    EXPECT_EQ(parsed("::1").url(), "https://[::1]:5986/wsman");
    EXPECT_EQ(parsed("http://[fe80::1%25eth0]").url(), "http://[fe80::1%25eth0]:5985/wsman");
}

TEST(ParseTarget, TakesHttpForPort5985AsAnsibleDoes) {
    EXPECT_EQ(parsed("web01:5985").url(), "http://web01:5985/wsman");
    EXPECT_EQ(parsed("https://web01:5985").url(), "https://web01:5985/wsman");
    Target options;
    options.port = 5985;
    EXPECT_EQ(parsed("web01", options).url(), "http://web01:5985/wsman");
}

TEST(ParseTarget, ItsPartsWinOverOptionsAndTheRestStays) {
    Target options;
    options.scheme = Scheme::http;
    options.port = 81;
    options.path = "/p";
    options.user = "bob";
    EXPECT_EQ(parsed("web01", options).url(), "http://web01:81/p");
    EXPECT_EQ(parsed("https://ann@web01", options).url(), "https://web01:81/p");
    EXPECT_EQ(parsed("https://ann@web01", options).user, "ann");
    EXPECT_EQ(parsed("https://web01:82/q", options).url(), "https://web01:82/q");
    EXPECT_EQ(parsed("https://web01:82/q", options).user, "bob");
}

TEST(ParseTarget, DecodesTheUser) {
    EXPECT_EQ(parsed("https://DOM%5Cann@web01").user, "DOM\\ann");
    EXPECT_EQ(parsed("https://ann%40REALM@web01").user, "ann@REALM");
    EXPECT_EQ(parsed("https://ann@REALM@web01").user, "ann@REALM");
    EXPECT_EQ(parsed("DOM\\ann%@web01").user, "DOM\\ann%");
    for (const auto text :
         {"https://@web01", "https://%zz@web01", "https://%0a@web01", "https://%ff@web01", "@web01"})
        EXPECT_EQ(parse_target(text, {}).error().id, ErrorId::usage_target) << text;
}

TEST(ParseTarget, RefusesAPasswordAndDoesNotRepeatIt) {
    for (const auto text : {"https://ann:hunter2@web01", "ann:hunter2@web01", "https://ann:hunter2@@web01"}) {
        const auto target = parse_target(text, {});
        ASSERT_FALSE(target.ok());
        EXPECT_EQ(target.error().id, ErrorId::usage_target);
        EXPECT_EQ(target.error().message().find("hunter2"), std::string::npos);
        EXPECT_FALSE(target.error().advice.empty());
    }
}

TEST(ParseTarget, RefusesEveryTruncationOfAScopedUrlThatIsNoTarget) {
    const std::string_view whole = "https://DOM%5Cann@[fe80::1%25eth0]:5986/wsman";
    // Some lengths are targets by themselves: a name ("htt", "https://DOM"), and the address with a shorter
    // port or path.
    const auto after_name = whole.find('%');
    const auto bracket = whole.find(']');
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const auto target = parse_target(whole.substr(0, length), {});
        if (length <= after_name && length != 0 && target.ok()) continue;
        const bool complete = length > bracket && length != bracket + 2;  // Not "[…]:".
        EXPECT_EQ(target.ok(), complete) << whole.substr(0, length);
        if (!target.ok()) {
            EXPECT_EQ(target.error().id, ErrorId::usage_target);
        }
    }
}

TEST(ParseTarget, RefusesWhatIsNoHost) {
    for (const auto text : {"", "ftp://web01", "https://", "https:///wsman", "web01/wsman",
                            "https://web01/a b", "https://web01/a#b", "a,b", "https://web01:x"})
        EXPECT_EQ(parse_target(text, {}).error().id, ErrorId::usage_target) << text;
    EXPECT_FALSE(parse_target(std::string(5000, 'a'), {}).ok());
}

TEST(Settle, ChoosesTransports) {
    using Ways = std::vector<std::string>;
    EXPECT_EQ(parsed("https://ann@web01").transports, Ways{"basic"});
    EXPECT_EQ(parsed("http://ann@web01").transports, Ways{"basic"});
}

// Kerberos, and Basic behind it only inside TLS.
TEST(Settle, TriesKerberosForAUserWithARealm) {
    using Ways = std::vector<std::string>;
    EXPECT_EQ(parsed("https://ann%40R@web01").transports, (Ways{"kerberos", "basic"}));
    EXPECT_EQ(parsed("http://ann%40R@web01").transports, Ways{"kerberos"});
    EXPECT_EQ(parsed("https://ann%40@web01").transports, Ways{"basic"});
    Target options;
    options.kerberos.realm = "R";
    EXPECT_EQ(parse_target("https://ann@web01", options)->transports, (Ways{"kerberos", "basic"}));
    options.transports = {"ntlm", "basic"};
    EXPECT_EQ(parse_target("https://ann@web01", options)->transports, (Ways{"ntlm", "basic"}));
}

TEST(Settle, WantsTheReadTimeoutLongerThanTheOperationTimeout) {
    Target options;
    options.read_timeout = options.operation_timeout;
    EXPECT_EQ(parse_target("web01", options).error().id, ErrorId::usage_invalid);
    options.read_timeout += Duration(1);
    EXPECT_TRUE(parse_target("web01", options).ok());
}

TEST(Settle, RefusesOptionsOfTlsOverHttp) {
    Target options;
    options.cert_pin = "sha256:00";
    EXPECT_EQ(parse_target("http://web01", options).error().id, ErrorId::usage_invalid);
    EXPECT_TRUE(parse_target("https://web01", options).ok());
}

Target with_certificate() {
    Target options;
    options.client_certificate = "c.pem";
    return options;
}
std::vector<std::string> settled(std::string_view text, std::vector<std::string> ways, Target options) {
    options.transports = std::move(ways);
    const auto target = parse_target(text, options);
    return target.ok() ? target->transports : std::vector<std::string>{std::string(target.error().info().id)};
}

TEST(SettledTransports, SslIsACertificateWhereThereIsOne) {
    using Ways = std::vector<std::string>;
    EXPECT_EQ(settled("https://web01", {}, {}), Ways{"basic"});
    EXPECT_EQ(settled("https://web01", {"ssl", "ntlm", "basic"}, {}), (Ways{"basic", "ntlm"}));
    EXPECT_EQ(settled("https://web01", {}, with_certificate()), Ways{"certificate"});
    EXPECT_EQ(settled("https://web01", {"ntlm", "ssl", "certificate"}, with_certificate()),
              (Ways{"ntlm", "certificate"}));
    EXPECT_EQ(settled("https://ann%40R@web01", {}, with_certificate()), (Ways{"kerberos", "basic"}));
    EXPECT_EQ(settled("http://web01", {}, with_certificate()), Ways{"basic"});
}

TEST(SettledTransports, ACertificateNeedsHttpsAndAFile) {
    EXPECT_EQ(settled("http://web01", {"certificate"}, with_certificate()),
              std::vector<std::string>{"usage.invalid"});
    EXPECT_EQ(settled("http://web01", {"ntlm", "ssl"}, with_certificate()),
              std::vector<std::string>{"usage.invalid"});
    EXPECT_EQ(settled("https://web01", {"certificate"}, {}), std::vector<std::string>{"usage.invalid"});
}

TEST(SettledTransports, OnlyACertificateTakesNoPassword) {
    const auto takes = [](std::vector<std::string> ways) {
        Target target = with_certificate();
        target.transports = std::move(ways);
        return takes_password(target);
    };
    EXPECT_FALSE(takes({"certificate"}));
    EXPECT_TRUE(takes({"certificate", "ntlm"}));
    EXPECT_TRUE(takes({"basic"}));
}

}  // namespace
}  // namespace mullion::target
