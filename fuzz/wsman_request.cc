// Everything that a service reads of a request.
#include <cstddef>
#include <cstdint>

#include "recordings/meaning.h"
#include "wsman/enumeration.h"
#include "wsman/identify.h"
#include "wsman/request_rules.h"
#include "wsman/shell.h"
#include "wsman_round_trip.h"

using namespace mullion;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto message = wsman::read_message(input, wsman::wire_limits(64 * 1024));
    if (!message) return 0;
    const auto& read = message.value();
    (void)wsman::is_identify(read);
    if (const auto fault = wsman::check_request_header(read))
        fuzz::meaning_of(wsman::write_fault("uuid:1", read.header.message_id, "host", *fault));
    // Each reader, whatever the action says.
    (void)wsman::read_create(read).ok();
    (void)wsman::read_command(read).ok();
    (void)wsman::read_receive(read).ok();
    (void)wsman::read_send(read).ok();
    (void)wsman::read_signal(read).ok();
    (void)wsman::read_enumerate(read).ok();
    (void)wsman::read_pull(read).ok();
    (void)wsman::read_release(read).ok();
    fuzz::expect_round_trip(input, recordings::rewrite_request);
    return 0;
}
