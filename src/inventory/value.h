// A variable's value as an inventory has it: what Python would hold, and where it was written.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace mullion::inventory {

// "inventory/hosts.yml:12". Files are kept once, by number, in the Inventory.
struct Place {
    std::uint32_t file = 0;
    std::uint32_t line = 0;  // Counted from 1; 0: the file as a whole.
};

struct Value;
struct MapEntry;
using List = std::vector<Value>;
using Map = std::vector<MapEntry>;  // In the order written, one of each key.

// The armoured text of an ansible-vault value. It is opened when it is used, and not before.
struct Vaulted {
    std::string armour;  // "$ANSIBLE_VAULT;1.2;AES256;label\n…"
};

struct Value {
    // monostate is null. A number that does not fit stays the text it was written as.
    std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Map, Vaulted> data;
    Place place = {};
    bool literal = false;  // !unsafe: braces in it are no template.
    bool secret = false;   // It was in a vaulted file: hidden where values are shown.
};

// Not std::pair: clang 14 wants that to be complete before Value is.
struct MapEntry {
    MapEntry(std::string key, Value value) : first(std::move(key)), second(std::move(value)) {}
    std::string first;
    Value second;
};

}  // namespace mullion::inventory
