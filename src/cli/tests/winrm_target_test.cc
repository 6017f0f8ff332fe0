#include "cli/winrm_target.h"

#include <gtest/gtest.h>

namespace mullion::cli {
namespace {

Result<target::Target> target_for(std::vector<std::string_view> switches) {
    std::vector<std::string_view> words{"get", "winrm/config"};
    words.insert(words.end(), switches.begin(), switches.end());
    auto own = take_own_options(words, Where::anywhere);
    if (!own.ok()) return own.error();
    auto line = winrm::parse_command_line(words);
    if (!line.ok()) return line.error();
    return target_of(std::get<winrm::Request>(*line).connection, *own);
}

target::Target target(std::vector<std::string_view> switches) {
    auto made = target_for(std::move(switches));
    EXPECT_TRUE(made.ok()) << made.error().message();
    return made.ok() ? std::move(made).value() : target::Target();
}

using Ways = std::vector<std::string>;

TEST(WinrmTarget, IsThisMachineWithoutRemote) {
    EXPECT_EQ(target({"-u:a"}).url(), "http://localhost:5985/wsman");
    EXPECT_EQ(target({}).socket, "/var/lib/mullion/run/admin.sock");
    EXPECT_TRUE(target({"-u:a"}).socket.empty());
    EXPECT_TRUE(target({"-a:kerberos"}).socket.empty());
}

TEST(WinrmTarget, IsWhatRemoteSays) {
    EXPECT_EQ(target({"-r:web01", "-u:a"}).url(), "http://web01:5985/wsman");
    EXPECT_EQ(target({"-r:web01", "-ssl", "-u:a"}).url(), "https://web01:5986/wsman");
    EXPECT_EQ(target({"-r:https://[::1]/a/b", "-u:a"}).url(), "https://[::1]:443/a/b");
    EXPECT_EQ(target({"-r:web01:99", "-u:a"}).name, "web01:99");
}

TEST(WinrmTarget, LogsOnByDefaultAsWindowsDoes) {
    EXPECT_EQ(target({"-r:h", "-u:a"}).transports, Ways{"negotiate"});
    EXPECT_EQ(target({"-r:h", "-u:CORP\\a"}).transports, Ways{"negotiate"});
    EXPECT_EQ(target({"-r:h", "-u:a@CORP"}).transports, Ways{"kerberos"});
    EXPECT_EQ(target({"-r:h", "-u:a", "--realm=CORP"}).transports, Ways{"kerberos"});
    const auto nobody = target({"-r:h"});
    EXPECT_EQ(nobody.transports, Ways{"kerberos"});
    EXPECT_EQ(nobody.kerberos.kinit_mode, target::KinitMode::manual);
}

TEST(WinrmTarget, LogsOnAsItIsTold) {
    EXPECT_EQ(target({"-r:h", "-u:a", "-a:basic", "-un"}).transports, Ways{"basic"});
    EXPECT_EQ(target({"-r:h", "-u:a", "-a:credssp"}).transports, Ways{"credssp"});
    EXPECT_EQ(target({"-r:h", "-u:a", "-a:kerberos"}).transports, Ways{"kerberos"});
    EXPECT_EQ(target({"-r:h", "-a:kerberos"}).kerberos.kinit_mode, target::KinitMode::manual);
    const auto tickets = target({"-r:https://h", "-a:negotiate", "-defaultCreds"});
    EXPECT_EQ(tickets.transports, Ways{"negotiate"});
    EXPECT_EQ(tickets.kerberos.kinit_mode, target::KinitMode::manual);
    EXPECT_EQ(target({"-r:h", "-u:a", "--transport=ntlm"}).transports, Ways{"ntlm"});
}

TEST(WinrmTarget, IsAStrangersWhereNobodyLogsOn) {
    const auto asked = [](std::vector<std::string_view> words) {
        words.insert(words.begin(), "id");
        auto own = take_own_options(words, Where::anywhere);
        auto line = winrm::parse_command_line(words);
        if (!own.ok() || !line.ok()) return Result<target::Target>(Error(ErrorId::usage_invalid, "words"));
        return target_of(std::get<winrm::Request>(*line).connection, *own);
    };
    const auto nobody = asked({"-r:h", "-a:none"});
    ASSERT_TRUE(nobody.ok());
    EXPECT_EQ(nobody->transports, Ways{"nobody"});
    EXPECT_TRUE(nobody->user.empty());
    EXPECT_TRUE(asked({"-a:none"})->socket.empty()) << "the socket knows who asks";
    for (const std::string_view word : {"--transport=ntlm", "--user=a", "--message-encryption=always",
                                        "--client-cert=a.pem", "--keytab=a", "--ccache=a"}) {
        const auto refused = asked({"-r:https://h", "-a:none", word});
        ASSERT_FALSE(refused.ok()) << word;
        EXPECT_NE(refused.error().detail.find("cannot be used together with -auth:none"), std::string::npos);
    }
    // No option means it.
    EXPECT_FALSE(asked({"-r:h", "-u:a", "--transport=nobody"}).ok());
}

TEST(WinrmTarget, FindsACertificateByThumbprintOrFile) {
    const auto stored =
        target({"-r:https://h", "-a:certificate", "-c:0123456789abcdef0123456789ABCDEF01234567"});
    EXPECT_EQ(stored.transports, Ways{"certificate"});
    EXPECT_EQ(stored.client_certificate,
              "/var/lib/mullion/certs/0123456789ABCDEF0123456789ABCDEF01234567.pem");
    EXPECT_EQ(target({"-r:https://h", "-a:certificate", "-c:0123456789abcdef0123456789ABCDEF01234567",
                      "--state=/s"})
                  .client_certificate,
              "/s/certs/0123456789ABCDEF0123456789ABCDEF01234567.pem");
    EXPECT_EQ(target({"-r:https://h", "-a:certificate", "-c:my.pem"}).client_certificate, "my.pem");
    EXPECT_EQ(target_for({"-r:http://h", "-a:certificate", "-c:my.pem"}).error().detail,
              "-certificate is only valid over https: write -remote:https://HOST or -usessl");
}

TEST(WinrmTarget, KeepsTheOtherSwitches) {
    const auto clear = target({"-r:h", "-u:a", "-un"});
    EXPECT_TRUE(clear.allow_unencrypted);
    EXPECT_EQ(clear.message_encryption, target::MessageEncryption::never);
    const auto tls = target({"-r:https://h", "-u:a", "-un", "-skipCAcheck"});
    EXPECT_EQ(tls.message_encryption, target::MessageEncryption::automatic);
    EXPECT_FALSE(tls.cert_validation.chain);
    EXPECT_TRUE(tls.cert_validation.name && tls.cert_validation.revocation);
    const auto names = target({"-r:https://h", "-u:a", "-skipCNcheck", "-skipRevocationcheck"});
    EXPECT_TRUE(names.cert_validation.chain);
    EXPECT_FALSE(names.cert_validation.name || names.cert_validation.revocation);
    EXPECT_FALSE(target_for({"-r:http://h", "-u:a", "-skipCNcheck"}).ok());
    const auto slow = target({"-r:h", "-u:a", "-timeout:60000"});
    EXPECT_EQ(slow.operation_timeout, Duration(60'000));
    EXPECT_GT(slow.read_timeout, slow.operation_timeout);
    EXPECT_FALSE(target_for({"-r:h", "-u:a", "-timeout:0"}).ok());
    EXPECT_EQ(target({"-r:h:99", "-u:a", "-spnport"}).kerberos.host_name, "h:99");
}

TEST(WinrmTarget, GoesThroughTheProxyThatIsMeant) {
    EXPECT_EQ(target({"-r:h", "-u:a"}).proxy, "");
    EXPECT_EQ(target({"-r:h", "-u:a", "-pac:no_proxy"}).proxy, "");
    EXPECT_EQ(target({"-r:h", "-u:a", "-pac:ie_settings"}).proxy, "environment");
    EXPECT_EQ(target({"-r:h", "-u:a", "-pac:winhttp_settings"}).proxy, "environment");
    EXPECT_EQ(target_for({"-r:h", "-u:a", "-pac:auto_detect"}).error().id, ErrorId::usage_unsupported);
    EXPECT_EQ(target_for({"-r:h", "-u:a", "-pac:no_proxy", "-pa:basic"}).error().id,
              ErrorId::usage_unsupported);
}

TEST(OwnOptions, AreTakenOutWhereTheyMayStand) {
    std::vector<std::string_view> words{"--state=/s", "id", "--ca-file=x", "--anything",
                                        "--allow-unencrypted"};
    const auto own = take_own_options(words, Where::anywhere);
    ASSERT_TRUE(own.ok());
    EXPECT_EQ(own->state, "/s");
    EXPECT_EQ(own->given.flags.size(), 2U);
    EXPECT_EQ(words, (std::vector<std::string_view>{"id", "--anything"}));
    std::vector<std::string_view> command{"--ca-file=x", "-r:h", "echo", "--ca-file=y"};
    EXPECT_EQ(take_own_options(command, Where::before_the_command)->given.flags.size(), 1U);
    EXPECT_EQ(command.back(), "--ca-file=y");
    for (const std::string_view first : {"/bin/echo", "--"}) {
        std::vector<std::string_view> path{"-r:h", first, "--ca-file=y"};
        EXPECT_TRUE(take_own_options(path, Where::before_the_command)->given.flags.empty()) << first;
    }
    for (const std::string_view wrong :
         {"--state", "--state=", "--ca-file", "--allow-unencrypted=yes", "--port=x"}) {
        std::vector<std::string_view> one{wrong};
        EXPECT_FALSE(take_own_options(one, Where::anywhere).ok()) << wrong;
    }
}

}  // namespace
}  // namespace mullion::cli
