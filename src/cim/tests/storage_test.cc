#include <gtest/gtest.h>

#include <mntent.h>
#include <sys/statvfs.h>

#include <cstdio>
#include <memory>

#include "cim/classes/classes.h"
#include "cim/tests/made_up.h"

namespace mullion::cim {
namespace {

constexpr std::string_view mounts =
    "20 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
    "21 20 0:5 / /proc rw - proc proc rw\n"
    "22 20 0:6 / /dev rw - devtmpfs udev rw\n"
    "23 22 0:7 / /dev/shm rw - tmpfs tmpfs rw\n"
    "24 20 8:2 / /over rw - ext4 /dev/sda2 rw\n"
    "25 20 8:3 / /over rw - xfs /dev/sda3 rw\n"
    "26 20 8:1 /etc/hosts /etc/hosts rw - ext4 /dev/sda1 rw\n"
    "27 20 0:50 / /net rw - nfs4 server:/export rw\n"
    "28 20 11:0 / /cd ro - iso9660 /dev/sr0 ro\n"
    "29 20 0:33 /@home /home rw - btrfs /dev/sdb rw\n"
    "30 20 0:33 /@var /var\\040x rw - btrfs /dev/sdb rw\n"
    "31 20 0:9 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n"
    "32 20 8:4 / /b\xff\\011d rw - ext4 /dev/sda4 rw\n";

TEST(LogicalDisk, ShowsWhatIsMountedAndNotTheKernelsOwn) {
    MadeUp made;
    made.file("/proc/self/mountinfo", mounts)
        .file("/proc/sys/kernel/hostname", "box\n")
        .link("/dev/disk/by-label/My\\x20Disk", "../../sda1")
        .link("/dev/disk/by-uuid/1234-ABCD", "../../sda1");
    made.sizes["/"] = {4096, 1000, 300, 255, false};
    const auto rows = rows_of(logical_disk(), made.machine);
    std::vector<std::string> names;
    for (const auto& row : rows) names.push_back(text_of(row, "DeviceID"));
    EXPECT_EQ(names, (std::vector<std::string>{"/", "/b\\xff\td", "/cd", "/dev/shm", "/home", "/net", "/over",
                                               "/var x"}));
    const auto& root = rows.at(0);
    EXPECT_EQ(number_of(root, "Size"), 1000u);
    EXPECT_EQ(number_of(root, "FreeSpace"), 300u);
    EXPECT_EQ(number_of(root, "DriveType"), 3u);
    EXPECT_EQ(text_of(root, "VolumeName"), "My Disk");
    EXPECT_EQ(text_of(root, "VolumeSerialNumber"), "1234-ABCD");
    EXPECT_EQ(text_of(root, "SystemName"), "box");
    EXPECT_EQ(text_of(*row_of(rows, "DeviceID", "/over"), "FileSystem"), "xfs");
    const auto& remote = *row_of(rows, "DeviceID", "/net");
    EXPECT_EQ(number_of(remote, "DriveType"), 4u);
    EXPECT_EQ(text_of(remote, "ProviderName"), "server:/export");
    EXPECT_TRUE(is_null(remote, "Size"));
    const auto& disc = *row_of(rows, "DeviceID", "/cd");
    EXPECT_EQ(number_of(disc, "DriveType"), 5u);
    EXPECT_EQ(number_of(disc, "Access"), 1u);
    EXPECT_EQ(number_of(*row_of(rows, "DeviceID", "/dev/shm"), "DriveType"), 6u);
}

TEST(LogicalDisk, OfAContainerIsOneForEachFileSystem) {
    MadeUp made;
    made.file("/proc/self/mountinfo",
              "20 1 0:70 / / rw - overlay overlay rw,lowerdir=/x\n"
              "21 20 8:1 /var/lib/a/hosts /etc/hosts rw - ext4 /dev/sda1 rw\n"
              "22 20 8:1 /var/lib/a/hostname /etc/hostname rw - ext4 /dev/sda1 rw\n");
    const auto rows = rows_of(logical_disk(), made.machine);
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(text_of(rows[1], "DeviceID"), "/etc/hosts");
}

TEST(LogicalDisk, AsksForNoSizeThatNobodyWants) {
    MadeUp made;
    made.file("/proc/self/mountinfo", mounts);
    unsigned asked = 0;
    made.machine.file_system = [&](const std::string&) {
        ++asked;
        return std::optional<FileSystemSize>();
    };
    (void)rows_of(logical_disk(), made.machine, {Wanted({"deviceid"}), {}});
    EXPECT_EQ(asked, 0u);
    (void)rows_of(logical_disk(), made.machine, {Wanted({"SIZE"}), {}});
    EXPECT_EQ(asked, 8u);
}

TEST(LogicalDisk, WithoutTheTableIsAFaultAndNotNone) {
    MadeUp made;
    Gathered gathered;
    EXPECT_TRUE(logical_disk().enumerate(made.machine, {}, gathered));
    EXPECT_TRUE(volume().enumerate(made.machine, {}, gathered));
}

TEST(LogicalDisk, StopsWhenToldTo) {
    MadeUp made;
    made.file("/proc/self/mountinfo", mounts);
    Gathered gathered;
    gathered.most = 2;
    EXPECT_FALSE(logical_disk().enumerate(made.machine, {}, gathered));
    EXPECT_EQ(gathered.rows.size(), 2u);
}

TEST(Volume, AgreesWithThisMachine) {
    const auto rows = rows_of(volume(), this_machine());
    const auto* root = row_of(rows, "DeviceID", "/");
    ASSERT_NE(root, nullptr);
    struct statvfs found = {};
    ASSERT_EQ(::statvfs("/", &found), 0);
    EXPECT_EQ(number_of(*root, "Capacity"), found.f_blocks * found.f_frsize);
    EXPECT_NEAR(static_cast<double>(number_of(*root, "FreeSpace")),
                static_cast<double>(found.f_bavail * found.f_frsize), 4e9);
    // The library's own reader of mounts; the last one at a place is the one that is seen.
    const std::unique_ptr<FILE, int (*)(FILE*)> table(::setmntent("/proc/self/mounts", "r"), ::endmntent);
    ASSERT_NE(table, nullptr);
    std::string type;
    while (const auto* entry = ::getmntent(table.get()))
        if (std::string_view(entry->mnt_dir) == "/") type = entry->mnt_type;
    EXPECT_EQ(text_of(*root, "FileSystem"), type);
    EXPECT_EQ(text_of(*root, "BootVolume"), "TRUE");
    EXPECT_TRUE(is_null(*root, "DriveLetter"));
}

TEST(PageFileUsage, IsInMegabytes) {
    MadeUp made;
    EXPECT_TRUE(rows_of(page_file_usage(), made.machine).empty());
    made.file("/proc/swaps", "Filename Type Size Used Priority\n/dev/sda2 partition 2097148 10240 -2\n");
    const auto rows = rows_of(page_file_usage(), made.machine);
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_EQ(text_of(rows[0], "Name"), "/dev/sda2");
    EXPECT_EQ(number_of(rows[0], "AllocatedBaseSize"), 2047u);
    EXPECT_EQ(number_of(rows[0], "CurrentUsage"), 10u);
    EXPECT_TRUE(is_null(rows[0], "PeakUsage"));
}

}  // namespace
}  // namespace mullion::cim
