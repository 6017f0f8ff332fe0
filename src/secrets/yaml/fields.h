// The keys of one map of a form: taken one by one, and what was not asked for is refused.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "secrets/entities/scope.h"
#include "yaml/yaml.h"

namespace mullion::secrets {

// Where a form comes from, for messages: "FILE:LINE: what", and what alone for a form that is no file's.
struct Source {
    std::string file;
    [[nodiscard]] Error at(unsigned line, std::string_view what) const;
};

// Harness's YAML is Jackson's: besides an empty scalar and `~` the word null is none.
[[nodiscard]] bool is_none(const yaml::Node& node);

// A key whose value is none counts as absent. Everything that is read is bounded by yaml::Limits. Errors:
// secrets.invalid
class Fields {
public:
    // `what` in messages: "a secret", "the spec of a WinRM credential".
    [[nodiscard]] static Result<Fields> of(const Source& source, const yaml::Node& node, std::string what);

    [[nodiscard]] const yaml::Node* find(std::string_view key);
    // Absent: an empty text, reference (its id), list or map.
    [[nodiscard]] Result<std::string> text(std::string_view key);
    [[nodiscard]] Result<Reference> reference(std::string_view key);
    [[nodiscard]] Result<std::vector<std::string>> texts(std::string_view key);
    [[nodiscard]] Result<std::map<std::string, std::string>> pairs(std::string_view key);
    [[nodiscard]] Result<bool> truth(std::string_view key, bool otherwise);
    [[nodiscard]] Result<std::optional<std::uint32_t>> number(std::string_view key, std::uint32_t most);
    // Below it; absent: a map without keys.
    [[nodiscard]] Result<Fields> map(std::string_view key, std::string what);
    [[nodiscard]] Result<std::vector<Fields>> maps(std::string_view key, std::string what);

    // What nobody asked for is an error, with the nearest key there is.
    [[nodiscard]] Result<void> finish() const;

    [[nodiscard]] Error at(std::string_view key, std::string_view what) const;  // At its line.

private:
    Fields(const Source& source, const yaml::Node& node, unsigned line, std::string what)
        : source_(&source), node_(&node), line_(line), what_(std::move(what)) {}
    [[nodiscard]] const yaml::Node::Entry* entry_of(std::string_view key) const;
    [[nodiscard]] Result<std::string> scalar(std::string_view key, const yaml::Node& value) const;

    const Source* source_;
    const yaml::Node* node_;
    unsigned line_;  // Of the key that holds it.
    std::string what_;
    std::vector<std::string_view> known_;
};

}  // namespace mullion::secrets
