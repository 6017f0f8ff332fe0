// Everything that a client reads of an answer: results, faults, items of enumerations.
#include <cstddef>
#include <cstdint>

#include "recordings/meaning.h"
#include "wsman/config.h"
#include "wsman/enumeration.h"
#include "wsman/fault.h"
#include "wsman/identify.h"
#include "wsman/shell.h"
#include "wsman/transfer.h"
#include "wsman_round_trip.h"

using namespace mullion;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const auto message = wsman::read_message(input, wsman::wire_limits(64 * 1024));
    if (!message) return 0;
    const auto& read = message.value();
    const auto fault = wsman::read_fault(read);
    if (fault) (void)wsman::to_error(fault.value()).message();
    (void)wsman::read_create_response(read).ok();
    (void)wsman::read_command_response(read).ok();
    (void)wsman::read_receive_response(read).ok();
    (void)wsman::read_get_shell_response(read).ok();
    (void)wsman::read_empty_response(read, wsman::action::send).ok();
    (void)wsman::read_transfer_response(read, wsman::action::get).ok();
    (void)wsman::read_identify_response(read).ok();
    (void)wsman::read_config_created(read).ok();
    for (const auto& resource : wsman::config_resources()) {
        (void)wsman::read_config_answer(read, wsman::action::get, resource).ok();
        if (const auto item = wsman::read_config_item(input, resource)) {
            const auto again = wsman::read_config_item(wsman::config_item(item.value()), resource);
            if (!again || again.value().values != item.value().values) std::abort();
        }
    }
    for (const auto& batch : {wsman::read_enumerate_response(read), wsman::read_pull_response(read)}) {
        if (!batch) continue;
        for (const auto& item : batch.value().items) {
            const auto shell = wsman::read_shell_item(item);
            if (!shell) {
                fuzz::meaning_of(item);  // An item is XML by itself.
                continue;
            }
            const auto again = wsman::read_shell_item(wsman::shell_item(shell.value()));
            if (!again || again.value() != shell.value()) std::abort();
        }
    }
    fuzz::expect_round_trip(input, recordings::rewrite_response);
    return 0;
}
