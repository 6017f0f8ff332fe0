#include "yaml/yaml.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include <fmt/core.h>

#include "yaml/documents.h"

namespace mullion::yaml {
namespace {

// Finds keys of one map. A map of a few keys is looked through; a large one gets an index.
class Keys {
public:
    explicit Keys(std::vector<Node::Entry>& entries) : entries_(entries) {}

    [[nodiscard]] Node::Entry* find(std::string_view key) {
        if (entries_.size() <= few) {
            for (auto& entry : entries_)
                if (entry.key == key) return &entry;
            return nullptr;
        }
        if (index_.empty())
            for (std::size_t at = 0; at < entries_.size(); ++at) index_.emplace(entries_[at].key, at);
        const auto found = index_.find(std::string(key));
        return found == index_.end() ? nullptr : &entries_[found->second];
    }

    void add(Node::Entry entry) {
        if (!index_.empty()) index_.emplace(entry.key, entries_.size());
        entries_.push_back(std::move(entry));
    }

private:
    static constexpr std::size_t few = 16;
    std::vector<Node::Entry>& entries_;
    std::unordered_map<std::string, std::size_t> index_;
};

// An alias of a long text is more than one node, or memory would not be bounded.
constexpr std::size_t text_of_a_node = 64;

struct Anchored {
    Node node;
    std::size_t nodes;  // How many it is, with all below it.
    unsigned height;
};

unsigned height_of(const Node& node) {
    unsigned below = 0;
    for (const auto& entry : node.map) below = std::max(below, height_of(entry.value) + 1);
    for (const auto& item : node.list) below = std::max(below, height_of(item) + 1);
    return below;
}

class Composer {
public:
    Composer(Events& events, const Options& options) : events_(events), options_(options) {}

    // The next one, where the events are of several; each has anchors of its own.
    Result<Node> document() {
        anchors_.clear();
        Event event;
        MULLION_TRY(events_.next(event));
        if (event.kind == Event::Kind::end) {
            Node nothing;
            nothing.plain = true;
            return nothing;
        }
        MULLION_ASSIGN(Node root, node(event, 0));
        MULLION_TRY(events_.next(event));  // The end, or a second document: an error already.
        return root;
    }

private:
    Result<Node> node(const Event& event, unsigned depth) {
        if (depth > options_.limits.depth) return fault(options_, event.line, "nested too deep");
        if (event.kind == Event::Kind::alias) return alias(event, depth);
        const std::size_t before = nodes_;
        MULLION_TRY(count(1 + event.text.size() / text_of_a_node, event.line));
        if (!event.anchor.empty() && !options_.anchors) return refused(event.line);
        if (!event.tag.empty() && !options_.tags) return refused(event.line);
        const std::string anchor(event.anchor);
        Node out;
        out.line = event.line;
        out.tag = event.tag;
        switch (event.kind) {
            case Event::Kind::scalar:
                out.scalar = event.text;
                out.plain = event.plain;
                break;
            case Event::Kind::map_start: {
                MULLION_TRY(map(out, depth));
                break;
            }
            case Event::Kind::list_start: {
                MULLION_TRY(list(out, depth));
                break;
            }
            default:
                return fault(options_, event.line, "a value is missing");
        }
        if (!anchor.empty()) {
            const std::size_t size = nodes_ - before;
            MULLION_TRY(count(size, out.line));  // The copy that is kept.
            anchors_[anchor] = {out, size, height_of(out)};
        }
        return out;
    }

    Error refused(unsigned line) const { return fault(options_, line, "anchors and tags are not taken"); }

    Result<void> count(std::size_t nodes, unsigned line) {
        nodes_ += nodes;
        if (nodes_ > options_.limits.nodes) return fault(options_, line, "too many values");
        return {};
    }

    Result<Node> alias(const Event& event, unsigned depth) {
        if (!options_.anchors) return fault(options_, event.line, "aliases are not taken");
        const auto found = anchors_.find(std::string(event.text));
        if (found == anchors_.end())
            return fault(options_, event.line, fmt::format("no anchor &{} before this alias", event.text));
        if (depth + found->second.height > options_.limits.depth)
            return fault(options_, event.line, "nested too deep");
        MULLION_TRY(count(found->second.nodes, event.line));
        return found->second.node;
    }

