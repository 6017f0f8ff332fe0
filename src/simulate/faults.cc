#include "simulate/faults.h"

#include <algorithm>

namespace mullion::simulate {
namespace {

// SplitMix64: the same chances in every run of the same fleet, whatever threads do in between.
std::uint64_t next_random(std::uint64_t& state) {
    state += 0x9E3779B97F4A7C15;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
}

std::uint64_t hash_of(std::string_view text) {  // FNV-1a
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
    return hash;
}

bool is_for(const FaultRule& rule, const HostSpec& host) {
    return rule.hosts.empty() || std::any_of(rule.hosts.begin(), rule.hosts.end(),
                                             [&](const auto& glob) { return glob_matches(glob, host.name); });
}

}  // namespace

Faults::Faults(const Fleet& fleet, const HostSpec& host) {
    std::uint64_t number = 0;
    for (const auto& rule : fleet.faults) {
        ++number;
        if (is_for(rule, host))
            rules_.push_back({&rule, 0, 0, fleet.seed ^ hash_of(host.name) ^ (number << 32)});
    }
}

bool Faults::is_due(Rule& rule) {
    const FaultRule& what = *rule.rule;
    ++rule.seen;
    if (what.times != 0 && rule.done >= what.times) return false;
    if (what.nth != 0 && rule.seen != what.nth) return false;
    if (what.every != 0 && rule.seen % what.every != 0) return false;
    if (what.probability) {
        constexpr double whole = 18446744073709551616.0;  // 2^64
        const double chance = static_cast<double>(next_random(rule.random)) / whole;
        if (chance >= *what.probability) return false;
    }
    ++rule.done;
    return true;
}

const FaultRule* Faults::due(Step step, const Command& command) {
    if (rules_.empty()) return nullptr;
    std::optional<CommandText> text;
    bool asked = false;
    const std::lock_guard lock(mutex_);
    const FaultRule* found = nullptr;
    for (Rule& rule : rules_) {
        if (rule.rule->step != step) continue;
        if (rule.rule->command) {
            if (!asked) text = command();
            asked = true;
            if (!text || !rule.rule->command->of(*text)) continue;
        }
        if (found == nullptr && is_due(rule)) {
            found = rule.rule;
        } else if (found != nullptr) {
            ++rule.seen;
        }
    }
    return found;
}

}  // namespace mullion::simulate
