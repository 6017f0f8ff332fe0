#include "inventory/patterns.h"

#include <fmt/core.h>

#include "core/nearest.h"
#include "inventory/name_match.h"
#include "inventory/pattern_parts.h"

namespace mullion::inventory {
namespace {

// What a part takes: hosts in order, before its subscript also several times.
struct Found {
    std::vector<HostIndex> hosts;
    bool known = false;  // A group or host has that name.
};

Error unknown(const Model& model, const PatternPart& part) {
    Error error{ErrorId::usage_pattern,
                fmt::format("'{}' matches no host and no group of {} host{}", part.text, model.hosts().size(),
                            model.hosts().size() == 1 ? "" : "s")};
    std::vector<std::string_view> names;
    for (const auto& group : model.groups()) names.emplace_back(group.name);
    for (const auto& host : model.hosts()) names.emplace_back(host.name);
    if (const auto near = nearest(part.expression, names); !near.empty())
        error.detail += fmt::format("; '{}' is there", near);
    if (part.expression == "localhost" || part.expression == "127.0.0.1" || part.expression == "::1")
        error.advice.emplace_back(
            "There is no implicit localhost: WinRM reaches hosts that an inventory lists.");
    return error;
}

// Of a plain word, found by the indexes: a list of ten thousand names is nothing unusual.
Found find_word(const Model& model, const std::string& word) {
    Found found;
    if (const auto group = model.find_group(word)) found = {hosts_of(model, *group), true};
    // A word that is a group is no host as well, unless it has a dot, as Ansible has it.
    if (found.known && word.find('.') == std::string::npos) return found;
    if (const auto host = model.find_host(word)) {
        found.known = true;
        found.hosts.push_back(*host);
    }
    return found;
}

Result<Found> find(const Model& model, const PatternPart& part) {
    if (part.expression.front() != '~' && !is_glob(part.expression)) return find_word(model, part.expression);
    Found found;
    MULLION_ASSIGN(const auto match, NameMatch::parse(part.expression));
    for (GroupIndex group = 0; group < model.groups().size(); ++group) {
        if (!match.matches(model.groups()[group].name)) continue;
        found.known = true;
        const auto hosts = hosts_of(model, group);
        found.hosts.insert(found.hosts.end(), hosts.begin(), hosts.end());
    }
    for (HostIndex host = 0; host < model.hosts().size(); ++host) {
        if (!match.matches(model.hosts()[host].name)) continue;
        found.known = true;
        found.hosts.push_back(host);
    }
    return found;
}

Result<std::vector<HostIndex>> slice(const PatternPart& part, std::vector<HostIndex> hosts) {
    if (!part.subscript || hosts.empty()) return hosts;
    const auto size = static_cast<std::int64_t>(hosts.size());
    const auto& [first, last, to_end] = *part.subscript;
    const auto begin = first < 0 ? first + size : first;
    const auto end = std::min(size, to_end ? size : last.value_or(begin) + 1);
    if (begin < 0 || begin >= end)
        return Error{ErrorId::usage_pattern,
                     fmt::format("'{}': '{}' has {} host{}, and none in that place", part.text,
                                 part.expression, size, size == 1 ? "" : "s")};
    return std::vector<HostIndex>(hosts.begin() + begin, hosts.begin() + end);
}

Result<std::vector<HostIndex>> resolve(const Model& model, const PatternPart& part) {
    if (const auto host = model.find_host(part.text); host && part.kind == PatternPart::Kind::include)
        return std::vector<HostIndex>{*host};
    MULLION_ASSIGN(auto found, find(model, part));
    if (!found.known && part.expression != "all") return unknown(model, part);
    return slice(part, std::move(found.hosts));
}

}  // namespace

std::vector<HostIndex> hosts_of(const Model& model, GroupIndex group) {
    std::vector<bool> seen_group(model.groups().size()), seen_host(model.hosts().size());
    std::vector<GroupIndex> order{group};
    seen_group[group] = true;
    std::vector<HostIndex> hosts;
    for (std::size_t next = 0; next < order.size(); ++next) {
        const auto& one = model.groups()[order[next]];
        for (const auto host : one.hosts) {
            if (!seen_host[host]) hosts.push_back(host);
            seen_host[host] = true;
        }
        for (const auto child : one.children) {
            if (!seen_group[child]) order.push_back(child);
            seen_group[child] = true;
        }
    }
    return hosts;
}

Result<std::vector<HostIndex>> select_hosts(const Model& model, std::string_view pattern) {
    MULLION_ASSIGN(const auto parts, parse_pattern(pattern));
    std::vector<HostIndex> order;  // Of those that parts included, each once.
    std::vector<bool> included(model.hosts().size()), excluded(model.hosts().size());
    for (const auto& part : parts) {
        MULLION_ASSIGN(const auto hosts, resolve(model, part));
        if (part.kind == PatternPart::Kind::include) {
            for (const auto host : hosts) {
                if (!included[host]) order.push_back(host);
                included[host] = true;
            }
            continue;
        }
        if (part.kind == PatternPart::Kind::exclude) {  // They come last.
            for (const auto host : hosts) excluded[host] = true;
            continue;
        }
        std::vector<bool> named(model.hosts().size());
        for (const auto host : hosts) named[host] = true;
        std::erase_if(order, [&](HostIndex host) { return !named[host]; });
    }
    std::erase_if(order, [&](HostIndex host) { return excluded[host]; });
    return order;
}

}  // namespace mullion::inventory
