// What a check is: questions to a host, and what the answers mean. Modes do no I/O, so that each is tested
// with the answers of real hosts. One file per mode in checks/modes; checks/modes.cc lists them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/ask.h"
#include "checks/options.h"
#include "checks/report.h"
#include "checks/samples.h"
#include "core/clock.h"
#include "core/result.h"

namespace mullion::checks {

// What a mode may know beside the answers.
struct Setting {
    const Words& words;  // Options of the mode, and those of all modes (--filter-counters …).
    std::string host;    // As the user named it.
    std::uint16_t port = 0;
    const Clock& clock;
    bool compat = false;  // --centreon-compat: also where Centreon is wrong.
};

class Mode {
public:
    virtual ~Mode() = default;

    // The options are read and refused before anything is sent. Errors: usage.invalid, in Centreon's words.
    [[nodiscard]] virtual Result<void> prepare(const Setting& setting) = 0;

    // What to ask next, when `so_far` (in the order of the questions) has been answered. Empty: nothing more.
    [[nodiscard]] virtual std::vector<Ask> ask(const Setting& setting, std::span<const Answer> so_far) = 0;

    // Errors: usage.invalid for a regular expression without end; wsman.malformed for an answer without what
    // was asked for. Never called with an answer that is an error, but where takes_errors() says so.
    [[nodiscard]] virtual Result<void> judge(const Setting& setting, std::span<const Answer> answers,
                                             Samples& samples, Report& report) = 0;

    [[nodiscard]] virtual bool takes_errors() const { return false; }
};

struct ModeInfo {
    std::string_view name;  // "cpu"
    std::string_view help;
    std::vector<OptionSpec> options;  // Its own; thresholds of its counters among them.
    std::function<std::unique_ptr<Mode>()> make = {};
    bool two_samples = false;  // Reads and writes a Sample.
    // Its metrics have the new names only (Centreon's force_new_perfdata).
    bool new_names = true;
    std::string_view example = {};
    std::string series = {};  // What else tells its last values from those of others.
};

[[nodiscard]] const std::vector<ModeInfo>& modes();
[[nodiscard]] const ModeInfo* find_mode(std::string_view name);

}  // namespace mullion::checks
