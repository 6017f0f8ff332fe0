#include "cim/classes/mounts.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "cim/lines.h"

namespace mullion::cim {
namespace {

constexpr std::array<std::string_view, 22> of_the_kernel = {
    "autofs",   "binfmt_misc", "bpf",        "cgroup",    "cgroup2", "configfs", "debugfs", "devpts",
    "devtmpfs", "efivarfs",    "fusectl",    "hugetlbfs", "mqueue",  "nsfs",     "proc",    "pstore",
    "ramfs",    "rpc_pipefs",  "securityfs", "selinuxfs", "sysfs",   "tracefs"};
constexpr std::array<std::string_view, 13> of_networks = {
    "9p",        "afs",    "ceph", "cifs", "coda", "fuse.glusterfs", "fuse.s3fs", "fuse.sshfs",
    "glusterfs", "lustre", "nfs",  "nfs4", "smb3"};

template <class List>
bool is_in(const List& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

bool below(std::string_view point, std::string_view folder) {
    return point.starts_with(folder) && (point.size() == folder.size() || point[folder.size()] == '/');
}

bool is_disk(const Mount& mount) {
    // fuse.portal and fuse.gvfsd-fuse are doors of desktops, without a size.
    return !is_in(of_the_kernel, mount.type) && !below(mount.point, "/proc") && !below(mount.point, "/sys") &&
           mount.type != "fuse.portal" && mount.type != "fuse.gvfsd-fuse";
}

DriveType drive_type(const Mount& mount) {
    if (is_in(of_networks, mount.type)) return DriveType::network;
    if (mount.type == "iso9660" || mount.type == "udf") return DriveType::optical;
    if (mount.type == "tmpfs") return DriveType::memory;
    return DriveType::local;
}

std::string_view last_part(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

// udev writes what a file name should not have as \x20.
std::string udev_name(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto code = text.starts_with("\\x") && text.size() >= 4
                              ? number<unsigned>(text.substr(2, 2), 16)
                              : std::nullopt;
        out += code ? static_cast<char>(*code) : text.front();
        text.remove_prefix(code ? 4 : 1);
    }
    return out;
}

}  // namespace

std::vector<MountedDisk> disks_of(const std::vector<Mount>& mounts) {
    // Of several at one place the last one is on top.
    std::map<std::string, const Mount*> top;
    for (const auto& mount : mounts) top.insert_or_assign(mount.point, &mount);
    // Of several views of a file system: its root, else the place with the shortest name. Subvolumes (btrfs)
    // and datasets are places of their own.
    const auto better = [](const Mount& a, const Mount& b) {
        if ((a.root == "/") != (b.root == "/")) return a.root == "/";
        if (a.point.size() != b.point.size()) return a.point.size() < b.point.size();
        return a.point < b.point;
    };
    using View = std::tuple<unsigned, unsigned, std::string>;
    std::map<View, const Mount*> views;
    for (const auto& [point, mount] : top) {
        if (!is_disk(*mount)) continue;
        const View view(mount->major, mount->minor, mount->type == "btrfs" ? mount->root : std::string());
        const auto [at, added] = views.emplace(view, mount);
        if (!added && better(*mount, *at->second)) at->second = mount;
    }
    std::vector<MountedDisk> disks;
    for (const auto& [view, mount] : views) disks.push_back({*mount, drive_type(*mount)});
    std::sort(disks.begin(), disks.end(),
              [](const MountedDisk& a, const MountedDisk& b) { return a.mount.point < b.mount.point; });
    return disks;
}

std::optional<std::vector<MountedDisk>> mounted_disks(const Machine& machine) {
    const auto text = machine.read("/proc/self/mountinfo");
    if (!text) return std::nullopt;
    return disks_of(parse_mounts(*text));
}

DiskNames::DiskNames(const Machine& machine, const std::string& folder) {
    const auto path = "/dev/disk/" + folder;
    for (const auto& name : machine.list(path).value_or(std::vector<std::string>{}))
        if (const auto device = machine.link(path + "/" + name))
            names_.emplace_back(last_part(*device), readable(udev_name(name)));
}

std::optional<std::string> DiskNames::of(const Mount& mount) const {
    if (!mount.source.starts_with("/dev/")) return std::nullopt;
    for (const auto& [device, name] : names_)
        if (device == last_part(mount.source)) return name;
    return std::nullopt;
}

}  // namespace mullion::cim
