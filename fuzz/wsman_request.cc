// Everything that a service reads of a request.
#include <cstddef>
#include <cstdint>

#include "recordings/meaning.h"
#include "wsman/config.h"
#include "wsman/config_plugin.h"
#include "wsman/enumeration.h"
#include "wsman/identify.h"
#include "wsman/quickconfig.h"
#include "wsman/request_rules.h"
#include "wsman/shell.h"
#include "wsman/transfer.h"
#include "wsman_round_trip.h"

using namespace mullion;

namespace {

// What a service does with a body: it is judged by what is, and nothing that was refused is changed.
void judge_changes(const wsman::Message& message, const wsman::ConfigResource& resource) {
    const auto asked = wsman::read_config_body(message, {&resource, {}});
    if (!asked) return (void)wsman::config_fault(asked.error());
    auto current = wsman::new_config_document(resource);
    for (const auto& row : resource.rows)
        current.values.push_back({std::string(row.path), std::string(row.preset), {}, false});
    const auto changes = wsman::config_changes(current, asked.value());
    if (!changes) return;
    for (const auto& change : changes.value()) {
        const auto* row = wsman::find_config_row(resource, change.path);
        const bool may = row != nullptr && row->access == wsman::ConfigAccess::writable;
        // What was taken is spelt as the service spells it.
        if (!may || wsman::config_text(*row, change.text).value() != change.text) std::abort();
    }
}

// A plugin whose descriptors may change, and nothing else of it; each of them is of a resource that it has.
void judge_plugin(const wsman::Message& message) {
    const std::string base(wsman::resource::shells);
    const wsman::Plugin plugin{{{"Name", "Shell cmd plugin"}, {"Enabled", "true"}},
                               {{base, true, false, {{base, "D:", false}}, {"Shell"}}}};
    const auto wanted = wsman::read_plugin_put(message, plugin);
    if (!wanted) return (void)wsman::config_fault(wanted.error());
    for (const auto& one : *wanted)
        if (!wsman::is_below(one.uri, base) || one.sddl.empty()) std::abort();
}

void judge_security(const wsman::Message& message) {
    const wsman::ConfigTarget target{&wsman::security_config_resource(), {{"Uri", "http://x"}}};
    const auto put = wsman::read_security_put(message, target);
    if (!put) return (void)wsman::config_fault(put.error());
    const auto answer = wsman::write_security_answer(wsman::action::get, "uuid:1", "uuid:2", *put);
    if (!wsman::read_message(answer, wsman::wire_limits(256 * 1024))) std::abort();
}

}  // namespace

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
    if (const auto target = wsman::read_config_target(read); !target)
        (void)wsman::config_fault(target.error());
    for (const auto& resource : wsman::config_resources()) judge_changes(read, resource);
    judge_plugin(read);
    judge_security(read);
    (void)wsman::read_quickconfig_input(read, "Analyze").ok();
    (void)wsman::read_quickconfig_empty(read, "AnalyzeService").ok();
    if (const auto transfer = wsman::read_transfer(read); transfer.ok())
        (void)wsman::write_transfer({}, "uuid:1", *transfer);
    fuzz::expect_round_trip(input, recordings::rewrite_request);
    return 0;
}
