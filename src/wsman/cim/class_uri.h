// Resource URIs of classes, and which instance a request's headers name. DSP0227 6, [MS-WSMV] 2.2.4.33.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
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
    std::vector<Selector> keys = {};
    bool operator==(const Target&) const = default;
};

inline constexpr std::size_t most_keys = 256;
inline constexpr std::size_t longest_key = 64 * 1024;

// Errors: wsman.malformed with the fault to answer with; a selector that is a reference is refused.
[[nodiscard]] Result<Target> read_target(const Message& message);
// The head of a request about it; the namespace of a schema is a selector again.
[[nodiscard]] RequestHead target_head(std::string_view action, std::string_view message_id,
                                      const Target& target, std::string& uri);

}  // namespace mullion::wsman::cim
