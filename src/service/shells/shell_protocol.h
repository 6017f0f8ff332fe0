// The verbs of shells: reads a request's body, has Shells do it, writes the answer. Reading and writing
// happen on the connection's thread, the doing on that of Shells.
#pragma once

#include <string>
#include <string_view>

#include "service/requests/resource_handler.h"
#include "service/shells/shells.h"
#include "wsman/envelope.h"

namespace mullion::service {

class ShellProtocol final : public ResourceHandler {
public:
    explicit ShellProtocol(Shells& shells) : shells_(shells) {}

    [[nodiscard]] std::optional<Traits> serves(const wsman::Header& header) const override;
    [[nodiscard]] Answer answer(const Call& call) override;

private:
    using Verb = Answer (ShellProtocol::*)(const Call&);

    // Who answers that action on that resource; null: nobody. `known` tells whether the resource exists.
    [[nodiscard]] static Verb find(std::string_view resource, std::string_view action, bool& known);

    Answer create(const Call& call);
    Answer command(const Call& call);
    Answer receive(const Call& call);
    Answer send(const Call& call);
    Answer signal(const Call& call);
    Answer remove(const Call& call);
    Answer get(const Call& call);
    Answer enumerate(const Call& call);
    Answer enumerate_commands(const Call& call);
    Answer pull(const Call& call);
    Answer release(const Call& call);
    Answer not_for_command_shells(const Call& call);

    Shells& shells_;
};

}  // namespace mullion::service
