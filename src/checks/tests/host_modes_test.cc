// uptime and time.
#include <gtest/gtest.h>

#include "checks/modes/all.h"
#include "checks/tests/played.h"

namespace mullion::checks::tests {
namespace {

const std::vector<std::string_view> started = {
    "<Frequency_Sys100NS>10000000</Frequency_Sys100NS><SystemUpTime>134168121025000000</SystemUpTime>"
    "<Timestamp_Object>134176104031234567</Timestamp_Object>"};

TEST(Uptime, IsToldInDaysAndCountedInTheUnit) {
    const auto played = play(uptime_mode(), {.answers = {rows(started)}});
    EXPECT_EQ(played.wql(),
              "Select Frequency_Sys100NS,SystemUpTime,Timestamp_Object from Win32_PerfRawData_PerfOS_System");
    EXPECT_EQ(played.text, "OK: System uptime is: 9d 5h 45m | 'system.uptime.seconds'=798300s;;;0;\n");
    EXPECT_EQ(play(uptime_mode(),
                   {.words = words_of({{"unit", "d"}, {"warning-uptime", "5"}}), .answers = {rows(started)}})
                  .text,
              "WARNING: System uptime is: 9d 5h 45m | 'system.uptime.days'=9d;0:5;;0;\n");
}

TEST(Uptime, WithoutItsNumbersSaysSo) {
    EXPECT_EQ(play(uptime_mode(), {.answers = {rows({"<SystemUpTime>1</SystemUpTime>"})}}).text,
              "UNKNOWN: Some informations missing. \n");
    const auto none = play(uptime_mode(), {.answers = {rows({})}});
    EXPECT_EQ(none.exit_code, 3);
    EXPECT_NE(none.text.find("Performance Monitor Users"), std::string::npos) << none.text;
}

TEST(Uptime, AnotherUnitIsRefusedWhereCentreonTakesItForSeconds) {
    const auto words = words_of({{"unit", "y"}});
    EXPECT_TRUE(play(uptime_mode(), {.words = words, .answers = {rows(started)}}).error);
    EXPECT_EQ(play(uptime_mode(), {.words = words, .answers = {rows(started)}, .compat = true}).text,
              "OK: System uptime is: 9d 5h 45m | 'system.uptime.seconds'=798300s;;;0;\n");
}

Answer clock_of(std::string_view second) {
    return rows(
        {"<Day>10</Day><DayOfWeek>2</DayOfWeek><Hour>12</Hour><Milliseconds xsi:nil=\"true\"/>"
         "<Minute>0</Minute><Month>3</Month><Quarter>1</Quarter><Second>" +
         std::string(second) + "</Second><WeekInMonth>2</WeekInMonth><Year>2026</Year>"});
}

TEST(Time, IsHowFarTheHostIsAhead) {
    const auto played = play(time_mode(), {.words = words_of({{"warning-time-offset-seconds", "-1:1"}}),
                                           .answers = {clock_of("3")}});
    EXPECT_EQ(played.wql(), "Select * from Win32_UTCTime");
    EXPECT_EQ(played.text,
              "WARNING: Time offset 3 second(s): Local Time: 2026-03-10T12:00:03 (UTC) | "
              "'time.offset.seconds'=3s;-1:1;;;\n");
    EXPECT_EQ(play(time_mode(), {.answers = {clock_of("3")}, .unix_time = 1773144010}).text,
              "OK: Time offset -7 second(s): Local Time: 2026-03-10T12:00:03 (UTC) | "
              "'time.offset.seconds'=-7s;;;;\n");
}

TEST(Time, TheAnswersWayIsNoOffset) {
    auto answer = clock_of("0");
    answer.took = std::chrono::seconds(20);
    EXPECT_EQ(play(time_mode(), {.answers = {answer}, .unix_time = 1773144010}).report.metrics[0].value, "0");
    EXPECT_EQ(play(time_mode(), {.answers = {answer}, .compat = true, .unix_time = 1773144010})
                  .report.metrics[0]
                  .value,
              "-10");
}

TEST(Time, IsToldInTheZoneThatIsAskedFor) {
    const auto played =
        play(time_mode(), {.words = words_of({{"timezone", ":Europe/Paris"}}), .answers = {clock_of("3")}});
    if (played.error) GTEST_SKIP() << "no tz database: " << played.error->detail;
    EXPECT_EQ(played.report.texts[0].text,
              "Time offset 3 second(s): Local Time: 2026-03-10T13:00:03 (:Europe/Paris)");
    EXPECT_TRUE(play(time_mode(), {.words = words_of({{"timezone", "Nowhere/At_All"}})}).error);
}

// A time server that is so far ahead of this machine; it sent its answer at the time of the stage.
Answer server_ahead(std::chrono::milliseconds offset) {
    const auto sent = std::chrono::seconds(1773144000) + offset;
    return {ServerTime{.sent = sent, .offset = offset}};
}

std::string offset_by(std::vector<Answer> answers, bool compat = false, std::int64_t unix_time = 1773144000) {
    const auto played = play(time_mode(), {.words = words_of({{"ntp-hostname", "ntp.example"}}),
                                           .answers = std::move(answers),
                                           .compat = compat,
                                           .unix_time = unix_time});
    return played.report.metrics.empty() ? played.text : played.report.metrics[0].value;
}

TEST(Time, IsHowFarTheHostIsAheadOfATimeServer) {
    const auto played =
        play(time_mode(), {.words = words_of({{"ntp-hostname", "ntp.example"}, {"ntp-port", "1123"}}),
                           .answers = {clock_of("3"), server_ahead(std::chrono::seconds(-10))}});
    EXPECT_EQ(played.text,
              "OK: Time offset 13 second(s): Local Time: 2026-03-10T12:00:03 (UTC) | "
              "'time.offset.seconds'=13s;;;;\n");
    const auto* server = std::get_if<TimeServer>(&played.rounds.at(0).at(1));
    ASSERT_NE(server, nullptr);
    EXPECT_EQ(server->host, "ntp.example");
    EXPECT_EQ(server->port, 1123);
}

TEST(Time, WhatTheServerTookIsNoOffset) {
    auto server = server_ahead(std::chrono::seconds(0));
    server.took = std::chrono::seconds(5);
    EXPECT_EQ(offset_by({clock_of("0"), server}, false, 1773144005), "0");
    // Centreon compares with what the server said, as it is, and cuts off at the point.
    EXPECT_EQ(offset_by({clock_of("3"), server_ahead(std::chrono::milliseconds(500))}, true), "2");
    EXPECT_EQ(offset_by({clock_of("3"), server_ahead(std::chrono::milliseconds(3500))}, true), "0");
}

TEST(Time, AServerThatDoesNotAnswerIsNamed) {
    const std::string front = "UNKNOWN: Couldn't connect to ntp server: ";
    EXPECT_EQ(offset_by({clock_of("3"), failed(Error(ErrorId::net_timeout, "10.0.0.1 port 123: no answer"))}),
              front + "Timed out waiting for NTP packet \n");
    EXPECT_EQ(offset_by({clock_of("3"), failed(Error(ErrorId::net_refused, "10.0.0.1 port 123: refused"))}),
              front + "10.0.0.1 port 123: refused \n");
    const auto host = play(time_mode(), {.words = words_of({{"ntp-hostname", "ntp.example"}}),
                                         .answers = {failed(Error(ErrorId::wsman_access_denied, "no")),
                                                     server_ahead(std::chrono::seconds(0))}});
    ASSERT_TRUE(host.error);
    EXPECT_EQ(host.error->id, ErrorId::wsman_access_denied);
}

TEST(Time, WhatIsNoServerIsRefused) {
    EXPECT_TRUE(play(time_mode(), {.words = words_of({{"ntp-hostname", "a b"}})}).error);
    EXPECT_TRUE(play(time_mode(), {.words = words_of({{"ntp-hostname", "a"}, {"ntp-port", "0"}})}).error);
    EXPECT_TRUE(play(time_mode(), {.words = words_of({{"ntp-hostname", "a"}, {"ntp-port", "x"}})}).error);
}

TEST(Time, ATimeThatIsNoneIsMalformed) {
    EXPECT_TRUE(play(time_mode(), {.answers = {clock_of("61")}}).error);
    EXPECT_TRUE(play(time_mode(), {.answers = {rows({"<Year>2026</Year>"})}}).error);
    EXPECT_EQ(play(time_mode(), {.answers = {rows({})}}).exit_code, 3);
}

}  // namespace
}  // namespace mullion::checks::tests
