#include "os/spawn_messages.h"

#include <gtest/gtest.h>

namespace mullion::os {
namespace {

SpawnRequest request() {
    return {7,
            "alice",
            {"/bin/sh", "-c", "echo \xC3\xA4"},
            {{"A", "1"}, {"B", ""}},
            "/tmp",
            nullptr,
            "A0-F",
            64,
            "192.0.2.1",
            true};
}

SpawnRequest request_with_ticket() {
    auto ticket = std::make_shared<SpawnTicket>();
    ticket->client = "(client)";
    ticket->server = "krbtgt/A@A";
    ticket->credential = Secret(std::string_view("\0\1ticket", 8));
    SpawnRequest made = request();
    made.ticket = std::move(ticket);
    return made;
}

LogonRequest logon(std::string user = "alice", std::string_view password = "pa\xC3\xA4ss") {
    return {9, std::move(user), "10.0.0.5", std::make_shared<const Secret>(password)};
}

std::vector<std::string> to_monitor() {
    return {encode(ToMonitor(request())), encode(ToMonitor(request_with_ticket())),
            encode(ToMonitor(SignalRequest{7, SignalRequest::What::quit})), encode(ToMonitor(Release{~0ULL})),
            encode(ToMonitor(logon()))};
}
std::vector<std::string> from_monitor() {
    return {encode(FromMonitor(Spawned{1, 4711})),
            encode(FromMonitor(SpawnFailed{2, 13, "execute"})),
            encode(FromMonitor(Exited{3, true, 9})),
            encode(FromMonitor(Exited{4, false, -1, true})),
            encode(FromMonitor(LogonEnded{9, LogonEnded::What::let_in, "alice", {}})),
            encode(FromMonitor(LogonEnded{9, LogonEnded::What::expired, {}, "pam_acct_mgmt: it is over"}))};
}

TEST(SpawnMessages, CarryASpawnRequest) {
    const auto decoded = decode_to_monitor(encode(ToMonitor(request())));
    ASSERT_TRUE(decoded.has_value());
    const auto& got = std::get<SpawnRequest>(*decoded);
    EXPECT_EQ(got.token, 7U);
    EXPECT_EQ(got.unix_user, "alice");
    EXPECT_EQ(got.argv, request().argv);
    EXPECT_EQ(got.environment, request().environment);
    EXPECT_EQ(got.working_directory, "/tmp");
    EXPECT_EQ(got.shell, "A0-F");
    EXPECT_EQ(got.memory_mb, 64U);
    EXPECT_EQ(got.address, "192.0.2.1");
    EXPECT_TRUE(got.login_shell);
}

TEST(SpawnMessages, CarryATicket) {
    const auto decoded = decode_to_monitor(encode(ToMonitor(request_with_ticket())));
    ASSERT_TRUE(decoded.has_value());
    const auto& got = std::get<SpawnRequest>(*decoded);
    ASSERT_TRUE(got.ticket);
    EXPECT_EQ(got.ticket->client, "(client)");
    EXPECT_EQ(got.ticket->server, "krbtgt/A@A");
    EXPECT_TRUE(got.ticket->credential.same_as(request_with_ticket().ticket->credential));
    EXPECT_FALSE(std::get<SpawnRequest>(decode_to_monitor(to_monitor()[0]).value()).ticket);
}

TEST(SpawnMessages, RefuseATicketThatIsNotWholeOrTooLarge) {
    const auto with = [](std::string client, std::string server, std::size_t size) {
        SpawnRequest made = request();
        made.ticket = std::make_shared<const SpawnTicket>(
            SpawnTicket{std::move(client), std::move(server), Secret(std::string(size, 't'))});
        return check(made);
    };
    EXPECT_TRUE(with("c", "s", spawn_ticket_bytes).ok());
    EXPECT_EQ(with("c", "s", spawn_ticket_bytes + 1).error().id, ErrorId::spawn_too_large);
    EXPECT_EQ(with(std::string(spawn_ticket_name + 1, 'c'), "s", 1).error().id, ErrorId::spawn_too_large);
    EXPECT_EQ(with("", "s", 1).error().id, ErrorId::spawn_failed);
    EXPECT_EQ(with("c", "", 1).error().id, ErrorId::spawn_failed);
    EXPECT_EQ(with("c", "s", 0).error().id, ErrorId::spawn_failed);
    EXPECT_EQ(with("c", std::string("s\0t", 3), 1).error().id, ErrorId::spawn_failed);
}

TEST(SpawnMessages, CarryTheSmallOnes) {
    const auto signal = decode_to_monitor(to_monitor()[2]);
    ASSERT_TRUE(signal.has_value());
    EXPECT_EQ(std::get<SignalRequest>(*signal).what, SignalRequest::What::quit);
    EXPECT_EQ(std::get<Release>(decode_to_monitor(to_monitor()[3]).value()).token, ~0ULL);
    EXPECT_EQ(std::get<Spawned>(decode_from_monitor(from_monitor()[0]).value()).pid, 4711U);
    const auto failed = std::get<SpawnFailed>(decode_from_monitor(from_monitor()[1]).value());
    EXPECT_EQ(failed.error, 13);
    EXPECT_EQ(failed.step, "execute");
    const auto killed = std::get<Exited>(decode_from_monitor(from_monitor()[2]).value());
    EXPECT_TRUE(killed.signalled);
    EXPECT_EQ(killed.value, 9);
    EXPECT_FALSE(killed.over_memory);
    EXPECT_EQ(std::get<Exited>(decode_from_monitor(from_monitor()[3]).value()).value, -1);
    EXPECT_TRUE(std::get<Exited>(decode_from_monitor(from_monitor()[3]).value()).over_memory);
}

TEST(SpawnMessages, CarryALogonAndItsEnd) {
    const auto asked = decode_to_monitor(encode(ToMonitor(logon())));
    ASSERT_TRUE(asked.has_value());
    const auto& request = std::get<LogonRequest>(*asked);
    EXPECT_EQ(request.token, 9U);
    EXPECT_EQ(request.user, "alice");
    EXPECT_EQ(request.address, "10.0.0.5");
    EXPECT_TRUE(request.password->same_as(*logon().password));
    const auto let_in = std::get<LogonEnded>(decode_from_monitor(from_monitor()[4]).value());
    EXPECT_EQ(let_in.what, LogonEnded::What::let_in);
    EXPECT_EQ(let_in.unix_user, "alice");
    const auto expired = std::get<LogonEnded>(decode_from_monitor(from_monitor()[5]).value());
    EXPECT_EQ(expired.what, LogonEnded::What::expired);
    EXPECT_EQ(expired.detail, "pam_acct_mgmt: it is over");
}

TEST(SpawnMessages, LetInSomebodyOrNobody) {
    const auto decoded = [](LogonEnded::What what, std::string user) {
        return decode_from_monitor(encode(FromMonitor(LogonEnded{1, what, std::move(user), {}}))).has_value();
    };
    EXPECT_TRUE(decoded(LogonEnded::What::let_in, "alice"));
    EXPECT_FALSE(decoded(LogonEnded::What::let_in, ""));
    EXPECT_FALSE(decoded(LogonEnded::What::refused, "alice"));
    EXPECT_FALSE(decoded(LogonEnded::What::busy, "alice"));
    EXPECT_FALSE(decoded(static_cast<LogonEnded::What>(0), ""));
    EXPECT_FALSE(decoded(static_cast<LogonEnded::What>(7), ""));
}

TEST(SpawnMessages, RefuseNamesAndPasswordsThatNoLinuxUserHas) {
    const auto refused = [](const LogonRequest& request) {
        EXPECT_FALSE(decode_to_monitor(encode(ToMonitor(request))).has_value());
        const auto checked = check(request);
        return !checked.ok() && checked.error().id == ErrorId::auth_rejected;
    };
    EXPECT_TRUE(check(logon(std::string(logon_name_bytes, 'a'))).ok());
    EXPECT_TRUE(refused(logon(std::string(logon_name_bytes + 1, 'a'))));
    for (const char* name : {"", "-rf", "a/b", "a\nb", "a\x7F"}) EXPECT_TRUE(refused(logon(name))) << name;
    EXPECT_TRUE(refused(logon(std::string("a\0b", 3))));
    EXPECT_TRUE(check(logon("alice", std::string(logon_password_bytes, 'p'))).ok());
    EXPECT_TRUE(refused(logon("alice", std::string(logon_password_bytes + 1, 'p'))));
    EXPECT_TRUE(refused(logon("alice", "")));
    EXPECT_TRUE(refused(logon("alice", std::string_view("p\0w", 3))));
    LogonRequest far = logon();
    far.address = std::string(65, '1');
    EXPECT_TRUE(refused(far));
    far = logon();
    far.password.reset();
    EXPECT_TRUE(refused(far));
}

TEST(SpawnMessages, RefuseEveryTruncationAndAnyByteMore) {
    for (const std::string& whole : to_monitor()) {
        for (std::size_t size = 0; size < whole.size(); ++size) {
            EXPECT_FALSE(decode_to_monitor(std::string_view(whole).substr(0, size)))
                << size << " of " << whole.size();
        }
        EXPECT_FALSE(decode_to_monitor(whole + '\0'));
    }
    for (const std::string& whole : from_monitor()) {
        for (std::size_t size = 0; size < whole.size(); ++size) {
            EXPECT_FALSE(decode_from_monitor(std::string_view(whole).substr(0, size)));
        }
        EXPECT_FALSE(decode_from_monitor(whole + 'x'));
    }
}

// CVE-2021-38645: one handler for both directions let a client forge the server's answer.
TEST(SpawnMessages, OfOneDirectionMeanNothingInTheOther) {
    for (const std::string& whole : to_monitor()) EXPECT_FALSE(decode_from_monitor(whole));
    for (const std::string& whole : from_monitor()) EXPECT_FALSE(decode_to_monitor(whole));
}

TEST(SpawnMessages, RefuseWhatBreaksTheRules) {
    const auto refused = [](auto change, ErrorId id) {
        SpawnRequest broken = request();
        change(broken);
        const auto result = check(broken);
        EXPECT_FALSE(decode_to_monitor(encode(ToMonitor(broken))).has_value());
        ASSERT_FALSE(result.ok());
        EXPECT_EQ(result.error().id, id) << result.error().message();
    };
    refused([](auto& r) { r.argv.clear(); }, ErrorId::spawn_failed);
    refused([](auto& r) { r.argv[0].clear(); }, ErrorId::spawn_failed);
    refused([](auto& r) { r.argv[0] = "bin/sh"; }, ErrorId::spawn_failed);
    refused([](auto& r) { r.argv[0] = "./sh"; }, ErrorId::spawn_failed);
    refused([](auto& r) { r.argv[2].push_back('\0'); }, ErrorId::spawn_failed);
    for (const char* name : {"..", "A/B", "a", "A B", "\n"})
        refused([&](auto& r) { r.shell = name; }, ErrorId::spawn_failed);
    refused([](auto& r) { r.shell.assign(spawn_shell_name + 1, 'A'); }, ErrorId::spawn_failed);
    refused([](auto& r) { r.shell.clear(); }, ErrorId::spawn_failed);  // Whose limit is it?
    refused([](auto& r) { r.unix_user.clear(); }, ErrorId::spawn_failed);
    refused([](auto& r) { r.unix_user = std::string("root\0x", 6); }, ErrorId::spawn_failed);
    refused([](auto& r) { r.environment.emplace_back("", "x"); }, ErrorId::spawn_failed);
    refused([](auto& r) { r.environment.emplace_back("A=B", "x"); }, ErrorId::spawn_failed);
    refused([](auto& r) { r.environment.emplace_back("A", std::string(1, '\0')); }, ErrorId::spawn_failed);
    refused([](auto& r) { r.working_directory = std::string("/\0", 2); }, ErrorId::spawn_failed);
    refused([](auto& r) { r.address = std::string(65, '1'); }, ErrorId::spawn_failed);
    refused([](auto& r) { r.address = std::string("1\0", 2); }, ErrorId::spawn_failed);
    refused([](auto& r) { r.argv.resize(spawn_argument_limit + 1); }, ErrorId::spawn_too_large);
    refused([](auto& r) { r.argv[2].assign(spawn_argument_bytes + 1, 'x'); }, ErrorId::spawn_too_large);
    refused(
        [](auto& r) {
            r.environment.resize(spawn_environment_limit + 1, {"A", "1"});
        },
        ErrorId::spawn_too_large);
    refused([](auto& r) { r.argv[1].assign(100'000, 'x'), r.argv[2].assign(100'000, 'x'); },
            ErrorId::spawn_too_large);
}

TEST(SpawnMessages, TakeAWordOfTheKernelsLimit) {
    SpawnRequest large = request();
    large.argv[2].assign(spawn_argument_bytes, 'x');
    EXPECT_TRUE(check(large).ok());
    EXPECT_TRUE(decode_to_monitor(encode(ToMonitor(large))).has_value());
}

TEST(SpawnMessages, TakeABareName) {
    SpawnRequest bare = request();
    bare.argv[0] = "sh";
    EXPECT_TRUE(check(bare).ok());
    EXPECT_TRUE(decode_to_monitor(encode(ToMonitor(bare))).has_value());
}

TEST(SpawnMessages, RefuseAnUnknownSignal) {
    std::string bytes = to_monitor()[2];
    for (const char what : {'\0', '\4', '\xFF'}) {
        bytes.back() = what;
        EXPECT_FALSE(decode_to_monitor(bytes));
    }
}

}  // namespace
}  // namespace mullion::os
