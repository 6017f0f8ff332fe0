// Enumerate, Pull and Release of shells and of their commands. [MS-WSMV] 3.1.4.8
#include <algorithm>
#include <deque>

#include "service/shell_faults.h"
#include "service/shell_operation.h"
#include "service/shells.h"
#include "xml/writer.h"

namespace mullion::service {
namespace {

std::string command_item(const Shell& shell, const ShellCommand& command) {
    xml::Writer out;
    out.open("rsp:Command").declare("rsp", wsman::ns::shell);
    out.element("rsp:ShellId", shell.id);
    out.element("rsp:CommandId", command.id());
    out.element("rsp:State", "Connected");
    out.close();
    return out.take();
}

Enumerations::Batching batching(const Visit& visit, std::optional<std::uint32_t> asked) {
    // Absent means 1. DSP0226 8.4
    return {std::min(asked.value_or(1), visit.settings->max_batch_items), visit.room};
}

// The enumerations that a user leaves open count as operations.
bool over_quota(const Visit& visit, std::uint64_t open, std::uint64_t outstanding) {
    return open + outstanding >= visit.settings->max_operations_per_user;
}

}  // namespace

net::Task<Outcome<wsman::Batch>> Shells::enumerate(Visit visit, std::optional<std::string> shell_id,
                                                   wsman::Enumerate what) {
    const auto count = operations_.find(visit.user);
    if (over_quota(visit, enumerations_.count(visit.user), count == operations_.end() ? 0 : count->second))
        co_return quota_fault(wsman::code::quota_operations, visit.settings->max_operations_per_user);
    if (auto fault = check_bytes(visit)) co_return *fault;
    std::deque<std::string> items;
    if (shell_id) {
        const auto shell = find(visit, *shell_id);
        if (!shell) co_return missing(visit, *shell_id);
        for (const auto& command : shell->commands) items.push_back(command_item(*shell, *command));
    } else {
        for (const auto& [id, shell] : shells_)
            if (belongs_to(*shell, visit)) items.push_back(wsman::shell_item(describe_fully(*shell)));
    }
    co_return enumerations_.open(visit.user, std::move(items), what.optimize,
                                 batching(visit, what.max_elements),
                                 Duration(visit.settings->enumeration_timeout_ms));
}

net::Task<Outcome<wsman::Batch>> Shells::pull(Visit visit, wsman::Pull what) {
    co_return enumerations_.pull(visit.user, what.context, batching(visit, what.max_elements));
}

net::Task<Done> Shells::release(Visit visit, std::string context) {
    co_return enumerations_.release(visit.user, context);
}

}  // namespace mullion::service
