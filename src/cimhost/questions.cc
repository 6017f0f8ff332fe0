#include "cimhost/questions.h"

#include "cimhost/failure.h"
#include "cimhost/parts.h"
#include "wsman/fault.h"

namespace mullion::cimhost {
namespace {

cim::Failure not_here(const wsman::Message& message) {
    return refuse(wsman::code::action_not_supported,
                  "the resource does not support the action " + message.header.action);
}

cim::FromHost answer_metadata(const World& world, const wsman::Message& message, Frames& frames) {
    if (message.header.action == wsman::action::get) return get_class(world, message);
    if (message.header.action == wsman::action::enumerate) return enumerate_classes(world, message, frames);
    return not_here(message);
}

bool is_of_protocol(std::string_view action) {
    return action.starts_with("http://schemas.xmlsoap.org/ws/2004/");
}

cim::FromHost last_frame(const World& world, const wsman::Message& message, Frames& frames) {
    const auto& action = message.header.action;
    // DSP0226 7.2: who cannot do a part must not do the whole instead.
    if (message.header.fragment_transfer && action != wsman::action::get)
        return refuse(wsman::code::fragment_not_supported, "only Get takes a fragment of a resource");
    if (is_metadata_uri(message.header.resource_uri)) return answer_metadata(world, message, frames);
    if (action == wsman::action::enumerate) return enumerate(world, message, frames);
    if (action == wsman::action::get) return get(world, message);
    if (action == wsman::action::put) return put(world, message);
    if (action == wsman::action::create) return create(world, message);
    if (action == wsman::action::remove) return remove(world, message);
    // Pull, Release, Subscribe … would be taken for methods.
    if (is_of_protocol(action)) return not_here(message);
    return invoke(world, message);
}

}  // namespace

void answer(const World& world, const wsman::Message& message, Frames& frames) {
    auto frame = last_frame(world, message, frames);
    const auto* whole = std::get_if<cim::Answer>(&frame);
    if (whole != nullptr && whole->envelope.size() > cim::item_limit)
        frame = refuse(wsman::code::response_too_large, "the answer is larger than 8 MiB");
    frames.last(frame);
}

}  // namespace mullion::cimhost
