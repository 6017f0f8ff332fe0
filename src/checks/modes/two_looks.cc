#include "checks/modes/two_looks.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "checks/when.h"

namespace mullion::checks {
namespace {

constexpr std::int64_t filetime_of_1970 = 11'644'473'600'000'000;  // Microseconds since 1601.
// The time of the start is reckoned from the clock, and goes with it where that is set a little.
constexpr std::uint64_t same_start = 10ULL * 10'000'000;

std::string key(const std::string& instance, std::string_view property) {
    return instance + "_" + std::string(property);
}

// "6.1.7601": older than 6.2, which is Windows Server 2012. Under `mullion serve` it is the version of a
// distribution, as "3.20.3" or "6.1", which has no build number of thousands: those count in 64 bits.
bool before_2012(std::string_view version) {
    std::array<unsigned, 3> parts{};
    const auto* at = version.data();
    const auto* const end = at + version.size();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto read = std::from_chars(at, end, parts.at(i));
        const bool last = i + 1 == parts.size();
        if (read.ec != std::errc() || (!last && (read.ptr == end || *read.ptr != '.'))) return false;
        at = last ? read.ptr : read.ptr + 1;
    }
    const auto [major, minor, build] = parts;
    if (at != end || build < 1000) return false;
    return major == 5 || (major == 6 && minor < 2);
}

}  // namespace

void say_no_rate(NoRate why, std::string_view class_name, Report& report) {
    if (why == NoRate::still)
        report.say(
            Status::unknown,
            fmt::format("the counters of {} stand still: the host's time in them is that of the last look",
                        class_name));
    if (why == NoRate::clock_was_set)
        report.say(Status::unknown,
                   fmt::format("the host's clock, or this machine's, was set between the looks: {} cannot be "
                               "compared",
                               class_name));
}

Ask boot_question() {
    return Query{"Select LastBootUpTime,Version from Win32_OperatingSystem"};
}

Result<TwoLooks> TwoLooks::of(const Setting& setting, Samples& samples, const Answer* boot) {
    TwoLooks looks(samples);
    samples.now.at = unix_now(setting.clock);
    looks.going_.from_zero = setting.compat;
    if (boot == nullptr) return looks;
    for (const auto& row : rows_of(*boot)) MULLION_TRY(looks.read_boot(row));
    return looks;
}

Result<void> TwoLooks::read_boot(const Row& row) {
    if (before_2012(shown(row, "Version"))) counter_bits_ = 32;
    if (!text(row, "LastBootUpTime")) return {};
    MULLION_ASSIGN(const auto microseconds, moment(row, "LastBootUpTime"));
    if (microseconds <= -filetime_of_1970) return {};
    const auto started = static_cast<std::uint64_t>(microseconds + filetime_of_1970) * 10;
    samples_->now.boot = started;
    if (!samples_->before || !samples_->before->boot) return {};
    const auto was = *samples_->before->boot;
    going_.began_again = (was > started ? was - started : started - was) > same_start;
    return {};
}

void TwoLooks::keep(const std::string& instance, std::string_view property, std::uint64_t number) {
    samples_->now.values.insert_or_assign(key(instance, property), std::to_string(number));
}

std::optional<std::uint64_t> TwoLooks::before(const std::string& instance, std::string_view property) const {
    if (!samples_->before) return {};
    const auto* const text = samples_->before->find(key(instance, property));
    if (text == nullptr) return {};
    std::uint64_t number = 0;
    const auto read = std::from_chars(text->data(), text->data() + text->size(), number);
    if (read.ec != std::errc() || read.ptr != text->data() + text->size()) return {};
    return number;
}

bool TwoLooks::clock_was_set(const std::string& instance, std::string_view property, std::uint64_t now,
                             std::uint64_t ticks_a_second) const {
    constexpr double room = 10, share = 0.1;  // Seconds; of the time that passed.
    const auto was = before(instance, property);
    if (!was || going_.from_zero || going_.began_again || ticks_a_second == 0) return false;
    if (now < *was) return true;
    const double there = static_cast<double>(now - *was) / static_cast<double>(ticks_a_second);
    const auto here = static_cast<double>(samples_->now.at - samples_->before->at);
    return std::abs(there - here) > room + share * std::abs(here);
}

std::optional<std::uint64_t> TwoLooks::advanced(const std::string& instance, std::string_view property,
                                                std::uint64_t now, unsigned bits) const {
    const auto was = before(instance, property);
    if (!was) return {};
    return advance(*was, now, bits, going_);
}

}  // namespace mullion::checks
