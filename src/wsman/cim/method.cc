// Calls of methods: the action is the class's URI and the method's name. DSP0227 11, [MS-WSMV] 3.1.4.7.
#include <algorithm>

#include "wsman/cim/names.h"
#include "wsman/cim/operations.h"
#include "wsman/fault.h"
#include "wsman/values.h"

namespace mullion::wsman::cim {

namespace {

constexpr std::string_view input_suffix = "_INPUT";
constexpr std::string_view output_suffix = "_OUTPUT";
constexpr std::string_view return_value_name = "ReturnValue";

std::string action_of(std::string_view uri, std::string_view method) {
    return std::string(uri).append("/").append(method);
}

// The name behind the class's URI in the action; nothing when the action is another's.
std::optional<std::string> method_of(std::string_view request_action, std::string_view uri) {
    if (request_action.size() <= uri.size() + 1 || request_action[uri.size()] != '/') return std::nullopt;
    if (!same_ignoring_case(request_action.substr(0, uri.size()), uri)) return std::nullopt;
    const auto name = request_action.substr(uri.size() + 1);
    if (!is_cim_name(name)) return std::nullopt;
    return std::string(name);
}

// What an element of that name holds. Its namespace is the class's, or none, as some clients send it.
Result<Instance> read_parameters(const xml::Element& body, std::string_view name, std::string_view uri,
                                 const InstanceLimits& limits) {
    if (body.local() != name) return malformed("the body is not " + std::string(name));
    if (!body.space().empty() && !same_ignoring_case(body.space(), uri))
        return malformed("the namespace of " + std::string(name) + " is not the class's URI");
    MULLION_ASSIGN(auto parameters, read_instance(body, limits));
    Instance plain;
    plain.properties = std::move(parameters.properties);
    return plain;
}

// The URI without what OMI's clients put behind it, as bodies and actions have it.
std::string plain_uri(const Target& target) {
    return format_class_uri(target.of);
}

}  // namespace

Result<std::string> write_method(const RequestSettings& settings, std::string_view message_id,
                                 const Method& method) {
    if (!is_cim_name(method.name)) return malformed("the method's name is none: " + method.name);
    const auto class_uri = plain_uri(method.of);
    auto arguments = method.arguments;
    arguments.class_name = method.name + std::string(input_suffix);
    arguments.space = class_uri;
    MULLION_ASSIGN(const auto body, instance_item(arguments));
    const auto name = action_of(class_uri, method.name);
    return write_about(settings, name, message_id, method.of, [&](xml::Writer& out) { out.raw(body); });
}

Result<Method> read_method(const Message& message, const InstanceLimits& limits) {
    Method method;
    MULLION_ASSIGN(method.of, read_target(message));
    if (method.of.of.class_name == "*")
        return bad_request(wsman::code::resource_not_found, "the resource URI names all classes, not one");
    const auto class_uri = plain_uri(method.of);
    const auto name = method_of(message.header.action, class_uri);
    if (!name)
        return bad_request(wsman::code::action_not_supported,
                           "the action is not the class's URI and the name of a method");
    method.name = *name;
    // A method without arguments may be called without a body.
    if (!message.body) return method;
    auto arguments =
        read_parameters(message.body, method.name + std::string(input_suffix), class_uri, limits);
    if (!arguments) return bad_request(wsman::code::schema_validation, arguments.error().detail);
    method.arguments = std::move(arguments).value();
    return method;
}

Result<std::string> write_method_response(std::string_view message_id, std::string_view relates_to,
                                          const MethodResult& result) {
    if (!is_cim_name(result.name)) return malformed("the method's name is none: " + result.name);
    auto outputs = result.outputs;
    outputs.class_name = result.name + std::string(output_suffix);
    outputs.space = result.resource_uri;
    if (!result.return_value.is_null()) outputs.set(return_value_name, result.return_value);
    MULLION_ASSIGN(const auto body, instance_item(outputs));
    const auto name = action_of(result.resource_uri, result.name).append(action::response_suffix);
    return write_response(name, message_id, relates_to, [&](xml::Writer& out) { out.raw(body); });
}

Result<MethodResult> read_method_response(const Message& message, const Target& target, std::string_view name,
                                          const InstanceLimits& limits) {
    MethodResult result{plain_uri(target), std::string(name)};
    MULLION_TRY(check_response(message, action_of(result.resource_uri, name)));
    if (!message.body) return malformed("the answer to the method has no body");
    MULLION_ASSIGN(result.outputs, read_parameters(message.body, result.name + std::string(output_suffix),
                                                   result.resource_uri, limits));
    auto& outputs = result.outputs.properties;
    const auto found = std::find_if(outputs.begin(), outputs.end(), [](const Property& output) {
        return same_ignoring_case(output.name, return_value_name);
    });
    if (found == outputs.end()) return result;
    if (found->values.size() != 1) return malformed("the method returned more than one value");
    result.return_value = std::move(found->values.front());
    outputs.erase(found);
    return result;
}

}  // namespace mullion::wsman::cim
