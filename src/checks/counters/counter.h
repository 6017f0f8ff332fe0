// Counters, as Centreon's modes have them, by a table: what is counted under which names, and what was read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mullion::checks {

struct Counter {
    std::string label;        // "usage-prct": of the short options, of --filter-counters.
    std::string metric = {};  // "memory.usage.percentage": of the long options. Empty: it has none.
    bool shown = true;        // False: its text is only shown where it alerts, or by --display-ok-counters.
    bool condition = false;   // Its thresholds are conditions over %{variables}.
    std::string fallback_warning = {}, fallback_critical = {}, fallback_unknown = {};
    std::string trouble = {};  // In front of "Buffer creation". Empty: "LABEL : ".
};

struct Block {
    std::string name;        // Of --filter-counters-block.
    bool instances = false;  // One object or many.
    std::vector<Counter> counters = {};
    // Said of many objects when each is well. Nothing: nothing is said.
    std::optional<std::string> all_well = {};
    bool silent_where_missing = false;  // A counter without a value says nothing of itself.
    std::string separator = ", ";
};

// One metric of a counter. Thresholds are printed with it.
struct Metric {
    std::string value;
    std::string unit = {};
    std::string min = {}, max = {};
    std::string name = {};    // Another than the counter's.
    std::string legacy = {};  // Without the new names; empty: the counter's label, dashes as underscores.
    bool whole = false;       // Thresholds are printed as whole numbers,
    std::optional<double> total = {};  // as that part of this total,
    bool thresholds = true;            // or not at all.
};

// What one counter says of one object.
struct Reading {
    enum class Is : std::uint8_t {
        value,
        missing,     // The host did not say it.
        first_look,  // There is nothing yet to compare with.
        off,         // Options of the mode leave it out.
    };
    Is is = Is::value;
    std::optional<double> number = {};  // What thresholds are about. Nothing: they do not hold for it.
    std::string text = {};
    std::vector<Metric> metrics = {};
    std::vector<std::pair<std::string, std::string>> variables = {};  // Of a condition.

    [[nodiscard]] static Reading missing() { return {Is::missing}; }
    [[nodiscard]] static Reading first_look() { return {Is::first_look}; }
    [[nodiscard]] static Reading off() { return {Is::off}; }
};

// An object that is counted: a processor, a volume, the host.
struct Counted {
    std::string instance = {};           // Empty in a block of one.
    std::string prefix = {};             // "CPU '0' "
    std::vector<Reading> readings = {};  // Of each counter of the block, in its order.
    std::string suffix = {};
    std::string named = {};  // Of its metrics, where that is another name than the one it is sorted by.
};

// Objects of one block, by the block's place in the table.
using CountedBlock = std::vector<Counted>;

}  // namespace mullion::checks
