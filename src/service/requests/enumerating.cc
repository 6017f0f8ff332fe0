#include "service/requests/enumerating.h"

#include <utility>

namespace mullion::service {
namespace {

wsman::Fault refused(const Error& error) {
    return wsman::make_fault(error.wsman_code.value_or(wsman::code::schema_validation), error.detail);
}

}  // namespace

ResourceHandler::Answer answer_enumerate(Operations& operations, const Call& call, wsman::Enumerate what,
                                         std::unique_ptr<ItemSource> source) {
    const auto& header = call.message.header;
    auto enumerating =
        operations.enumerate(call.visit, header.resource_uri, std::move(source), std::move(what));
    const auto batch = co_await std::move(enumerating);
    if (!batch.ok()) co_return batch.fault();
    co_return wsman::write_enumerate_response(call.answer_id, header.message_id, batch.value());
}

ResourceHandler::Answer answer_enumerate(Operations& operations, const Call& call, wsman::Enumerate what,
                                         std::deque<std::string> items) {
    return answer_enumerate(operations, call, std::move(what), std::make_unique<HeldItems>(std::move(items)));
}

ResourceHandler::Answer answer_pull(Operations& operations, const Call& call) {
    const auto& header = call.message.header;
    auto what = wsman::read_pull(call.message);
    if (!what.ok()) co_return refused(what.error());
    auto pulling = operations.pull(call.visit, header.resource_uri, std::move(*what));
    const auto batch = co_await std::move(pulling);
    if (!batch.ok()) co_return batch.fault();
    co_return wsman::write_pull_response(call.answer_id, header.message_id, batch.value());
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
