#include <utility>

#include "yaml/events.h"

namespace mullion::yaml {
namespace {

class TreeEvents : public Events {
public:
    explicit TreeEvents(const Node& root) : root_(&root) {}

    Result<void> next(Event& event) override {
        event = Event();
        if (root_ != nullptr) {
            begin(event, *std::exchange(root_, nullptr));
        } else if (!open_.empty()) {
            Open& open = open_.back();
            if (open.node->kind == Node::Kind::map) {
                next_of_map(event, open);
            } else {
                next_of_list(event, open);
            }
        }
        return {};
    }

private:
    struct Open {
        const Node* node;
        std::size_t at = 0;
        bool key_told = false;
    };

    void begin(Event& event, const Node& node) {
        event.line = node.line;
        event.tag = node.tag;
        switch (node.kind) {
            case Node::Kind::scalar:
                event.kind = Event::Kind::scalar;
                event.text = node.scalar;
                event.plain = node.plain;
                return;
            case Node::Kind::map:
                event.kind = Event::Kind::map_start;
                break;
            case Node::Kind::list:
                event.kind = Event::Kind::list_start;
                break;
        }
        open_.push_back({&node});
    }

    void next_of_map(Event& event, Open& open) {
        if (open.at == open.node->map.size()) {
            event.kind = Event::Kind::map_end;
            open_.pop_back();
            return;
        }
        const auto& entry = open.node->map[open.at];
        if (open.key_told) {
            open.key_told = false;
            ++open.at;
            begin(event, entry.value);
            return;
        }
        open.key_told = true;
        event.kind = Event::Kind::scalar;
        event.text = entry.key;
        event.line = entry.line;
        event.plain = entry.plain;
    }

    void next_of_list(Event& event, Open& open) {
        if (open.at == open.node->list.size()) {
            event.kind = Event::Kind::list_end;
            open_.pop_back();
            return;
        }
        begin(event, open.node->list[open.at++]);
    }

    const Node* root_;
    std::vector<Open> open_;
};

}  // namespace

std::unique_ptr<Events> tree_events(const Node& root) {
    return std::make_unique<TreeEvents>(root);
}

}  // namespace mullion::yaml
