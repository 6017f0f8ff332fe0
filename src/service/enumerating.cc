#include "service/enumerating.h"

#include <utility>

namespace mullion::service {
namespace {

wsman::Fault refused(const Error& error) {
    return wsman::make_fault(error.wsman_code.value_or(wsman::code::schema_validation), error.detail);
}

}  // namespace

Outcome<std::string> answer_enumerate(Operations& operations, const Call& call, const wsman::Enumerate& what,
                                      std::deque<std::string> items) {
    const auto& header = call.message.header;
    const auto batch = operations.enumerate(call.visit, header.resource_uri, std::move(items), what);
    if (!batch.ok()) return batch.fault();
    return wsman::write_enumerate_response(call.answer_id, header.message_id, batch.value());
}

Outcome<std::string> answer_pull(Operations& operations, const Call& call) {
    const auto& header = call.message.header;
    const auto what = wsman::read_pull(call.message);
    if (!what.ok()) return refused(what.error());
    const auto batch = operations.pull(call.visit, header.resource_uri, *what);
    if (!batch.ok()) return batch.fault();
    return wsman::write_pull_response(call.answer_id, header.message_id, batch.value());
}

Outcome<std::string> answer_release(Operations& operations, const Call& call) {
    const auto& header = call.message.header;
    const auto context = wsman::read_release(call.message);
    if (!context.ok()) return refused(context.error());
    const auto done = operations.release(call.visit, header.resource_uri, *context);
    if (!done.ok()) return done.fault();
    return wsman::write_release_response(call.answer_id, header.message_id);
}

}  // namespace mullion::service
