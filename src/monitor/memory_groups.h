// What the processes of one shell may use of the machine's memory (Winrs/MaxMemoryPerShellMB): a control
// group for each shell, of version 2 or 1. Where the service may make none, a limit of each process
// (RLIMIT_AS).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"

namespace mullion::monitor {

enum class MemoryControl { version_2, version_1, each_process };

class MemoryGroups;

// One shell's, as long as a command of it is there. Removed when it goes, or when what is left in it ends.
class MemoryGroup {
public:
    MemoryGroup(MemoryGroups& all, std::string folder);
    MemoryGroup(const MemoryGroup&) = delete;
    MemoryGroup& operator=(const MemoryGroup&) = delete;
    ~MemoryGroup();

    // A process joins by writing "0" there.
    [[nodiscard]] std::string door() const { return folder_ + "/cgroup.procs"; }
    // How many of its processes the kernel has killed for want of memory.
    [[nodiscard]] std::uint64_t kills() const;

private:
    friend class MemoryGroups;
    MemoryGroups& all_;
    std::string folder_;
};

class MemoryGroups {
public:
    // Looks what this machine offers, and makes the folder of this service's groups. `service` names it among
    // others: what an earlier one of that name has left is removed.
    [[nodiscard]] static MemoryGroups open(const std::string& service);
    // For tests: groups of that version in a folder.
    MemoryGroups(MemoryControl control, std::string folder);
    MemoryGroups(MemoryGroups&&) = default;
    MemoryGroups(const MemoryGroups&) = delete;
    MemoryGroups& operator=(const MemoryGroups&) = delete;
    MemoryGroups& operator=(MemoryGroups&&) = delete;
    ~MemoryGroups() = default;

    [[nodiscard]] MemoryControl control() const { return control_; }
    // For the log: how memory is limited, and why not by what would be better.
    [[nodiscard]] std::string describe() const;

    // The shell's group, with that limit from now on. Null where there are none. Groups point here: it stays
    // where it is. Errors: serve.spawn
    [[nodiscard]] Result<std::shared_ptr<MemoryGroup>> of_shell(const std::string& shell,
                                                                std::uint32_t megabytes);

    // Tries again to remove groups in which something was left. True: it is worth trying soon once more.
    bool tidy();
    // All of it, by the keeper, when the monitor is gone.
    // False: something is left in one of them.
    bool remove() const;

private:
    friend class MemoryGroup;
    struct Leftover {
        std::string folder;
        unsigned tries = 0;
    };
    void leave(const std::string& folder);
    void remove_leftovers() const;
    [[nodiscard]] Result<void> limit(const std::string& folder, std::uint64_t bytes) const;

    MemoryControl control_ = MemoryControl::each_process;
    std::string folder_;  // Of all shells' groups.
    std::string why_not_;
    std::map<std::string, std::weak_ptr<MemoryGroup>> by_shell_;
    std::vector<Leftover> leftovers_;
};

}  // namespace mullion::monitor
