#include "monitor/memory_groups.h"

#include <dirent.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "monitor/control_group.h"
#include "os/file.h"

namespace mullion::monitor {
namespace {

constexpr std::uint64_t megabyte = 1024 * 1024;
// Processes that were killed are gone within moments; a daemon that a command left may stay for ever.
constexpr unsigned tries_soon = 30;

// A group is removed with rmdir alone: its files are the kernel's.
bool remove_group(const std::string& folder) {
    return ::rmdir(folder.c_str()) == 0 || errno == ENOENT;
}

Result<void> make_group(const std::string& folder) {
    if (::mkdir(folder.c_str(), 0755) == 0 || errno == EEXIST) return {};
    return os::system_error(ErrorId::spawn_failed, "make " + folder, errno);
}

const char* limit_file(MemoryControl control) {
    return control == MemoryControl::version_2 ? "/memory.max" : "/memory.limit_in_bytes";
}

// Whether a group can be made there, and limited.
Result<void> try_out(MemoryControl control, const std::string& folder) {
    const std::string group = folder + "/TRY";
    MULLION_TRY(make_group(group));
    auto limited = write_group_file(group + limit_file(control), "67108864");
    remove_group(group);
    return limited;
}

Result<void> prepare(MemoryControl control, const std::string& base, const std::string& folder) {
    if (control == MemoryControl::version_2) MULLION_TRY(delegate_memory(base));
    MULLION_TRY(make_group(folder));
    if (control == MemoryControl::version_2) MULLION_TRY(delegate_memory(folder));
    return try_out(control, folder);
}

}  // namespace

MemoryGroup::MemoryGroup(MemoryGroups& all, std::string folder) : all_(all), folder_(std::move(folder)) {}

MemoryGroup::~MemoryGroup() {
    if (!remove_group(folder_)) all_.leave(folder_);
}

std::uint64_t MemoryGroup::kills() const {
    const char* const file =
        all_.control_ == MemoryControl::version_2 ? "/memory.events" : "/memory.oom_control";
    return group_counter(read_group_file(folder_ + file), "oom_kill");
}

MemoryGroups::MemoryGroups(MemoryControl control, std::string folder)
    : control_(control), folder_(std::move(folder)) {}

MemoryGroups MemoryGroups::open(const std::string& service) {
    const auto found =
        find_group_folders(read_group_file("/proc/self/cgroup"), read_group_file("/proc/self/mountinfo"));
    std::string why_not;
    const std::pair<MemoryControl, const std::optional<std::string>&> ways[] = {
        {MemoryControl::version_2, found.version_2}, {MemoryControl::version_1, found.version_1}};
    for (const auto& [control, base] : ways) {
        const int version = control == MemoryControl::version_2 ? 2 : 1;
        if (!why_not.empty()) why_not += "; ";
        if (!base) {
            why_not += fmt::format("version {}: there is none", version);
            continue;
        }
        const std::string folder = *base + "/mullion-" + service;
        const auto prepared = prepare(control, *base, folder);
        if (!prepared.ok()) {
            remove_group(folder);
            why_not += fmt::format("version {}: {}", version, prepared.error().detail);
            continue;
        }
        MemoryGroups groups(control, folder);
        groups.remove_leftovers();
        return groups;
    }
    MemoryGroups none(MemoryControl::each_process, {});
    none.why_not_ = std::move(why_not);
    return none;
}

std::string MemoryGroups::describe() const {
    switch (control_) {
        case MemoryControl::version_2:
            return "by control groups (version 2) in " + folder_;
        case MemoryControl::version_1:
            return "by control groups (version 1) in " + folder_;
        case MemoryControl::each_process:
            break;
    }
    return "for each process by itself (RLIMIT_AS): no control groups (" + why_not_ + ")";
}

Result<void> MemoryGroups::limit(const std::string& folder, std::uint64_t bytes) const {
    const std::string text = std::to_string(bytes);
    if (control_ == MemoryControl::version_2) {
        (void)write_group_file(folder + "/memory.swap.max", "0");  // Where there is swap.
        return write_group_file(folder + "/memory.max", text);
    }
    // The sum with swap may never be the smaller of the two, so which is first depends on what was there.
    const std::string with_swap = folder + "/memory.memsw.limit_in_bytes";
    if (!write_group_file(folder + limit_file(control_), text).ok()) (void)write_group_file(with_swap, text);
    auto limited = write_group_file(folder + limit_file(control_), text);
    (void)write_group_file(with_swap, text);
    return limited;
}

Result<std::shared_ptr<MemoryGroup>> MemoryGroups::of_shell(const std::string& shell,
                                                            std::uint32_t megabytes) {
    if (control_ == MemoryControl::each_process) return std::shared_ptr<MemoryGroup>();
    auto& known = by_shell_[shell];
    if (auto group = known.lock()) {
        // One that holds more than a new limit keeps the old one.
        (void)limit(group->folder_, megabytes * megabyte);
        return group;
    }
    const std::string folder = folder_ + '/' + shell;
    MULLION_TRY(make_group(folder));
    if (auto limited = limit(folder, megabytes * megabyte); !limited.ok()) {
        remove_group(folder);
        return std::move(limited).error();
    }
    std::erase_if(leftovers_, [&](const Leftover& one) { return one.folder == folder; });
    auto group = std::make_shared<MemoryGroup>(*this, folder);
    known = group;
    return group;
}

void MemoryGroups::leave(const std::string& folder) {
    leftovers_.push_back({folder, 0});
}

bool MemoryGroups::tidy() {
    std::erase_if(by_shell_, [](const auto& one) { return one.second.expired(); });
    bool soon = false;
    std::erase_if(leftovers_, [&](Leftover& one) {
        if (remove_group(one.folder)) return true;
        soon = soon || ++one.tries < tries_soon;
        return false;
    });
    return soon;
}

void MemoryGroups::remove_leftovers() const {
    DIR* const list = folder_.empty() ? nullptr : ::opendir(folder_.c_str());
    if (list == nullptr) return;
    while (const dirent* const entry = ::readdir(list)) {
        if (entry->d_name[0] != '.' && entry->d_type == DT_DIR) remove_group(folder_ + '/' + entry->d_name);
    }
    ::closedir(list);
}

bool MemoryGroups::remove() const {
    remove_leftovers();
    return folder_.empty() || remove_group(folder_);
}

}  // namespace mullion::monitor
