// What Enumerate shows of shells and of their commands. [MS-WSMV] 3.1.4.8
#include <deque>

#include "service/shells/shells.h"
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

}  // namespace

net::Task<Outcome<std::deque<std::string>>> Shells::items(Visit visit, std::optional<std::string> shell_id) {
    const auto place = operations_.begin(visit);  // Before the work: what is over a quota costs nothing.
    if (!place.ok()) co_return place.fault();
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
    co_return items;
}

}  // namespace mullion::service
