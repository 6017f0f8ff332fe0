// Reading YAML maps by a table of their keys: an unknown key is an error with its line and the nearest known
// one. Internal to the room.
#pragma once

#include <fmt/core.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/nearest.h"
#include "core/result.h"
#include "simulate/words.h"
#include "yaml/yaml.h"

namespace mullion::simulate {

[[nodiscard]] Error at_line(unsigned line, std::string_view what);

// The values of keys. Errors: simulate.invalid with the line.
[[nodiscard]] Result<std::string> text_of(const yaml::Node::Entry& entry);
[[nodiscard]] Result<bool> truth_of(const yaml::Node::Entry& entry);
[[nodiscard]] Result<std::uint64_t> number_of(const yaml::Node::Entry& entry, std::uint64_t least,
                                              std::uint64_t most);
[[nodiscard]] Result<Duration> delay_of(const yaml::Node::Entry& entry);
[[nodiscard]] Result<std::uint64_t> size_of(const yaml::Node::Entry& entry);
[[nodiscard]] Result<std::uint32_t> code_of(const yaml::Node::Entry& entry);
[[nodiscard]] Result<void> expect_map(const yaml::Node& node, std::string_view what);
[[nodiscard]] Result<void> expect_list(const yaml::Node::Entry& entry);

struct FileReader;

// One key of a map that makes a T.
template <class T>
struct Key {
    std::string_view name;
    Result<void> (*read)(FileReader& reader, T& into, const yaml::Node::Entry& entry);
};

// `keys` are Key<T>.
template <class T, class Keys>
[[nodiscard]] Result<void> read_map(FileReader& reader, T& into, const yaml::Node& node, const Keys& keys,
                                    std::string_view what) {
    MULLION_TRY(expect_map(node, what));
    for (const auto& entry : node.map) {
        const Key<T>* found = nullptr;
        for (const auto& key : keys)
            if (key.name == entry.key) found = &key;
        if (found == nullptr) {
            std::vector<std::string_view> names;
            for (const auto& key : keys) names.push_back(key.name);
            const auto near = nearest(entry.key, names);
            return at_line(entry.line, fmt::format("{} is not a key of {}{}", entry.key, what,
                                                   near.empty() ? std::string()
                                                                : fmt::format("; did you mean {}?", near)));
        }
        MULLION_TRY(found->read(reader, into, entry));
    }
    return {};
}

}  // namespace mullion::simulate
