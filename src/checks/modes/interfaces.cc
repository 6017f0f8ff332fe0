// What goes through each adapter, and what of it was lost, between two looks.
// Win32_PerfRawData_Tcpip_NetworkInterface (PERF_COUNTER_BULK_COUNT).
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <map>
#include <set>

#include "checks/bytes.h"
#include "checks/conditions/condition.h"
#include "checks/filter.h"
#include "checks/modes/all.h"
#include "checks/modes/counted.h"
#include "checks/modes/link_status.h"
#include "checks/modes/two_looks.h"
#include "checks/nothing.h"

namespace mullion::checks {
namespace {

constexpr std::string_view class_name = "Win32_PerfRawData_Tcpip_NetworkInterface";
constexpr std::string_view clock_time = "Timestamp_Sys100NS", frequency = "Frequency_Sys100NS";

struct Direction {
    std::string_view name, bytes;
};
constexpr std::array<Direction, 2> directions = {{{"in", "BytesReceivedPersec"}, {"out", "BytesSentPersec"}}};

struct Loss {
    std::string_view direction, kind, lost, all;
};
constexpr std::array<Loss, 4> losses = {
    {{"in", "discard", "PacketsReceivedDiscarded", "PacketsReceivedPersec"},
     {"in", "error", "PacketsReceivedErrors", "PacketsReceivedPersec"},
     {"out", "discard", "PacketsOutboundDiscarded", "PacketsSentPersec"},
     {"out", "error", "PacketsOutboundErrors", "PacketsSentPersec"}}};

std::vector<Block> table() {
    Block block{.name = "interfaces",
                .instances = true,
                .all_well = "All interfaces are ok",
                .silent_where_missing = true};
    for (const auto& direction : directions)
        block.counters.push_back({.label = fmt::format("{}-traffic", direction.name),
                                  .metric = fmt::format("interface.traffic.{}.bitspersecond", direction.name),
                                  .trouble = fmt::format("traffic {}: ", direction.name)});
    for (const auto& loss : losses)
        block.counters.push_back(
            {.label = fmt::format("{}-{}", loss.direction, loss.kind),
             .metric = fmt::format("interface.packets.{}.{}.count", loss.direction, loss.kind),
             .trouble = fmt::format("packets {} {}: ", loss.direction, loss.kind)});
    return {std::move(block)};
}

enum class Unit { percent_delta, percent, bits, delta, counter };

struct Plan {
    bool traffic = false, errors = false;
    Unit traffic_unit = Unit::percent_delta, error_unit = Unit::percent_delta;
    bool compat = false;
    std::optional<std::string> speed;  // Bits a second, as they are printed; empty: none is known.
};

// One adapter at this look, and what passed since the last one.
class Adapter {
public:
    Adapter(const Row& row, const Plan& plan, TwoLooks& looks)
        : row_(row), plan_(plan), looks_(looks), name_(shown(row, "Name")) {}

    [[nodiscard]] Result<void> look();
    [[nodiscard]] const std::string& name() const { return name_; }
    // Of the host's own clock.
    [[nodiscard]] NoRate no_rate() const {
        if (seconds_ && *seconds_ == 0) return NoRate::still;
        return clock_was_set_ ? NoRate::clock_was_set : NoRate::none;
    }
    [[nodiscard]] Result<Reading> traffic(const Direction& direction);
    [[nodiscard]] Result<Reading> loss(const Loss& loss);
    // Properties that were to be counted, and are null.
    [[nodiscard]] const std::set<std::string_view>& nulls() const { return nulls_; }

private:
    // The number now; what it is a second since the last look, if there was one.
    struct Rate {
        std::optional<std::uint64_t> now;
        std::optional<double> a_second;  // Whole, as Centreon has it.
        double exact = 0;
    };
    [[nodiscard]] Result<Rate> rate(std::string_view property, double factor = 1);

