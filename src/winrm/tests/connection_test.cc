#include "winrm/connection.h"

#include <gtest/gtest.h>

namespace mullion::winrm {
namespace {

Result<CommandLine> parse(std::vector<std::string_view> switches) {
    std::vector<std::string_view> words{"get", "winrm/config"};
    words.insert(words.end(), switches.begin(), switches.end());
    return parse_command_line(words);
}

Connection read(Result<CommandLine> line) {
    EXPECT_TRUE(line.ok()) << line.error().detail;
    return line.ok() ? std::move(std::get<Request>(*line).connection) : Connection();
}

Connection connection(std::vector<std::string_view> switches) {
    return read(parse(std::move(switches)));
}

std::string refusal(std::vector<std::string_view> switches) {
    const auto line = parse(std::move(switches));
    return line.ok() ? "accepted" : line.error().detail;
}

TEST(Connection, IsLocalWithoutRemote) {
    EXPECT_FALSE(connection({}).remote);
    for (const auto& [word, name] :
         {std::pair{"-un", "unencrypted"}, {"-ssl", "usessl"}, {"-encoding:utf-8", "encoding"}})
        EXPECT_EQ(refusal({word}), std::string("Error: The '-") + name +
                                       "' option is only valid when used with the '-remote' option");
}

TEST(Connection, KeepsWhatEachSwitchSays) {
    const auto all =
        connection({"-r:https://web01", "-u:admin", "-p:secret", "-a:basic", "-un", "-skipCAcheck",
                    "-skipCNcheck", "-skipRevocationcheck", "-timeout:60000", "-encoding:UTF-16"});
    EXPECT_EQ(all.remote->host, "web01");
    EXPECT_EQ(all.user, "admin");
    EXPECT_TRUE(all.password->same_as(Secret("secret")));
    EXPECT_EQ(all.authentication, Authentication::basic);
    EXPECT_TRUE(all.unencrypted && all.skip_ca_check && all.skip_cn_check && all.skip_revocation_check);
    EXPECT_EQ(all.timeout_ms, 60'000U);
    EXPECT_TRUE(all.utf16);
    EXPECT_FALSE(connection({"-r:a", "-encoding:utf-8"}).utf16);
    EXPECT_EQ(refusal({"-r:a", "-encoding:latin1"}), "Error: The specified encoding flag is invalid.");
    EXPECT_EQ(refusal({"-timeout:1s"}), "Error: Numeric value for -timeout option is expected");
}

TEST(Connection, AsksForAPasswordThatIsNotThere) {
    EXPECT_FALSE(connection({"-u:admin"}).password);
    EXPECT_FALSE(connection({"-u:admin", "-p:"}).password);
    EXPECT_FALSE(connection({"-u:admin", "-p"}).password);
    EXPECT_NE(refusal({"-p:secret"}), "accepted");
}

TEST(Authentication, HasItsNames) {
    EXPECT_EQ(connection({}).authentication, Authentication::automatic);
    EXPECT_EQ(connection({"-a:Negotiate"}).authentication, Authentication::negotiate);
    EXPECT_EQ(connection({"-auth:kerberos"}).authentication, Authentication::kerberos);
    EXPECT_EQ(connection({"-authentication:credssp", "-u:a"}).authentication, Authentication::credssp);
    EXPECT_EQ(connection({"-a:certificate", "-c:0123"}).certificate, "0123");
    EXPECT_NE(refusal({"-a:ntlm"}).find("has an invalid value"), std::string::npos);
}

// 1.1 lists none for every operation; a service tells nobody anything but who it is.
TEST(Authentication, OfNobodyIsForIdentifyAlone) {
    const std::string_view words[] = {"id", "-a:none", "-r:h"};
    EXPECT_EQ(read(parse_command_line(words)).authentication, Authentication::none);
    EXPECT_EQ(refusal({"-a:None"}),
              "Error: The '-auth:none' option is only valid when used with the 'identify' operation");
}

TEST(Authentication, ByDigestIsRefusedAtTheOption) {
    for (const auto& words : {std::vector<std::string_view>{"-a:digest"}, {"-auth:Digest", "-u:a"}}) {
        const auto line = parse(words);
        ASSERT_FALSE(line.ok());
        EXPECT_EQ(line.error().detail, "Error: '-auth:digest' is not available: nothing here speaks it");
        EXPECT_EQ(
            line.error().advice,
            std::vector<std::string>{"Use -auth:negotiate (Kerberos or NTLM), or -auth:basic over https."});
    }
}

TEST(Certificate, NeedsItsWayToLogOn) {
    EXPECT_EQ(refusal({"-c:0123"}),
              "Error: The '-certificate' option is only valid when used with the '-auth:certificate' option");
    EXPECT_EQ(refusal({"-c:0123", "-u:a"}), refusal({"-c:0123"}));
    EXPECT_EQ(refusal({"-c:0123", "-a:kerberos"}),
              "Error: The '-certificate' option is not valid for '-auth:kerberos'");
}

TEST(Authentication, NeedsAndForbidsUserAndPassword) {
    for (const std::string way : {"basic", "credssp"})
        EXPECT_EQ(refusal({"-a:" + way}),
                  "Error: The '-username' option must be specified for '-auth:" + way + "'");
    EXPECT_NE(refusal({"-a:certificate"}), "accepted");
    EXPECT_NE(refusal({"-a:certificate", "-c:01", "-u:a"}), "accepted");
    EXPECT_NE(refusal({"-a:certificate", "-c:01", "-p:a"}), "accepted");
    EXPECT_NE(refusal({"-a:basic", "-u:a", "-c:01"}), "accepted");
    for (const auto word : {"-u:a", "-p:a", "-c:01"})
        EXPECT_NE(refusal({"-a:none", word}), "accepted") << word;
}

TEST(DefaultCredentials, OfNegotiateOverHttpsOnly) {
    EXPECT_TRUE(connection({"-r:https://web01", "-a:negotiate", "-defaultCreds"}).default_credentials);
    EXPECT_NE(refusal({"-r:https://web01", "-defaultCreds"}), "accepted");
    EXPECT_NE(refusal({"-r:https://web01", "-a:kerberos", "-defaultCreds"}), "accepted");
    EXPECT_NE(refusal({"-r:http://web01", "-a:negotiate", "-defaultCreds"}), "accepted");
    EXPECT_NE(refusal({"-r:https://web01", "-a:negotiate", "-defaultCreds", "-u:a"}), "accepted");
    EXPECT_NE(refusal({"-r:https://web01", "-a:negotiate", "-defaultCreds", "-u:a", "-p:b"}), "accepted");
}

TEST(SpnPort, OfNegotiateAndKerberosOnly) {
    EXPECT_TRUE(connection({"-spnport"}).spn_port);
    EXPECT_TRUE(connection({"-spnport", "-a:kerberos"}).spn_port);
    EXPECT_TRUE(connection({"-spnport", "-a:negotiate"}).spn_port);
    EXPECT_NE(refusal({"-spnport", "-a:basic", "-u:a"}), "accepted");
}

TEST(Proxy, EachSwitchNeedsTheOneBeforeIt) {
    const auto all = connection({"-pac:winhttp_settings", "-pa:basic", "-pu:me", "-pp:secret"});
    EXPECT_EQ(all.proxy_access, ProxyAccess::winhttp_settings);
    EXPECT_EQ(all.proxy_authentication, ProxyAuthentication::basic);
    EXPECT_EQ(all.proxy_user, "me");
    EXPECT_TRUE(all.proxy_password->same_as(Secret("secret")));
    EXPECT_EQ(connection({"-proxyaccess:ie_settings"}).proxy_access, ProxyAccess::ie_settings);
    EXPECT_EQ(connection({"-pac:auto_detect"}).proxy_access, ProxyAccess::auto_detect);
    EXPECT_EQ(connection({"-pac:no_proxy"}).proxy_access, ProxyAccess::no_proxy);
    EXPECT_EQ(connection({"-pac:no_proxy", "-pa:digest"}).proxy_authentication, ProxyAuthentication::digest);
    EXPECT_EQ(connection({"-pac:no_proxy", "-pa:negotiate"}).proxy_authentication,
              ProxyAuthentication::negotiate);
    EXPECT_NE(refusal({"-pac:direct"}), "accepted");
    EXPECT_NE(refusal({"-pac:no_proxy", "-pa:ntlm"}), "accepted");
    EXPECT_NE(refusal({"-pa:basic"}), "accepted");
    EXPECT_NE(refusal({"-pac:no_proxy", "-pu:me"}), "accepted");
    EXPECT_NE(refusal({"-pac:no_proxy", "-pa:basic", "-pp:x"}), "accepted");
}

TEST(Refusals, NeverRepeatAPassword) {
    for (const auto& line : {std::vector<std::string_view>{"-p:hunter2"},
                             {"-a:none", "-u:a", "-p:hunter2"},
                             {"-r:me:hunter2@web01"},
                             {"-p:hunter2", "-p:hunter2", "-u:a"}}) {
        const auto read = parse(line);
        ASSERT_FALSE(read.ok());
        EXPECT_EQ(read.error().message().find("hunter2"), std::string::npos) << read.error().message();
    }
}

}  // namespace
}  // namespace mullion::winrm
