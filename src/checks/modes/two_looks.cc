#include "checks/modes/two_looks.h"

#include <charconv>
#include <cstdlib>

#include "checks/when.h"

namespace mullion::checks {
namespace {

constexpr std::int64_t filetime_of_1970 = 11'644'473'600'000'000;  // Microseconds since 1601.
// The time of the start is reckoned from the clock, and goes with it where that is set a little.
constexpr std::uint64_t same_start = 10ULL * 10'000'000;

std::string key(const std::string& instance, std::string_view property) {
    return instance + "_" + std::string(property);
}

// "6.1.7601": older than 6.2, which is Windows Server 2012.
bool before_2012(std::string_view version) {
    unsigned major = 0, minor = 0;
    const auto* const end = version.data() + version.size();
    const auto read = std::from_chars(version.data(), end, major);
    if (read.ec != std::errc() || read.ptr == end || *read.ptr != '.') return false;
    if (std::from_chars(read.ptr + 1, end, minor).ec != std::errc()) return false;
    return major < 6 || (major == 6 && minor < 2);
}

}  // namespace

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

std::optional<std::uint64_t> TwoLooks::advanced(const std::string& instance, std::string_view property,
                                                std::uint64_t now, unsigned bits) const {
    const auto was = before(instance, property);
    if (!was) return {};
    return advance(*was, now, bits, going_);
}

}  // namespace mullion::checks
