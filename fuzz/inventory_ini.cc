// INI inventories: never crashes, an error names file and line, and a Python literal's text reads back the
// same.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "check.h"
#include "inventory/patterns.h"
#include "inventory/ranges.h"
#include "inventory/readers.h"
#include "inventory/value_text.h"

using namespace mullion::inventory;

namespace {

// Ranges of a million names are a test of their own, and would take all the time here.
bool is_small(std::string_view text) {
    std::size_t digits = 0, brackets = 0;
    for (const char c : text) {
        digits = c >= '0' && c <= '9' ? digits + 1 : 0;
        if (c == '\n') brackets = 0;
        if (c == '[') ++brackets;
        if (digits == 3 || brackets == 3) return false;
    }
    return true;
}

void check_literal(std::string_view text) {
    const auto value = python_literal(text);
    if (std::holds_alternative<List>(value.data) || std::holds_alternative<Map>(value.data)) {
        const auto written = value_text(value);
        const auto again = python_literal(written);
        // "inf" and "nan" are what Python writes, and reads as names.
        const bool endless =
            written.find("inf") != std::string::npos || written.find("nan") != std::string::npos;
        FUZZ_CHECK(endless || value_text(again) == written);
        FUZZ_CHECK(endless || again.data.index() == value.data.index());
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_literal(text);
    if (!is_small(text)) return 0;
    Model model;
    const auto done = read_ini(model, model.add_file("hosts"), text);
    if (!done.ok()) FUZZ_CHECK(done.error().detail.rfind("hosts:", 0) == 0);
    model.settle();
    FUZZ_CHECK(hosts_of(model, Model::all).size() == model.hosts().size());
    return 0;
}
