// What is done to one instance or class: Get, Put, Create, Delete and methods, both ends. DSP0227 10 - 14,
// DSP0226 7, [MS-WSMV] 3.1.4.2 - 3.1.4.7.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "wsman/cim/class_uri.h"
#include "wsman/cim/instance.h"

namespace mullion::wsman::cim {

// Requests. Errors of writers: wsman.malformed for names that no element can have.
[[nodiscard]] std::string write_get(const RequestSettings& settings, std::string_view message_id,
                                    const Target& target);
[[nodiscard]] std::string write_delete(const RequestSettings& settings, std::string_view message_id,
                                       const Target& target);
[[nodiscard]] Result<std::string> write_put(const RequestSettings& settings, std::string_view message_id,
                                            const Target& target, const Instance& instance);
[[nodiscard]] Result<std::string> write_create(const RequestSettings& settings, std::string_view message_id,
                                               const Target& target, const Instance& instance);

// Get and Delete are their read_target(). The instance of a Put or Create, which has to be of the target's
// class. Errors: wsman.malformed with the fault to answer with.
[[nodiscard]] Result<Instance> read_body_instance(const Message& message, const Target& target,
                                                  const InstanceLimits& limits = {});

// Whether the target names an instance of a class with these keys. Errors: wsman.malformed with the fault to
// answer with.
[[nodiscard]] Result<void> check_keys(const Target& target, std::span<const std::string> keys);

// Answers to Get and Put; `object` is XML of its own (InstanceWriter's).
[[nodiscard]] std::string write_object_response(std::string_view request_action, std::string_view message_id,
                                                std::string_view relates_to, std::string_view object);
// Errors of readers of answers: the fault's, wsman.malformed.
[[nodiscard]] Result<Instance> read_object_response(const Message& message, std::string_view request_action,
                                                    const InstanceLimits& limits = {});
[[nodiscard]] std::string write_created_response(std::string_view message_id, std::string_view relates_to,
                                                 const Reference& created);
[[nodiscard]] Result<Reference> read_created_response(const Message& message);
// The answer to Delete is wsman/shell.h's, empty.

struct Method {
    Target of;  // Without keys: a static method.
    std::string name;
    Instance arguments = {};  // Its properties are the arguments; what else it has is set here.
    bool operator==(const Method&) const = default;
};
[[nodiscard]] Result<std::string> write_method(const RequestSettings& settings, std::string_view message_id,
                                               const Method& method);
// Errors: wsman.malformed with the fault to answer with.
[[nodiscard]] Result<Method> read_method(const Message& message, const InstanceLimits& limits = {});

struct MethodResult {
    std::string resource_uri;
    std::string name;
    Instance outputs = {};    // Its properties are the outputs, without ReturnValue.
    Value return_value = {};  // Null: it returned none.
    bool operator==(const MethodResult&) const = default;
};
[[nodiscard]] Result<std::string> write_method_response(std::string_view message_id,
                                                        std::string_view relates_to,
                                                        const MethodResult& result);
// Of a call of that method of the target's class.
[[nodiscard]] Result<MethodResult> read_method_response(const Message& message, const Target& target,
                                                        std::string_view name,
                                                        const InstanceLimits& limits = {});

}  // namespace mullion::wsman::cim
