#include "cim/class_def.h"

#include <algorithm>
#include <limits>

#include "wql/fold.h"

namespace mullion::cim {
namespace {

struct Range {
    std::int64_t least;
    std::uint64_t most;
};

template <class T>
constexpr Range range_of() {
    return {static_cast<std::int64_t>(std::numeric_limits<T>::min()),
            static_cast<std::uint64_t>(std::numeric_limits<T>::max())};
}

std::optional<Range> range(Type type) {
    switch (type) {
        case Type::uint8:
            return range_of<std::uint8_t>();
        case Type::sint8:
            return range_of<std::int8_t>();
        case Type::uint16:
            return range_of<std::uint16_t>();
        case Type::sint16:
            return range_of<std::int16_t>();
        case Type::uint32:
            return range_of<std::uint32_t>();
        case Type::sint32:
            return range_of<std::int32_t>();
        case Type::uint64:
            return range_of<std::uint64_t>();
        case Type::sint64:
            return range_of<std::int64_t>();
        default:
            return std::nullopt;
    }
}

bool in_range(const Scalar& value, const Range& range) {
    if (const auto* number = std::get_if<std::uint64_t>(&value)) return *number <= range.most;
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return *number >= range.least && (*number < 0 || static_cast<std::uint64_t>(*number) <= range.most);
    return false;
}

bool fits(Type type, const Scalar& value) {
    if (const auto numbers = range(type)) return in_range(value, *numbers);
    switch (type) {
        case Type::boolean:
            return std::holds_alternative<bool>(value);
        case Type::string:
            return std::holds_alternative<std::string>(value);
        case Type::datetime:
            return std::holds_alternative<Moment>(value) || std::holds_alternative<Interval>(value);
        case Type::reference:
            return std::holds_alternative<Reference>(value);
        default:
            return std::holds_alternative<double>(value);
    }
}

}  // namespace

std::string_view type_name(Type type) {
    static constexpr std::string_view names[] = {"boolean", "uint8",  "sint8",    "uint16",   "sint16",
                                                 "uint32",  "sint32", "uint64",   "sint64",   "real32",
                                                 "real64",  "string", "datetime", "reference"};
    return names[static_cast<std::size_t>(type)];
}

bool is_a(const ClassDef& definition, std::string_view class_name) {
    for (const auto* at = &definition; at != nullptr; at = at->base)
        if (wql::same_name(at->name, class_name)) return true;
    return false;
}

Shape::Shape(const ClassDef& definition) : definition_(&definition) {
    // From the class upwards: what it declares itself is what counts, who declared it first is the origin.
    for (const auto* at = &definition; at != nullptr; at = at->base) {
        for (const auto& property : at->properties) {
            const auto known = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
                return wql::same_name(entry.property->name, property.name);
            });
            if (known == entries_.end())
                entries_.push_back({&property, at});
            else
                known->origin = at;
        }
    }
    std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
        return wql::compare_text(a.property->name, b.property->name) < 0;
    });
    for (std::size_t at = 0; at < entries_.size(); ++at) as_written_.emplace(entries_[at].property->name, at);
}

std::optional<std::size_t> Shape::find(std::string_view property) const {
    if (const auto known = as_written_.find(property); known != as_written_.end()) return known->second;
    const auto at = std::lower_bound(entries_.begin(), entries_.end(), property,
                                     [](const Entry& entry, std::string_view name) {
                                         return wql::compare_text(entry.property->name, name) < 0;
                                     });
    if (at == entries_.end() || !wql::same_name(at->property->name, property)) return std::nullopt;
    return static_cast<std::size_t>(at - entries_.begin());
}

bool fits(const PropertyDef& property, const Value& value) {
    if (const auto* one = std::get_if<Scalar>(&value)) return !property.array && fits(property.type, *one);
    if (const auto* many = std::get_if<Array>(&value))
        return property.array && std::all_of(many->begin(), many->end(), [&](const Scalar& scalar) {
                   return fits(property.type, scalar);
               });
    return true;
}

}  // namespace mullion::cim
