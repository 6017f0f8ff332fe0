#include "service/shells/shells.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "ntlm/computer_name.h"
#include "service/shells/shell_faults.h"
#include "service/shells/shell_operation.h"
#include "wsman/uris.h"

namespace mullion::service {
namespace {

constexpr std::size_t most_variables = 256;
// How long a Delete waits for killed processes to be gone.
constexpr Duration kill_patience{2'000};

bool is_stream_list(std::string_view names, std::initializer_list<std::string_view> known) {
    std::size_t begin = 0;
    while (begin < names.size()) {
        const auto end = std::min(names.find(' ', begin), names.size());
        const auto name = names.substr(begin, end - begin);
        if (!name.empty() && std::find(known.begin(), known.end(), name) == known.end()) return false;
        begin = end + 1;
    }
    return true;
}

// Nothing, or what is wrong with what Create asks for.
std::optional<wsman::Fault> check(const wsman::CreateShell& what) {
    const auto code_page = what.code_page.value_or(code_page_utf8);
    if (code_page != code_page_utf8 && code_page != code_page_437)
        return command_shell_fault(wsman::code::code_page_not_supported);
    if (what.idle_timeout && (*what.idle_timeout < shortest_idle || *what.idle_timeout > longest_idle))
        return wsman::make_fault(wsman::code::idle_timeout_out_of_range);
    if (!is_stream_list(what.input_streams, {"stdin"}) ||
        !is_stream_list(what.output_streams, {"stdout", "stderr"}))
        return command_shell_fault(wsman::code::invalid_parameter);
    if (what.working_directory.find('\0') != std::string::npos)
        return command_shell_fault(wsman::code::invalid_parameter);
    return std::nullopt;
}

// The same of its variables, by name.
std::optional<wsman::Fault> check_environment(const wsman::CreateShell& what, const CommandBackend& backend) {
    if (what.environment.size() > most_variables) return command_shell_fault(wsman::code::invalid_parameter);
    for (const auto& [name, value] : what.environment) {
        if (name.empty() || name.find('=') != std::string::npos || name.find('\0') != std::string::npos ||
            value.find('\0') != std::string::npos)
            return variable_impossible(name);
        if (!backend.takes_variable(name)) return variable_denied(name);
    }
    return std::nullopt;
}

constexpr std::size_t bytes_of_a_shell = 1'024;  // Itself, and its place in lists.

std::size_t size_of(const wsman::CreateShell& what) {
    std::size_t sum = bytes_of_a_shell + what.name.size() + what.working_directory.size() +
                      what.input_streams.size() + what.output_streams.size() + what.locale.size() +
                      what.data_locale.size();
    for (const auto& [name, value] : what.environment)
        sum += sizeof name + sizeof value + name.size() + value.size();
    return sum;
}

}  // namespace

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

Shells::Shells(net::Executor executor, CommandBackend& backend, Random& random, const Clock& clock,
               Logger& log, std::string_view host, const AccountShare& share)
    : executor_(std::move(executor)),
      backend_(backend),
      random_(random),
      clock_(clock),
      log_(log),
      machine_(ntlm::service_netbios_name(host)),
      share_(share),
      operations_(random, clock) {}

Shells::~Shells() = default;

bool belongs_to(const Shell& shell, const Visit& visit) {
    return shell.owner == visit.user && shell.account == visit.account && shell.unix_user == visit.unix_user;
}

std::shared_ptr<Shell> Shells::find(const Visit& visit, const std::string& shell_id) const {
    const auto found = shells_.find(upper(shell_id));
    if (found == shells_.end() || !belongs_to(*found->second, visit)) return nullptr;
    return found->second;
}

Outcome<Shells::Operation> Shells::begin(const Visit& visit, const std::string& shell_id) {
    auto place = operations_.begin(visit);
    if (!place.ok()) return place.fault();
    auto shell = find(visit, shell_id);
    if (!shell) return missing(visit, shell_id);
    return Operation(*this, std::move(place.value()), std::move(shell));
}

// [MS-WSMV] 3.1.4.5.3
std::optional<wsman::Fault> Shells::check_quotas(const Visit& visit) const {
    const state::Settings& settings = *visit.settings;
    if (!settings.allow_remote_shell_access) return wsman::make_fault(wsman::code::shells_not_allowed);
    std::set<std::string_view> users;
    std::uint64_t own = 0;
    for (const auto& [id, shell] : shells_) {
        users.insert(shell->owner);
        own += shell->owner == visit.user;
    }
    if (settings.max_shells_per_user != 0 && own >= settings.max_shells_per_user)
        return quota_fault(wsman::code::quota_shells, settings.max_shells_per_user);
    if (own >= share_.shells) return over_share(visit, "shells are open", share_.shells);
    if (own == 0 && users.size() >= settings.max_concurrent_users)
        return quota_fault(wsman::code::quota_shell_users, settings.max_concurrent_users);
    return std::nullopt;
}

Outcome<std::string> Shells::choose_id(const wsman::CreateShell& what) {
    if (what.shell_id.empty()) return new_guid(random_);
    if (!is_guid(what.shell_id)) return wsman::make_fault(wsman::code::shell_id_not_guid);
    if (shells_.count(upper(what.shell_id)) != 0) return wsman::make_fault(wsman::code::shell_id_conflict);
    return upper(what.shell_id);
}

net::Task<Outcome<wsman::ShellInfo>> Shells::create(Visit visit, wsman::CreateShell what) {
    if (auto fault = check_quotas(visit)) co_return *fault;
    if (auto fault = check(what)) co_return *fault;
    if (auto fault = check_environment(what, backend_)) co_return *fault;
    if (auto fault = check_bytes(visit)) co_return *fault;
    auto id = choose_id(what);
    if (!id.ok()) co_return id.fault();

    auto shell = std::make_shared<Shell>();
    shell->bytes = size_of(what);
    shell->id = id.value();
    shell->name = std::move(what.name);
    shell->owner = visit.user;
    shell->account = visit.account;
    shell->unix_user = visit.unix_user;
    shell->client_ip = visit.client_ip;
    shell->delegated = std::move(visit.delegated);
    shell->environment = std::move(what.environment);
    shell->working_directory = std::move(what.working_directory);
    shell->input_streams = std::move(what.input_streams);
    shell->output_streams = std::move(what.output_streams);
    shell->code_page = what.code_page.value_or(code_page_utf8);
    shell->idle_timeout =
        what.idle_timeout.value_or(std::max(shortest_idle, Duration(visit.settings->idle_timeout_ms)));
    shell->lifetime = what.lifetime;
    shell->created = shell->last_used = clock_.now();
    shell->locale = std::move(what.locale);
    shell->data_locale = std::move(what.data_locale);
    shell->profile_loaded = !what.no_profile.value_or(false);
    shell->utf16 = visit.utf16;
    std::erase_if(ended_, [&](const Ended& one) { return one.id == shell->id; });
    shells_.emplace(shell->id, shell);
    log_.info("shell {} of {} from {} opened", shell->id, shell->owner, shell->client_ip);
    co_return describe(*shell);
}

// No quota stands in the way of giving something up.
net::Task<Done> Shells::remove(Visit visit, std::string shell_id) {
    const auto shell = find(visit, shell_id);
    if (!shell) co_return missing(visit, shell_id);
    close(shell);
    co_await wait_for_exits(shell->commands,
                            std::min(visit.deadline, std::chrono::steady_clock::now() + kill_patience));
    co_return Nothing{};
}

void Shells::close(const std::shared_ptr<Shell>& shell) {
    shell->closed = true;
    shell->delegated.reset();  // Requests may hold the shell a while longer.
    for (const auto& command : shell->commands) command->close();
    shells_.erase(shell->id);
    log_.info("shell {} of {} closed", shell->id, shell->owner);
}

net::Task<bool> Shells::wait_for_exits(std::vector<std::shared_ptr<ShellCommand>> commands,
                                       MonotonicTime until) {
    for (const auto& command : commands) {
        while (!command->exited() && std::chrono::steady_clock::now() < until)
            co_await command->changed().wait_until(until);
    }
    co_return std::all_of(commands.begin(), commands.end(),
                          [](const auto& command) { return command->exited(); });
}

net::Task<bool> Shells::close_all(MonotonicTime until) {
    std::vector<std::shared_ptr<ShellCommand>> commands;
    const auto shells = shells_;
    for (const auto& [id, shell] : shells) {
        commands.insert(commands.end(), shell->commands.begin(), shell->commands.end());
        close(shell);
    }
    co_return co_await wait_for_exits(std::move(commands), until);
}

}  // namespace mullion::service