    const Row& row_;
    const Plan& plan_;
    TwoLooks& looks_;
    std::string name_;
    std::string speed_;
    std::optional<double> seconds_;
    bool clock_was_set_ = false;
    std::set<std::string_view> nulls_;
};

Result<void> Adapter::look() {
    MULLION_ASSIGN(const auto time, number(row_, clock_time));
    MULLION_ASSIGN(const auto ticks, number(row_, frequency));
    if (ticks == 0) return malformed("Win32_PerfRawData_Tcpip_NetworkInterface: Frequency_Sys100NS is 0");
    speed_ = plan_.speed ? *plan_.speed : shown(row_, "CurrentBandwidth");
    if (numeric(speed_) <= 0) speed_.clear();
    looks_.keep(name_, clock_time, time);
    clock_was_set_ = looks_.clock_was_set(name_, clock_time, time, ticks);
    if (const auto passed = looks_.advanced(name_, clock_time, time))
        seconds_ = static_cast<double>(*passed) / static_cast<double>(ticks);
    return {};
}

Result<Adapter::Rate> Adapter::rate(std::string_view property, double factor) {
    Rate rate;
    MULLION_ASSIGN(rate.now, number_or_null(row_, property));
    if (!rate.now) {
        nulls_.insert(property);
        return rate;
    }
    looks_.keep(name_, property, *rate.now);
    const auto passed = looks_.advanced(name_, property, *rate.now, looks_.counter_bits());
    if (!passed || !seconds_ || *seconds_ <= 0) return rate;
    rate.exact = static_cast<double>(*passed) * factor / *seconds_;
    rate.a_second = std::trunc(rate.exact);
    return rate;
}

Result<Reading> Adapter::traffic(const Direction& direction) {
    MULLION_ASSIGN(const auto found, rate(direction.bytes, 8));
    if (!found.now) return Reading::missing();
    if (!found.a_second) return Reading::first_look();
    const double bits = *found.a_second;
    const double speed = numeric(speed_);
    std::optional<double> percent;
    if (speed > 0) percent = bits * 100 / speed;
    Reading reading;
    reading.text = fmt::format("traffic {}: {}/s ({})", direction.name, format_bits(bits),
                               percent ? fixed(*percent) + "%" : "-");
    Metric metric{.value = fixed(bits), .min = "0", .max = speed_};
    if (plan_.traffic_unit == Unit::counter) {
        const double total = static_cast<double>(*found.now) * 8;
        reading.number = total;
        metric = {.value = *found.now <= UINT64_MAX / 8 ? std::to_string(*found.now * 8) : perl_number(total),
                  .unit = "b",
                  .min = "0",
                  .name = fmt::format("interface.traffic.{}.bits", direction.name)};
    } else if (plan_.traffic_unit == Unit::bits) {
        reading.number = bits;
    } else if (percent && plan_.traffic_unit == Unit::percent_delta) {
        reading.number = percent;
        metric.total = speed;
        metric.whole = true;
    } else {
        metric.thresholds = false;
    }
    reading.metrics = {std::move(metric)};
    return reading;
}

Result<Reading> Adapter::loss(const Loss& loss) {
    MULLION_ASSIGN(const auto lost, rate(loss.lost));
    MULLION_ASSIGN(const auto all, rate(loss.all));
    if (!lost.now || !all.now) return Reading::missing();
    if (!lost.a_second || !all.a_second) return Reading::first_look();
    const auto unit = plan_.error_unit;
    const bool since = unit == Unit::percent_delta || unit == Unit::delta;
    const double part = since ? *lost.a_second : static_cast<double>(*lost.now);
    const double total = since ? *all.a_second : static_cast<double>(*all.now);
    // Centreon takes the share of whole packets a second, where a loss now and then is none.
    const bool sharp = since && !plan_.compat;
    const double lost_part = sharp ? lost.exact : part, whole_part = sharp ? all.exact : total;
    const double percent = whole_part > 0 ? lost_part * 100 / whole_part : 0;
    const auto part_text = since ? perl_number(part) : std::to_string(*lost.now);
    const auto total_text = since ? perl_number(total) : std::to_string(*all.now);
    Reading reading;
    reading.text = fmt::format("packets {} {}: {}% ({} on {})", loss.direction, loss.kind, fixed(percent),
                               part_text, total_text);
    const bool shown_as_percent = unit == Unit::percent || unit == Unit::percent_delta;
    reading.number = shown_as_percent ? percent : part;
    if (shown_as_percent)
        reading.metrics = {
            {.value = fixed(percent),
             .unit = "%",
             .min = "0",
             .max = "100",
             .name = fmt::format("interface.packets.{}.{}.percentage", loss.direction, loss.kind)}};
    else
        reading.metrics = {{.value = part_text, .min = "0", .max = total_text}};
    return reading;
}

Result<Unit> read_unit(const Words& words, std::string_view option,
                       std::initializer_list<std::pair<std::string_view, Unit>> known) {
    const auto word = words.text(option);
    if (word.empty() || word == "%") return Unit::percent_delta;
    for (const auto& [name, unit] : known)
        if (name == word) return unit;
    return Error(ErrorId::usage_invalid, fmt::format("Wrong option --{}.", option));
}

// "100", "2.5": megabits a second.
bool is_speed(std::string_view text) {
    constexpr std::string_view digits = "0123456789";
    const auto point = std::min(text.find_first_not_of(digits), text.size());
    if (point == 0) return false;
    if (point == text.size()) return true;
    return text[point] == '.' && point + 1 < text.size() &&
           text.find_first_not_of(digits, point + 1) == std::string_view::npos;
}

class Interfaces final : public CountedMode {
public:
    Interfaces() : CountedMode(table()) {}

private:
    Result<void> read(const Setting& setting) override;
    std::vector<Ask> questions(const Setting& setting) const override;
    Result<std::vector<CountedBlock>> count(const Setting& setting, std::span<const Answer> answers,
                                            Samples& samples, Report& report) override;
    [[nodiscard]] Result<bool> takes(const std::string& name) const;
    [[nodiscard]] Result<void> say_status(const Setting& setting, const Rows& rows, Report& report) const;
    [[nodiscard]] Result<Counted> counted(Adapter& adapter) const;

