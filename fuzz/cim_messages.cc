// Requests and answers about classes: what is read is written and read again, and is the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "wsman/cim/enumeration.h"
#include "wsman/cim/operations.h"
#include "wsman/enumeration.h"
#include "wsman/tests/batch_both.h"

using namespace mullion;
using namespace mullion::wsman;

namespace {

constexpr std::string_view id = "uuid:1";

void check(bool holds) {
    if (!holds) std::abort();
}

Message message_of(const std::string& text) {
    auto message = read_message(text, wire_limits(16 * 1024 * 1024));
    check(message.ok());
    return std::move(message).value();
}

void check_requests(const Message& message) {
    const RequestSettings settings;
    if (const auto read = cim::read_enumeration(message)) {
        const auto again =
            cim::read_enumeration(message_of(cim::write_enumeration(settings, id, read.value())));
        check(again.ok() && again.value() == read.value());
    }
    if (const auto method = cim::read_method(message)) {
        const auto text = cim::write_method(settings, id, method.value());
        // Embedded instances may have types that are no names.
        if (text) check(cim::read_method(message_of(text.value())).ok());
    }
    const auto target = cim::read_target(message);
    if (!target) return;
    const auto again = cim::read_target(message_of(cim::write_get(settings, id, target.value())));
    check(again.ok());
    (void)cim::check_keys(target.value(), {}).ok();
    (void)cim::read_body_instance(message, target.value()).ok();
    (void)cim::read_method_response(message, target.value(), "Create").ok();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto limits = wire_limits(64 * 1024);
    for (const auto request : {action::enumerate, action::pull})
        check(cim::both::difference(std::string(input), request, limits).empty());
    const auto message = read_message(input, limits);
    if (!message) return 0;
    check_requests(message.value());
    (void)cim::read_object_response(message.value(), action::get).ok();
    if (const auto created = cim::read_created_response(message.value())) {
        const auto again =
            cim::read_created_response(message_of(cim::write_created_response(id, id, created.value())));
        check(again.ok() && again.value() == created.value());
    }
    return 0;
}
