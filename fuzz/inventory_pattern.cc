// Host patterns: never crashes, ends soon, takes each host once; and what is an address is one part.
#include <cstdint>
#include <set>
#include <string_view>

#include "check.h"
#include "inventory/address.h"
#include "inventory/pattern_parts.h"
#include "inventory/patterns.h"
#include "inventory/ranges.h"
#include "inventory/readers.h"

using namespace mullion::inventory;

namespace {

const Model& model() {
    static const Model* const made = [] {
        auto* const one = new Model;
        const auto done =
            read_ini(*one, one->add_file("hosts"),
                     "lone\n[web]\nweb[01:20].corp\n::1\n[db]\ndb[a:f]\n[prod:children]\nweb\ndb\n[empty]\n");
        FUZZ_CHECK(done.ok());
        one->settle();
        return one;
    }();
    return *made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto hosts = select_hosts(model(), text);
    if (hosts.ok()) FUZZ_CHECK(std::set<HostIndex>(hosts->begin(), hosts->end()).size() == hosts->size());
    const auto parts = parse_pattern(text);
    const bool list = text.find(',') != std::string_view::npos;
    if (parts.ok() && !list && parse_address(text)) FUZZ_CHECK(parts->size() == 1);
    std::size_t names = 0;
    const auto expanded = expand_range(text, [&](std::string_view) { ++names; });
    FUZZ_CHECK(names <= 1'000'000 && (expanded.ok() || names == 0));
    return 0;
}
