#include <gtest/gtest.h>

#include <fmt/core.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cim/classes/classes.h"
#include "cim/tests/made_up.h"

namespace mullion::cim {
namespace {

Instance only(const Provider& provider, const Machine& machine) {
    auto rows = rows_of(provider, machine);
    EXPECT_EQ(rows.size(), 1u);
    return std::move(rows.at(0));
}

Moment moment_of(const Instance& row, std::string_view property) {
    const auto* value = row.find(property);
    return std::get<Moment>(std::get<Scalar>(*value));
}

TEST(OperatingSystem, TellsWhatTheFilesSay) {
    MadeUp made;
    made.file("/proc/meminfo",
              "MemTotal: 1000 kB\nMemFree: 10 kB\nMemAvailable: 400 kB\nSwapTotal: 50 kB\nSwapFree: 40 kB\n")
        .file("/proc/stat", "cpu 1 2 3 4\nbtime 1600000000\n")
        .file("/proc/sys/kernel/hostname", "box.example.org\n")
        .file("/proc/sys/kernel/osrelease", "6.1.0-9-amd64\n")
        .file("/proc/sys/kernel/pid_max", "32768\n")
        .file("/etc/os-release", "PRETTY_NAME=\"Some Linux 7\"\nVERSION_ID=\"7.1\"\n")
        .file("/run/systemd/sessions/1", "UID=0\nCLASS=user\n")
        .file("/run/systemd/sessions/2", "UID=0\nCLASS=manager\n")
        .folder("/proc/1")
        .folder("/proc/20")
        .folder("/proc/fs");
    const auto row = only(operating_system(), made.machine);
    EXPECT_EQ(text_of(row, "caption"), "Some Linux 7");
    EXPECT_EQ(text_of(row, "Version"), "7.1");
    EXPECT_EQ(text_of(row, "BuildNumber"), "6.1.0-9-amd64");
    EXPECT_EQ(text_of(row, "CSName"), "box.example.org");
    EXPECT_EQ(text_of(row, "OSArchitecture"), "64-bit");
    EXPECT_EQ(number_of(row, "TotalVisibleMemorySize"), 1000u);
    EXPECT_EQ(number_of(row, "FreePhysicalMemory"), 400u);
    EXPECT_EQ(number_of(row, "TotalVirtualMemorySize"), 1050u);
    EXPECT_EQ(number_of(row, "FreeVirtualMemory"), 440u);
    EXPECT_EQ(number_of(row, "SizeStoredInPagingFiles"), 50u);
    EXPECT_EQ(number_of(row, "FreeSpaceInPagingFiles"), 40u);
    EXPECT_EQ(number_of(row, "NumberOfProcesses"), 2u);
    EXPECT_EQ(number_of(row, "NumberOfUsers"), 1u);
    EXPECT_EQ(number_of(row, "MaxNumberOfProcesses"), 32768u);
    EXPECT_EQ(number_of(row, "OSType"), 36u);
    EXPECT_EQ(moment_of(row, "LastBootUpTime"), (Moment{1'600'000'000'000'000, 60}));
    EXPECT_EQ(moment_of(row, "LocalDateTime"), (Moment{1'700'000'000'123'456, 60}));
    EXPECT_EQ(text_of(row, "CurrentTimeZone"), "60");
    EXPECT_TRUE(is_null(row, "InstallDate"));
    EXPECT_TRUE(is_null(row, "SystemDrive"));
}

TEST(OperatingSystem, IsNullWhereNothingCanBeRead) {
    MadeUp made;
    made.machine.architecture.clear();
    const auto row = only(operating_system(), made.machine);
    for (const auto* name : {"Caption", "Version", "CSName", "TotalVisibleMemorySize", "FreePhysicalMemory",
                             "LastBootUpTime", "NumberOfProcesses", "NumberOfUsers", "OSArchitecture"})
        EXPECT_TRUE(is_null(row, name)) << name;
}

TEST(OperatingSystem, CountsNothingForNobody) {
    MadeUp made;
    made.folder("/proc/1");
    const auto rows = rows_of(operating_system(), made.machine, {Wanted({"Caption"}), {}});
    EXPECT_TRUE(is_null(rows.at(0), "NumberOfProcesses"));
}

TEST(OperatingSystem, AgreesWithThisMachine) {
    const auto row = only(operating_system(), this_machine());
    struct sysinfo info = {};
    ASSERT_EQ(::sysinfo(&info), 0);
    EXPECT_EQ(number_of(row, "TotalVisibleMemorySize"), info.totalram * info.mem_unit / 1024);
    EXPECT_EQ(number_of(row, "SizeStoredInPagingFiles"), info.totalswap * info.mem_unit / 1024);
    utsname name = {};
    ASSERT_EQ(::uname(&name), 0);
    EXPECT_EQ(text_of(row, "BuildNumber"), name.release);
    EXPECT_EQ(text_of(row, "CSName"), name.nodename);
    const auto booted = ::time(nullptr) - info.uptime;
    EXPECT_NEAR(static_cast<double>(moment_of(row, "LastBootUpTime").microseconds) / 1e6, booted, 3);
}

TEST(ComputerSystem, TellsWhatTheFilesSay) {
    MadeUp made;
    made.file("/proc/sys/kernel/hostname", "box.example.org\n")
        .file("/proc/meminfo", "MemTotal: 1000 kB\n")
        .file("/sys/class/dmi/id/sys_vendor", "ACME  \n")
        .file("/sys/class/dmi/id/product_name", "Rocket \xff\n")
        .file("/proc/cpuinfo",
              "processor : 0\nphysical id : 0\nflags : lm hypervisor\n\nprocessor : 1\nphysical id : 0\n\n"
              "processor : 2\nphysical id : 1\n");
    const auto row = only(computer_system(), made.machine);
    EXPECT_EQ(text_of(row, "Name"), "box.example.org");
    EXPECT_EQ(text_of(row, "DNSHostName"), "box");
    EXPECT_EQ(text_of(row, "Domain"), "example.org");
    EXPECT_EQ(text_of(row, "Manufacturer"), "ACME");
    EXPECT_EQ(text_of(row, "Model"), "Rocket \\xff");
    EXPECT_EQ(number_of(row, "NumberOfLogicalProcessors"), 3u);
    EXPECT_EQ(number_of(row, "NumberOfProcessors"), 2u);
    EXPECT_EQ(text_of(row, "HypervisorPresent"), "TRUE");
    EXPECT_EQ(text_of(row, "SystemType"), "x64-based PC");
    EXPECT_EQ(number_of(row, "TotalPhysicalMemory"), 1000u * 1024);
    EXPECT_TRUE(is_null(row, "PartOfDomain"));
}

TEST(ComputerSystem, HasNoDomainWithoutADot) {
    MadeUp made;
    made.file("/proc/sys/kernel/hostname", "box\n");
    const auto row = only(computer_system(), made.machine);
    EXPECT_TRUE(is_null(row, "Domain"));
    EXPECT_TRUE(is_null(row, "NumberOfProcessors"));
}

TEST(ComputerSystem, AgreesWithThisMachine) {
    const auto row = only(computer_system(), this_machine());
    EXPECT_EQ(number_of(row, "NumberOfLogicalProcessors"),
              static_cast<std::uint64_t>(::sysconf(_SC_NPROCESSORS_ONLN)));
}

TEST(CurrentTime, IsUtcOrLocal) {
    MadeUp made;
    made.machine.utc_offset = [](std::int64_t) { return std::int16_t{-120}; };
    made.machine.times = [] { return Times{1'709'254'861'999'999, 0}; };  // Fri 2024-03-01 01:01:01 UTC
    const auto utc = only(utc_time(), made.machine);
    EXPECT_EQ(text_of(utc, "Year"), "2024");
    EXPECT_EQ(text_of(utc, "Month"), "3");
    EXPECT_EQ(text_of(utc, "Day"), "1");
    EXPECT_EQ(text_of(utc, "DayOfWeek"), "5");
    EXPECT_EQ(text_of(utc, "Quarter"), "1");
    EXPECT_EQ(text_of(utc, "WeekInMonth"), "1");
    EXPECT_EQ(text_of(utc, "Hour"), "1");
    EXPECT_EQ(text_of(utc, "Minute"), "1");
    EXPECT_EQ(text_of(utc, "Second"), "1");
    EXPECT_TRUE(is_null(utc, "Milliseconds"));
    const auto local = only(local_time(), made.machine);
    EXPECT_EQ(text_of(local, "Day"), "29");
    EXPECT_EQ(text_of(local, "Hour"), "23");
    EXPECT_EQ(text_of(local, "WeekInMonth"), "5");
}

TEST(Processor, IsOneForEachSocket) {
    MadeUp made;
    std::string info;
    for (int cpu = 0; cpu < 8; ++cpu) {
        info += fmt::format(
            "processor\t: {}\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 167\nmodel name\t: "
            "Fast\nstepping\t: 8\ncpu MHz\t\t: 1999.6\nphysical id\t: {}\ncore id\t: {}\nflags\t: lm vmx\n\n",
            cpu, cpu / 4, cpu % 4 / 2);
        const auto folder = fmt::format("/sys/devices/system/cpu/cpu{}/", cpu);
        made.file(folder + "cache/index0/level", "1\n").file(folder + "cache/index0/size", "32K\n");
        made.file(folder + "cache/index1/level", "2\n")
            .file(folder + "cache/index1/size", "512K\n")
            .file(folder + "cache/index1/shared_cpu_list", fmt::format("{}-{}\n", cpu & ~1, cpu | 1));
        made.file(folder + "cpufreq/cpuinfo_max_freq", "3600000\n");
    }
    made.file("/proc/cpuinfo", info);
    const auto rows = rows_of(processor(), made.machine);
    ASSERT_EQ(rows.size(), 2u);
    const auto& row = rows[1];
    EXPECT_EQ(text_of(row, "DeviceID"), "CPU1");
    EXPECT_EQ(number_of(row, "NumberOfCores"), 2u);
    EXPECT_EQ(number_of(row, "NumberOfLogicalProcessors"), 4u);
    EXPECT_EQ(number_of(row, "L2CacheSize"), 1024u);
    EXPECT_TRUE(is_null(row, "L3CacheSize"));
    EXPECT_EQ(number_of(row, "CurrentClockSpeed"), 2000u);
    EXPECT_EQ(number_of(row, "MaxClockSpeed"), 3600u);
    EXPECT_EQ(number_of(row, "Revision"), 167u * 256 + 8);
    EXPECT_EQ(text_of(row, "VMMonitorModeExtensions"), "TRUE");
    EXPECT_TRUE(is_null(row, "LoadPercentage"));
}

TEST(Processor, NoneIsListedAndNoneCanBeRead) {
    MadeUp made;
    Gathered gathered;
    const auto fault = processor().enumerate(made.machine, {}, gathered);
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->text(), "/proc/cpuinfo cannot be read on this machine");
    made.file("/proc/cpuinfo", "Hardware : x\n");
    EXPECT_TRUE(rows_of(processor(), made.machine).empty());
}

}  // namespace
}  // namespace mullion::cim
