// Resource URIs of classes, and which instance a request's headers name. DSP0227 6, [MS-WSMV] 2.2.4.33.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "wsman/cim/reference.h"
#include "wsman/envelope.h"

namespace mullion::wsman::cim {

struct ClassUri {
    enum class Form {
        wmi,          // …/wbem/wsman/1/wmi/NAMESPACE/CLASS
        schema,       // …/wbem/wscim/1/cim-schema/2/CLASS, of DMTF or a vendor; the namespace is a selector
        all_classes,  // …/wbem/wscim/1/*
    };
    Form form = Form::wmi;
    std::string authority = {};      // Of a schema: what stands before its path, "http://schemas.dmtf.org".
    std::string cim_namespace = {};  // "root/cimv2"; empty: the service's own choice.
    std::string class_name = {};     // "*": all of them.
    bool operator==(const ClassUri&) const = default;
};

// In any case, as Windows compares them; namespaces come out with slashes. Nothing for any other URI.
[[nodiscard]] std::optional<ClassUri> parse_class_uri(std::string_view uri);
// Without the namespace of a schema, which goes into a selector.
[[nodiscard]] std::string format_class_uri(const ClassUri& uri);
// A name that WMI could have: letters, digits and underscores.
[[nodiscard]] bool is_cim_name(std::string_view name);

// What a request is about: a class, and the keys of an instance of it.
struct Target {
    ClassUri of;
    std::vector<Key> keys = {};
    bool operator==(const Target&) const = default;
};

inline constexpr std::size_t most_keys = 256;
inline constexpr std::size_t longest_key = 64 * 1024;

// Errors: wsman.malformed with the fault to answer with.
[[nodiscard]] Result<Target> read_target(const Message& message);

namespace detail {  // The parts of the template that need not be templates.
// Without keys that are references: the headers of other messages have none.
RequestHead target_head(std::string_view action, std::string_view message_id, const Target& target,
                        std::string_view uri);
std::string with_references(std::string request, const Target& target);
}  // namespace detail

// A request about it, whose body is written as that of write_request(); the namespace of a schema is a
// selector again.
template <class WriteBody>
[[nodiscard]] std::string write_about(const RequestSettings& settings, std::string_view action,
                                      std::string_view message_id, const Target& target,
                                      WriteBody&& write_body) {
    const auto uri = format_class_uri(target.of);
    const auto head = detail::target_head(action, message_id, target, uri);
    auto request = write_request(settings, head, std::forward<WriteBody>(write_body));
    return detail::with_references(std::move(request), target);
}

}  // namespace mullion::wsman::cim
