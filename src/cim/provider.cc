#include "cim/provider.h"

#include <fmt/core.h>

#include <algorithm>

#include "wql/fold.h"

namespace mullion::cim {
namespace {

const std::string* find(const Keys& keys, std::string_view name) {
    for (const auto& [key, value] : keys)
        if (wql::same_name(key, name)) return &value;
    return nullptr;
}

bool has_keys(const Instance& instance, const Keys& keys, bool (*same)(std::string_view, std::string_view)) {
    return std::all_of(keys.begin(), keys.end(), [&](const auto& key) {
        const auto text = instance.text(key.first);
        return text && same(*text, key.second);
    });
}

bool same_bytes(std::string_view a, std::string_view b) {
    return a == b;
}

// Windows compares keys without case, Linux has /data beside /Data: the same letters win.
class Finder : public Sink {
public:
    explicit Finder(const Keys& keys) : keys_(keys) {}
    [[nodiscard]] bool put(Instance&& instance) override {
        const bool exact = has_keys(instance, keys_, same_bytes);
        if (exact || (!found && has_keys(instance, keys_, wql::same_name))) found = std::move(instance);
        return !exact;
    }
    std::optional<Instance> found;

private:
    const Keys& keys_;
};

}  // namespace

const std::string* Question::equal_to(std::string_view property) const {
    return find(equal, property);
}

std::optional<std::int64_t> Question::earliest(std::string_view property) const {
    std::optional<std::int64_t> bound;
    for (const auto& [name, time] : not_before)
        if (wql::same_name(name, property)) bound = std::max(bound.value_or(time), time);
    return bound;
}

const Scalar* MethodCall::argument(std::string_view wanted) const {
    for (const auto& [given, value] : arguments)
        if (wql::same_name(given, wanted)) return std::get_if<Scalar>(&value);
    return nullptr;
}

std::optional<std::string> MethodCall::text(std::string_view wanted) const {
    const auto* value = argument(wanted);
    const auto* text = value ? std::get_if<std::string>(value) : nullptr;
    if (!text) return std::nullopt;
    return *text;
}

bool MethodCall::is(std::string_view method) const {
    return wql::same_name(name, method);
}

std::string Fault::text() const {
    switch (kind) {
        case Kind::too_many:
            return fmt::format("{} has more entries than are read", source);
        case Kind::needs_key:
            return fmt::format("this class cannot be listed: say which instance is meant, by {}", source);
        case Kind::no_method:
            return fmt::format("this class has no method {}", source);
        case Kind::no_instance:
            return fmt::format("there is no {} on this machine", source);
        case Kind::unreadable:
            break;
    }
    return fmt::format("{} cannot be read on this machine", source);
}

Provider::Found Provider::get(const Machine& machine, const Wanted& wanted, const Keys& keys) const {
    Finder finder(keys);
    auto fault = enumerate(machine, {wanted, keys}, finder);
    if (finder.found) return {std::move(finder.found), {}};
    return {{}, std::move(fault)};
}

MethodOutcome Provider::invoke(const Machine&, const MethodCall& call) const {
    return {{}, {}, Fault{Fault::Kind::no_method, std::string(call.name)}};
}

std::optional<std::string> Provider::wrong_key(const Keys& keys) const {
    for (const auto& entry : shape_.entries())
        if (entry.property->key && find(keys, entry.property->name) == nullptr)
            return std::string(entry.property->name);
    for (const auto& [name, value] : keys) {
        const auto at = shape_.find(name);
        if (!at || !shape_.entries()[*at].property->key) return name;
    }
    return std::nullopt;
}

}  // namespace mullion::cim
