// A bounded reader of the YAML that configuration needs: maps, lists and scalars with their lines. Refuses
// anchors, aliases, tags, several documents and a key given twice.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace mullion::yaml {

struct Limits {
    std::size_t bytes = 1024 * 1024;
    unsigned depth = 16;
    std::size_t nodes = 20'000;
};

struct Node {
    enum class Kind { scalar, map, list };
    struct Entry;

    Kind kind = Kind::scalar;
    unsigned line = 1;  // Counted from 1.
    std::string scalar;
    bool plain = false;      // Written without quotes: an empty plain scalar is YAML's null.
    std::vector<Entry> map;  // In the order of the file.
    std::vector<Node> list;

    [[nodiscard]] bool is_null() const {
        return kind == Kind::scalar && plain && (scalar.empty() || scalar == "~");
    }
};

struct Node::Entry {
    std::string key;
    unsigned line = 1;
    Node value;
};

// An empty text is a null. Errors: config.invalid, "line 3: …"
[[nodiscard]] Result<Node> read(std::string_view text, const Limits& limits = {});

}  // namespace mullion::yaml