    Result<void> map(Node& out, unsigned depth) {
        out.kind = Node::Kind::map;
        std::vector<Node::Entry> merged, own;
        Keys merged_keys(merged), own_keys(own);
        while (true) {
            Event event;
            MULLION_TRY(events_.next(event));
            if (event.kind == Event::Kind::map_end) break;
            MULLION_ASSIGN(Node key, node(event, depth + 1));
            if (key.kind != Node::Kind::scalar) return fault(options_, event.line, "a key must be a word");
            const unsigned line = event.line;
            MULLION_TRY(events_.next(event));
            MULLION_ASSIGN(Node value, node(event, depth + 1));
            if (options_.anchors && key.plain && key.scalar == "<<") {
                MULLION_TRY(merge(merged_keys, std::move(value)));
                continue;
            }
            Node::Entry entry{std::move(key.scalar), line, key.plain, std::move(value)};
            MULLION_TRY(add(own_keys, std::move(entry)));
        }
        // What the map says itself wins, in the place that the merged one had.
        if (merged.empty()) {
            out.map = std::move(own);
            return {};
        }
        for (auto& entry : own) put(merged_keys, std::move(entry));
        out.map = std::move(merged);
        return {};
    }

    Result<void> add(Keys& keys, Node::Entry entry) {
        Node::Entry* const known = keys.find(entry.key);
        // 1 and "1" are two keys in Python; here they are one name.
        if (known == nullptr) {
            keys.add(std::move(entry));
            return {};
        }
        if (!options_.twice) return fault(options_, entry.line, fmt::format("{} is given twice", entry.key));
        options_.twice(entry.line, entry.key);
        *known = std::move(entry);
        return {};
    }

    static void put(Keys& keys, Node::Entry entry) {
        if (Node::Entry* const known = keys.find(entry.key)) {
            *known = std::move(entry);
        } else {
            keys.add(std::move(entry));
        }
    }

    // A map, or a list of maps of which the first wins.
    Result<void> merge(Keys& into, Node value) {
        const unsigned line = value.line;
        if (value.kind == Node::Kind::scalar)
            return fault(options_, line, "<< wants a map, or a list of maps");
        if (value.kind == Node::Kind::map) {
            for (auto& entry : value.map) put(into, std::move(entry));
            return {};
        }
        for (auto part = value.list.rbegin(); part != value.list.rend(); ++part) {
            if (part->kind != Node::Kind::map)
                return fault(options_, line, "<< wants a map, or a list of maps");
            for (auto& entry : part->map) put(into, std::move(entry));
        }
        return {};
    }

    Result<void> list(Node& out, unsigned depth) {
        out.kind = Node::Kind::list;
        while (true) {
            Event event;
            MULLION_TRY(events_.next(event));
            if (event.kind == Event::Kind::list_end) return {};
            MULLION_ASSIGN(Node item, node(event, depth + 1));
            out.list.push_back(std::move(item));
        }
    }

    Events& events_;
    const Options& options_;
    std::size_t nodes_ = 0;
    std::map<std::string, Anchored> anchors_;
};

}  // namespace

Result<Node> read(std::string_view text, const Limits& limits) {
    Options options;
    options.limits = limits;
    return read(text, options);
}

Result<Node> read(std::string_view text, const Options& options) {
    MULLION_ASSIGN(const auto events, library_events(text, options));
    return compose(*events, options);
}

Result<Node> compose(Events& events, const Options& options) {
    return Composer(events, options).document();
}

Result<std::vector<Node>> read_documents(std::string_view text, const Options& options) {
    MULLION_ASSIGN(const auto events, library_documents(text, options));
    Composer composer(*events, options);
    std::vector<Node> all;
    while (true) {
        MULLION_ASSIGN(const bool more, events->begin());
        if (!more) return all;
        MULLION_ASSIGN(Node root, composer.document());
        all.push_back(std::move(root));
    }
}

}  // namespace mullion::yaml
