// Calls of methods. DSP0227 11, [MS-WSMV] 3.1.4.7
#include <fmt/core.h>

#include "cimhost/classes.h"
#include "cimhost/parts.h"
#include "cimhost/values.h"
#include "wql/fold.h"
#include "wsman/cim/operations.h"
#include "wsman/fault.h"

namespace mullion::cimhost {
namespace {

namespace wire = wsman::cim;
using Arguments = std::vector<std::pair<std::string, cim::Value>>;

// The nearest class's own of that name.
const cim::MethodDef* find_method(const cim::ClassDef& definition, std::string_view name) {
    for (const auto* at = &definition; at != nullptr; at = at->base)
        for (const auto& method : at->methods)
            if (wql::same_name(method.name, name)) return &method;
    return nullptr;
}

const cim::ParameterDef* find_input(const cim::MethodDef& method, std::string_view name) {
    for (const auto& parameter : method.parameters)
        if (!parameter.out && wql::same_name(parameter.name, name)) return &parameter;
    return nullptr;
}

cim::Failure no_method(const cim::ClassDef& definition, std::string_view name) {
    return wmi_failure(wsman::code::action_not_supported, wbem::invalid_method,
                       fmt::format("{} has no method {}", definition.name, name));
}

// Of an abstract class, the method that some subclass has.
bool has_method(const World& world, const cim::ClassDef& definition, std::string_view name) {
    if (find_method(definition, name) != nullptr) return true;
    for (const auto* provider : world.registry.derived(definition))
        if (find_method(provider->definition(), name) != nullptr) return true;
    return false;
}

Or<Arguments> read_arguments(const cim::MethodDef& method, const wire::Instance& sent) {
    Arguments arguments;
    for (const auto& property : sent.properties) {
        const auto* parameter = find_input(method, property.name);
        if (parameter == nullptr)
            return wmi_failure(code::invalid_parameter_name, wbem::invalid_method_parameters,
                               fmt::format("{} has no argument {}", method.name, property.name));
        auto value = value_of(property.values, parameter->type, parameter->array);
        if (!value)
            return wmi_failure(
                code::parameter_type, wbem::invalid_method_parameters,
                fmt::format("the argument {} of {} is to be {}{}", parameter->name, method.name,
                            cim::type_name(parameter->type), parameter->array ? "[]" : ""));
        for (const auto& [name, known] : arguments)
            if (wql::same_name(name, parameter->name))
                return wmi_failure(code::invalid_parameter_name, wbem::invalid_method_parameters,
                                   fmt::format("the argument {} of {} is there twice", name, method.name));
        arguments.emplace_back(std::string(parameter->name), std::move(*value));
    }
    return arguments;
}

// Whose method it is: the class's provider of a static one, the instance's of any other.
Or<const cim::Provider*> provider_of(const World& world, const Named& named, std::string_view name) {
    const auto* method = find_method(*named.definition, name);
    const auto* own = world.registry.provider(*named.definition);
    if (method != nullptr && method->is_static) {
        if (!named.keys.empty())
            return refuse(wsman::code::unexpected_selectors,
                          fmt::format("{} is a method of the class: a call of it has no selectors", name));
        if (own != nullptr) return own;
        return no_method(*named.definition, name);
    }
    std::vector<std::string> keys;
    for (const auto& key : named.keys) keys.push_back(key.first);
    auto found = find_instance(world, named, cim::Wanted(std::move(keys)));
    if (auto* failure = std::get_if<cim::Failure>(&found)) return std::move(*failure);
    return std::get<Found>(found).provider;
}

// In the request's own spelling: the answer's action is the request's with a word behind it.
Or<std::string> write_outcome(const World& world, const wsman::Message& message, const Named& named,
                              const wire::Method& asked, const cim::MethodOutcome& outcome) {
    wire::MethodResult result{wire::format_class_uri(asked.of.of), asked.name, {}, {}};
    for (const auto& [name, value] : outcome.outputs) result.outputs.set(name, wire_values(value, named.uri));
    wire::sort_properties(result.outputs);
    result.return_value = wire_values(outcome.return_value, named.uri).front();
    return read_or_refuse(wire::write_method_response(world.answer_id, message.header.message_id, result));
}

cim::FromHost call(const World& world, const wsman::Message& message, const Named& named,
                   const wire::Method& asked, const cim::Provider& provider) {
    const auto* method = find_method(provider.definition(), asked.name);
    if (method == nullptr) return no_method(provider.definition(), asked.name);
    auto arguments = read_arguments(*method, asked.arguments);
    if (auto* failure = std::get_if<cim::Failure>(&arguments)) return std::move(*failure);
    cim::MethodCall called{method->name, method->is_static ? nullptr : &named.keys,
                           std::get<Arguments>(std::move(arguments))};
    const auto outcome = provider.invoke(world.machine, called);
    if (outcome.fault) return failure_of(*outcome.fault, provider.definition());
    auto written = write_outcome(world, message, named, asked, outcome);
    if (auto* failure = std::get_if<cim::Failure>(&written)) return std::move(*failure);
    return cim::Answer{std::get<std::string>(std::move(written))};
}

}  // namespace

cim::FromHost invoke(const World& world, const wsman::Message& message) {
    auto read = read_or_refuse(wire::read_method(message));
    if (auto* failure = std::get_if<cim::Failure>(&read)) return std::move(*failure);
    const auto& asked = std::get<wire::Method>(read);
    auto found = find_named(world, asked.of);
    if (auto* failure = std::get_if<cim::Failure>(&found)) return std::move(*failure);
    const auto& named = std::get<Named>(found);
    if (!has_method(world, *named.definition, asked.name)) return no_method(*named.definition, asked.name);
    auto provider = provider_of(world, named, asked.name);
    if (auto* failure = std::get_if<cim::Failure>(&provider)) return std::move(*failure);
    return call(world, message, named, asked, *std::get<const cim::Provider*>(provider));
}

}  // namespace mullion::cimhost
