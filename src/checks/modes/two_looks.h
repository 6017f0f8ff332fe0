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
