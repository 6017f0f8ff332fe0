// Files of the kernel and of /etc: whatever they say, every reader ends, and gives no more rows than lines.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "check.h"
#include "cim/journal.h"
#include "cim/machine.h"
#include "cim/proc_files.h"

namespace {

using namespace mullion::cim;

void check_tables(std::string_view text) {
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    FUZZ_CHECK(parse_numbers(text).size() <= lines);
    FUZZ_CHECK(parse_system_stat(text).cpus.size() <= lines);
    FUZZ_CHECK(parse_cpu_info(text).size() <= lines);
    FUZZ_CHECK(parse_swaps(text).size() <= lines);
    FUZZ_CHECK(parse_disks(text).size() <= lines);
    FUZZ_CHECK(parse_interface_counts(text).size() <= lines);
    FUZZ_CHECK(parse_gateways(text).size() <= lines);
    FUZZ_CHECK(count_sockets(text, 1) <= lines);
    FUZZ_CHECK(parse_interrupts(text).size() <= text.size());
    FUZZ_CHECK(parse_snmp(text).size() <= text.size());
    FUZZ_CHECK(parse_os_release(text).size() <= lines + 1);
    FUZZ_CHECK(parse_resolver(text).servers.size() <= lines + 1);
    for (const auto& mount : parse_mounts(text)) FUZZ_CHECK(mount.point.size() <= text.size());
    (void)parse_thread_count(text);
    (void)parse_range_count(text);
    if (parse_cursor(text)) FUZZ_CHECK(text.find("i=") != std::string_view::npos);
}

void check_process(std::string_view text) {
    if (const auto stat = parse_process_stat(text)) FUZZ_CHECK(stat->name.size() < text.size());
    FUZZ_CHECK(parse_command_line(text).find('\0') == std::string::npos);
    const auto shown = readable(text);
    FUZZ_CHECK(readable(shown) == shown);
    for (const char c : shown)
        FUZZ_CHECK(static_cast<unsigned char>(c) >= ' ' || c == '\t' || c == '\n' || c == '\r');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_tables(text);
    check_process(text);
    return 0;
}
