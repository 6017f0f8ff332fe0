#include "cli/tally.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/closing.h"
#include "cli/exit_status.h"
#include "cli/fleet_state.h"

namespace mullion::cli {
namespace {

struct Result {
    Status status;
    std::optional<Error> error;
};

Result good() {
    return {Status::ok, std::nullopt};
}
Result bad_exit() {
    return {Status::failed, std::nullopt};
}
Result skipped() {
    return {Status::skipped, std::nullopt};
}
Result with(ErrorId id) {
    return {row(id).status, Error(id, "")};
}

int status_of(std::initializer_list<Result> results) {
    Tally tally;
    for (const auto& [status, error] : results) tally.add(status, error);
    return tally.exit_status();
}

TEST(ExitStatus, OfOneHostFollowsStatusAndError) {
    EXPECT_EQ(status_of({good()}), 0);
    EXPECT_EQ(status_of({bad_exit()}), 2);
    EXPECT_EQ(status_of({with(ErrorId::run_unknown)}), 4);
    EXPECT_EQ(status_of({with(ErrorId::run_timeout)}), 4);
    EXPECT_EQ(status_of({with(ErrorId::run_input)}), 4);
    EXPECT_EQ(status_of({with(ErrorId::tls_files)}), 5);
    EXPECT_EQ(status_of({with(ErrorId::run_interrupted)}), 130);
}

TEST(ExitStatus, OfSeveralSaysBothKindsOfTrouble) {
    EXPECT_EQ(status_of({good(), good()}), 0);
    EXPECT_EQ(status_of({good(), bad_exit()}), 2);
    EXPECT_EQ(status_of({good(), with(ErrorId::net_refused)}), 4);
    EXPECT_EQ(status_of({bad_exit(), with(ErrorId::net_refused), good()}), 6);
}

TEST(ExitStatus, SkippedIsNoFailure) {
    EXPECT_EQ(status_of({skipped()}), 0);
    EXPECT_EQ(status_of({skipped(), good()}), 0);
    EXPECT_EQ(status_of({skipped(), bad_exit()}), 2);
}

TEST(ExitStatus, AHostWithAWrongVariableIsOneThatWasNotReached) {
    EXPECT_EQ(status_of({good(), with(ErrorId::inventory_variable)}), 4);
    EXPECT_EQ(status_of({bad_exit(), with(ErrorId::auth_credentials)}), 6);
}

TEST(ExitStatus, OnlyUsageErrorsAreWrongUsage) {
    EXPECT_EQ(status_of({with(ErrorId::inventory_variable), with(ErrorId::auth_credentials)}), 5);
    EXPECT_EQ(status_of({with(ErrorId::inventory_become), skipped()}), 5);
}

TEST(ExitStatus, InterruptedWins) {
    EXPECT_EQ(status_of({bad_exit(), with(ErrorId::net_refused), with(ErrorId::run_not_started)}), 130);
    EXPECT_EQ(status_of({good(), with(ErrorId::run_interrupted)}), 130);
}

TEST(Tally, CountsInWordsAndInJson) {
    Tally tally;
    tally.add(Status::ok, std::nullopt);
    tally.add(Status::ok, std::nullopt);
    tally.add(Status::timed_out, Error(ErrorId::run_timeout, ""));
    EXPECT_EQ(tally.text(), "2 ok, 1 timed out");
    EXPECT_EQ(nlohmann::json::parse(tally.json()), nlohmann::json::parse(R"({
        "total":3,"ok":2,"failed":0,"unreachable":0,"refused":0,"timed_out":1,"unknown":0,"skipped":0,"not_started":0})"));
}

TEST(FleetState, SaysWhereItIs) {
    FleetState state(1000);
    const fleet::Prepared work = fleet::Work{};
    for (std::size_t host = 0; host < 5; ++host) state.prepared(host, work);
    EXPECT_EQ(state.progress(), "0/1000 done, 5 running, 0 failed");
    state.ended(1, Status::ok, std::nullopt);
    state.ended(3, Status::failed, std::nullopt);
    state.ended(7, Status::skipped, std::nullopt);
    EXPECT_EQ(state.progress(), "3/1000 done, 3 running, 1 failed");
}

TEST(Closing, SaysAdviceOnceForEachKindOfError) {
    Closing closing;
    Tally tally;
    for (const auto* host : {"web01", "web02"}) {
        Error error(ErrorId::net_refused, "port 5986");
        EXPECT_TRUE(closing.add(host, error));
        tally.add(Status::unreachable, error);
    }
    const auto text = closing.text(tally, Duration(3240));
    EXPECT_EQ(text.find("[net.refused] of 2 hosts: the connection was refused\n  likely:"), 0U) << text;
    EXPECT_EQ(text.find("likely:"), text.rfind("likely:"));
    EXPECT_NE(text.find("\n2 hosts: 2 unreachable in 3.2 s\n"), std::string::npos) << text;
}

TEST(Closing, NamesOnlyAFewThatWereNotStarted) {
    Closing closing;
    Tally tally;
    for (int i = 0; i < 100; ++i) {
        const Error error(ErrorId::run_not_started, "");
        EXPECT_FALSE(closing.add("web" + std::to_string(i), error));
        tally.add(Status::not_started, error);
    }
    EXPECT_EQ(closing.text(tally, Duration(0)),
              "not started: web0, web1, web2, web3, web4, web5, web6, web7, web8, web9 and 90 more\n"
              "100 hosts: 100 not started in 0.0 s\n");
}

}  // namespace
}  // namespace mullion::cli
