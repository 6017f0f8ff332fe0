// Win32_LogicalDisk and Win32_Volume: mounted file systems, named by their mount points.
#include <string_view>

#include "cim/classes/bases.h"
#include "cim/classes/classes.h"
#include "cim/classes/common.h"
#include "cim/classes/mounts.h"

namespace mullion::cim {
namespace {

using enum Type;

constexpr PropertyDef disk_properties[] = {{"Compressed", boolean},
                                           {"DeviceID", string, true},
                                           {"DriveType", uint32},
                                           {"FileSystem"},
                                           {"MaximumComponentLength", uint32},
                                           {"MediaType", uint32},
                                           {"ProviderName"},
                                           {"QuotasDisabled", boolean},
                                           {"QuotasIncomplete", boolean},
                                           {"QuotasRebuilding", boolean},
                                           {"SupportsDiskQuotas", boolean},
                                           {"SupportsFileBasedCompression", boolean},
                                           {"VolumeDirty", boolean},
                                           {"VolumeName"},
                                           {"VolumeSerialNumber"}};

constexpr PropertyDef volume_properties[] = {{"Automount", boolean},
                                             {"BootVolume", boolean},
                                             {"Capacity", uint64},
                                             {"Compressed", boolean},
                                             {"DeviceID", string, true},
                                             {"DirtyBitSet", boolean},
                                             {"DriveLetter"},
                                             {"DriveType", uint32},
                                             {"FileSystem"},
                                             {"FreeSpace", uint64},
                                             {"IndexingEnabled", boolean},
                                             {"Label"},
                                             {"MaximumFileNameLength", uint32},
                                             {"PageFilePresent", boolean},
                                             {"QuotasEnabled", boolean},
                                             {"QuotasIncomplete", boolean},
                                             {"QuotasRebuilding", boolean},
                                             {"SerialNumber", uint32},
                                             {"SupportsDiskQuotas", boolean},
                                             {"SupportsFileBasedCompression", boolean},
                                             {"SystemVolume", boolean}};

constinit const ClassDef disk_definition = {
    "Win32_LogicalDisk", &cim_logical_disk, disk_properties, {}, false, false, "root/cimv2"};
constinit const ClassDef volume_definition = {
    "Win32_Volume", &cim_storage_volume, volume_properties, {}, false, false, "root/cimv2"};

std::string_view description(DriveType type) {
    switch (type) {
        case DriveType::removable:
            return "Removable Disk";
        case DriveType::network:
            return "Network Connection";
        case DriveType::optical:
            return "CD-ROM Disc";
        case DriveType::memory:
            return "RAM Disk";
        case DriveType::local:
            break;
    }
    return "Local Fixed Disk";
}

// What the kernel has to be asked for each, which a server that is away can make slow: not for nobody.
constexpr std::string_view sized[] = {
    "BlockSize", "Capacity", "FreeSpace", "MaximumComponentLength", "MaximumFileNameLength", "Size"};

std::optional<FileSystemSize> size_of(const Machine& machine, const Wanted& wanted, const Mount& mount) {
    for (const auto name : sized)
        if (wanted.has(name)) return machine.file_system(machine.below_root(mount.point));
    return std::nullopt;
}

// Both classes have these under the same names.
void set_common(const Machine& machine, const MountedDisk& disk, Instance& instance) {
    const auto point = readable(disk.mount.point);
    set_device(instance, machine);
    instance.set("DeviceID", point)
        .set("Name", point)
        .set("Caption", point)
        .set("Description", description(disk.type))
        .set("DriveType", static_cast<std::uint32_t>(disk.type))
        .set("FileSystem", readable(disk.mount.type));
}

class Disks : public Provider {
public:
    using Provider::Provider;

    std::optional<Fault> enumerate(const Machine& machine, const Question& question,
                                   Sink& sink) const override {
        const auto disks = mounted_disks(machine);
        if (!disks) return Fault{Fault::Kind::unreadable, "/proc/self/mountinfo"};
        const DiskNames labels(machine, "by-label"), ids(machine, "by-uuid");
        for (const auto& disk : *disks) {
            auto instance = make();
            set_common(machine, disk, instance);
            fill(disk, size_of(machine, question.wanted, disk.mount), labels, ids, instance);
            if (!sink.put(std::move(instance))) break;
        }
        return std::nullopt;
    }

private:
    virtual void fill(const MountedDisk& disk, const std::optional<FileSystemSize>& size,
                      const DiskNames& labels, const DiskNames& ids, Instance& instance) const = 0;
};

class LogicalDisk final : public Disks {
public:
    LogicalDisk() : Disks(disk_definition) {}

private:
    void fill(const MountedDisk& disk, const std::optional<FileSystemSize>& size, const DiskNames& labels,
              const DiskNames& ids, Instance& instance) const override {
        constexpr std::uint16_t readable_only = 1, read_write = 3;
        constexpr std::uint32_t fixed_medium = 12;
        instance.set("VolumeName", labels.of(disk.mount)).set("VolumeSerialNumber", ids.of(disk.mount));
        if (disk.type == DriveType::local) instance.set("MediaType", fixed_medium);
        if (disk.type == DriveType::network) instance.set("ProviderName", readable(disk.mount.source));
        instance.set("Access", disk.mount.read_only ? readable_only : read_write);
        if (!size) return;
        instance.set("Size", size->size)
            .set("FreeSpace", size->available)
            .set("MaximumComponentLength", size->name_length);
    }
};

class Volume final : public Disks {
public:
    Volume() : Disks(volume_definition) {}

private:
    void fill(const MountedDisk& disk, const std::optional<FileSystemSize>& size, const DiskNames& labels,
              const DiskNames&, Instance& instance) const override {
        instance.set("Label", labels.of(disk.mount)).set("BootVolume", disk.mount.point == "/");
        if (!size) return;
        instance.set("Capacity", size->size)
            .set("FreeSpace", size->available)
            .set("BlockSize", size->block)
            .set("MaximumFileNameLength", size->name_length);
    }
};

}  // namespace

const Provider& logical_disk() {
    static const LogicalDisk provider;
    return provider;
}

const Provider& volume() {
    static const Volume provider;
    return provider;
}

}  // namespace mullion::cim
