// YAML's events as values of variables. Shared by the readers of YAML inventories and of files of variables.
#pragma once

#include <string>

#include "core/result.h"
#include "inventory/model.h"
#include "yaml/events.h"

namespace mullion::inventory {

// How inventories read YAML: anchors, tags, keys given twice (the last one wins, with a notice).
[[nodiscard]] yaml::Options yaml_options(Model& model, std::uint32_t file);

// Gives what a text says as events, and keeps what they are made of.
class YamlText {
public:
    // Errors: inventory.invalid, "FILE:LINE: …"
    [[nodiscard]] static Result<YamlText> open(Model& model, std::uint32_t file, std::string_view text);
    [[nodiscard]] yaml::Events& events() { return *events_; }

private:
    std::unique_ptr<yaml::Node> tree_;
    std::unique_ptr<yaml::Events> events_;
};

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
