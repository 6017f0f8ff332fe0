// Get, and what our classes do not take: Put, Create, Delete. DSP0227 10 - 13, [MS-WSMV] 3.1.4.2 - 3.1.4.5
#include <fmt/core.h>

#include "cimhost/classes.h"
#include "cimhost/fragment.h"
#include "cimhost/options.h"
#include "cimhost/parts.h"
#include "cimhost/printer.h"
#include "wsman/cim/operations.h"
#include "wsman/fault.h"

namespace mullion::cimhost {
namespace {

namespace wire = wsman::cim;

Or<Named> read_named(const World& world, const wsman::Message& message) {
    auto target = read_or_refuse(wire::read_target(message));
    if (auto* failure = std::get_if<cim::Failure>(&target)) return std::move(*failure);
    return find_named(world, std::get<wire::Target>(target));
}

std::string response(const World& world, const wsman::Message& message, std::string_view object) {
    return wire::write_object_response(message.header.action, world.answer_id, message.header.message_id,
                                       object);
}

// DSP0226 7.2: the answer says what it is a part of. Writers of answers have no headers of their own; the
// text of a header has no tags, so this one is the only end of them.
std::string with_fragment_header(std::string envelope, const wsman::Header& asked) {
    xml::Writer header(256);
    header.open("w:FragmentTransfer").attribute("s:mustUnderstand", "true");
    if (!asked.fragment_dialect.empty()) header.attribute("Dialect", asked.fragment_dialect);
    header.text(asked.fragment).close();
    envelope.insert(envelope.find("</s:Header>"), header.take());
    return envelope;
}

cim::FromHost get_fragment(const World& world, const wsman::Message& message, const Named& named) {
    auto parsed = parse_fragment(message.header.fragment, message.header.fragment_dialect);
    if (auto* failure = std::get_if<cim::Failure>(&parsed)) return std::move(*failure);
    const auto& fragment = std::get<Fragment>(parsed);
    std::vector<std::string> wanted{fragment.property};
    for (const auto& key : named.keys) wanted.push_back(key.first);
    auto found = find_instance(world, named, cim::Wanted(std::move(wanted)));
    if (auto* failure = std::get_if<cim::Failure>(&found)) return std::move(*failure);
    auto item = fragment_item(fragment, std::get<Found>(found).instance, named.uri);
    if (auto* failure = std::get_if<cim::Failure>(&item)) return std::move(*failure);
    return cim::Answer{
        with_fragment_header(response(world, message, std::get<std::string>(item)), message.header)};
}

cim::Failure read_only(const Named& named, std::string_view verb) {
    return wmi_failure(
        code::provider_not_capable, wbem::provider_not_capable,
        fmt::format("{} has no instances that can be {}: what can be changed here has a method",
                    named.definition->name, verb));
}

// Whatever is wrong with the request is said first; then that it cannot be done.
cim::FromHost refuse_change(const World& world, const wsman::Message& message, std::string_view verb,
                            bool has_keys, bool has_instance) {
    auto target = read_or_refuse(wire::read_target(message));
    if (auto* failure = std::get_if<cim::Failure>(&target)) return std::move(*failure);
    auto named = find_named(world, std::get<wire::Target>(target));
    if (auto* failure = std::get_if<cim::Failure>(&named)) return std::move(*failure);
    if (has_keys) {
        const auto providers = providers_for(world, std::get<Named>(named));
        if (const auto* failure = std::get_if<cim::Failure>(&providers)) return *failure;
    }
    if (has_instance) {
        const auto sent = read_or_refuse(wire::read_body_instance(message, std::get<wire::Target>(target)));
        if (const auto* failure = std::get_if<cim::Failure>(&sent)) return *failure;
    }
    return read_only(std::get<Named>(named), verb);
}

}  // namespace

cim::FromHost get(const World& world, const wsman::Message& message) {
    auto read = read_named(world, message);
    if (auto* failure = std::get_if<cim::Failure>(&read)) return std::move(*failure);
    const auto& named = std::get<Named>(read);
    if (message.header.fragment_transfer) return get_fragment(world, message, named);
    bool precise = false;
    if (auto failure = read_option(message.header, precise_arrays_option, precise))
        return std::move(*failure);
    auto found = find_instance(world, named, {});
    if (auto* failure = std::get_if<cim::Failure>(&found)) return std::move(*failure);
    const auto& instance = std::get<Found>(found).instance;
    Printer printer(instance.shape(), instance.shape(), named.uri);
    if (precise) printer.precise_arrays();
    return cim::Answer{response(world, message, printer.object(instance))};
}

cim::FromHost put(const World& world, const wsman::Message& message) {
    return refuse_change(world, message, "changed", true, true);
}

cim::FromHost create(const World& world, const wsman::Message& message) {
    return refuse_change(world, message, "created", false, true);
}

cim::FromHost remove(const World& world, const wsman::Message& message) {
    return refuse_change(world, message, "deleted", true, false);
}

}  // namespace mullion::cimhost
