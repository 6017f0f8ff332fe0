// Counters that mean something between two looks: what is kept of a look, and how far counters went since.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "checks/ask.h"
#include "checks/formula.h"
#include "checks/mode.h"
#include "checks/rows.h"
#include "checks/samples.h"

namespace mullion::checks {

// When the host was started and of which version it is: whether counters began again, and how wide they are.
// Asked beside the counters; Centreon does not ask.
[[nodiscard]] Ask boot_question();

// Why there is no rate, as an answer: UNKNOWN.
enum class NoRate : std::uint8_t { none, still, clock_was_set };
void say_no_rate(NoRate why, std::string_view class_name, Report& report);

class TwoLooks {
public:
    // `boot`: the answer to boot_question(), or nothing. Errors: wsman.malformed.
    [[nodiscard]] static Result<TwoLooks> of(const Setting& setting, Samples& samples, const Answer* boot);

    // Keeps the number for the next look.
    void keep(const std::string& instance, std::string_view property, std::uint64_t number);
    // What it was at the last look. Nothing: it was not there.
    [[nodiscard]] std::optional<std::uint64_t> before(const std::string& instance,
                                                      std::string_view property) const;
    // How far it went. Nothing: not there at the last look, or it began again.
    [[nodiscard]] std::optional<std::uint64_t> advanced(const std::string& instance,
                                                        std::string_view property, std::uint64_t now,
                                                        unsigned bits = 64) const;
    // Whether the host's clock went on as this machine's did, with room for slow answers. One that was set in
    // between makes every rate wrong, and no one sees it. `now` in ticks of the host's time of day.
    [[nodiscard]] bool clock_was_set(const std::string& instance, std::string_view property,
                                     std::uint64_t now, std::uint64_t ticks_a_second = 10'000'000) const;
    // Of Win32_PerfRawData_Tcpip_NetworkInterface and its like: 32 bits up to Windows Server 2008 R2.
    [[nodiscard]] unsigned counter_bits() const { return counter_bits_; }
    [[nodiscard]] const Going& going() const { return going_; }

private:
    explicit TwoLooks(Samples& samples) : samples_(&samples) {}
    [[nodiscard]] Result<void> read_boot(const Row& row);

    Samples* samples_;
    Going going_;
    unsigned counter_bits_ = 64;
};

}  // namespace mullion::checks
