// A bounded reader of YAML: maps, lists and scalars with their lines. By itself it takes what configuration
// needs and refuses anchors, aliases, tags and a key given twice; inventories ask for those.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace mullion::yaml {

struct Limits {
    std::size_t bytes = 1024 * 1024;
    unsigned depth = 16;
    // After aliases are replaced by what they stand for; 64 bytes of text are one more.
    std::size_t nodes = 20'000;
};

struct Options {
    Limits limits = {};
    bool anchors = false;  // Anchors, aliases and merge keys ("<<"): replaced by what they stand for.
    bool tags = false;     // Kept in Node::tag, as they are written or as %TAG resolves them.
    // A key given twice: this hears of it and the last value wins. Without, it is an error.
    std::function<void(unsigned line, std::string_view key)> twice = {};
    // How faults are told: "FILE:LINE: what", or without a name "line LINE: what".
    std::string file = {};
    ErrorId error = ErrorId::config_invalid;
};

struct Node {
    enum class Kind { scalar, map, list };
    struct Entry;

    Kind kind = Kind::scalar;
    bool plain = false;  // Written without quotes or tag: an empty plain scalar is YAML's null.
    unsigned line = 1;   // Counted from 1.
    std::string scalar;
    std::string tag;         // "!vault", "tag:yaml.org,2002:str"; empty: none.
    std::vector<Entry> map;  // In the order of the file.
    std::vector<Node> list;

    [[nodiscard]] bool is_null() const {
        return kind == Kind::scalar && plain && (scalar.empty() || scalar == "~");
    }
};

struct Node::Entry {
    std::string key;
    unsigned line = 1;
    bool plain = false;  // The key was written without quotes: what kind of scalar it is may matter.
    Node value;
};

// An empty text is a null. Errors: config.invalid, "line 3: …"
[[nodiscard]] Result<Node> read(std::string_view text, const Limits& limits = {});
// Errors: options.error
[[nodiscard]] Result<Node> read(std::string_view text, const Options& options);

}  // namespace mullion::yaml
