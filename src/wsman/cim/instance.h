// An instance that owns what it says: for one answer, one request, tests. For many, use InstanceReader and
// InstanceWriter.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "wsman/cim/instance_reader.h"
#include "wsman/cim/reference.h"
#include "wsman/cim/value.h"

namespace mullion::wsman::cim {

struct Instance;

// One value as the wire has it. A default one is null.
struct Value {
    Form form = Form::null;
    std::string text = {};             // Of text and times.
    std::vector<Reference> reference;  // One, of Form::reference.
    std::vector<Instance> instance;    // One, of Form::instance.

    Value() = default;
    explicit Value(const Scalar& scalar);
    explicit Value(Reference target);
    explicit Value(Instance embedded);
    [[nodiscard]] bool is_null() const { return form == Form::null; }
    // Nothing when it is null or is no such value; views into this one.
    [[nodiscard]] std::optional<Scalar> as(Type type) const;
    bool operator==(const Value& other) const;
};

// More than one value is an array; the wire tells an array of one from no plain value.
struct Property {
    std::string name;
    std::vector<Value> values;  // Never empty when it was read.
    bool operator==(const Property&) const = default;
};

struct Instance {
    std::string class_name =
        {};                  // Of its element; of an embedded one, what xsi:type says. Empty: a fragment.
    std::string space = {};  // The class's resource URI.
    std::string type = {};   // xsi:type without its prefix; empty: not said.
    std::vector<Property> properties = {};
    bool operator==(const Instance&) const = default;

    [[nodiscard]] const Property* find(std::string_view name) const;  // In any case.
    // Its only or first value; nothing when there is none or it is null.
    [[nodiscard]] std::optional<Scalar> get(std::string_view name, Type type) const;
    Instance& set(std::string_view name, Value value);  // In the place of what was there.
    Instance& set(std::string_view name, std::vector<Value> values);
};

struct InstanceLimits {
    std::size_t properties = 4096;
    std::size_t values = 65'536;  // Of all properties together.
    unsigned depth = 16;          // Instances within instances.
};

// Of an element that is an instance or a w:XmlFragment. Errors: wsman.malformed.
[[nodiscard]] Result<Instance> read_instance(const xml::Element& element, const InstanceLimits& limits = {});

// The instance as XML that stands on its own, as 2012 and later write it; properties in the order they have.
// Errors: wsman.malformed for names that no element can have.
[[nodiscard]] Result<std::string> instance_item(const Instance& instance);

// Windows lists properties by name.
void sort_properties(Instance& instance);

// What names this instance among those of its class. Errors: wsman.malformed for a key that it lacks, or
// that is null, an array or embedded.
[[nodiscard]] Result<Reference> reference_to(const Instance& instance, std::span<const std::string> keys);

}  // namespace mullion::wsman::cim
