// From an element to an instance that owns its values.
#include <functional>
#include <map>

#include "wsman/cim/batch_stream.h"
#include "wsman/cim/instance.h"
#include "wsman/uris.h"
#include "wsman/values.h"

namespace mullion::wsman::cim {

namespace {

// Where the properties of an instance are, by name. Values of an array stand beside each other; what comes
// later all the same belongs to it.
class Places {
public:
    // As many as there are: it is a new one, and comes next.
    std::size_t find(const std::vector<Property>& properties, std::string_view name) {
        for (auto at = properties.size(); at-- > known_.size();)
            if (properties[at].name == name) return at;
        const auto found = known_.find(name);
        if (found != known_.end()) return found->second;
        if (properties.size() - known_.size() > most_looked_at) remember(properties);
        return properties.size();
    }

private:
    // Looking at those of an instance as Windows has them costs less than a map does.
    static constexpr std::size_t most_looked_at = 64;

    void remember(const std::vector<Property>& properties) {
        while (known_.size() < properties.size()) {
            const auto at = known_.size();
            known_.emplace(properties[at].name, at);
        }
    }

    std::map<std::string, std::size_t, std::less<>> known_;  // Of the first ones.
};

class OwningReader {
public:
    explicit OwningReader(const InstanceLimits& limits) : limits_(limits) {}

    Result<Instance> read(const xml::Element& element, unsigned depth) {
        if (depth > limits_.depth) return malformed("instances are nested too deep");
        InstanceReader reader(element);
        Instance instance;
        instance.type = reader.type();
        if (depth == 1)
            name_outer(reader, instance);
        else
            name_embedded(element, instance);
        Places places;
        for (PropertyView view; reader.next(view);) MULLION_TRY(add(instance, places, view, depth));
        return instance;
    }

    Result<Instance> read(BatchStream& stream) {
        Instance instance;
        instance.type = stream.type();
        if (!stream.is_fragment()) {
            instance.class_name = stream.element_name();
            instance.space = stream.space();
        }
        Places places;
        for (PropertyView view;;) {
            MULLION_ASSIGN(const bool more, stream.next(view));
            if (!more) return instance;
            MULLION_TRY(add(instance, places, view, 1));
        }
    }

private:
    Result<void> add(Instance& instance, Places& places, const PropertyView& view, unsigned depth) {
        MULLION_ASSIGN(auto value, value_of(view, depth));
        const auto place = places.find(instance.properties, view.name);
        if (place == instance.properties.size()) {
            if (++properties_ > limits_.properties) return malformed("the instance has too many properties");
            instance.properties.push_back({std::string(view.name), {}});
        }
        if (++values_ > limits_.values) return malformed("the instance has too many values");
        instance.properties[place].values.push_back(std::move(value));
        return {};
    }

    static void name_outer(const InstanceReader& reader, Instance& instance) {
        if (reader.is_fragment()) return;
        instance.class_name = reader.element_name();
        instance.space = reader.space();
    }

    // Its element is the property's; xsi:type has the class, its properties are in the class's namespace.
    static void name_embedded(const xml::Element& element, Instance& instance) {
        constexpr std::string_view suffix = "_Type";
        instance.class_name = instance.type;
        if (instance.class_name.ends_with(suffix))
            instance.class_name.resize(instance.class_name.size() - suffix.size());
        const auto first = element.first();
        instance.space = first ? first.space() : element.space();
    }

    Result<Value> value_of(const PropertyView& view, unsigned depth) {
        Value value;
        if (view.form == Form::reference) {
            MULLION_ASSIGN(auto reference, read_reference(view.element));
            return Value(std::move(reference));
        }
        if (view.form == Form::instance) {
            MULLION_ASSIGN(auto embedded, read(view.element, depth + 1));
            return Value(std::move(embedded));
        }
        value.form = view.form;
        value.text = view.text;
        return value;
    }

    InstanceLimits limits_;
    std::size_t properties_ = 0;
    std::size_t values_ = 0;
};

}  // namespace

Result<Instance> read_instance(const xml::Element& element, const InstanceLimits& limits) {
    if (!element) return malformed("there is no instance");
    return OwningReader(limits).read(element, 1);
}

Result<Instance> read_instance(BatchStream& stream, const InstanceLimits& limits) {
    if (!stream.has_object()) return malformed("the item is no instance");
    return OwningReader(limits).read(stream);
}

}  // namespace mullion::wsman::cim