    Plan plan_;
    Filter filter_, exclude_;
    std::optional<LinkStatus> status_;
};

Result<void> Interfaces::read(const Setting& setting) {
    const auto& words = setting.words;
    plan_.compat = setting.compat;
    plan_.errors = words.has("add-errors");
    const bool only_status = LinkStatus::is_alone(words, counter_options(table()));
    plan_.traffic = words.has("add-traffic") || !(plan_.errors || only_status);
    if (LinkStatus::is_asked_for(words)) {
        MULLION_ASSIGN(status_, LinkStatus::of(words, only_status));
    }
    if (const auto speed = words.get("speed")) {
        if (!speed->empty() && !is_speed(*speed))
            return Error(ErrorId::usage_invalid,
                         fmt::format("Speed must be a positive number '{}' (can be a float also).", *speed));
        plan_.speed = speed->empty() ? std::string() : perl_number(numeric(*speed) * 1'000'000);
    }
    if (plan_.traffic) {
        // Centreon takes "percent" for traffic, and then compares nothing with the thresholds.
        const auto percent = setting.compat ? Unit::percent : Unit::percent_delta;
        MULLION_ASSIGN(plan_.traffic_unit, read_unit(words, "units-traffic",
                                                     {{"percent", percent},
                                                      {"percent_delta", Unit::percent_delta},
                                                      {"bps", Unit::bits},
                                                      {"counter", Unit::counter}}));
    }
    if (plan_.errors) {
        MULLION_ASSIGN(plan_.error_unit, read_unit(words, "units-errors",
                                                   {{"percent", Unit::percent},
                                                    {"percent_delta", Unit::percent_delta},
                                                    {"delta", Unit::delta},
                                                    {"counter", Unit::counter}}));
    }
    MULLION_ASSIGN(filter_, Filter::of(words, "filter-interface"));
    MULLION_ASSIGN(exclude_, Filter::of(words, "exclude-interface"));
    return {};
}

std::vector<Ask> Interfaces::questions(const Setting& setting) const {
    std::vector<Ask> asks;
    if (status_) asks.push_back(LinkStatus::question());
    if (!plan_.traffic && !plan_.errors) return asks;
    asks.emplace_back(
        Query{"Select CurrentBandwidth,BytesReceivedPerSec,BytesSentPerSec,Name,Frequency_Sys100NS,"
              "OutputQueueLength,PacketsReceivedErrors,PacketsReceivedPerSec,PacketsSentPerSec,"
              "Timestamp_Sys100NS, PacketsOutboundErrors,PacketsReceivedDiscarded, PacketsOutboundDiscarded "
              "from Win32_PerfRawData_Tcpip_NetworkInterface"});
    if (!setting.compat) asks.push_back(boot_question());
    return asks;
}

Result<bool> Interfaces::takes(const std::string& name) const {
    MULLION_ASSIGN(const bool taken, filter_.takes(name));
    if (!taken) return false;
    MULLION_ASSIGN(const bool dropped, exclude_.drops(name));
    return !dropped;
}

Result<void> Interfaces::say_status(const Setting& setting, const Rows& rows, Report& report) const {
    const auto taken = [this](const std::string& name) { return takes(name); };
    MULLION_ASSIGN(const bool any, status_->judge(rows, taken, report));
    if (any) return {};
    if (rows.empty())
        say_no_rows(report, "Win32_NetworkAdapter", rights::cim);
    else
        say_refused(setting, report, "No interface with a status found.");
    return {};
}

Result<Counted> Interfaces::counted(Adapter& adapter) const {
    Counted counted{.instance = adapter.name(), .prefix = "Interface '" + adapter.name() + "' "};
    for (const auto& direction : directions) {
        auto reading = Reading::off();
        if (plan_.traffic) {
            MULLION_ASSIGN(reading, adapter.traffic(direction));
        }
        counted.readings.push_back(std::move(reading));
    }
    for (const auto& loss : losses) {
        auto reading = Reading::off();
        if (plan_.errors) {
            MULLION_ASSIGN(reading, adapter.loss(loss));
        }
        counted.readings.push_back(std::move(reading));
    }
    return counted;
}

Result<std::vector<CountedBlock>> Interfaces::count(const Setting& setting, std::span<const Answer> answers,
                                                    Samples& samples, Report& report) {
    if (status_) {
        MULLION_TRY(say_status(setting, rows_of(answers[0]), report));
        answers = answers.subspan(1);
    }
    if (answers.empty()) return std::vector<CountedBlock>();
    const auto& rows = rows_of(answers[0]);
    if (rows.empty() && !setting.compat) {
        say_no_rows(report, class_name, rights::counters);
        return std::vector<CountedBlock>();
    }
    MULLION_ASSIGN(auto looks, TwoLooks::of(setting, samples, answers.size() > 1 ? &answers[1] : nullptr));
    std::map<std::string, Counted> adapters;
    auto why = NoRate::none;
    for (const auto& row : rows) {
        Adapter adapter(row, plan_, looks);
        MULLION_ASSIGN(const bool taken, takes(adapter.name()));
        if (!taken) continue;
        MULLION_TRY(adapter.look());
        why = std::max(why, adapter.no_rate());
        MULLION_ASSIGN(auto one, counted(adapter));
        if (!adapter.nulls().empty() && !setting.compat)
            report.say(Status::unknown,
                       fmt::format("{}{}: null", one.prefix, fmt::join(adapter.nulls(), ", ")));
        adapters.insert_or_assign(adapter.name(), std::move(one));
    }
    std::vector<CountedBlock> blocks(1);
    if (adapters.empty()) say_refused(setting, report, "No interface found.");
    say_no_rate(why, class_name, report);
    if (adapters.empty() || why != NoRate::none) return std::vector<CountedBlock>();
    for (auto& [name, adapter] : adapters) blocks[0].push_back(std::move(adapter));
    return blocks;
}

}  // namespace

ModeInfo interfaces_mode() {
    ModeInfo info;
    info.name = "interfaces";
    info.help = "What goes through each network adapter, since the last look at the host.";
    using Kind = OptionSpec::Kind;
    info.options = counter_options(table());
    const std::vector<OptionSpec> own = {
        {.name = "add-traffic",
         .kind = Kind::flag,
         .help = "Count traffic; also where nothing else is added."},
        {.name = "add-errors", .kind = Kind::flag, .help = "Count packets that were discarded or wrong."},
        {.name = "filter-interface", .type_name = "REGEX", .help = "Only the adapters whose name matches."},
        {.name = "exclude-interface", .type_name = "REGEX", .help = "Without those whose name matches."},
        {.name = "units-traffic",
         .fallback = "percent_delta",
         .type_name = "UNIT",
         .help = "Of thresholds: percent_delta (of the speed), bps or counter."},
        {.name = "units-errors",
         .fallback = "percent_delta",
         .type_name = "UNIT",
         .help =
             "Of thresholds: percent_delta (of the packets since the last look), percent (of all), delta or "
             "counter."},
        {.name = "speed",
         .type_name = "MBITS",
         .help = "The speed of the adapters, where they say a wrong one."}};
    info.options.insert(info.options.end(), own.begin(), own.end());
    const auto status = LinkStatus::options();
    info.options.insert(info.options.end(), status.begin(), status.end());
    info.make = []() -> std::unique_ptr<Mode> { return std::make_unique<Interfaces>(); };
    info.two_samples = true;
    info.example = "mullion check interfaces HOST --critical-in-traffic 90 --exclude-interface isatap";
    return info;
}

}  // namespace mullion::checks
