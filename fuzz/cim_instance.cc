// Instances and references, as items of an enumeration or bodies of answers: read, written, read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "wsman/cim/instance.h"
#include "wsman_round_trip.h"

using namespace mullion;
using namespace mullion::wsman;

namespace {

void check_instance(const xml::Element& element) {
    const auto instance = cim::read_instance(element);
    if (!instance) return;
    const auto written = cim::instance_item(instance.value());
    // What names an xsi:type has is the host's affair; what we write must be XML.
    if (!written) return;
    const auto document = xml::Document::parse(written.value(), wire_limits(16 * 1024 * 1024));
    // A service may say more in fewer characters than we do: as many levels, but not as many bytes.
    if (!document) std::abort();
    const auto again = cim::read_instance(document.value().root());
    if (!again) std::abort();
    const auto twice = cim::instance_item(again.value());
    if (!twice || fuzz::meaning_of(twice.value()) != fuzz::meaning_of(written.value())) std::abort();
}

void check_reference(const xml::Element& element) {
    const auto reference = cim::read_reference(element);
    if (!reference) return;
    const auto document =
        xml::Document::parse(cim::reference_item(reference.value()), wire_limits(16 * 1024 * 1024));
    if (!document) std::abort();
    const auto again = cim::read_reference(document.value().root());
    if (!again || !(again.value() == reference.value())) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto document = xml::Document::parse(input, wire_limits(64 * 1024));
    if (!document) return 0;
    check_instance(document.value().root());
    check_reference(document.value().root());
    cim::InstanceReader reader(document.value().root());
    for (cim::PropertyView view; reader.next(view);) {
        (void)view.as(cim::Type::datetime);
        (void)view.as(cim::Type::uint64);
    }
    return 0;
}
