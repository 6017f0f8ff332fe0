#include "simulate/counts_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace mullion::simulate {
namespace {

using Json = nlohmann::ordered_json;

void add(Counts& total, const Counts& one) {
    total.connections += one.connections;
    total.connections_refused += one.connections_refused;
    total.connections_open += one.connections_open;
    total.requests += one.requests;
    for (std::size_t i = 0; i < step_count; ++i) total.steps[i] += one.steps[i];
    total.shells_opened += one.shells_opened;
    total.shells_open += one.shells_open;
    total.executions += one.executions;
    total.faults += one.faults;
    total.commands_forgotten = total.commands_forgotten || one.commands_forgotten;
}

Json summary(const Counts& counts) {
    Json out;
    out["connections"] = counts.connections;
    out["connections_refused"] = counts.connections_refused;
    out["connections_open"] = counts.connections_open;
    out["requests"] = counts.requests;
    for (std::size_t i = 0; i < step_count; ++i)
        if (i != static_cast<std::size_t>(Step::connect))
            out["steps"][std::string(step_name(static_cast<Step>(i)))] = counts.steps[i];
    out["shells_opened"] = counts.shells_opened;
    out["shells_open"] = counts.shells_open;
    out["executions"] = counts.executions;
    out["faults"] = counts.faults;
    return out;
}

std::uint64_t most_executions(const Counts& counts) {
    std::uint64_t most = 0;
    for (const auto& [id, count] : counts.commands) most = std::max(most, count);
    return most;
}

}  // namespace

std::string counts_json(const std::vector<std::pair<std::string, Counts>>& hosts) {
    Counts total;
    std::uint64_t most = 0;
    Json each = Json::object();
    Json repeated = Json::array();
    for (const auto& [name, counts] : hosts) {
        add(total, counts);
        most = std::max(most, most_executions(counts));
        Json host = summary(counts);
        host["requests_per_connection"] = counts.requests_per_connection;
        host["executions_by_command_id"] = Json::object();
        for (const auto& [id, count] : counts.commands) {
            host["executions_by_command_id"][id] = count;
            if (count > 1) repeated.push_back({{"host", name}, {"command_id", id}, {"executions", count}});
        }
        each[name] = std::move(host);
    }
    Json out;
    out["schema"] = 1;
    out["totals"] = summary(total);
    out["totals"]["hosts_spoken_to"] = hosts.size();
    out["totals"]["most_executions_of_a_command"] = most;
    out["totals"]["command_ids_complete"] = !total.commands_forgotten;
    out["repeated_commands"] = std::move(repeated);
    out["hosts"] = std::move(each);
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace mullion::simulate
