// What collectors make of rows in the form that hosts send them.
#include <gtest/gtest.h>

#include "exporter/collectors/all.h"
#include "exporter/tests/tables.h"

namespace mullion::exporter::tests {
namespace {

constexpr const char* null = nullptr;

bool has(const ScrapeResult& result, const std::string& line) {
    return ("\n" + result.text).find("\n" + line + "\n") != std::string::npos;
}
bool mentions(const ScrapeResult& result, const std::string& text) {
    return result.text.find(text) != std::string::npos;
}

TEST(CpuCollector, DividesBy100NsAndLeavesTotalsOut) {
    const auto result =
        scrape({&cpu_collector}, {{"Win32_PerfRawData_Counters_ProcessorInformation",
                                   answer({row({{"Name", "0,0"},
                                                {"PercentIdleTime", "123456789012"},
                                                {"PercentUserTime", "5"},
                                                {"PercentC3Time", "0"},
                                                {"InterruptsPersec", "4294967295"},
                                                {"ParkingStatus", null}}),
                                           row({{"Name", "0,1"}, {"PercentIdleTime", "10000000"}}),
                                           row({{"Name", "0,_Total"}, {"PercentIdleTime", "7"}}),
                                           row({{"Name", "_Total"}, {"PercentIdleTime", "7"}})})}});
    EXPECT_TRUE(has(result, "windows_cpu_time_total{core=\"0,0\",mode=\"idle\"} 12345.6789012"));
    EXPECT_TRUE(has(result, "windows_cpu_time_total{core=\"0,0\",mode=\"user\"} 5e-07"));
    EXPECT_TRUE(has(result, "windows_cpu_time_total{core=\"0,1\",mode=\"idle\"} 1"));
    EXPECT_TRUE(has(result, "windows_cpu_cstate_seconds_total{core=\"0,0\",state=\"c3\"} 0"));
    EXPECT_TRUE(has(result, "windows_cpu_interrupts_total{core=\"0,0\"} 4294967295"));
    EXPECT_TRUE(has(result, "windows_cpu_logical_processor 2"));
    EXPECT_FALSE(mentions(result, "Total"));
    EXPECT_FALSE(mentions(result, "windows_cpu_parking_status")) << "null is no 0";
    EXPECT_TRUE(result.success);
}

TEST(CpuInfoCollector, TakesBlanksAtTheEndOfNamesAway) {
    const auto result =
        scrape({&cpu_info_collector}, {{"Win32_Processor", answer({row({{"DeviceID", "CPU0"},
                                                                        {"Architecture", "9"},
                                                                        {"Family", "179"},
                                                                        {"Name", "Xeon(R) Gold   "},
                                                                        {"Description", "Intel64 Family 6"},
                                                                        {"NumberOfCores", "4"},
                                                                        {"L3CacheSize", "16384"},
                                                                        {"ThreadCount", "8"}})})}});
    EXPECT_TRUE(has(result,
                    "windows_cpu_info{architecture=\"9\",device_id=\"CPU0\",description=\"Intel64 Family "
                    "6\",family=\"179\",name=\"Xeon(R) Gold\"} 1"));
    EXPECT_TRUE(has(result, "windows_cpu_info_core{device_id=\"CPU0\"} 4"));
    EXPECT_TRUE(has(result, "windows_cpu_info_l3_cache_size{device_id=\"CPU0\"} 16384"));
    EXPECT_TRUE(has(result, "windows_cpu_info_thread{device_id=\"CPU0\"} 8"));
}

TEST(MemoryCollector, KilobytesOfTheSystemAndBytesOfTheCounters) {
    const auto result = scrape(
        {&memory_collector},
        {{"Win32_PerfRawData_PerfOS_Memory",
          answer({row(
              {{"AvailableBytes", "5368709120"}, {"PageFaultsPersec", "77"}, {"PoolPagedBytes", null}})})},
         {"Win32_OperatingSystem",
          answer({row({{"TotalVisibleMemorySize", "8388608"}, {"FreePhysicalMemory", "1024"}})})}});
    EXPECT_TRUE(has(result, "windows_memory_available_bytes 5368709120"));
    EXPECT_TRUE(has(result, "windows_memory_page_faults_total 77"));
    EXPECT_TRUE(has(result, "windows_memory_physical_total_bytes 8589934592"));
    EXPECT_TRUE(has(result, "windows_memory_physical_free_bytes 1048576"));
    EXPECT_FALSE(mentions(result, "windows_memory_pool_paged_bytes"));
}

TEST(PagefileCollector, MegabytesAndNoFileAtAllIsAnAnswer) {
    const auto result =
        scrape({&pagefile_collector}, {{"Win32_PageFileUsage", answer({row({{"Name", "C:\\pagefile.sys"},
                                                                            {"AllocatedBaseSize", "4096"},
                                                                            {"CurrentUsage", "96"}})})}});
    EXPECT_TRUE(has(result, "windows_pagefile_limit_bytes{file=\"C:\\\\pagefile.sys\"} 4294967296"));
    EXPECT_TRUE(has(result, "windows_pagefile_free_bytes{file=\"C:\\\\pagefile.sys\"} 4194304000"));
    EXPECT_TRUE(scrape({&pagefile_collector}, {{"Win32_PageFileUsage", answer(checks::Rows())}}).success);
}

// The numbers are a Server 2012's, whose counter ticks 62,500,000 times a second: 677134000 / 1e7 and
// 4232087500 / 62.5e6 are the same 67.7134 s. Of transfers the 32 bits have wrapped already.
TEST(DiskCollectors, TakeTheTimesOf64Bits) {
    const auto disk = row({{"Name", "0 C:"},
                           {"PercentDiskReadTime", "677134000"},
                           {"PercentDiskWriteTime", "207554000"},
                           {"PercentDiskTime", "884688000"},
                           {"AvgDisksecPerRead", "4232087500"},
                           {"AvgDisksecPerTransfer", "1234332704"},
                           {"PercentIdleTime", "99999990000000"},
                           {"DiskReadBytesPersec", "18446744073709551615"},
                           {"SplitIOPerSec", "3"}});
    const auto result = scrape({&physical_disk_collector},
                               {{"Win32_PerfRawData_PerfDisk_PhysicalDisk",
                                 answer({disk, row({{"Name", "_Total"}, {"SplitIOPerSec", "3"}})})}});
    EXPECT_TRUE(has(result, "windows_physical_disk_read_seconds_total{disk=\"0\"} 67.7134"));
    EXPECT_TRUE(has(result, "windows_physical_disk_read_latency_seconds_total{disk=\"0\"} 67.7134"));
    EXPECT_TRUE(has(result, "windows_physical_disk_read_write_latency_seconds_total{disk=\"0\"} 88.4688"));
    EXPECT_TRUE(has(result, "windows_physical_disk_idle_seconds_total{disk=\"0\"} 9999999"));
    EXPECT_TRUE(has(result, "windows_physical_disk_split_ios_total{disk=\"0\"} 3"));
    EXPECT_TRUE(has(result, "windows_physical_disk_read_bytes_total{disk=\"0\"} 18446744073709551616"));
    EXPECT_FALSE(mentions(result, "_Total"));
}

TEST(LogicalDiskCollector, SizesAreTheVolumesOwnWhereTheyAreKnown) {
    const checks::Rows counters = {
        row({{"Name", "C:"},
             {"DiskReadsPersec", "9"},
             {"PercentFreeSpace", "1"},
             {"PercentFreeSpace_Base", "2"}}),
        row({{"Name", "HarddiskVolume1"}, {"PercentFreeSpace", "50"}, {"PercentFreeSpace_Base", "100"}}),
        row({{"Name", "_Total"}, {"PercentFreeSpace", "51"}})};
    const checks::Rows volumes = {
        row({{"Name", "C:\\"},
             {"Capacity", "107374182400"},
             {"FreeSpace", "53687091200"},
             {"DriveType", "3"},
             {"FileSystem", "NTFS"},
             {"Label", "System"},
             {"SerialNumber", "3735928559"}}),
        row({{"Name", "\\\\?\\Volume{1}\\"}, {"Capacity", "104857600"}, {"DriveType", "3"}}),
        row({{"Name", "D:\\"},
             {"DriveType", "5"},
             {"Capacity", null},
             {"FreeSpace", null},
             {"FileSystem", null}}),
        row({{"Name", "E:\\data\\"}, {"Capacity", "1000"}, {"FreeSpace", "0"}, {"DriveType", "3"}})};
    const auto result = scrape(
        {&logical_disk_collector},
        {{"Win32_PerfRawData_PerfDisk_LogicalDisk", answer(counters)}, {"Win32_Volume", answer(volumes)}});
    EXPECT_TRUE(has(result, "windows_logical_disk_size_bytes{volume=\"C:\"} 107374182400"));
    EXPECT_TRUE(has(result, "windows_logical_disk_free_bytes{volume=\"C:\"} 53687091200"));
    EXPECT_TRUE(has(result, "windows_logical_disk_reads_total{volume=\"C:\"} 9"));
    EXPECT_TRUE(has(result,
                    "windows_logical_disk_info{type=\"fixed\",volume=\"C:\",volume_name=\"System\","
                    "filesystem=\"NTFS\",serial_number=\"DEADBEEF\"} 1"));
    EXPECT_TRUE(has(result, "windows_logical_disk_size_bytes{volume=\"HarddiskVolume1\"} 104857600"));
    EXPECT_TRUE(has(result, "windows_logical_disk_free_bytes{volume=\"HarddiskVolume1\"} 52428800"));
    EXPECT_TRUE(has(result, "windows_logical_disk_free_bytes{volume=\"E:\\\\data\"} 0"));
    EXPECT_FALSE(mentions(result, "D:"));
    EXPECT_FALSE(mentions(result, "Volume{1}"));
    EXPECT_EQ(result.dropped, 0U);
}

TEST(NetCollector, CardsHaveOneNameInAllOfItsClasses) {
    const auto result =
        scrape({&net_collector},
               {{"Win32_PerfRawData_Tcpip_NetworkInterface",
                 answer({row({{"Name", "Intel[R] 82574L _2"},
                              {"BytesReceivedPersec", "18446744073709551"},
                              {"CurrentBandwidth", "1000000000"}})})},
                {"Win32_NetworkAdapter", answer({row({{"Name", "Intel(R) 82574L #2"},
                                                      {"NetConnectionID", "Ethernet 2"},
                                                      {"MACAddress", "00:50:56:01:02:03"}}),
                                                 row({{"Name", "WAN Miniport (IP)"},
                                                      {"NetConnectionID", null},
                                                      {"MACAddress", "0A:00:00:00:00:01"}})})},
                {"Win32_NetworkAdapterConfiguration",
                 [] {
                     auto configuration = row({{"Description", "Intel(R) 82574L #2"}, {"IPEnabled", "true"}});
                     std::vector<wsman::cim::Value> addresses;
                     for (const auto* text : {"10.1.2.3", "fe80::1", "2001:db8::5", "169.254.3.4"})
                         addresses.emplace_back(wsman::cim::Scalar(std::string_view(text)));
                     configuration.set("IPAddress", std::move(addresses));
                     return answer({std::move(configuration)});
                 }()},
                {"MSFT_NetAdapter", answer({row({{"InterfaceDescription", "Intel(R) 82574L #2"},
                                                 {"InterfaceOperationalStatus", "7"}})})}});
    const std::string nic = "{nic=\"Intel[R] 82574L _2\"";
    EXPECT_TRUE(has(result, "windows_net_bytes_received_total" + nic + "} 18446744073709552"));
    EXPECT_TRUE(has(result, "windows_net_current_bandwidth_bytes" + nic + "} 125000000"));
    EXPECT_TRUE(has(
        result, "windows_net_nic_info" + nic + ",friendly_name=\"Ethernet 2\",mac=\"00:50:56:01:02:03\"} 1"));
    EXPECT_TRUE(
        has(result, "windows_net_nic_address_info" + nic + ",address=\"10.1.2.3\",family=\"ipv4\"} 1"));
    EXPECT_TRUE(
        has(result, "windows_net_nic_address_info" + nic + ",address=\"2001:db8::5\",family=\"ipv6\"} 1"));
    EXPECT_FALSE(mentions(result, "fe80")) << "nobody reaches it from elsewhere";
    EXPECT_FALSE(mentions(result, "169.254"));
    EXPECT_TRUE(has(result, "windows_net_nic_operation_status" + nic + ",status=\"lower layer down\"} 1"));
    EXPECT_TRUE(has(result, "windows_net_nic_operation_status" + nic + ",status=\"up\"} 0"));
    EXPECT_FALSE(mentions(result, "WAN"));
}

TEST(OsCollector, NamesAreThoseOfTheRegistryAndAWorkgroupIsNoDomain) {
    const auto system = answer({row({{"Caption", "Microsoft Windows Server 2022 Standard "},
                                     {"Version", "10.0.20348"},
                                     {"BuildNumber", "20348"},
                                     {"ProductType", "3"},
                                     {"InstallDate", "20260101120000.000000+060"}})});
    const auto member =
        scrape({&os_collector},
               {{"Win32_OperatingSystem", system},
                {"Win32_ComputerSystem",
                 answer({row({{"DNSHostName", "web01"}, {"Domain", "a.test"}, {"PartOfDomain", "true"}})})}});
    EXPECT_TRUE(has(member,
                    "windows_os_info{product=\"Windows Server 2022 "
                    "Standard\",version=\"10.0.20348\",major_version=\"10\","
                    "minor_version=\"0\",build_number=\"20348\",installation_type=\"Server\"} 1"));
    EXPECT_TRUE(
        has(member, "windows_os_hostname{hostname=\"web01\",domain=\"a.test\",fqdn=\"web01.a.test\"} 1"));
    EXPECT_TRUE(has(member, "windows_os_install_time_timestamp_seconds 1767265200"));
    const auto alone = scrape(
        {&os_collector},
        {{"Win32_OperatingSystem", system},
         {"Win32_ComputerSystem",
          answer({row({{"DNSHostName", "web01"}, {"Domain", "WORKGROUP"}, {"PartOfDomain", "false"}})})}});
    EXPECT_TRUE(has(alone, "windows_os_hostname{hostname=\"web01\",fqdn=\"web01\"} 1"));
}

TEST(SystemCollector, TheRawUpTimeIsWhenItBegan) {
    const auto result =
        scrape({&system_collector},
               {{"Win32_PerfRawData_PerfOS_System",
                 answer({row({{"SystemUpTime", "134117388000000000"}, {"Processes", "93"}})})},
                {"Win32_OperatingSystem", answer({row({{"MaxNumberOfProcesses", "4294967295"}})})}});
    EXPECT_TRUE(has(result, "windows_system_boot_time_timestamp 1767265200"));
    EXPECT_TRUE(has(result, "windows_system_processes 93"));
    EXPECT_TRUE(has(result, "windows_system_processes_limit 4294967295"));
    EXPECT_FALSE(mentions(result, "windows_system_threads"));
}

const checks::Rows services = {
    row({{"Name", "Themes"},
         {"DisplayName", "Themes"},
         {"PathName", "C:\\Windows\\System32\\svchost.exe -k netsvcs -p"},
         {"StartName", "LocalSystem"},
         {"State", "Running"},
         {"StartMode", "Auto"},
         {"ProcessId", "812"}}),
    row({{"Name", "Spooler"}, {"State", "Stop Pending"}, {"StartMode", "Disabled"}, {"ProcessId", "0"}}),
    row({{"Name", "odd"}, {"State", null}, {"StartMode", null}})};

TEST(ServiceCollector, StatesAreSeriesOfTheirOwn) {
    const auto result = scrape(
        {&service_collector},
        {{"Win32_Service", answer(services)},
         {"Win32_Process", answer({row({{"ProcessId", "812"}, {"CreationDate", "2026-01-01T11:00:00Z"}})})}});
    EXPECT_TRUE(has(result,
                    "windows_service_info{name=\"Themes\",display_name=\"Themes\",run_as=\"LocalSystem\","
                    "path_name=\"C:\\\\Windows\\\\System32\\\\svchost.exe -k netsvcs -p\"} 1"));
    EXPECT_TRUE(has(result, "windows_service_state{name=\"Themes\",state=\"running\"} 1"));
    EXPECT_TRUE(has(result, "windows_service_state{name=\"Themes\",state=\"stopped\"} 0"));
    EXPECT_TRUE(has(result, "windows_service_state{name=\"Spooler\",state=\"stop pending\"} 1"));
    EXPECT_TRUE(has(result, "windows_service_start_mode{name=\"Spooler\",start_mode=\"disabled\"} 1"));
    EXPECT_TRUE(has(result, "windows_service_process{name=\"Themes\",process_id=\"812\"} 1767265200"));
    EXPECT_FALSE(mentions(result, "state{name=\"odd\"")) << "what is null is in no state";
    EXPECT_FALSE(mentions(result, "process{name=\"Spooler\""));
}

TEST(ServiceCollector, FiltersAreOfTheWholeName) {
    Filters filters;
    filters.services = NameFilter::make("(?i)T.*|Spooler", "Spool.*").value();
    const auto result = scrape({&service_collector}, {{"Win32_Service", answer(services)}}, filters);
    EXPECT_TRUE(mentions(result, "name=\"Themes\""));
    EXPECT_FALSE(mentions(result, "name=\"Spooler\""));
    filters.services = NameFilter::make("The", "").value();
    EXPECT_FALSE(
        mentions(scrape({&service_collector}, {{"Win32_Service", answer(services)}}, filters), "Themes"));
    EXPECT_FALSE(NameFilter::make("(", "").ok());
}

TEST(ProcessCollector, OneNameWhateverItsNumberAndNoGhosts) {
    const auto result = scrape(
        {&process_collector},
        {{"Win32_PerfRawData_PerfProc_Process",
          answer({row({{"Name", "svchost#12"},
                       {"IDProcess", "700"},
                       {"CreatingProcessID", "4"},
                       {"ElapsedTime", "134117388000000000"},
                       {"PercentUserTime", "30000000"},
                       {"PercentPrivilegedTime", "10000000"},
                       {"IOReadBytesPersec", "5"},
                       {"PoolPagedBytes", "6"},
                       {"WorkingSet", "7"}}),
                  row({{"Name", "Idle"}, {"IDProcess", "0"}, {"ElapsedTime", "0"}}),
                  row({{"Name", "gone"}, {"IDProcess", "0"}}), row({{"Name", "c#"}, {"IDProcess", "8"}}),
                  row({{"Name", "_Total"}, {"IDProcess", "0"}})})}});
    const std::string labels = "process=\"svchost\",process_id=\"700\"";
    EXPECT_TRUE(has(result, "windows_process_info{" + labels + ",creating_process_id=\"4\"} 1"));
    EXPECT_TRUE(has(result, "windows_process_start_time_seconds_timestamp{" + labels + "} 1767265200"));
    EXPECT_TRUE(has(result, "windows_process_cpu_time_total{" + labels + ",mode=\"user\"} 3"));
    EXPECT_TRUE(has(result, "windows_process_io_bytes_total{" + labels + ",mode=\"read\"} 5"));
    EXPECT_TRUE(has(result, "windows_process_pool_bytes{" + labels + ",pool=\"paged\"} 6"));
    EXPECT_TRUE(has(result, "windows_process_working_set_bytes{" + labels + "} 7"));
    EXPECT_TRUE(mentions(result, "process=\"Idle\",process_id=\"0\""));
    EXPECT_TRUE(mentions(result, "process=\"c#\""));
    EXPECT_FALSE(mentions(result, "gone"));
    EXPECT_FALSE(mentions(result, "start_time_seconds_timestamp{process=\"Idle\""));
}

TEST(TcpAndUdpCollectors, FamiliesOfAddressesAreALabel) {
    const auto result =
        scrape({&tcp_collector, &udp_collector},
               {{"Win32_PerfRawData_Tcpip_TCPv4", answer({row({{"ConnectionsEstablished", "4"}})})},
                {"Win32_PerfRawData_Tcpip_TCPv6", answer({row({{"ConnectionsEstablished", "6"}})})},
                {"Win32_PerfRawData_Tcpip_UDPv4", answer({row({{"DatagramsSentPersec", "1"}})})},
                {"Win32_PerfRawData_Tcpip_UDPv6", answer(checks::Rows())}});
    EXPECT_TRUE(has(result, "windows_tcp_connections_established{af=\"ipv4\"} 4"));
    EXPECT_TRUE(has(result, "windows_tcp_connections_established{af=\"ipv6\"} 6"));
    EXPECT_TRUE(has(result, "windows_udp_datagram_sent_total{af=\"ipv4\"} 1"));
    EXPECT_TRUE(result.success);
}

TEST(TimeCollector, MicrosecondsAndTheHostsOwnOffset) {
    const auto result =
        scrape({&time_collector},
               {{"Win32_OperatingSystem", answer({row({{"LocalDateTime", "20260101120000.250000+060"}})})},
                {"Win32_TimeZone", answer({row({{"StandardName", "W. Europe Standard Time"}})})},
                {"Win32_PerfRawData_MicrosoftWindowsW32TimePerf_WindowsTimeService",
                 answer({row({{"ComputedTimeOffset", "2500"}, {"NTPClientTimeSourceCount", "1"}})})}});
    EXPECT_TRUE(has(result, "windows_time_current_timestamp_seconds 1767265200.25"));
    EXPECT_TRUE(has(result, "windows_time_timezone{timezone=\"W. Europe Standard Time\"} 1"));
    EXPECT_TRUE(has(result, "windows_time_computed_time_offset_seconds 0.0025"));
}

TEST(TerminalServicesCollector, CountsSessions) {
    const auto result = scrape({&terminal_services_collector},
                               {{"Win32_PerfRawData_LocalSessionManager_TerminalServices",
                                 answer({row({{"ActiveSessions", "2"}, {"InactiveSessions", "3"}})})}});
    EXPECT_TRUE(has(result, "wsman_terminal_services_sessions{state=\"active\"} 2"));
    EXPECT_TRUE(has(result, "wsman_terminal_services_sessions{state=\"inactive\"} 3"));
}

}  // namespace
}  // namespace mullion::exporter::tests
