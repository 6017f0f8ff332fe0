// The bytes of a keytab: an error, or entries that each have a name and a key out of them.
#include <cstdint>
#include <string_view>

#include "check.h"
#include "kerberos/keytab_bytes.h"

using namespace mullion;
using namespace mullion::kerberos;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Secret bytes(std::string_view(reinterpret_cast<const char*>(data), size));
    const auto entries = parse_keytab(bytes);
    if (!entries.ok()) {
        FUZZ_CHECK(entries.error().id == ErrorId::kerberos_keytab);
        return 0;
    }
    FUZZ_CHECK(!entries->empty() && entries->size() <= most_keytab_entries);
    std::size_t used = 2;
    for (const auto& entry : *entries) {
        FUZZ_CHECK(!entry.components.empty() && !entry.key.empty());
        used += entry.realm.size() + entry.key.expose().size() + 21;
        for (const auto& component : entry.components) used += component.size() + 2;
    }
    FUZZ_CHECK(used <= size);
    return 0;
}
