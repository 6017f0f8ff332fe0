// A TARGET without an inventory: hosts and URLs with commas between.
#include <fmt/core.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "cli/hosts.h"

namespace mullion::cli {
namespace {

// Only texts are kept: a target is made of one again when its turn comes, which costs a microsecond.
struct Entry {
    std::string text;
    bool whole = false;  // Another one has the same host and port: named by its URL.
};

class HostList final : public Hosts {
public:
    HostList(target::Target options, std::vector<Entry> entries)
        : options_(std::move(options)), entries_(std::move(entries)) {}

    std::size_t count() const override { return entries_.size(); }
    std::string name(std::size_t host) const override {
        auto target = read(host);
        return target.ok() ? std::move(target->name) : std::string();  // It was read before.
    }
    Result<inventory::Plan> plan(std::size_t host) override {
        MULLION_ASSIGN(auto target, read(host));
        return inventory::Plan(inventory::Reach{std::move(target), std::nullopt});
    }

private:
    [[nodiscard]] Result<target::Target> read(std::size_t host) const {
        const auto& entry = entries_[host];
        MULLION_ASSIGN(auto target, target::parse_target(entry.text, options_));
        if (entry.whole) target.name = target.url();
        return target;
    }

    target::Target options_;
    std::vector<Entry> entries_;
};

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    for (;;) {
        const auto comma = text.find(',');
        auto part = text.substr(0, comma);
        while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
        while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
        if (!part.empty()) parts.emplace_back(part);  // "web01," is a habit from Ansible.
        if (comma == std::string_view::npos) return parts;
        text.remove_prefix(comma + 1);
    }
}

// Without an inventory a variable can only be one that says how a host is reached.
Result<void> set_variable(target::Target& options, const std::string& text) {
    const auto equals = text.find('=');
    const auto name = text.substr(0, equals);
    const auto* const row = target::row_of_variable(name);
    if (equals == std::string::npos || row == nullptr)
        return Error(
            ErrorId::usage_invalid,
            fmt::format("-e {}: without an inventory only KEY=VALUE of the connection's variables has "
                        "a meaning (docs/options.md)",
                        name));
    auto done = row->set(options, std::string_view(text).substr(equals + 1));
    if (done.ok()) return {};
    return Error(done.error().id, fmt::format("-e {}: {}", name, done.error().detail));
}

Error not_a_host(const Result<target::Target>& target) {
    return target.ok() ? Error(ErrorId::usage_target, "all is a pattern, not a host") : target.error();
}

Error with_advice(Error error, const std::string& text) {
    constexpr std::string_view pattern_letters = "*?!&~[";
    if (text == "all" || text.find_first_of(pattern_letters) != std::string::npos)
        error.advice.emplace_back("A host pattern needs an inventory: give it with -i PATH.");
    return error;
}

}  // namespace

Result<std::unique_ptr<Hosts>> make_host_list(std::string_view text, const target::GivenOptions& given,
                                              const InventoryOptions& inventory) {
    target::Target options;
    for (const auto& variable : inventory.extra_variables) MULLION_TRY(set_variable(options, variable));
    MULLION_TRY(given.apply_to(options));
    std::vector<Entry> entries;
    std::unordered_set<std::string> seen;
    std::unordered_map<std::string, std::size_t> names;
    for (auto& part : split(text)) {
        auto target = target::parse_target(part, options);
        if (!target.ok() || part == "all") return with_advice(not_a_host(target), part);
        if (!seen.insert(target->user + "\n" + target->url()).second) continue;
        const auto [first, is_new] = names.emplace(std::move(target->name), entries.size());
        if (!is_new) entries[first->second].whole = true;
        entries.push_back({std::move(part), !is_new});
    }
    if (entries.empty()) return Error(ErrorId::usage_target, "it is empty");
    return std::unique_ptr<Hosts>(std::make_unique<HostList>(std::move(options), std::move(entries)));
}

}  // namespace mullion::cli
