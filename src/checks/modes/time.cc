// How far the host's clock is from this machine's, or from a time server's. Win32_UTCTime.
#include <fmt/format.h>

#include <cmath>

#include "checks/modes/all.h"
#include "checks/modes/counted.h"
#include "checks/nothing.h"
#include "checks/rows.h"
#include "checks/zone.h"
#include "target/option_values.h"
#include "wsman/cim/moment.h"

namespace mullion::checks {
namespace {

std::vector<Block> table() {
    return {{.name = "offset", .counters = {{.label = "offset", .metric = "time.offset.seconds"}}}};
}

class Time final : public CountedMode {
public:
    Time() : CountedMode(table()) {}

private:
    Result<void> read(const Setting& setting) override {
        MULLION_TRY(read_server(setting.words));
        const auto name = setting.words.text("timezone");
        if (name.empty()) return {};
        MULLION_ASSIGN(zone_, Zone::named(name));
        zone_name_ = name;
        return {};
    }

    Result<void> read_server(const Words& words) {
        const auto host = words.text("ntp-hostname");
        if (host.empty()) return {};
        auto name = target::parse_host(host);
        if (!name.ok()) return wrong(fmt::format("--ntp-hostname {}: {}", host, name.error().detail));
        server_.emplace();
        server_->host = std::move(*name);
        const auto port = words.text("ntp-port");
        if (port.empty()) return {};
        const auto number = target::parse_port(port);
        if (!number.ok()) return wrong(fmt::format("--ntp-port {}: {}", port, number.error().detail));
        server_->port = *number;
        return {};
    }

    static Error wrong(std::string text) { return {ErrorId::usage_invalid, std::move(text)}; }

    [[nodiscard]] bool takes_errors() const override { return server_.has_value(); }

    std::vector<Ask> questions(const Setting&) const override {
        std::vector<Ask> asks = {Query{"Select * from Win32_UTCTime"}};
        if (server_) asks.emplace_back(*server_);
        return asks;
    }

    Result<std::vector<CountedBlock>> count(const Setting& setting, std::span<const Answer> answers, Samples&,
                                            Report& report) override {
        if (const auto* error = answers[0].error()) return *error;
        const auto& rows = rows_of(answers[0]);
        if (rows.empty()) {
            say_no_rows(report, "Win32_UTCTime", rights::cim);
            return std::vector<CountedBlock>();
        }
        MULLION_ASSIGN(const auto there, time_of(rows.back()));
        const auto seconds = wsman::cim::unix_microseconds(there).value_or(0) / 1'000'000;
        if (const auto* error = server_ ? answers[1].error() : nullptr) {
            say_refused(setting, report, "Couldn't connect to ntp server: " + reason(*error));
            return std::vector<CountedBlock>();
        }
        const auto offset = server_ ? seconds_from_server(setting, seconds, answers)
                                    : seconds - here(setting, answers[0]).count();
        return std::vector<CountedBlock>{{{.readings = {reading(offset, shown_time(seconds))}}}};
    }

    // The host read its clock while the answer was on its way: half of that ago. Centreon forgets it.
    static std::chrono::seconds here(const Setting& setting, const Answer& answer,
                                     std::chrono::microseconds ahead = {}) {
        using std::chrono::duration_cast, std::chrono::microseconds, std::chrono::seconds;
        auto now = duration_cast<microseconds>(setting.clock.wall().time_since_epoch()) + ahead;
        if (!setting.compat) now -= duration_cast<microseconds>(answer.took) / 2;
        return std::chrono::floor<seconds>(now);
    }

