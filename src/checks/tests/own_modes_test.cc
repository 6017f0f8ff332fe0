#include <gtest/gtest.h>

#include "checks/modes/all.h"
#include "checks/tests/played.h"

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

TEST(Connect, TellsWhoAnswersAndInWhatTime) {
    Answer who{wsman::Identity{"", "Microsoft Corporation", "OS: 10.0.20348 SP: 0.0 Stack: 3.0", {}}};
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
              "'wsman.query.time.seconds'=1.500s;;0:1;0;\n");
    stage.answers[1] = rows({});
    EXPECT_EQ(play(connect_mode(), stage).exit_code, 3);
    stage.answers[0] = rows({});
    EXPECT_EQ(play(connect_mode(), stage).error->id, ErrorId::wsman_malformed);
}

}  // namespace
}  // namespace mullion::checks::tests
