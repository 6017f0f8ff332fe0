// A TARGET without an inventory: hosts and URLs with commas between.
#include <fmt/core.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "cli/hosts.h"
#include "target/credential_rows.h"

namespace mullion::cli {
namespace {

// Only texts are kept: a target is made of one again when its turn comes, which costs a microsecond.
struct Entry {
    std::string text;
    bool whole = false;  // Another one has the same host and port: named by its URL.
};

class HostList final : public Hosts {
public:
    // `options` are the variables with the flags, which win.
    HostList(target::Target variables, target::GivenOptions given, target::Target options,
             std::vector<Entry> entries)
        : variables_(std::move(variables)),
          given_(std::move(given)),
          options_(std::move(options)),
          entries_(std::move(entries)) {}

    std::size_t count() const override { return entries_.size(); }
    std::string name(std::size_t host) const override {
        auto target = read(entries_[host], options_);
        // It was read before.
        return target.ok() ? std::move(target->name) : std::string();
    }
    Result<inventory::Plan> plan(std::size_t host) override {
        const auto& entry = entries_[host];
        if (credential_.empty() || !fill_) {
            MULLION_ASSIGN(auto target, read(entry, options_));
            return inventory::Plan(inventory::Reach{std::move(target), std::nullopt, credential_});
        }
        auto options = variables_;
        MULLION_TRY(fill_(credential_, options));
        const auto filled = options.scheme;
        MULLION_TRY(given_.apply_to(options));
        MULLION_ASSIGN(auto target, read(entry, options));
        if (target.scheme != filled)
            return Error(ErrorId::usage_invalid,
                         fmt::format("{} is {}, and the credential {} is for {}", entry.text,
                                     scheme_text(target.scheme), credential_, scheme_text(filled)));
        return inventory::Plan(inventory::Reach{std::move(target), std::nullopt, credential_});
    }

    Result<void> use_credential(const std::string& credential) override {
        for (const auto& entry : entries_) {
            MULLION_ASSIGN(const auto written, target::parse_target(entry.text, {}));
            if (written.user.empty()) continue;
            return Error(
                ErrorId::usage_invalid,
                fmt::format("{} names a user, which the credential {} decides", entry.text, credential));
        }
        credential_ = credential;
        return {};
    }
    inventory::References references(std::size_t) override { return {credential_, {}}; }
    void fill_credentials(inventory::FillCredential fill) override { fill_ = std::move(fill); }

private:
    static const char* scheme_text(target::Scheme scheme) {
        return scheme == target::Scheme::http ? "http" : "https";
    }
    [[nodiscard]] static Result<target::Target> read(const Entry& entry, const target::Target& options) {
        MULLION_ASSIGN(auto target, target::parse_target(entry.text, options));
        if (entry.whole) target.name = target.url();
        return target;
    }

    target::Target variables_;
    target::GivenOptions given_;
    target::Target options_;
    std::vector<Entry> entries_;
    std::string credential_;
    inventory::FillCredential fill_;
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
Result<void> set_variable(target::Target& options, std::string& credential, const std::string& text) {
    const auto equals = text.find('=');
    const auto name = text.substr(0, equals);
    if (name == target::credential_variable().name && equals != std::string::npos) {
        credential = text.substr(equals + 1);
        return {};
    }
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
    target::Target variables;
    std::string credential;
    for (const auto& variable : inventory.extra_variables)
        MULLION_TRY(set_variable(variables, credential, variable));
    auto options = variables;
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
    auto hosts =
        std::make_unique<HostList>(std::move(variables), given, std::move(options), std::move(entries));
    if (!credential.empty()) MULLION_TRY(hosts->use_credential(credential));
    return std::unique_ptr<Hosts>(std::move(hosts));
}

}  // namespace mullion::cli
