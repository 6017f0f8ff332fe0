#include "monitor/control_group.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <vector>

#include "os/file.h"

namespace mullion::monitor {
namespace {

constexpr std::size_t file_limit = 1024 * 1024;

std::string_view next_part(std::string_view& rest, char separator) {
    const auto end = rest.find(separator);
    const auto part = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return part;
}

bool lists(std::string_view words, std::string_view word, char separator) {
    while (!words.empty())
        if (next_part(words, separator) == word) return true;
    return false;
}

// Of proc(5): "NUMBER:CONTROLLERS:PATH", in version 2 "0::PATH".
std::optional<std::string> own_path(std::string_view cgroup, bool version_2) {
    while (!cgroup.empty()) {
        std::string_view line = next_part(cgroup, '\n');
        (void)next_part(line, ':');
        const auto controllers = next_part(line, ':');
        if (version_2 ? controllers.empty() : lists(controllers, "memory", ',')) return std::string(line);
    }
    return std::nullopt;
}

struct Mount {
    std::string root;  // What of the hierarchy is mounted there.
    std::string point;
};

// "ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [FIELDS…] - TYPE SOURCE OPTIONS". Names with blanks are written
// otherwise, and none of ours.
std::optional<Mount> find_mount(std::string_view mountinfo, bool version_2) {
    while (!mountinfo.empty()) {
        std::string_view line = next_part(mountinfo, '\n');
        const auto dash = line.find(" - ");
        if (dash == std::string_view::npos) continue;
        std::string_view after = line.substr(dash + 3);
        const auto type = next_part(after, ' ');
        (void)next_part(after, ' ');
        if (version_2 ? type != "cgroup2" : type != "cgroup" || !lists(after, "memory", ',')) continue;
        for (int skipped = 0; skipped < 3; ++skipped) (void)next_part(line, ' ');
        Mount found;
        found.root = next_part(line, ' ');
        found.point = next_part(line, ' ');
        return found;
    }
    return std::nullopt;
}

std::optional<std::string> own_folder(std::string_view cgroup, std::string_view mountinfo, bool version_2) {
    const auto path = own_path(cgroup, version_2);
    const auto mount = find_mount(mountinfo, version_2);
    if (!path || !mount || path->find("..") != std::string::npos) return std::nullopt;
    std::string_view below = *path;
    // In a container a part of the tree is mounted, and the path may or may not begin with it.
    if (mount->root != "/" && below.starts_with(mount->root)) below.remove_prefix(mount->root.size());
    return below == "/" || below.empty() ? mount->point : mount->point + std::string(below);
}

std::vector<pid_t> processes_of(const std::string& folder) {
    std::vector<pid_t> found;
    const std::string text = read_group_file(folder + "/cgroup.procs");
    for (std::string_view rest = text; !rest.empty();) {
        const auto line = next_part(rest, '\n');
        pid_t pid = 0;
        std::from_chars(line.data(), line.data() + line.size(), pid);
        found.push_back(pid);
    }
    return found;
}

// The network process, which has started this one, and this one: there are no more of ours yet.
bool is_ours(pid_t pid) {
    return pid == ::getpid() || pid == ::getppid();
}

}  // namespace

GroupFolders find_group_folders(std::string_view cgroup, std::string_view mountinfo) {
    return {own_folder(cgroup, mountinfo, true), own_folder(cgroup, mountinfo, false)};
}

Result<void> write_group_file(const std::string& path, std::string_view text) {
    const os::UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        return os::system_error(ErrorId::spawn_failed, "write " + path, errno);
    return {};
}

std::string read_group_file(const std::string& path) {
    auto text = os::read_file(path, file_limit);
    return text.ok() ? std::move(text).value() : std::string();
}

Result<void> delegate_memory(const std::string& folder) {
    const std::string control = folder + "/cgroup.subtree_control";
    std::string enabled = read_group_file(control);
    while (!enabled.empty() && enabled.back() == '\n') enabled.pop_back();
    if (lists(enabled, "memory", ' ')) return {};
    auto written = write_group_file(control, "+memory");
    if (written.ok()) return written;
    const auto there = processes_of(folder);
    if (there.empty() || !std::all_of(there.begin(), there.end(), is_ours)) return written;
    const std::string own = folder + "/mullion-service";
    if (::mkdir(own.c_str(), 0755) != 0 && errno != EEXIST)
        return os::system_error(ErrorId::spawn_failed, "make " + own, errno);
    for (const pid_t pid : there) MULLION_TRY(write_group_file(own + "/cgroup.procs", std::to_string(pid)));
    return write_group_file(control, "+memory");
}

std::uint64_t group_counter(std::string_view text, std::string_view name) {
    while (!text.empty()) {
        std::string_view line = next_part(text, '\n');
        if (next_part(line, ' ') != name) continue;
        std::uint64_t value = 0;
        std::from_chars(line.data(), line.data() + line.size(), value);
        return value;
    }
    return 0;
}

}  // namespace mullion::monitor
