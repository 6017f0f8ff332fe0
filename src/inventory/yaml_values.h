// YAML's events as values of variables. Shared by the readers of YAML inventories and of files of variables.
#pragma once

#include <functional>
#include <string>

#include "core/result.h"
#include "inventory/model.h"
#include "yaml/events.h"

namespace mullion::inventory {

// Calls `use` with the events of a text: once with a stream of them, and where that fails (anchors,
// keys given twice …) after `forget`, which undoes what the first call did, once more with those of a tree. A
// tree of 25,000 hosts is 30 MB. Errors: those of `use`, and inventory.invalid, "FILE:LINE: …"
[[nodiscard]] Result<void> with_events(Model& model, std::uint32_t file, std::string_view text,
                                       const std::function<Result<void>(yaml::Events&)>& use,
                                       const std::function<void()>& forget);
// With a tree at once, for what cannot be undone.
[[nodiscard]] Result<void> with_tree(Model& model, std::uint32_t file, std::string_view text,
                                     const std::function<Result<void>(yaml::Events&)>& use);

class YamlValues {
public:
    YamlValues(const Model& model, std::uint32_t file, yaml::Events& events)
        : model_(model), file_(file), events_(events) {}

    [[nodiscard]] Result<void> next(yaml::Event& event) { return events_.next(event); }
    // The value that begins with `first`; its last event is taken.
    [[nodiscard]] Result<Value> value(const yaml::Event& first);
    // A scalar without tag as text: what Python's str() or JSON make of a key that is a number or a boolean.
    [[nodiscard]] std::string key(const yaml::Event& event) const;
    // Reads over the value that begins with `first`.
    [[nodiscard]] Result<void> skip(const yaml::Event& first);

    [[nodiscard]] Place place(const yaml::Event& event) const { return {file_, event.line}; }
    [[nodiscard]] Error fault(unsigned line, std::string_view what) const;

private:
    [[nodiscard]] Result<Value> scalar(const yaml::Event& event) const;
    [[nodiscard]] Result<Value> map(Value out);
    [[nodiscard]] Result<Value> list(Value out);

    const Model& model_;
    std::uint32_t file_;
    yaml::Events& events_;
    bool literal_ = false;  // Inside of !unsafe.
};

}  // namespace mullion::inventory
