// The values of the exporter's configuration as its keys take them, with the line where one is wrong.
#pragma once

#include <fmt/core.h>

#include <charconv>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/nearest.h"
#include "core/result.h"
#include "yaml/yaml.h"

namespace mullion::exporter {

using yaml::Node;
using Entry = Node::Entry;

constexpr std::size_t most_names = 10'000;  // Of auths, modules and rules.

// What is being read, and where.
class ConfigReader {
public:
    explicit ConfigReader(std::string file)
        : file_(std::move(file)), folder_(std::filesystem::path(file_).parent_path()) {}

    [[nodiscard]] Error at(unsigned line, std::string_view what) const {
        Error error(ErrorId::config_invalid, fmt::format("{}:{}: {}", file_, line, what));
        error.advice.emplace_back("docs/exporter.md has every key, and an example.");
        return error;
    }
    [[nodiscard]] Result<void> map(const Node& node, std::string_view what) const {
        if (node.kind == Node::Kind::map) return {};
        return at(node.line, fmt::format("{} is a map of keys and values", what));
    }
    [[nodiscard]] Result<std::string> text(const Node& node, std::string_view what) const {
        if (node.kind == Node::Kind::scalar && !node.is_null()) return node.scalar;
        return at(node.line, fmt::format("{} takes one value", what));
    }
    // One value, or a list of them.
    [[nodiscard]] Result<std::vector<std::string>> texts(const Node& node, std::string_view what) const {
        std::vector<std::string> all;
        if (node.kind != Node::Kind::list) {
            MULLION_ASSIGN(auto one, text(node, what));
            all.push_back(std::move(one));
            return all;
        }
        if (node.list.size() > most_names) return at(node.line, fmt::format("{} has too many", what));
        for (const auto& item : node.list) {
            MULLION_ASSIGN(auto one, text(item, what));
            all.push_back(std::move(one));
        }
        return all;
    }
    [[nodiscard]] Result<unsigned> number(const Entry& entry, unsigned least, unsigned most) const {
        MULLION_ASSIGN(const std::string words, text(entry.value, entry.key));
        unsigned value = 0;
        const auto [end, problem] = std::from_chars(words.data(), words.data() + words.size(), value);
        if (problem != std::errc() || end != words.data() + words.size() || value < least || value > most)
            return at(entry.line, fmt::format("{} is a number from {} to {}", entry.key, least, most));
        return value;
    }
    [[nodiscard]] Result<Duration> seconds(const Entry& entry, unsigned most) const {
        MULLION_ASSIGN(const unsigned value, number(entry, 1, most));
        return Duration(std::int64_t{value} * 1000);
    }
    // Of the operator's: beside the configuration, where it is not absolute.
    [[nodiscard]] Result<std::string> path(const Entry& entry) const {
        MULLION_ASSIGN(const std::string name, text(entry.value, entry.key));
        return (folder_ / name).string();
    }
    // Those that are not `no_file` are beside the configuration, where they are not absolute.
    [[nodiscard]] Result<std::vector<std::string>> paths(
        const Entry& entry, bool (*no_file)(std::string_view name) = nullptr) const {
        MULLION_ASSIGN(auto names, texts(entry.value, entry.key));
        for (auto& name : names)
            if (no_file == nullptr || !no_file(name)) name = (folder_ / name).string();
        return names;
    }
    [[nodiscard]] Error unknown(const Entry& entry, std::string_view of,
                                const std::vector<std::string_view>& names) const {
        const auto near = nearest(entry.key, names);
        return at(entry.line,
                  fmt::format("{} is not a key of {}{}", entry.key, of,
                              near.empty() ? std::string() : fmt::format("; did you mean {}?", near)));
    }

private:
    std::string file_;
    std::filesystem::path folder_;
};

template <class T>
struct ConfigKey {
    std::string_view name;
    Result<void> (*read)(const ConfigReader& reader, T& into, const Entry& entry);
};

template <class T, std::size_t N>
Result<void> read_map(const ConfigReader& reader, T& into, const Node& node, const ConfigKey<T> (&keys)[N],
                      std::string_view what) {
    MULLION_TRY(reader.map(node, what));
    for (const auto& entry : node.map) {
        const ConfigKey<T>* found = nullptr;
        std::vector<std::string_view> names;
        for (const auto& key : keys) {
            names.push_back(key.name);
            if (key.name == entry.key) found = &key;
        }
        if (found == nullptr) return reader.unknown(entry, what, names);
        MULLION_TRY(found->read(reader, into, entry));
    }
    return {};
}

template <class T, std::string T::*field>
Result<void> read_text(const ConfigReader& reader, T& into, const Entry& entry) {
    MULLION_ASSIGN(into.*field, reader.text(entry.value, entry.key));
    return {};
}
template <class T, std::string T::*field>
Result<void> read_path(const ConfigReader& reader, T& into, const Entry& entry) {
    MULLION_ASSIGN(into.*field, reader.path(entry));
    return {};
}

}  // namespace mullion::exporter
