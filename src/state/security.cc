#include "state/security.h"

#include <algorithm>

#include <fmt/core.h>

#include "core/nearest.h"
#include "http/message.h"
#include "rights/sddl.h"
#include "state/groups.h"

namespace mullion::state {
namespace {

constexpr std::size_t most_entries = 1'000;
constexpr std::size_t most_rules = 256;
constexpr std::size_t longest_uri = 2'048;
constexpr std::size_t longest_group = 256;

Error invalid(std::string what) {
    return {ErrorId::config_invalid, std::move(what)};
}

Error at_line(unsigned line, std::string_view what) {
    return invalid(fmt::format("line {}: {}", line, what));
}

Result<void> read_key(SecurityEntry& security, const yaml::Node::Entry& entry) {
    const auto is = [&](std::string_view name) { return http::same_without_case(entry.key, name); };
    if (entry.value.kind != yaml::Node::Kind::scalar)
        return at_line(entry.line, fmt::format("{} takes one value", entry.key));
    const std::string& value = entry.value.scalar;
    if (is("Uri")) {
        security.uri = value;
    } else if (is("Sddl")) {
        const auto read = read_descriptor(value);
        if (!read.ok()) return at_line(entry.line, "Sddl: " + read.error().detail);
        security.sddl = value;
    } else if (is("ExactMatch")) {
        security.exact = http::same_without_case(value, "true");
        if (!security.exact && !http::same_without_case(value, "false"))
            return at_line(entry.line, "ExactMatch is true or false");
    } else {
        const auto near = nearest(entry.key, {"Uri", "Sddl", "ExactMatch"});
        return at_line(entry.line, fmt::format("{} is not a key of Security{}", entry.key,
                                               near.empty() ? "" : fmt::format("; did you mean {}?", near)));
    }
    return {};
}

}  // namespace

Result<rights::Descriptor> read_descriptor(std::string_view sddl) {
    auto read = rights::parse_sddl(sddl);
    if (const auto* fault = std::get_if<rights::SddlFault>(&read)) return invalid(fault->text());
    return std::get<rights::Descriptor>(std::move(read));
}

Result<void> check_security(const SecurityEntry& entry) {
    const auto is_printed = [](char c) { return c > ' ' && c != '\x7f'; };
    if (entry.uri.empty() || entry.uri.size() > longest_uri ||
        !std::all_of(entry.uri.begin(), entry.uri.end(), is_printed) ||
        entry.uri.find('?') != std::string::npos)
        return invalid("Uri is a resource's, with no blanks and no ?");
    const auto read = read_descriptor(entry.sddl);
    if (!read.ok()) return invalid("Sddl: " + read.error().detail);
    return {};
}

const SecurityEntry* find_security(const std::vector<SecurityEntry>& entries, std::string_view uri) {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const SecurityEntry& one) {
        return http::same_without_case(one.uri, uri);
    });
    return found == entries.end() ? nullptr : &*found;
}

Result<void> put_security(std::vector<SecurityEntry>& entries, SecurityEntry entry) {
    MULLION_TRY(check_security(entry));
    if (const auto* there = find_security(entries, entry.uri)) {
        entries[static_cast<std::size_t>(there - entries.data())] = std::move(entry);
        return {};
    }
    if (entries.size() >= most_entries) return invalid(fmt::format("over {} entries", most_entries));
    entries.push_back(std::move(entry));
    return {};
}

Result<void> read_security(std::vector<SecurityEntry>& entries, const yaml::Node::Entry& entry) {
    if (entry.value.is_null()) return {};
    if (entry.value.kind != yaml::Node::Kind::list) return at_line(entry.line, "Security is a list");
    for (const auto& node : entry.value.list) {
        if (node.kind != yaml::Node::Kind::map)
            return at_line(node.line, "an entry of Security is a map with Uri and Sddl");
        SecurityEntry security;
        for (const auto& key : node.map) MULLION_TRY(read_key(security, key));
        if (security.sddl.empty()) return at_line(node.line, "an entry of Security needs Uri and Sddl");
        if (find_security(entries, security.uri) != nullptr)
            return at_line(node.line, "there is already an entry of that Uri");
        if (auto put = put_security(entries, std::move(security)); !put.ok())
            return at_line(node.line, put.error().detail);
    }
    return {};
}

Result<void> read_group_rules(std::vector<GroupRule>& rules, const yaml::Node::Entry& entry) {
    if (entry.value.is_null()) return {};
    if (entry.value.kind != yaml::Node::Kind::map)
        return at_line(entry.line, "Groups is a map: a group of Linux, and what it means on Windows");
    for (const auto& one : entry.value.map) {
        if (one.value.kind != yaml::Node::Kind::scalar)
            return at_line(one.line, fmt::format("{} takes one group", one.key));
        if (one.key.empty() || one.key.size() > longest_group)
            return at_line(one.line, "the name of a group of Linux is wanted");
        auto name = group_name(one.value.scalar);
        if (!name.ok()) return at_line(one.line, fmt::format("{}: {}", one.key, name.error().detail));
        if (rules.size() >= most_rules) return at_line(one.line, fmt::format("over {} groups", most_rules));
        rules.push_back({one.key, std::move(*name)});
    }
    return {};
}

}  // namespace mullion::state
