#include "monitor/spawn_plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "monitor/commands_folder.h"
#include "monitor/ticket_keyring.h"

namespace mullion::monitor {
namespace {

constexpr std::string_view cache_variable_name = "KRB5CCNAME";

// What the client said itself about its cache counts; then the ticket is not wanted.
void plan_ticket(const os::SpawnRequest& request, const TicketFolder& folder, Plan& plan) {
    const auto names_cache = [&](const auto& one) { return one.first == cache_variable_name; };
    if (!request.ticket || std::any_of(request.environment.begin(), request.environment.end(), names_cache))
        return;
    plan.ticket = request.ticket.get();
    plan.ticket_file = ticket_file(folder, *plan.ticket);
    plan.cache_in_file = fmt::format("{}=FILE:{}", cache_variable_name, plan.ticket_file.file);
}

const std::string& our_commands() {
    static const std::string ours = commands_folder();
    return ours;
}

// Behind all others: what commands of Windows are called by (commands/powershell), where nobody has put
// something of that name before.
std::string default_path(const os::User& user) {
    std::string path = user.uid == 0 ? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
                                     : "/usr/local/bin:/usr/bin:/bin";
    if (!our_commands().empty()) path += ':' + our_commands();
    return path;
}

void lay_out(const std::map<std::string, std::string>& values, Plan& plan) {
    plan.environment.clear();
    plan.envp.clear();
    for (const auto& [name, value] : values) {
        if (plan.ticket != nullptr && name == cache_variable_name) continue;
        plan.environment.push_back(name + "=" + value);
    }
    plan.path = values.at("PATH");
    if (plan.ticket != nullptr) {
        plan.cache_variable = plan.environment.size();
        plan.environment.push_back(fmt::format("{}={}", cache_variable_name, keyring_cache));
    }
    for (auto& entry : plan.environment) plan.envp.push_back(entry.data());
    plan.envp.push_back(nullptr);
}

}  // namespace

Plan make_plan(const os::SpawnRequest& request, const os::User& user, const TicketFolder& folder) {
    Plan plan;
    plan.request = &request;
    plan.standing = {
        {"HOME", user.home},          {"USER", user.name},
        {"LOGNAME", user.name},       {"SHELL", user.shell.empty() ? "/bin/sh" : user.shell},
        {"PATH", default_path(user)}, {"LANG", "C.UTF-8"},
    };
    if (request.login_shell && user.shell.starts_with('/')) plan.program = user.shell;
    plan_ticket(request, folder, plan);
    add_environment({}, plan);
    for (const auto& word : request.argv) plan.argv.push_back(const_cast<char*>(word.c_str()));
    if (!plan.program.empty()) plan.argv.front() = plan.program.data();
    plan.argv.push_back(nullptr);
    plan.directory_given = !request.working_directory.empty();
    plan.directory = plan.directory_given ? request.working_directory : user.home;
    return plan;
}

void plan_memory(const os::SpawnRequest& request, const MemoryGroup* group, Plan& plan) {
    constexpr rlim_t megabyte = 1024 * 1024;
    if (group != nullptr)
        plan.memory_door = group->door();
    else if (request.memory_mb != 0)
        plan.address_space = request.memory_mb * megabyte;
}

void add_environment(const std::vector<std::string>& of_pam, Plan& plan) {
    auto values = plan.standing;
    for (const auto& entry : of_pam) {
        const auto equals = entry.find('=');
        if (equals == 0 || equals == std::string::npos) continue;
        std::string value = entry.substr(equals + 1);
        // A PATH of /etc/environment has `powershell` at its end as well.
        if (entry.starts_with("PATH=") && !our_commands().empty()) value += ':' + our_commands();
        values[entry.substr(0, equals)] = std::move(value);
    }
    for (const auto& [name, value] : plan.request->environment) values[name] = value;
    lay_out(values, plan);
}

}  // namespace mullion::monitor
