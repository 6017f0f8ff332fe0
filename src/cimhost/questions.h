// Requests about CIM and what this machine answers: one message in, frames out. No I/O but the providers'
// own; the process around it is host.h.
#pragma once

#include <cstddef>
#include <string_view>

#include "cim/machine.h"
#include "cim/messages.h"
#include "cim/registry.h"
#include "cimhost/frames.h"
#include "wsman/envelope.h"

namespace mullion::cimhost {

// What answers are made from.
struct World {
    const cim::Registry& registry;
    const cim::Machine& machine;
    std::string_view answer_id;               // The MessageID of the answer.
    std::size_t most_item = cim::item_limit;  // Bytes of an item that whoever asks takes.
};

// Enumerate, Get, Put, Create, Delete and calls of methods of classes; Get and Enumerate of class metadata.
// The request's headers were checked (wsman/request_rules.h, with fragments); Pull and Release are the
// service's own. Always ends with exactly one frame that is no Item.
void answer(const World& world, const wsman::Message& message, Frames& frames);

}  // namespace mullion::cimhost
