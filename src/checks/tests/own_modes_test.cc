#include <gtest/gtest.h>

#include <chrono>

#include "checks/modes/all.h"
#include "checks/tests/played.h"
#include "crypto/x509.h"

namespace mullion::checks::tests {
namespace {

TEST(Tcp, ConnectionsOfBothFamiliesAreCounted) {
    const auto played =
        play(tcp_mode(), {.words = words_of({{"warning-connections-established", "100"}}),
                          .answers = {rows({"<ConnectionsEstablished>120</ConnectionsEstablished>"}),
                                      rows({"<ConnectionsEstablished>3</ConnectionsEstablished>"})}});
    EXPECT_EQ(played.wql(0), "Select ConnectionsEstablished From Win32_PerfRawData_Tcpip_TCPv4");
    EXPECT_EQ(played.wql(1), "Select ConnectionsEstablished From Win32_PerfRawData_Tcpip_TCPv6");
    EXPECT_EQ(played.text,
              "WARNING: TCP 'ipv4' connections established: 120 | "
              "'ipv4#tcp.connections.established.count'=120;0:100;;0; "
              "'ipv6#tcp.connections.established.count'=3;0:100;;0;\n"
              "TCP 'ipv4' connections established: 120\n"
              "TCP 'ipv6' connections established: 3\n");
    const auto none = play(
        tcp_mode(), {.answers = {rows({}), rows({"<ConnectionsEstablished>3</ConnectionsEstablished>"})}});
    EXPECT_EQ(none.exit_code, 3);
}

TEST(Modes, EachIsFoundByItsName) {
    for (const auto& mode : modes()) {
        const auto* found = find_mode(mode.name);
        ASSERT_NE(found, nullptr) << mode.name;
        EXPECT_EQ(found->name, mode.name);
        EXPECT_EQ(found, find_mode(mode.name)) << "made once";
    }
    EXPECT_EQ(find_mode("cp"), nullptr);
}

TEST(Connect, TellsWhoAnswersAndInWhatTime) {
    Answer who{Identified{{"", "Microsoft Corporation", "OS: 10.0.20348 SP: 0.0 Stack: 3.0", {}}, "ntlm"}};
    who.took = Duration(12);
    auto system = rows({"<Caption>Microsoft Windows Server 2022 Datacenter</Caption>"});
    system.took = Duration(1500);
    Stage stage{.words = words_of({{"critical-query-time", "1"}}), .answers = {who, system}};
    const auto played = play(connect_mode(), stage);
    EXPECT_EQ(played.wql(1), "Select Caption From Win32_OperatingSystem");
    EXPECT_EQ(played.text,
              "CRITICAL: 'Microsoft Windows Server 2022 Datacenter' [Microsoft Corporation OS: 10.0.20348 "
              "SP: 0.0 Stack: "
              "3.0] query: 1.500 s | 'wsman.identify.time.seconds'=0.012s;;;0; "
              "'wsman.query.time.seconds'=1.500s;;0:1;0;\n"
              "Logged on by ntlm, without TLS\n");
    stage.answers[1] = rows({});
    EXPECT_EQ(play(connect_mode(), stage).exit_code, 3);
    stage.answers[0] = rows({});
    EXPECT_EQ(play(connect_mode(), stage).error->id, ErrorId::wsman_malformed);
}

TEST(Connect, TellsHowLongTheCertificateIsValid) {
    const auto made = crypto::make_self_signed({"web01"}, std::chrono::hours(72));
    ASSERT_TRUE(made.ok());
    const auto der = crypto::certificate_der(made->certificate_pem);
    ASSERT_TRUE(der.ok());
    const auto about = crypto::describe_certificate(*der);
    ASSERT_TRUE(about.ok());
    const auto end = std::chrono::system_clock::to_time_t(about->not_after);
    Stage stage{.words = words_of({{"warning-certificate-expires", "30:"}}),
                .answers = {Answer{Identified{{"", "Fake", "1.0", {}}, "kerberos", "TLSv1.3", *der}},
                            rows({"<Caption>Windows</Caption>"})},
                .unix_time = end - 2 * 86'400 - 3600};
    auto played = play(connect_mode(), stage);
    EXPECT_EQ(played.exit_code, 1);
    EXPECT_TRUE(played.text.starts_with("WARNING: 'Windows' [Fake 1.0] certificate expires in 2d 1h |"))
        << played.text;
    EXPECT_NE(played.text.find("'wsman.certificate.expires.days'=2d;30:;;0;"), std::string::npos)
        << played.text;
    EXPECT_NE(played.text.find("\nLogged on by kerberos, TLSv1.3\n"), std::string::npos) << played.text;

    stage.unix_time = end;
    played = play(connect_mode(), stage);
    EXPECT_NE(played.text.find("certificate expired"), std::string::npos) << played.text;
    EXPECT_NE(played.text.find("'wsman.certificate.expires.days'=0d;30:;;0;"), std::string::npos)
        << played.text;
    std::get<Identified>(stage.answers[0].of).certificate.clear();
    EXPECT_EQ(play(connect_mode(), stage).exit_code, 3)
        << "without TLS there is none, and it was asked about";
    std::get<Identified>(stage.answers[0].of).certificate = "no certificate";
    EXPECT_TRUE(play(connect_mode(), stage).error);
}

}  // namespace
}  // namespace mullion::checks::tests
