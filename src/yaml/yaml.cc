#include "yaml/yaml.h"

#include <yaml.h>

#include <algorithm>
#include <memory>
#include <optional>

#include <fmt/core.h>

namespace mullion::yaml {
namespace {

Error at_line(std::size_t line, std::string_view what) {
    return {ErrorId::config_invalid, fmt::format("line {}: {}", line, what)};
}

std::string text_of(const yaml_char_t* text, std::size_t length) {
    return {reinterpret_cast<const char*>(text), length};
}

// One event, freed with its owner.
class Event {
public:
    Event() = default;
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;
    ~Event() { yaml_event_delete(&event_); }
    yaml_event_t* get() { return &event_; }
    yaml_event_t* operator->() { return &event_; }
    [[nodiscard]] unsigned line() const { return static_cast<unsigned>(event_.start_mark.line + 1); }

private:
    yaml_event_t event_{};
};

class Reader {
public:
    Reader(std::string_view text, const Limits& limits) : limits_(limits) {
        ready_ = yaml_parser_initialize(&parser_) == 1;
        if (!ready_) return;
        yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                     text.size());
        yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader() {
        if (ready_) yaml_parser_delete(&parser_);
    }

    Result<Node> document() {
        if (!ready_) return Error{ErrorId::config_invalid, "no memory for the YAML reader"};
        MULLION_TRY(skip(YAML_STREAM_START_EVENT));
        Event start;
        MULLION_TRY(next(start));
        if (start->type == YAML_STREAM_END_EVENT) {
            Node nothing;
            nothing.plain = true;
            return nothing;
        }
        Event first;
        MULLION_TRY(next(first));
        MULLION_ASSIGN(Node root, node(first, 0));
        MULLION_TRY(skip(YAML_DOCUMENT_END_EVENT));
        Event end;
        MULLION_TRY(next(end));
        if (end->type != YAML_STREAM_END_EVENT) return at_line(end.line(), "a second document is not taken");
        return root;
    }

private:
    Result<void> next(Event& event) {
        if (yaml_parser_parse(&parser_, event.get()) == 1) return {};
        const auto* problem = parser_.problem ? parser_.problem : "not YAML";
        const auto line = std::max(parser_.problem_mark.line, parser_.mark.line);
        return at_line(line + 1, problem);
    }

    Result<void> skip(yaml_event_type_t wanted) {
        Event event;
        MULLION_TRY(next(event));
        if (event->type != wanted) return at_line(event.line(), "not the YAML that was expected");
        return {};
    }

    Result<Node> node(Event& event, unsigned depth) {
        if (depth > limits_.depth) return at_line(event.line(), "nested too deep");
        if (++nodes_ > limits_.nodes) return at_line(event.line(), "too many values");
        Node out;
        out.line = event.line();
        switch (event->type) {
            case YAML_SCALAR_EVENT:
                return scalar(event, std::move(out));
            case YAML_MAPPING_START_EVENT:
                return map(event, std::move(out), depth);
            case YAML_SEQUENCE_START_EVENT:
                return list(event, std::move(out), depth);
            case YAML_ALIAS_EVENT:
                return at_line(event.line(), "aliases are not taken");
            default:
                return at_line(event.line(), "a value is missing");
        }
    }

    Result<Node> scalar(Event& event, Node out) {
        const auto& data = event->data.scalar;
        if (data.anchor || data.tag) return at_line(out.line, "anchors and tags are not taken");
        out.scalar = text_of(data.value, data.length);
        out.plain = data.style == YAML_PLAIN_SCALAR_STYLE;
        return out;
    }

    Result<Node> map(Event& start, Node out, unsigned depth) {
        if (start->data.mapping_start.anchor || start->data.mapping_start.tag)
            return at_line(out.line, "anchors and tags are not taken");
        out.kind = Node::Kind::map;
        while (true) {
            Event event;
            MULLION_TRY(next(event));
            if (event->type == YAML_MAPPING_END_EVENT) return out;
            if (event->type != YAML_SCALAR_EVENT) return at_line(event.line(), "a key must be a word");
            MULLION_ASSIGN(Node key, node(event, depth + 1));
            const auto twice = [&](const auto& entry) { return entry.key == key.scalar; };
            if (std::any_of(out.map.begin(), out.map.end(), twice))
                return at_line(key.line, fmt::format("{} is given twice", key.scalar));
            Event begin;
            MULLION_TRY(next(begin));
            MULLION_ASSIGN(Node value, node(begin, depth + 1));
            out.map.push_back({std::move(key.scalar), key.line, std::move(value)});
            if (out.map.size() > max_keys) return at_line(key.line, "too many keys");
        }
    }

    Result<Node> list(Event& start, Node out, unsigned depth) {
        if (start->data.sequence_start.anchor || start->data.sequence_start.tag)
            return at_line(out.line, "anchors and tags are not taken");
        out.kind = Node::Kind::list;
        while (true) {
            Event event;
            MULLION_TRY(next(event));
            if (event->type == YAML_SEQUENCE_END_EVENT) return out;
            MULLION_ASSIGN(Node item, node(event, depth + 1));
            out.list.push_back(std::move(item));
        }
    }

    static constexpr std::size_t max_keys = 500;  // Looking for a key given twice is quadratic.

    Limits limits_;
    std::size_t nodes_ = 0;
    bool ready_ = false;
    yaml_parser_t parser_{};
};

}  // namespace

Result<Node> read(std::string_view text, const Limits& limits) {
    if (text.size() > limits.bytes)
        return Error{ErrorId::config_invalid, fmt::format("over {} bytes", limits.bytes)};
    return Reader(text, limits).document();
}

}  // namespace mullion::yaml
