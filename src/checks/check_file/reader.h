// Reading the maps of a check file: every fault has the file and the line. Internal to the folder.
#pragma once

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "checks/conditions/condition.h"
#include "checks/status.h"
#include "core/nearest.h"
#include "core/result.h"
#include "yaml/yaml.h"

namespace mullion::checks {

class CheckFileReader {
public:
    using Node = yaml::Node;
    using Entry = Node::Entry;

    static constexpr std::size_t longest_text = 4096;

    explicit CheckFileReader(std::string file) : file_(std::move(file)) {}

    [[nodiscard]] Error at(unsigned line, std::string_view what) const;
    [[nodiscard]] Result<void> map(const Node& node, std::string_view what) const;
    // One value of at most 4 KiB.
    [[nodiscard]] Result<std::string> text(const Entry& entry) const;
    [[nodiscard]] Result<std::vector<std::string>> texts(const Entry& entry, std::size_t most) const;
    [[nodiscard]] Result<unsigned> number(const Entry& entry, unsigned least, unsigned most) const;
    [[nodiscard]] Result<Status> status(const Entry& entry) const;
    [[nodiscard]] Result<Condition> condition(const Entry& entry) const;
    [[nodiscard]] Error unknown(const Entry& entry, std::string_view of,
                                const std::vector<std::string_view>& names) const;
    [[nodiscard]] const std::string& file() const { return file_; }

private:
    std::string file_;
};

template <class T>
struct CheckFileKey {
    std::string_view name;
    Result<void> (*read)(const CheckFileReader& reader, T& into, const yaml::Node::Entry& entry);
};

template <class T, class Keys>
[[nodiscard]] Result<void> read_keys(const CheckFileReader& reader, T& into, const yaml::Node& node,
                                     const Keys& keys, std::string_view what) {
    MULLION_TRY(reader.map(node, what));
    for (const auto& entry : node.map) {
        const CheckFileKey<T>* found = nullptr;
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

// The error of a condition without the dashes of an option, which there is none of.
[[nodiscard]] std::string without_dashes(std::string_view detail);

}  // namespace mullion::checks
