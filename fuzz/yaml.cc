// YAML: whatever the bytes, an error with a line or a tree within its limits, and the stream says what the
// tree says.
#include <algorithm>
#include <string_view>

#include "check.h"
#include "yaml/documents.h"
#include "yaml/stream_events.h"

using namespace mullion::yaml;

namespace {

unsigned height(const Node& node) {
    unsigned below = 0;
    for (const auto& entry : node.map) below = std::max(below, 1 + height(entry.value));
    for (const auto& item : node.list) below = std::max(below, 1 + height(item));
    return below;
}

// The second value of a key may stand anywhere behind the first.
bool needs_tree(std::string_view text, const Options& options) {
    StreamEvents stream(std::move(library_events(text, options).value()), options);
    Event event;
    do {
        if (!stream.next(event).ok()) return stream.needs_tree();
    } while (event.kind != Event::Kind::end);
    return false;
}

void same_as_tree(std::string_view text, const Options& options, const mullion::Result<Node>& tree) {
    StreamEvents stream(std::move(library_events(text, options).value()), options);
    const auto events = tree.ok() ? tree_events(*tree) : nullptr;
    while (true) {
        Event a, b;
        const auto read = stream.next(a);
        if (!read.ok()) {
            FUZZ_CHECK(!tree.ok());
            return;
        }
        if (events == nullptr) {
            FUZZ_CHECK(a.kind != Event::Kind::end);
            continue;
        }
        FUZZ_CHECK(events->next(b).ok());
        // An empty document is a null to the tree.
        if (a.kind == Event::Kind::end && b.kind == Event::Kind::scalar) return;
        FUZZ_CHECK(a.kind == b.kind && a.text == b.text && a.plain == b.plain && a.tag == b.tag);
        if (a.kind == Event::Kind::end) return;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    // One document alone reads as it does among several.
    const auto one = read(text);
    const auto all = read_documents(text, {});
    if (all.ok() && all->size() <= 1) FUZZ_CHECK(one.ok());
    if (!all.ok() && text.size() <= Limits().bytes) FUZZ_CHECK(all.error().detail.starts_with("line "));
    if (one.ok()) FUZZ_CHECK(all.ok() && all->size() <= 1);
    Options options;
    options.limits = {64 * 1024, 24, 20'000};
    options.anchors = options.tags = true;
    options.twice = [](unsigned, std::string_view) {};
    const auto tree = read(text, options);
    if (size > options.limits.bytes) return 0;
    if (tree.ok()) {
        FUZZ_CHECK(height(*tree) <= options.limits.depth);
    } else {
        FUZZ_CHECK(tree.error().detail.starts_with("line "));
    }
    if (text.size() <= options.limits.bytes && !needs_tree(text, options)) same_as_tree(text, options, tree);
    return 0;
}
