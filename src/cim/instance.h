// One instance while it is made, and afterwards.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "cim/class_def.h"

namespace mullion::cim {

// Which properties somebody wants to see or compare. By default all.
class Wanted {
public:
    Wanted() = default;
    explicit Wanted(std::vector<std::string> names) : names_(std::move(names)) {}
    [[nodiscard]] bool has(std::string_view property) const;  // In any case.

private:
    std::optional<std::vector<std::string>> names_;
};

class Instance {
public:
    explicit Instance(const Shape& shape) : shape_(&shape), values_(shape.entries().size()) {}

    [[nodiscard]] const Shape& shape() const { return *shape_; }
    // In the order of shape().entries(); what was never set is null.
    [[nodiscard]] const std::vector<Value>& values() const { return values_; }
    [[nodiscard]] const Value* find(std::string_view property) const;  // In any case.
    // A key or another value as text, as selectors and object paths have it. Empty: null or no plain value.
    [[nodiscard]] std::optional<std::string> text(std::string_view property) const;

    // Whole numbers, texts, bool and so on as they are; an empty optional is null.
    template <class T>
    Instance& set(std::string_view property, const T& value) {
        return put(property, value_of(value));
    }

private:
    template <class T>
    static Value value_of(const std::optional<T>& value) {
        if (!value) return {};
        return value_of(*value);
    }
    template <class T>
    static Value value_of(const T& value) {
        if constexpr (std::is_same_v<T, Value> || std::is_same_v<T, Array>)
            return Value(value);
        else
            return Value(scalar_of(value));
    }
    template <class T>
    static Scalar scalar_of(const T& value) {
        if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, Scalar>)
            return value;
        else if constexpr (std::unsigned_integral<T>)
            return std::uint64_t{value};
        else if constexpr (std::signed_integral<T>)
            return std::int64_t{value};
        else if constexpr (std::is_convertible_v<const T&, std::string_view>)
            return std::string(std::string_view(value));
        else
            return value;
    }
    // The property must be one of the class, and the value of its type: anything else is a bug. A number that
    // the type cannot hold is null, of a raw counter its low bits, since those wrap around.
    Instance& put(std::string_view property, Value value);

    const Shape* shape_;
    std::vector<Value> values_;
};

// The path of what it names, as WMI writes it: Win32_Service.Name="ssh". Keys by their names, so that one
// object has one text.
[[nodiscard]] std::string path_text(const Reference& reference);

// Texts of an array.
[[nodiscard]] Array texts(const std::vector<std::string>& values);

}  // namespace mullion::cim
