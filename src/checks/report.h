// What a check has to say: texts by severity, long output, metrics. checks/output prints it as Centreon does.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checks/status.h"

namespace mullion::checks {

// One metric. Numbers are text as they will be printed, since their form is part of what scripts read:
// 'instance~instance#name'=value unit;warning;critical;min;max.
struct Perfdatum {
    std::string name;  // "storage.space.usage.bytes"
    std::string
        legacy;  // The name without the new naming ("sessions_created"); empty: the mode has only the new.
    std::vector<std::string> instances = {};
    std::string value;
    std::string unit = {};
    std::string warning = {}, critical = {};  // Ranges as Range::print() has them; empty: none.
    std::string min = {}, max = {};
};

// One thing found by a list mode (--disco-show): attributes in the order in which --disco-format names them.
using Discovered = std::vector<std::pair<std::string, std::string>>;

struct Report {
    struct Text {
        Status status;
        std::string text;
    };
    std::vector<Text> texts = {};         // In order; those of one status are joined with " - ".
    std::vector<std::string> lines = {};  // Long output.
    struct DebugLine {
        std::size_t in_front_of;  // Of this line.
        std::string text;
    };
    std::vector<DebugLine> debug_lines = {};  // For --debug and --debug-stream alone.
    std::vector<Perfdatum> metrics = {};
    std::vector<std::string> attributes = {};  // Of a list mode.
    std::vector<Discovered> found = {};
    bool labelled = true;  // False: the first line has no status word, as list modes print it.

    void say(Status status, std::string text) { texts.push_back({status, std::move(text)}); }
    void line(std::string text) { lines.push_back(std::move(text)); }
    void debug(std::string text) { debug_lines.push_back({lines.size(), std::move(text)}); }
    void add(Perfdatum datum) { metrics.push_back(std::move(datum)); }
    [[nodiscard]] Status status() const;  // The worst of all texts.
};

}  // namespace mullion::checks
