#include "secrets/yaml/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/nearest.h"
#include "core/printable.h"

namespace mullion::secrets {
namespace {

const yaml::Node& empty_map() {
    static const yaml::Node node = [] {
        yaml::Node made;
        made.kind = yaml::Node::Kind::map;
        return made;
    }();
    return node;
}

bool is_one_of(std::string_view word, const std::array<std::string_view, 3>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

Error Source::at(unsigned line, std::string_view what) const {
    if (file.empty()) return {ErrorId::secrets_invalid, std::string(what)};
    return {ErrorId::secrets_invalid, fmt::format("{}:{}: {}", file, line, what)};
}

bool is_none(const yaml::Node& node) {
    if (node.is_null()) return true;
    return node.kind == yaml::Node::Kind::scalar && node.plain &&
           is_one_of(node.scalar, {"null", "Null", "NULL"});
}

Result<Fields> Fields::of(const Source& source, const yaml::Node& node, std::string what) {
    if (is_none(node)) return Fields(source, empty_map(), node.line, std::move(what));
    if (node.kind != yaml::Node::Kind::map)
        return source.at(node.line, fmt::format("{} is a map of keys and values", what));
    return Fields(source, node, node.line, std::move(what));
}

const yaml::Node* Fields::find(std::string_view key) {
    known_.push_back(key);
    const auto* const entry = entry_of(key);
    return entry == nullptr || is_none(entry->value) ? nullptr : &entry->value;
}

const yaml::Node::Entry* Fields::entry_of(std::string_view key) const {
    for (const auto& entry : node_->map)
        if (entry.key == key) return &entry;
    return nullptr;
}

Error Fields::at(std::string_view key, std::string_view what) const {
    const auto* const entry = entry_of(key);
    return source_->at(entry == nullptr ? line_ : entry->line, what);
}

Result<std::string> Fields::scalar(std::string_view key, const yaml::Node& value) const {
    if (value.kind == yaml::Node::Kind::scalar) return value.scalar;
    return source_->at(value.line, fmt::format("{} takes one value", key));
}

Result<std::string> Fields::text(std::string_view key) {
    const auto* const value = find(key);
    if (value == nullptr) return std::string();
    return scalar(key, *value);
}

Result<Reference> Fields::reference(std::string_view key) {
    MULLION_ASSIGN(const std::string written, text(key));
    if (written.empty()) return Reference();
    auto reference = parse_reference(written);
    if (!reference.ok()) return at(key, fmt::format("{}: {}", key, reference.error().detail));
    return reference;
}

Result<std::vector<std::string>> Fields::texts(std::string_view key) {
    std::vector<std::string> all;
    const auto* const value = find(key);
    if (value == nullptr) return all;
    if (value->kind != yaml::Node::Kind::list)
        return source_->at(value->line, fmt::format("{} is a list", key));
    for (const auto& item : value->list) {
        MULLION_ASSIGN(auto one, scalar(key, item));
        all.push_back(std::move(one));
    }
    return all;
}

Result<std::map<std::string, std::string>> Fields::pairs(std::string_view key) {
    std::map<std::string, std::string> all;
    const auto* const value = find(key);
    if (value == nullptr) return all;
    if (value->kind != yaml::Node::Kind::map)
        return source_->at(value->line, fmt::format("{} is a map of keys and values", key));
    for (const auto& entry : value->map) {
        MULLION_ASSIGN(auto one, scalar(entry.key, entry.value));
        all.emplace(entry.key, is_none(entry.value) ? std::string() : std::move(one));
    }
    return all;
}

Result<bool> Fields::truth(std::string_view key, bool otherwise) {
    const auto* const value = find(key);
    if (value == nullptr) return otherwise;
    if (value->kind == yaml::Node::Kind::scalar && value->plain) {
        if (is_one_of(value->scalar, {"true", "True", "TRUE"})) return true;
        if (is_one_of(value->scalar, {"false", "False", "FALSE"})) return false;
    }
    return source_->at(value->line, fmt::format("{} is true or false", key));
}

Result<std::optional<std::uint32_t>> Fields::number(std::string_view key, std::uint32_t most) {
    using Number = std::optional<std::uint32_t>;
    MULLION_ASSIGN(const std::string written, text(key));
    if (written.empty()) return Number();
    std::uint32_t value = 0;
    const auto* const end = written.data() + written.size();
    const auto [stop, problem] = std::from_chars(written.data(), end, value);
    if (problem != std::errc() || stop != end || value > most)
        return at(key, fmt::format("{} is a number up to {}", key, most));
    return Number(value);
}

Result<Fields> Fields::map(std::string_view key, std::string what) {
    const auto* const value = find(key);
    const auto* const entry = entry_of(key);
    const unsigned line = entry == nullptr ? line_ : entry->line;
    if (value == nullptr) return Fields(*source_, empty_map(), line, std::move(what));
    MULLION_ASSIGN(Fields below, of(*source_, *value, std::move(what)));
    below.line_ = line;  // A map begins at its first key; what it lacks is missing where it is named.
    return below;
}

Result<std::vector<Fields>> Fields::maps(std::string_view key, std::string what) {
    std::vector<Fields> all;
    const auto* const value = find(key);
    if (value == nullptr) return all;
    if (value->kind != yaml::Node::Kind::list)
        return source_->at(value->line, fmt::format("{} is a list", key));
    for (const auto& item : value->list) {
        MULLION_ASSIGN(auto one, of(*source_, item, what));
        all.push_back(std::move(one));
    }
    return all;
}

Result<void> Fields::finish() const {
    for (const auto& entry : node_->map) {
        if (std::find(known_.begin(), known_.end(), entry.key) != known_.end()) continue;
        const auto near = nearest(entry.key, known_);
        return source_->at(
            entry.line, fmt::format("{} is not a key of {}{}", one_line(entry.key), what_,
                                    near.empty() ? std::string() : fmt::format("; did you mean {}?", near)));
    }
    return {};
}

}  // namespace mullion::secrets
