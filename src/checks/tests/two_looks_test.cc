// cpu and interfaces: two looks a minute apart, as recorded hosts answer.
#include <gtest/gtest.h>

#include "checks/modes/all.h"
#include "checks/tests/played.h"

namespace mullion::checks::tests {
namespace {

constexpr std::string_view booted = "2026-03-01T06:15:02.5Z", booted_later = "2026-03-10T12:00:30Z";
constexpr std::uint64_t first_time = 134176104000000000, second_time = 134176104600000000;

std::string core(std::string_view name, std::uint64_t idle, std::uint64_t time) {
    return "<Name>" + std::string(name) + "</Name><PercentProcessorTime>" + std::to_string(idle) +
           "</PercentProcessorTime><Timestamp_Sys100NS>" + std::to_string(time) + "</Timestamp_Sys100NS>";
}

Answer many(const std::vector<std::string>& texts) {
    return rows(std::vector<std::string_view>(texts.begin(), texts.end()));
}

Answer boot(std::string_view time, std::string_view version = "10.0.20348") {
    return many({"<LastBootUpTime><cim:Datetime xmlns:cim=\"http://schemas.dmtf.org/wbem/wscim/1/common\">" +
                 std::string(time) + "</cim:Datetime></LastBootUpTime><Version>" + std::string(version) +
                 "</Version>"});
}

Played next(const ModeInfo& mode, const Played& before, Stage stage) {
    stage.samples.before = before.samples.now;
    stage.unix_time += 60;
    return play(mode, std::move(stage));
}

const std::vector<std::string> cores = {core("0", 7823406250000, first_time),
                                        core("1", 7851093750000, first_time)};

TEST(Cpu, TheFirstLookHasNothingToCompareWith) {
    const auto played = play(cpu_mode(), {.answers = {many(cores), boot(booted)}});
    EXPECT_EQ(
        played.wql(),
        "select Name,PercentProcessorTime,Timestamp_Sys100NS from Win32_PerfRawData_PerfOS_Processor where "
        "Name != '_Total'");
    EXPECT_EQ(
        played.text,
        "OK: average : Buffer creation \nCPU '0' core : Buffer creation\nCPU '1' core : Buffer creation\n");
    EXPECT_EQ(*played.samples.now.find("0_PercentProcessorTime"), "7823406250000");
    EXPECT_EQ(*played.samples.now.find("1_Timestamp_Sys100NS"), "134176104000000000");
}

TEST(Cpu, OneCoreIsToldBesideTheAverage) {
    EXPECT_EQ(
        play(cpu_mode(), {.answers = {many({cores[0]}), boot(booted)}}).text,
        "OK: average : Buffer creation - CPU '0' core : Buffer creation \nCPU '0' core : Buffer creation\n");
}

TEST(Cpu, IsWhatWasNotIdleBetweenTheLooks) {
    const auto first = play(cpu_mode(), {.answers = {many(cores), boot(booted)}});
    const auto second = next(
        cpu_mode(), first,
        {.words = words_of({{"warning-cpu-utilization-percentage", "0.5"},
                            {"critical-instance-core-cpu-utilization-percentage", "@0:0.2"}}),
         .answers = {many({core("0", 7824004810000, second_time), core("1", 7851393750000, second_time)}),
                     boot(booted)}});
    EXPECT_EQ(second.text,
              "WARNING: CPU(s) average usage is 25.12 % | 'cpu.utilization.percentage'=25.12%;0:0.5;;0;100 "
              "'0#core.cpu.utilization.percentage'=0.24%;;@0:0.2;0;100 "
              "'1#core.cpu.utilization.percentage'=50.00%;;@0:0.2;0;100\n"
              "CPU '0' usage: 0.24 %\nCPU '1' usage: 50.00 %\n");
}

TEST(Cpu, MoreIdleThanTimePassedIsNotBusy) {
    const auto first = play(cpu_mode(), {.answers = {many({cores[0]}), boot(booted)}});
    const auto second =
        next(cpu_mode(), first, {.answers = {many({core("0", 7824007810000, second_time)}), boot(booted)}});
    EXPECT_EQ(second.text,
              "OK: CPU(s) average usage is 0.00 % - CPU '0' usage: 0.00 % | "
              "'cpu.utilization.percentage'=0.00%;;;0;100 "
              "'0#core.cpu.utilization.percentage'=0.00%;;;0;100\nCPU '0' usage: 0.00 %\n");
}

TEST(Cpu, AStartBetweenTheLooksIsAFirstLookAgain) {
    const auto first = play(cpu_mode(), {.answers = {many({core("0", 100, first_time)}), boot(booted)}});
    // More than before, and yet counted from another start.
    const auto second =
        next(cpu_mode(), first, {.answers = {many({core("0", 250000000, second_time)}), boot(booted_later)}});
    EXPECT_EQ(second.report.metrics.size(), 0U) << second.text;
    const auto less = next(cpu_mode(), play(cpu_mode(), {.answers = {many(cores), boot(booted)}}),
                           {.answers = {many({core("0", 900000000, second_time)}), boot(booted)}});
    EXPECT_EQ(less.report.metrics.size(), 0U) << less.text;
}

TEST(Cpu, CountersThatStandStillAreNoAnswer) {
    const auto first = play(cpu_mode(), {.answers = {many(cores), boot(booted)}});
    const auto second = next(cpu_mode(), first, {.answers = {many(cores), boot(booted)}});
    EXPECT_EQ(second.exit_code, 3);
    EXPECT_NE(second.text.find("stand still"), std::string::npos) << second.text;
}

TEST(Cpu, NoCoresAreNotWell) {
    EXPECT_EQ(play(cpu_mode(), {.answers = {rows({}), boot(booted)}}).exit_code, 3);
    const auto compat = play(cpu_mode(), {.answers = {rows({})}, .compat = true});
    EXPECT_EQ(compat.exit_code, 0);
    EXPECT_EQ(compat.rounds[0].size(), 1U);  // Centreon asks nothing of the start.
}

TEST(Cpu, OfAllGroupsSumsAreNoProcessors) {
    const auto words = words_of({{"all-processor-groups", ""}});
    const std::vector<std::string> sums = {core("0,_Total", 7, first_time), core("_Total", 7, first_time)};
    const auto nothing = play(cpu_mode(), {.words = words, .answers = {many(sums), boot(booted)}});
    EXPECT_EQ(nothing.exit_code, 3);
    EXPECT_NE(nothing.text.find("no instance of Win32_PerfRawData_Counters_ProcessorInformation"),
              std::string::npos)
        << nothing.text;
    // Nobody's name ends like that by chance.
    const auto odd = play(
        cpu_mode(), {.words = words, .answers = {many({core("0,x_Total", 7, first_time)}), boot(booted)}});
    EXPECT_EQ(odd.samples.now.values.size(), 2U);
}

TEST(Cpu, OfAllGroupsIsAveragedInCentreonsWayToo) {
    const auto words = words_of({{"all-processor-groups", ""}});
    const auto first =
        play(cpu_mode(), {.words = words, .answers = {many({core("1,0", 100, first_time)})}, .compat = true});
    const auto second =
        next(cpu_mode(), first,
             {.words = words, .answers = {many({core("1,0", 300000100, second_time)})}, .compat = true});
    EXPECT_EQ(second.text,
              "OK: CPU(s) average usage is 50.00 % - CPU '1,0' usage: 50.00 % | "
              "'cpu.utilization.percentage'=50.00%;;;0;100 "
              "'1,0#core.cpu.utilization.percentage'=50.00%;;;0;100\nCPU '1,0' usage: 50.00 %\n");
}

struct Counts {
    std::uint64_t in, out, in_discard, in_error, out_discard, out_error, in_all, out_all, speed, time;
};

std::string adapter(std::string_view name, const Counts& counts) {
    const auto one = [](std::string_view property, std::uint64_t value) {
        return "<" + std::string(property) + ">" + std::to_string(value) + "</" + std::string(property) + ">";
    };
    return one("BytesReceivedPersec", counts.in) + one("BytesSentPersec", counts.out) +
           one("CurrentBandwidth", counts.speed) + one("Frequency_Sys100NS", 10'000'000) + "<Name>" +
           std::string(name) + "</Name>" + one("OutputQueueLength", 0) +
           one("PacketsOutboundDiscarded", counts.out_discard) +
           one("PacketsOutboundErrors", counts.out_error) +
           one("PacketsReceivedDiscarded", counts.in_discard) +
           one("PacketsReceivedErrors", counts.in_error) + one("PacketsReceivedPersec", counts.in_all) +
           one("PacketsSentPersec", counts.out_all) + one("Timestamp_Sys100NS", counts.time);
}

constexpr Counts aws = {7784631, 2497355, 5, 3, 2, 1, 11351, 7746, 1000000000, first_time};
constexpr Counts aws_later = {8534631, 2572355, 10, 3, 3, 1, 12351, 7846, 1000000000, second_time};
constexpr Counts tunnel = {0, 0, 0, 0, 0, 0, 0, 0, 0, first_time};
constexpr Counts tunnel_later = {0, 0, 0, 0, 0, 0, 0, 0, 0, second_time};

Played twice(const Words& words, bool compat = false) {
    std::vector<Answer> before = {many({adapter("AWS", aws)})}, after = {many({adapter("AWS", aws_later)})};
    if (!compat) {
        before.push_back(boot(booted));
        after.push_back(boot(booted));
    }
    const auto first = play(interfaces_mode(), {.words = words, .answers = before, .compat = compat});
    return next(interfaces_mode(), first, {.words = words, .answers = after, .compat = compat});
}

TEST(Interfaces, AskWhatCentreonAsks) {
    const auto played = play(interfaces_mode(), {.answers = {many({adapter("AWS", aws)}), boot(booted)}});
    EXPECT_EQ(
        played.wql(),
        "Select CurrentBandwidth,BytesReceivedPerSec,BytesSentPerSec,Name,Frequency_Sys100NS,"
        "OutputQueueLength,PacketsReceivedErrors,PacketsReceivedPerSec,PacketsSentPerSec,"
        "Timestamp_Sys100NS, PacketsOutboundErrors,PacketsReceivedDiscarded, PacketsOutboundDiscarded from "
        "Win32_PerfRawData_Tcpip_NetworkInterface");
    EXPECT_EQ(played.text.substr(0, played.text.find('\n')),
              "OK: Interface 'AWS' traffic in: Buffer creation, traffic out: Buffer creation ");
}

TEST(Interfaces, TrafficIsBitsASecondAndThresholdsArePartsOfTheSpeed) {
    const auto played = twice(words_of({{"warning-instance-interface-traffic-in-bitspersecond", "0.005"}}));
    EXPECT_EQ(played.text,
              "WARNING: Interface 'AWS' traffic in: 100.00Kb/s (0.01%) | "
              "'AWS#interface.traffic.in.bitspersecond'=100000.00;0:50000;;0;1000000000 "
              "'AWS#interface.traffic.out.bitspersecond'=10000.00;;;0;1000000000\n"
              "Interface 'AWS' traffic in: 100.00Kb/s (0.01%), traffic out: 10.00Kb/s (0.00%)\n");
}

TEST(Interfaces, UnitsOfTraffic) {
    const auto counter = twice(words_of(
        {{"units-traffic", "counter"}, {"warning-instance-interface-traffic-out-bitspersecond", "1"}}));
    EXPECT_EQ(
        counter.text.substr(0, counter.text.find('\n')),
        "WARNING: Interface 'AWS' traffic out: 10.00Kb/s (0.00%) | "
        "'AWS#interface.traffic.in.bits'=68277048b;;;0; 'AWS#interface.traffic.out.bits'=20578840b;0:1;;0;");
    const auto bps = twice(words_of(
        {{"units-traffic", "bps"}, {"critical-instance-interface-traffic-in-bitspersecond", "1Kb"}}));
    EXPECT_EQ(bps.text.substr(0, bps.text.find(" 'AWS#")),
              "CRITICAL: Interface 'AWS' traffic in: 100.00Kb/s (0.01%) |");
    EXPECT_EQ(bps.report.metrics[0].critical, "0:1000");
    const auto percent = words_of(
        {{"units-traffic", "percent"}, {"critical-instance-interface-traffic-in-bitspersecond", "0"}});
    EXPECT_EQ(twice(percent).exit_code, 2);
    EXPECT_EQ(twice(percent, true).exit_code, 0);  // Centreon compares nothing there.
    EXPECT_TRUE(play(interfaces_mode(), {.words = words_of({{"units-traffic", "bits"}})}).error);
}

TEST(Interfaces, LossesAreSharesOfPackets) {
    const auto words = words_of({{"add-errors", ""}});
    EXPECT_EQ(twice(words, true).text,
              "OK: Interface 'AWS' packets in discard: 0.00% (0 on 16), packets in error: 0.00% (0 on 16), "
              "packets out discard: 0.00% (0 on 1), packets out error: 0.00% (0 on 1) | "
              "'AWS#interface.packets.in.discard.percentage'=0.00%;;;0;100 "
              "'AWS#interface.packets.in.error.percentage'=0.00%;;;0;100 "
              "'AWS#interface.packets.out.discard.percentage'=0.00%;;;0;100 "
              "'AWS#interface.packets.out.error.percentage'=0.00%;;;0;100\n"
              "Interface 'AWS' packets in discard: 0.00% (0 on 16), packets in error: 0.00% (0 on 16), "
              "packets out discard: 0.00% (0 on 1), packets out error: 0.00% (0 on 1)\n");
    // 5 of 1000 packets were lost, and less than one a second: that is no 0.
    EXPECT_EQ(twice(words).report.metrics[0].value, "0.50");
    EXPECT_EQ(twice(words).report.metrics[2].value, "1.00");
}

TEST(Interfaces, UnitsOfLosses) {
    auto words = words_of({{"add-errors", ""},
                           {"units-errors", "percent"},
                           {"warning-instance-interface-packets-in-error-count", "0.01"}});
    EXPECT_EQ(twice(words).text.substr(0, 73),
              "WARNING: Interface 'AWS' packets in error: 0.02% (3 on 12351) | 'AWS#inte");
    EXPECT_EQ(twice(words).report.metrics[0].value, "0.08");
    words.set("units-errors", "counter");
    EXPECT_EQ(twice(words).report.metrics[0].name, "interface.packets.in.discard.count");
    EXPECT_EQ(twice(words).report.metrics[0].value, "10");
    EXPECT_EQ(twice(words).report.metrics[0].max, "12351");
    words.set("units-errors", "delta");
    EXPECT_EQ(twice(words).report.metrics[0].value, "0");
    EXPECT_EQ(twice(words).report.metrics[0].max, "16");
}

TEST(Interfaces, WithoutASpeedThereIsNoShare) {
    const auto before = play(interfaces_mode(),
                             {.answers = {many({adapter("t", tunnel), adapter("AWS", aws)}), boot(booted)}});
    const auto played =
        next(interfaces_mode(), before,
             {.words = words_of({{"critical-instance-interface-traffic-in-bitspersecond", "@0:0"}}),
              .answers = {many({adapter("t", tunnel_later), adapter("AWS", aws_later)}), boot(booted)}});
    EXPECT_EQ(played.text.substr(0, played.text.find('|')), "OK: All interfaces are ok ");
    EXPECT_NE(played.text.find("Interface 't' traffic in: 0.00b/s (-), traffic out: 0.00b/s (-)\n"),
              std::string::npos);
    EXPECT_EQ(played.report.metrics[2].max, "");
    const auto speed = twice(words_of({{"speed", "2.5"}}));
    EXPECT_EQ(speed.report.metrics[0].max, "2500000");
    EXPECT_TRUE(play(interfaces_mode(), {.words = words_of({{"speed", "fast"}})}).error);
}

TEST(Interfaces, ACounterOf32BitsGoesRoundAndOneOf64DoesNot) {
    Counts before = tunnel, after = tunnel_later;
    before.in = 4294960000;
    after.in = 7500;
    const auto look = [&](std::string_view version) {
        const auto first =
            play(interfaces_mode(), {.answers = {many({adapter("n", before)}), boot(booted, version)}});
        return next(interfaces_mode(), first,
                    {.answers = {many({adapter("n", after)}), boot(booted, version)}});
    };
    const auto old = look("6.1.7601");
    ASSERT_EQ(old.report.metrics.size(), 2U) << old.text;
    EXPECT_EQ(old.report.metrics[0].value, "1972.00");  // (2^32 - 4294960000 + 7500) * 8 / 60
    EXPECT_EQ(look("5.2.3790").report.metrics.size(), 2U);
    // Of distributions of Linux, under mullion serve.
    for (const auto* version : {"3.20.3", "6.1", "5.15.1", "5", "rolling", "", "6.1.7601.x", "4.19.1234"})
        EXPECT_EQ(look(version).report.metrics.size(), 1U) << version;  // What went out stayed 0.
    EXPECT_EQ(look("10.0.20348").text.substr(0, 57),
              "OK: Interface 'n' traffic in: Buffer creation, traffic ou");
}

TEST(Interfaces, WhatIsNullIsNotWell) {
    auto text = adapter("AWS", aws);
    for (const std::string_view property : {"BytesReceivedPersec", "PacketsOutboundErrors"}) {
        const auto from = text.find("<" + std::string(property) + ">");
        const auto end = "</" + std::string(property) + ">";
        text.replace(from, text.find(end) + end.size() - from,
                     "<" + std::string(property) + " xsi:nil=\"true\"/>");
    }
    const auto look = [&](Words words, bool compat) {
        std::vector<Answer> answers = {many({text, adapter("eth1", aws)})};
        if (!compat) answers.push_back(boot(booted));
        return play(interfaces_mode(), {.words = std::move(words), .answers = answers, .compat = compat});
    };
    EXPECT_EQ(look({}, false).text.substr(0, 51), "UNKNOWN: Interface 'AWS' BytesReceivedPersec: null ");
    EXPECT_EQ(look(words_of({{"add-errors", ""}}), false).text.substr(0, 53),
              "UNKNOWN: Interface 'AWS' PacketsOutboundErrors: null ");
    EXPECT_EQ(look({}, true).exit_code, 0);
}

TEST(Interfaces, NoneIsNotWell) {
    EXPECT_EQ(play(interfaces_mode(), {.words = words_of({{"filter-interface", "x"}}),
                                       .answers = {many({adapter("AWS", aws)}), boot(booted)}})
                  .text,
              "UNKNOWN: No interface found. \n");
    EXPECT_EQ(play(interfaces_mode(), {.words = words_of({{"exclude-interface", "A"}}),
                                       .answers = {many({adapter("AWS", aws)}), boot(booted)}})
                  .exit_code,
              3);
    EXPECT_EQ(play(interfaces_mode(), {.answers = {rows({}), boot(booted)}}).exit_code, 3);
}

}  // namespace
}  // namespace mullion::checks::tests
