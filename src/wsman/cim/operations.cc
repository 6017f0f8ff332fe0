#include "wsman/cim/operations.h"

#include <algorithm>

#include "wsman/cim/names.h"
#include "wsman/fault.h"
#include "wsman/values.h"

namespace mullion::wsman::cim {

namespace {

std::string write_plain(const RequestSettings& settings, std::string_view request_action,
                        std::string_view message_id, const Target& target, std::string_view body) {
    return write_about(settings, request_action, message_id, target,
                       [&](xml::Writer& out) { out.raw(body); });
}

Result<std::string> write_with_instance(const RequestSettings& settings, std::string_view request_action,
                                        std::string_view message_id, const Target& target,
                                        const Instance& instance) {
    MULLION_ASSIGN(const auto body, instance_item(instance));
    return write_plain(settings, request_action, message_id, target, body);
}

// What the instance's namespace has to be; a schema's URI says nothing of the CIM namespace, so it is one
// text.
bool is_of_class(const Instance& instance, const ClassUri& uri) {
    const auto space = parse_class_uri(instance.space);
    return space && space->form == uri.form && same_ignoring_case(space->authority, uri.authority) &&
           same_ignoring_case(space->class_name, uri.class_name) &&
           (uri.form != ClassUri::Form::wmi || same_ignoring_case(space->cim_namespace, uri.cim_namespace));
}

// As a fault's: what is wrong with a body that a request carries.
template <class T>
Result<T> as_fault(Result<T> read, std::uint32_t code) {
    if (read.ok()) return read;
    return bad_request(code, read.error().detail);
}

}  // namespace

std::string write_get(const RequestSettings& settings, std::string_view message_id, const Target& target) {
    return write_plain(settings, action::get, message_id, target, {});
}

std::string write_delete(const RequestSettings& settings, std::string_view message_id, const Target& target) {
    return write_plain(settings, action::remove, message_id, target, {});
}

Result<std::string> write_put(const RequestSettings& settings, std::string_view message_id,
                              const Target& target, const Instance& instance) {
    return write_with_instance(settings, action::put, message_id, target, instance);
}

Result<std::string> write_create(const RequestSettings& settings, std::string_view message_id,
                                 const Target& target, const Instance& instance) {
    return write_with_instance(settings, action::create, message_id, target, instance);
}

Result<Instance> read_body_instance(const Message& message, const Target& target,
                                    const InstanceLimits& limits) {
    if (!message.body) return bad_request(code::missing_values, "the request has no instance in its body");
    MULLION_ASSIGN(auto instance,
                   as_fault(read_instance(message.body, limits), wsman::code::schema_validation));
    if (!same_ignoring_case(instance.class_name, target.of.class_name) || !is_of_class(instance, target.of))
        return bad_request(code::invalid_namespace,
                           "the instance in the body is not of the class that the resource URI names");
    return instance;
}

// [MS-WSMV] 3.1.4.2: a singleton needs no keys, and nothing else goes without.
Result<void> check_keys(const Target& target, std::span<const std::string> keys) {
    if (target.of.class_name == "*")
        return bad_request(wsman::code::resource_not_found, "the resource URI names all classes, not one");
    if (target.keys.empty() && !keys.empty())
        return bad_request(code::keys_missing, "the class has keys and the request has no selectors");
    for (const auto& given : target.keys) {
        const bool known = std::any_of(keys.begin(), keys.end(), [&](const std::string& key) {
            return same_ignoring_case(key, given.name);
        });
        if (!known)
            return bad_request(wsman::code::unexpected_selectors, "the class has no key " + given.name);
    }
    for (const auto& key : keys) {
        const bool given = std::any_of(target.keys.begin(), target.keys.end(), [&](const Key& selector) {
            return same_ignoring_case(selector.name, key);
        });
        if (!given)
            return bad_request(wsman::code::insufficient_selectors, "the selectors lack the key " + key);
    }
    return {};
}

std::string write_object_response(std::string_view request_action, std::string_view message_id,
                                  std::string_view relates_to, std::string_view object) {
    const auto name = std::string(request_action).append(action::response_suffix);
    return write_response(name, message_id, relates_to, [&](xml::Writer& out) { out.raw(object); });
}

Result<Instance> read_object_response(const Message& message, std::string_view request_action,
                                      const InstanceLimits& limits) {
    MULLION_TRY(check_response(message, request_action));
    if (!message.body) return malformed("the answer has no instance in its body");
    return read_instance(message.body, limits);
}

std::string write_created_response(std::string_view message_id, std::string_view relates_to,
                                   const Reference& created) {
    const auto name = std::string(action::create).append(action::response_suffix);
    return write_response(name, message_id, relates_to, [&](xml::Writer& out) {
        out.open("x:ResourceCreated");
        write_reference(out, created);
        out.close();
    });
}

Result<Reference> read_created_response(const Message& message) {
    MULLION_ASSIGN(const auto body, response_body(message, action::create, ns::transfer, "ResourceCreated"));
    return read_reference(body);
}

}  // namespace mullion::wsman::cim
