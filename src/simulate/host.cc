#include "simulate/host.h"

#include <algorithm>
#include <array>
#include <utility>

#include "service/requests/visit.h"
#include "service/shells/shell_faults.h"
#include "simulate/fault_actions.h"
#include "wsman/identify.h"
#include "wsman/shell.h"
#include "wsman/uris.h"

namespace mullion::simulate {
namespace {

Step step_of(const wsman::Message& message) {
    namespace a = wsman::action;
    if (wsman::is_identify(message)) return Step::identify;
    const std::string_view action = message.header.action;
    if (action == a::receive) return Step::receive;
    if (action == a::create) return Step::create;
    if (action == a::command) return Step::command;
    if (action == a::signal) return Step::signal;
    if (action == a::remove) return Step::remove;
    if (action == a::send) return Step::send;
    if (action == a::enumerate) return Step::enumerate;
    if (action == a::pull) return Step::pull;
    if (action == a::release) return Step::release;
    if (action == a::get) return Step::get;
    if (action == a::put) return Step::put;
    // DSP0227 11: the action of a method is the URI of its class with the name behind it.
    const std::string_view uri = message.header.resource_uri;
    if (!uri.empty() && action.size() > uri.size() && action.starts_with(uri) && action[uri.size()] == '/')
        return Step::invoke;
    return Step::other;
}

std::string line_of(const wsman::RunCommand& what) {
    std::string line = what.command;
    for (const auto& argument : what.arguments) line += " " + argument;
    return line;
}

// Which command a message speaks of.
std::string command_id_of(const wsman::Message& message, Step step) {
    if (step == Step::receive)
        if (auto what = wsman::read_receive(message); what.ok()) return what->command_id;
    if (step == Step::send)
        if (auto what = wsman::read_send(message); what.ok()) return what->command_id;
    if (step == Step::signal)
        if (auto what = wsman::read_signal(message); what.ok()) return what->command_id;
    return {};
}

}  // namespace

Host::Host(const Parts& parts)
    : spec_(parts.fleet.hosts[parts.index]),
      accounts_(parts.accounts),
      kerberos_(parts.kerberos),
      faults_(parts.fleet, spec_),
      settings_(spec_.kind->settings),
      backend_(parts.executor, spec_, ledger_, faults_.any()),
      cim_answers_(spec_),
      shells_(parts.executor, backend_, system_random(), system_clock(), parts.log, spec_.name),
      cim_resources_({parts.executor, cim_answers_, shells_.operations(), parts.log}),
      dispatcher_(dispatcher_parts(parts)) {}

service::Dispatcher::Parts Host::dispatcher_parts(const Parts& parts) {
    service::Dispatcher::Parts made{
        shells_, settings_, system_random(), parts.log, spec_.name, spec_.kind->product, this};
    if (!spec_.kind->cim.empty()) made.cim = &cim_resources_;
    return made;
}

net::Task<channel::Outgoing> Host::answer(const channel::Incoming&, const wsman::Message& message,
                                          GoOn go_on) {
    const Step step = step_of(message);
    ledger_.step(step);
    GoOn counting = [this, &message, step, go_on](std::optional<wsman::Fault> instead) {
        return counted(message, step, go_on, std::move(instead));
    };
    const auto command = [&]() -> std::optional<CommandText> {
        if (step != Step::command) return backend_.command_of(command_id_of(message, step));
        auto what = wsman::read_command(message);
        if (!what.ok()) return std::nullopt;
        return command_text(line_of(*what));
    };
    const FaultRule* rule = faults_.due(step, command);
    if (rule == nullptr) co_return co_await counting(std::nullopt);
    ledger_.fault();
    co_return co_await answer_with_fault(*rule, std::move(counting));
}

// What was done is counted where it is known to have been done.
net::Task<channel::Outgoing> Host::counted(const wsman::Message& message, Step step, GoOn go_on,
                                           std::optional<wsman::Fault> instead) {
    const bool refused = instead.has_value();
    if (!instead) instead = used_up(message, step);
    channel::Outgoing out = co_await go_on(std::move(instead));
    if (refused || out.status != 200) co_return out;
    if (step == Step::create) ledger_.shell_opened();
    if (step == Step::remove) forget(message);
    co_return out;
}

void Host::forget(const wsman::Message& message) {
    const auto shell = message.header.selector(wsman::shell_id_selector);
    const std::lock_guard lock(operations_mutex_);
    if (shell) operations_.erase(std::string(*shell));
}

// Windows never counts an operation of a command shell down again ([MS-WSMV] note 118): a shell that was used
// often enough is used up.
std::optional<wsman::Fault> Host::used_up(const wsman::Message& message, Step step) {
    if (step != Step::command || spec_.kind->operations_per_shell == 0) return std::nullopt;
    const auto shell = message.header.selector(wsman::shell_id_selector);
    if (!shell) return std::nullopt;
    const std::lock_guard lock(operations_mutex_);
    auto& count = operations_[std::string(*shell)];
    if (count >= spec_.kind->operations_per_shell)
        return service::quota_fault(wsman::code::quota_operations, spec_.kind->operations_per_shell);
    ++count;
    return std::nullopt;
}

}  // namespace mullion::simulate
