// One document by both readers: they have to see the same, or refuse it with the same words. For tests and
// the fuzz target.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "xml/document.h"
#include "xml/pull_reader.h"
#include "xml/writer.h"

namespace mullion::xml::both {

// What the events say, beside the tree; and written again with the names and values that they have.
class Beside {
public:
    // With `leaves`, elements that hold one text are read as such.
    Beside(const Element& root, bool leaves) : next_(root), leaves_(leaves) {}

    // Nothing when both agree, else where they part.
    std::string walk(PullReader& reader) {
        using Event = PullReader::Event;
        for (auto event = reader.next(); event != Event::finished; event = reader.next()) {
            if (event == Event::failed) return "refused: " + reader.error().detail;
            const auto what = event == Event::start ? start(reader)
                              : event == Event::end ? end()
                                                    : text(reader);
            if (!what.empty()) return what;
            if (const auto leaf = event == Event::start && leaves_ ? reader.leaf() : std::nullopt) {
                add(*leaf);
                if (auto wrong = end(); !wrong.empty()) return wrong;
            }
            if (reader.depth() != open_.size()) return "depth";
        }
        return open_.empty() && !next_ ? "" : "the events end before the tree";
    }

    std::string written() { return out_.take(); }

private:
    struct Open {
        Element element;
        std::string text;
        Element next_child;
    };

    std::string start(const PullReader& reader) {
        const auto element = open_.empty() ? next_ : open_.back().next_child;
        if (!element || !element.is(reader.space(), reader.local()) ||
            !reader.is(element.space(), element.local()))
            return "an element of another name";
        out_.open(reader.name());
        for (const auto& attribute : reader.attributes()) {
            out_.attribute(attribute.name, attribute.value);
            const bool declares = declared_prefix(attribute.name).has_value();
            const auto theirs = element.attribute(attribute.space, attribute.local);
            if (declares ? theirs.has_value() : theirs != std::string(attribute.value))
                return "another attribute";
            if (reader.attribute(attribute.space, attribute.local) !=
                (declares ? std::nullopt : std::optional(attribute.value)))
                return "an attribute that is not found again";
        }
        for (const std::string_view prefix : {"", "a", "p", "s", "xml", "xmlns"}) {
            const auto ours = reader.namespace_of(prefix);
            const auto theirs = element.namespace_of(prefix);
            if (ours.has_value() != theirs.has_value() || (ours && *ours != *theirs))
                return "another namespace";
        }
        if (open_.empty())
            next_ = {};
        else
            open_.back().next_child = element.next();
        open_.push_back({element, {}, element.first()});
        return {};
    }

    std::string text(PullReader& reader) {
        add(reader.text());
        return {};
    }

    void add(std::string_view text) {
        open_.back().text += text;
        out_.text(text);
    }

    std::string end() {
        const auto done = std::move(open_.back());
        open_.pop_back();
        if (done.next_child) return "an element is missing";
        if (done.text != done.element.text()) return "another text";
        if (!open_.empty()) open_.back().text += done.text;
        out_.close();
        return {};
    }

    Element next_;
    bool leaves_;
    std::vector<Open> open_;
    Writer out_;
};

// How the events of a document that the tree refuses end: with its words, and for good.
inline std::string refusal(PullReader& reader, const Error& tree, bool leaves) {
    using Event = PullReader::Event;
    for (;;) {
        const auto event = reader.next();
        if (event == Event::start && leaves) (void)reader.leaf();
        if (event == Event::finished) return "the tree refuses: " + tree.detail;
        if (event != Event::failed) continue;
        if (reader.next() != Event::failed || reader.leaf()) return "goes on after a failure";
        const auto& ours = reader.error().detail;
        return ours == tree.detail ? "" : "refused in other words: " + ours;
    }
}

inline std::string difference(const std::string& bytes, const Limits& limits, bool leaves) {
    const auto document = Document::parse(bytes, limits);
    auto reader = PullReader::of(bytes, limits);
    if (!reader) {
        if (document) return "refused: " + reader.error().detail;
        const auto& ours = reader.error().detail;
        return ours == document.error().detail ? "" : "refused in other words: " + ours;
    }
    if (!document) return refusal(*reader, document.error(), leaves);
    Beside both(document->root(), leaves);
    if (auto where = both.walk(*reader); !where.empty()) return where;
    const auto again = Document::parse(both.written(), {.bytes = 64 * 1024 * 1024});
    if (!again) return "what it saw is no document: " + again.error().detail;
    return canonical(again->root()) == canonical(document->root()) ? "" : "another document";
}

// Nothing when both readers agree.
inline std::string difference(const std::string& bytes, const Limits& limits = {}) {
    auto found = difference(bytes, limits, false);
    return found.empty() ? difference(bytes, limits, true) : found;
}

// Every element taken out of the events is the tree's.
inline std::string difference_of_parts(const std::string& bytes, const Element& root,
                                       const Limits& limits = {}) {
    std::vector<Element> all{root};
    for (std::size_t i = 0; i < all.size() && i < 64; ++i) {
        const auto children = all[i].children();
        all.insert(all.begin() + static_cast<std::ptrdiff_t>(i) + 1, children.begin(), children.end());
    }
    for (std::size_t wanted = 0; wanted < all.size() && wanted < 32; ++wanted) {
        auto reader = PullReader::of(bytes, limits);
        std::size_t number = 0;
        for (;;) {
            const auto event = reader->next();
            if (event == PullReader::Event::failed) return reader->error().detail;
            if (event == PullReader::Event::start && number++ == wanted) break;
        }
        const auto mark = reader->mark();
        if (wanted % 2 != 0) (void)reader->next();
        const auto part = reader->take(mark);
        if (!part) return "a part is refused: " + part.error().detail;
        if (reader->depth() + 1 != mark.depth) return "the part's end is not where it should be";
        if (canonical(*part) != canonical(all[wanted]) || part->to_xml() != all[wanted].to_xml())
            return "another part";
    }
    return {};
}

}  // namespace mullion::xml::both
