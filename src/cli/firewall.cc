// Which firewall holds connections back, and how a port is opened in it.
#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "cli/machine.h"
#include "cli/printable.h"
#include "os/program.h"

namespace mullion::cli {
namespace {

using Json = nlohmann::json;

constexpr Duration look{10'000};

// What a program said, or why it did not; neither where it is not installed.
struct Heard {
    std::optional<std::string> said;
    std::string why;
};

Heard hear(const CommandWords& words) {
    if (os::find_on_path(words.front()).empty()) return {};
    auto end = os::run_program(words, look);
    if (!end.ok()) return {std::nullopt, end.error().message()};
    if (end->exit_code == 0) return {std::move(end->output), {}};
    std::string told = end->errors.empty() ? end->output : end->errors;
    told.erase(told.find_last_not_of(" \t\r\n") + 1);
    told = printable(told);
    return {std::nullopt, fmt::format("`{}`: {}", command_text(words),
                                      told.empty() ? fmt::format("exit status {}", end->exit_code) : told)};
}

std::optional<std::string> said(const CommandWords& words) {
    return hear(words).said;
}

FirewallState firewalld(const std::string& port) {
    FirewallState found;
    found.name = "firewalld";
    // Exit 1: it is not open. What is open until the next start only is not open.
    const bool now = said({"firewall-cmd", "--query-port=" + port}).has_value();
    const bool later = said({"firewall-cmd", "--permanent", "--query-port=" + port}).has_value();
    if (!now) found.to_open.push_back({"firewall-cmd", "--add-port=" + port});
    if (!later) found.to_open.push_back({"firewall-cmd", "--permanent", "--add-port=" + port});
    found.open = now && later;
    return found;
}

// A line of `ufw status`: "5985/tcp    ALLOW    Anywhere". What is allowed from some only is not open.
bool allows(const std::string& line, const std::string& port) {
    std::istringstream words(line);
    std::string what, verdict, from;
    words >> what >> verdict >> from;
    return (what == port || what == port.substr(0, port.find('/'))) && verdict == "ALLOW" &&
           from == "Anywhere";
}

FirewallState ufw(const std::string& status, const std::string& port) {
    FirewallState found;
    found.name = "ufw";
    found.open = false;
    std::istringstream lines(status);
    for (std::string line; std::getline(lines, line);) found.open = found.open || allows(line, port);
    if (!found.open) found.to_open.push_back({"ufw", "allow", port});
    return found;
}

// A member that is text; empty for everything else.
std::string text_at(const Json& object, const char* name) {
    if (!object.is_object()) return {};
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Json member(const Json& object, const char* name) {
    if (!object.is_object()) return {};
    const auto found = object.find(name);
    return found == object.end() ? Json() : *found;
}

bool names_port(const Json& value, std::uint16_t port) {
    if (value.is_number_integer()) return value.get<std::int64_t>() == port;
    if (!value.is_object()) return false;
    if (const auto set = value.find("set"); set != value.end() && set->is_array()) {
        for (const auto& one : *set)
            if (!one.is_object() || !one.contains("set")) {
                if (names_port(one, port)) return true;
            }
    }
    const auto range = value.find("range");
    return range != value.end() && range->is_array() && range->size() == 2 &&
           (*range)[0].is_number_integer() && (*range)[1].is_number_integer() &&
           (*range)[0].get<std::int64_t>() <= port && port <= (*range)[1].get<std::int64_t>();
}

// "tcp dport PORT accept" and nothing that narrows it; a counter does not.
bool opens(const Json& expressions, std::uint16_t port) {
    bool matches = false, accepts = false;
    for (const auto& one : expressions) {
        if (!one.is_object()) return false;
        if (one.contains("accept")) {
            accepts = true;
        } else if (const auto match = one.find("match"); match != one.end()) {
            const Json payload = member(member(*match, "left"), "payload");
            if (text_at(payload, "protocol") != "tcp" || text_at(payload, "field") != "dport" ||
                !names_port(member(*match, "right"), port))
                return false;
            matches = true;
        } else if (!one.contains("counter")) {
            return false;
        }
    }
    return matches && accepts;
}

// "family table name"
std::string chain_of(const Json& object, const char* name) {
    return text_at(object, "family") + ' ' + text_at(object, "table") + ' ' + text_at(object, name);
}

struct Ruleset {
    std::vector<CommandWords> guarding;  // Chains of arriving packets that refuse what nothing accepts.
    std::set<std::string> open;          // Chains that accept the port.
};

void read_item(const Json& item, std::uint16_t port, Ruleset& rules, std::set<std::string>& input) {
    if (const auto chain = item.find("chain"); chain != item.end() && chain->is_object()) {
        if (text_at(*chain, "hook") != "input") return;
        input.insert(chain_of(*chain, "name"));
        if (text_at(*chain, "policy") == "drop")
            rules.guarding.push_back(
                {text_at(*chain, "family"), text_at(*chain, "table"), text_at(*chain, "name")});
        return;
    }
    const auto rule = item.find("rule");
    if (rule == item.end() || !rule->is_object()) return;
    const auto expressions = rule->find("expr");
    if (expressions == rule->end() || !expressions->is_array()) return;
    const auto chain = chain_of(*rule, "chain");
    if (opens(*expressions, port)) rules.open.insert(chain);
    // A last rule that drops or rejects whatever came as far.
    const bool refuses_all =
        input.count(chain) != 0 && expressions->size() <= 2 && !expressions->empty() &&
        expressions->back().is_object() &&
        (expressions->back().contains("drop") || expressions->back().contains("reject")) &&
        (expressions->size() == 1 || expressions->front().contains("counter"));
    if (refuses_all)
        rules.guarding.push_back(
            {text_at(*rule, "family"), text_at(*rule, "table"), text_at(*rule, "chain")});
}

}  // namespace

FirewallState nftables_state(const std::string& text, std::uint16_t port) {
    FirewallState found;
    const auto all = Json::parse(text, nullptr, false);
    if (!all.is_object() || !all.contains("nftables") || !all["nftables"].is_array()) return found;
    Ruleset rules;
    std::set<std::string> input;
    for (const auto& item : all["nftables"])
        if (item.is_object()) read_item(item, port, rules, input);
    std::set<std::string> told;
    for (const auto& chain : rules.guarding) {
        found.name = "nftables";
        const auto name = chain[0] + ' ' + chain[1] + ' ' + chain[2];
        const bool of_tcp = chain[0] == "inet" || chain[0] == "ip" || chain[0] == "ip6";
        if (!of_tcp || rules.open.count(name) != 0 || !told.insert(name).second) continue;
        found.open = false;
        found.to_open.push_back({"nft", "insert", "rule", chain[0], chain[1], chain[2], "tcp", "dport",
                                 std::to_string(port), "accept"});
    }
    if (!found.open)
        found.remark = "It holds until the rules are loaded again: write it into /etc/nftables.conf as well.";
    return found;
}

Result<FirewallState> look_at_firewall(std::uint16_t port) {
    const std::string of_tcp = fmt::format("{}/tcp", port);
    const auto first = hear({"firewall-cmd", "--state"});
    if (first.said && first.said->rfind("running", 0) == 0) return firewalld(of_tcp);
    const auto second = hear({"ufw", "status"});
    if (second.said && second.said->find("Status: active") != std::string::npos)
        return ufw(*second.said, of_tcp);
    const auto third = hear({"nft", "-j", "list", "ruleset"});
    if (third.said) return nftables_state(*third.said, port);
    FirewallState found;
    // firewall-cmd fails to say that it is not running, which is an answer.
    const bool answered = first.why.find("not running") != std::string::npos;
    for (const auto& why : {answered ? std::string() : first.why, second.why, third.why})
        if (found.unseen.empty()) found.unseen = why;
    return found;
}

}  // namespace mullion::cli
