// Memory, by Win32_PerfRawData_PerfOS_Memory and Win32_OperatingSystem.
#include "exporter/collectors/all.h"
#include "exporter/metric_table.h"

namespace mullion::exporter {
namespace {

constexpr Metric counters[] = {
    {{"windows_memory_available_bytes", Kind::gauge,
      "What can be given to a process at once: standby, free and zeroed pages (AvailableBytes)"},
     "AvailableBytes"},
    {{"windows_memory_cache_bytes", Kind::gauge, "Of the file system's cache that is in memory (CacheBytes)"},
     "CacheBytes"},
    {{"windows_memory_cache_bytes_peak", Kind::gauge,
      "The most that this was since the start (CacheBytesPeak)"},
     "CacheBytesPeak"},
    {{"windows_memory_cache_faults_total", Kind::counter,
      "Pages that were not in the file system's cache (CacheFaultsPersec)"},
     "CacheFaultsPersec"},
    {{"windows_memory_commit_limit", Kind::gauge,
      "Bytes that can be committed without a larger page file (CommitLimit)"},
     "CommitLimit"},
    {{"windows_memory_committed_bytes", Kind::gauge, "Bytes that are committed (CommittedBytes)"},
     "CommittedBytes"},
    {{"windows_memory_demand_zero_faults_total", Kind::counter,
      "Faults that took a zeroed page (DemandZeroFaultsPersec)"},
     "DemandZeroFaultsPersec"},
    {{"windows_memory_free_and_zero_page_list_bytes", Kind::gauge,
      "Free and zeroed pages (FreeAndZeroPageListBytes)"},
     "FreeAndZeroPageListBytes"},
    {{"windows_memory_free_system_page_table_entries", Kind::gauge,
      "Page table entries that the system does not use (FreeSystemPageTableEntries)"},
     "FreeSystemPageTableEntries"},
    {{"windows_memory_modified_page_list_bytes", Kind::gauge,
      "Pages that wait to be written (ModifiedPageListBytes)"},
     "ModifiedPageListBytes"},
    {{"windows_memory_page_faults_total", Kind::counter, "Page faults (PageFaultsPersec)"},
     "PageFaultsPersec"},
    {{"windows_memory_swap_page_reads_total", Kind::counter,
      "Reads from disk for page faults, of however many pages (PageReadsPersec)"},
     "PageReadsPersec"},
    {{"windows_memory_swap_pages_read_total", Kind::counter, "Pages that these read (PagesInputPersec)"},
     "PagesInputPersec"},
    {{"windows_memory_swap_page_writes_total", Kind::counter,
      "Writes to disk to free memory, of however many pages (PageWritesPersec)"},
     "PageWritesPersec"},
    {{"windows_memory_swap_pages_written_total", Kind::counter, "Pages that these wrote (PagesOutputPersec)"},
     "PagesOutputPersec"},
    {{"windows_memory_swap_page_operations_total", Kind::counter, "Pages read and written (PagesPersec)"},
     "PagesPersec"},
    {{"windows_memory_pool_nonpaged_allocs_total", Kind::counter,
      "Allocations in the pool that stays in memory (PoolNonpagedAllocs)"},
     "PoolNonpagedAllocs"},
    {{"windows_memory_pool_nonpaged_bytes", Kind::gauge, "Its size (PoolNonpagedBytes)"},
     "PoolNonpagedBytes"},
    {{"windows_memory_pool_paged_allocs_total", Kind::counter,
      "Allocations in the paged pool (PoolPagedAllocs)"},
     "PoolPagedAllocs"},
    {{"windows_memory_pool_paged_bytes", Kind::gauge, "Its size (PoolPagedBytes)"}, "PoolPagedBytes"},
    {{"windows_memory_pool_paged_resident_bytes", Kind::gauge,
      "What of it is in memory (PoolPagedResidentBytes)"},
     "PoolPagedResidentBytes"},
    {{"windows_memory_standby_cache_core_bytes", Kind::gauge, "Core standby pages (StandbyCacheCoreBytes)"},
     "StandbyCacheCoreBytes"},
    {{"windows_memory_standby_cache_normal_priority_bytes", Kind::gauge,
      "Standby pages of normal priority (StandbyCacheNormalPriorityBytes)"},
     "StandbyCacheNormalPriorityBytes"},
    {{"windows_memory_standby_cache_reserve_bytes", Kind::gauge,
      "Standby pages in reserve (StandbyCacheReserveBytes)"},
     "StandbyCacheReserveBytes"},
    {{"windows_memory_system_cache_resident_bytes", Kind::gauge,
      "Of the file system's cache that is in memory (SystemCacheResidentBytes)"},
     "SystemCacheResidentBytes"},
    {{"windows_memory_system_code_resident_bytes", Kind::gauge,
      "Pageable code of the system in memory (SystemCodeResidentBytes)"},
     "SystemCodeResidentBytes"},
    {{"windows_memory_system_code_total_bytes", Kind::gauge,
      "Pageable code of the system (SystemCodeTotalBytes)"},
     "SystemCodeTotalBytes"},
    {{"windows_memory_system_driver_resident_bytes", Kind::gauge,
      "Of drivers that is in memory (SystemDriverResidentBytes)"},
     "SystemDriverResidentBytes"},
    {{"windows_memory_system_driver_total_bytes", Kind::gauge, "Of drivers (SystemDriverTotalBytes)"},
     "SystemDriverTotalBytes"},
    {{"windows_memory_transition_faults_total", Kind::counter,
      "Faults for pages that were still in memory (TransitionFaultsPersec)"},
     "TransitionFaultsPersec"},
    {{"windows_memory_transition_pages_repurposed_total", Kind::counter,
      "Standby pages that were given away (TransitionPagesRePurposedPersec)"},
     "TransitionPagesRePurposedPersec"},
    {{"windows_memory_write_copies_total", Kind::counter,
      "Faults that copied a page to write to it (WriteCopiesPersec)"},
     "WriteCopiesPersec"}};

constexpr Metric sizes[] = {{{"windows_memory_physical_total_bytes", Kind::gauge,
                              "Memory that the system has (Win32_OperatingSystem.TotalVisibleMemorySize)"},
                             "TotalVisibleMemorySize",
                             kibibyte},
                            {{"windows_memory_physical_free_bytes", Kind::gauge,
                              "What of it is free, standby pages among it (FreePhysicalMemory)"},
                             "FreePhysicalMemory",
                             kibibyte},
                            {{"windows_memory_process_memory_limit_bytes", Kind::gauge,
                              "The most that one process can address (MaxProcessMemorySize)"},
                             "MaxProcessMemorySize",
                             kibibyte}};

constexpr auto counter_properties = properties_of(counters);
constexpr auto size_properties = properties_of(sizes);
constexpr auto counter_columns = columns_of(counters);
constexpr auto size_columns = columns_of(sizes);
constexpr auto families = together(families_of(sizes), families_of(counters));

constexpr Source sources[] = {{"Win32_PerfRawData_PerfOS_Memory", counter_properties},
                              {"Win32_OperatingSystem", size_properties}};

void read(const Given& given, Page& page) {
    given.each(1, [&](const Row& row) { add_columns(page, row, size_columns); });
    given.each(0, [&](const Row& row) { add_columns(page, row, counter_columns); });
}

}  // namespace

constinit const Collector memory_collector = {"memory", "Memory and what pages it", sources, families, read};

}  // namespace mullion::exporter
