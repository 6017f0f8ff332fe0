// Who answers requests about some resources. The dispatcher finds them by the URI.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/task.h"
#include "rights/access.h"
#include "service/requests/outcome.h"
#include "service/shells/shells.h"
#include "wsman/envelope.h"

namespace mullion::service {

// A request that passed the gate and the rules of headers, and what its answer needs.
struct Call {
    const wsman::Message& message;
    Visit visit;
    std::string answer_id;
    std::shared_ptr<const rights::Token> token = nullptr;  // Who asks, to descriptors; null: nobody is known.
};

class ResourceHandler {
public:
    using Answer = net::Task<Outcome<std::string>>;  // A whole envelope.

    // What there is to a resource before its headers are looked at.
    struct Traits {
        // That requests may come with; "wmi:*": all that begin so.
        std::span<const std::string_view> options;
        bool takes_chunks = true;  // [MS-WSMV] 3.1.4.1.1: shell messages come with a length.
        bool has_action = true;
        bool fragments = false;  // w:FragmentTransfer is looked at. DSP0226 7.7
        // Where the same is known by another URI as well: a descriptor of that one's own counts too.
        std::string also_known_as = {};
    };

    virtual ~ResourceHandler() = default;
    // Nothing: the resource is none of its.
    [[nodiscard]] virtual std::optional<Traits> serves(const wsman::Header& header) const = 0;
    // On the connection's thread; `call` lives until the answer is given.
    [[nodiscard]] virtual Answer answer(const Call& call) = 0;
};

}  // namespace mullion::service
