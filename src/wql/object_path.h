// Paths of classes and instances: \\server\root\cimv2:Win32_Service.Name="sshd". [MS-WMI] 2.2.2, and
// Microsoft's pages "Describing the Location of a WMI Object" and "WMI Object Path Requirements".
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wql/fault.h"
#include "wql/number.h"

namespace mullion::wql {

using Constant = std::variant<bool, Number, std::string>;

struct Key {
    std::string name;  // Empty where the class has one key, and its name was left out: Win32_Service="sshd".
    Constant value = false;

    bool operator==(const Key&) const = default;
};

struct ObjectPath {
    std::string server;                   // Empty, or "." for this machine.
    std::vector<std::string> namespaces;  // root, cimv2. Empty: that of the request.
    std::string class_name;
    bool singleton = false;  // "=@": the one instance of a class without keys.
    std::vector<Key> keys;   // Neither: the class itself.

    [[nodiscard]] bool of_class() const { return !singleton && keys.empty(); }
    bool operator==(const ObjectPath&) const = default;
};

struct PathLimits {
    std::size_t name = 255;  // Characters of one name.
    std::size_t namespaces = 32;
    std::size_t keys = 64;
};

struct PathFront {
    ObjectPath path;
    std::size_t end = 0;  // Of it in the query.
};

// All of the text.
[[nodiscard]] std::variant<ObjectPath, Fault> parse_object_path(std::string_view text,
                                                                const PathLimits& limits = {});
// That which begins at `place` of the query.
[[nodiscard]] std::variant<PathFront, Fault> parse_path_front(std::string_view query, std::size_t place,
                                                              const PathLimits& limits = {});

[[nodiscard]] std::string print_constant(const Constant& value);
[[nodiscard]] std::string print(const ObjectPath& path);

}  // namespace mullion::wql
