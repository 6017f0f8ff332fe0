// /proc/PID.
#include "cim/lines.h"
#include "cim/proc_files.h"

namespace mullion::cim {

std::optional<ProcessStat> parse_process_stat(std::string_view text) {
    ProcessStat process;
    // The name ends at the last bracket: it may have some of its own.
    const auto open = text.find('('), close = text.rfind(')');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open)
        return std::nullopt;
    const auto pid = number<std::uint64_t>(trimmed(text.substr(0, open)));
    if (!pid || text.find('\n', close) == std::string_view::npos) return std::nullopt;
    process.pid = *pid;
    process.name = text.substr(open + 1, close - open - 1);
    auto rest = text.substr(close + 1);
    rest = rest.substr(0, rest.find('\n'));
    const auto state = take_word(rest);
    if (state.size() != 1) return std::nullopt;
    process.state = state.front();
    std::uint64_t parent_faults = 0;
    std::int64_t group = 0, terminal = 0, terminal_group = 0, children_user = 0, children_system = 0,
                 timer = 0;
    std::uint64_t flags = 0;
    if (!take_numbers(rest, process.parent, group, process.session, terminal, terminal_group, flags,
                      process.minor_faults, parent_faults, process.major_faults, parent_faults,
                      process.user_ticks, process.system_ticks, children_user, children_system,
                      process.priority, process.nice, process.threads, timer, process.start_ticks,
                      process.virtual_bytes, process.resident_pages))
        return std::nullopt;
    return process;
}

std::string parse_command_line(std::string_view bytes) {
    // A program may write over its arguments: then there are no ends of words, or many behind each other.
    while (bytes.ends_with('\0')) bytes.remove_suffix(1);
    std::string line(bytes);
    for (char& c : line)
        if (c == '\0') c = ' ';
    return line;
}

}  // namespace mullion::cim
