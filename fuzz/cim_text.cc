// What stands in properties and URIs of CIM: times, numbers of every type, resource URIs.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "wsman/cim/class_uri.h"
#include "wsman/cim/value.h"

using namespace mullion;
using namespace mullion::wsman;

namespace {

void check(bool holds) {
    if (!holds) std::abort();
}

void check_times(std::string_view text) {
    if (const auto moment = cim::parse_moment(text)) {
        const auto again = cim::parse_moment(cim::format_xml(*moment));
        check(again && cim::unix_microseconds(*again) == cim::unix_microseconds(*moment));
        if (moment->has_date) check(cim::parse_moment(cim::format_dmtf(*moment)) == moment);
        if (const auto at = cim::unix_microseconds(*moment)) {
            // At the ends of the calendar an offset leads out of it.
            if (const auto back = cim::moment_of(*at)) check(cim::unix_microseconds(*back) == at);
        }
    }
    if (const auto interval = cim::parse_interval(text)) {
        check(interval->microseconds >= 0);
        check(cim::parse_interval(cim::format_xml(*interval)) == interval);
        check(cim::parse_interval(cim::format_dmtf(*interval)) == interval);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    check_times(text);
    for (int i = 0; i <= static_cast<int>(cim::Type::instance); ++i) {
        const auto type = static_cast<cim::Type>(i);
        const auto value = cim::parse_scalar(type, text);
        if (!value) continue;
        const auto written = cim::format_scalar(*value);
        const auto again = cim::parse_scalar(type, written);
        check(again && cim::format_scalar(*again) == written);
    }
    (void)cim::parse_type(text);
    if (const auto uri = cim::parse_class_uri(text)) {
        auto expected = *uri;
        if (expected.form == cim::ClassUri::Form::schema) expected.cim_namespace.clear();
        check(cim::parse_class_uri(cim::format_class_uri(*uri)) == expected);
    }
    return 0;
}
