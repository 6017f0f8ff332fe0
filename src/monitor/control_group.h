// Where in the kernel's tree of control groups this process is, and making groups below it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace mullion::monitor {

// The folder of this process's own group in the hierarchy that has memory. Pure: texts of /proc/self/cgroup
// and /proc/self/mountinfo. Nothing where there is none.
struct GroupFolders {
    std::optional<std::string> version_2;
    std::optional<std::string> version_1;
};
[[nodiscard]] GroupFolders find_group_folders(std::string_view cgroup, std::string_view mountinfo);

// One of the kernel's files, which take a write whole. The error's detail names the file. Errors: serve.spawn
[[nodiscard]] Result<void> write_group_file(const std::string& path, std::string_view text);
[[nodiscard]] std::string read_group_file(const std::string& path);  // Empty where it cannot be read.

// Makes memory a thing that groups below `folder` can limit. A group that has processes cannot have that
// (version 2): when all of them are this service's own, they move to a group below. Errors: serve.spawn
[[nodiscard]] Result<void> delegate_memory(const std::string& folder);

// The number behind `name` in lines of "name number"; 0 where it is not there.
[[nodiscard]] std::uint64_t group_counter(std::string_view text, std::string_view name);

}  // namespace mullion::monitor
