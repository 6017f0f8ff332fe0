// A line of the audit log: nothing, or the very bytes that are hashed; and an entry is flat.
#include <cstdint>
#include <string>
#include <string_view>

#include "check.h"
#include "secrets/audit/line.h"

using namespace mullion::secrets;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)parse_entry(text);
    const auto line = parse_audit_line(text);
    if (!line) return 0;
    FUZZ_CHECK(is_audit_hash(line->hash));
    FUZZ_CHECK(line->entry.size() < size && size <= longest_audit_line);
    // Written again with the entry that was read, it is the same but for its hash.
    const auto again = audit_line(no_audit_hash, line->entry);
    FUZZ_CHECK(again.size() == size + 1 && again.substr(73) == std::string(text.substr(73)) + "\n");
    if (const auto facts = parse_entry(line->entry); facts && facts->unfinished)
        FUZZ_CHECK(line->entry.find("unfinished") != std::string_view::npos);
    return 0;
}
