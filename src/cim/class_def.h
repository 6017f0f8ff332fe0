// What classes there are: their names, ancestors, properties and methods. Tables of constants, from which
// instances are made and class metadata (DSP0201) can be written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cim/value.h"

namespace mullion::cim {

enum class Type : std::uint8_t {
    boolean,
    uint8,
    sint8,
    uint16,
    sint16,
    uint32,
    sint32,
    uint64,
    sint64,
    real32,
    real64,
    string,
    datetime,  // A Moment or an Interval.
    reference,
};
[[nodiscard]] std::string_view type_name(Type type);  // As MOF spells it.

struct PropertyDef {
    std::string_view name;
    Type type = Type::string;
    bool key = false;
    bool array = false;
    // The qualifier CounterType of raw counters (winperf.h): how two samples make a figure.
    std::optional<std::uint32_t> counter = {};
};

struct ParameterDef {
    std::string_view name;
    Type type = Type::string;
    bool array = false;
    bool out = false;
};

struct MethodDef {
    std::string_view name;
    Type returns = Type::uint32;
    bool is_static = false;
    std::span<const ParameterDef> parameters = {};
};

struct ClassDef {
    std::string_view name;
    const ClassDef* base = nullptr;
    std::span<const PropertyDef> properties = {};  // Its own; one of an ancestor's name replaces that.
    std::span<const MethodDef> methods = {};
    bool abstract = false;
    bool singleton = false;  // One instance, without keys.
    std::string_view cim_namespace = "root/cimv2";
};

// In any case.
[[nodiscard]] bool is_a(const ClassDef& definition, std::string_view class_name);

// All properties of a class, inherited ones too, by alphabet, which is the order of WinRM.
class Shape {
public:
    struct Entry {
        const PropertyDef* property;
        const ClassDef* origin;  // Who declares it first.
    };
    explicit Shape(const ClassDef& definition);

    [[nodiscard]] const ClassDef& definition() const { return *definition_; }
    [[nodiscard]] std::span<const Entry> entries() const { return entries_; }
    [[nodiscard]] std::optional<std::size_t> find(std::string_view property) const;  // In any case.

private:
    const ClassDef* definition_;
    std::vector<Entry> entries_;
    // In the spelling of the class, as providers write them for every row: without folding letters.
    std::unordered_map<std::string_view, std::size_t> as_written_;
};

// The value is of the property's type and in its range; null always is.
[[nodiscard]] bool fits(const PropertyDef& property, const Value& value);

}  // namespace mullion::cim
