#include "cim/classes/bases.h"

namespace mullion::cim {
namespace {

using enum Type;

constexpr PropertyDef element_properties[] = {
    {"Caption"}, {"Description"}, {"InstallDate", datetime}, {"Name"}, {"Status"}};

constexpr PropertyDef system_properties[] = {{"CreationClassName"},
                                             {"NameFormat"},
                                             {"PrimaryOwnerContact"},
                                             {"PrimaryOwnerName"},
                                             {"Roles", string, false, true}};

constexpr PropertyDef unitary_properties[] = {{"InitialLoadInfo", string, false, true},
                                              {"LastLoadInfo"},
                                              {"PowerManagementCapabilities", uint16, false, true},
                                              {"PowerManagementSupported", boolean},
                                              {"PowerState", uint16},
                                              {"ResetCapability", uint16}};

constexpr PropertyDef operating_system_properties[] = {{"CreationClassName"},
                                                       {"CSCreationClassName"},
                                                       {"CSName"},
                                                       {"CurrentTimeZone", sint16},
                                                       {"Distributed", boolean},
                                                       {"FreePhysicalMemory", uint64},
                                                       {"FreeSpaceInPagingFiles", uint64},
                                                       {"FreeVirtualMemory", uint64},
                                                       {"LastBootUpTime", datetime},
                                                       {"LocalDateTime", datetime},
                                                       {"MaxNumberOfProcesses", uint32},
                                                       {"MaxProcessMemorySize", uint64},
                                                       {"NumberOfLicensedUsers", uint32},
                                                       {"NumberOfProcesses", uint32},
                                                       {"NumberOfUsers", uint32},
                                                       {"OSType", uint16},
                                                       {"OtherTypeDescription"},
                                                       {"SizeStoredInPagingFiles", uint64},
                                                       {"TotalSwapSpaceSize", uint64},
                                                       {"TotalVirtualMemorySize", uint64},
                                                       {"TotalVisibleMemorySize", uint64},
                                                       {"Version"}};

constexpr PropertyDef device_properties[] = {{"Availability", uint16},
                                             {"ConfigManagerErrorCode", uint32},
                                             {"ConfigManagerUserConfig", boolean},
                                             {"CreationClassName"},
                                             {"DeviceID"},
                                             {"ErrorCleared", boolean},
                                             {"ErrorDescription"},
                                             {"LastErrorCode", uint32},
                                             {"PNPDeviceID"},
                                             {"PowerManagementCapabilities", uint16, false, true},
                                             {"PowerManagementSupported", boolean},
                                             {"StatusInfo", uint16},
                                             {"SystemCreationClassName"},
                                             {"SystemName"}};

constexpr PropertyDef processor_properties[] = {{"AddressWidth", uint16},
                                                {"CurrentClockSpeed", uint32},
                                                {"DataWidth", uint16},
                                                {"Family", uint16},
                                                {"LoadPercentage", uint16},
                                                {"MaxClockSpeed", uint32},
                                                {"OtherFamilyDescription"},
                                                {"Role"},
                                                {"Stepping"},
                                                {"UniqueId"},
                                                {"UpgradeMethod", uint16}};

constexpr PropertyDef extent_properties[] = {
    {"Access", uint16}, {"BlockSize", uint64}, {"ErrorMethodology"}, {"NumberOfBlocks", uint64}, {"Purpose"}};

constexpr PropertyDef logical_disk_properties[] = {{"FreeSpace", uint64}, {"Size", uint64}};

constexpr PropertyDef process_properties[] = {{"CreationClassName"},
                                              {"CreationDate", datetime},
                                              {"CSCreationClassName"},
                                              {"CSName"},
                                              {"ExecutionState", uint16},
                                              {"Handle"},
                                              {"KernelModeTime", uint64},
                                              {"OSCreationClassName"},
                                              {"OSName"},
                                              {"Priority", uint32},
                                              {"TerminationDate", datetime},
                                              {"UserModeTime", uint64},
                                              {"WorkingSetSize", uint64}};

constexpr ClassDef abstract(std::string_view name, const ClassDef* base,
                            std::span<const PropertyDef> properties = {}) {
    return {name, base, properties, {}, true, false, "root/cimv2"};
}

}  // namespace

constinit const ClassDef cim_managed_system_element =
    abstract("CIM_ManagedSystemElement", nullptr, element_properties);
constinit const ClassDef cim_logical_element = abstract("CIM_LogicalElement", &cim_managed_system_element);
constinit const ClassDef cim_system = abstract("CIM_System", &cim_logical_element, system_properties);
constinit const ClassDef cim_computer_system = abstract("CIM_ComputerSystem", &cim_system);
constinit const ClassDef cim_unitary_computer_system =
    abstract("CIM_UnitaryComputerSystem", &cim_computer_system, unitary_properties);
constinit const ClassDef cim_operating_system =
    abstract("CIM_OperatingSystem", &cim_logical_element, operating_system_properties);
constinit const ClassDef cim_logical_device =
    abstract("CIM_LogicalDevice", &cim_logical_element, device_properties);
constinit const ClassDef cim_processor = abstract("CIM_Processor", &cim_logical_device, processor_properties);
constinit const ClassDef cim_storage_extent =
    abstract("CIM_StorageExtent", &cim_logical_device, extent_properties);
constinit const ClassDef cim_logical_disk =
    abstract("CIM_LogicalDisk", &cim_storage_extent, logical_disk_properties);
constinit const ClassDef cim_storage_volume = abstract("CIM_StorageVolume", &cim_storage_extent);
constinit const ClassDef cim_process = abstract("CIM_Process", &cim_logical_element, process_properties);

}  // namespace mullion::cim
