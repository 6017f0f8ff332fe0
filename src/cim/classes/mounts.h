// Which mounted file systems are disks to Windows' eyes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cim/machine.h"
#include "cim/proc_files.h"

namespace mullion::cim {

// Win32_LogicalDisk.DriveType
enum class DriveType : std::uint32_t { removable = 2, local = 3, network = 4, optical = 5, memory = 6 };

struct MountedDisk {
    Mount mount;
    DriveType type = DriveType::local;
};

// Without those of the kernel itself (proc, cgroup …), what is mounted over, and further views of a file
// system that is there already (bind mounts, as containers have them for single files). By their mount
// points.
[[nodiscard]] std::vector<MountedDisk> disks_of(const std::vector<Mount>& mounts);
// Nothing where the table cannot be read.
[[nodiscard]] std::optional<std::vector<MountedDisk>> mounted_disks(const Machine& machine);

// The names that /dev/disk/by-label or by-uuid have for the device of a mount.
class DiskNames {
public:
    DiskNames(const Machine& machine, const std::string& folder);
    [[nodiscard]] std::optional<std::string> of(const Mount& mount) const;

private:
    std::vector<std::pair<std::string, std::string>> names_;  // Device ("sda1"), name.
};

}  // namespace mullion::cim