    // What the server's clock said when the host read its own: ours, and how far the server is ahead of that,
    // without the time that the server itself took. Centreon takes the server's answer as it is.
    static std::int64_t seconds_from_server(const Setting& setting, std::int64_t there,
                                            std::span<const Answer> answers) {
        const auto* said = std::get_if<ServerTime>(&answers[1].of);
        const auto time = said == nullptr ? ServerTime() : *said;
        if (setting.compat)
            return (std::chrono::microseconds(std::chrono::seconds(there)) - time.sent) /
                   std::chrono::seconds(1);
        const auto asked = std::chrono::duration_cast<std::chrono::microseconds>(answers[1].took);
        return there - here(setting, answers[0], time.offset - asked).count();
    }

    static std::string reason(const Error& error) {
        if (error.id == ErrorId::net_timeout) return "Timed out waiting for NTP packet";
        return error.detail.empty() ? error.message() : error.detail;
    }

    static Result<wsman::cim::Moment> time_of(const Row& row) {
        wsman::cim::Moment moment;
        MULLION_ASSIGN(const auto year, part(row, "Year", 1970, 9999));
        MULLION_ASSIGN(const auto month, part(row, "Month", 1, 12));
        MULLION_ASSIGN(const auto day, part(row, "Day", 1, 31));
        MULLION_ASSIGN(const auto hour, part(row, "Hour", 0, 23));
        MULLION_ASSIGN(const auto minute, part(row, "Minute", 0, 59));
        MULLION_ASSIGN(const auto second, part(row, "Second", 0, 60));
        moment.year = year;
        moment.month = static_cast<std::uint8_t>(month);
        moment.day = static_cast<std::uint8_t>(day);
        moment.hour = static_cast<std::uint8_t>(hour);
        moment.minute = static_cast<std::uint8_t>(minute);
        moment.second = static_cast<std::uint8_t>(second);
        moment.offset = std::int16_t{0};
        return moment;
    }

    static Result<std::uint16_t> part(const Row& row, std::string_view name, std::uint64_t least,
                                      std::uint64_t most) {
        MULLION_ASSIGN(const auto value, number(row, name));
        if (value < least || value > most)
            return malformed(fmt::format("Win32_UTCTime: {} is {}", name, value));
        return static_cast<std::uint16_t>(value);
    }

    // In the zone that was asked for. Centreon of 2022 took the host's UTC for a time of that zone, and told
    // of an offset of hours.
    [[nodiscard]] std::string shown_time(std::int64_t seconds) const {
        const auto local = seconds + (zone_ ? zone_->offset_at(seconds) : 0);
        const auto there = wsman::cim::moment_of(local * 1'000'000).value_or(wsman::cim::Moment());
        return fmt::format("{:02}-{:02}-{:02}T{:02}:{:02}:{:02} ({})", there.year, there.month, there.day,
                           there.hour, there.minute, there.second, zone_name_);
    }

    static Reading reading(std::int64_t offset, const std::string& there) {
        Reading reading;
        reading.number = static_cast<double>(offset);
        reading.text = fmt::format("Time offset {} second(s): Local Time: {}", offset, there);
        reading.metrics = {{.value = std::to_string(offset), .unit = "s"}};
        return reading;
    }

    std::optional<TimeServer> server_;
    std::optional<Zone> zone_;
    std::string zone_name_ = "UTC";
};

}  // namespace

ModeInfo time_mode() {
    ModeInfo info;
    info.name = "time";
    info.help = "How far the host's clock is from this machine's, or from a time server's.";
    info.options = counter_options(table());
    info.options.push_back({.name = "timezone",
                            .fallback = "UTC",
                            .type_name = "ZONE",
                            .help = "The zone in which the host's time is told, such as Europe/Paris."});
    info.options.push_back({.name = "ntp-hostname",
                            .type_name = "HOST",
                            .help = "A time server (NTP) by whose clock the host's is measured, and not by "
                                    "this machine's."});
    info.options.push_back(
        {.name = "ntp-port", .fallback = "123", .type_name = "PORT", .help = "Of the time server."});
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<Time>(); };
    info.example = "mullion check time HOST --warning-offset -1:1 --critical-offset -2:2";
    return info;
}

}  // namespace mullion::checks
