#include "checks/modes/link_status.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mullion::checks {
namespace {

constexpr std::array<std::string_view, 3> conditions = {"unknown-status", "warning-status",
                                                        "critical-status"};

// What somebody switched off (down, hardwareDisable), and what is on its way, is no trouble.
std::vector<Block> table(bool alone) {
    Block block{.name = "status",
                .instances = true,
                .counters = {{.label = "status",
                              .condition = true,
                              .fallback_critical = "%{status} =~ /NotPresent|Malfunction|mediaDisconnect|"
                                                   "AuthFailed|invalid|credentials/"}}};
    if (alone) block.all_well = "All interfaces are ok";
    return {std::move(block)};
}

Counted counted_of(const Row& row, const std::string& name, std::uint64_t number) {
    const auto word = connection_status(number);
    const auto status = word.empty() ? fmt::format("unknown ({})", number) : std::string(word);
    Reading reading;
    reading.text = "status: " + status;
    reading.variables = {{"status", status},
                         {"name", name},
                         {"connection", shown(row, "NetConnectionID")},
                         {"enabled", shown(row, "NetEnabled")}};
    return {.instance = name, .prefix = "Interface '" + name + "' ", .readings = {std::move(reading)}};
}

}  // namespace

std::string_view connection_status(std::uint64_t number) {
    constexpr std::array<std::string_view, 13> words = {"down",
                                                        "connecting",
                                                        "up",
                                                        "disconnecting",
                                                        "hardwareNotPresent",
                                                        "hardwareDisable",
                                                        "hardwarMalfunction",
                                                        "mediaDisconnect",
                                                        "auth",
                                                        "authSucceeded",
                                                        "AuthFailed",
                                                        "invalidAddress",
                                                        "credentialsRequired"};
    return number < words.size() ? words.at(number) : std::string_view();
}

std::string counter_name(std::string name) {
    for (char& c : name) {
        if (c == '(') c = '[';
        if (c == ')') c = ']';
        if (c == '#' || c == '/' || c == '\\') c = '_';
    }
    return name;
}

std::vector<OptionSpec> LinkStatus::options() {
    std::vector<OptionSpec> options = {{.name = "add-status",
                                        .kind = OptionSpec::Kind::flag,
                                        .help = "Judge whether adapters are connected; also with a condition "
                                                "of it. Where nothing else is wanted it is one look, and no "
                                                "traffic."}};
    for (auto& option : counter_options(table(true))) {
        if (std::find(conditions.begin(), conditions.end(), option.name) == conditions.end()) continue;
        option.help += ", over %{status}, %{name}, %{connection}, %{enabled}";
        options.push_back(std::move(option));
    }
    return options;
}

bool LinkStatus::is_asked_for(const Words& words) {
    return words.has("add-status") || std::any_of(conditions.begin(), conditions.end(),
                                                  [&](auto name) { return !words.text(name).empty(); });
}

bool LinkStatus::is_alone(const Words& words, std::span<const OptionSpec> options) {
    if (!words.has("add-status") || words.has("add-traffic") || words.has("add-errors")) return false;
    return std::none_of(options.begin(), options.end(), [&](const OptionSpec& option) {
        return option.name.find("-instance-interface-") != std::string::npos &&
               !words.text(option.name).empty();
    });
}

Result<LinkStatus> LinkStatus::of(const Words& words, bool alone) {
    // --filter-counters and its like are about the mode's counters.
    Words own;
    for (const auto name : conditions)
        if (const auto given = words.get(name)) own.set(name, std::string(*given));
    Counters counters(table(alone));
    MULLION_TRY(counters.prepare(own));
    return LinkStatus(std::move(counters));
}

Ask LinkStatus::question() {
    return Query{"Select Name, NetConnectionID, NetConnectionStatus, NetEnabled from Win32_NetworkAdapter"};
}

Result<bool> LinkStatus::judge(const Rows& rows, const std::function<Result<bool>(const std::string&)>& takes,
                               Report& report) const {
    CountedBlock adapters;
    for (const auto& row : rows) {
        MULLION_ASSIGN(const auto number, number_or_null(row, "NetConnectionStatus"));
        if (!number) continue;
        const auto name = counter_name(shown(row, "Name"));
        MULLION_ASSIGN(const bool taken, takes(name));
        if (taken) adapters.push_back(counted_of(row, name, *number));
    }
    if (adapters.empty()) return false;
    MULLION_TRY(counters_.judge({std::move(adapters)}, report));
    return true;
}

}  // namespace mullion::checks
