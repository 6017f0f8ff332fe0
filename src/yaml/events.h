// YAML as a sequence of events, for readers that need no tree of the whole: a scalar here, a map begins
// there.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "yaml/yaml.h"

namespace mullion::yaml {

struct Event {
    enum class Kind { scalar, alias, map_start, map_end, list_start, list_end, end };

    Kind kind = Kind::end;
    bool plain = false;     // Of a scalar: without quotes or tag.
    unsigned line = 1;      // Where it begins, counted from 1.
    std::string_view text;  // Of a scalar; of an alias its name. Views are valid until the next call.
    std::string_view tag;
    std::string_view anchor;
};

// One document. After its last event comes `end`, as often as one asks.
class Events {
public:
    virtual ~Events() = default;
    [[nodiscard]] virtual Result<void> next(Event& event) = 0;
};

// As the YAML library reads it: aliases, merge keys and keys given twice are not looked at. Limits::bytes is
// checked, depth and nodes are the caller's. `text` and `options` outlive it.
[[nodiscard]] Result<std::unique_ptr<Events>> library_events(std::string_view text, const Options& options);

// The tree that the events make. Errors: options.error
[[nodiscard]] Result<Node> compose(Events& events, const Options& options);

// A tree that was read, as events. `root` outlives it.
[[nodiscard]] std::unique_ptr<Events> tree_events(const Node& root);

// The error of `options` at a line.
[[nodiscard]] Error fault(const Options& options, std::size_t line, std::string_view what);

}  // namespace mullion::yaml
